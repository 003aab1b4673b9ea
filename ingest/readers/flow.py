"""Pages to paragraphs: what comes back on every page left out, wrapped lines joined, titles and tables in their place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from core.cut import glued
from ingest.clean import Contents, is_page_number, readable
from ingest.parsed import Element, Paragraph, Table
from ingest.readers.layout import Line, Sheet, gutter_of, in_reading_order, lines
from ingest.readers.ruled import Ruled, tables
from ingest.structure import is_caption, is_heading, opens_paragraph

EDGE = 0.12
"""Running heads and feet stand in this share of the page's height."""
APART = 0.9
"""Sizes of the gap between a running head and the text."""
MOST_EDGE = 6
LARGER = 1.15
SHORT = 1.6
"""A line that ends this many sizes before the margin ends its paragraph."""
INDENT = 1.2
FAR = 5.0
"""A line that begins this many sizes from the margin is a signature or a date, and does not go on."""
_HANGING = "，。、；：！？”’）》〉】」』"
_STOP = ("。", "！", "？", "；", "：", "”", "…", ".", "!", "?", ";", ":")


@dataclass
class _Part:
    """A line, or a table, on its page. left, right: of the text around it; leading: the usual step between lines."""

    page: int
    text: str = ""
    line: Line | None = None
    left: float = 0.0
    right: float = 0.0
    first: bool = False
    elements: tuple[Element, ...] = ()


def elements(sheets: Iterable[Sheet], marked: dict[str, int] | None = None) -> list[Element]:
    """The elements of a document. marked: the headings that the file lists, squeezed, with their levels.

    The sheets are taken one by one, and of each only what is needed later is kept.
    """
    pages = _without_furniture([_page(s) for s in sheets])
    gutters = [g for page in pages if (g := gutter_of(page.lines, page.sheet.width))]
    usual = median(gutters) if len(gutters) * 2 > len(pages) else None
    parts = [part for page in pages for part in _parts(page, usual)]
    body = _body_size(parts)
    title = _title_lines(parts, body)
    return list(_joined(_without_contents(parts), body, title, marked or {}))


@dataclass(frozen=True)
class _Page:
    """A page: its tables, and the lines outside them. sheet: without its glyphs."""

    sheet: Sheet
    ruled: Sequence[Ruled]
    lines: Sequence[Line]


def _page(sheet: Sheet) -> _Page:
    ruled = tables(sheet)
    taken = frozenset[int]().union(*(t.glyphs for t in ruled))
    found = lines(g for g in sheet.glyphs if id(g) not in taken)
    return _Page(replace(sheet, glyphs=(), rules=()), ruled, [line.packed() for line in found])


def _parts(page: _Page, usual: float | None) -> Iterator[_Part]:
    """The lines and tables of a page in reading order."""
    sheet, waiting = page.sheet, list(page.ruled)
    for column in in_reading_order(page.lines, sheet.width, usual):
        left, right = _margins(column)
        for at, line in enumerate(column):
            while waiting and waiting[0].y0 < line.y0:
                yield _Part(sheet.number, elements=waiting.pop(0).elements)
            text = readable(line.text).strip()
            if text:
                yield _Part(sheet.number, text, line, left, right, at == 0)
    for table in waiting:
        yield _Part(sheet.number, elements=table.elements)


