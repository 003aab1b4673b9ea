"""Excel workbooks: every sheet as a heading and its tables, values as the cell's format shows them."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import Any

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from core.cut import unbroken
from ingest.clean import readable
from ingest.parsed import Element, Paragraph, Parsed
from ingest.readers import damaged, grid, package

MOST_CELLS = 300_000
_NAMELESS = re.compile(r"(?:sheet|工作表|表)?\s*\d*", re.I)
_DECIMALS = re.compile(r"0\.(0+)")
_PLAIN = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


def read(data: bytes) -> Parsed:
    package.check(data, "Excel（.xlsx）", "xl/workbook.xml")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, TypeError, AttributeError) as exc:
        raise damaged("Excel（.xlsx）") from exc
    elements: list[Element] = []
    notes: list[str] = []
    room = MOST_CELLS
    for sheet in book.worksheets:
        cells = _cells(sheet)
        if len(cells) > room:
            notes.append(f"工作表“{sheet.title}”太大，只录入了前面的部分。")
            cells = cells[:room]
        room -= len(cells)
        found = list(_tables(cells))
        name = " ".join(readable(sheet.title).split())
        if found and len(book.worksheets) > 1 and not _NAMELESS.fullmatch(name):
            elements.append(Paragraph(name, 1))
        elements += found
    if any(name.lower().endswith("vbaproject.bin") for name in _names(data)):
        notes.append("文件带宏，宏没有运行，也没有录入。")
    return Parsed(tuple(elements), author=book.properties.creator or "", notes=tuple(notes))


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.namelist()


def _cells(sheet: Any) -> list[grid.Cell]:
    """The cells of a sheet that say something, in order, merged ones with their spans."""
    spans: dict[tuple[int, int], tuple[int, int]] = {}
    covered: set[tuple[int, int]] = set()
    for area in sheet.merged_cells.ranges:
        spans[area.min_row, area.min_col] = (area.max_row - area.min_row + 1, area.max_col - area.min_col + 1)
    found = []
    for (row, column), cell in sorted(sheet._cells.items()):
        if (row, column) in covered:
            continue
        if text := shown(cell.value, cell.number_format):
            found.append(grid.Cell(text, row, column, *spans.get((row, column), (1, 1))))
    return found


def _tables(cells: Sequence[grid.Cell]) -> Iterator[Element]:
    """The tables of a sheet: stretches of rows without an empty row; lines above and below a table are paragraphs."""
    covered = {row for c in cells for row in range(c.row, c.row + min(c.rows, 10_000))}
    starts = [row for row in sorted(covered) if row - 1 not in covered]
    block_of = {}
    block = -1
    for row in sorted(covered):
        block += row in starts if len(starts) < 1000 else 0
        block_of[row] = block
    for _, group in groupby(cells, key=lambda c: block_of[c.row]):
        yield from _block(list(group))


def _block(cells: Sequence[grid.Cell]) -> Iterator[Element]:
    rows = [list(group) for _, group in groupby(cells, key=lambda c: c.row)]
    single = [len(row) == 1 and row[0].rows == 1 for row in rows]
    first = next((at for at, alone in enumerate(single) if not alone), len(rows))
    last = next((at for at in range(len(rows) - 1, -1, -1) if not single[at]), -1)
    yield from _lines(rows[:first])
    body = [c for row in rows[first : last + 1] for c in row]
    if body:
        top, left = min(c.row for c in body), min(c.column for c in body)
        yield from grid.elements(grid.Cell(c.text, c.row - top, c.column - left, c.rows, c.columns) for c in body)
    yield from _lines(rows[max(last + 1, first) :])


def _lines(rows: Iterable[Sequence[grid.Cell]]) -> Iterator[Element]:
    for row in rows:
        for line in row[0].text.split("\n"):
            if line.strip():
                yield Paragraph(unbroken(line))


def shown(value: object, number_format: str) -> str:
    """A value as people see it in the sheet: 0.4 as 40%, a date as 2026-03-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, dt.datetime):
        return f"{value:%Y-%m-%d %H:%M}" if value.time() != dt.time() else f"{value:%Y-%m-%d}"
    if isinstance(value, dt.date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, dt.time):
        return f"{value:%H:%M}"
    if isinstance(value, int | float):
        return _figure(float(value), _PLAIN.sub("", number_format or ""))
    return readable(str(value)).strip()


def _figure(value: float, pattern: str) -> str:
    if value != value or value in {float("inf"), float("-inf")}:
        return ""
    sign = "%" if "%" in pattern else ""
    value = value * 100 if sign else value
    decimals = _DECIMALS.search(pattern)
    if decimals or sign:
        text = f"{value:.{len(decimals[1]) if decimals else 0}f}"
    else:
        text = f"{value:.10g}" if abs(value) < 1e15 else f"{value:.0f}"
    if "e" in text:
        text = f"{value:.0f}" if abs(value) >= 1 else f"{value:.10f}".rstrip("0")
    return text + sign
