"""Slides: the title of each is a heading, then its texts from top to bottom, tables, and the speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from lxml import etree
from pptx import Presentation
from pptx.exc import PackageNotFoundError

from core.cut import unbroken
from ingest.clean import readable
from ingest.parsed import Element, Paragraph, Parsed
from ingest.readers import damaged, grid, package

_DEEPEST = 20
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_RUN = f"{_A}r"
_DATA = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}dm"


def read(data: bytes) -> Parsed:
    data = package.opened(data, "PPT（.pptx）", "presentationml")
    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError) as exc:
        raise damaged("PPT（.pptx）") from exc
    elements: list[Element] = []
    pictures = drawn = struck = unseen = 0
    hidden = [slide for slide in slides if slide._element.get("show") in {"0", "false"}]
    for number, slide in enumerate(slides, 1):
        if slide in hidden:
            continue
        elements += _slide(slide, number)
        struck += sum(map(_is_struck, slide._element.iter(_RUN)))
        unseen += sum(_is_hidden(shape) and _says_something(shape) for shape in _all(slide.shapes))
        pictures += sum(shape.shape_type == 13 for shape in _flat(slide.shapes))
        drawn += sum(getattr(shape, "has_chart", False) for shape in _flat(slide.shapes))
    notes = [f"隐藏的 {len(hidden)} 张幻灯片没有录入。"] * bool(hidden)
    notes += [f"幻灯片里 {pictures} 张图片上的文字没有录入。"] * bool(pictures)
    notes += [f"幻灯片里 {drawn} 个图表没有录入。"] * bool(drawn)
    notes += [f"幻灯片里 {unseen} 处隐藏的内容没有录入。"] * bool(unseen)
    notes += [f"幻灯片里 {struck} 处划掉的文字没有录入。"] * bool(struck)
    first = next((number for number, slide in enumerate(slides, 1) if slide not in hidden), 1)
    title = next((e.text for e in elements if isinstance(e, Paragraph) and e.page == first), "")
    return Parsed(tuple(elements), title[:60] if len(title) <= 60 else "", pages=len(slides), notes=tuple(notes))


def _slide(slide: Any, number: int) -> Iterator[Element]:
    title = slide.shapes.title
    if title is not None and not _is_hidden(title) and (text := " ".join(readable(_said(title.text_frame)).split())):
        yield Paragraph(text, 1, number)
    for shape in sorted(_flat(slide.shapes), key=lambda s: (s.top or 0, s.left or 0)):
        if shape.has_text_frame and (title is None or shape.shape_id != title.shape_id):
            yield from _paragraphs(shape.text_frame, number)
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield from grid.elements(_cells(shape.table), page=number)
        else:
            yield from (Paragraph(line, 0, number) for line in _of_diagram(shape, slide))
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in _paragraphs(slide.notes_slide.notes_text_frame, number):
            yield Paragraph(f"备注：{paragraph.text}", 0, number)


def _flat(shapes: Iterable[Any]) -> Iterator[Any]:
    """The shapes that are shown, those of groups included."""
    return (shape for shape in _all(shapes) if not _is_hidden(shape))


def _all(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    for shape in shapes:
        if shape.shape_type == 6 and depth < _DEEPEST and not _is_hidden(shape):
            yield from _all(shape.shapes, depth + 1)
        else:
            yield shape


def _is_hidden(shape: Any) -> bool:
    """Whether the list of what is selected on a slide hides a shape."""
    return next((told.get("hidden") in {"1", "true"} for told in shape._element.iter("{*}cNvPr")), False)


def _says_something(shape: Any) -> bool:
    return any((text.text or "").strip() for text in shape._element.iter(f"{_A}t"))


def _is_struck(run: Any) -> bool:
    """Whether a run is crossed out: slides keep no record of changes, so people delete so."""
    told = run.find(f"{_A}rPr")
    return told is not None and told.get("strike", "noStrike") != "noStrike" and bool(run.findtext(f"{_A}t"))


def _said(frame: Any) -> str:
    return "\n".join(_line(paragraph) for paragraph in frame.paragraphs)


def _line(paragraph: Any) -> str:
    """What a paragraph says, breaks as line ends, without what is crossed out."""
    parts = {_RUN: lambda node: node.findtext(f"{_A}t") or "", f"{_A}br": lambda node: "\n"}
    parts[f"{_A}fld"] = parts[_RUN]
    return "".join(parts[node.tag](node) for node in paragraph._p if node.tag in parts and not _is_struck(node))


def _paragraphs(frame: Any, number: int) -> Iterator[Paragraph]:
    for paragraph in frame.paragraphs:
        for line in readable(_line(paragraph)).split("\n"):
            if line.strip():
                yield Paragraph(unbroken(line), 0, number)


def _of_diagram(shape: Any, slide: Any) -> Iterator[str]:
    """The texts of a diagram (SmartArt), which stand in a part of their own, in its order."""
    for told in shape._element.iterfind(".//{*}relIds"):
        relation = slide.part.rels.get(told.get(_DATA, ""))
        if relation is None or relation.is_external:
            continue
        root = etree.fromstring(relation.target_part.blob, etree.XMLParser(resolve_entities=False, no_network=True))
        for paragraph in root.iterfind(".//{*}pt/{*}t/{*}p"):
            if line := unbroken(readable("".join(node.text or "" for node in paragraph.iter("{*}t")))):
                yield line


def _cells(table: Any) -> Iterator[grid.Cell]:
    for row_at, row in enumerate(table.rows):
        for column_at, cell in enumerate(row.cells):
            if not cell.is_spanned:
                height, width = (cell.span_height, cell.span_width) if cell.is_merge_origin else (1, 1)
                yield grid.Cell(readable(_said(cell.text_frame)), row_at, column_at, height, width)
