"""A report as an Excel file: the text on the first sheet, each table and the charts on their own."""

from __future__ import annotations

import re
from io import BytesIO
from pathlib import Path
from typing import Any

from tools.report.charts import draw
from tools.report.pages import Bullets, Grid, Heading, Pages, Paragraph, Picture, plain

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_000
"""Characters in a cell; Excel allows 32,767."""


def write_xlsx(pages: Pages, path: Path) -> None:
    """Write the pages; OSError where the file cannot be written."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "报告"
    sheet.column_dimensions["A"].width = 110
    bold = Font(bold=True, size=12)
    _line(sheet, pages.title, Font(bold=True, size=16))
    _line(sheet, pages.subtitle)
    heading = ""
    for block in pages.blocks:
        if isinstance(block, Heading):
            heading = block.text
            _line(sheet, heading, bold)
        elif isinstance(block, Paragraph):
            _line(sheet, block.text)
        elif isinstance(block, Bullets):
            for n, item in enumerate(block.items, 1):
                _line(sheet, f"{n}. {item.text}" if block.numbered else f"· {item.text}")
        elif isinstance(block, Grid):
            _grid(book, block, "计划" if heading == "结论" else block.name)
            _line(sheet, f"见工作表“{book.worksheets[-1].title}”")
        elif isinstance(block, Picture):
            _picture(book, block)
            _line(sheet, f"见工作表“{book.worksheets[-1].title}”")
    book.save(path)


def _line(sheet: Any, text: str, font: Any = None) -> None:
    from openpyxl.styles import Alignment

    cell = sheet.cell(sheet.max_row + (1 if sheet.cell(1, 1).value is not None else 0), 1)
    _put(cell, plain(text))
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if font:
        cell.font = font


def _put(cell: Any, value: str | float | None) -> None:
    """A text as a text, whatever it begins with, so that no program runs it as a formula."""
    if isinstance(value, str):
        cell.value = value[:LONGEST]
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA)
    else:
        cell.value = value


def _sheet_name(book: Any, name: str) -> str:
    base = re.sub(r"[\\/*?:\[\]（）]", " ", name).strip()[:24] or "表"
    taken, n = set(book.sheetnames), 2
    found = base
    while found in taken:
        found, n = f"{base}{n}", n + 1
    return found


def _grid(book: Any, grid: Grid, name: str) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_sheet_name(book, name))
    for r, row in enumerate((grid.header, *grid.rows), 1):
        for c, value in enumerate(row, 1):
            cell = sheet.cell(r, c)
            _put(cell, plain(value) if isinstance(value, str) else value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if r == 1:
                cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EFFB")
    for c in range(1, len(grid.header) + 1):
        longest = max(len(str(row[c - 1] or "")) for row in (grid.header, *grid.rows))
        sheet.column_dimensions[get_column_letter(c)].width = min(60, max(10, longest * 2 + 2))
    sheet.freeze_panes = "A2"


def _picture(book: Any, picture: Picture) -> None:
    from openpyxl.drawing.image import Image

    sheet = book.create_sheet(_sheet_name(book, picture.chart.title))
    sheet.add_image(Image(BytesIO(draw(picture.chart))), "A1")
