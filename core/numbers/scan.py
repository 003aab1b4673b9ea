"""Every quantity of a text, from left to right: what is a number of something, and nothing that only looks like one."""

from __future__ import annotations

import math
import re
from dataclasses import replace
from functools import lru_cache

from core.numbers.around import bounded, dashed, nearly, negative, priced, roughened
from core.numbers.figure import Figure, figure
from core.numbers.identifiers import identifier
from core.numbers.measure import Measure, before, measure
from core.numbers.numeral import CHINESE, DIGITS, TENS
from core.numbers.quantity import Quantity
from core.numbers.ranges import spanned
from core.numbers.script import fold
from core.numbers.shares import fraction
from core.numbers.units import PERSONS

_BEGINS = frozenset(CHINESE) | frozenset("几数半个") | frozenset("0123456789")
_GROUPED = re.compile(r"(?<=\d)，(?=0\d\d(?!\d))")
"""A wide comma before three digits that begin with nought can only set off thousands: 2，000万."""
_HALVES = {"半年": "年", "半个月": "月"}


def quantities(text: str) -> tuple[Quantity, ...]:
    """Every quantity of a text in order. Telephone, document and model numbers, ratios, ordinals and clock times are none."""
    return _remembered(text) if len(text) <= 500 else tuple(_scanned(text))


@lru_cache(maxsize=2048)
def _remembered(text: str) -> tuple[Quantity, ...]:
    return tuple(_scanned(text))


def _scanned(text: str) -> list[Quantity]:
    plain = _GROUPED.sub(",", "".join(c if len(c) == 1 else "?" for c in (c.lower() for c in fold(text))))
    found, at, floor = list[Quantity](), 0, 0
    while at < len(plain):
        c = plain[at]
        if c.isascii() and c.isalnum() and (end := identifier(plain, at)):
            at = end
            continue
        if c not in _BEGINS:
            at += 1
            continue
        hit, end = _quantity(plain, at, floor)
        if hit is not None:
            found.append(replace(hit, words=text[hit.start : hit.end].strip()))
            floor = end
        at = max(end, at + 1)
    return found


def _quantity(text: str, at: int, floor: int) -> tuple[Quantity | None, int]:
    """The quantity that begins at a place, and where to read on. floor: what stands before it is taken."""
    if text[at - 1 : at] == "第" and at:
        return None, _past(text, at)
    if share := fraction(text, at):
        return bounded(text, share), share.end
    if half := next((words for words in _HALVES if text.startswith(words, at)), ""):
        return Quantity(at, at + len(half), "", 0.5, 0.5, 0.5, "duration", _HALVES[half]), at + len(half)
    first = figure(text, at)
    if first is None:
        return None, _past(text, at)
    start, sign, currency = before(text, at)
    if start < floor:
        start, sign, currency = at, "", ""
    if ranged := spanned(text, first, start, sign, currency):
        return ranged, ranged.end
    if text[first.end : first.end + 1] in {"-", "~"} and text[first.end + 1 : first.end + 2].isdigit():
        return None, _past(text, first.end + 1)
    shaped, end = roughened(text, first)
    if _ordinal(text, end) or _spelt_out(shaped, text[end : end + 1]):
        return None, end
    what = measure(text, end, shaped, sign, currency)
    if what is None:
        return None, first.end
    return _built(text, start, floor, shaped, what)


def _past(text: str, at: int) -> int:
    """The end of a run of numeral characters that is no quantity."""
    end = at
    while end < len(text) and (text[end] in CHINESE or (text[end].isascii() and text[end].isdigit())):
        end += 1
    return max(end, at + 1)


def _ordinal(text: str, at: int) -> bool:
    """Whether 号 makes a number of a house or a line of it: 3号楼; 280号人 and 3月5号 are something else."""
    if not text.startswith("号", at) or text.startswith(PERSONS, at + 1):
        return False
    start = at
    while start and (text[start - 1] in CHINESE or text[start - 1].isdigit()):
        start -= 1
    return text[start - 1 : start] != "月" or not start


def _spelt_out(found: Figure, after: str) -> bool:
    """Whether digits are listed rather than added up: 一二三产业; 二〇二七年 is a year."""
    return len(found.core) > 1 and after != "年" and all(c in DIGITS for c in found.core) and found.mark != "pair"


def _built(text: str, start: int, floor: int, found: Figure, what: Measure) -> tuple[Quantity | None, int]:
    """A quantity from its figure and its measure, with the words around it that make it rough or bound it."""
    ends = [value * what.factor + what.more for value in (found.low, found.high, found.nominal)]
    if negative(text, start, what.kind):
        start -= 1
        ends = [-ends[1], -ends[0], -ends[2]]
    unsigned = dashed(text, start, what.kind)
    start -= unsigned
    kind = what.kind
    if kind == "money" and what.marked and priced(text, start):
        kind, ends = "price", [value * 1e4 for value in ends]
    low, high, nominal = (round(value, 6) if math.isfinite(value) else value for value in ends)
    rough = low != high or found.mark not in {"", "half"}
    sure = found.sure and what.sure and not _parted(text, start, found) and not unsigned
    hit = Quantity(start, what.end, "", low, high, nominal, kind, what.unit, rough, sure, found.unusual, what.marked)
    if kind == "date":
        return hit, hit.end
    near = nearly(text, floor, hit, found)
    if found.bare and not near.approximate:
        if len(found.core) == 1 or not what.marked:
            return None, found.end
        near = replace(near, sure=False)
    hit = bounded(text, near)
    return hit, hit.end


def _parted(text: str, start: int, found: Figure) -> bool:
    """Whether a wide comma may be part of the figure: 1，900万 is 1900万 or two figures."""
    digits = found.core.rstrip("".join(c for c in found.core if not c.isdigit()))
    group = start > 1 and text[start - 1] == "，" and text[start - 2].isdigit()
    return bool(group and len(digits) == 3 and digits.isascii() and not any(c in TENS for c in digits))
