"""Cells with their spans, as every format gives them, to a Table: merged cells filled, header and caption told apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from core.cut import unbroken
from ingest.parsed import Element, Paragraph, Table
from ingest.readers.grouped import pairs_of, with_groups
from ingest.tables import is_figure, unit_line

MOST_COLUMNS = 200
DEEPEST_HEADER = 4
FEW = 0.6
"""A first row that names fewer of the columns than this share, above one that names all, is no header."""


@dataclass(frozen=True)
class Cell:
    """A cell at its first row and column, both from 0, and how many of each it covers."""

    text: str
    row: int
    column: int
    rows: int = 1
    columns: int = 1


_Grid = list[list[Cell | None]]


def elements(cells: Iterable[Cell], header_rows: int = 0, page: int | None = None) -> list[Element]:
    """A table; or its lines as paragraphs, where it has one column and so is a frame around text.

    First rows that are one cell all across, that give the unit, or that hold too little to name the columns are lines
    above it, the first of them its caption; last rows that are one cell are lines below it. A form, whose labels stand
    beside what is filled in, becomes a table of two columns without a header. header_rows: as the file marks them, 0
    where it does not.
    """
    placed = [c for c in cells if c.column < MOST_COLUMNS]
    grid = _filled(placed)
    width = len(grid[0]) if grid else 0
    if width < 2:
        return [Paragraph(line, page=page) for row in grid for line in _lines(row[0].text if row[0] else "")]
    above: list[str] = []
    while grid and (_is_one(grid[0]) or _stands_above(grid)):
        above += [line for cell in _distinct(grid.pop(0)) for line in _lines(cell.text)]
        header_rows = max(0, header_rows - 1)
    below = [line for row in _closing(grid) for line in _lines(_texts(row)[0])]
    grid = grid[: len(grid) - len(_closing(grid))]
    form = pairs_of([_beside(row) for row in grid])
    grid = _without_empty(grid)
    if not grid:
        return [Paragraph(line, page=page) for line in (*above, *below)]
    units = [unit for line in above if (unit := unit_line(line))]
    above = [line for line in above if not unit_line(line)]
    title, *others = above or [""]
    found = _form(form) if form else _table(grid, header_rows)
    unit = units[-1] if units else ""
    titled = any(isinstance(e, Table) for e in found)
    return [
        *(Paragraph(line, page=page) for line in (others if titled else above)),
        *(
            replace(e, page=page) if isinstance(e, Paragraph) else replace(e, caption=title, page=page, unit=unit)
            for e in found
        ),
        *(Paragraph(line, page=page) for line in below),
    ]


def _table(grid: _Grid, header_rows: int) -> list[Element]:
    """A grid as a table under its header; as lines where it has one column."""
    rows = [_texts(row) for row in grid]
    if len(rows[0]) < 2:
        return [Paragraph(line) for row in rows for line in _lines(row[0])]
    depth = min(max(header_rows, _header_depth(grid)), max(1, len(rows) - 1))
    return [Table(tuple(map(tuple, with_groups(rows, _alone(grid), depth))), depth)]


def _form(pairs: Sequence[tuple[str, str]]) -> list[Element]:
    """What is filled into a form as a table of two columns; the labels beside which nothing stands in one line."""
    filled = tuple(pair for pair in pairs if pair[1])
    asked = "、".join(label.rstrip("：: ") for label, value in pairs if not value)
    return [*[Table(filled, 0)] * bool(filled), *[Paragraph(f"要填写的有：{asked}。")] * bool(asked)]


def _stands_above(grid: _Grid) -> bool:
    """Whether a first row is none of the table's: it gives the unit, or leaves most columns without a name."""
    row = grid[0]
    told = [c for c in row if c and c.text.strip()]
    if not told or len(grid) < 3:
        return False
    if any(unit_line(c.text) for c in told) and not any(is_figure(c.text) for c in told):
        return True
    return len(told) < FEW * len(row) and any(
        sum(bool(c and c.text.strip()) for c in below) == len(row) for below in grid[1:4]
    )


def _closing(grid: _Grid) -> list[list[Cell | None]]:
    """The last rows that are one cell all across: notes below the table."""
    found: list[list[Cell | None]] = []
    for row in reversed(grid):
        if not _is_one(row) or len(found) + 1 >= len(grid):
            break
        found.insert(0, row)
    return found


def _alone(grid: _Grid) -> list[str]:
    """Of each row its text where it is one cell all across, or the only one that says something; else nothing."""
    out = []
    for row in grid:
        told = _distinct(row)
        first = row[0] is not None and bool(row[0].text.strip())
        out.append(unbroken(told[0].text) if len(told) == 1 and first else "")
    return out


def _distinct(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a row that say something, each once."""
    return [c for c in dict.fromkeys(row) if c is not None and c.text.strip()]


def _beside(row: Sequence[Cell | None]) -> list[Cell]:
    """The cells of a row, each once, the empty ones too."""
    filled = [c or Cell("", 0, at) for at, c in enumerate(row)]
    return list(dict.fromkeys(filled))


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
        and 2 * sum(is_figure(text) for text in told) <= len(told)
    )
