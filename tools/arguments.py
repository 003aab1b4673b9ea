"""Kinds of tool arguments other than amounts that are read as they are said: levels, days, lists of words."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from core.cut import beginning, shorten
from core.text import squeeze

LEVEL_NAMES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}
_LEVELS = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "初始": 1, "规范": 2, "集成": 3, "协同": 4}
FIRST_YEAR, LAST_YEAR = 2020, 2040
"""Days outside these years are slips."""


def read_level(value: Any) -> Any:
    """A level from 1 to 4: 3, "3", 三级, L3, 集成级; ValueError in Chinese otherwise."""
    text = squeeze(str(value)[:40]).partition("(")[0].removeprefix("l").removesuffix("级")
    level = _LEVELS.get(text) or (int(float(text)) if re.fullmatch(r"[1-4](?:\.0)?", text) else None)
    if isinstance(value, bool) or level is None:
        raise ValueError(f"只有一级、二级、三级、四级，没有“{shorten(str(value), 12)}”")
    return level


def level_span(said: str) -> tuple[int, int] | None:
    """Both ends of levels said as a range or a choice (三级或四级, 2-3级); None where it is neither."""
    text = squeeze(beginning(said, 40))
    for mark in _RANGE_MARKS:
        low, found, high = text.partition(mark)
        if found and _level_in(low) and _level_in(high):
            ends = sorted((_level_in(low), _level_in(high)))
            return ends[0], ends[1]
    return None


def lower_level(said: str) -> int | None:
    """The lower end of a level said as a range (一级到二级, 1-2级, 不到二级); None where it is no range."""
    text = squeeze(beginning(said, 40))
    if text.startswith(_BELOW):
        below = next(text.removeprefix(word) for word in _BELOW if text.startswith(word))
        return max(_level_in(below) - 1, 1) if _level_in(below) else None
    span = level_span(said)
    return span[0] if span else None


_RANGE_MARKS = ("到", "至", "-", "—", "~", "、", "和", "或")
_BELOW = ("不到", "不足", "没到", "低于")


def _level_in(text: str) -> int:
    """The level that a short text names, 0 where it names none."""
    try:
        return int(read_level(text.removesuffix("之间")))
    except ValueError:
        return 0


def read_day(value: Any) -> Any:
    """A day: 2026-11-20, 2026/11/20, 2026年11月20日; ValueError in Chinese otherwise."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", squeeze(beginning(value, 40)))
        try:
            value = date(*map(int, found.groups())) if found else None
        except ValueError:
            value = None
    if not isinstance(value, date) or not FIRST_YEAR <= value.year <= LAST_YEAR:
        raise ValueError(f"要写成 2026-11-20 这样，在{FIRST_YEAR}年到{LAST_YEAR}年之间")
    return value


def read_words(value: Any) -> Any:
    """Words as one text; a list is joined with 、."""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else value


Level = Annotated[int, BeforeValidator(read_level)]
"""A level of the official four, from a number or as said."""
Day = Annotated[date, BeforeValidator(read_day)]
"""A day, from a date or as written."""
Words = Annotated[str, BeforeValidator(read_words)]
"""Words, from a text or a list."""
