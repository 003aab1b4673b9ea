"""Whether the figures of the question went in as they have to: all of what was spent, and nothing taken off without a reason."""

from __future__ import annotations

import re
from decimal import Decimal

from assistant.document.worked.operand import Operand
from assistant.document.worked.quantity import MONEY, MONTH, Quantity, Refused
from assistant.document.worked.reckoning import Worked
from assistant.document.worked.scope import countable, marks, reaching

_LESS = re.compile(r"差额|补差|补足|扣除|扣减|抵扣|减去|扣掉|抵减|已[^，。；]{0,8}的?部分")
_BY_TIME = re.compile(r"[月期]|年利|年化")
_OF_IT = re.compile(r"其中|里[头边面]?|当中|内含")
_NET = re.compile(r"不含税|不含增值税|除税|未税|税前")
SPENT = frozenset({"base", "each", "gross", "tax", "had"})
"""Figures of a question that change what she gets."""


def all_counted(worked: Worked) -> None:
    """What was spent, what was had already and tax went in; parts too, but where they make up the whole."""
    used = worked.result.of
    left = [one for one in worked.sheet.told if one.name not in used and one.quantity.unit == MONEY]
    for one in left:
        if one.kind in SPENT:
            raise Refused(f"问题里的{one.name}（{one.around}）没有用上")
    counts = [one for one in worked.used.values() if one.kind == "count"]
    for one in worked.sheet.told:
        like = [other.quantity.value for other in counts if countable(other.quantity.unit, one.quantity.unit)]
        if one.kind == "count" and like and one.name not in used and one.quantity.value != sum(like):
            raise Refused(f"问题里的{one.name}（{one.around}）没有用上")
    _times_counted(worked)
    parts = [one for one in left if one.kind == "part"]
    whole = {one.quantity.value for one in worked.used.values() if one.name[0] == "a"}
    if parts and sum((one.quantity.value for one in parts), Decimal(0)) not in whole:
        raise Refused(f"问题里的{parts[0].name}（{parts[0].around}）没有用上：算不算在内要看规定")


def _times_counted(worked: Worked) -> None:
    """How many there are, and for how many months, goes in where the rule is by that."""
    rules = "".join(line.paragraph for line, _ in worked.rules)
    for one in worked.sheet.told:
        unit = one.quantity.unit
        by_it = bool(_BY_TIME.search(rules)) if unit == MONTH else one.kind == "count" and f"每{unit}" in rules
        if by_it and one.name not in worked.result.of:
            raise Refused(f"问题里的{one.name}（{one.around}）没有用上")


def net(worked: Worked) -> None:
    """A sum with tax is no base where the notice counts without, unless the tax went in too."""
    gross = [one for one in worked.used.values() if one.kind == "gross"]
    without = any(_NET.search(f"{line.clause.under}{line.text}") for line in reaching(worked))
    if gross and without and not any(one.kind == "tax" for one in worked.used.values()):
        raise Refused(f"规定按不含税的算，{gross[0].name}是含税的，没说税是多少")


def taken_off(worked: Worked) -> None:
    """Money is taken off only where there is a reason: tax, what the notice leaves out, what was had, what it grew from."""
    lessens = any(_LESS.search(line.text) for line in reaching(worked))
    had = any(piece.had for piece in worked.sheet.asked.pieces)
    of_rule = any(_LESS.search(line.text) for line, _ in worked.rules)
    had_names = {one.name for one in worked.sheet.told if one.kind == "had"}
    if any(had_names & set(step.names[:1] if step.op == "减" else step.names) for step in worked.steps.values()):
        raise Refused("已经拿到的钱只能减掉")
    for step in worked.of("减"):
        left, right = step.values
        if right.role == "bound":
            raise Refused("上限不能拿来减")
        if left.role == "given":
            _off_given(worked, right, lessens and had)
        else:
            for one in _told(worked, right):
                _off_spent(worked, left, one, of_rule)


def _off_given(worked: Worked, right: Quantity, lessens: bool) -> None:
    """Off what is given goes what was had already, or a lower step of the same where the notice pays the difference."""
    if right.role == "base" and any(one.kind != "had" for one in _told(worked, right)):
        raise Refused(f"{right.told}不是已经拿到的钱，不能从补的钱里减")
    if not lessens:
        raise Refused("规定没有写要扣掉、补差额，或者没说以前拿过，不能减")


def _off_spent(worked: Worked, left: Quantity, one: Operand, lessens: bool) -> None:
    """Off what was spent goes tax, what it grew from, a part that the notice leaves out, and what was had where the rule says so."""
    if one.kind == "tax" or (one.kind == "had" and lessens):
        return
    if one.kind == "firm" and all(whole.kind == "firm" for whole in _told(worked, left)):
        return
    about = marks(one.around)
    of_it = one.kind == "part" or (one.kind == "count" and _OF_IT.search(one.around))
    if of_it and any(line.refuses and about & marks(line.text) for line in reaching(worked)):
        return
    raise Refused(f"规定没有写要减掉{one.name}（{one.around}）")


def _told(worked: Worked, value: Quantity) -> list[Operand]:
    """The figures of the question that a value stands on."""
    return [one for one in worked.sheet.told if one.name in value.of]
