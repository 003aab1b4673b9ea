"""Word documents: paragraphs with their headings and automatic numbers, tables with merged cells, in reading order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docx import Document
from docx.oxml.ns import qn

from core.cut import glued, joined, unbroken
from ingest.broken import breaks_figure
from ingest.clean import readable
from ingest.parsed import Element, Paragraph, Parsed
from ingest.readers import damaged, grid, package
from ingest.readers.docx_numbering import Numbering

_DEEPEST = 40
_SKIPPED = {qn("w:txbxContent"), "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback", qn("w:del")}
_BREAKS = {qn("w:br"), qn("w:cr")}


def read(data: bytes) -> Parsed:
    package.check(data, "Word（.docx）", "word/document.xml")
    try:
        document = Document(io.BytesIO(data))
        body = document.element.body
    except (KeyError, ValueError, AttributeError) as exc:
        raise damaged("Word（.docx）") from exc
    reader = _Reader(document)
    elements = tuple(_figures_joined(reader.blocks(body)))
    properties = document.core_properties
    lines = "".join(e.text for e in elements[:20] if isinstance(e, Paragraph))
    title = " ".join((properties.title or "").split())
    return Parsed(
        elements,
        title if len(title) >= 4 and title in lines else "",
        author=properties.author or "",
        notes=tuple(_left_out(body)),
    )


def _figures_joined(found: Iterator[Element]) -> Iterator[Element]:
    """The elements, a paragraph that breaks the figure of the one before joined to it."""
    last: Element | None = None
    for element in found:
        if isinstance(last, Paragraph) and isinstance(element, Paragraph) and breaks_figure(last.text, element.text):
            last = replace(last, text=glued(last.text, element.text))
            continue
        if last is not None:
            yield last
        last = element
    if last is not None:
        yield last


def _left_out(body: Any) -> Iterator[str]:
    pictures = len(body.findall(f".//{qn('w:drawing')}")) - len(body.findall(f".//{qn('w:txbxContent')}"))
    if pictures > 0:
        yield f"文中 {pictures} 张图片里的文字没有录入。"
    if objects := len(body.findall(f".//{qn('w:object')}")):
        yield f"文中嵌入的 {objects} 个对象没有录入。"


class _Reader:
    def __init__(self, document: Any) -> None:
        self._styles = {s.style_id: s for s in document.styles if s.style_id}
        self._numbering = Numbering(document)

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[Element]:
        """The paragraphs and tables of a body, a cell or a frame."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, depth)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child, depth)
            elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:ins"), qn("w:customXml"), qn("w:smartTag")}:
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, p: Any, depth: int) -> Iterator[Element]:
        text = readable("".join(_runs(p)))
        style = self._style(p)
        number = self._numbering.next(p, style)
        level = self._level(p, style)
        for at, line in enumerate(unbroken(part) for part in text.split("\n")):
            if line:
                named = number and at == 0 and not line.startswith(number.strip())
                yield Paragraph(joined(number, line) if named else line, level if at == 0 else 0)
        for frame in p.iter(qn("w:txbxContent")):
            if not any(a.tag in _SKIPPED for a in _between(frame, p)):
                yield from self.blocks(frame, depth + 1)

    def _style(self, p: Any) -> Any:
        found = p.find(f"{qn('w:pPr')}/{qn('w:pStyle')}")
        return self._styles.get(found.get(qn("w:val"))) if found is not None else None

    def _level(self, p: Any, style: Any) -> int:
        """The heading level that a paragraph or its style has, 0 where it has none."""
        found = p.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
        for _ in range(10):
            if found is not None or style is None:
                break
            found = style.element.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
            style = style.base_style
        level = int(found.get(qn("w:val"), 9)) if found is not None else 9
        return level + 1 if 0 <= level < 6 else 0

    def _table(self, tbl: Any, depth: int) -> list[Element]:
        cells: list[grid.Cell] = []
        open_cells: dict[int, int] = {}
        header = 0
        for at, row in enumerate(tbl.findall(qn("w:tr"))):
            if row.find(f"{qn('w:trPr')}/{qn('w:tblHeader')}") is not None and header == at:
                header += 1
            column = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
            for cell in _cells_of(row):
                span = _number(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
                merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                goes_on = merge is not None and merge.get(qn("w:val"), "continue") == "continue"
                if goes_on and column in open_cells:
                    first = cells[open_cells[column]]
                    longer = grid.Cell(first.text, first.row, first.column, at - first.row + 1, first.columns)
                    cells[open_cells[column]] = longer
                else:
                    open_cells[column] = len(cells)
                    cells.append(grid.Cell(self._cell_text(cell, depth), at, column, 1, span))
                column += span
        return grid.elements(cells, header)

    def _cell_text(self, cell: Any, depth: int) -> str:
        parts = []
        for element in self.blocks(cell, depth + 1):
            if isinstance(element, Paragraph):
                parts.append(element.text)
            else:
                parts += ["；".join(filter(None, row)) for row in element.rows]
        return "\n".join(parts)


def _cells_of(row: Any) -> Iterator[Any]:
    for child in row:
        if child.tag == qn("w:tc"):
            yield child
        elif child.tag == qn("w:sdt"):
            yield from child.iter(qn("w:tc"))


def _runs(p: Any) -> Iterator[str]:
    """The text of a paragraph without deleted text and frames, breaks as line ends."""
    stack = list(reversed(p))
    while stack:
        node = stack.pop()
        if node.tag == qn("w:t"):
            yield node.text or ""
        elif node.tag == qn("w:tab"):
            yield " "
        elif node.tag in _BREAKS:
            yield "\n"
        elif node.tag == qn("w:noBreakHyphen"):
            yield "-"
        elif node.tag not in _SKIPPED and node.tag != qn("w:pPr"):
            stack.extend(reversed(node))


def _between(node: Any, ancestor: Any) -> Iterator[Any]:
    node = node.getparent()
    while node is not None and node is not ancestor:
        yield node
        node = node.getparent()


def _number(node: Any, default: int) -> int:
    try:
        value = int(node.get(qn("w:val"))) if node is not None else default
    except (TypeError, ValueError):
        return default
    return value if 0 <= value <= grid.MOST_COLUMNS else default
