"""Whose tools firms use most: the language of the look-up."""

from __future__ import annotations

from types import ModuleType

from tools.spec import ToolSpec
from tools.tool_vendors import arguments as read


def _compute() -> ModuleType:
    from tools.tool_vendors import compute

    return compute


SPEC = ToolSpec(
    name="tool_vendors",
    title="工具用量",
    about="查各类数字化工具受访企业用得最多的厂家",
    when="查各类数字化工具（ERP、MES、CRM、CAD等29类）受访企业用得最多的厂家。只是用量排名，不是推荐。",
    own=False,
    order=90,
    examples=("ERP大家用哪家的多",),
    sample={"工具": "MES"},
    free=("工具",),
    finds=read.finds,
    compute=_compute,
    arguments=read.arguments,
)
