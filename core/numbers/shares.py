"""Shares that are told by a fraction: 百分之七十三点八, 千分之五, 三分之一, 1/3."""

from __future__ import annotations

import math

from core.numbers.figure import figure
from core.numbers.numeral import DIGITS, arabic
from core.numbers.quantity import Quantity

_OF = {"百分之": 1.0, "千分之": 0.1, "万分之": 0.01}


def fraction(text: str, at: int) -> Quantity | None:
    """The share that begins at a place, in per cent."""
    for words, factor in _OF.items():
        if text.startswith(words, at):
            return _of_hundred(text, at, at + len(words), factor)
    return _of_words(text, at) or _of_digits(text, at)


def _of_hundred(text: str, start: int, at: int, factor: float) -> Quantity | None:
    found = figure(text, at)
    if found is None:
        return None
    low, high, nominal, end = found.low, found.high, found.nominal, found.end
    if text[end : end + 1] in {"到", "至", "-", "~"} and (other := figure(text, end + 1)) and other.low > high:
        end, high, nominal = other.end, other.high, (low + other.high) / 2
    elif text.startswith(("几", "多"), end) and found.core.endswith("十"):
        end, low, high, nominal = end + 1, low + 1, low + 9, low + 5
    sign = -1 if text[start - 1 : start] in {"负", "-"} and start else 1
    ends = sorted(round(sign * value * factor, 6) for value in (low, high))
    return Quantity(
        start - (sign < 0),
        end,
        "",
        ends[0],
        ends[1],
        round(sign * nominal * factor, 6),
        "share",
        "%",
        low != high,
        found.sure,
    )


def _of_words(text: str, at: int) -> Quantity | None:
    end = at
    while end < len(text) and (text[end] in DIGITS or text[end] == "十"):
        end += 1
    if end == at or not text.startswith("分之", end):
        return None
    whole, part = figure(text, at), figure(text, end + 2)
    if not (whole and part and whole.nominal and part.nominal < whole.nominal):
        return None
    share = round(part.nominal / whole.nominal * 100, 4)
    return Quantity(at, part.end, "", share, share, share, "share", "%", unusual=True)


def _of_digits(text: str, at: int) -> Quantity | None:
    """1/3 may as well be a date or a page, so it is never sure."""
    end = arabic(text, at)
    last = arabic(text, end + 1) if end > at and text[end : end + 1] == "/" else 0
    if last <= end + 1:
        return None
    part, whole = (float(digits.replace(",", "").replace(" ", "")) for digits in (text[at:end], text[end + 1 : last]))
    share = round(part / whole * 100, 4) if whole else math.nan
    return Quantity(at, last, "", share, share, share, "share", "%", sure=False, unusual=True)
