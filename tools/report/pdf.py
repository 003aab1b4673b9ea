"""A report as a PDF file, its fonts embedded."""

from __future__ import annotations

from io import BytesIO
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

from core.cut import chunks
from tools.report.charts import draw
from tools.report.fonts import CHINESE, pieces, register, width_em
from tools.report.lines import lines
from tools.report.pages import CLOSING, Block, Break, Bullets, Grid, Heading, Pages, Paragraph, Picture, plain
from tools.report.widths import lines_of, shares

LONGEST = 1500
"""Characters in one paragraph: breaking lines takes time with the square of the length."""
WIDTH_MM, HEIGHT_MM, MARGIN_MM = 210, 297, 18
USABLE_MM = WIDTH_MM - 2 * MARGIN_MM
PICTURE_MM = 130
"""The height that a chart takes at most."""
CELL_PADDING_MM = 3
SLACK = 0.5
"""Points that a line is kept short of the width, so that rounding does not divide it once more."""
TALL_MM = 150
"""A row of a table that is higher than this may be divided over two pages."""
HALVES_A_MM = 2.835 * 2
"""Halves of a Chinese character in a millimetre, at a size of one point."""
BLUE = "#1f4e9c"
TAIL_MM = 60
"""So much of the end stays together, so that the last page is not nearly empty."""


def write_pdf(pages: Pages, out: BinaryIO) -> None:
    """Write the pages to an open file."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, CondPageBreak, Frame, PageTemplate

    register()
    styles = _styles()
    story: list[Any] = [_text(pages.title, styles["title"]), _text(pages.subtitle, styles["text"])]
    flows = [_flow(block, styles) for block in pages.blocks]
    for block, flow, following in zip(pages.blocks, flows, [*flows[1:], []], strict=True):
        if isinstance(block, Heading) and following:
            story.append(CondPageBreak(_height(flow[0]) + _head_of(following[0])))
        story += flow
    frame = Frame(MARGIN_MM * mm, MARGIN_MM * mm, USABLE_MM * mm, (HEIGHT_MM - 2 * MARGIN_MM) * mm, 0, 0, 0, 0)
    template = BaseDocTemplate(out, pagesize=A4, title=pages.title, author="向导", subject=pages.subtitle)
    template.addPageTemplates(PageTemplate(frames=[frame], onPage=_furniture))
    template.build(_tail_together(story))


def _height(flowable: Any) -> float:
    from reportlab.lib.units import mm

    return float(flowable.wrap(USABLE_MM * mm, HEIGHT_MM * mm)[1])


def _head_of(flowable: Any) -> float:
    """The height of what has to follow a heading on its page: a picture, a table's header and first row, some lines."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Image, PageBreak, Table

    if isinstance(flowable, PageBreak):
        return 0.0
    height = _height(flowable)
    if isinstance(flowable, Image):
        return height
    rows = sum(flowable._rowHeights[:2]) if isinstance(flowable, Table) else height
    return min(float(rows), TALL_MM * mm)


def _tail_together(story: list[Any]) -> list[Any]:
    """The story with its end, from the last page break or large table on at most, kept on one page."""
    from reportlab.lib.units import mm
    from reportlab.platypus import CondPageBreak, Image, KeepTogether, PageBreak

    height, at = 0.0, len(story)
    while at > 0 and height < TAIL_MM * mm and not isinstance(story[at - 1], (PageBreak, Image)):
        height += 0.0 if isinstance(story[at - 1], CondPageBreak) else _height(story[at - 1])
        if height > 2 * TAIL_MM * mm:
            break
        at -= 1
    tail = [flowable for flowable in story[at:] if not isinstance(flowable, CondPageBreak)]
    return [*story[:at], KeepTogether(tail)] if tail else story


def _furniture(canvas: Any, document: Any) -> None:
    """The line at the foot of a page, with its number."""
    from reportlab.lib.units import mm

    canvas.setFont(CHINESE, 7.5)
    canvas.setFillGray(0.4)
    canvas.drawString(MARGIN_MM * mm, 9 * mm, CLOSING)
    canvas.drawRightString((WIDTH_MM - MARGIN_MM) * mm, 9 * mm, f"第{document.page}页")


