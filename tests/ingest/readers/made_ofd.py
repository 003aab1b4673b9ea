"""Pages with positions, written twice: as .ofd in the ways that different programs write it, and as the PDF beside it."""

from __future__ import annotations

import html
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from eval.made_documents import Content, Grid
from tools.report.fonts import register

WIDTH, HEIGHT = 595.0, 842.0
LEFT, TOP, BOTTOM = 73.5, 90.0, 760.0
SIZE, LEADING = 16.0, 28.0
POINTS = 72 / 25.4


@dataclass(frozen=True)
class Words:
    """Text on one line. x, base: where it begins, on its base line, in points from the top left; head: on every page."""

    x: float
    base: float
    size: float
    text: str
    head: bool = False


@dataclass(frozen=True)
class Stroke:
    """A drawn line, in points from the top left."""

    x0: float
    y0: float
    x1: float
    y1: float


Page = list[Words | Stroke]


@dataclass(frozen=True)
class Style:
    """How a program writes the format.

    run: offsets as `g n v`; scaled: type of size 1 enlarged by a matrix; single: an object a character; joined: the lines
    of a page in one text code; blocks: in nested blocks; template: what is on every page in a template; composed: lines
    in a composed object; boxes: lines as thin filled boxes; shared: two characters share a glyph; space: the namespace.
    """

    run: bool = False
    scaled: bool = False
    single: bool = False
    joined: bool = False
    blocks: bool = False
    template: bool = False
    composed: bool = False
    boxes: bool = False
    shared: bool = False
    absolute: bool = False
    space: str = "http://www.ofdspec.org/2016"


def typeset(content: Content, columns: int = 1) -> list[Page]:
    """Pages as offices set them: title, indented paragraphs, ruled tables, running head and page number."""
    setter = _Setter(columns)
    for line in _wrapped(content.title, 22.0, setter.width, 0.0):
        setter.line(line, 22.0, (setter.width - wide(line, 22.0)) / 2)
    for part in content.body:
        if isinstance(part, Grid):
            setter.table(part)
            continue
        heading = part.startswith("#")
        for at, line in enumerate(_wrapped(part.lstrip("# "), setter.size, setter.width, 2.0)):
            setter.line(line, setter.size, 2 * setter.size if at == 0 or heading else 0.0)
    for number, page in enumerate(setter.pages, 1):
        if content.running_head:
            page.append(
                Words((WIDTH - wide(content.running_head, 9.0)) / 2, 40.0, 9.0, content.running_head, head=True)
            )
            page.append(Stroke(LEFT, 46.0, WIDTH - LEFT, 46.0))
        page.append(Words(WIDTH / 2 - 12, 805.0, 10.0, f"— {number} —"))
    return setter.pages


class _Setter:
    def __init__(self, columns: int) -> None:
        self.pages: list[Page] = []
        self._gap = 22.0
        self._columns = columns
        self.width = (WIDTH - 2 * LEFT - (columns - 1) * self._gap) / columns
        self.size = SIZE if columns == 1 else 10.0
        self._column = columns - 1
        self._y = BOTTOM

    @property
    def _left(self) -> float:
        return LEFT + self._column * (self.width + self._gap)

    def _room(self, height: float) -> None:
        if self._y + height <= BOTTOM and self.pages:
            return
        self._column = (self._column + 1) % self._columns
        self._y = TOP
        if self._column == 0:
            self.pages.append([])

    def line(self, text: str, size: float, indent: float) -> None:
        step = size * LEADING / SIZE
        self._room(step)
        self.pages[-1].append(Words(self._left + indent, self._y + 0.88 * size, size, text))
        self._y += step

    def table(self, grid: Grid) -> None:
        size, edge = 10.0, 4.0
        self.line(grid.caption, size, 0.0)
        column = self.width / len(grid.rows[0])
        spans = {(r, c): (rows, across) for r, c, rows, across in grid.spans}
        hidden = {
            (r + i, c + j) for (r, c), (rows, across) in spans.items() for i in range(rows) for j in range(across)
        } - set(spans)
        high = 1.4 * size + 2 * edge
        for r, row in enumerate(grid.rows):
            self._room(high)
            for c, cell in enumerate(row):
                if (r, c) in hidden:
                    continue
                rows, across = spans.get((r, c), (1, 1))
                x0, y0, x1, y1 = (
                    self._left + c * column,
                    self._y,
                    self._left + (c + across) * column,
                    self._y + rows * high,
                )
                self.pages[-1] += [
                    Stroke(x0, y0, x1, y0),
                    Stroke(x0, y1, x1, y1),
                    Stroke(x0, y0, x0, y1),
                    Stroke(x1, y0, x1, y1),
                ]
                base = (y0 + y1) / 2 + 0.4 * size
                self.pages[-1].append(Words(x0 + edge, base, size, cell))
            self._y += high
        self._y += size


