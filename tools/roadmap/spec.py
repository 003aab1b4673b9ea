"""The plan of a transformation: its language."""

from __future__ import annotations

from types import ModuleType

from tools.roadmap import arguments as read
from tools.spec import ToolSpec, Wording


def _compute() -> ModuleType:
    from tools.roadmap import compute

    return compute


SPEC = ToolSpec(
    name="roadmap",
    title="数字化转型路线图",
    about="给自己的企业排先做什么、后做什么的计划",
    when="给一家企业排数字化转型的先后步骤：走哪条路、先上什么后上什么、时间、预算、指标、风险、补贴。问“给个路线图、先上什么、排个计划”时用。",
    own=True,
    order=40,
    say="给我们厂排个转型路线图",
    examples=("我们做注塑，60人，给个路线图", "做阀门的，预算100万，两年怎么排", "先上ERP还是先上MES，给我们排个次序"),
    button="排转型路线图",
    called=("路线图", "排路线图", "出路线图", "给我路线图", "给我一个路线图", "给我一份路线图", "给我个路线图"),
    sample={"行业": "汽车零部件", "从业人员": 280, "当前等级": 2, "预算万元": 300, "地区": "苏州"},
    words={
        "周期年": Wording("想几年做完", "想几年做完？"),
        "动因": Wording(
            "为什么想转",
            "为什么想转：客户要求、降本，还是缺订单？",
            choices=tuple((word, word) for word in ("客户要求", "降本", "缺订单")),
        ),
        "问花费": Wording("要不要说花多少", "要不要说花多少？"),
    },
    free=("行业", "痛点", "动因", "产品复杂度", "地区"),
    lone_sum=("预算万元",),
    of_figures=True,
    of_places="one",
    reported=True,
    charted=True,
    compute=_compute,
    arguments=read.arguments,
)
