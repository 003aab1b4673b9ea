"""A report as a Word file."""

from __future__ import annotations

from collections.abc import Iterable
from io import BytesIO
from typing import Any, BinaryIO

from core.cut import shorten
from tools.report.charts import draw
from tools.report.pages import CLOSING, Block, Bullets, Grid, Heading, Pages, Paragraph, Picture
from tools.report.widths import shares

EAST_ASIAN = "Microsoft YaHei"
"""The name Word is given for Chinese; where it is missing Word and WPS take another Chinese font."""
WIDTH_CM, HEIGHT_CM, MARGIN_CM = 21.0, 29.7, 2.0
USABLE_CM = WIDTH_CM - 2 * MARGIN_CM
PICTURE_CM = 12.0
"""The height that a chart takes at most."""
STYLES = ("Normal", "Title", "Heading 1", "List Bullet", "List Number", "Header", "Footer")
TAIL_LINES = 16
TEXT_PT, CELL_PT, SMALL_PT = 10.5, 9.0, 8.0
HALVES_A_CM = 28.35 * 2
"""Halves of a Chinese character in a centimetre, at a size of one point."""


def write_docx(pages: Pages, out: BinaryIO) -> None:
    """Write the pages to an open file."""
    from docx import Document
    from docx.shared import Cm

    document = Document()
    section = document.sections[0]
    section.page_width, section.page_height = Cm(WIDTH_CM), Cm(HEIGHT_CM)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Cm(MARGIN_CM)
    for style in STYLES:
        _set_font(document.styles[style])
    _set_sizes(document)
    _footer(section)
    document.add_heading(pages.title, 0)
    document.add_paragraph(pages.subtitle)
    for block in pages.blocks:
        _add(document, block)
    _keep_tail(document)
    properties = document.core_properties
    properties.title, properties.subject, properties.author = shorten(pages.title, 250), pages.subtitle, "向导"
    properties.language, properties.comments = "zh-CN", CLOSING
    document.save(out)


def _set_font(style: Any) -> None:
    from docx.oxml.ns import qn

    style.font.name = EAST_ASIAN
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:eastAsia", "w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(attribute), EAST_ASIAN)
    for theme in ("w:asciiTheme", "w:eastAsiaTheme", "w:hAnsiTheme", "w:cstheme"):
        fonts.attrib.pop(qn(theme), None)


def _set_sizes(document: Any) -> None:
    from docx.shared import Pt

    for name, size, before, after in (
        ("Normal", TEXT_PT, 0, 4), ("Title", 20, 0, 6), ("Heading 1", 13, 10, 4), ("List Bullet", TEXT_PT, 0, 3),
        ("List Number", TEXT_PT, 0, 3), ("Footer", SMALL_PT, 0, 0),
    ):  # fmt: skip
        style = document.styles[name]
        style.font.size = Pt(size)
        style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _footer(section: Any) -> None:
    """The closing line with the number of the page."""
    paragraph = section.footer.paragraphs[0]
    paragraph.add_run(f"{CLOSING}　第")
    _field(paragraph.add_run(), "PAGE")
    paragraph.add_run("页，共")
    _field(paragraph.add_run(), "NUMPAGES")
    paragraph.add_run("页")


