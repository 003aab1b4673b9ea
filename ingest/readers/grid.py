"""Cells with their spans, as every format gives them, to a Table: merged cells filled, header and caption told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.cut import unbroken
from ingest.parsed import Element, Paragraph, Table
from ingest.tables import is_figure

MOST_COLUMNS = 200
DEEPEST_HEADER = 4


@dataclass(frozen=True)
class Cell:
    """A cell at its first row and column, both from 0, and how many of each it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


def elements(cells: Iterable[Cell], header_rows: int = 0, page: int | None = None) -> list[Element]:
    """A table; or its lines as paragraphs, where it has one column and so is a frame around text.

    A first row that is one cell all across is the caption. header_rows: as the file marks them, 0 where it does not.
    """
    placed = [c for c in cells if c.column < MOST_COLUMNS]
    grid = _filled(placed)
    width = len(grid[0]) if grid else 0
    if width < 2:
        return [Paragraph(line, page=page) for row in grid for line in _lines(row[0].text if row[0] else "")]
    caption: list[str] = []
    while grid and _is_one(grid[0]):
        caption += _lines(_texts(grid.pop(0))[0])
        header_rows = max(0, header_rows - 1)
    grid = _without_empty(grid)
    if not grid:
        return [Paragraph(line, page=page) for line in caption]
    rows = tuple(tuple(_texts(row)) for row in grid)
    if len(rows[0]) < 2:
        return [Paragraph(line, page=page) for line in (*caption, *(line for r in rows for line in _lines(r[0])))]
    title, *others = caption or [""]
    depth = min(header_rows or _header_depth(grid), max(1, len(rows) - 1))
    return [*(Paragraph(line, page=page) for line in others), Table(rows, depth, title, page)]


def _filled(cells: Sequence[Cell]) -> list[list[Cell | None]]:
    """Each place of the grid with the cell that covers it."""
    height = max((c.row + 1 for c in cells), default=0)
    width = max((min(c.column + c.columns, MOST_COLUMNS) for c in cells), default=0)
    grid: list[list[Cell | None]] = [[None] * width for _ in range(height)]
    for cell in cells:
        for row in range(cell.row, min(cell.row + cell.rows, height)):
            for column in range(cell.column, min(cell.column + cell.columns, width)):
                grid[row][column] = cell
    return grid


def _without_empty(grid: Sequence[Sequence[Cell | None]]) -> list[list[Cell | None]]:
    """Without rows and columns in which nothing stands."""
    rows = [list(row) for row in grid if any(c and c.text.strip() for c in row)]
    if not rows:
        return []
    kept = [at for at in range(len(rows[0])) if any((c := row[at]) and c.text.strip() for row in rows)]
    return [[row[at] for at in kept] for row in rows]


def _is_one(row: Sequence[Cell | None]) -> bool:
    """Whether a row is one cell all across that says something."""
    first = row[0]
    return first is not None and bool(first.text.strip()) and all(c is first for c in row)


def _texts(row: Sequence[Cell | None]) -> list[str]:
    return [unbroken(c.text) if c else "" for c in row]


def _lines(text: str) -> list[str]:
    return [unbroken(line) for line in text.split("\n") if line.strip()]


def _header_depth(grid: Sequence[Sequence[Cell | None]]) -> int:
    """How many rows name the columns: one more below each in which a name spans columns."""
    depth = 1
    while depth < min(len(grid) - 1, DEEPEST_HEADER) and _names_go_on(grid[depth - 1], grid[depth]):
        depth += 1
    return depth


def _names_go_on(above: Sequence[Cell | None], row: Sequence[Cell | None]) -> bool:
    """Whether a row names the columns below a name that spans them: elsewhere it holds nothing of its own."""
    if list(above) == list(row):
        return True
    under = [bool(c and c.columns > 1) for c in above]
    told = [c.text for c, spanned in zip(row, under, strict=True) if spanned and c]
    elsewhere = zip(above, row, under, strict=True)
    return (
        any(under)
        and all(spanned or c is name or not (c and c.text.strip()) for name, c, spanned in elsewhere)
        and not any(is_figure(text) for text in told)
    )
