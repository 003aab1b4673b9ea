"""The cells of a sheet as its tables and lines: parted by what is empty, rejoined where a table goes on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

from core.cut import unbroken
from ingest.parsed import Element, Paragraph
from ingest.readers import grid
from ingest.tables import is_figure, unit_line

MOST_SPANNED = 10_000
"""Cells that one may span, of those that are looked at."""
_YEAR = re.compile(r"(?:19|20)\d{2}\s*年?(?:度|底)?")


def tables_of(cells: Sequence[grid.Cell]) -> Iterator[Element]:
    """The tables of a sheet, parted by empty rows and columns; lines above and below a table are paragraphs."""
    for band in _rejoined([_rows(band) for band in _parted(cells, lambda c: c.row, lambda c: c.rows)]):
        yield from _band(band)


def _parted(cells: Sequence[grid.Cell], first: Any, size: Any) -> list[list[grid.Cell]]:
    """Cells in groups between which rows, or columns, stay empty."""
    covered = sorted({at for c in cells for at in range(first(c), first(c) + min(size(c), MOST_SPANNED))})
    group_of, group = {}, -1
    for before, at in zip([None, *covered], covered, strict=False):
        group += before is None or at - before > 1
        group_of[at] = group
    out: list[list[grid.Cell]] = [[] for _ in range(group + 1)]
    for cell in cells:
        out[group_of[first(cell)]].append(cell)
    return out


_Rows = list[list[grid.Cell]]


def _rows(cells: Iterable[grid.Cell]) -> _Rows:
    return [list(group) for _, group in groupby(cells, key=lambda c: c.row)]


def _rejoined(bands: Sequence[_Rows]) -> Iterator[_Rows]:
    """The bands, one that goes on with the table above it joined to it: a blank row may stand inside a table."""
    whole: _Rows = []
    for band in bands:
        if whole and _goes_on(whole, band):
            whole += band
            continue
        if whole:
            yield whole
        whole = list(band)
    if whole:
        yield whole


def _goes_on(above: _Rows, band: _Rows) -> bool:
    """Whether a band begins with a row of data under columns that the band above it has named."""
    head = next((row for row in above if len(row) > 1), None)
    if head is None or len(above[-1]) < 2 or len(band[0]) < 2 or band[0][0].columns > 1:
        return False
    names = {c.column: c.text for c in head}
    first = {c.column: c.text for c in band[0]}
    if not set(first) <= set(names) or min(first) != min(names):
        return False
    only_named = above[-1] is head and not any(map(_counts, names.values()))
    return only_named or any(_counts(text) and not _counts(names[at]) for at, text in first.items())


def _counts(text: str) -> bool:
    return is_figure(text) and not _YEAR.fullmatch(text)


def _band(rows: _Rows) -> Iterator[Element]:
    """The elements of rows that follow each other: lines, then one table or several beside each other, then lines."""
    if at := _second_table(rows):
        yield from _band(rows[:at])
        yield from _band(rows[at:])
        return
    single = [_is_single(row) for row in rows]
    first = next((at for at, alone in enumerate(single) if not alone), len(rows))
    last = next((at for at in range(len(rows) - 1, -1, -1) if not single[at]), -1)
    yield from _lines(rows[:first])
    body = [c for row in rows[first : last + 1] for c in row]
    beside = _parted(body, lambda c: c.column, lambda c: c.columns)
    if len(beside) > 1:
        for part in beside:
            yield from tables_of(part)
    elif body:
        top, left = min(c.row for c in body), min(c.column for c in body)
        yield from grid.elements(grid.Cell(c.text, c.row - top, c.column - left, c.rows, c.columns) for c in body)
    yield from _lines(rows[max(last + 1, first) :])


def _is_single(row: Sequence[grid.Cell]) -> bool:
    return len(row) == 1 and row[0].rows == 1


def _second_table(rows: _Rows) -> int:
    """Where a table begins right below another, with a line that gives its unit; 0 where none does."""
    first = next((at for at, row in enumerate(rows) if not _is_single(row)), len(rows))
    for at in range(first + 1, len(rows) - 1):
        if _is_single(rows[at]) and unit_line(rows[at][0].text):
            while _is_single(rows[at - 1]):
                at -= 1
            return at
    return 0


def _lines(rows: Iterable[Sequence[grid.Cell]]) -> Iterator[Element]:
    for row in rows:
        for line in row[0].text.split("\n"):
            if line.strip():
                yield Paragraph(unbroken(line))