def _margins(column: Sequence[Line]) -> tuple[float, float]:
    """Where most lines of a column begin, and where the longest ends, punctuation that hangs over left out."""
    lefts = sorted(n.x0 for n in column)
    rights = [n.glyphs[-2].x1 if len(n.glyphs) > 1 and n.glyphs[-1].text in _HANGING else n.x1 for n in column]
    return (lefts[len(lefts) // 10], max(rights)) if lefts else (0.0, 0.0)


def _without_furniture(pages: Sequence[_Page]) -> list[_Page]:
    """Leave out page numbers at the edges, and what stands at the edge of most pages in the same words."""
    edges = [_edge_lines(page) for page in pages]
    counts = Counter(text for found in edges for text in {_squeezed(n.text) for n in found})
    enough = max(2, min(3, len(pages)))
    out = []
    for page, found in zip(pages, edges, strict=True):
        gone = {id(n) for n in found if counts[_squeezed(n.text)] >= enough and not is_heading(n.text)}
        gone |= {id(n) for n in page.lines if _is_edge(page.sheet, (n.y0 + n.y1) / 2) and is_page_number(n.text)}
        out.append(replace(page, lines=[n for n in page.lines if id(n) not in gone]))
    return out


def _is_edge(sheet: Sheet, y: float) -> bool:
    return y < EDGE * sheet.height or y > (1 - EDGE) * sheet.height


def _edge_lines(page: _Page) -> list[Line]:
    """The lines at the top and at the bottom of a page that are set apart from the text, at most MOST_EDGE each."""
    found = sorted(page.lines, key=lambda n: n.y0)
    return [*_apart(found, page.sheet), *_apart(found[::-1], page.sheet)]


def _apart(found: Sequence[Line], sheet: Sheet) -> list[Line]:
    """The first lines, from an edge inwards, up to a gap that is wider than those between lines of text."""
    for at, line in enumerate(found[:MOST_EDGE]):
        if not _is_edge(sheet, (line.y0 + line.y1) / 2):
            return []
        if at + 1 == len(found):
            return list(found)
        after = found[at + 1]
        gap = max(after.y0 - line.y1, line.y0 - after.y1)
        if gap > APART * max(line.size, after.size):
            return list(found[: at + 1])
    return []


def _squeezed(text: str) -> str:
    """A line without blanks and with its figures made alike, so that a running head with a number is the same on all pages."""
    return re.sub(r"\d+", "#", re.sub(r"\s+", "", text))


def _body_size(parts: Sequence[_Part]) -> float:
    sizes: Counter[float] = Counter()
    for part in parts:
        if part.line:
            sizes[round(part.line.size * 2) / 2] += len(part.text)
    return sizes.most_common(1)[0][0] if sizes else 10.0


def _title_lines(parts: Sequence[_Part], body: float) -> set[int]:
    """The lines of the title: the largest on the first page, where they are larger than the text."""
    first = [p for p in parts if p.line and p.page == parts[0].page]
    largest = max((p.line.size for p in first if p.line), default=0.0)
    if largest < LARGER * body:
        return set()
    return {id(p) for p in first if p.line and p.line.size >= 0.95 * largest}


def _without_contents(parts: Sequence[_Part]) -> Iterator[_Part]:
    contents = Contents()
    for part in parts:
        if part.line is None or not contents.holds(part.text):
            yield part


def _joined(parts: Iterator[_Part], body: float, title: set[int], marked: dict[str, int]) -> Iterator[Element]:
    """Lines joined to paragraphs, tables between them."""
    open_parts: list[_Part] = []
    text = ""
    for part in parts:
        if part.line is None:
            if open_parts and not _ends(open_parts[-1], text) and any(isinstance(e, Table) for e in part.elements):
                yield from part.elements  # a table set into a paragraph
                continue
            yield from _paragraph(open_parts, text, body, title, marked)
            open_parts, text = [], ""
            yield from part.elements
        elif open_parts and _goes_on(open_parts[-1], part, text, title):
            text = glued(text, part.text)
            open_parts.append(part)
        else:
            yield from _paragraph(open_parts, text, body, title, marked)
            open_parts, text = [part], part.text
    yield from _paragraph(open_parts, text, body, title, marked)


def _ends(part: _Part, text: str) -> bool:
    line = part.line
    return line is None or text.endswith(_STOP) or line.x1 < part.right - SHORT * line.size or is_caption(text)


def _goes_on(last: _Part, part: _Part, text: str, title: set[int]) -> bool:
    """Whether a line is of the same paragraph as the one before."""
    a, b = last.line, part.line
    if a is None or b is None or abs(a.size - b.size) > 0.12 * max(a.size, b.size):
        return False
    if id(last) in title and id(part) in title:
        return last.page == part.page and b.y0 - a.y1 < 1.2 * a.size and not re.search(r"[〕\]]\s*\d+\s*号$", text)
    if id(last) in title or id(part) in title or is_caption(text):
        return False
    if last.page == part.page and not part.first and b.y0 - a.y1 > 1.5 * _height(a):
        return False
    full = a.x1 >= last.right - SHORT * a.size and a.x0 < last.left + FAR * a.size
    indented = b.x0 > part.left + INDENT * b.size
    stopped = text.endswith(_STOP)
    if opens_paragraph(part.text) and (is_heading(part.text) or indented or stopped or not full):
        return False
    if not full:
        return indented and not stopped and _is_centred(last) and _is_centred(part)
    # After a full line a new paragraph is told by its indent, unless the sentence is not at its end or the lines hang.
    return not stopped or not indented or (len(text) > len(last.text) and abs(b.x0 - a.x0) < 0.5 * a.size)


def _height(line: Line) -> float:
    return max(line.y1 - line.y0, line.size * 0.8)


def _is_centred(part: _Part) -> bool:
    line = part.line
    if line is None:
        return False
    left, right = line.x0 - part.left, part.right - line.x1
    return left > 2 * line.size and abs(left - right) < 2.5 * line.size


def _paragraph(
    parts: Sequence[_Part], text: str, body: float, title: set[int], marked: dict[str, int]
) -> Iterator[Paragraph]:
    if not parts or not text.strip():
        return
    line, squeezed = parts[0].line, re.sub(r"\s+", "", text)
    level = marked.get(squeezed, 0)
    if (
        not level
        and line
        and not line.recognised
        and id(parts[0]) not in title
        and line.size >= LARGER * body
        and len(text) <= 40
    ):
        numbered = opens_paragraph(text) or is_heading(text)
        level = 0 if numbered or text.endswith(_STOP) or not re.search(r"[\u4e00-\u9fffA-Za-z]{2}", text) else 1
    yield Paragraph(text, level, parts[0].page)
