"""Word documents: paragraphs with their headings and automatic numbers, tables with merged cells, in reading order."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from docx import Document
from docx.oxml.ns import qn
from lxml import etree

from core.cut import glued, joined, unbroken
from ingest.broken import breaks_figure
from ingest.clean import readable
from ingest.parsed import Element, Paragraph, Parsed
from ingest.readers import damaged, grid, package
from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_symbols import seen

_DEEPEST = 40
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_SKIPPED = {qn("w:txbxContent"), _FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:rt"), qn("w:pPr")}
"""What a paragraph holds and does not say: frames, told apart; what was deleted or moved away; how to pronounce it."""
_CONTAINERS = {qn(f"w:{name}") for name in ("sdt", "sdtContent", "ins", "moveTo", "customXml", "smartTag")}
_BREAKS = {qn("w:br"), qn("w:cr")}
_TEXTS = {qn("w:t"), f"{_M}t"}
_CALLS = {qn("w:footnoteReference"): "footnotes", qn("w:endnoteReference"): "endnotes"}


def read(data: bytes) -> Parsed:
    data = package.opened(data, "Word（.docx）", "wordprocessingml")
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
        notes=tuple(_left_out(body, reader.hidden)),
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


def _left_out(body: Any, hidden: int) -> Iterator[str]:
    pictures = len(body.findall(f".//{qn('w:drawing')}")) - len(body.findall(f".//{qn('w:txbxContent')}"))
    if pictures > 0:
        yield f"文中 {pictures} 张图片里的文字没有录入。"
    if objects := len(body.findall(f".//{qn('w:object')}")):
        yield f"文中嵌入的 {objects} 个对象没有录入。"
    if parts := len(body.findall(f".//{qn('w:altChunk')}")):
        yield f"文中夹带的 {parts} 段其他格式的内容没有录入。"
    if hidden:
        yield f"文中 {hidden} 处隐藏文字没有录入。"


class _Reader:
    """hidden: in how many places text was left out because its author hid it."""

    def __init__(self, document: Any) -> None:
        self._styles = {s.style_id: s for s in document.styles if s.style_id}
        self._numbering = Numbering(document, self._styles)
        self._asides = {kind: dict(_asides(document, kind)) for kind in _CALLS.values()}
        self._told = 0
        self._open = ""
        self.hidden = 0

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[Element]:
        """The paragraphs and tables of a body, a cell or a frame."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, depth)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child, depth)
            elif child.tag in _CONTAINERS and not _is_prompt(child):
                yield from self.blocks(child, depth + 1)

    def _paragraph(self, p: Any, depth: int) -> Iterator[Element]:
        asides: list[Any] = []
        text = readable("".join(self._runs(p, asides)))
        if _mark_is_gone(p):  # its end was deleted or moved away: what is left goes on in the next one
            self._open += text
            return
        text, self._open = self._open + text, ""
        style = self._style(p)
        number = self._numbering.next(p, style)
        level = self._level(p, style)
        for at, line in enumerate(unbroken(part) for part in text.split("\n")):
            if line:
                named = number and at == 0 and not line.startswith(number.strip())
                yield Paragraph(joined(number, line) if named else line, level if at == 0 else 0)
        for aside in asides:
            yield from self._aside(aside, depth)
        for frame in p.iter(qn("w:txbxContent")):
            if not any(a.tag in _SKIPPED for a in _between(frame, p)):
                yield from self.blocks(frame, depth + 1)

    def _aside(self, aside: Any, depth: int) -> Iterator[Paragraph]:
        """A footnote or an endnote, right after the paragraph that refers to it."""
        if depth > _DEEPEST:
            return
        self._told += 1
        number = self._told
        lines = [e.text for e in self.blocks(aside, depth + 1) if isinstance(e, Paragraph)]
        if lines:
            yield Paragraph(f"注{number}：" + "".join(lines))

    def _runs(self, p: Any, asides: list[Any]) -> Iterator[str]:
        """What a paragraph says to its readers, breaks as line ends; `asides` gets the notes it refers to."""
        stack = list(reversed(p))
        while stack:
            node = stack.pop()
            if node.tag in _TEXTS:
                yield node.text or ""
            elif node.tag == qn("w:tab"):
                yield " "
            elif node.tag in _BREAKS:
                yield "\n"
            elif node.tag == qn("w:noBreakHyphen"):
                yield "-"
            elif node.tag == qn("w:sym"):
                yield seen(node.get(qn("w:font"), ""), node.get(qn("w:char"), ""))
            elif node.tag == qn("w:checkBox"):
                yield "☑" if _is_ticked(node) else "□"
            elif node.tag in _CALLS:
                found = self._asides[_CALLS[node.tag]].get(node.get(qn("w:id")))
                asides += [] if found is None else [found]
            elif node.tag == qn("w:r") and self._is_hidden(node):
                self.hidden += bool("".join(t.text or "" for t in node.iter(qn("w:t"))).strip())
            elif node.tag not in _SKIPPED and not _is_prompt(node):
                stack.extend(reversed(node))

    def _is_hidden(self, run: Any) -> bool:
        properties = run.find(qn("w:rPr"))
        if properties is None:
            return False
        if (told := _switch(properties, "w:vanish")) is not None:
            return told
        named = properties.find(qn("w:rStyle"))
        style = self._styles.get(named.get(qn("w:val"))) if named is not None else None
        for _ in range(10):
            if style is None:
                return False
            own = style.element.find(qn("w:rPr"))
            if own is not None and (told := _switch(own, "w:vanish")) is not None:
                return told
            style = style.base_style
        return False

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
            if row.find(f"{qn('w:trPr')}/{qn('w:del')}") is not None:
                continue
            column = _number(row.find(f"{qn('w:trPr')}/{qn('w:gridBefore')}"), 0)
            for cell in _cells_of(row):
                span = _number(cell.find(f"{qn('w:tcPr')}/{qn('w:gridSpan')}"), 1)
                merge = cell.find(f"{qn('w:tcPr')}/{qn('w:vMerge')}")
                if cell.find(f"{qn('w:tcPr')}/{qn('w:cellDel')}") is not None:
                    continue
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


def _asides(document: Any, kind: str) -> Iterator[tuple[str, Any]]:
    """The footnotes or endnotes by their ids, the rules that part them from the text left out."""
    for relation in document.part.rels.values():
        if relation.is_external or not relation.reltype.endswith(f"/{kind}"):
            continue
        root = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for aside in root:
            if aside.tag in {qn("w:footnote"), qn("w:endnote")} and not aside.get(qn("w:type"), "").startswith(
                ("separator", "continuation")
            ):
                yield aside.get(qn("w:id")), aside


def _mark_is_gone(p: Any) -> bool:
    """Whether the end of a paragraph was deleted or moved away in a tracked change."""
    properties = p.find(f"{qn('w:pPr')}/{qn('w:rPr')}")
    return properties is not None and any(properties.find(qn(name)) is not None for name in ("w:del", "w:moveFrom"))


def _is_prompt(node: Any) -> bool:
    """Whether a content control still shows what to fill in."""
    return node.tag == qn("w:sdt") and node.find(f"{qn('w:sdtPr')}/{qn('w:showingPlcHdr')}") is not None


def _is_ticked(box: Any) -> bool:
    told = _switch(box, "w:checked")
    return bool(_switch(box, "w:default") if told is None else told)


def _switch(node: Any, name: str) -> bool | None:
    """Whether a property is on; None where it does not stand there."""
    found = node.find(qn(name))
    return None if found is None else found.get(qn("w:val"), "1") not in {"0", "false", "off"}


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
