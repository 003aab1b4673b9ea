"""A report as a PDF file, its fonts embedded."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from tools.report.charts import draw
from tools.report.fonts import CHINESE, pieces, register
from tools.report.pages import Bullets, Grid, Heading, Pages, Paragraph, Picture

LONGEST = 1500
"""Characters in one paragraph."""
WIDTH_MM, MARGIN_MM = 210, 18


def write_pdf(pages: Pages, path: Path) -> None:
    """Write the pages; OSError where the file cannot be written."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import SimpleDocTemplate

    styles = _styles(register())
    story: list[Any] = [_text(pages.title, styles["title"]), _text(pages.subtitle, styles["text"])]
    for block in pages.blocks:
        story += _flow(block, styles)
    margins = dict.fromkeys(("leftMargin", "rightMargin", "topMargin", "bottomMargin"), MARGIN_MM * mm)
    target = BytesIO()
    SimpleDocTemplate(target, pagesize=A4, title=pages.title, author="向导", **margins).build(
        story, onFirstPage=_numbered, onLaterPages=_numbered
    )
    path.write_bytes(target.getvalue())


def _styles(font: str) -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle("text", fontName=font, fontSize=10, leading=16, wordWrap="CJK", spaceAfter=4)
    return {
        "text": text,
        "title": ParagraphStyle("title", parent=text, fontSize=20, leading=28, spaceAfter=8),
        "heading": ParagraphStyle(
            "heading",
            parent=text,
            fontSize=13,
            leading=20,
            spaceBefore=10,
            textColor=HexColor("#1f4e9c"),
            keepWithNext=1,
        ),
        "item": ParagraphStyle("item", parent=text, leftIndent=14, bulletIndent=2),
        "cell": ParagraphStyle("cell", parent=text, fontSize=8.5, leading=12, spaceAfter=0),
        "small": ParagraphStyle("small", parent=text, fontSize=7.5, leading=10.5, spaceAfter=0),
    }


def _text(text: str, style: Any, bullet: str | None = None) -> Any:
    from reportlab.platypus import Paragraph as Flowing

    marked = "".join(
        f'<font color="#1f4e9c">{_marked(piece)}</font>' if bold else _marked(piece)
        for piece, bold in Paragraph(text).parts()
    )
    return Flowing(marked, style, bulletText=bullet)


def _marked(text: str) -> str:
    """The text as reportlab's markup, each sign in the font that has it."""
    return "".join(
        escape(piece.text) if piece.font == CHINESE else f'<font name="{piece.font}">{escape(piece.text)}</font>'
        for piece in pieces(text)
    )


def _flow(block: Any, styles: dict[str, Any]) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image, Spacer

    if isinstance(block, Heading):
        return [_text(block.text, styles["heading"])]
    if isinstance(block, Paragraph):
        return [_text(part, styles["text"]) for part in _chunks(block.text)]
    if isinstance(block, Bullets):
        marks = [f"{n}." if block.numbered else "•" for n in range(1, len(block.items) + 1)]
        return [_text(item.text, styles["item"], mark) for mark, item in zip(marks, block.items, strict=True)]
    if isinstance(block, Picture):
        png = BytesIO(draw(block.chart))
        width, height = ImageReader(png).getSize()
        scale = min((WIDTH_MM - 2 * MARGIN_MM) * 0.9 * mm / width, 150 * mm / height)
        png.seek(0)
        return [Image(png, width * scale, height * scale)]
    return [_table(block, styles), Spacer(1, 6)] if isinstance(block, Grid) else []


def _chunks(text: str) -> list[str]:
    """Long texts in pieces: breaking lines takes time with the square of the length."""
    return [text[at : at + LONGEST] for at in range(0, max(len(text), 1), LONGEST)]


def _table(grid: Grid, styles: dict[str, Any]) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    style = styles["cell" if len(grid.header) <= 5 else "small"]
    shown = [["" if v is None else f"{v:g}" if isinstance(v, float) else str(v) for v in row] for row in grid.rows]
    cells = [[[_text(part, style) for part in _chunks(value)] for value in row] for row in [list(grid.header), *shown]]
    table = Table(cells, colWidths=[w * mm for w in _widths(grid, shown)], repeatRows=1, splitInRow=1)
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#bfbfbf")),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e8effb")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
        ]
    )
    return table


def _widths(grid: Grid, shown: list[list[str]]) -> list[float]:
    """Column widths in mm, by the square root of the longest text, together the width of the page."""
    longest = [max(len(name), *(len(row[n]) for row in shown), 2) for n, name in enumerate(grid.header)]
    shares = [min(length, 90) ** 0.5 + 1 for length in longest]
    return [(WIDTH_MM - 2 * MARGIN_MM) * share / sum(shares) for share in shares]


def _numbered(canvas: Any, document: Any) -> None:
    from reportlab.lib.units import mm

    canvas.setFont(CHINESE, 8)
    canvas.drawCentredString(WIDTH_MM / 2 * mm, 9 * mm, str(document.page))
