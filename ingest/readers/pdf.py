"""PDF files: the text layer with its tables; pages that are pictures are recognised."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from pypdfium2 import raw

from core.errors import BadFile, NotAvailable
from ingest.clean import readable
from ingest.parsed import Attachment, Element, Paragraph, Parsed
from ingest.readers import Told, damaged
from ingest.readers.flow import elements
from ingest.readers.layout import Glyph, Sheet
from ingest.readers.pdf_rules import rules_of

if TYPE_CHECKING:
    from ingest.readers.ocr import Recogniser

MOST_PAGES = 10_000
MOST_SCANNED = 500
FEW = 20
"""A page with fewer characters than this, and a picture, is a picture of a page."""
PICTURED = 0.3
UNREADABLE = 0.3
_BLANKS = frozenset({0x20, 0xA0, 0x3000, *range(0x2000, 0x200B)})
_PASSWORD, _SECURITY = 4, 5
_PRIVATE = re.compile(r"[\ue000-\uf8ff\ufffd]")


def read(data: bytes, told: Told) -> Parsed:
    document = _opened(data)
    count = len(document)
    if count > MOST_PAGES:
        raise BadFile(f"PDF 有 {count} 页，太多（最多 {MOST_PAGES} 页）。", "拆成几个文件再录入。")
    pages = _Pages(document, told)
    found = elements(pages, _marked(document))
    if not pages.glyphs:
        raise pages.nothing()
    names = [document.get_attachment(at).get_name() for at in range(min(document.count_attachments(), 100))]
    return Parsed(
        tuple(found),
        _title(document, found),
        author=" ".join(document.get_metadata_value("Author").split())[:80],
        pages=count,
        attachments=tuple(Attachment(readable(name)[:120]) for name in names),
        notes=tuple(pages.notes()),
    )


def _opened(data: bytes) -> Any:
    try:
        document = pdfium.PdfDocument(data)
        if len(document) < 1:
            raise damaged("PDF")
        return document
    except pdfium.PdfiumError as exc:
        if exc.err_code in {_PASSWORD, _SECURITY}:
            raise BadFile(
                "PDF 有密码，打不开。", "用 PDF 阅读器输入密码打开，另存或打印成没有密码的 PDF 再录入。"
            ) from exc
        raise damaged("PDF") from exc


def _marked(document: Any) -> dict[str, int]:
    """The headings in the file's outline, squeezed, with their levels from 1."""
    found: dict[str, int] = {}
    for at, mark in enumerate(document.get_toc(max_depth=6)):
        if at >= 5000:
            break
        text = re.sub(r"\s+", "", readable(mark.get_title() or ""))
        if 2 <= len(text) <= 80:
            found.setdefault(text, mark.level + 1)
    return found


def _title(document: Any, found: list[Element]) -> str:
    """The title that the file states, if the text says it as well."""
    title = " ".join(readable(document.get_metadata_value("Title")).split())
    start = "".join(e.text for e in found[:20] if isinstance(e, Paragraph))
    return title if 4 <= len(title) <= 120 and title in start else ""


class _Pages:
    """The pages of a document, each read as text or as a picture; keeps count of those that could not be."""

    def __init__(self, document: Any, told: Told) -> None:
        self._document = document
        self._told = told
        self._recogniser: Recogniser | None = None
        self._missing: NotAvailable | None = None
        self._unread: list[int] = []
        self._scanned = 0
        self.glyphs = 0
        """Of the pages read so far."""

    def __iter__(self) -> Iterator[Sheet]:
        count = len(self._document)
        for at in range(count):
            try:
                page = self._document[at]
            except pdfium.PdfiumError:
                self._unread.append(at + 1)
                continue
            sheet = sheet_of(page, at + 1)
            if _is_picture(sheet):
                sheet = self._recognised(page, sheet)
            page.close()
            self._told(at + 1, count)
            self.glyphs += len(sheet.glyphs)
            yield sheet

    def nothing(self) -> Exception:
        """Why no text was found."""
        if self._missing:
            return self._missing
        return BadFile("PDF 里没有文字，图片上也没有认出文字。", "换一份清楚的扫描件，或找文字版的 PDF、Word 文件。")

    def notes(self) -> Iterator[str]:
        if self._unread:
            shown = "、".join(map(str, self._unread[:10])) + ("等" if len(self._unread) > 10 else "")
            why = f"：{self._missing.message}{self._missing.hint}" if self._missing else "。"
            yield f"第 {shown} 页（共 {len(self._unread)} 页）没有录入{why}"
        if self._scanned:
            yield f"有 {self._scanned} 页是扫描件，文字是识别出来的，数字请核对原件。"

    def _recognised(self, page: Any, sheet: Sheet) -> Sheet:
        from ingest.readers import ocr

        try:
            if self._missing or self._scanned >= MOST_SCANNED:
                raise self._missing or NotAvailable(f"扫描件最多识别 {MOST_SCANNED} 页。", "拆成几个文件再录入。")
            self._recogniser = self._recogniser or ocr.Recogniser()
        except NotAvailable as exc:
            self._missing = exc
            self._unread.append(sheet.number)
            return sheet
        scale = ocr.scale_for(sheet.width, sheet.height)
        image = page.render(scale=scale, rev_byteorder=False, draw_annots=False).to_numpy()
        self._scanned += 1
        return self._recogniser.sheet(image, sheet.number, 1 / scale)


