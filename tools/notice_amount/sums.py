"""Sums as exact decimals, and as they are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

WAN = Decimal(10**4)
YI = Decimal(10**8)


def exact(value: float) -> Decimal:
    """A reader's float as the decimal it was read from."""
    return Decimal(str(round(value, 6)))


def plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def shown(value: Decimal) -> str:
    """A sum for reading: 48万元, 1.2亿元, 3500元; to the 分."""
    if abs(value) >= YI and value % (10**4) == 0:
        return f"{plain(value / YI)}亿元"
    if abs(value) >= WAN:
        return f"{plain((value / WAN).quantize(Decimal('0.000001'), ROUND_HALF_UP))}万元"
    return f"{plain(value.quantize(Decimal('0.01'), ROUND_HALF_UP))}元"


def percent(rate: Decimal) -> str:
    return f"{plain(rate * 100)}%"
