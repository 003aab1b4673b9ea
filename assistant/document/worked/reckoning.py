"""Steps over listed figures, checked for what exists and for units, and reckoned."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.document.worked.operand import Operand
from assistant.document.worked.quantity import MONEY, OPERATIONS, Quantity, Refused
from assistant.document.worked.shape import ALONE, Step
from assistant.document.worked.sheet import Line, Sheet


@dataclass(frozen=True)
class Taken:
    """A step that was taken. names: what it takes, one or two."""

    op: str
    names: tuple[str, ...]
    values: tuple[Quantity, ...]
    result: Quantity


@dataclass(frozen=True)
class Worked:
    """An amount with the steps that lead to it, by their names."""

    sheet: Sheet
    steps: dict[str, Taken]

    @property
    def result(self) -> Quantity:
        return list(self.steps.values())[-1].result

    @property
    def used(self) -> dict[str, Operand]:
        """The listed figures that went in."""
        return {name: one for name, one in self.sheet.operands.items() if name in self.result.of}

    @property
    def lines(self) -> list[Line]:
        """The lines of the notice that it stands on."""
        return [line for line in self.sheet.shown if any(one.name in self.result.of for one in line.operands)]

    def of(self, op: str) -> Iterator[Taken]:
        return (step for step in self.steps.values() if step.op == op)

    @property
    def rules(self) -> list[tuple[Line, Operand]]:
        """The figures by which something is given, with their lines; not those that are only taken off."""
        return [
            (line, one)
            for line in self.lines
            for one in line.gives
            if one.name in self.result.of and self._stays(one.name)
        ]

    def _stays(self, name: str) -> bool:
        """Whether a figure leads to the amount on a way on which it is not taken off from something."""
        ways = {name}
        for key, step in self.steps.items():
            if ways & set(step.names[:1] if step.op == "减" else step.names):
                ways.add(key)
        return list(self.steps)[-1] in ways

    @property
    def bases(self) -> list[Quantity]:
        """The sums that a share is given of."""
        pairs = [(a, b) for step in self.of("乘") for a, b in (step.values, step.values[::-1])]
        return [a for a, b in pairs if a.unit == MONEY and a.role == "base" and b.role == "given"]


def reckon(sheet: Sheet, steps: Sequence[Step]) -> Worked:
    """The amount that steps come to; raises Refused. Steps that do not lead to the last one are left out."""
    known: dict[str, Quantity] = {name: one.quantity for name, one in sheet.operands.items()}
    taken: dict[str, Taken] = {}
    if not steps:
        raise Refused("没有写出步骤")
    for number, step in enumerate(steps, 1):
        names = (step.left,) if step.op in ALONE else (step.left, step.right)
        for name in names:
            if name not in known:
                raise Refused(f"没有{name}这个数，只能用列出来的编号和前面的步骤")
        values = tuple(known[name] for name in names)
        known[f"s{number}"] = result = OPERATIONS[step.op](values[0], values[-1])
        taken[f"s{number}"] = Taken(step.op, names, values, result)
    worked = Worked(sheet, _leading(taken))
    result = worked.result
    if result.unit != MONEY:
        raise Refused("最后一步算出来的不是钱")
    if result.role != "given":
        raise Refused("最后一步不是补的钱：要用规定里的比例或金额算")
    if not result.value:
        raise Refused("最后一步算出来是0")
    return worked


def _leading(taken: dict[str, Taken]) -> dict[str, Taken]:
    """The steps that the last one needs."""
    needed, last = set[str](), list(taken)[-1]
    waiting = [last]
    while waiting:
        name = waiting.pop()
        if name in taken and name not in needed:
            needed.add(name)
            waiting += taken[name].names
    return {name: step for name, step in taken.items() if name in needed}
