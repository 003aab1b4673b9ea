"""Tables of cells in .xlsx and .csv files, without live formulas: written as text, and told apart when read."""

from __future__ import annotations

import csv
import io
import re
import tempfile
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from core.disk import room_in
from core.errors import BadFile
from core.output import ELSEWHERE, write_whole

MOST_ROWS = 5000
"""More rows than this are refused."""
_LIVE = "=+-@\t\r"
"""A text that starts with one of these is a formula to a spreadsheet program."""
_ESCAPED = re.compile(rf"'+[{re.escape(_LIVE)}]")


class Formula(str):
    """A live formula found in a spreadsheet."""


def write_sheet(path: Path, table: list[list[Any]]) -> None:
    """Write rows of cells, the first being the header; BadFile where it cannot be."""
    write = _writer(path)
    try:
        write_whole(path, write(table))
    except OSError as exc:
        raise BadFile(f"{path.name} 写不进去。", "确认文件夹存在、文件没有被 Excel 打开。") from exc


def _writer(path: Path) -> Callable[[list[list[Any]]], bytes]:
    writers: dict[str, Callable[[list[list[Any]]], bytes]] = {".xlsx": _xlsx_bytes, ".csv": csv_bytes}
    if path.suffix.lower() not in writers:
        raise BadFile(f"只支持 .xlsx 和 .csv，现在是“{path.name}”。", "把文件名的结尾改成 .xlsx 或 .csv。")
    return writers[path.suffix.lower()]


def csv_bytes(table: Iterable[Sequence[Any]]) -> bytes:
    """Rows of cells as a .csv file that Excel opens in Chinese; a text that begins like a formula gets a ' before it."""

    def safe(cell: Any) -> Any:
        live = isinstance(cell, str) and (cell[:1] in _LIVE or _ESCAPED.match(cell)) and cell
        return f"'{cell}" if live else cell

    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows([[safe(cell) for cell in row] for row in table])
    return text.getvalue().encode("utf-8-sig", "replace")


def _xlsx_bytes(table: list[list[Any]]) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font

    book = Workbook()
    sheet = book.active
    sheet.title = "政策"
    for number, row in enumerate(table, 1):
        for column, value in enumerate(row, 1):
            cell = sheet.cell(number, column)
            cell.value = value
            if isinstance(value, str):
                cell.data_type, cell.quotePrefix = "s", value[:1] in _LIVE and bool(value)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            cell.font = Font(bold=number == 1)
    sheet.freeze_panes = "C2"
    for column in sheet.columns:
        sheet.column_dimensions[column[0].column_letter].width = 22
    held = io.BytesIO()
    with room_in(Path(tempfile.gettempdir()), hint=ELSEWHERE):  # sheets are put together there
        book.save(held)
    return held.getvalue()


def read_sheet(path: Path) -> list[list[Any]]:
    """All rows of cells; a formula comes as Formula. BadFile where the file cannot be read."""
    _writer(path)
    try:
        rows = _read_csv(path) if path.suffix.lower() == ".csv" else _read_xlsx(path)
    except OSError as exc:
        raise BadFile(f"{path.name} 打不开。", "确认文件在、有权限读。") from exc
    except (ValueError, KeyError, csv.Error) as exc:
        raise BadFile(f"{path.name} 不是能读的表格。", "在 Excel 里另存为 .xlsx，或存成 UTF-8 的 .csv。") from exc
    if len(rows) > MOST_ROWS:
        raise BadFile(f"{path.name} 有{len(rows)}行，太多了。", f"最多{MOST_ROWS}行，删掉多余的行再导入。")
    return rows


def _read_csv(path: Path) -> list[list[Any]]:
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("gb18030")
    rows = csv.reader(io.StringIO(text, newline=""))
    return [[cell[1:] if _ESCAPED.match(cell) else cell for cell in row] for row in rows]


def _read_xlsx(path: Path) -> list[list[Any]]:
    from openpyxl import load_workbook

    try:
        sheet: Any = load_workbook(path).worksheets[0]
    except (BadZipFile, IndexError) as exc:
        raise ValueError("not a workbook") from exc
    return [[Formula(c.value) if c.data_type == "f" else c.value for c in row] for row in _within(sheet.iter_rows())]


def _within(rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    for number, row in enumerate(rows):
        if number > MOST_ROWS + 1:
            return
        yield row
