"""The limits that a question sets to the rows of a table: bounds on figures (超过50万元), spans of days (上半年)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from assistant.tables.table import Table, amount_of, likeness
from core.numbers import read_number

_FIGURE = (
    r"(?:\d[\d,.]*\s*[十百千万亿]*(?:元|块|%|％|人|台|套|件|吨|天|年|个月|分)?|百分之[一二三四五六七八九十百\d]+"
    r"|[一二两三四五六七八九十百千]+[万亿]?(?:元|块)?)"
)
_BOUND = re.compile(
    r"(?P<before>超过|大于|高于|多于|不低于|不少于|至少|达到|满|过|不超过|不高于|不多于|低于|小于|少于|不到|不足|未满|等于|刚好|正好|[是为](?!第))?"
    rf"\s*(?P<figure>{_FIGURE})\s*(?P<after>及以上|以上|往上|及以下|以下|以内|往下)?"
)
_BETWEEN = re.compile(rf"(?P<low>{_FIGURE})\s*[到至~～—-]\s*(?P<high>{_FIGURE})(?![\d.,年月日号])")
_LEAST_OF = {"超过": ">", "大于": ">", "高于": ">", "多于": ">", "过": ">", "不低于": ">=", "不少于": ">=", "至少": ">=", "达到": ">=", "满": ">=",
             "不超过": "<=", "不高于": "<=", "不多于": "<=", "低于": "<", "小于": "<", "少于": "<", "不到": "<", "不足": "<", "未满": "<",
             "等于": "=", "刚好": "=", "正好": "=", "是": "=", "为": "="}  # fmt: skip
_AFTER = {"及以上": ">=", "以上": ">=", "往上": ">=", "及以下": "<=", "以下": "<=", "以内": "<=", "往下": "<="}
_SIGNED = (
    (re.compile(r"下降|减少|降低|负增长|亏损"), "<"),
    (re.compile(r"上升|增长|增加|正增长"), ">"),
)
_WHEN = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2})\s*年?|(?P<same>今年|去年|明年|前年))?\s*(?P<part>上半年|下半年|[一二三四]季度|(?P<month>\d{1,2})\s*月份?(?:\s*(?P<day>\d{1,2})[日号])?)?"
    r"\s*(?P<side>以前|之前|前|以后|之后|后|起)?"
)
_UNTIL = re.compile(r"\s*(?:到|至|[-~～—])\s*")
_MONTH_BEFORE = re.compile(r"(?<![\d.])(\d{1,2})(?=\s*(?:到|至|[-~～—])\s*\d{1,2}\s*月)")
_QUARTERS = {
    "上半年": (1, 6),
    "下半年": (7, 12),
    "一季度": (1, 3),
    "二季度": (4, 6),
    "三季度": (7, 9),
    "四季度": (10, 12),
}


@dataclass(frozen=True)
class Bound:
    """A limit on a column of figures. value: in the figure's own unit where it has none, else in the smallest (元, 人, %).

    upper: the end of a range that begins with the value.
    """

    relation: str
    value: Decimal
    unit: str
    upper: Decimal | None = None


@dataclass(frozen=True)
class Span:
    """The days that a column of days is held to, both included; said: as the question says them.

    months: the first and the last month, of any year, where the question tells none and the rows are of several.
    """

    first: date
    last: date
    said: str
    months: tuple[int, int] | None = None

    def holds(self, day: date) -> bool:
        """Whether a day is in it."""
        if self.months:
            return self.months[0] <= day.month <= self.months[1]
        return self.first <= day <= self.last


@dataclass(frozen=True)
class Set:
    """A bound, and where the question sets it."""

    bound: Bound
    start: int
    end: int


def bound_of(asked: str) -> Set | None:
    """The first limit on figures that a squeezed question sets."""
    if (between := _BETWEEN.search(asked)) and (bound := _range(between["low"], between["high"])):
        return Set(bound, *between.span())
    for found in _BOUND.finditer(asked):
        relation = _AFTER.get(found["after"] or "") or _LEAST_OF.get(found["before"] or "")
        amount = _amount(found["figure"])
        if relation is None or amount is None or (found["before"] in {"是", "为"} and not found["figure"][0].isdigit()):
            continue
        return Set(Bound(relation, *amount), *found.span())
    return None


def _range(low: str, high: str) -> Bound | None:
    """A range of figures; the lower one has the scale and the unit of the upper one where it tells none."""
    last = re.sub(r"^[\d,.]+", "", high)
    if re.fullmatch(r"[\d,.]+", low):
        low += last
    first, second = _amount(low), _amount(high)
    if first is None or second is None or not first[0] < second[0] or "月" in last or last == "年":
        return None
    return Bound("in", first[0], second[1] or first[1], second[0])


def _amount(text: str) -> tuple[Decimal, str] | None:
    """A figure in its smallest unit, and that unit: a large one without a unit is money."""
    amount = amount_of(text)
    value = amount.value if amount else Decimal(str(said)) if (said := read_number(text)) is not None else None
    if value is None:
        return None
    scaled = bool(re.search(r"[万亿千]", text))
    return value, (amount.unit if amount else "") or ("元" if scaled else "")


def change_of(asked: str, table: Table, at: int) -> Bound | None:
    """Which way a column of changes is asked to go: 下降 is below nought; None where the column holds none."""
    relation = next((relation for pattern, relation in _SIGNED if pattern.search(asked)), "")
    amounts = [amount for row in table.rows if (amount := table.amount(row[at], at))]
    falls = any(amount.value < 0 for amount in amounts)
    return Bound(relation, Decimal(0), amounts[0].unit) if relation and falls else None


def named_day(asked: str, columns: Sequence[int], table: Table) -> int:
    """The column of days whose name a question gives most of: its own, then what stands above it."""

    def named(at: int) -> tuple[float, float]:
        name = table.typed.names[at]
        return likeness(asked, name.rpartition("·")[2]), likeness(asked, name)

    return max(columns, key=named)


def spelled(asked: str) -> str:
    """A question whose ranges of months tell both: 1-3月 as 1月-3月."""
    return _MONTH_BEFORE.sub(r"\1月", asked)


def span_of(asked: str, table: Table, day: date) -> tuple[int, Span] | None:
    """The days that the question holds a column of days to, and that column. day: today."""
    if not table.dated:
        return None
    column = named_day(asked, table.dated, table)
    years = {found.year for row in table.rows if (found := table.day(row[column]))}
    for match in _WHEN.finditer(asked):
        span = _days(match, day, years)
        if span is None:
            continue
        until = _UNTIL.match(asked, match.end())
        other = _WHEN.match(asked, until.end()) if until else None
        end = _days(other, day, {span.last.year} if match["year"] or match["same"] else years) if other else None
        return column, _joined(span, end, asked[match.start() : other.end()]) if other and end else span
    return None


def _joined(span: Span, end: Span, said: str) -> Span:
    """From the first day of one span to the last of the other."""
    months = (span.months[0], end.months[1]) if span.months and end.months else None
    return replace(span, last=end.last, said=said, months=months)


def _days(found: re.Match[str], day: date, years: set[int]) -> Span | None:
    if not found[0].strip() or not (found["year"] or found["same"] or found["part"]) or not years:
        return None
    same = {"今年": 0, "去年": -1, "明年": 1, "前年": -2}
    year = int(found["year"]) if found["year"] else day.year + same[found["same"]] if found["same"] else max(years)
    first, last = (int(found["month"]),) * 2 if found["month"] else _QUARTERS.get(found["part"] or "", (1, 12))
    if not 1 <= first <= 12 or not 1900 < year < 2200 or (found["same"] and not found["part"] and years == {year}):
        return None
    of_day = int(found["day"]) if found["day"] else 0
    of_any_year = not found["year"] and not found["same"] and len(years) > 1
    if of_any_year and (of_day or found["side"]):
        return None
    try:
        begins = date(year, first, of_day or 1)
        ends = begins if of_day else date(year + last // 12, last % 12 + 1, 1).replace(day=1)
    except ValueError:
        return None
    ends = ends if of_day else date.fromordinal(ends.toordinal() - 1)
    if found["side"] in {"以前", "之前", "前"}:
        return Span(date.min, date.fromordinal(begins.toordinal() - 1), found[0])
    if found["side"] in {"以后", "之后", "后"}:
        return Span(date.fromordinal(ends.toordinal() + 1), date.max, found[0])
    if found["side"] == "起":
        return Span(begins, date.max, found[0])
    return Span(begins, ends, found[0], (first, last) if of_any_year else None)
