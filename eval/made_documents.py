"""Documents made to try the readers on: the same content as PDF, Word, Excel, a web page, or the picture of a page."""

from __future__ import annotations

import html
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from tools.report.fonts import register

Rows = Sequence[Sequence[str]]
Span = tuple[int, int, int, int]
"""First row and column, and how many rows and columns a cell covers."""


@dataclass(frozen=True)
class Grid:
    """A table to be drawn. rows: a covered place is empty; spans: the merged cells; header: how many rows repeat."""

    caption: str
    rows: Rows
    spans: tuple[Span, ...] = ()
    header: int = 1


@dataclass(frozen=True)
class Content:
    """A document to be drawn. body: paragraphs, those that begin with # are headings, and tables."""

    title: str
    body: tuple[str | Grid, ...]
    running_head: str = ""


def pdf(content: Content, columns: int = 1, size: float = 12.0) -> bytes:
    """A PDF with running heads, page numbers and indented paragraphs, as offices print them. size: in points."""
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    out = io.BytesIO()
    wide = (A4[0] - 50 * mm - (columns - 1) * 8 * mm) / columns
    frames = [
        Frame(25 * mm + at * (wide + 8 * mm), 25 * mm, wide, A4[1] - 55 * mm, leftPadding=0, rightPadding=0)
        for at in range(columns)
    ]

    def furniture(canvas: Any, document: Any) -> None:
        canvas.setFont(register(), 9)
        if content.running_head:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 18 * mm, content.running_head)
            canvas.line(25 * mm, A4[1] - 20 * mm, A4[0] - 25 * mm, A4[1] - 20 * mm)
        canvas.drawCentredString(A4[0] / 2, 14 * mm, f"— {document.page} —")

    template = BaseDocTemplate(out, pagesize=A4, title=content.title)
    template.addPageTemplates(PageTemplate(frames=frames, onPage=furniture))
    template.build(_flowables(content, size, wide))
    return out.getvalue()


