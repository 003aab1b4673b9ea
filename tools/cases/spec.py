"""The enterprise cases: the language of the look-up."""

from __future__ import annotations

from types import ModuleType

from tools.cases import arguments as read
from tools.spec import ToolSpec, Wording


def _compute() -> ModuleType:
    from tools.cases import compute

    return compute


SPEC = ToolSpec(
    name="cases",
    title="同行案例",
    about="找同行做过的案例",
    when="按行业、场景、工具、地区查真实企业的数字化案例，说明接近程度。问“有没有同行做过”“谁用过PDM”时用。",
    own=False,
    order=80,
    examples=("同行有没有做过排产的例子",),
    sample={"行业": "汽车零部件"},
    words={"场景": Wording("想解决什么事", "想解决什么事：排产、质检、仓库还是能耗？")},
    free=("行业", "场景", "工具", "地区"),
    alone_with=("行业",),
    finds=read.finds,
    compute=_compute,
    arguments=read.arguments,
)
