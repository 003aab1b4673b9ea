"""What a sector's firms do at each level: the language of the look-up."""

from __future__ import annotations

from types import ModuleType

from tools.sector_path import arguments as read
from tools.spec import ToolSpec


def _compute() -> ModuleType:
    from tools.sector_path import compute

    return compute


SPEC = ToolSpec(
    name="sector_path",
    title="行业分级路径",
    about="查汽车、医药、通用设备三个行业在研发、生产、采购、营销、服务各环节一到四级要做到什么",
    when="查汽车、医药、通用设备三个行业在研发、生产、采购、营销、服务各环节一到四级要做到什么。问“某行业某环节几级要做到啥”时用。",
    own=False,
    order=60,
    examples=("汽车零部件，生产环节三级要做到啥",),
    sample={"行业": "装备制造"},
    free=("行业", "环节", "等级"),
    finds=read.finds,
    compute=_compute,
    arguments=read.arguments,
)
