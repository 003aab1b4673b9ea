"""The regions table: every province, prefecture and county of China, and the zones that people speak of.

Codes are those of GB/T 2260; a zone's is its parent's code with z and a number. Reading the table takes some 15 ms, once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Literal, NamedTuple

from core.errors import BadKnowledge
from corpus import spare
from corpus.cards import CORPUS
from corpus.tables import load_tables

Kind = Literal["province", "prefecture", "county", "zone"]
PATH = CORPUS / "data" / "regions.tsv"
MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})
ALONE, IN_CONTEXT, WITH_SUFFIX, WITH_PARENT = range(4)
"""How much a short name needs about it to be a place: nothing, a context, its suffix, or the place that it lies in."""


class Region(NamedTuple):
    """One row of the table. short: the name as people say it, empty where they say it whole; needs: ALONE to WITH_PARENT."""

    code: str
    name: str
    short: str
    kind: Kind
    needs: int = ALONE
    english: str = ""
    also: tuple[str, ...] = ()

    @property
    def spoken(self) -> str:
        """The name in a sentence: 佛山, 赵县, 苏州工业园区."""
        return self.short or self.name


@cache
def regions() -> Mapping[str, Region]:
    """Every region by its code. BadKnowledge names the line that cannot be read."""
    found = {
        row.code: Region(row.code, row.full, row.province, "province", ALONE, row.english, row.also)
        for row in load_tables().provinces
    }
    return found | spare.read(PATH, read)


def read(path: Path) -> dict[str, Region]:
    """The regions of one file by their codes. BadKnowledge names the line that cannot be read."""
    found: dict[str, Region] = {}
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            if line.startswith("#"):
                continue
            cells = line.rstrip("\n").split("\t")
            if len(cells) < 4 or not cells[3].isdecimal():
                raise BadKnowledge(
                    f"regions.tsv 第 {number} 行不对。", "一行写：代码、全称、简称、弱、英文名、别名，用制表符隔开。"
                )
            code, name, short, needs, english, also = (*cells, "", "")[:6]
            found[code] = Region(code, name, short, _kind(code), int(needs), english, tuple(also.split()))
    provinces = {row.code for row in load_tables().provinces}
    for code in found:
        if f"{code[:2]}0000" not in provinces or (
            "z" in code and code.partition("z")[0] not in found.keys() | provinces
        ):
            raise BadKnowledge(f"regions.tsv 里的代码 {code} 不属于任何一个省、市、县。")
    return found


def _kind(code: str) -> Kind:
    return "zone" if "z" in code else "prefecture" if code.endswith("00") else "county"


def parent_of(region: Region) -> Region | None:
    """What a region lies in: a county in its prefecture, or in its province where that governs it directly."""
    code, known = region.code, regions()
    if region.kind == "province":
        return None
    if region.kind == "zone":
        return known[code.partition("z")[0]]
    return (known.get(f"{code[:4]}00") if region.kind == "county" else None) or known[f"{code[:2]}0000"]


def lineage(region: Region) -> Iterator[Region]:
    """A region, what it lies in, and so on up to its province."""
    at: Region | None = region
    while at:
        yield at
        at = parent_of(at)


def lies_in(inner: Region, outer: Region) -> bool:
    """Whether a region is another one or lies in it."""
    return any(each.code == outer.code for each in lineage(inner))


def names_of(region: Region) -> Iterable[str]:
    """Every way in which a region is written in Chinese: 延边朝鲜族自治州, 延边, 延边州."""
    yield region.name
    if region.short:
        yield region.short
        if "自治" in region.name and region.kind != "province":
            yield f"{region.short}{region.name[-1]}"
    yield from region.also


@cache
def by_name() -> Mapping[str, tuple[Region, ...]]:
    """The regions of each name, the larger ones first."""
    found: dict[str, list[Region]] = {}
    for region in sorted(regions().values(), key=_size):
        for name in dict.fromkeys(names_of(region)):
            found.setdefault(name, []).append(region)
    return {name: tuple(rows) for name, rows in found.items()}


@cache
def by_english() -> Mapping[str, tuple[Region, ...]]:
    """The regions of each English name, in lower case."""
    found: dict[str, list[Region]] = {}
    for region in sorted(regions().values(), key=_size):
        if region.english:
            found.setdefault(region.english.lower(), []).append(region)
    return {name: tuple(rows) for name, rows in found.items()}


def _size(region: Region) -> int:
    return ("province", "prefecture", "zone", "county").index(region.kind)
