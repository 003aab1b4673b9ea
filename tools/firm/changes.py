"""What a figure became by a change told with it: 比去年的1500万涨了40% is 2100万; where the order is not clear, nothing is reckoned."""

from __future__ import annotations

import math
import re
from dataclasses import replace

from core.numbers import Quantity, quantities, read_number
from tools.firm.amounts import Amount

_VERB = re.compile(
    r"(?P<up>增长|增加|提高|提升|上升|上涨|[增涨多])|(?P<down>下降|减少|降低|下滑|下跌|缩水|萎缩|裁员|[减降跌少裁掉])"
)
_FILL = re.compile(r"[了掉去约近大概差不多有将过]*")
_DOUBLED = re.compile(r"翻(?:了)?(?:(?P<n>[一二两三123])?番|倍|了?一倍)")
_BASE = re.compile(r"(?:比|从|由|较|在)[^，,。；;！!？?\n\d]{0,8}$")
"""What makes the figure behind it the one before the change."""
_COMPARED = re.compile(r"比|较")
_LATER = re.compile(r"今年|本年|明年|后年|目标|预计|预期|力争|争取|计划|打算|希望|想")
"""A change that is of a later year than the figure, or only hoped for, leaves the figure as it is."""
_CLOSES = frozenset("，,。；;！!？?\n 了吧的、）)")
_BETWEEN = frozenset("，, 的基础上又再已经直接今去本同环比较年月一了大概约")
"""What may stand between a figure and the verb of its change; another word there is what changed (利润下降20%)."""
_STOPS = frozenset("。；;！!？?\n")
REACH = 10
"""How far behind a figure the word of its change begins, in characters."""


def changed(text: str, amount: Amount) -> Amount | None:
    """The amount after the change told with it; not sure where it may be meant before or after; None where none is told.

    A change compared with another time (营收1.5亿，同比增长20%) says how the figure came about, and changes nothing.
    """
    if not amount.sure or not math.isfinite(amount.value):
        return None
    found = _told(text, amount)
    if found is None:
        return None
    start, end, factor, more = found
    between = text[amount.end : start]
    if _LATER.search(between) or not _BETWEEN.issuperset(between):
        return None
    words = text[amount.start : end]
    base = bool(_BASE.search(text[max(0, amount.start - 12) : amount.start]))
    if not base:
        return None if _COMPARED.search(between) else replace(amount, sure=False, end=end, words=words)
    value, low, high = (max(0.0, end_ * factor + more) for end_ in (amount.value, amount.low, amount.high))
    return replace(
        amount, value=round(value, 4), low=round(low, 4), high=round(high, 4), end=end, words=words, unusual=True
    )  # fmt: skip


def is_change(words: str) -> bool:
    """Whether the words of a figure hold a change of it: 1.5亿减少20%."""
    return bool(_VERB.search(words) or _DOUBLED.search(words))


def _told(text: str, amount: Amount) -> tuple[int, int, float, float] | None:
    """(where the change begins, where it ends, what the amount is multiplied with, what is added to it)."""
    reach = text[amount.end : amount.end + REACH]
    reach = reach[: next((at for at, c in enumerate(reach) if c in _STOPS or c.isdigit()), len(reach))]
    if hit := _DOUBLED.search(text, amount.end, amount.end + len(reach) + 4):
        times = 2 ** (read_number(hit["n"]) or 1) if hit["n"] else 2
        return hit.start(), hit.end(), float(times), 0.0
    for verb in _VERB.finditer(text, amount.end, amount.end + len(reach)):
        at = _FILL.match(text, verb.end()).end()  # type: ignore[union-attr]
        by = next((q for q in quantities(text) if q.start == at), None)
        told = by is not None and by.sure and by.low == by.high and (by.end >= len(text) or text[by.end] in _CLOSES)
        if by and told and (step := _step(by, amount, 1.0 if verb["up"] else -1.0)):
            return (verb.start(), by.end, *step)
    return None


def _step(by: Quantity, amount: Amount, sign: float) -> tuple[float, float] | None:
    """(factor, addition) of a change by a share, by times or by a sum of the same kind."""
    if by.kind == "share":
        return 1 + sign * by.nominal / 100, 0.0
    if by.kind == "times" and sign > 0:
        return 1 + by.nominal, 0.0
    counted = "people" if amount.words.endswith(("人", "名", "位")) else "money"
    return (1.0, sign * by.nominal) if by.kind == counted else None
