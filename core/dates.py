"""Whole dates as documents write them: 2026年6月18日, 2026-06-18, 二〇二六年六月十八日."""

from __future__ import annotations

import calendar
import re
from datetime import date

from core.numbers import read_number

CHINESE_DIGITS = "〇零一二三四五六七八九十两○Ｏ０O"
YEAR = rf"(?:(?:19|20)\d{{2}}|[二一][{CHINESE_DIGITS}]{{3}})"
NUMBER = rf"(?:\d{{1,2}}|[{CHINESE_DIGITS}]{{1,3}})"
DATE = (
    rf"(?:{YEAR}\s*年\s*{NUMBER}\s*月\s*{NUMBER}\s*[日号]"
    r"|(?:19|20)\d{2}\s*[-./]\s*\d{1,2}\s*[-./]\s*\d{1,2}(?!\d))"
)
"""A whole date. GB/T 9704-2012 writes 2026年6月18日; web pages 2026-06-18, older documents 二〇二六年六月十八日."""
SHORT = rf"(?:{DATE}|{NUMBER}\s*月\s*{NUMBER}\s*[日号]|{NUMBER}\s*月底)"
"""A date that may leave the year to be understood."""


def read_date(text: str, near: date | None = None) -> date | None:
    """The date that a text holds; where the year is left out, the one that comes first after `near`."""
    squeezed = re.sub(r"\s+", "", text)
    if found := re.search(rf"({YEAR})年({NUMBER})月({NUMBER})[日号]", squeezed):
        return calendar_day(year_number(found[1]), small_number(found[2]), small_number(found[3]))
    if found := re.search(r"((?:19|20)\d{2})[-./](\d{1,2})[-./](\d{1,2})", squeezed):
        return calendar_day(int(found[1]), int(found[2]), int(found[3]))
    if near and (found := re.search(rf"({NUMBER})月(?:({NUMBER})[日号]|底)", squeezed)):
        month = small_number(found[1])
        if not 1 <= month <= 12:
            return None
        day = small_number(found[2]) if found[2] else days_of(near.year, month)
        this = calendar_day(near.year, month, day)
        return this if this is None or this >= near else calendar_day(near.year + 1, month, day)
    return None


def year_number(text: str) -> int:
    """A year of four digits, written as 2026 or 二〇二六."""
    if text.isdecimal():
        return int(text)
    return int("".join(str("〇一二三四五六七八九".find("〇" if c in "零○ＯO０" else c)) for c in text))


def small_number(text: str) -> int:
    """A number of a date, in digits or in Chinese; 0 where it is none."""
    return int(read_number(re.sub("[○Ｏ０O]", "零", text)) or 0)


def calendar_day(year: int, month: int, day: int) -> date | None:
    """A day, or None where the calendar has no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return None


def days_of(year: int, month: int) -> int:
    """How many days a month has."""
    return calendar.monthrange(year, month)[1]


def last_day(iso: str) -> date:
    """The last day of a date that may lack its day or month: 2025-01 is 2025-01-31."""
    year, month, day = ([int(part) for part in iso.split("-")] + [0, 0])[:3]
    return date(year, month or 12, day or days_of(year, month or 12))


def later(day: date, months: int) -> date:
    """The same day some months on, the last of the month where it has none such; a negative number goes back."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, days_of(year, month + 1)))
