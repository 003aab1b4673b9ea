"""A report as an Excel file: the first page and the answer each on a sheet, every table and chart on its own."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO

from core.cut import chunks, shorten
from tools.report.charts import draw
from tools.report.pages import CLOSING, Bullets, Grid, Heading, Pages, Picture, plain
from tools.report.widths import lines_of, shares

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
LONGEST = 32_000
"""Characters in a cell; Excel allows 32,767."""
MOST_LINES = 22
"""Lines in a cell: a row is at most 409 points high."""
HEADER_LENGTH = 60
"""Characters of the title above a printed page; Excel allows 255 with codes and signs written twice."""
NAME_LENGTH = 31
"""Characters in a sheet's name."""
NOT_IN_NAMES = str.maketrans(dict.fromkeys("[]:*?/\\'（）", " "))
PAGE_COLUMNS = 130.0
"""Widths of columns that together fill a page across at full size."""
TEXT_COLUMNS = 110.0
FIRST, TEXT = "概要", "报告"
PICTURE_PIXELS = (960, 620)
"""The room that a chart has on its sheet, which is printed on one page across."""


def write_xlsx(pages: Pages, out: BinaryIO) -> None:
    """Write the pages to an open file; OSError where the folder for temporary files has no room."""
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = TEXT
    _write(book, sheet, pages)
    if FIRST in book.sheetnames:
        book.move_sheet(FIRST, -book.sheetnames.index(FIRST))
    book.active = 0
    for each in book.worksheets:
        each.sheet_view.tabSelected = each is book.worksheets[0]
        _for_printing(each, pages.title)
    properties = book.properties
    properties.title, properties.subject, properties.creator, properties.description = (
        pages.title, pages.subtitle, "向导", CLOSING,
    )  # fmt: skip
    book.save(out)


def _write(book: Any, sheet: Any, pages: Pages) -> None:
    from openpyxl.styles import Font

    sheet.column_dimensions["A"].width = TEXT_COLUMNS
    _line(sheet, pages.title, Font(bold=True, size=16))
    _line(sheet, f"{pages.subtitle}。{CLOSING}")
    for block in pages.blocks:
        if isinstance(block, Heading):
            _line(sheet, block.text, Font(bold=True, size=12))
        elif isinstance(block, Bullets):
            for mark, item in zip(block.marks(), block.items, strict=True):
                _line(sheet, f"{mark} {item.text}")
        elif isinstance(block, Grid):
            made = _grid(book, block, pages.title if block.name == FIRST else "")
            _line(sheet, f"见工作表“{made}”")
        elif isinstance(block, Picture):
            _line(sheet, f"见工作表“{_picture(book, block)}”")
        elif text := getattr(block, "text", ""):
            _line(sheet, text)


def _line(sheet: Any, text: str, font: Any = None) -> None:
    from openpyxl.styles import Alignment

    for part in chunks(plain(text), LONGEST):
        cell = sheet.cell(sheet.max_row + (1 if sheet.cell(1, 1).value is not None else 0), 1)
        _put(cell, part)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[cell.row].height = _height(
            [part], [TEXT_COLUMNS * 11 / (font.size if font else 11)], font.size if font else 11
        )
        if font:
            cell.font = font


def _put(cell: Any, value: str | float | None) -> None:
    """A text as a text, whatever it begins with, so that no program runs it as a formula."""
    if isinstance(value, str):
        cell.value = value
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA)
    else:
        cell.value = round(value, 6) if isinstance(value, float) else value


def _sheet_name(book: Any, name: str) -> str:
    """A name that Excel takes and no other sheet has, in whatever case."""
    base = " ".join(name.translate(NOT_IN_NAMES).split()) or "表"
    taken = {title.casefold() for title in book.sheetnames}
    for n in range(1, len(taken) + 2):
        end = str(n) if n > 1 else ""
        found = base[: NAME_LENGTH - len(end)].strip() + end
        if found.casefold() not in taken:
            return found
    raise AssertionError("more names than sheets were tried")


