"""Which scenarios suit a firm: the language of the look-up."""

from __future__ import annotations

from types import ModuleType

from tools.scenarios import arguments as read
from tools.spec import ToolSpec


def _compute() -> ModuleType:
    from tools.scenarios import compute

    return compute


SPEC = ToolSpec(
    name="scenarios",
    title="适合的场景",
    about="列自己那个行业能做的数字化场景",
    when="按行业、环节、人数从42个数字化场景里挑合适的，带同行案例。问“适合做哪些数字化”“有什么场景”时用。",
    own=False,
    order=70,
    examples=("做注塑的适合做哪些数字化",),
    sample={"行业": "注塑"},
    free=("行业", "环节"),
    of_figures=True,
    finds=read.finds,
    compute=_compute,
    arguments=read.arguments,
)
