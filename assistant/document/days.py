"""When something is over by a document, how many days are left, and whether a later day is still in time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from core.dates import CHINESE_DIGITS, NUMBER, SHORT, YEAR, calendar_day, later, read_date, small_number
from core.periods import period
from core.text import normalise

_ANY = re.compile(SHORT)
_SAME_MONTH = re.compile(
    rf"((?:{YEAR}\s*年)?\s*{NUMBER}\s*月)\s*({NUMBER})\s*[日号]?\s*([至到—~～-]{{1,2}})\s*({NUMBER})\s*[日号]"
)
"""A period whose end leaves out the month: 12月10日至25日."""
_COUNTED = re.compile(
    rf"(?P<event>[^，。；：（]{{0,20}}?)(?:(?P<from>之日|当日|当天|(?:之日)?[的之]?(?:次日|翌日|第二天))?起(?:计算|算|计)?|[之以]?后)[，的\s]*第?\s*"
    rf"(?P<count>\d{{1,3}}|[{CHINESE_DIGITS}十百]{{1,4}})\s*个?(?P<unit>工作日|自然日|日历日|日|天|月)"
)
"""A number of days from something on: 自印发次日起30个自然日, 诊断结束后15个工作日内."""
_PUBLISHED = re.compile(r"发布|印发|公布|公告|通知|发文|下发|登载|刊发|成文|本文")
_HOUR = re.compile(
    r"[日号]\s*((?:[上下]午|中午|晚)?\s*\d{1,2}\s*(?:[时点](?:整|半|\d{1,2}分)?|[:：]\d{2}))(?!.*[日号]\s*\d{1,2}\s*[时点:：])"
)
_ALONE = re.compile(rf"(?<![\d月])({NUMBER})\s*[日号]")
"""A day of a month that is not named."""
_DONE = re.compile(r"[^，。？?\d]{0,6}?(?:的(?!话|时)|过|了(?![吗么没？?]|$))")
"""What follows a day on which something was done: 3月买的设备, 10月8日签了合同."""


A_QUARTER = timedelta(days=92)
"""A longer stretch of time, a year or half of one, names no day."""


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
    counted = _COUNTED.search(text)
    if counted and from_day and not _PUBLISHED.search(counted["event"]):
        return _counted(counted, from_day)
    text = _SAME_MONTH.sub(r"\1\2日\3\1\4日", text)
    days = [day for found in _ANY.finditer(text) if (day := read_date(found[0], published))]
    if days:
        first = min(days) if len(days) > 1 and re.search(r"[至到—~～-]|起", text) else None
        hour = _HOUR.search(text)
        return Day(max(days), first=first, hour=re.sub(r"\s", "", hour[1]) if hour else "")
    if counted and published and _PUBLISHED.search(counted["event"]):
        return _counted(counted, published)
    return None


def missed(text: str, wanted: date | None) -> Day | None:
    """The period of a clause, written with its years, that a day lies outside of; None where it lies within or there is none."""
    set_by = last_of(text, None)
    if wanted is None or set_by is None or set_by.first is None:
        return None
    return None if set_by.first <= wanted <= set_by.day else set_by


def _counted(found: re.Match[str], day: date) -> Day | None:
    """The last of a number of days after a day; where that day itself is the first, one less."""
    count, unit = small_number(found["count"]), found["unit"]
    if not count:
        return None
    begins = f"{day}{'次日' if re.search('次日|翌日|第二天', found['from'] or '') else ''}起"
    if unit == "工作日":
        return Day(_after(day, count), f"{begins}第{count}个工作日，按周一到周五数，没有扣节假日")
    if unit == "月":
        return Day(later(day, count), f"{begins}{count}个月")
    first_counts = (found["from"] or "") in {"当日", "当天"}
    return Day(day + timedelta(days=count - first_counts), f"{begins}{count}天")


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
    """The day that a question wants to do something by: 明年1月, 12月底, 15号; of a month its last day.

    None where it names none, or only a year. Where something was done on it (3月买的) it is the last such day.
    """
    text = normalise(question)
    found = period(text, today)
    if found is None:
        return _day_alone(text, today)
    if found.last is None or (found.first and found.last - found.first > A_QUARTER):
        return None
    if _DONE.match(text, found.end) and found.last > today and not (found.years or found.relative):
        return later(found.last, -12)
    return found.last


def _day_alone(text: str, today: date) -> date | None:
    """The next day of that number, the last one where something was done on it."""
    found = _ALONE.search(text)
    day = small_number(found[1]) if found else 0
    if found is None or not day:
        return None
    done = bool(_DONE.match(text, found.end()))
    month = later(today.replace(day=1), -1 if done and day > today.day else 1 if not done and day < today.day else 0)
    return calendar_day(month.year, month.month, day)
