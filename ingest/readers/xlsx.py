"""Excel workbooks: every sheet that is shown as a heading and its tables, values as the cell's format shows them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

import openpyxl
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.utils.exceptions import InvalidFileException

from ingest.clean import readable
from ingest.parsed import Element, Paragraph, Parsed
from ingest.readers import damaged, grid, package
from ingest.readers.xlsx_boxes import texts_of
from ingest.readers.xlsx_format import shown
from ingest.readers.xlsx_formulas import fill_in, is_picture
from ingest.readers.xlsx_tables import MOST_SPANNED, tables_of

MOST_CELLS = 300_000
_NAMELESS = re.compile(r"(?:sheet|工作表|表)?\s*\d*", re.I)
_DRAFT = re.compile(
    r"(?:草稿|副本|备份|作废|勿用|勿看)[\d.年月日-]*|(?:草稿|作废|勿用|勿看)[-_—：: ].*|.+(?:草稿|副本|勿用|勿看)\d*"
    r"|.*[（(【\[](?:草稿|副本|备份|作废|勿用|勿看)\S{0,4}[）)】\]]"
)
"""How people call the sheets that they keep beside the one that counts."""
_COPY = re.compile(r"(?P<of>.+?)[\s_-]*(?:[（(]\d{1,2}[）)]|备份\d*|作废)")
"""How a copy of another sheet is called; Excel itself numbers its copies."""
_OF_EXCEL = re.compile(r"^\[[^\]]{2,30}\].{20,600}?\n\s*(?:Comment|注释|批注)\s*[:：]\s*", re.S)
"""What Excel writes before a comment that may be answered, for programs that do not know such."""
_ERROR = re.compile(r"#(?:REF!|N/A|DIV/0!|VALUE!|NAME\?|NUM!|NULL!|SPILL!|CALC!)")


def read(data: bytes) -> Parsed:
    data = package.opened(data, "Excel（.xlsx）", "spreadsheetml")
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), data_only=True, keep_links=False, rich_text=True)
    except (InvalidFileException, KeyError, ValueError, zipfile.BadZipFile, TypeError, AttributeError) as exc:
        raise damaged("Excel（.xlsx）") from exc
    unread = fill_in(book, data)
    boxes = texts_of(data)
    sheets, notes = _shown_sheets(book)
    elements: list[Element] = []
    room, pictures = MOST_CELLS, 0
    for sheet in sheets:
        view = _View(sheet)
        cells = view.cells
        if len(cells) > room:
            notes.append(f"工作表“{sheet.title}”太大，只录入了前面的部分。")
            cells = cells[:room]
        room -= len(cells)
        notes += view.notes()
        pictures += view.pictures
        found = [
            *grid.under_page(tables_of(cells), _heads(sheet)),
            *(Paragraph(line) for line in boxes.get(sheet.title, ())),
        ]
        name = " ".join(readable(sheet.title).split())
        if found and len(sheets) > 1 and not _NAMELESS.fullmatch(name):
            elements.append(Paragraph(name, 2))
        elements += found
    if pictures:
        notes.append(f"表里 {pictures} 张图片没有录入。")
    if unread:
        notes.append(f"{unread} 个公式没有算出结果，这些格子是空的；在 WPS 或 Excel 里打开、保存一次再录入就有了。")
    if any(name.lower().endswith("vbaproject.bin") for name in _names(data)):
        notes.append("文件带宏，宏没有运行，也没有录入。")
    if objects := sum("/embeddings/" in name for name in _names(data)):
        notes.append(f"文中嵌入的 {objects} 个对象没有录入。")
    return Parsed(tuple(elements), author=book.properties.creator or "", notes=tuple(notes))


def _names(data: bytes) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return file.namelist()


def _shown_sheets(book: Any) -> tuple[list[Any], list[str]]:
    """The sheets that count, and what is to be told of the others."""
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    names = {sheet.title.strip() for sheet in book.worksheets}
    kept = [sheet for sheet in visible if not _is_draft(sheet.title.strip(), names)] or visible
    hidden = [sheet.title for sheet in book.worksheets if sheet not in visible]
    drafts = [sheet.title for sheet in visible if sheet not in kept]
    notes = [f"隐藏的工作表{_listed(hidden)}没有录入。"] * bool(hidden)
    notes += [f"看名字是草稿或副本的工作表{_listed(drafts)}没有录入；要录入就改个名字。"] * bool(drafts)
    return kept, notes


def _is_draft(name: str, names: Set[str]) -> bool:
    """names: of all sheets. 附件（2） is none, 标准（2） beside 标准 is."""
    copy = _COPY.fullmatch(name)
    return bool(_DRAFT.fullmatch(name)) or (copy is not None and copy["of"] in names)


def _listed(names: Sequence[str]) -> str:
    return "、".join(f"“{readable(name)}”" for name in names[:5]) + ("等" if len(names) > 5 else "")


class _View:
    """What a sheet shows. cells: those that say something, in order, counted without hidden rows and columns."""

    def __init__(self, sheet: Any) -> None:
        self._name = readable(sheet.title)
        rows = {at for at, row in sheet.row_dimensions.items() if row.hidden or row.height == 0}
        columns = {
            at
            for column in sheet.column_dimensions.values()
            if column.hidden or column.width == 0
            for at in range(column.min or 0, min(column.max or 0, grid.MOST_COLUMNS * 2) + 1)
        }
        told = {place: cell for place, cell in sheet._cells.items() if cell.value is not None}
        self._hidden_rows = len(rows & {row for row, _ in told})
        self._hidden_columns = len(columns & {column for _, column in told})
        self.pictures = len(getattr(sheet, "_images", ()))
        self._errors = self._struck = self._unseen = 0
        spans = dict(_spans(sheet, rows, columns))
        row_at = _counted(sorted({row for row, _ in told} | {row for row, _ in spans}), rows)
        column_at = _counted(sorted({column for _, column in told} | {column for _, column in spans}), columns)
        covered: set[tuple[int, int]] = set()
        self.cells: list[grid.Cell] = []
        for (row, column), cell in sorted(told.items()):
            area = spans.get((row, column))
            if area is None and (row in rows or column in columns or (row, column) in covered):
                continue
            if text := self._text(cell):
                row, column, high, wide = area or (row, column, 1, 1)
                self.cells.append(grid.Cell(text, row_at[row], column_at[column], high, wide))
        self.cells.sort(key=lambda c: (c.row, c.column))

    def _text(self, cell: Any) -> str:
        if is_picture(cell.value):
            self.pictures += 1
            return ""
        if cell.has_style and cell.font.strike:
            self._struck += 1
            return ""
        value = _uncrossed(cell.value)
        if isinstance(cell.value, CellRichText):
            self._struck += value != str(cell.value)
        text = shown(value, cell.number_format)
        self._unseen += not text and not isinstance(value, str)
        if _ERROR.fullmatch(text):
            self._errors += 1
            return ""
        return text + _remark(cell)

    def notes(self) -> Iterator[str]:
        """What is to be told of what is not in `cells`."""
        parts = [f"{self._hidden_rows} 行"] * bool(self._hidden_rows) + [f"{self._hidden_columns} 列"] * bool(
            self._hidden_columns
        )
        if parts:
            yield f"工作表“{self._name}”里隐藏的 {'、'.join(parts)}没有录入。"
        if self._struck:
            yield f"工作表“{self._name}”里 {self._struck} 处划掉的文字没有录入。"
        if self._unseen:
            yield f"工作表“{self._name}”里 {self._unseen} 个格子的格式不显示内容，没有录入。"
        if self._errors:
            yield f"工作表“{self._name}”里 {self._errors} 个格子的公式出错，没有录入。"


def _uncrossed(value: Any) -> Any:
    """A cell's value; of a text of several looks, the parts that are not crossed out."""
    if not isinstance(value, CellRichText):
        return value
    return "".join(str(part) for part in value if not (isinstance(part, TextBlock) and part.font.strike))


