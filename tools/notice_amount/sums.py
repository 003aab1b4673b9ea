"""Sums in exact yuan, as rules and questions tell them and as they are shown."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from core.numbers import Quantity

WAN = Decimal(10**4)
YI = Decimal(10**8)


def yuan(quantity: Quantity) -> Decimal:
    """A sum in 元; money is told in 万元 and a price in 元."""
    return exact(quantity.nominal) * (1 if quantity.kind == "price" else WAN)


def ends(quantity: Quantity) -> tuple[Decimal, Decimal | None]:
    """The ends of a range in 元; None above where it is open."""
    factor = Decimal(1) if quantity.kind == "price" else WAN
    high = None if quantity.high == float("inf") else exact(quantity.high) * factor
    return exact(quantity.low) * factor, high


def exact(value: float) -> Decimal:
    """A reader's float as the decimal it was read from."""
    return Decimal(str(round(value, 6)))


def is_sum(quantity: Quantity) -> bool:
    return quantity.kind in {"money", "price"}


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
