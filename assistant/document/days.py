"""When something is over by a document, how many days are left, and whether a later day is still in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import SHORT, read_date

_ANY = re.compile(SHORT)
_WORKDAYS = re.compile(
    r"(?:发布|印发|公布|公告|通知)[^，。；]{0,6}之日起\s*(?:的)?\s*(\d{1,3})\s*个?(工作日|自然日|日)内?"
)
_TERM = re.compile(
    r"(?:(今年|去年|前年|明年|后年|本月|下个?月|这个?月)|((?:19|20)\d{2})\s*年)?\s*(?:(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?)?\s*(?:(\d{1,2})\s*[日号]|(底|末|初|中旬|上旬|下旬))?"
)
_YEARS = frozenset({"前年", "去年", "今年", "明年", "后年"})
_CN = {c: n for n, c in enumerate("一二三四五六七八九十", 1)} | {"十一": 11, "十二": 12}


@dataclass(frozen=True)
class Day:
    """A day that a clause sets. counted: how it was reckoned from a number of days; first: where a period that it ends begins."""

    day: date
    counted: str = ""
    first: date | None = None


def last_of(text: str, published: date | None) -> Day | None:
    """The last day that a clause names; a year that it leaves out is that of the notice."""
    days = [day for found in _ANY.finditer(text) if (day := read_date(found[0], published))]
    if days:
        first = min(days) if len(days) > 1 and re.search(r"[至到—~～-]|起", text) else None
        return Day(max(days), first=first)
    if published and (found := _WORKDAYS.search(text)):
        count = int(found[1])
        if found[2] == "工作日":
            return Day(_after(published, count), f"{published}起第{count}个工作日，按周一到周五数，没有扣节假日")
        return Day(published + timedelta(days=count), f"{published}起{count}天")
    return None


def _after(day: date, workdays: int) -> date:
    while workdays:
        day += timedelta(days=1)
        workdays -= day.weekday() < 5
    return day


def left(day: date, today: date) -> str:
    """How many days are left, in words."""
    days = (day - today).days
    if days < 0:
        return f"已经过了{-days}天"
    return f"还有{days}天" if days else "就是今天"


def asked_day(question: str, today: date) -> date | None:
    """The day that a question wants to do something by: 明年1月, 12月底, 15号; of a month its last day, None where it names none."""
    for found in _TERM.finditer(question):
        told, year, month, day, part = found.groups()
        if not (month or day or told) or not (
            month or day or told in {"本月", "这月", "这个月", "下月", "下个月"} or part
        ):
            continue
        return _day(told, year, month, day, part, today)
    return None


def _day(
    told: str | None, year: str | None, month: str | None, day: str | None, part: str | None, today: date
) -> date | None:
    of_month = (int(month) if month.isdecimal() else _CN.get(month, 0)) if month else today.month
    of_year = int(year) if year else today.year + {"去年": -1, "前年": -2, "明年": 1, "后年": 2}.get(told or "", 0)
    if told in {"下月", "下个月"}:
        of_year, of_month = today.year + today.month // 12, today.month % 12 + 1
    if not year and told not in _YEARS and month and of_month < today.month:
        of_year += 1
    if told in _YEARS and not month:
        of_month = 12 if part in {"底", "末"} else 1 if part == "初" else 12
    last = {"初": 10, "上旬": 10, "中旬": 20}.get(part or "", 31)
    try:
        if day:
            return date(of_year, of_month, int(day))
        ends = date(of_year + of_month // 12, of_month % 12 + 1, 1) - timedelta(days=1)
        return min(ends, date(of_year, of_month, min(last, ends.day)))
    except ValueError:
        return None
