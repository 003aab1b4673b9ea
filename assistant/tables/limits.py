"""The limits that a question sets to the rows of a table: bounds on figures (超过50万元), spans of days (上半年)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from assistant.tables.query import Condition, Relation
from assistant.tables.table import MOST_LOOKED, Table
from core.numbers import quantities
from core.numbers.quantity import Quantity

_LEADS = (
    r"(?P<le>不超过|不高于|不多于|不大于|最多|顶多|至多|(?:没|未|不)(?:有)?超过?)|(?P<ge>不低于|不少于|不小于|至少|起码|最少|达到|满|够|上了?)"
    r"|(?P<lt>低于|小于|少于|不到|不足|未满|不满|不够|没(?:有|到|满|过)|还?没.到|未到|低过|少过|近)|(?P<gt>超过|超了?|大于|高于|多于|过了?|不止|高过)"
    r"|(?P<eq>等于|刚好|正好|都?是|为|只有|就)"
)
_BEFORE, _LEAD = re.compile(f"(?:{_LEADS})$"), re.compile(f"(?:{_LEADS})")
_BEHIND = re.compile(
    r"^(?P<gt>还多|多(?=的)|出头)|^[\u4e00-\u9fff]?(?P<ge>及?以上|往上|朝上|向上|起步|打头|起(?!来))|^[\u4e00-\u9fff]?(?P<le>及?以下|以内|之内|往下|及以内)"
    r"|^[\u4e00-\u9fff]?(?P<lt>都?(?:不到|没到|不满|不足))"
)
_SIGNED: tuple[tuple[re.Pattern[str], Relation], ...] = (
    (re.compile(r"下降|减少|降低|负增长|亏损"), "<"),
    (re.compile(r"上升|增长的|增加|正增长"), ">"),
)
_NAMES: dict[str, Relation] = {"le": "<=", "ge": ">=", "gt": ">", "lt": "<", "eq": "="}
_WHEN = re.compile(
    r"(?:(?P<year>(?:19|20)\d{2}|(?<!\d)\d{2}(?=年))年?[-.]?|(?P<same>今年|去年|明年|前年))?"
    r"(?P<part>上半年|下半年|头半年|后半年|第?[一二三四1234]季度|(?P<month>\d{1,2})(?:月份?|[-.](?=\d{1,2}(?!\d)))(?P<tens>[上中下]旬|底|末|初)?(?:(?P<day>\d{1,2})[日号]?(?!\d))?)?"
    r"(?P<side>(?:及|当天)?以前|之前|前头?|(?:及|当天)?以后|之后|过后|后头?|往后|往前|起|开始|打头)?"
)
_DAY_ALONE = re.compile(
    r"(?<!\d)(?P<day>\d{1,2})[日号](?!机|车|楼|线|炉|院|库|仓|桥|井|泵|窑|床|站|店|地)(?P<side>以前|之前|前|以后|之后|后|起)?"
)
_UNTIL = re.compile(r"(?:到|至|[-~～—])")
_MONTH_BEFORE = re.compile(r"(?<![\d.])(\d{1,2})(?=(?:到|至|[-~～—、和跟])\d{1,2}月)")
_SPOKEN = re.compile(r"[一二三四五六七八九十]{1,3}(?=月(?!嫂)|号|日(?=[以之前后起到]|的))")
_SPOKEN_YEAR = re.compile(
    r"[一二][〇零一二三四五六七八九]{3}(?=年)|(?<![一二三四五六七八九十百])[〇零一二][一二三四五六七八九](?=年)"
)
_DIGITS = "〇一二三四五六七八九"
_LONG_BEFORE = {"今年": 0, "去年": -1, "明年": 1, "前年": -2}
_EARLY = ("以前", "之前", "前", "往前")
_LATE_FROM = ("起", "开始", "打头", "往后")


@dataclass(frozen=True)
class Bound:
    """A bound on figures, and where the question sets it. value: in the smallest unit where it has one (元, %); scaled: whether its
    own words say so (万, 亿, 元, %).
    """

    start: int
    end: int
    relation: Relation
    value: Decimal
    unit: str
    scaled: bool
    upper: Decimal | None = None


@dataclass(frozen=True)
class Span:
    """Days that a question names, and where. first, last: both included; None where it is open.

    months: of any year, where the rows are of several and none is told.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    said: str
    months: tuple[int, int] | None = None

    def conditions(self, column: int) -> tuple[Condition, ...]:
        """What it demands of a column of days."""
        if self.months:
            return (Condition(column, "months", tuple(map(Decimal, self.months)), self.said),)
        out = []
        if self.first:
            out.append(Condition(column, ">=", (self.first,), self.said))
        if self.last:
            out.append(Condition(column, "<=", (self.last,), self.said if not self.first else ""))
        return tuple(out)


