"""A table of a document made ready for reckoning: its rows without totals, what each column holds, what each row is called."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from core.dates import calendar_day, read_date
from core.figures import DATE, figures
from core.text import bare
from corpus.row_names import stem
from corpus.typed_tables import TypedTable

_TOTAL = re.compile(r"[（(]?\S{0,8}?(?:小\s*计|合\s*计|总\s*计|共\s*计|总\s*数|平\s*均值?)[)）]?[:：]?\S{0,6}")
_CODES = re.compile(r"序\s*号|编\s*号|代\s*码|电\s*话|手\s*机|信用|账\s*号|邮编|证号|单号|型号|No\b", re.I)
_NAMES = re.compile(r"名称|姓\s*名|企业|单位|公司|项目|设备|产品|品名|科目|课程|月份|客户|商户")
_ASIDE = re.compile(r"备\s*注|说明|进度|原因|内容|地址|描述|要求|日期|时间|电话")
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?")
_NO_AMOUNTS = frozenset({DATE, "月", "日", "号", "级", "期", "届", "文号", "编号"})
"""Units of figures that name something."""
_SHORT_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]?")
MOST_LOOKED = 400
"""So many rows tell what a column holds."""
NEARLY_ALL = 0.95
MOST_GROUPS = 0.7
"""A column with more different cells than this share of its rows groups nothing."""
FEW = 6
"""A column of so few different figures may name kinds: 2%, 1.5%."""


@dataclass(frozen=True)
class Amount:
    """A figure in its smallest unit (元, %, 人), and that unit; "" where it has none."""

    value: Decimal
    unit: str


class Table:
    """A table for reckoning. rows: without those that sum up others; totals: those. about: the title of its document."""

    def __init__(self, typed: TypedTable, about: str = "") -> None:
        self.typed = typed
        self.subject = f"{typed.title} {about}".strip()
        sums = [any(_TOTAL.fullmatch(cell) for cell in row[:4]) for row in typed.rows]
        self.rows = [row for row, one in zip(typed.rows, sums, strict=True) if not one]
        self.totals = [row for row, one in zip(typed.rows, sums, strict=True) if one]

    def title(self, at: int) -> str:
        """A column's name without its unit; 分组 for the one of the rows' groups."""
        parts = [re.sub(r"[（(][^（）()]*[)）]", "", part).strip() for part in self.typed.names[at].split("·")]
        told = [part for part in parts if part]
        if len(told) > 1 and (len(told[-1]) <= 2 or told[-1] in {"合计", "小计", "金额", "数量", "比例"}):
            return "".join(told[-2:])
        return told[-1] if told else "分组"

    @cached_property
    def numeric(self) -> list[int]:
        """The columns of figures that may be reckoned with; numbers that only name something are none."""
        return [
            at for at, name in enumerate(self.typed.names) if not _CODES.search(name) and self._holds(at, self.amount)
        ]

    @cached_property
    def dated(self) -> list[int]:
        """The columns of days."""
        return [
            at
            for at, name in enumerate(self.typed.names)
            if at not in self.numeric and not _CODES.search(name) and self._holds(at, self.day)
        ]

    def _holds(self, at: int, read: object) -> bool:
        told = [row[at] for row in self.rows[:MOST_LOOKED] if row[at]]
        if not told or (read == self.amount and all(map(_YEAR.fullmatch, told))):
            return False
        return sum(read(cell, at) is not None for cell in told) >= 0.6 * len(told)  # type: ignore[operator]

    def amount(self, cell: str, at: int) -> Amount | None:
        """A cell's figure; None where it says anything else."""
        cell = cell.partition("（批注：")[0]
        return amount_of(cell + ("" if cell[-1:].isalpha() or cell[-1:] in "%％‰" else self.typed.units[at]))

    def day(self, cell: str, at: int = 0) -> date | None:
        """A cell's day, the first of its month or year where it names no other; None where it says anything else."""
        if self.year and (short := _SHORT_DAY.fullmatch(cell)):
            return calendar_day(self.year, int(short[1]), int(short[2]))
        if not cell or len(cell) > 24 or not re.match(r"(?:19|20)\d{2}", cell):
            return None
        if found := read_date(cell):
            return found
        if year := _YEAR.fullmatch(cell):
            return date(int(year[0][:4]), 1, 1)
        if month := re.fullmatch(r"((?:19|20)\d{2})\s*[-./年]\s*(\d{1,2})\s*月?(?:[-./]\s*(\d{1,2}))?日?.*", cell):
            try:
                return date(int(month[1]), int(month[2]), int(month[3] or 1))
            except ValueError:
                return None
        return None

    @cached_property
    def year(self) -> int:
        """The year that the title tells; 0 where it tells none."""
        found = re.search(r"(?:19|20)\d{2}", self.subject)
        return int(found[0]) if found else 0

    @cached_property
    def texts(self) -> list[int]:
        """The columns of words."""
        return [at for at in range(len(self.typed.names)) if at not in self.numeric and at not in self.dated]

    @cached_property
    def name_column(self) -> int:
        """The column that calls the rows by their names: the first of words in which nearly all of them differ."""
        counts = {at: len({row[at] for row in self.rows if row[at]}) for at in self.texts}
        fit = [at for at in self.texts if self.typed.names[at] and not _ASIDE.search(self.typed.names[at])]
        fit = [at for at in fit if not re.search(r"序\s*号|^No\b", self.typed.names[at])] or fit or self.texts
        if not fit:
            return 0
        most = max(counts[at] for at in fit)
        near = [at for at in fit if counts[at] >= NEARLY_ALL * most]
        named = [at for at in near if _NAMES.search(self.typed.names[at]) and not _CODES.search(self.typed.names[at])]
        return (named or near)[0] if counts[(named or near)[0]] == most or named else near[0]

    def name(self, row: Sequence[str]) -> str:
        """What a row is called."""
        return row[self.name_column] or next((cell for cell in row if cell), "")

    @cached_property
    def own_parts(self) -> dict[str, tuple[int, int]]:
        """For each name of a row where in it, squeezed, stands what no other name shares from its beginning or its end."""
        cells = {row[self.name_column] for row in self.rows}
        names = sorted(bare(cell) for cell in cells)
        first, last = _shared(names), _shared(sorted(name[::-1] for name in names))
        return {cell: (first[name], len(name) - last[name[::-1]]) for cell in cells if (name := bare(cell))}

    @cached_property
    def distinct(self) -> list[dict[str, int]]:
        """Of each column its different cells that say something, with how many rows have them."""
        return [Counter(row[at] for row in self.rows if row[at]) for at in range(len(self.typed.names))]

    @cached_property
    def grouping(self) -> list[int]:
        """The columns whose cells recur, by which rows can be put together."""
        every = range(len(self.typed.names))
        return [
            at
            for at in every
            if at not in self.dated
            and self.typed.names[at]
            and (at not in self.numeric or len(self.distinct[at]) <= FEW)
            and 1 < len(self.distinct[at]) <= MOST_GROUPS * sum(self.distinct[at].values())
        ]

    @cached_property
    def firms(self) -> set[int]:
        """The columns most of whose words are firms."""
        kept = set[int]()
        for at in self.texts:
            told = [row[at] for row in self.rows[:MOST_LOOKED] if row[at]]
            if told and sum(bool(stem(cell)) for cell in told) * 2 > len(told):
                kept.add(at)
        return kept

    @cached_property
    def by(self) -> str:
        """How the rows are counted: 家 where they are firms, else 行."""
        return "家" if self.name_column in self.firms else "行"


