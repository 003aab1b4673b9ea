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
from ingest.readers import damaged, docx_table, grid, package
from ingest.readers.docx_marks import (
    FALLBACK,
    above,
    chosen,
    font,
    is_hidden,
    is_prompt,
    is_struck,
    is_ticked,
    left_out,
    mark_is_gone,
    says_something,
)
from ingest.readers.docx_numbering import Numbering
from ingest.readers.docx_symbols import seen, with_symbols

_DEEPEST = 40
_M = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
_SKIPPED = {qn("w:txbxContent"), FALLBACK, qn("w:del"), qn("w:moveFrom"), qn("w:rt"), qn("w:pPr")}
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
    elements = tuple(grid.under_page(_figures_joined(reader.blocks(body)), reader.heads(document)))
    properties = document.core_properties
    lines = "".join(e.text for e in elements[:20] if isinstance(e, Paragraph))
    title = " ".join((properties.title or "").split())
    return Parsed(
        elements,
        title if len(title) >= 4 and title in lines else "",
        author=properties.author or "",
        notes=tuple(left_out(document, reader.hidden, reader.struck)),
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


class _Reader:
    """hidden, struck: in how many places text was left out because its author hid it, or crossed it out."""

    def __init__(self, document: Any) -> None:
        self._styles = {s.style_id: s for s in document.styles if s.style_id}
        self._numbering = Numbering(document, self._styles)
        self._asides = {kind: dict(_asides(document, kind)) for kind in _CALLS.values()}
        self._told = 0
        self._open = ""
        self.hidden = 0
        self.struck = 0

    def blocks(self, parent: Any, depth: int = 0) -> Iterator[Element]:
        """The paragraphs and tables of a body, a cell or a frame."""
        if depth > _DEEPEST:
            return
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child, depth)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child, depth)
            elif child.tag in _CONTAINERS and not is_prompt(child):
                yield from self.blocks(child, depth + 1)

    def heads(self, document: Any) -> list[str]:
        """The lines at the head of the pages."""
        parts = [
            relation.target_part
            for relation in document.part.rels.values()
            if not relation.is_external and relation.reltype.endswith("/header")
        ]
        roots = (
            etree.fromstring(part.blob, etree.XMLParser(resolve_entities=False, no_network=True)) for part in parts
        )
        return [e.text for root in roots for e in self.blocks(root) if isinstance(e, Paragraph)]

    def _paragraph(self, p: Any, depth: int) -> Iterator[Element]:
        asides: list[Any] = []
        style, hidden = self._style(p), self.hidden
        text = readable("".join(self._runs(p, asides, style)))
        if mark_is_gone(p):  # its end was deleted or moved away: what is left goes on in the next one
            self._open += text
            return
        text, self._open = self._open + text, ""
        is_seen = bool(text.strip()) or self.hidden == hidden
        number = self._numbering.next(p, style) if is_seen else ""
        level = self._level(p, style)
        for at, line in enumerate(unbroken(part) for part in text.split("\n")):
            if line:
                named = number and at == 0 and not line.startswith(number.strip())
                yield Paragraph(joined(number, line) if named else line, level if at == 0 else 0)
        for aside in asides:
            yield from self._aside(aside, depth)
        for frame in p.iter(qn("w:txbxContent")):
            if not any(a.tag in _SKIPPED for a in above(frame, p)):
                yield from self.blocks(frame, depth + 1)

    def _aside(self, aside: Any, depth: int) -> Iterator[Element]:
        """A footnote or an endnote, right after the paragraph that refers to it."""
        if depth > _DEEPEST:
            return
        self._told += 1
        number = self._told
        found = list(self.blocks(aside, depth + 1))
        if found:
            yield Paragraph(f"注{number}：" + "".join(e.text for e in found if isinstance(e, Paragraph)))
        yield from (e for e in found if not isinstance(e, Paragraph))

    def _runs(self, p: Any, asides: list[Any], style: Any) -> Iterator[str]:
        """What a paragraph says to its readers, breaks as line ends; `asides` gets the notes it refers to."""
        stack = list(reversed(p))
        while stack:
            node = stack.pop()
            if node.tag in _TEXTS:
                yield with_symbols(node.text or "", font(node.getparent()))
            elif node.tag == qn("w:tab"):
                yield " "
            elif node.tag in _BREAKS:
                yield "\n"
            elif node.tag == qn("w:noBreakHyphen"):
                yield "-"
            elif node.tag == qn("w:sym"):
                yield seen(node.get(qn("w:font"), ""), node.get(qn("w:char"), ""))
            elif node.tag == qn("w:checkBox"):
                yield "☑" if is_ticked(node) else "□"
            elif node.tag == qn("w:ddList"):
                yield chosen(node)
            elif node.tag in _CALLS:
                found = self._asides[_CALLS[node.tag]].get(node.get(qn("w:id")))
                asides += [] if found is None else [found]
            elif node.tag == qn("w:r") and is_hidden(node, style, self._styles):
                self.hidden += says_something(node)
            elif node.tag == qn("w:r") and is_struck(node, style, self._styles):
                self.struck += says_something(node)
            elif node.tag not in _SKIPPED and not is_prompt(node):
                stack.extend(reversed(node))

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

    def _table(self, tbl: Any, depth: int) -> Iterator[Element]:
        if placed := docx_table.placed_in(tbl):
            for cell in placed:
                yield from self.blocks(cell, depth + 1)
            return
        table = docx_table.read(tbl, lambda cell: self._cell_text(cell, depth))
        self.hidden += table.hidden
        yield from grid.elements(table.cells, table.header)

    def _cell_text(self, cell: Any, depth: int) -> str:
        if docx_table.is_unfilled(cell):
            return ""
        parts = []
        for element in self.blocks(cell, depth + 1):
            if isinstance(element, Paragraph):
                parts.append(element.text)
            else:
                parts += ["；".join(filter(None, row)) for row in element.rows]
        return "\n".join(parts)


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