def spelled(asked: str) -> str:
    """A squeezed question with its months and years in digits, each with its own word: 一月到三月, 1-3月 as 1月-3月."""
    from core.numbers import read_number

    asked = _SPOKEN.sub(lambda found: f"{int(read_number(found[0]) or 0)}", asked)
    asked = _SPOKEN_YEAR.sub(lambda found: "".join(str(_DIGITS.index(c) if c != "零" else 0) for c in found[0]), asked)
    return _MONTH_BEFORE.sub(r"\1月", asked)


# ---- figures


def bounds_of(asked: str) -> list[Bound]:
    """The limits on figures that a squeezed question sets, and figures that a cell may equal."""
    out = list[Bound]()
    for one in _bounds(asked):
        last = out[-1] if out else None
        if (
            last
            and last.relation == one.relation == "="
            and _UNTIL.fullmatch(asked[last.end : one.start])
            and last.value < one.value
        ):
            out[-1] = replace(one, start=last.start, relation=">=", value=last.value, upper=one.value)
        else:
            out.append(one)
    return out


def _bounds(asked: str) -> Iterator[Bound]:
    for found in quantities(asked):
        if found.kind == "date":
            continue
        lead = _LEAD.match(found.words)
        start = found.start + (lead.end() if lead else 0)
        own = next(iter(quantities(asked[start : found.end])), found)
        tail = _BEHIND.search(_up_to_tail(own.words))
        before, behind = (
            lead or _BEFORE.search(asked[max(0, start - 5) : start]),
            tail or _BEHIND.search(asked[found.end :]),
        )
        begins = found.start if lead or not before else start - len(before[0])
        begins = start if before and before.lastgroup == "eq" else begins
        ends = found.end + (behind.end() if behind and not tail else 0)
        value, unit, scaled = _value(own)
        upper = _scaled(own.high, own) if own.ranged and own.low and _UNTIL.search(own.words) else None
        relation = _relation(before, behind)
        yield Bound(begins, ends, ">=" if upper is not None else relation, value, unit, scaled, upper)


def _up_to_tail(words: str) -> str:
    """What stands behind the figure of a quantity's words: 以上 of 五万吨以上."""
    found = re.search(r"及?以[上下内]|往[上下]", words)
    return words[found.start() :] if found else "·"


def _relation(before: re.Match[str] | None, behind: re.Match[str] | None) -> Relation:
    """What is said behind a figure tells more than what is said before it."""
    return _NAMES[str((behind or before).lastgroup)] if behind or before else "="  # type: ignore[union-attr]


def _value(found: Quantity) -> tuple[Decimal, str, bool]:
    """A figure in its smallest unit, that unit, and whether its words say its scale."""
    plain = found.low if found.ranged and found.low else found.nominal
    unit = {"money": "元", "price": "元", "share": "%", "points": "%", "people": "人"}.get(found.kind, found.unit)
    scaled = found.kind in {"money", "share", "points", "price"} or bool(re.search("[万亿]", found.words))
    return _scaled(plain, found), unit, scaled


def _scaled(value: float, found: Quantity) -> Decimal:
    return Decimal(str(round(value * (10**4 if found.kind == "money" else 1), 6)))


def fitted(bound: Bound, at: int, table: Table) -> Decimal | None:
    """A bound's value as the column's figures are kept; None where they are of another measure."""
    amounts = [amount for row in table.rows if (amount := table.amount(row[at], at))]
    if not amounts:
        return None
    unit = amounts[0].unit
    if (bound.unit == "%") != (unit == "%") and bound.unit == "%":
        return None
    top = max(abs(amount.value) for amount in amounts)
    written = table.amount(str(bound.value), at)
    if bound.scaled or bound.unit == "元":
        if unit in {"元", "%"} or top >= bound.value / 20:
            return (
                bound.value
                if bound.value <= 50 * top or (unit in {"元", "%"} and bound.scaled)
                else written.value
                if written
                else None
            )
        return bound.value / 10**4
    if bound.unit == "年" and table.typed.units[at] in {"月", "个月"}:
        return bound.value * 12
    return written.value if written else bound.value


