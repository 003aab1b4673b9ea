"""The pages of .ofd files to sheets: what their layers, blocks, templates and composed objects place on them.

Source: GB/T 33190-2016, 7.7 (pages), 8 (paths), 11 (text), 12 (composed objects). The format measures in millimetres.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ingest.readers.drawing import SAME, Box, Matrix, Point, around, is_straight, pieces, put, rule, times
from ingest.readers.layout import Glyph, Rule, Sheet
from ingest.readers.ofd_package import children, is_off, name, numbers, text
from ingest.readers.ofd_text import glyphs

POINTS = 72 / 25.4
A4: Box = (0.0, 0.0, 210.0, 297.0)
MOST_OBJECTS = 100_000
"""Objects of one page, those of its templates and composed objects counted each time."""
MOST_RULES = 4000
MOST_STEPS = 20_000
"""Steps of one path: what has more is a picture."""
SHORTEST = 1.0
SLANTED = 0.1
"""A path with a larger share of slanted lines is a picture: letters are drawn so, too."""
DEEPEST = 8
_STEP = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_CURVES = frozenset("QBA")
_ARGUMENTS = {"S": 2, "M": 2, "L": 2, "C": 0}


@dataclass
class Drawn:
    """What objects have drawn, in points of the page. pictures: the resources of those shown; hidden: texts left out."""

    glyphs: list[Glyph] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictured: float = 0.0
    pictures: set[str] = field(default_factory=set)
    hidden: int = 0


class Drawing:
    """Draws the objects of one page. units: the composed objects of the document's resources, by their ids."""

    def __init__(self, units: Mapping[str, Any]) -> None:
        self.drawn = Drawn()
        self._units = units
        self._room = MOST_OBJECTS
        self._spaced = False
        self._places: set[tuple[str, int, int]] = set()

    def add(self, parent: Any, matrix: Matrix, depth: int = 0) -> None:
        """Draw what stands in a page's content, a layer, a block or a composed object."""
        for node in children(parent):
            if self._room <= 0:
                return
            self._room -= 1
            kind = name(node)
            if kind in {"Layer", "PageBlock"} and depth < DEEPEST:
                self.add(node, matrix, depth + 1)
            elif is_off(node, "Visible"):
                self.drawn.hidden += kind == "TextObject" and bool(_says(node))
            elif kind == "TextObject":
                self._write(glyphs(node, _placed(node, matrix)))
            elif kind == "PathObject":
                self._rule(node, _placed(node, matrix))
            elif kind == "ImageObject":
                self._picture(node, matrix)
            elif kind == "CompositeObject" and depth < DEEPEST:
                unit = self._units.get(node.get("ResourceID", ""))
                if unit is not None:
                    self.add(next(children(unit, "Content"), None), _placed(node, matrix), depth + 1)

    def _write(self, found: Iterator[Glyph]) -> None:
        """Glyphs, blanks told to those behind them; one drawn twice in a place, as bold letters are, counts once."""
        for glyph in found:
            if not glyph.text.strip():
                self._spaced = True
            elif not self._is_doubled(glyph):
                self.drawn.glyphs.append(replace(glyph, spaced=True) if self._spaced else glyph)
                self._spaced = False

    def _is_doubled(self, glyph: Glyph) -> bool:
        step = 0.1 * glyph.size
        across, down = round(glyph.x0 / step), round(glyph.y0 / step)
        if any((glyph.text, across + i, down + j) in self._places for i in (-1, 0, 1) for j in (-1, 0, 1)):
            return True
        self._places.add((glyph.text, across, down))
        return False

    def _rule(self, node: Any, matrix: Matrix) -> None:
        if len(self.drawn.rules) >= MOST_RULES:
            return
        lines = [(put(matrix, *a), put(matrix, *b)) for a, b in _lines(text(node, "AbbreviatedData"))]
        slanted = sum(not is_straight(*line) for line in lines)
        for box in pieces(lines) if slanted <= SLANTED * len(lines) else ():
            if max(box[2] - box[0], box[3] - box[1], box[0] - box[2], box[1] - box[3]) >= SHORTEST:
                self.drawn.rules.append(rule(box))

    def _picture(self, node: Any, matrix: Matrix) -> None:
        _, _, wide, high = _boundary(node)
        left, top, right, bottom = around([put(_beginning(node, matrix), *corner) for corner in ((0, 0), (wide, high))])
        self.drawn.pictured += (right - left) * (bottom - top)
        self.drawn.pictures.add(node.get("ResourceID", ""))


def sheet_of(number: int, contents: Sequence[Any], area: Box, drawing: Drawing) -> Sheet:
    """A page. contents: its own and those of its templates; area: what is shown, in millimetres."""
    left, top, wide, high = area
    matrix: Matrix = (POINTS, 0.0, 0.0, POINTS, -left * POINTS, -top * POINTS)
    for content in contents:
        drawing.add(content, matrix)
    drawn, width, height = drawing.drawn, wide * POINTS, high * POINTS
    shown = [g for g in drawn.glyphs if g.x1 >= 0 and g.y1 >= 0 and g.x0 <= width and g.y0 <= height]
    return Sheet(number, width, height, tuple(shown), tuple(drawn.rules), min(1.0, drawn.pictured / (width * height)))


def box_of(given: str) -> Box | None:
    """An area: left, top, width and height; None where it is none."""
    found = numbers(given)
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 and min(found[2:]) > 0 else None


def _says(node: Any) -> str:
    return "".join(code.text or "" for code in children(node, "TextCode")).strip()


def _boundary(node: Any) -> Box:
    found = numbers(node.get("Boundary"))
    return (found[0], found[1], found[2], found[3]) if len(found) == 4 else (0.0, 0.0, 0.0, 0.0)


def _beginning(node: Any, matrix: Matrix) -> Matrix:
    """From the coordinates of an object's boundary to the page's."""
    left, top, _, _ = _boundary(node)
    return times((1.0, 0.0, 0.0, 1.0, left, top), matrix)


def _placed(node: Any, matrix: Matrix) -> Matrix:
    """From an object's own coordinates to the page's."""
    found = numbers(node.get("CTM"))
    own = (found[0], found[1], found[2], found[3], found[4], found[5]) if len(found) == 6 else SAME
    return times(own, _beginning(node, matrix))


def _lines(data: str) -> Iterator[tuple[Point, Point]]:
    """The lines of a path, from its steps: move, line, close. One with curves is a picture, and has none."""
    start = last = (0.0, 0.0)
    steps = _STEP.findall(data)
    if len(steps) > MOST_STEPS or not _CURVES.isdisjoint(steps):
        return
    at = 0
    while at < len(steps):
        kind, count = steps[at], _ARGUMENTS.get(steps[at], -1)
        given = numbers(" ".join(steps[at + 1 : at + 1 + max(count, 0)]))
        if len(given) != count:
            return
        at += 1 + count
        point = (given[-2], given[-1]) if given else start
        if kind in {"L", "C"}:
            yield last, point
        elif kind in {"S", "M"}:
            start = point
        last = point
