"""Caps, thresholds and exclusions that an amount may not pass over."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.document.worked.operand import Operand
from assistant.document.worked.quantity import MONEY, SHARE, Refused
from assistant.document.worked.reckoning import Worked
from assistant.document.worked.scope import brief, countable, marks, reaching
from tools.notice_amount.model import Band
from tools.notice_amount.patterns import REFUSE

NEAR = 16
"""In so many characters behind a threshold it is said that nothing is given."""


def _capped(worked: Worked, name: str) -> bool:
    """Whether a cap was held against what it is a cap of."""
    for step in worked.of("取小"):
        left, right = step.values
        if any(name in a.of and a.role == "bound" != b.role for a, b in ((left, right), (right, left))):
            return True
    return False


def own_caps(worked: Worked) -> None:
    """A cap of a line by which something is given."""
    for line, gives in worked.rules:
        for cap in line.caps_of(gives):
            if _matters(worked, cap) and not _capped(worked, cap.name):
                raise Refused(f"第{line.number}条里的上限{cap.name}（{cap.words}）没有用取小")


def other_caps(worked: Worked) -> None:
    """A cap of a rule that was not used says nothing of one that was, and a threshold is no cap."""
    own = {cap.name for line, gives in worked.rules for cap in line.caps_of(gives)}
    bands = {one.name for one in worked.used.values() if one.kind == "band"}
    if any(bands & set(step.names) for step in worked.of("取小") if step.result.unit == MONEY):
        raise Refused("门槛不是上限，不能拿来取小")
    for line in worked.lines:
        for cap in line.caps if line.gives else ():
            if cap.name in worked.result.of and cap.name not in own:
                raise Refused(f"{cap.name}（{cap.words}）是另一条规定的上限")


def _matters(worked: Worked, cap: Operand) -> bool:
    """Whether a cap is of money, or of something that a figure of the question counts."""
    told = [one.quantity.unit for one in worked.used.values() if one.name[0] == "a"]
    return cap.quantity.unit in {MONEY, SHARE} or any(countable(cap.quantity.unit, unit) for unit in told)


def general_caps(worked: Worked) -> None:
    """A cap that stands by itself and would be exceeded."""
    for line in reaching(worked):
        for cap in line.caps if not line.gives else ():
            if not (cap.name and _capped(worked, cap.name)) and _exceeded(worked, cap):
                raise Refused(f"还有一个上限没有用：{brief(line)}")


def _exceeded(worked: Worked, cap: Operand) -> bool:
    value, unit = cap.quantity.value, cap.quantity.unit
    if unit == MONEY:
        held = [one.value for one in worked.bases] if cap.of_base else [worked.result.value]
    elif unit == SHARE:
        held = [worked.result.value / one.value for one in worked.bases if one.value]
    else:
        held = [one.quantity.value for one in worked.used.values() if one.quantity.unit == unit and one.name[0] == "a"]
    return any(one > value for one in held)


def thresholds(worked: Worked) -> None:
    """What is below a threshold and gets nothing."""
    for line in reaching(worked):
        for one in line.operands:
            behind = re.split(r"[；。]", line.text[one.end :])[0][:NEAR]
            if one.band and REFUSE.search(behind) and one.name not in worked.result.of and within(worked, one.band):
                raise Refused(f"这样的不补：{brief(line)}")


def bands(worked: Worked) -> None:
    """From where to where a line holds."""
    for line, gives in worked.rules:
        for band in gives.bands:
            if within(worked, band) is False and not band.within:
                raise Refused(f"这一条只管{band.words}的：{brief(line)}")


def within(worked: Worked, band: Band) -> bool | None:
    """Whether the question's figure of what a band is of lies in it; None where none is told."""
    unit = {"money": MONEY, "share": SHARE, "months": "月"}.get(band.measure, band.unit)
    told = [one for one in worked.sheet.told if countable(one.quantity.unit, unit)]
    about = marks(band.noun)
    values: list[Decimal] = [one.quantity.value for one in told if about & marks(one.around)]
    if not values and band.measure == "money":
        own = marks("".join(f"{line.clause.under}{line.text}" for line in worked.lines))
        values = [one.value for one in worked.bases] if not about or about & own else []
    elif not values and len(told) == 1:
        values = [told[0].quantity.value]
    return any(band.holds(value) for value in values) if values else None
