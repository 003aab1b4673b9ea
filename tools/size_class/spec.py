"""The class of a firm's size: its language."""

from __future__ import annotations

from types import ModuleType

from tools.size_class import arguments as read
from tools.spec import ToolSpec, Wording


def _compute() -> ModuleType:
    from tools.size_class import compute

    return compute


SPEC = ToolSpec(
    name="size_class",
    title="企业划型",
    about="算自己的企业是大型、中型、小型还是微型",
    when="按2017年划型标准判断企业是大型、中型、小型还是微型，说明卡在哪项、离上一档差多少。企业给出人数、营收时用。",
    own=True,
    order=20,
    say="我们厂算中型还是小型",
    examples=("我厂280人，去年1.9个亿，算中型吗", "我们算中型还是小型", "开超市的，15个人，营业额200万，算小微不"),
    called=("划型", "企业划型"),
    sample={"行业": "注塑", "从业人员": 280, "营业收入万元": 19000},
    words={
        "范围": Wording("人数和金额的上下限", "人数和金额最少多少，最多多少？"),
        "各家": Wording("各家企业的情况", "每家各做哪一行、多少人、去年营业收入多少？"),
    },
    free=("行业",),
    lone_sum=("营业收入万元",),
    needs=("employees", "revenue_wan"),
    source="size_classes_2017",
    of_figures=True,
    facts=read.facts,
    read_back=read.read_back,
    compute=_compute,
    arguments=read.arguments,
)
