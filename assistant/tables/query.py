"""What a question asks of a table, as code reckons it: an operation, the rows it is about, and the columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal

from assistant.tables.table import Table

Operation = Literal[
    "count", "list", "sum", "average", "most", "least", "first", "last", "cell", "row", "member", "share", "difference",
    "group_most", "group_least", "group_each", "group_average_most", "compare", "check", "absent",
]  # fmt: skip
Relation = Literal["=", "!=", ">", ">=", "<", "<=", "in", "has", "months"]
Value = str | Decimal | date
ANY = -1
"""For a condition's column: that of any one."""
_COMPARES: dict[str, Callable[[Any, Any], bool]] = {
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
}


@dataclass(frozen=True)
class Condition:
    """What a row must meet. values: texts of cells, a figure in its smallest unit (元, %), or a day; of `in` and `!=` each counts.

    months: the first and the last one, of any year. said: as the question says it, where a cell does not.
    """

    column: int
    relation: Relation
    values: tuple[Value, ...]
    said: str = ""

    def holds(self, row: Sequence[str], table: Table) -> bool:
        """Whether a row meets it; where its cell says nothing of the kind it does not."""
        first = self.values[0]
        if self.column == ANY:
            return any(cell in self.values for cell in row) == (self.relation != "!=")
        cell = row[self.column]
        if self.relation == "months":
            day = table.day(cell)
            return day is not None and int(str(first)) <= day.month <= int(str(self.values[1]))
        if self.relation == "in" and not isinstance(first, str):
            amount = table.amount(cell, self.column)
            return (table.day(cell) if isinstance(first, date) else amount and amount.value) in self.values
        if isinstance(first, date):
            return (day := table.day(cell)) is not None and _COMPARES[self.relation](day, first)
        if isinstance(first, Decimal):
            amount = table.amount(cell, self.column)
            return amount is not None and _COMPARES[self.relation](amount.value, first)
        if self.relation == "has":
            return any(str(value) in cell for value in self.values)
        return (cell in self.values) == (self.relation != "!=")


@dataclass(frozen=True)
class Query:
    """What is asked. where: what the rows meet; of a check, the last one is what is tested, and of a difference and a comparison
    the one with two values tells what is held against what, the first asked about first.

    column: what is reckoned with, None where rows are counted; by: the column whose values are groups; n: how many rows a ranking
    tells; rank: 2 for the second; by_unit: how the rows are counted (家, 台); unit: in which a sum is asked (万元);
    rows: those called by name; missing: what is called by name and is not there; other: a column that may be meant as well;
    named: the length of the longest cell that the question gives; like: how much of the column's name it gives;
    sure: the probability of the operation.
    """

    operation: Operation
    where: tuple[Condition, ...] = ()
    column: int | None = None
    by: int | None = None
    n: int = 1
    rank: int = 1
    by_unit: str = ""
    unit: str = ""
    rows: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    other: int | None = None
    named: int = 0
    like: float = 0.0
    sure: float = 1.0

    def picked(self, table: Table) -> list[tuple[str, ...]]:
        """The rows that meet all conditions."""
        return [tuple(row) for row in table.rows if all(one.holds(row, table) for one in self.where)]
