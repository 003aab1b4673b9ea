"""Cells with their spans, as every format gives them, to a Table: merged cells filled, header and caption told apart."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from core.cut import unbroken
from ingest.parsed import Element, Paragraph, Table
from ingest.readers.grouped import is_note, is_numbered, pairs_of, with_groups
from ingest.tables import amount_of, is_figure, is_year, money_behind, unit_behind, unit_line

MOST_COLUMNS = 200
DEEPEST_HEADER = 4
_PAIR = re.compile(r"(?!其\s*中|附[件表])[^：:\d]{2,10}[：:]\s*\S.*")
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
    title, *others = above if above and not _PAIR.fullmatch(above[0]) else ["", *above]
    found = _form(form) if form else _table(grid, header_rows)
    unit = units[-1] if units else ""
    titled = any(isinstance(e, Table) for e in found)
    return [
        *(Paragraph(line, page=page) for line in (others if titled else [*([title] if title else []), *others])),
        *(
            replace(e, page=page) if isinstance(e, Paragraph) else replace(e, caption=title, page=page, unit=unit)
            for e in found
        ),
        *(Paragraph(line, page=page) for line in below),
    ]


def under_page(found: Iterable[Element], lines: Iterable[str]) -> Iterator[Element]:
    """The elements of a page or a sheet, the unit that the lines of its header give made that of the tables that have none."""
    unit = next(filter(None, (unit_line(line) or money_behind(line) for line in lines)), "")
    before: list[Paragraph] = []
    for element in found:
        if isinstance(element, Paragraph):
            before.append(element)
        elif unit and not element.unit and not unit_behind(element.caption)[1]:
            own = any(unit_behind(line.text)[1] for line in before[-2:])
            element, before = (element if own else replace(element, unit=unit)), []
        yield element


def _table(grid: _Grid, header_rows: int) -> list[Element]:
    """A grid as a table under its header; as lines where it has one column."""
    rows = [_texts(row) for row in grid]
    if len(rows[0]) < 2:
        return [Paragraph(line) for row in rows for line in _lines(row[0])]
    grid = _with_names_spread(grid)
    rows = [_texts(row) for row in grid]
    depth = min(max(header_rows, _header_depth(grid)), max(1, len(rows) - 1))
    if not header_rows and depth == 1 and _names_nothing(rows):
        return [Table(tuple(map(tuple, rows)), 0)]
    return [Table(tuple(map(tuple, with_groups(rows, _alone(grid), depth))), depth)]


def _names_nothing(rows: Sequence[Sequence[str]]) -> bool:
    """Whether a first row is one like the others: wherever those have amounts alone, so has it, and some are no words.

    Years name columns, and so do figures that go up one by one.
    """
    first, body = rows[0], rows[1:]
    columns = [at for at in range(len(first)) if all(amount_of(row[at]) is not None for row in body)]
    if not body or not columns or len(columns) == len(first):
        return False
    told = [amount for at in columns if (amount := amount_of(first[at])) is not None]
    if len(told) < len(columns) or any(is_year(first[at]) for at in columns):
        return False
    return len(told) < 2 or any(b - a != 1 for a, b in pairwise(told))


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
    full = [below for below in grid[1:4] if all(c and c.text.strip() for c in below) and not any(map(_is_pair, below))]
    few = len(told) < FEW * len(row)
    pairs = sum(map(_is_pair, told))
    return bool(full) and (few or pairs == len(told) or (2 * pairs >= len(told) and len(told) < len(row)))


def _is_pair(cell: Cell | None) -> bool:
    """Whether a cell says what it is and how it is at once: 填报单位：云溪市工信局. None that names a column does."""
    return cell is not None and bool(_PAIR.fullmatch(" ".join(cell.text.split())))


def _closing(grid: _Grid) -> list[list[Cell | None]]:
    """The last rows that are one cell all across, or only a note: they stand below the table."""
    found: list[list[Cell | None]] = []
    for row in reversed(grid):
        if not (_is_one(row) or _is_note(row)) or len(found) + 1 >= len(grid):
            break
        found.insert(0, row)
    return found


def _names_rows(row: Sequence[Cell | None], counted: bool) -> bool:
    """Whether a row says a name behind its empty place for a number, and that name heads others: it is numbered, or
    the other rows are counted."""
    second = row[1] if len(row) > 2 else None
    return second is not None and bool(second.text.strip()) and (counted or is_numbered(second.text.strip()))


def _are_counted(grid: _Grid) -> bool:
    """Whether the first column counts the rows, of which some have no number."""
    told = [c.text.strip() for row in grid[1:] if (c := row[0]) and c.text.strip()]
    numbers = [text for text in told if text.isdecimal()]
    return len(numbers) > 1 and len(numbers) == len(told) and len(set(numbers)) > 1


def _is_note(row: Sequence[Cell | None]) -> bool:
    told = _distinct(row)
    return len(told) == 1 and told[0] is row[0] and is_note(unbroken(told[0].text))


def _alone(grid: _Grid) -> list[str]:
    """Of each row its text where it heads rows by its form: one cell all across, or the only one that says something.

    One that only leaves the others empty does so where it is numbered, or where the table has more than two columns and
    the row below says more; else it is a row of which nothing else is known.
    """
    counted = _are_counted(grid)
    lone = [len(told := _distinct(row)) == 1 and (told[0] is row[0] or _names_rows(row, counted)) for row in grid]
    out = []
    for at, row in enumerate(grid):
        text = unbroken(_distinct(row)[0].text) if lone[at] else ""
        heads = (
            _is_one(row)
            or is_numbered(text)
            or text.endswith(("：", ":"))
            or (len(row) > 2 and not any(lone[at + 1 : at + 2]))
        )
        out.append(text if heads else "")
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


def _with_names_spread(grid: _Grid) -> _Grid:
    """A grid whose first row names several columns at once without merging cells, made one in which they are merged.

    So it is where the first cells of the second row stay empty, every column has a name in one of the two, and the row
    below them has figures where they have names.
    """
    if len(grid) < 3:
        return grid
    upper, lower = ([bool(c and c.text.strip()) for c in row] for row in grid[:2])
    plain = all(c is None or (c.rows, c.columns) == (1, 1) for row in grid[:2] for c in row)
    named = all(a or b for a, b in zip(upper, lower, strict=True)) and upper[0] and not lower[0]
    figures = [is_figure(c.text) for c in grid[2] if c]
    if not (plain and named and any(figures)) or all(upper) or any(c and is_figure(c.text) for c in grid[1]):
        return grid
    first: list[Cell | None] = list(grid[0])
    second: list[Cell | None] = list(grid[1])
    starts = [at for at, told in enumerate(upper) if told]
    for start, end in zip(starts, [*starts[1:], len(upper)], strict=True):
        name = replace(first[start] or Cell("", 0, start), columns=end - start)
        first[start:end] = [name] * (end - start)
        if not lower[start]:
            second[start] = name
    return [first, second, *grid[2:]]


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
