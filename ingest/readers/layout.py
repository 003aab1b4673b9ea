"""What stands where on a page, whatever it was read from: glyphs and rules; glyphs to lines in reading order.

Lengths are in points, x from the left, y from the top.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import overload

SAME_LINE = 0.5
"""Glyphs are of one line where their heights overlap by this share of the smaller one."""
WORD_GAP = 0.22
BLANK = 0.12
COLUMN_GAP = 1.0
"""A gap of this many sizes may part columns."""


@dataclass(frozen=True)
class Glyph:
    """A character, or a stretch of text that was recognised in a picture, with its box. spaced: a blank stands before it."""

    text: str
    x0: float
    y0: float
    x1: float
    y1: float
    size: float
    recognised: bool = False
    spaced: bool = False

    @property
    def middle(self) -> tuple[float, float]:
        return (self.x0 + self.x1) / 2, (self.y0 + self.y1) / 2


@dataclass(frozen=True)
class Rule:
    """A drawn line, level or upright: from (x0, y0) to (x1, y1), one of them constant."""

    x0: float
    y0: float
    x1: float
    y1: float

    @property
    def level(self) -> bool:
        return self.x1 - self.x0 >= self.y1 - self.y0


@dataclass(frozen=True)
class Sheet:
    """One page as it was read. pictured: the share of it that pictures cover, 0-1."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...] = ()
    pictured: float = 0.0


class Packed(Sequence[Glyph]):
    """Glyphs in a sixth of the memory, for books of thousands of pages; each is made anew when it is asked for."""

    def __init__(self, glyphs: Iterable[Glyph]) -> None:
        kept = list(glyphs)
        texts = [g.text for g in kept]
        self._texts: Sequence[str] = "".join(texts) if all(len(text) == 1 for text in texts) else texts
        self._places = array("d", [n for g in kept for n in (g.x0, g.y0, g.x1, g.y1, g.size)])
        self._marks = bytes(g.recognised + 2 * g.spaced for g in kept)

    def __len__(self) -> int:
        return len(self._marks)

    @overload
    def __getitem__(self, at: int) -> Glyph: ...
    @overload
    def __getitem__(self, at: slice) -> list[Glyph]: ...
    def __getitem__(self, at: int | slice) -> Glyph | list[Glyph]:
        if isinstance(at, slice):
            return [self[one] for one in range(*at.indices(len(self)))]
        at = range(len(self))[at]
        x0, y0, x1, y1, size = self._places[5 * at : 5 * at + 5]
        mark = self._marks[at]
        return Glyph(self._texts[at], x0, y0, x1, y1, size, bool(mark & 1), bool(mark & 2))


