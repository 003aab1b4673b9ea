"""The fixed layout of Chinese public bodies (.ofd, GB/T 33190-2016): text, tables by their lines, pages; no stamps.

Left out: what pictures show, annotations, signatures, and the data for machines that invoices carry beside their text.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Any

from core.errors import BadFile
from ingest.clean import readable
from ingest.parsed import Attachment, Element, Paragraph, Parsed
from ingest.readers import Told, damaged
from ingest.readers.drawing import Box
from ingest.readers.flow import elements
from ingest.readers.layout import Sheet
from ingest.readers.ofd_package import WHAT, Package, below, children, is_off, text
from ingest.readers.ofd_page import A4, Drawing, box_of, sheet_of

MOST_PAGES = 3000
MOST_ATTACHMENTS = 100
MOST_MARKS = 5000
DEEPEST_MARK = 6
FEW, PICTURED = 20, 0.3
"""A page with fewer characters than this, and pictures on this share of it, is a picture of a page."""
UNREADABLE = 0.3
_PRIVATE = re.compile(r"[\ue000-\uf8ff\ufffd]")
_AS_PDF = "用 OFD 阅读器打开，导出为 PDF 再录入，图片上的字会识别出来。"
_STAMPS = frozenset({"stamp", "watermark", "seal", "signatureinfile"})
"""Kinds of annotations that are no remarks."""


def read(data: bytes, told: Told) -> Parsed:
    package = Package(data)
    documents = [_Document(package, body) for body in children(package.xml("ofd.xml"), "DocBody")]
    count = sum(len(document.pages) for document in documents)
    if count < 1:
        raise damaged(WHAT)
    if count > MOST_PAGES:
        raise BadFile(f"OFD 有 {count} 页，太多（最多 {MOST_PAGES} 页）。", "拆成几个文件再录入。")
    sheets: list[Sheet] = []
    for document in documents:
        for sheet in document.sheets(len(sheets) + 1):
            sheets.append(sheet)
            told(len(sheets), count)
    if not any(sheet.glyphs for sheet in sheets):
        raise BadFile("OFD 里没有取得出来的文字，可能是扫描件。", _AS_PDF)
    found = elements(sheets, {title: level for document in documents for title, level in document.marks().items()})
    return Parsed(
        tuple(found),
        next((title for document in documents if (title := document.title(found))), ""),
        author=next((author for document in documents if (author := document.author)), ""),
        pages=count,
        attachments=tuple(attachment for document in documents for attachment in document.attachments()),
        notes=tuple(_notes(documents)),
    )


def _notes(documents: Sequence[_Document]) -> Iterator[str]:
    unread = [number for document in documents for number in document.unread]
    if unread:
        shown = "、".join(map(str, unread[:10])) + ("等" if len(unread) > 10 else "")
        yield f"第 {shown} 页（共 {len(unread)} 页）是图片，或取不出文字，没有录入。{_AS_PDF}"
    if pictures := sum(len(document.pictures) for document in documents):
        yield f"文中 {pictures} 张图片里的文字没有录入。"
    if hidden := sum(document.hidden for document in documents):
        yield f"文中 {hidden} 处隐藏文字没有录入。"
    if remarks := sum(document.remarks() for document in documents):
        yield f"文中 {remarks} 处批注没有录入。"


class _Document:
    """One document of a file. unread: numbers of the pages left out; pictures: those on its pages; hidden: texts left out."""

    def __init__(self, package: Package, body: Any) -> None:
        self._package = package
        self._body = body
        self._path = package.path(text(body, "DocRoot"), "ofd.xml")
        self._root = package.xml(self._path)
        self.pages = list(below(self._root, "Pages", "Page"))
        self._opened: dict[str, Any] = {}
        self.unread: list[int] = []
        self.pictures: set[str] = set()
        self.hidden = 0

    def sheets(self, first: int) -> Iterator[Sheet]:
        """The pages in order. first: the number of the first one."""
        for number, page in enumerate(self.pages, first):
            path = self._package.path(page.get("BaseLoc"), self._path)
            root = self._package.xml(path)
            sheet = self._sheet(number, path, root) if root is not None else Sheet(number, A4[2], A4[3], ())
            if root is None or _is_unreadable(sheet) or _is_picture(sheet):
                self.unread.append(number)
            yield _readable(sheet)

    def _sheet(self, number: int, path: str, root: Any) -> Sheet:
        own = [self._package.path(node.text, path) for node in children(root, "PageRes")]
        drawing = Drawing({**self._units, **_units(self._package, own)})
        templates = [self._template(node.get("TemplateID", "")) for node in children(root, "Template")]
        contents = [node for page in (*templates, root) for node in children(page, "Content")]
        sheet = sheet_of(number, contents, box_of(text(root, "Area", "PhysicalBox")) or self._area, drawing)
        self.pictures |= drawing.drawn.pictures
        self.hidden += drawing.drawn.hidden
        return sheet

    @cached_property
    def _area(self) -> Box:
        return box_of(text(self._root, "CommonData", "PageArea", "PhysicalBox")) or A4

    def _template(self, identity: str) -> Any:
        """A template page; None where there is none of that id."""
        if identity not in self._opened:
            self._opened[identity] = self._package.xml(self._templates.get(identity, ""))
        return self._opened[identity]

    @cached_property
    def _templates(self) -> dict[str, str]:
        """Where the template pages are, by their ids."""
        found = below(self._root, "CommonData", "TemplatePage")
        return {node.get("ID", ""): self._package.path(node.get("BaseLoc"), self._path) for node in found}

    @cached_property
    def _units(self) -> dict[str, Any]:
        """The composed objects of all pages, by their ids."""
        common = next(below(self._root, "CommonData"), None)
        found = children(common, "PublicRes", "DocumentRes")
        return _units(self._package, [self._package.path(node.text, self._path) for node in found])

    def marks(self) -> dict[str, int]:
        """The headings in the document's outline, squeezed, with their levels from 1."""
        found: dict[str, int] = {}
        outline = next(below(self._root, "Outlines"), None)
        for title, level in islice(_outline(outline, 1), MOST_MARKS):
            squeezed = re.sub(r"\s+", "", readable(title))
            if 2 <= len(squeezed) <= 80:
                found.setdefault(squeezed, level)
        return found

    def title(self, found: Sequence[Element]) -> str:
        """The title that the file states, if the text says it as well."""
        title = " ".join(readable(text(self._body, "DocInfo", "Title")).split())
        start = "".join(e.text for e in found[:20] if isinstance(e, Paragraph))
        return title if 4 <= len(title) <= 120 and title in start else ""

    @property
    def author(self) -> str:
        return " ".join(readable(text(self._body, "DocInfo", "Author")).split())[:80]

    def attachments(self) -> Iterator[Attachment]:
        """What is attached for people to see; the data of invoices is not."""
        path = self._package.path(text(self._root, "Attachments"), self._path)
        for node in islice(children(self._package.xml(path), "Attachment"), MOST_ATTACHMENTS):
            name, ending = node.get("Name", ""), posixpath.splitext(text(node, "FileLoc"))[1]
            if name and not is_off(node, "Visible"):
                yield Attachment(readable(name if name.endswith(ending) else name + ending)[:120])

    def remarks(self) -> int:
        """How many annotations say something, those that are stamps and watermarks left out."""
        path = self._package.path(text(self._root, "Annotations"), self._path)
        pages = islice(children(self._package.xml(path), "Page"), MOST_PAGES)
        files = [self._package.path(text(page, "FileLoc"), path) for page in pages]
        return sum(_is_remark(node) for file in files for node in children(self._package.xml(file), "Annot"))


