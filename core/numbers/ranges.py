"""Two figures with 到, 至, ~ or - between: 290~310人, 1500万到2500万, 3-5千万, 人数280到320, 在280和320之间."""

from __future__ import annotations

import math
from dataclasses import replace

from core.numbers.around import bounded, roughened
from core.numbers.figure import Figure, figure
from core.numbers.measure import Measure, measure
from core.numbers.numeral import LARGE
from core.numbers.quantity import Quantity
from core.numbers.units import ENGLISH, HEADS_OF_PEOPLE, RANGE_MARKS, starts_with

_BETWEEN = "之间"
_AND = ("和", "与", "跟", "及")
"""What joins the ends of a range only where 之间 follows."""
_LEADS_IN = ("大概", "大约", "介于", "处于", "约", "在", "有", "是", "为", ":", "：", " ")


def spanned(text: str, first: Figure, start: int, sign: str, currency: str) -> Quantity | None:
    """The range whose first figure is given; None where what follows is no second end of the same kind."""
    left = measure(text, first.end, first) or (Measure("number", first.end) if first.single else None)
    if left is None:
        return None
    at = left.end if left.kind != "number" else first.end
    at += text[at : at + 1] == " "
    both = starts_with(text, at, _AND)
    mark = starts_with(text, at, RANGE_MARKS) or both
    listed = not mark and text[at : at + 1] == "、"
    if not mark and not listed:
        return None
    at += len(mark) or 1
    at += bool(text[at : at + 1]) and text[at] in {mark, " ", "¥", "$"}
    second = figure(text, at)
    if second is None:
        return None
    second, end = roughened(text, second)
    right = measure(text, end, second, sign, currency)
    if right is None:
        return None
    if (right.kind, right.unit, left.kind, len(first.core)) == ("date", "年", "number", 4) and not listed:
        return Quantity(start, right.end, "", first.low, second.high, second.high, "date", "年")
    between = text.startswith(_BETWEEN, right.end)
    if both and not between:
        return None
    plain = right.kind == left.kind == "number" and not listed and (between or _counts_people(text, start))
    if not plain and not _same(left, right, sign):
        return None
    if between:
        right = replace(right, end=right.end + len(_BETWEEN))
    return _joined(text, start, first, second, left, right, listed)


def _counts_people(text: str, start: int) -> bool:
    """Whether a figure without a unit is headed as a number of people: 人数在280, 员工：280."""
    head = text[:start]
    while word := next((word for word in _LEADS_IN if head.endswith(word)), ""):
        head = head.removesuffix(word)
    return head.endswith(HEADS_OF_PEOPLE)


def _same(left: Measure, right: Measure, sign: str) -> bool:
    """Whether both ends are of one kind; the first one may leave its unit to the second."""
    if "date" in {left.kind, right.kind} or (right.kind == "number" and not sign):
        return False
    left_open = left.kind == "money" and not left.marked and right.kind in {"money", "price", "foreign"}
    return left.kind == "number" or left_open or (left.kind, left.unit) == (right.kind, right.unit)


def _joined(
    text: str, start: int, first: Figure, second: Figure, left: Measure, right: Measure, listed: bool
) -> Quantity | None:
    scale, sure = _inherited(first, second) if left.kind == "number" else (1.0, True)
    low, high = round(first.low * scale * right.factor, 6), round(second.high * right.factor, 6)
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        return None
    if listed and (left.kind != "number" or high > low * 2):
        return None
    changing = start > 0 and text[start - 1] in {"从", "由"}  # a change as well as a range: 从100人到300人
    sure = sure and not changing and right.sure and second.sure
    found = Quantity(
        start,
        right.end,
        "",
        low,
        high,
        round((low + high) / 2, 6),
        right.kind,
        right.unit,
        True,
        sure,
        True,
        right.marked,
    )
    return bounded(text, found)


def _inherited(first: Figure, second: Figure) -> tuple[float, bool]:
    """What the first figure is multiplied with, and whether beyond doubt: the scales that only the second one tells (3-5千万)."""
    if first.large:
        return 1.0, True
    if not first.suffix and second.suffix:
        return {"w": 1e4, "k": 1e3}.get(second.suffix) or float(ENGLISH[second.suffix]), True
    chain = second.chain
    if chain > 1 and not first.scaled and first.nominal < second.nominal / chain:
        return chain, chain != 10
    large = float(math.prod(LARGE[c] for c in second.core if c in LARGE))
    if large > 1 and first.nominal < second.nominal / large:
        return large, True
    if large >= 1e8 and first.nominal >= 100 and first.nominal * 1e4 < second.nominal:
        return 1e4, True
    return 1.0, not second.large
