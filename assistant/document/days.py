"""When something is over by a document, how many days are left, and whether a later day is still in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import NUMBER, SHORT, YEAR, calendar_day, days_of, later, read_date, small_number

_ANY = re.compile(SHORT)
_SAME_MONTH = re.compile(
    rf"((?:{YEAR}\s*年)?\s*{NUMBER}\s*月)\s*({NUMBER})\s*[日号]?\s*([至到—~～-]{{1,2}})\s*({NUMBER})\s*[日号]"
)
"""A period whose end leaves out the month: 12月10日至25日."""
_WORKDAYS = re.compile(
    r"(?:发布|印发|公布|公告|通知)[^，。；]{0,6}之日起\s*(?:的)?\s*(\d{1,3})\s*个?(工作日|自然日|日)内?"
)
_HOUR = re.compile(
    r"[日号]\s*((?:[上下]午|中午|晚)?\s*\d{1,2}\s*(?:[时点](?:整|半|\d{1,2}分)?|[:：]\d{2}))(?!.*[日号]\s*\d{1,2}\s*[时点:：])"
)
_SINCE = re.compile(r"(?<!发布)(?<!印发)(?<!公布)之日起\s*(\d{1,3})\s*个?(工作日|自然日|日|天|月)")
_TERM = re.compile(
    r"(?:(今年|去年|前年|明年|后年|本月|下个?月|这个?月)|((?:19|20)\d{2})\s*年)?\s*(?:(\d{1,2}|[一二三四五六七八九十]{1,2})\s*月份?)?"
    r"\s*(?:(\d{1,2}|[一二三四五六七八九十]{1,3})\s*[日号]|[年月]?(底|末|初|中旬|上旬|下旬))?"
)
_OF_YEAR = re.compile(r"年(?:底|末|初)")
_FROM_TODAY = {"今天": 0, "明天": 1, "后天": 2, "大后天": 3}
_NEARBY = re.compile(r"大后天|今天|明天|后天")
_DONE = re.compile(r"[^，。？?\d]{0,6}?(?:的(?!话|时)|过|了(?![吗么没？?]|$))")
"""What follows a day on which something was done: 3月买的设备, 10月8日签了合同."""
_YEARS = frozenset({"前年", "去年", "今年", "明年", "后年"})
_NEXT = frozenset({"下月", "下个月"})
_MONTHS = _NEXT | {"本月", "这月", "这个月"}


@dataclass(frozen=True)
class Day:
    """A day that a clause sets. counted: how it was reckoned from a number of days; first: where a period that it ends begins; hour: 17时."""

    day: date
    counted: str = ""
    first: date | None = None
    hour: str = ""


def last_of(text: str, published: date | None, from_day: date | None = None) -> Day | None:
    """The last day that a clause names; a year that it leaves out is that of the notice.

    from_day: the day of what happened, where a question gives it: 领券之日起90日内 counts from there.
    """
    if from_day and (found := _SINCE.search(text)):
        count = int(found[1])
        if found[2] == "工作日":
            return Day(_after(from_day, count), f"{from_day}起第{count}个工作日，没有扣节假日")
        ends = later(from_day, count) if found[2] == "月" else from_day + timedelta(days=count)
        return Day(ends, f"{from_day}起{count}{'个月' if found[2] == '月' else '天'}")
    text = _SAME_MONTH.sub(r"\1\2日\3\1\4日", text)
    days = [day for found in _ANY.finditer(text) if (day := read_date(found[0], published))]
    if days:
        first = min(days) if len(days) > 1 and re.search(r"[至到—~～-]|起", text) else None
        hour = _HOUR.search(text)
        return Day(max(days), first=first, hour=re.sub(r"\s", "", hour[1]) if hour else "")
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
    """The day that a question wants to do something by: 明年1月, 12月底, 15号; of a month its last day, None where it names none.

    A day or month that is over is that of the next month or year, but the last one where something was done on it.
    """
    if whole := read_date(question):
        return whole
    if near := _NEARBY.search(question):
        return today + timedelta(days=_FROM_TODAY[near[0]])
    for found in _TERM.finditer(question):
        told, year, month, day, part = found.groups()
        if not (month or day or told in _MONTHS or part):
            continue
        if part and not (month or told) and not re.search(r"[年月]", found[0]):
            continue
        done = bool(_DONE.match(question, found.end()))
        of_year = bool(_OF_YEAR.search(found[0]) or (told in _YEARS and part))
        return _day(told, year, _small(month), _small(day), part, of_year and not month, done, today)
    return None


def _small(text: str | None) -> int:
    return small_number(text) if text else 0


def _day(
    told: str | None, year: str | None, month: int, day: int, part: str | None, of_year: bool, done: bool, today: date
) -> date | None:
    turns = {"去年": -1, "前年": -2, "明年": 1, "后年": 2}
    first = date(int(year) if year else today.year + turns.get(told or "", 0), 1, 1)
    if of_year:
        first = first.replace(month=1 if part == "初" else 12)
    elif month:
        if not 1 <= month <= 12:
            return None
        first = first.replace(month=month)
    else:
        first = first.replace(month=today.month)
    if told in _NEXT:
        first = later(first, 1)
    elif not year and told not in _YEARS and not of_year:
        if month and month < today.month and not done:
            first = later(first, 12)
        elif month > today.month and done:
            first = later(first, -12)
        elif day and not month and not told:
            first = later(first, -1 if done and day > today.day else 1 if not done and day < today.day else 0)
    days = days_of(first.year, first.month)
    if day:
        return calendar_day(first.year, first.month, day)
    return first.replace(day=min(days, {"初": 10, "上旬": 10, "中旬": 20}.get(part or "", 31)))