def _styles() -> dict[str, Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.styles import ParagraphStyle

    text = ParagraphStyle(
        "text", fontName=CHINESE, fontSize=10, leading=16, splitLongWords=0, spaceAfter=4,
        allowWidows=0, allowOrphans=0,
    )  # fmt: skip
    return {
        "text": text,
        "title": ParagraphStyle("title", parent=text, fontSize=20, leading=28, spaceAfter=8),
        "heading": ParagraphStyle(
            "heading", parent=text, fontSize=13, leading=20, spaceBefore=10, textColor=HexColor(BLUE), keepWithNext=1
        ),
        "item": ParagraphStyle("item", parent=text, leftIndent=20, bulletIndent=2),
        "cell": ParagraphStyle("cell", parent=text, fontSize=9, leading=13, spaceAfter=0),
        "small": ParagraphStyle("small", parent=text, fontSize=8, leading=11.5, spaceAfter=0),
    }  # fmt: skip


def _text(text: str, style: Any, bullet: str | None = None, width_mm: float = USABLE_MM) -> Any:
    """A paragraph with its lines already divided. width_mm: of the place where it will stand."""
    from reportlab.lib.units import mm
    from reportlab.platypus import Paragraph as Flowing

    def measure(piece: str) -> float:
        return sum(map(width_em, piece)) * style.fontSize

    divided = lines(plain(text), width_mm * mm - style.leftIndent - SLACK, measure)
    marked = "".join(
        f'<font color="{BLUE}">{_marked(piece)}</font>' if bold else _marked(piece)
        for piece, bold in _with_breaks(Paragraph(text).parts(), divided)
    )
    return Flowing(marked, style, bulletText=bullet)


def _with_breaks(parts: list[tuple[str, bool]], divided: list[str]) -> list[tuple[str, bool]]:
    """The parts, plain and bold, with a line break where a line ends."""
    ends, at = set(), 0
    for line in divided[:-1]:
        at += len(line)
        ends.add(at)
    out: list[tuple[str, bool]] = []
    at = 0
    for text, bold in parts:
        written = ""
        for character in text:
            if at in ends:
                written += "" if character == "\n" else "\n"
                ends.discard(at)
            written += character
            at += character != "\n"
        out.append((written, bold))
    return out


def _marked(text: str) -> str:
    """The text as reportlab's markup, each sign in the font that has it."""
    lines = "".join(
        escape(piece.text) if piece.font == CHINESE else f'<font name="{piece.font}">{escape(piece.text)}</font>'
        for piece in pieces(text)
    )
    return lines.replace("\n", "<br/>")


def _flow(block: Block, styles: dict[str, Any]) -> list[Any]:
    from reportlab.platypus import PageBreak, Spacer

    if isinstance(block, Heading):
        return [_text(block.text, styles["heading"])]
    if isinstance(block, Paragraph):
        style = styles["small" if block.small else "text"]
        return [_text(part, style) for part in chunks(block.text, LONGEST)]
    if isinstance(block, Bullets):
        return [_text(item.text, styles["item"], mark) for mark, item in zip(block.marks(), block.items, strict=True)]
    if isinstance(block, Picture):
        return [_picture(block)]
    return [PageBreak()] if isinstance(block, Break) else [_table(block, styles), Spacer(1, 6)]


def _picture(block: Picture) -> Any:
    from reportlab.lib.units import mm
    from reportlab.lib.utils import ImageReader
    from reportlab.platypus import Image

    png = BytesIO(draw(block.chart))
    width, height = ImageReader(png).getSize()
    scale = min(USABLE_MM * mm / width, PICTURE_MM * mm / height)
    png.seek(0)
    return Image(png, width * scale, height * scale)


def _table(grid: Grid, styles: dict[str, Any]) -> Any:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import Table

    style = styles["text" if grid.large else "cell" if len(grid.header) <= 5 else "small"]
    texts = grid.texts()
    available = USABLE_MM / style.fontSize * HALVES_A_MM
    divided = shares(texts, available)
    inside = [share * USABLE_MM - CELL_PADDING_MM for share in divided]
    cells = [
        [
            [_text(part, style, width_mm=wide) for part in chunks(value, LONGEST)]
            for value, wide in zip(row, inside, strict=True)
        ]
        for row in texts
    ]
    tallest = max(lines_of(row, [share * available for share in divided]) for row in texts) * style.leading
    table = Table(
        cells,
        colWidths=[share * USABLE_MM * mm for share in divided],
        repeatRows=1,
        splitInRow=int(tallest > TALL_MM * mm),
    )
    table.setStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.4, HexColor("#bfbfbf")),
            ("BACKGROUND", (0, 0), (-1, 0), HexColor("#e8effb")),
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("TOPPADDING", (0, 0), (-1, -1), 6 if grid.large else 3),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 6 if grid.large else 3),
            ("LEFTPADDING", (0, 0), (-1, -1), CELL_PADDING_MM * mm / 2),
            ("RIGHTPADDING", (0, 0), (-1, -1), CELL_PADDING_MM * mm / 2),
        ]
    )
    return table