@dataclass
class Line:
    """Glyphs that stand beside each other, from left to right."""

    glyphs: Sequence[Glyph] = field(default_factory=list)
    x0: float = 0.0
    y0: float = 0.0
    x1: float = 0.0
    y1: float = 0.0
    size: float = 0.0

    @classmethod
    def of(cls, glyphs: Sequence[Glyph]) -> Line:
        ordered = sorted(glyphs, key=lambda g: g.x0)
        sizes = sorted([g.size for g in ordered if ord(g.text[0]) > 0x2E7F] or [g.size for g in ordered])
        return cls(
            ordered,
            ordered[0].x0,
            min(g.y0 for g in ordered),
            max(g.x1 for g in ordered),
            max(g.y1 for g in ordered),
            sizes[len(sizes) // 2],
        )

    @property
    def recognised(self) -> bool:
        return self.glyphs[0].recognised

    def packed(self) -> Line:
        """The same line, with its text made and its glyphs packed."""
        kept = Line(Packed(self.glyphs), self.x0, self.y0, self.x1, self.y1, self.size)
        kept.text = self.text
        return kept

    @cached_property
    def text(self) -> str:
        """The glyphs' text; a gap beside a Latin letter or a figure is a space, and so is a wide gap anywhere."""
        out: list[str] = []
        before: Glyph | None = None
        for glyph in self.glyphs:
            if before:
                gap = (glyph.x0 - before.x1) / max(self.size, 1.0)
                narrow = before.text[-1:].isascii() and glyph.text[:1].isascii()
                if gap > COLUMN_GAP and before.text[-1:].isdigit() and glyph.text[:1].isdigit():
                    out.append("  ")  # two figures far apart are never one with a blank between its thousands
                elif gap > (WORD_GAP if narrow else COLUMN_GAP) or (glyph.spaced and gap > BLANK):
                    out.append(" ")
            out.append(glyph.text)
            before = glyph
        return re.sub(r"(?<!\d) {2,}| {2,}(?!\d)", " ", "".join(out)).strip()


def lines(glyphs: Iterable[Glyph], gap: float = 0.9 * COLUMN_GAP) -> list[Line]:
    """Glyphs to lines, from the top down and from left to right; a gap of `gap` sizes begins another line."""
    rows: list[list[Glyph]] = []
    bottoms: list[tuple[float, float]] = []
    for glyph in sorted(glyphs, key=lambda g: ((g.y0 + g.y1) / 2, g.x0)):
        at = len(rows) - 1
        while at >= max(0, len(rows) - 6):
            top, bottom = bottoms[at]
            overlap = min(glyph.y1, bottom) - max(glyph.y0, top)
            if overlap >= SAME_LINE * min(glyph.y1 - glyph.y0, bottom - top):
                break
            at -= 1
        else:
            at = -1
        if at >= 0:
            rows[at].append(glyph)
            bottoms[at] = (min(top, glyph.y0), max(bottom, glyph.y1)) if len(rows[at]) < 3 else bottoms[at]
        else:
            rows.append([glyph])
            bottoms.append((glyph.y0, glyph.y1))
    return [line for row in rows for line in _cut(row, gap)]


def _cut(row: Sequence[Glyph], gap: float) -> Iterable[Line]:
    part: list[Glyph] = []
    right = 0.0
    for glyph in sorted(row, key=lambda g: g.x0):
        if part and glyph.x0 - right > gap * max(glyph.size, part[-1].size):
            yield Line.of(part)
            part = []
        right = max(right, glyph.x1) if part else glyph.x1
        part.append(glyph)
    if part:
        yield Line.of(part)


def in_reading_order(found: Sequence[Line], width: float, usual: float | None = None) -> list[list[Line]]:
    """Lines in columns, in the order in which they are read; what crosses the gutter parts the page into bands.

    usual: the gutter of other pages, for one with too little text to show its own.
    """
    gutter = gutter_of(found, width)
    if gutter is None and usual and sum(n.x0 < usual < n.x1 for n in found) <= 0.25 * len(found):
        gutter = usual
    if gutter is None:
        return [_joined_rows(found)]
    out: list[list[Line]] = []
    left: list[Line] = []
    right: list[Line] = []
    for line in sorted(found, key=lambda n: n.y0):
        if line.x0 < gutter < line.x1:
            out += [column for column in (left, right) if column]
            out.append([line])
            left, right = [], []
        else:
            (left if line.x1 <= gutter else right).append(line)
    out += [column for column in (left, right) if column]
    return [_joined_rows(column) for column in _bands_merged(out)]


def _bands_merged(columns: Sequence[list[Line]]) -> list[list[Line]]:
    """Single lines that cross the gutter, one after the other, as one column."""
    out: list[list[Line]] = []
    alone = False
    for column in columns:
        single = len(column) == 1
        if single and alone and out:
            out[-1] = [*out[-1], *column]
        else:
            out.append(list(column))
        alone = single
    return out


def _joined_rows(column: Sequence[Line]) -> list[Line]:
    """Parts that stand on one line beside each other made one line, in order."""
    rows: list[list[Line]] = []
    for line in sorted(column, key=lambda n: (n.y0 + n.y1) / 2):
        last = rows[-1][-1] if rows else None
        if last and min(line.y1, last.y1) - max(line.y0, last.y0) >= SAME_LINE * min(
            line.y1 - line.y0, last.y1 - last.y0
        ):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [row[0] if len(row) == 1 else Line.of([g for part in row for g in part.glyphs]) for row in rows]


def gutter_of(found: Sequence[Line], width: float) -> float | None:
    """Where two columns part, if the page has such: most text is on one side of it, about as much on each."""
    if len(found) < 12:
        return None
    total = sum(n.x1 - n.x0 for n in found)
    best, least = None, 0.25 * total
    for step in range(30, 71):
        x = width * step / 100
        left = [n for n in found if n.x1 <= x]
        right = [n for n in found if n.x0 >= x]
        crossing = total - sum(n.x1 - n.x0 for n in (*left, *right))
        if len(left) >= 6 and len(right) >= 6 and crossing < least and _are_columns(left, right):
            best, least = x, crossing
    return best


def _are_columns(left: Sequence[Line], right: Sequence[Line]) -> bool:
    """Whether both sides are running text: full lines, not the short ones of labels and figures."""
    sizes = [sum(n.x1 - n.x0 for n in side) for side in (left, right)]
    if min(sizes) < 0.25 * max(sizes):
        return False
    for side in (left, right):
        widest = max(n.x1 for n in side) - min(n.x0 for n in side)
        full = sum(n.x1 - n.x0 >= 0.75 * widest for n in side)
        if widest <= 0 or full < 0.4 * len(side) or widest < 8 * side[0].size:
            return False
    return True