def wide(text: str, size: float) -> float:
    """The width of a text in the font of the PDF, in points."""
    return size * sum(map(_wide, text))


@cache
def _wide(character: str) -> float:
    from reportlab.pdfbase.pdfmetrics import stringWidth

    return float(stringWidth(character, register(), 1.0))


def _wrapped(text: str, size: float, width: float, indent: float) -> Iterator[str]:
    """Lines that are as full as they can be; indent: of the first one, in sizes."""
    line, room = "", width - indent * size
    for character in text:
        if wide(line + character, size) > room + 0.01 and character not in "，。、；：！？”）":
            yield line
            line, room = "", width
        line += character
    yield line


def pdf(pages: Iterable[Page]) -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(WIDTH, HEIGHT))
    for page in pages:
        for mark in page:
            if isinstance(mark, Stroke):
                canvas.setLineWidth(0.5)
                canvas.line(mark.x0, HEIGHT - mark.y0, mark.x1, HEIGHT - mark.y1)
            else:
                canvas.setFont(register(), mark.size)
                canvas.drawString(mark.x, HEIGHT - mark.base, mark.text)
        canvas.showPage()
    canvas.save()
    return out.getvalue()


def ofd(
    pages: Sequence[Page], style: Style = Style(), change: Callable[[str, str], str] = lambda name, part: part
) -> bytes:
    """change: is given the name and the text of each part, and returns what is to be written."""
    parts = _parts(pages, style)
    return zipped({name: change(name, part) for name, part in parts.items()})


