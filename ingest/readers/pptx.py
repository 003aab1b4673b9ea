"""Slides: the title of each is a heading, then its texts from top to bottom, tables, and the speaker's notes."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator
from typing import Any

from pptx import Presentation
from pptx.exc import PackageNotFoundError

from core.cut import unbroken
from ingest.clean import readable
from ingest.parsed import Element, Paragraph, Parsed
from ingest.readers import damaged, grid, package

_DEEPEST = 20


def read(data: bytes) -> Parsed:
    data = package.opened(data, "PPT（.pptx）", "presentationml")
    try:
        slides = list(Presentation(io.BytesIO(data)).slides)
    except (PackageNotFoundError, KeyError, ValueError, AttributeError) as exc:
        raise damaged("PPT（.pptx）") from exc
    elements: list[Element] = []
    pictures = 0
    for number, slide in enumerate(slides, 1):
        elements += _slide(slide, number)
        pictures += sum(shape.shape_type == 13 for shape in _flat(slide.shapes))
    notes = (f"幻灯片里 {pictures} 张图片上的文字没有录入。",) if pictures else ()
    title = next((e.text for e in elements if isinstance(e, Paragraph) and e.page == 1), "")
    return Parsed(tuple(elements), title[:60] if len(title) <= 60 else "", pages=len(slides), notes=notes)


def _slide(slide: Any, number: int) -> Iterator[Element]:
    title = slide.shapes.title
    if title is not None and (text := " ".join(readable(title.text_frame.text).split())):
        yield Paragraph(text, 1, number)
    for shape in sorted(_flat(slide.shapes), key=lambda s: (s.top or 0, s.left or 0)):
        if shape.has_text_frame and (title is None or shape.shape_id != title.shape_id):
            yield from _paragraphs(shape.text_frame, number)
        elif getattr(shape, "has_table", False) and shape.has_table:
            yield from grid.elements(_cells(shape.table), page=number)
    if slide.has_notes_slide and slide.notes_slide.notes_text_frame is not None:
        for paragraph in _paragraphs(slide.notes_slide.notes_text_frame, number):
            yield Paragraph(f"备注：{paragraph.text}", 0, number)


def _flat(shapes: Iterable[Any], depth: int = 0) -> Iterator[Any]:
    """Shapes, those of groups included."""
    for shape in shapes:
        if shape.shape_type == 6 and depth < _DEEPEST:
            yield from _flat(shape.shapes, depth + 1)
        else:
            yield shape


def _paragraphs(frame: Any, number: int) -> Iterator[Paragraph]:
    for paragraph in frame.paragraphs:
        for line in readable(paragraph.text).split("\n"):
            if line.strip():
                yield Paragraph(unbroken(line), 0, number)


def _cells(table: Any) -> Iterator[grid.Cell]:
    for row_at, row in enumerate(table.rows):
        for column_at, cell in enumerate(row.cells):
            if not cell.is_spanned:
                height, width = (cell.span_height, cell.span_width) if cell.is_merge_origin else (1, 1)
                yield grid.Cell(readable(cell.text), row_at, column_at, height, width)