def _field(run: Any, code: str) -> None:
    """A field that Word fills in."""
    from docx.oxml import OxmlElement
    from docx.oxml.ns import qn

    for kind in ("begin", "", "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = code
        run._r.append(part)


def _add(document: Any, block: Block) -> None:
    from docx.shared import Cm, Pt

    if isinstance(block, Heading):
        document.add_heading(block.text, 1)
    elif isinstance(block, Paragraph):
        paragraph = document.add_paragraph()
        _runs(paragraph, block)
        if block.small:
            _shrink([paragraph], Pt(SMALL_PT))
    elif isinstance(block, Bullets):
        _list(document, block)
    elif isinstance(block, Picture):
        picture = document.add_picture(BytesIO(draw(block.chart)), width=Cm(USABLE_CM))
        if picture.height > Cm(PICTURE_CM):
            picture.width, picture.height = round(picture.width * Cm(PICTURE_CM) / picture.height), Cm(PICTURE_CM)
    elif isinstance(block, Grid):
        _table(document, block)
    else:
        _break_before_next(document)


def _break_before_next(document: Any) -> None:
    """A new page for what follows: a paragraph of no height, since an empty line may fall on a page of its own."""
    from docx.enum.text import WD_BREAK
    from docx.shared import Pt

    paragraph = document.add_paragraph()
    paragraph.paragraph_format.space_after = Pt(0)
    paragraph.add_run().add_break(WD_BREAK.PAGE)


def _list(document: Any, block: Bullets) -> None:
    numbering = None if block.first is None else _numbering(document, block.first)
    for item in block.items:
        paragraph = document.add_paragraph(style="List Bullet" if numbering is None else "List Number")
        if numbering is not None:
            properties = paragraph._p.get_or_add_pPr().get_or_add_numPr()
            properties.get_or_add_ilvl().val = 0
            properties.get_or_add_numId().val = numbering
        _runs(paragraph, item)


def _numbering(document: Any, first: int) -> int:
    """A numbering of its own for one list, which begins at `first`: Word goes on counting through a style's lists."""
    from docx.oxml.ns import qn

    numbering = document.part.numbering_part.numbering_definitions._numbering
    style = document.styles["List Number"].element
    kept = style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}")
    abstract = next(num for num in numbering.num_lst if str(num.numId) == kept.get(qn("w:val"))).abstractNumId.val
    number = numbering.add_num(abstract)
    number.add_lvlOverride(ilvl=0).add_startOverride(first)
    return int(number.numId)


def _runs(paragraph: Any, text: Paragraph) -> None:
    for piece, bold in text.parts():
        paragraph.add_run(piece).bold = bold


def _table(document: Any, grid: Grid) -> None:
    from docx.shared import Cm, Pt

    size = TEXT_PT if grid.large else CELL_PT if len(grid.header) <= 5 else SMALL_PT
    texts = grid.texts()
    table = document.add_table(len(texts), len(grid.header), style="Light Grid Accent 1")
    table.autofit = False
    widths = [Cm(share * USABLE_CM) for share in shares(texts, USABLE_CM * HALVES_A_CM / size)]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for row, values in zip(table.rows, texts, strict=True):
        _keep_whole(row, header=row is table.rows[0])
        for cell, width, value in zip(row.cells, widths, values, strict=True):
            cell.width = width
            cell.text = value
            _shrink(cell.paragraphs, Pt(size))
    _header_repeats(table)
    gap = document.add_paragraph()
    gap.paragraph_format.space_after = Pt(0)
    gap.paragraph_format.line_spacing = Pt(6)


def _keep_tail(document: Any) -> None:
    """The last lines stay together, so that the last page is not nearly empty."""
    from docx.table import Table

    lines = 0.0
    for part in reversed(list(document.iter_inner_content())):
        rows = [part] if not isinstance(part, Table) else list(reversed(part.rows))
        for row in rows:
            paragraphs = [row] if row is part else [p for cell in row.cells for p in cell.paragraphs]
            for paragraph in paragraphs:
                paragraph.paragraph_format.keep_with_next = True
            lines += 1 if row is part else 2
            if lines >= TAIL_LINES:
                return


def _shrink(paragraphs: Iterable[Any], size: Any) -> None:
    from docx.shared import Pt

    for paragraph in paragraphs:
        paragraph.paragraph_format.space_after = Pt(0)
        for run in paragraph.runs:
            run.font.size = size


def _keep_whole(row: Any, header: bool) -> None:
    """A row of ordinary length is not divided over two pages."""
    from docx.oxml import OxmlElement

    if header or max(len(cell.text) for cell in row.cells) < 600:
        row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def _header_repeats(table: Any) -> None:
    from docx.oxml import OxmlElement

    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