def change_of(asked: str, at: int, table: Table) -> Condition | None:
    """Which way a column of changes is asked to go: 下降 is below nought; None where the column holds none."""
    relation: Relation | None = next((relation for pattern, relation in _SIGNED if pattern.search(asked)), None)
    falls = any(amount.value < 0 for row in table.rows if (amount := table.amount(row[at], at)))
    return Condition(at, relation, (Decimal(0),)) if relation and falls else None


# ---- days


def spans_of(asked: str, table: Table, day: date, column: int | None = None) -> list[Span]:
    """The days that a question (spelled) names, for a table with a column of days. column: the one that is meant, where that is known."""
    if not table.dated:
        return []
    among = table.dated if column is None else [column]
    years = {found.year for at in among for row in table.rows[:MOST_LOOKED] if (found := table.day(row[at]))}
    if any(year in years for year in (table.year, day.year)):
        years = {table.year if table.year in years else day.year} | (
            {day.year - 1} & years if "去年" in asked else set()
        )
    every = {found.year for at in among for row in table.rows[:MOST_LOOKED] if (found := table.day(row[at]))}
    of_years = any(re.search("[上去本今]年", name) for name in table.typed.names)
    spans, at = list[Span](), 0
    for match in _WHEN.finditer(asked):
        if match.start() < at or not match[0]:
            continue
        whole = match["same"] and not match["part"] and (of_years or every == {_year(match, day, years)})
        span = None if whole else _days(match, day, years)
        if span is None:
            continue
        until = _UNTIL.match(asked, match.end())
        other = _WHEN.match(asked, until.end()) if until else None
        end = _days(other, day, {span.last.year} if span.last and match["year"] else years) if other else None
        if (
            end is None
            and until
            and (alone := _DAY_ALONE.match(asked, until.end()))
            and span.first
            and not alone["side"]
        ):
            end = Span(alone.start(), alone.end(), None, _day(span.first.year, span.first.month, int(alone["day"])), "")
        if end and end.last and span.first:
            months = (span.months[0], end.months[1]) if span.months and end.months else None
            span = Span(span.start, end.end, span.first, end.last, asked[span.start : end.end], months)
        spans.append(span)
        at = span.end
    return spans


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _days(found: re.Match[str], day: date, years: set[int]) -> Span | None:
    if not (found["year"] or found["same"] or found["part"]) or not years:
        return None
    year = _year(found, day, years)
    first, last = _months(found)
    if not 1 <= first <= 12 or not 1900 < year < 2200:
        return None
    of_any_year = not found["year"] and not found["same"] and len(years) > 1
    begins, ends = _ends(found, year, first, last)
    if begins is None or ends is None:
        return None
    told = (found.start(), found.end())
    side = found["side"] or ""
    if side.endswith(_EARLY):
        inclusive = "及" in side or "当天" in side
        return Span(*told, None, ends if inclusive else begins - timedelta(1), found[0])
    if side.endswith(_LATE_FROM) or (side and not found["day"]) or "及" in side:
        return Span(*told, begins, None, found[0])
    if side:
        return Span(*told, ends + timedelta(1), None, found[0])
    months = (first, last) if of_any_year and not found["day"] else None
    return Span(*told, begins, ends, found[0], months)


def _year(found: re.Match[str], day: date, years: set[int]) -> int:
    if found["year"]:
        return int(found["year"]) + (2000 if len(found["year"]) == 2 else 0)
    return day.year + _LONG_BEFORE[found["same"]] if found["same"] else max(years)


def _months(found: re.Match[str]) -> tuple[int, int]:
    if found["month"]:
        return (int(found["month"]),) * 2
    part = found["part"] or ""
    if part in {"上半年", "头半年"}:
        return 1, 6
    if part in {"下半年", "后半年"}:
        return 7, 12
    if "季" in part:
        quarter = "一二三四".find(part[-3]) + 1 or int(part[-3])
        return 3 * quarter - 2, 3 * quarter
    return 1, 12


def _ends(found: re.Match[str], year: int, first: int, last: int) -> tuple[date | None, date | None]:
    if found["day"]:
        one = _day(year, first, int(found["day"]))
        return one, one
    begins, ends = date(year, first, 1), date(year + last // 12, last % 12 + 1, 1) - timedelta(1)
    tens = (found["tens"] or "")[:1]
    if tens in {"上", "初"}:
        ends = date(year, last, 10)
    elif tens == "中":
        begins, ends = date(year, first, 11), date(year, last, 20)
    elif tens in {"下", "底", "末"}:
        begins = date(year, first, 21)
    return begins, ends
