"""The words in which what is reckoned over a table is told: its rows, cells, conditions and figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from math import prod

from assistant.tables.query import ANY, Condition, Query
from assistant.tables.table import Table

LISTED = 30
"""So many rows are told by name; of more the first ones and how many there are."""
FIRST = 10
LONGEST_CELL = 120
_RELATION = {">": "超过", ">=": "不低于", "<": "低于", "<=": "不超过", "=": "等于", "!=": "不是"}
_FIGURES = re.compile(r"[-+]?\d[\d.,]*(?:\s*[-–—~～至]\s*\d[\d.,]*)?")
"""A figure or a range without a unit of its own."""
Row = Sequence[str]


def condition(query: Query, table: Table, without: Condition | None = None) -> str:
    """Which rows are meant, in words."""
    days, parts = set[int](), list[str]()
    for one in query.where:
        if one is without or (one.column in days and not one.said):
            continue
        if isinstance(one.values[0], date) or one.relation == "months":
            days.add(one.column)
        parts.append(_said(one, query, table))
    return "、".join(filter(None, parts))


def _said(one: Condition, query: Query, table: Table) -> str:
    told = "、".join(map(str, one.values))
    if one.column == ANY:
        return f"{'没写' if one.relation == '!=' else '写着'}{told}"
    name = table.title(one.column)
    first = one.values[0]
    if isinstance(first, date) or one.relation == "months":
        return f"{name}在{one.said or _days(one, query)}"
    if isinstance(first, Decimal):
        unit = next((amount.unit for row in table.rows if (amount := table.amount(row[one.column], one.column))), "")
        return f"{name}{_RELATION[one.relation]}{shown(first, unit, table.typed.units[one.column])}"
    if one.values == ("",):
        return f"{name}{'没填' if one.relation != '!=' else '有填'}"
    return f"{name}{'不是' if one.relation == '!=' else '有' if one.relation == 'has' else '是'}{told}"


def _days(one: Condition, query: Query) -> str:
    own = [each for each in query.where if each.column == one.column]
    return "、".join(
        f"{each.values[0]}{'及以后' if each.relation == '>=' else '及以前' if each.relation == '<=' else ''}"
        for each in own
    )


def called(table: Table, row: Row, at: int | None = None) -> str:
    """A row by its name, with its cell where a column is meant."""
    name = table.name(row)
    return f"{name}（{cell(table, row, at)}）" if at is not None and at != table.name_column and row[at] else name


def cell(table: Table, row: Row, at: int) -> str:
    """A cell with its column's unit where it has none of its own."""
    figure, mark, remark = row[at].partition("（批注：")
    unit = table.typed.units[at]
    return f"{figure}{unit if unit and _FIGURES.fullmatch(figure.strip()) else ''}{mark}{remark}"


def listed(rows: Sequence[Row], table: Table, at: int | None) -> str:
    """Rows by their names."""
    told = "、".join(called(table, row, at) for row in (rows if len(rows) <= LISTED else rows[:FIRST]))
    return told if len(rows) <= LISTED else f"{told}……共{len(rows)}，这里列前{FIRST}"


def all_rows(table: Table, by: str) -> str:
    """How many rows there are."""
    return f"按表的行数的，共{len(table.rows)}{by or table.by}" + ("，小计、合计行不算" if table.totals else "")


def whole_row(table: Table, row: Row, told_already: int | None = None) -> str:
    """All that a row says beside its name, and beside the column that was told already."""
    told = [
        f"{table.title(at)}{cell(table, row, at)}"
        for at, text in enumerate(row)
        if text
        and at not in {table.name_column, told_already}
        and table.typed.names[at]
        and "序" not in table.typed.names[at]
        and len(text) <= LONGEST_CELL
    ]
    return "，".join(told)


_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}


def shown(value: Decimal, unit: str, column_unit: str, places: int = 4) -> str:
    """A value in its column's unit: 1557万元 under 万元."""
    signs = column_unit.removesuffix(unit) if unit and column_unit.endswith(unit) else ""
    if signs and all(sign in _SCALES for sign in signs):
        return f"{trimmed(value / prod(_SCALES[sign] for sign in signs), places)}{column_unit}"
    if unit == "元" and not column_unit and abs(value) >= 10**4:
        return f"{trimmed(value / 10**4, places)}万元"
    return f"{trimmed(value, places)}{unit or column_unit}"


def trimmed(value: Decimal, places: int) -> str:
    """A value without noughts at its end."""
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
