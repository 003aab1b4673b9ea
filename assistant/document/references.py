"""What clauses that name others by their numbers mean: 第一项、第四项：10月8日至12月8日 is of the things that these two are called."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from core.dates import CHINESE_DIGITS, small_number
from core.types import Passage

_NUMBER = rf"(?:\d{{1,3}}|[{CHINESE_DIGITS}十百]{{1,4}})"
_SORT = "[项条类]"
_DEFINED = re.compile(
    rf"[（(【]?第({_NUMBER})({_SORT})(?:[）)】：:\s　]+|(?=[（(]))[（(]?([^（()）【】，,。；;：:\s　]{{2,20}})"
)
"""第三条（留工补贴）, （第一项）国际认证补助, 第二类：软件."""
_HEADING = re.compile(rf"[（(]({_NUMBER})[）)]\s*([^，,。；;：:]{{2,20}})[。：:]?$")
_NAMED = re.compile(rf"第({_NUMBER}(?:[、，和及与至到—~-]第?{_SORT}?第?{_NUMBER})*)({_SORT})")
_ONE = re.compile(rf"([至到—~-])?第?({_NUMBER})")
MOST = 12
"""So many numbers one reference names at most."""

Names = Mapping[tuple[int, str], str]
"""(number, 项 条 类) → what it is called."""


def names_of(passages: Sequence[Passage]) -> Names:
    """What the numbered items, articles and classes of a document are called, as far as it says so."""
    found: dict[tuple[int, str], str] = {}
    for passage in passages:
        for line in (*passage.section, *passage.text.split("\n")):
            if (told := _DEFINED.match(line.strip())) and not _NAMED.match(told[3]):
                found.setdefault((small_number(told[1]) or 0, told[2]), told[3])
    headings = dict.fromkeys(name.strip() for passage in passages for name in passage.section)
    for number, name in _first_list(headings):
        found.setdefault((number, "项"), name)
    return found


def _first_list(headings: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The headings （一） （二） … up to where they begin anew."""
    listed = [(small_number(told[1]) or 0, told[2]) for name in headings if (told := _HEADING.match(name))]
    if listed and listed[0][0] == 1:
        yield listed[0]
        for before, item in pairwise(listed):
            if item[0] != before[0] + 1:
                return
            yield item


def named_in(text: str, names: Names) -> str:
    """What the things that a clause names by number are called, in their order; empty where it names none that has a name."""
    out = list[str]()
    for told in _NAMED.finditer(text):
        for number in _numbers(told[1]):
            name = names.get((number, told[2]), "")
            if name and name not in text and name not in out:
                out.append(name)
    return "、".join(out)


def _numbers(told: str) -> list[int]:
    """一、二和四 → 1, 2, 4; 二至四 → 2, 3, 4."""
    out = list[int]()
    for found in _ONE.finditer(told):
        number = small_number(found[2]) or 0
        first = out[-1] + 1 if found[1] and out and number - out[-1] <= MOST else number
        out += range(first, number + 1)
    return out[:MOST]
