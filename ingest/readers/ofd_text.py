"""The text objects of .ofd pages to glyphs: where each character stands, and how wide it is taken to be.

Source: GB/T 33190-2016, 11.3 (text objects) and 11.4 (glyph transforms). No font is opened: a Chinese character is taken
to be as wide as its font is large, a narrower one to reach as far as the next one allows.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from ingest.readers.drawing import Matrix, put
from ingest.readers.layout import Glyph
from ingest.readers.ofd_package import children, number, numbers

SMALLEST, LARGEST = 0.5, 200.0
"""Points: a smaller glyph is not seen, none counts as larger."""
MOST_CHARACTERS = 100_000
"""Characters of one text code."""
MOST_SHARED = 16
"""Characters that share glyphs, or glyphs of one character."""
UPRIGHT = 0.05
"""Radians that an upright glyph may be turned by."""
ASCENT, DESCENT = 0.88, 0.12
LOOSE = 1.25
"""An offset of up to this many widths is a narrow character's own width; a larger one leaves a gap."""
EVEN = 0.65
"""As LOOSE, in sizes, where the offset beside it is the same: all characters of some fonts are equally wide."""
ALIKE = 0.02
"""Offsets that differ by less than this many sizes are the same."""
_WIDTHS = {
    **dict.fromkeys("iljI.,:;'!|", 0.28),
    **dict.fromkeys("ftr()[]-/ ", 0.33),
    **dict.fromkeys("mwMW%@", 0.85),
    **dict.fromkeys("ABCDEFGHKLNOPQRSTUVXYZ&", 0.68),
    **dict.fromkeys("“”‘’—…·×÷±℃", 1.0),
}
"""Widths of characters in usual fonts, in sizes; of those that are missing, 1 from the Chinese ones on, else NARROW."""
NARROW = 0.54


class _Shape(NamedTuple):
    """How a text object sets its glyphs. across, down: points of one of its units; wide, high: points of one size."""

    matrix: Matrix
    across: float
    wide: float
    high: float


_Cluster = tuple[str, int]
"""Characters that stand together, and how many glyphs they are drawn with."""


def glyphs(node: Any, matrix: Matrix) -> Iterator[Glyph]:
    """The characters of a text object, blanks included, if it stands upright. matrix: from its coordinates to points."""
    shape = _shape(node, matrix)
    if shape is None:
        return
    shared = _shared(node)
    passed = 0
    x = y = 0.0
    for code in children(node, "TextCode"):
        x, y = number(code.get("X"), x), number(code.get("Y"), y)
        written = code.text or ""
        written = (written.strip() if "\n" in written else written)[:MOST_CHARACTERS]
        yield from _placed(list(_clusters(written, passed, shared)), code, x, y, shape)
        passed += len(written)


def _shape(node: Any, matrix: Matrix) -> _Shape | None:
    a, b, c, d, _, _ = matrix
    size, turned = number(node.get("Size"), 0.0), math.radians(number(node.get("CharDirection"), 0.0))
    across = math.hypot(a, b)
    wide, high = size * across * number(node.get("HScale"), 1.0), size * math.hypot(c, d)
    turned = math.remainder(turned + math.atan2(b, a), math.tau)
    if a * d - b * c <= 0 or abs(turned) > UPRIGHT or min(wide, high) < SMALLEST:
        return None
    return _Shape(matrix, across, wide, high)


def _shared(node: Any) -> dict[int, tuple[int, int]]:
    """Where several characters share glyphs, or one has several: of their place how many of each."""
    found: dict[int, tuple[int, int]] = {}
    for change in children(node, "CGTransform"):
        place = int(number(change.get("CodePosition"), 0.0))
        codes, drawn = (int(number(change.get(name), 1.0)) for name in ("CodeCount", "GlyphCount"))
        if codes != drawn and 0 < codes <= MOST_SHARED and 0 < drawn <= MOST_SHARED:
            found[place] = (codes, drawn)
    return found


def _clusters(written: str, passed: int, shared: Mapping[int, tuple[int, int]]) -> Iterator[_Cluster]:
    at = 0
    while at < len(written):
        codes, drawn = shared.get(passed + at, (1, 1))
        yield written[at : at + codes], drawn
        at += codes


def _placed(clusters: Sequence[_Cluster], code: Any, x: float, y: float, shape: _Shape) -> Iterator[Glyph]:
    """The glyphs of a text code that begins at x, y, where the first one's base line stands."""
    widths = [sum(map(_width, characters)) * shape.wide for characters, _ in clusters]
    across, down = _offsets(code, clusters, [width / shape.across for width in widths])
    steps = [step * shape.across for step in across]
    at = 0
    for (characters, drawn), width in zip(clusters, widths, strict=True):
        left, base = put(shape.matrix, x, y)
        right = left + _reach(steps, at, at + drawn, width, shape.wide)
        size = min(shape.wide if width >= shape.wide else shape.high, LARGEST)
        yield Glyph(characters, left, base - ASCENT * shape.high, right, base + DESCENT * shape.high, size)
        x, y = x + sum(across[at : at + drawn]), y + sum(down[at : at + drawn])
        at += drawn


def _reach(steps: Sequence[float], first: int, last: int, width: float, wide: float) -> float:
    """How wide the glyphs from first to last are: as far as the next one stands, if that is about their own width."""
    step = sum(steps[first:last])
    if step <= 0 or last >= len(steps):
        return width
    if step <= (width if width >= wide else LOOSE * width):
        return step
    beside = [steps[at] for at in (first - 1, last) if 0 <= at < len(steps) - 1]
    even = step <= EVEN * wide and any(abs(step - other) < ALIKE * wide for other in beside)
    return step if even else width


def _offsets(code: Any, clusters: Sequence[_Cluster], widths: Sequence[float]) -> tuple[list[float], list[float]]:
    """How far from each glyph to the next, across and down, one for each glyph; widths: of the clusters.

    Where an array ends early its last offset goes on, unless that one began a new line.
    """
    own = [width / drawn for (_, drawn), width in zip(clusters, widths, strict=True) for _ in range(drawn)]
    across, down = _array(code.get("DeltaX"), len(own)), _array(code.get("DeltaY"), len(own))
    if across:
        down += [0.0 if len(down) < len(across) else _last(down)] * (len(own) - len(down))
        across += [across[-1]] * (len(own) - len(across)) if across[-1] > 0 else own[len(across) :]
    else:
        across = [0.0] * len(own) if down else own
        down += [_last(down)] * (len(own) - len(down))
    return across, down


def _last(offsets: Sequence[float]) -> float:
    return offsets[-1] if offsets else 0.0


def _array(given: str | None, most: int) -> list[float]:
    """The numbers of an array in which `g n v` stands for n times v, at most as many as are of use."""
    out: list[float] = []
    parts = iter((given or "").replace(",", " ").split())
    for part in parts:
        if len(out) >= most:
            break
        if part == "g":
            times = number(next(parts, None), 0.0)
            out += numbers(next(parts, None)) * int(max(0.0, min(times, most)))
        else:
            out += numbers(part)
    return out[:most]


def _width(character: str) -> float:
    """How wide a character is, in sizes."""
    return _WIDTHS.get(character) or (1.0 if ord(character) > 0x2E7F else NARROW)
