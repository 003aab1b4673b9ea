"""Whether a sum lies in a bracket."""

from __future__ import annotations

from decimal import Decimal

from tools.notice_amount.rules import Bracket


def inside(base: Decimal, bracket: Bracket) -> bool:
    """Whether a sum lies between the ends, each in or out as the bracket says."""
    above = base > bracket.low if bracket.open_low else base >= bracket.low
    below = bracket.high is None or (base < bracket.high if bracket.open_high else base <= bracket.high)
    return above and below