def zipped(parts: Mapping[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, part in parts.items():
            file.writestr(name, part)
    return out.getvalue()


def _parts(pages: Sequence[Page], style: Style) -> dict[str, str]:
    root = "/Doc_0/" if style.absolute else ""
    heads = [mark for mark in pages[0] if style.template and isinstance(mark, Words) and mark.head]
    own = [[mark for mark in page if mark not in heads] for page in pages]
    template = f'<o:TemplatePage ID="900" BaseLoc="{root}Tpls/Tpl_0/Content.xml"/>' if heads else ""
    listed = "".join(f'<o:Page ID="{n + 1}" BaseLoc="{root}Pages/Page_{n}/Content.xml"/>' for n in range(len(pages)))
    parts = {
        "OFD.xml": '<o:OFD xmlns:o="{}" Version="1.0" DocType="OFD"><o:DocBody><o:DocInfo><o:DocID>1</o:DocID></o:DocInfo>'
        "<o:DocRoot>{}Doc_0/Document.xml</o:DocRoot></o:DocBody></o:OFD>".format(
            style.space, "/" if style.absolute else ""
        ),
        "Doc_0/Document.xml": f'<o:Document xmlns:o="{style.space}"><o:CommonData><o:MaxUnitID>999</o:MaxUnitID><o:PageArea>'
        f"<o:PhysicalBox>0 0 {_mm(WIDTH)} {_mm(HEIGHT)}</o:PhysicalBox></o:PageArea><o:PublicRes>{root}PublicRes.xml</o:PublicRes>"
        f"{template}</o:CommonData><o:Pages>{listed}</o:Pages></o:Document>",
        "Doc_0/PublicRes.xml": _resources(own, style),
    }
    if heads:
        parts["Doc_0/Tpls/Tpl_0/Content.xml"] = _page(
            "", "".join(_text(m, style) for m in heads if isinstance(m, Words)), style
        )
    reference = '<o:Template TemplateID="900" ZOrder="Background"/>' if heads else ""
    for number, page in enumerate(own):
        parts[f"Doc_0/Pages/Page_{number}/Content.xml"] = _page(reference, _objects(page, number, style), style)
    return parts


def _page(reference: str, objects: str, style: Style) -> str:
    if style.blocks:
        objects = f'<o:PageBlock ID="800"><o:PageBlock ID="801">{objects}</o:PageBlock></o:PageBlock>'
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><o:Page xmlns:o="{style.space}">{reference}<o:Content>'
        f'<o:Layer ID="700" Type="Body">{objects}</o:Layer></o:Content></o:Page>'
    )


def _objects(page: Page, number: int, style: Style) -> str:
    words = [mark for mark in page if isinstance(mark, Words)]
    strokes = "" if style.composed else "".join(_stroke(mark, style) for mark in page if isinstance(mark, Stroke))
    if style.composed:
        strokes = f'<o:CompositeObject ID="600" ResourceID="{500 + number}" Boundary="0 0 {_mm(WIDTH)} {_mm(HEIGHT)}"/>'
    return strokes + (_joined(words) if style.joined else "".join(_text(mark, style) for mark in words))


def _resources(pages: Sequence[Page], style: Style) -> str:
    units = [
        f'<o:CompositeGraphicUnit ID="{500 + n}" Width="1" Height="1"><o:Content>'
        f"{''.join(_stroke(mark, style) for mark in page if isinstance(mark, Stroke))}</o:Content></o:CompositeGraphicUnit>"
        for n, page in enumerate(pages)
    ]
    composed = f"<o:CompositeGraphicUnits>{''.join(units)}</o:CompositeGraphicUnits>" if style.composed else ""
    return f'<o:Res xmlns:o="{style.space}" BaseLoc="Res"><o:Fonts><o:Font ID="400" FontName="仿宋"/></o:Fonts>{composed}</o:Res>'


def _text(words: Words, style: Style) -> str:
    if style.single:
        starts = [wide(words.text[:at], words.size) for at in range(len(words.text))]
        pairs = zip(words.text, starts, strict=True)
        return "".join(_object(Words(words.x + start, words.base, words.size, c), style) for c, start in pairs)
    return _object(words, style)


def _object(words: Words, style: Style) -> str:
    """A text object whose boundary begins one size above the base line."""
    size = words.size
    scale = size / POINTS if style.scaled else 1.0
    steps = [_wide(c) * size / POINTS / scale for c in words.text[:-1]]
    matrix = f' CTM="{scale:.5f} 0 0 {scale:.5f} 0 0"' if style.scaled else ""
    change = ""
    if style.shared and len(words.text) > 2:
        change = '<o:CGTransform CodePosition="0" CodeCount="2" GlyphCount="1"><o:Glyphs>7</o:Glyphs></o:CGTransform>'
        steps = [steps[0] + steps[1], *steps[2:]]
    box = f"{_mm(words.x)} {_mm(words.base - size)} {_mm(wide(words.text, size))} {_mm(1.2 * size)}"
    return (
        f'<o:TextObject ID="1" Boundary="{box}"{matrix} Font="400" Size="{size / POINTS / scale:.5f}">{change}'
        f'<o:TextCode X="0" Y="{size / POINTS / scale:.5f}"{_offsets("DeltaX", steps, style.run)}>{html.escape(words.text)}</o:TextCode></o:TextObject>'
    )


def _joined(words: Sequence[Words]) -> str:
    """The lines of one size in one text code: the offsets lead from the end of each to the beginning of the next."""
    out = []
    for size in sorted({mark.size for mark in words}):
        same = [mark for mark in words if mark.size == size and mark.text]
        places = [(mark.x + wide(mark.text[:at], size), mark.base) for mark in same for at in range(len(mark.text))]
        pairs = list(pairwise(places))
        across = [(b[0] - a[0]) / POINTS for a, b in pairs]
        down = [(b[1] - a[1]) / POINTS for a, b in pairs]
        text = html.escape("".join(mark.text for mark in same))
        out.append(
            f'<o:TextObject ID="1" Boundary="0 0 {_mm(WIDTH)} {_mm(HEIGHT)}" Font="400" Size="{size / POINTS:.5f}">'
            f'<o:TextCode X="{_mm(places[0][0])}" Y="{_mm(places[0][1])}"{_offsets("DeltaX", across, True)}{_offsets("DeltaY", down, True)}>'
            f"{text}</o:TextCode></o:TextObject>"
        )
    return "".join(out)


def _offsets(name: str, steps: Sequence[float], run: bool) -> str:
    if not steps:
        return ""
    values = [f"{step:.5f}" for step in steps]
    if not run:
        return f' {name}="{" ".join(values)}"'
    out: list[str] = []
    at = 0
    while at < len(values):
        count = next((n for n in range(1, len(values) - at) if values[at + n] != values[at]), len(values) - at)
        out.append(f"g {count} {values[at]}" if count > 1 else values[at])
        at += count
    return f' {name}="{" ".join(out)}"'


def _stroke(stroke: Stroke, style: Style) -> str:
    x, y = stroke.x1 - stroke.x0, stroke.y1 - stroke.y0
    box = f"{_mm(stroke.x0)} {_mm(stroke.y0)} {_mm(max(x, 0.5))} {_mm(max(y, 0.5))}"
    if style.boxes:
        right, bottom = _mm(max(x, 0.5)), _mm(max(y, 0.5))
        path = f"M 0 0 L {right} 0 L {right} {bottom} L 0 {bottom} C"
        return f'<o:PathObject ID="2" Boundary="{box}" Fill="true" Stroke="false"><o:AbbreviatedData>{path}</o:AbbreviatedData></o:PathObject>'
    return f'<o:PathObject ID="2" Boundary="{box}" LineWidth="0.2"><o:AbbreviatedData>M 0 0 L {_mm(x)} {_mm(y)}</o:AbbreviatedData></o:PathObject>'


def _mm(points: float) -> str:
    return f"{points / POINTS:.4f}"