def _units(package: Package, resources: Sequence[str]) -> dict[str, Any]:
    """The composed objects in resources, by their ids."""
    roots = [package.xml(path) for path in resources]
    found = [unit for root in roots for unit in below(root, "CompositeGraphicUnits", "CompositeGraphicUnit")]
    return {unit.get("ID", ""): unit for unit in found}


def _outline(parent: Any, level: int) -> Iterator[tuple[str, int]]:
    """The titles in an outline with their levels."""
    for node in children(parent, "OutlineElem"):
        yield node.get("Title", ""), level
        if level < DEEPEST_MARK:
            yield from _outline(node, level + 1)


def _is_remark(annotation: Any) -> bool:
    kind = annotation.get("Subtype") or annotation.get("Type", "")
    said = "".join(code.text or "" for code in below(annotation, "Appearance", "TextObject", "TextCode"))
    return bool(said.strip()) and kind.lower() not in _STAMPS


def _readable(sheet: Sheet) -> Sheet:
    """A page without the characters that only its fonts know; with no text at all where most are such."""
    if _is_unreadable(sheet):
        return replace(sheet, glyphs=())
    return replace(sheet, glyphs=tuple(glyph for glyph in sheet.glyphs if not _PRIVATE.search(glyph.text)))


def _is_picture(sheet: Sheet) -> bool:
    return len(sheet.glyphs) < FEW and sheet.pictured >= PICTURED


def _is_unreadable(sheet: Sheet) -> bool:
    private = sum(bool(_PRIVATE.search(glyph.text)) for glyph in sheet.glyphs)
    return len(sheet.glyphs) >= FEW and private > UNREADABLE * len(sheet.glyphs)
