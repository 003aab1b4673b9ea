"""The comparison with peers: its language."""

from __future__ import annotations

from types import ModuleType

from tools.benchmark import arguments as read
from tools.spec import ToolSpec, Wording


def _compute() -> ModuleType:
    from tools.benchmark import compute

    return compute


SPEC = ToolSpec(
    name="benchmark",
    title="同行对照",
    about="拿自己的投入或等级跟同行比",
    when="拿企业的数字化投入、占营业收入的比重、等级、阶段等和问卷里的同行比。问“花多少算正常”“我们在同行里什么位置”时用。",
    own=True,
    order=50,
    say="我们厂投得比同行多还是少",
    examples=(
        "我们一年花30万在信息化上，在同行里算多吗",
        "营收五千万，数字化投了八十万，花多了没",
        "我们二级，在同行里什么位置",
    ),
    called=("同行对比", "同行对照"),
    sample={"行业": "注塑", "营业收入万元": 5000, "投入万元": 40},
    words={"指标": Wording("想比什么", "想比什么：投入、占比，还是等级？")},
    free=("指标", "行业"),
    lone_sum=("投入万元",),
    needs=("revenue_wan", "level"),
    of_figures=True,
    facts=read.facts,
    compute=_compute,
    arguments=read.arguments,
    once=read.once,
)
