"""Figures with their limits in a row of tokens: 不低于2000万元, 300人（不含）以下, 2000万元至4亿元, 注册满2年."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from tools.conditions.predicates import Either, Node, Range
from tools.conditions.tokens import Quantity, Token
from tools.conditions.vocabulary import vocabulary

_LOWER = {"at_least": True, "more_than": False}
_UPPER = {"at_most": True, "less_than": False}


@dataclass(frozen=True)
class Limit:
    """A limit without what it limits: two ends in the unit's own measure. unsure: 超过…以上 may or may not hold the end."""

    unit: str | None
    low: float | None = None
    high: float | None = None
    low_closed: bool = True
    high_closed: bool = True
    unsure: bool = False


def limit(tokens: Sequence[Token], at: int) -> tuple[Limit, int, int] | None:
    """The limit around the quantity at a place, with the places of its first token and after its last; None without one."""
    start, end = at, at + 1
    before = tokens[at - 1].value if at and tokens[at - 1].kind == "before" else None
    if before is not None:
        start -= 1
    first: Quantity = tokens[at].value
    closed_low, upto = _closed(tokens, end)
    if upto + 1 < len(tokens) and tokens[upto].kind == "to" and tokens[upto + 1].kind == "quantity":
        return _between(tokens, first, start, upto, before, closed_low)
    after, closed, end = _after(tokens, end)
    if before is None and after is None:
        return None
    if before is not None and after is not None and (before in _LOWER) != (after in _LOWER):
        return None
    bound = before if before in {"more_than", "less_than"} else after or before
    exact = closed if closed is not None else (_LOWER | _UPPER)[str(bound)]
    unsure = (
        closed is None
        and before is not None
        and after is not None
        and (_LOWER | _UPPER)[before] != (_LOWER | _UPPER)[after]
    )
    if bound in _LOWER:
        return Limit(first.unit, low=first.value, low_closed=exact, unsure=unsure), start, end
    unsure |= (
        closed is None and first.unit == "level" and after == "at_most"
    )  # whether 二级以下 holds 二级 is not agreed
    return Limit(first.unit, high=first.value, high_closed=exact, unsure=unsure), start, end


def _after(tokens: Sequence[Token], end: int) -> tuple[str | None, bool | None, int]:
    """What follows a quantity: its comparator, whether the end is held where that is said, and where it is over."""
    comparator, closed = None, None
    while end < len(tokens):
        kind = tokens[end].kind
        if kind in {"inclusive", "exclusive"} and closed is None:
            closed = kind == "inclusive"
        elif kind == "after" and comparator is None:
            comparator = tokens[end].value
        else:
            break
        end += 1
    return comparator, closed, end


def _closed(tokens: Sequence[Token], at: int) -> tuple[bool | None, int]:
    """Whether （含） or （不含） stands at a place, and the place after it."""
    if at < len(tokens) and tokens[at].kind in {"inclusive", "exclusive"}:
        return tokens[at].kind == "inclusive", at + 1
    return None, at


def _between(
    tokens: Sequence[Token], first: Quantity, start: int, end: int, before: str | None, closed_low: bool | None
) -> tuple[Limit, int, int] | None:
    """2000万元至4亿元, 100—300人: the first takes the measure of the second where none was written."""
    last: Quantity = tokens[end + 1].value
    if first.unit is None and last.bare:
        first = replace(first, value=first.value * last.value / last.bare, unit=last.unit)
    same = first.unit == last.unit or {first.unit, last.unit} == {"scaled", "money"}
    if before is not None or not same or first.value > last.value:
        return None
    comparator, closed, end = _after(tokens, end + 2)
    if comparator is not None:
        return None
    return Limit(last.unit, first.value, last.value, closed_low is not False, closed is not False), start, end


def mirrored(tokens: Sequence[Token], at: int) -> tuple[Limit, int] | None:
    """A limit written before its attribute: 2000万元≤营业收入; with the place of the attribute."""
    if at + 2 >= len(tokens) or tokens[at + 1].kind != "before" or tokens[at + 2].kind != "attribute":
        return None
    amount: Quantity = tokens[at].value
    bound = tokens[at + 1].value
    if tokens[at + 1].text not in {"≤", "<", "＜", "<=", "≥", ">", "＞", ">="}:
        return None
    if bound in _UPPER:
        return Limit(amount.unit, low=amount.value, low_closed=_UPPER[bound]), at + 2
    return Limit(amount.unit, high=amount.value, high_closed=_LOWER[bound]), at + 2


def fits(attribute: str, unit: str | None) -> bool:
    """Whether a unit measures an attribute."""
    return vocabulary().unit(attribute) == ("money" if unit == "scaled" else unit)


def ranged(attribute: str, found: Limit, text: str) -> Node:
    """The limit as a condition on an attribute."""
    node = Range(attribute, text, found.low, found.high, found.low_closed, found.high_closed)
    if not found.unsure:
        return node
    return Either((node, replace(node, low_closed=not node.low_closed, high_closed=not node.high_closed)))
