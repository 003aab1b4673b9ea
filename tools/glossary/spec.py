"""Words of the field: the language of the look-up."""

from __future__ import annotations

from types import ModuleType

from tools.glossary import arguments as read
from tools.spec import ToolSpec, Wording


def _compute() -> ModuleType:
    from tools.glossary import compute

    return compute


SPEC = ToolSpec(
    name="glossary",
    title="名词解释",
    about="用大白话解释数字化名词和缩写（MES、SaaS、链主、小快轻准等约70个）",
    when="用大白话解释数字化名词和缩写（MES、SaaS、链主、小快轻准等约70个）。问“某某是什么意思”时用。",
    own=False,
    order=95,
    examples=("MES是什么",),
    sample={"术语": "MES"},
    words={"术语": Wording("想弄清哪个词", "想弄清哪个词？")},
    free=("术语",),
    finds=read.finds,
    compute=_compute,
    arguments=read.arguments,
)
