"""A value with its unit and what it is in the sum: money that is spent, what is given for it, or a bound; and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from tools.notice_amount.sums import percent, plain, shown

Role = Literal["base", "given", "bound"]
MONEY, SHARE, TIMES, RATIO = "元", "％", "倍", ""
_BARE = frozenset({SHARE, TIMES, RATIO})
"""Units that only scale what they are multiplied with."""
MONTH, PIECE = "月", "份"
NOTHING = frozenset[str]()
_ANY = "个"
"""Three of anything may be counted so."""


class Refused(Exception):
    """Why steps are not taken, in words that a model can mend them by."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


@dataclass(frozen=True)
class Quantity:
    """A value in 元, as a share of one, or in its own unit.

    each: what money is for each of, in the words that say so, MONTH, or PIECE for anything; single: of how many things it is still to be multiplied with the number; ceiling: a most of what is given, which nothing is reckoned on; of: the listed figures
    that it stands on, by name.
    """

    value: Decimal
    unit: str
    role: Role
    each: frozenset[str] = NOTHING
    ceiling: bool = False
    single: int = 0
    of: frozenset[str] = frozenset()

    @property
    def told(self) -> str:
        """As it is shown."""
        if self.unit == MONEY:
            return shown(self.value)
        return percent(self.value) if self.unit == SHARE else f"{plain(round(self.value, 6))}{self.unit}"


def multiplied(left: Quantity, right: Quantity) -> Quantity:
    """A product; money is multiplied with a number of things only where it is for each of them."""
    if left.unit in _BARE or (right.unit == MONEY and left.unit != MONEY):
        left, right = right, left
    if left.unit not in {MONEY, *_BARE} or (left.unit == MONEY and right.unit == MONEY):
        if right.unit not in _BARE:
            raise Refused(f"{left.told}和{right.told}不能相乘")
    elif left.unit == MONEY and right.unit not in _BARE and not _for_each(left, right.unit):
        raise Refused(f"{left.told}不是按每{right.unit}算的，不能乘{right.told}")
    if left.ceiling and right.unit == SHARE:
        raise Refused(f"{left.told}是上限，不能当计算的基数")
    unit = left.unit if left.unit != TIMES or right.unit not in {SHARE, RATIO} else right.unit
    roles = {left.role, right.role}
    role: Role = "given" if "given" in roles else "bound" if "bound" in roles else "base"
    ceiling = left.ceiling or right.ceiling
    return _made(left.value * right.value, unit, role, left, right, each=left.each, ceiling=ceiling and role == "bound")


def _for_each(money: Quantity, unit: str) -> bool:
    """Whether money is for each of what a number counts."""
    if unit == MONTH:
        return MONTH in money.each
    words = money.each - {MONTH}
    return bool(words) and (unit == _ANY or any(one == PIECE or unit in one or _ANY in one for one in words))


def divided(left: Quantity, right: Quantity) -> Quantity:
    """A quotient: how often like goes into like, or a part of something."""
    if right.unit == SHARE:
        raise Refused("百分比只能用来乘")
    if not right.value:
        raise Refused("不能除以0")
    if left.unit == right.unit:
        return _made(left.value / right.value, RATIO, "base", left, right)
    if (right.unit != RATIO and left.unit != MONEY) or right.unit == MONEY:
        raise Refused(f"{left.told}不能除以{right.told}")
    return _made(left.value / right.value, left.unit, left.role, left, right, each=left.each, ceiling=left.ceiling)


def added(left: Quantity, right: Quantity) -> Quantity:
    """A sum of two of a kind: what is given never goes together with what was spent."""
    unit, roles = _alike(left, right), {left.role, right.role}
    if roles == {"given", "base"} and unit == MONEY:
        raise Refused(f"{left.told}和{right.told}一个是花的钱、一个是补的钱，不能相加")
    role: Role = "bound" if "bound" in roles else "given" if "given" in roles else "base"
    ceiling = left.ceiling or right.ceiling
    return _made(left.value + right.value, unit, role, left, right, each=left.each & right.each, ceiling=ceiling)


def lessened(left: Quantity, right: Quantity) -> Quantity:
    """What is left of the first without the second."""
    unit = _alike(left, right)
    return _made(left.value - right.value, unit, left.role, left, right, each=left.each, ceiling=left.ceiling)


def least(left: Quantity, right: Quantity) -> Quantity:
    """The smaller one; a most of what is given says nothing of what is spent."""
    return _chosen(left, right, min)


def most(left: Quantity, right: Quantity) -> Quantity:
    """The larger one."""
    return _chosen(left, right, max)


def whole(left: Quantity, right: Quantity) -> Quantity:
    """A number of things without the part that is no whole one."""
    if left.unit in {MONEY, SHARE}:
        raise Refused("取整只能用在个数上")
    return replace(left, value=Decimal(int(left.value)))


def itself(left: Quantity, right: Quantity) -> Quantity:
    return left


OPERATIONS: Mapping[str, Callable[[Quantity, Quantity], Quantity]] = {
    "照": itself, "乘": multiplied, "除": divided, "加": added, "减": lessened, "取小": least, "取大": most, "取整": whole,
}  # fmt: skip


def _chosen(left: Quantity, right: Quantity, choose: Callable[[Decimal, Decimal], Decimal]) -> Quantity:
    unit, roles = _alike(left, right), {left.role, right.role}
    if roles == {"base", "bound"} and (left.ceiling or right.ceiling):
        raise Refused("上限管的是补的钱，不能拿来和花的钱比")
    role: Role = "given" if "given" in roles else "base" if "base" in roles else "bound"
    each, ceiling = left.each & right.each, left.ceiling and right.ceiling
    return _made(choose(left.value, right.value), unit, role, left, right, each=each, ceiling=ceiling)


def _alike(left: Quantity, right: Quantity) -> str:
    """The unit of two that are of one kind."""
    if left.unit == right.unit or right.unit == _ANY:
        same = left.unit
    elif left.unit == _ANY:
        same = right.unit
    else:
        same = None
    if same is None or (_ANY in {left.unit, right.unit} and same in {MONEY, MONTH, *_BARE}):
        raise Refused(f"{left.told}和{right.told}单位不一样，不能相加减、比大小")
    return same


def _made(
    value: Decimal,
    unit: str,
    role: Role,
    left: Quantity,
    right: Quantity,
    each: frozenset[str] = NOTHING,
    ceiling: bool = False,
) -> Quantity:
    if value < 0:
        raise Refused("有一步算出来是负数")
    counted = right.unit not in {MONEY, *_BARE} or (right.unit == RATIO and right.role == "base")
    single = max((one.single for one in (left, right) if one.role == role), default=0)
    single -= bool(single and counted and unit == MONEY)
    return Quantity(value, unit, role, each, ceiling, single, left.of | right.of)
