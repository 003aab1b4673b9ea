"""A report as a Word file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any

from tools.report.charts import draw
from tools.report.pages import Bullets, Grid, Heading, Pages, Paragraph, Picture, plain

EAST_ASIAN = "Microsoft YaHei"
"""The name Word is given for Chinese; where it is missing Word and WPS take another Chinese font."""
WIDTH_CM = 17.0


def write_docx(pages: Pages, path: Path) -> None:
    """Write the pages; OSError where the file cannot be written."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(2)
    for style in ("Normal", "Title", "Heading 1", "List Bullet", "List Number"):
        _set_font(document.styles[style])
    document.add_heading(pages.title, 0)
    document.add_paragraph(pages.subtitle)
    for block in pages.blocks:
        _add(document, block)
    document.core_properties.title, document.core_properties.author = pages.title, "向导"
    document.save(str(path))


def _set_font(style: Any) -> None:
    from docx.oxml.ns import qn

    style.font.name = EAST_ASIAN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(attribute), EAST_ASIAN)
    for theme in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _add(document: Any, block: Any) -> None:
    from docx.shared import Cm

    if isinstance(block, Heading):
        document.add_heading(block.text, 1)
    elif isinstance(block, Paragraph):
        _runs(document.add_paragraph(), block)
    elif isinstance(block, Bullets):
        for item in block.items:
            _runs(document.add_paragraph(style="List Number" if block.numbered else "List Bullet"), item)
    elif isinstance(block, Picture):
        document.add_picture(BytesIO(draw(block.chart)), width=Cm(WIDTH_CM * 0.9))
    elif isinstance(block, Grid):
        _table(document, block)


def _runs(paragraph: Any, text: Paragraph) -> None:
    for piece, bold in text.parts():
        paragraph.add_run(piece).bold = bold


def _table(document: Any, grid: Grid) -> None:
    from docx.shared import Pt

    table = document.add_table(rows=1, cols=len(grid.header), style="Light Grid Accent 1")
    for cell, name in zip(table.rows[0].cells, grid.header, strict=True):
        cell.text = name
    for row in grid.rows:
        for cell, value in zip(table.add_row().cells, row, strict=True):
            cell.text = "" if value is None else plain(f"{value:g}" if isinstance(value, float) else str(value))
    size = 9 if len(grid.header) <= 5 else 7.5
    for paragraph in (p for row in table.rows for cell in row.cells for p in cell.paragraphs):
        for run in paragraph.runs:
            run.font.size = Pt(size)
    document.add_paragraph()
