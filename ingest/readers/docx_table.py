"""The tables of Word: their rows and cells, content controls around them opened, and which of them are only frames."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from docx.oxml.ns import qn

from ingest.readers import grid
from ingest.readers.docx_marks import is_prompt, says_something, switched

_WRAPPERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "customXml")}
_TABLE, _ROW, _CELL = qn("w:tbl"), qn("w:tr"), qn("w:tc")
_FEW = 2
"""Rows, and columns, that a table in a cell has at least where the cell only places it."""


@dataclass(frozen=True)
class Read:
    """The cells of a table that are seen, how many first rows the file marks as its header, and how many are hidden."""

    cells: list[grid.Cell]
    header: int
    hidden: int


def read(tbl: Any, text_of: Callable[[Any], str]) -> Read:
    """text_of: what a cell says."""
    cells: list[grid.Cell] = []
    open_cells: dict[int, int] = {}
    waiting: dict[int, grid.Cell] = {}
    at = header = hidden = 0
    for row in _inside(tbl, _ROW):
        properties = row.find(qn("w:trPr"))
        gone = properties is not None and properties.find(qn("w:del")) is not None
        unseen = properties is not None and bool(switched(properties, "w:hidden"))
        hidden += unseen and not gone
        header += not (gone or unseen) and header == at and _is_marked(properties)
        for column, span, cell in _placed(row, properties):
            merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
            goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
            if gone or unseen:
                if merge is not None and not goes_on:  # its name belongs to the rows below, too
                    waiting[column] = grid.Cell(text_of(cell), at, column, 1, span)
                continue
            if goes_on and column in waiting:
                open_cells[column] = len(cells)
                cells.append(replace(waiting.pop(column), row=at))
            elif goes_on and column in open_cells:
                first = cells[open_cells[column]]
                cells[open_cells[column]] = replace(first, rows=at - first.row + 1)
            else:
                waiting.pop(column, None)
                open_cells[column] = len(cells)
                cells.append(grid.Cell(text_of(cell), at, column, 1, span))
        at += not (gone or unseen)
    return Read(cells, header, hidden)


def placed_in(tbl: Any) -> list[Any]:
    """The cells of a table that only frames or places what is in them, tables among it; none where it is a real one."""
    rows = [list(_inside(row, _CELL)) for row in _inside(tbl, _ROW)]
    cells = [cell for row in rows for cell in row]
    if not any(_table_in(cell) for cell in cells):
        return []
    framed = all(len(row) == 1 for row in rows)
    beside = len(rows) == 1 and all(_table_in(cell) or not says_something(cell) for cell in cells)
    return cells if framed or beside else []


def _table_in(cell: Any) -> bool:
    """Whether a cell holds a table of some rows and columns."""
    found = (list(_inside(table, _ROW)) for table in _inside(cell, _TABLE))
    return any(len(rows) >= _FEW and len(list(_inside(rows[0], _CELL))) >= _FEW for rows in found)


def _is_marked(properties: Any) -> bool:
    return properties is not None and properties.find(qn("w:tblHeader")) is not None


def _placed(row: Any, properties: Any) -> list[tuple[int, int, Any]]:
    """The cells of a row that are there, each with its first column and how many it covers."""
    found: list[tuple[int, int, Any]] = []
    column = _number(properties.find(qn("w:gridBefore")), 0) if properties is not None else 0
    for cell in _inside(row, _CELL):
        if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is not None:
            continue
        span = _number(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
        across = cell.find(f"{qn('w:tcPr')}/{qn('w:hMerge')}")
        if found and across is not None and across.get(qn("w:val"), "continue") == "continue":
            first, wide, named = found[-1]
            found[-1] = first, wide + span, named
        else:
            found.append((column, span, cell))
        column += span
    return found


def _inside(node: Any, tag: str) -> Iterator[Any]:
    """The children of this kind, content controls around them opened."""
    for child in node:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def is_unfilled(cell: Any) -> bool:
    """Whether a cell stands in a content control that still shows what to fill in."""
    node = cell.getparent()
    while node is not None and node.tag in _WRAPPERS:
        if is_prompt(node):
            return True
        node = node.getparent()
    return False


def _number(node: Any, default: int) -> int:
    try:
        value = int(node.get(qn("w:val"))) if node is not None else default
    except (TypeError, ValueError):
        return default
    return value if 0 <= value <= grid.MOST_COLUMNS else default