def _is_picture(sheet: Sheet) -> bool:
    text = "".join(g.text for g in sheet.glyphs)
    unreadable = len(_PRIVATE.findall(text)) > UNREADABLE * max(len(text), 1)
    return (len(text) < FEW and sheet.pictured >= PICTURED) or (unreadable and len(text) >= FEW)


def sheet_of(page: Any, number: int) -> Sheet:
    """The characters and drawn lines of a page, turned as the page is shown."""
    left, bottom, right, top = page.get_bbox()
    turn = _Turn(left, bottom, right, top, page.get_rotation())
    rules, pictured = rules_of(page, turn.box)
    area = max((right - left) * (top - bottom), 1.0)
    return Sheet(number, turn.width, turn.height, tuple(_glyphs(page, turn)), tuple(rules), min(1.0, pictured / area))


class _Turn:
    """From a page's own coordinates to those of layout: from the top left of the page as it is shown."""

    def __init__(self, left: float, bottom: float, right: float, top: float, degrees: int) -> None:
        self._box, self._degrees = (left, bottom, right, top), degrees
        wide, high = right - left, top - bottom
        self.width, self.height = (high, wide) if degrees in {90, 270} else (wide, high)

    def box(self, x0: float, y0: float, x1: float, y1: float) -> tuple[float, float, float, float]:
        """x0, y0: left and bottom in the page's coordinates; returns left, top, right, bottom from the top left."""
        left, bottom, right, top = self._box
        if self._degrees == 90:
            return y0 - bottom, x0 - left, y1 - bottom, x1 - left
        if self._degrees == 180:
            return right - x1, y0 - bottom, right - x0, y1 - bottom
        if self._degrees == 270:
            return top - y1, right - x1, top - y0, right - x0
        return x0 - left, top - y1, x1 - left, top - y0


def _glyphs(page: Any, turn: _Turn) -> Iterator[Glyph]:
    """The characters of a page that stand upright and on it."""
    textpage = page.get_textpage()
    handle = textpage.raw
    loose = raw.FS_RECTF()
    upright = page.get_rotation() * 0.017453292519943295
    spaced = False
    for at in range(raw.FPDFText_CountChars(handle)):
        code = raw.FPDFText_GetUnicode(handle, at)
        if code in _BLANKS:
            spaced = spaced or raw.FPDFText_IsGenerated(handle, at) == 0
            continue
        if code < 0x20 or code in {0xFFFE, 0xFFFF}:
            continue
        if not raw.FPDFText_GetLooseCharBox(handle, at, ctypes.byref(loose)):
            continue
        angle = raw.FPDFText_GetCharAngle(handle, at)
        if angle >= 0 and abs((angle - upright + 3.14159) % 6.28318 - 3.14159) > 0.05:
            continue
        x0, y0, x1, y1 = turn.box(loose.left, loose.bottom, loose.right, loose.top)
        if x1 - x0 <= 0 or y1 - y0 <= 0 or x1 < 0 or y1 < 0 or x0 > turn.width or y0 > turn.height:
            continue
        text = chr(code) if code < 0xD800 or 0xE000 <= code <= 0x10FFFF else ""
        if text:
            # A Chinese character is as wide as its font is large; the height of a box depends on the font's design.
            size = min(x1 - x0 if code > 0x2E7F else 0.8 * (y1 - y0), 200.0)
            yield Glyph(text, x0, y0, x1, y1, size, spaced=spaced)
            spaced = False
    textpage.close()