def _remark(cell: Any) -> str:
    """A cell's comment, behind its text: who made a table puts conditions there."""
    comment = getattr(cell, "comment", None)
    if comment is None:
        return ""
    text = readable(str(comment.text or "")).strip()
    author = str(comment.author or "").strip()
    if author and text.startswith((f"{author}:", f"{author}：")):
        text = text[len(author) + 1 :].strip()
    text = _OF_EXCEL.sub("", text)
    return f"（批注：{' '.join(text.split())}）" if text else ""


def _spans(
    sheet: Any, rows: set[int], columns: set[int]
) -> Iterator[tuple[tuple[int, int], tuple[int, int, int, int]]]:
    """Of each merged area that is shown: the place of its value, where it begins, and how many rows and columns it has."""
    for area in sheet.merged_cells.ranges:
        high = [r for r in range(area.min_row, min(area.max_row, area.min_row + MOST_SPANNED) + 1) if r not in rows]
        wide = [c for c in range(area.min_col, min(area.max_col, area.min_col + MOST_SPANNED) + 1) if c not in columns]
        if high and wide:
            yield (area.min_row, area.min_col), (high[0], wide[0], len(high), len(wide))


def _counted(places: Sequence[int], hidden: set[int]) -> Mapping[int, int]:
    """The number that each row or column has when the hidden ones do not count."""
    gone = sorted(hidden)
    out, passed = {}, 0
    for place in places:
        while passed < len(gone) and gone[passed] < place:
            passed += 1
        out[place] = place - passed
    return out


def _heads(sheet: Any) -> list[str]:
    """The sheet's name, and the lines at the head of the pages on which it is printed."""
    parts = (sheet.oddHeader.left, sheet.oddHeader.center, sheet.oddHeader.right)
    return [sheet.title, *(line for part in parts if part.text for line in str(part.text).split("\n"))]
