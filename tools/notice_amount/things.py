"""The things that a refusing clause names, and whether what the question names is one of them."""

from __future__ import annotations

import re

from core.text import bare
from tools.notice_amount.likeness import content, objects, with_aliases
from tools.notice_amount.vocabulary import any_of

_SHORTEST = 2
_BROAD = frozenset({"设备", "软件"})


def things(words: str) -> list[str]:
    """The things that a refusing clause names, one by one."""
    text = any_of("refuses").sub("，", words)
    return [
        thing
        for thing in (part.strip("：:；; 。的") for part in re.split(r"[、，,：:；;]|以及|或者|[和及与或]|等", text))
        if len(thing) > 1
    ]


def same(told: str, thing: str) -> bool:
    """Whether what the question names is one that a clause names: 维保费 and 售后维保费, 办公电脑 and 办公设备."""
    one, other = with_aliases(bare(told)), with_aliases(bare(thing))
    theirs, mine = _core(other), _core(one)
    if (len(theirs) >= _SHORTEST and theirs in one) or (len(mine) >= _SHORTEST and mine in other):
        return True
    if (objects(one) - _BROAD) & objects(other):
        return True
    return any(len(run) > _SHORTEST and run in other for run in content(one))


def _core(thing: str) -> str:
    return re.sub(
        r"(?:费用|支出|费|款|投入|部分|内容|的?销售|收入|建筑|改造)+$",
        "",
        re.sub(r"^(?:用于|购买|向|对|企业自有|自有|企业)+", "", thing),
    )