def _shared(names: Sequence[str]) -> dict[str, int]:
    """For each of the sorted names how many characters it shares with another one from its beginning on."""
    kept = dict.fromkeys(names, 0)
    for one, other in pairwise(names):
        size = next(
            (at for at, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other))
        )
        kept[one], kept[other] = max(kept[one], size), max(kept[other], size)
    return kept


def amount_of(text: str) -> Amount | None:
    """A text that is one figure; None where it says more, or a date."""
    told = text.replace(",", "").replace("，", "").replace("＋", "+").strip().lstrip("+")
    if re.fullmatch(r"-?\d+(?:\.\d+)?", told):
        return Amount(Decimal(told), "")
    found = figures(told)
    if not found:
        return None
    first = found[0]
    rest = told[: first.start] + told[first.end :]
    if (
        len(found) > 1
        or len(first.keys) > 1
        or len(rest) > 2
        or re.search(r"[A-Za-z]", rest)
        or first.keys[0][1] in _NO_AMOUNTS
    ):
        return None
    try:
        return Amount(Decimal(first.keys[0][0]), first.keys[0][1])
    except ArithmeticError:
        return None


def likeness(asked: str, name: str) -> float:
    """How much of a column's name a squeezed question gives: 0 for nothing, 2 and more where it surely means it.

    The length of the longest run of the name, or of one of its parts, with a share of what else of it stands there, and half
    of that for its other parts.
    """
    parts = [part for raw in name.split("·") if (part := bare(re.sub(r"[（(][^（）()]*[)）]", "", raw)))]
    like = sorted((_run(asked, part) + 0.9 * _share(asked, part) for part in parts), reverse=True)
    return sum(value * (0.5 if at else 1) for at, value in enumerate(like))


def _run(asked: str, part: str) -> int:
    return next(
        (
            size
            for size in range(len(part), 0, -1)
            if any(part[at : at + size] in asked for at in range(len(part) - size + 1))
        ),
        0,
    )


def _share(asked: str, part: str) -> float:
    return sum(c in asked for c in set(part)) / len(set(part))
