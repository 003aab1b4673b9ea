"""Figures as users write them in tool arguments: 万元, levels and days. Units: 万元 throughout."""

from __future__ import annotations

import math
import re
from datetime import date
from typing import Annotated, Any

from pydantic import BeforeValidator

from core.text import chinese_number, squeeze

_AMOUNT = re.compile(
    r"(?:约|大约|大概)?(?P<number>[\d.,]+|[零〇一二两三四五六七八九十百千点]+)个?(?P<unit>亿|千万|百万|万|w|元)?元?(?:左右)?"
)
_IN_WAN = {"亿": 1e4, "千万": 1e3, "百万": 1e2, "万": 1.0, "w": 1.0, "元": 1e-4, None: 1.0}
_LEVELS = {"一": 1, "二": 2, "三": 3, "四": 4, "初始": 1, "规范": 2, "集成": 3, "协同": 4}
LEVEL_NAMES = {1: "一级", 2: "二级", 3: "三级", 4: "四级"}


def read_wan(value: Any) -> Any:
    """An amount of money in 万元: a number, or words such as 80万, 1.9个亿, 三千万, 500w, 500000元."""
    if isinstance(value, bool):
        raise ValueError("要填金额，单位万元，例如 80")
    if not isinstance(value, str):
        return value
    found = _AMOUNT.fullmatch(squeeze(value))
    number = chinese_number(found["number"]) if found else None
    if found is None or number is None:
        raise ValueError(f"“{value[:20]}”不是金额，请写成以万元计的数，例如 80")
    return number * _IN_WAN[found["unit"]]


def read_level(value: Any) -> Any:
    """A level from 1 to 4: 3, "3", 三级, L3, 集成级."""
    text = squeeze(str(value)).removeprefix("l").removesuffix("级")
    level = _LEVELS.get(text) or (int(float(text)) if re.fullmatch(r"[1-4](?:\.0)?", text) else None)
    if isinstance(value, bool) or level is None:
        raise ValueError(f"等级只有一级、二级、三级、四级，没有“{str(value)[:12]}”")
    return level


def read_day(value: Any) -> Any:
    """A day between 2020 and 2040: 2026-11-20, 2026/11/20, 2026年11月20日."""
    if isinstance(value, str):
        found = re.fullmatch(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?", squeeze(value))
        try:
            value = date(*map(int, found.groups())) if found else None
        except ValueError:
            value = None
    if not isinstance(value, date) or not 2020 <= value.year <= 2040:
        raise ValueError("日期要写成 2026-11-20 这样，在2020年到2040年之间")
    return value


def read_words(value: Any) -> Any:
    """Words as one text; a list is joined with 、."""
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else value


def wan(amount: float) -> str:
    """An amount for users: 32万元, 4.5万元, 1.2亿元; at most two decimals, cut not rounded up."""
    amount, unit = (amount / 1e4, "亿元") if amount >= 1e4 else (amount, "万元")
    return f"{math.floor(amount * 100 + 1e-6) / 100:.2f}".rstrip("0").rstrip(".") + unit


def percent(share: float) -> str:
    """A share from 0 to 1 for users: 0.4 → 40%, 0.008 → 0.8%."""
    return f"{share * 100:.2f}".rstrip("0").rstrip(".") + "%"


Wan = Annotated[float, BeforeValidator(read_wan)]
Level = Annotated[int, BeforeValidator(read_level)]
Day = Annotated[date, BeforeValidator(read_day)]
Words = Annotated[str, BeforeValidator(read_words)]