def _flowables(content: Content, size: float, wide: float) -> list[Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph, Spacer

    body = ParagraphStyle(
        "b", fontName=register(), fontSize=size, leading=size * 1.6, wordWrap="CJK", firstLineIndent=2 * size
    )
    head = ParagraphStyle("h", body, fontSize=size * 1.1, firstLineIndent=0, spaceBefore=size)
    title = ParagraphStyle("t", body, fontSize=size * 1.6, leading=size * 2.2, alignment=1, firstLineIndent=0)
    small = ParagraphStyle("c", body, fontSize=size * 0.85, leading=size * 1.2, firstLineIndent=0)
    out = [Paragraph(html.escape(content.title), title), Spacer(1, size)]
    for part in content.body:
        if isinstance(part, Grid):
            out += [Paragraph(html.escape(part.caption), small), _table(part, small, wide), Spacer(1, size)]
        elif part.startswith("#"):
            out.append(Paragraph(html.escape(part.lstrip("# ")), head))
        else:
            out.append(Paragraph(html.escape(part), body))
    return out


def _table(grid: Grid, style: Any, wide: float) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Paragraph, Table

    cells = [[Paragraph(html.escape(cell), style) for cell in row] for row in grid.rows]
    widths = [wide / len(grid.rows[0])] * len(grid.rows[0])
    spans = [("SPAN", (c, r), (c + wide_ - 1, r + high - 1)) for r, c, high, wide_ in grid.spans]
    look = [("GRID", (0, 0), (-1, -1), 0.5, colors.black), ("VALIGN", (0, 0), (-1, -1), "MIDDLE")]
    return Table(cells, colWidths=widths, repeatRows=grid.header, style=[*look, *spans])


def docx(content: Content) -> bytes:
    from docx import Document

    document = Document()
    document.add_paragraph(content.title, style="Title")
    for part in content.body:
        if isinstance(part, Grid):
            document.add_paragraph(part.caption)
            table = document.add_table(len(part.rows), len(part.rows[0]), style="Table Grid")
            for r, c, high, wide in part.spans:
                table.cell(r, c).merge(table.cell(r + high - 1, c + wide - 1))
            covered = _covered(part)
            for r, row in enumerate(part.rows):
                for c, cell in enumerate(row):
                    if (r, c) not in covered:
                        table.cell(r, c).text = cell
        elif part.startswith("#"):
            document.add_heading(part.lstrip("# "), level=len(part) - len(part.lstrip("#")))
        else:
            document.add_paragraph(part)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def xlsx(content: Content) -> bytes:
    """One sheet a table, the paragraphs before it in its first rows."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    waiting = [content.title]
    for part in content.body:
        if isinstance(part, str):
            waiting.append(part.lstrip("# "))
            continue
        sheet = book.create_sheet(f"表{len(book.worksheets) + 1}")
        for line in [*waiting, part.caption]:
            sheet.append([line])
        waiting, top = [], sheet.max_row
        for row in part.rows:
            sheet.append(list(row))
        for r, c, high, wide in part.spans:
            sheet.merge_cells(start_row=top + r + 1, start_column=c + 1, end_row=top + r + high, end_column=c + wide)
    for line in waiting:
        book.worksheets[-1].append([line])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def web_page(content: Content) -> bytes:
    """A page as official sites build them, with menus around and a date."""
    parts = []
    for part in content.body:
        if isinstance(part, Grid):
            parts.append(f"<p>{html.escape(part.caption)}</p>{_html_table(part)}")
        elif part.startswith("#"):
            parts.append(f"<h2>{html.escape(part.lstrip('# '))}</h2>")
        else:
            parts.append(f"<p>{html.escape(part)}</p>")
    menu = "".join(
        f"<li><a href='/{n}'>{name}</a></li>"
        for n, name in enumerate(("首页", "政务公开", "办事服务", "互动交流", "数据开放"))
    )
    page = f"""<!DOCTYPE html><html><head><meta charset="utf-8"><title>{html.escape(content.title)}_某市工业和信息化局</title></head><body>
<div class="header"><ul class="nav">{menu}</ul></div><div class="position">当前位置：首页 &gt; 通知公告</div>
<h1>{html.escape(content.title)}</h1><div class="info">发布时间：2026-03-05 来源：某市工业和信息化局</div>
<div class="TRS_Editor">{"".join(parts)}</div><div class="footer">版权所有 某市工业和信息化局 备案号 00000000</div></body></html>"""
    return page.encode()


def _html_table(grid: Grid) -> str:
    spans = {(r, c): (high, wide) for r, c, high, wide in grid.spans}
    covered = _covered(grid)
    rows = []
    for r, row in enumerate(grid.rows):
        cells = []
        for c, cell in enumerate(row):
            if (r, c) in covered:
                continue
            high, wide = spans.get((r, c), (1, 1))
            cells.append(f'<td rowspan="{high}" colspan="{wide}">{html.escape(cell)}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    return f"<table>{''.join(rows)}</table>"


def _covered(grid: Grid) -> set[tuple[int, int]]:
    """The places of a table that a merged cell covers without beginning there."""
    return {
        (r + i, c + j) for r, c, high, wide in grid.spans for i in range(high) for j in range(wide) if (i, j) != (0, 0)
    }


def picture(page: bytes, number: int = 0, dots: int = 200) -> bytes:
    """One page of a PDF as a PNG. dots: to the inch."""
    import pypdfium2

    with pypdfium2.PdfDocument(page) as document:
        image = document[number].render(scale=dots / 72).to_pil()
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def scanned(document: bytes, dots: int = 150, most: int = 1000) -> bytes:
    """A PDF whose pages are pictures of those of another. most: pages."""
    import pypdfium2
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    with pypdfium2.PdfDocument(document) as source:
        for at in range(min(len(source), most)):
            page = source[at]
            canvas.setPageSize(page.get_size())
            canvas.drawImage(ImageReader(page.render(scale=dots / 72).to_pil()), 0, 0, *page.get_size())
            canvas.showPage()
    canvas.save()
    return out.getvalue()


MAKERS: dict[str, Callable[[Content], bytes]] = {".pdf": pdf, ".docx": docx, ".xlsx": xlsx, ".html": web_page}
