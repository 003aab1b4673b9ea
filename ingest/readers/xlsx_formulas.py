"""Formulas that the program which wrote a workbook never computed: computed here, as far as they rest on the workbook alone."""

from __future__ import annotations

import io
import logging
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import openpyxl

_UNCOMPUTED = re.compile(rb"</f>\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>|<f[^>]*/>\s*(?:<v>\s*</v>|<v\s*/>)?\s*</c>")
_CHANGES = re.compile(r"\b(?:TODAY|NOW|RAND\w*|OFFSET|INDIRECT|CELL|INFO)\s*\(|\[\d+\]|https?:|\\\\", re.I)
"""What has another value tomorrow or on another computer."""
_PICTURE = re.compile(r"=?\s*(?:_xlfn\.)?DISPIMG\s*\(", re.I)
MOST = 20_000
log = logging.getLogger(__name__)


def is_picture(value: object) -> bool:
    """Whether a cell holds one of the pictures that WPS puts into cells."""
    return isinstance(value, str) and bool(_PICTURE.match(value))


def fill_in(book: Any, data: bytes) -> int:
    """Give the cells of a workbook, read for its values, those that were never computed; how many stay without one."""
    if not any(_UNCOMPUTED.search(part) for part in _sheets(data)):
        return 0
    try:
        formulas = openpyxl.load_workbook(io.BytesIO(data), keep_links=False)
    except (KeyError, ValueError, TypeError, AttributeError, zipfile.BadZipFile):
        return 0
    for sheet, cell in _cells(formulas):
        if is_picture(_text(cell)) and book[sheet.title][cell.coordinate].value is None:
            book[sheet.title][cell.coordinate].value = _text(cell)  # the reader counts the pictures that are seen
    missing = [
        (sheet.title, cell)
        for sheet, cell in _cells(formulas)
        if cell.data_type == "f" and book[sheet.title][cell.coordinate].value is None
    ]
    fit = [(name, cell) for name, cell in missing[:MOST] if not _CHANGES.search(_text(cell))]
    computed = _computed(data, fit)
    for (name, cell), value in zip(fit, computed, strict=True):
        if value is not None:
            book[name][cell.coordinate].value = value
    return len(missing) - sum(value is not None for value in computed)


def _cells(book: Any) -> Iterator[tuple[Any, Any]]:
    return ((sheet, cell) for sheet in book.worksheets for cell in sheet._cells.values())


def _sheets(data: bytes) -> list[bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        names = [n for n in package.namelist() if n.endswith(".xml") and "/worksheets/" in n]
        return [package.read(name) for name in names]


def _text(cell: Any) -> str:
    return str(getattr(cell.value, "text", cell.value) or "")


def _computed(data: bytes, cells: list[tuple[str, Any]]) -> list[Any]:
    """The value of each cell; None where it has none, or cannot be had."""
    if not cells:
        return []
    try:
        import formualizer

        engine = formualizer.load_workbook_bytes(data)
    except Exception as exc:  # a native engine with errors of its own; without it the cells are told as unread
        log.warning("formulas not computed: %s", exc)
        return [None] * len(cells)
    found: list[Any] = []
    for name, cell in cells:
        try:
            value = engine.evaluate_cell(name, cell.row, cell.column)
        except Exception as exc:
            log.info("%s!%s: %s", name, cell.coordinate, exc)
            value = None
        found.append(None if isinstance(value, dict | list) else value)
    return found