def _grid(book: Any, grid: Grid, title: str) -> str:
    """A sheet for a table, below a title where one is given; its name."""
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    sheet = book.create_sheet(_sheet_name(book, grid.name))
    texts = grid.texts()
    widths = [max(8.0, share * PAGE_COLUMNS) for share in shares(texts, PAGE_COLUMNS)]
    for c, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(c)].width = width
    top = 1
    if title:
        _title(sheet, title, widths)
        top = 3
    r = top
    for row in (grid.header, *grid.rows):
        for part in _rows(row, widths):
            for c, value in enumerate(part, 1):
                cell = sheet.cell(r, c)
                _put(cell, plain(value) if isinstance(value, str) else value)
                number = isinstance(value, (int, float))
                cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal="center" if number else None)
            sheet.row_dimensions[r].height = _height([str(v if v is not None else "") for v in part], widths)
            r += 1
    _head(sheet, top, len(grid.header), r - 1)
    return str(sheet.title)


def _title(sheet: Any, title: str, widths: list[float]) -> None:
    """The report's title above a table, across its columns."""
    from openpyxl.styles import Alignment, Font

    _put(sheet.cell(1, 1), title)
    sheet.cell(1, 1).font = Font(bold=True, size=16)
    sheet.cell(1, 1).alignment = Alignment(wrap_text=True, vertical="top")
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(widths))
    sheet.row_dimensions[1].height = _height([title], [sum(widths) * 11 / 16], 16)


def _head(sheet: Any, top: int, width: int, last: int) -> None:
    """The header stands out, stays in sight, is printed on every page and can be filtered by."""
    from openpyxl.styles import Border, Font, PatternFill, Side
    from openpyxl.utils import get_column_letter

    thin = Side(style="thin", color="BFBFBF")
    for row in sheet.iter_rows(min_row=top, max_row=last, max_col=width):
        for cell in row:
            cell.border = Border(left=thin, right=thin, top=thin, bottom=thin)
    for cell in sheet[top]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E8EFFB")
    sheet.freeze_panes = sheet.cell(top + 1, 1)
    sheet.print_title_rows = f"{top}:{top}"
    if last > top + 1:
        sheet.auto_filter.ref = f"A{top}:{get_column_letter(width)}{last}"


def _rows(row: tuple[str | float | None, ...], widths: list[float]) -> list[list[str | float | None]]:
    """A row as one, or as several where a text is too long for a cell of the height that Excel allows."""
    limits = [min(LONGEST, int(width / 2 * MOST_LINES)) for width in widths]
    parts = [
        chunks(value, limit) if isinstance(value, str) else [value] for value, limit in zip(row, limits, strict=True)
    ]
    return [[part[n] if n < len(part) else None for part in parts] for n in range(max(map(len, parts)))]


def _height(texts: list[str], widths: list[float], size: float = 11) -> float:
    """The height in points that a row of wrapped texts needs; Excel allows 409."""
    return min(409.0, lines_of(texts, widths) * size * 1.4 + 3)


def _picture(book: Any, picture: Picture) -> str:
    """A sheet for a chart, which fits one page; its name."""
    from openpyxl.drawing.image import Image

    sheet = book.create_sheet(_sheet_name(book, picture.chart.title))
    image = Image(BytesIO(draw(picture.chart)))
    scale = min(PICTURE_PIXELS[0] / image.width, PICTURE_PIXELS[1] / image.height)
    image.width, image.height = round(image.width * scale), round(image.height * scale)
    sheet.add_image(image, "A1")
    return str(sheet.title)


def _for_printing(sheet: Any, title: str) -> None:
    """A4 across, one page wide, as long as it takes; a chart on one page. The title above, the page's number below."""
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", sheet.PAPERSIZE_A4
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 1 if sheet._images else 0
    sheet.page_margins.left = sheet.page_margins.right = 0.5
    sheet.page_margins.top = sheet.page_margins.bottom = 0.7
    sheet.oddHeader.center.text = shorten(title, HEADER_LENGTH).replace("&", "&&")
    sheet.oddFooter.left.text = CLOSING
    sheet.oddFooter.right.text = "&A　第 &P 页，共 &N 页"
    sheet.oddFooter.left.size = sheet.oddFooter.right.size = 8
