"""The drawn lines of a PDF page: thin rectangles, the sides of boxes, and lines proper; and how much pictures cover."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from pypdfium2 import raw

from ingest.readers.layout import Rule

THIN = 2.5
"""A rectangle not thicker than this, in points, is a line."""
STRAIGHT = 0.8
MOST_OBJECTS = 20_000
MOST_SEGMENTS = 4000
DEEPEST = 6
Box = tuple[float, float, float, float]
Turn = Callable[[float, float, float, float], Box]
_Matrix = tuple[float, float, float, float, float, float]
_SAME: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def rules_of(page: Any, turn: Turn) -> tuple[list[Rule], float]:
    """The level and upright lines of a page, and the area in square points that its pictures cover."""
    rules: list[Rule] = []
    pictured = 0.0
    for kind, handle, matrix in _objects(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, _SAME, 0):
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = _bounds(handle, matrix)
            pictured += max(0.0, x1 - x0) * max(0.0, y1 - y0)
        elif len(rules) < MOST_SEGMENTS:
            for x0, y0, x1, y1 in _lines(handle, matrix):
                left, top, right, bottom = turn(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))
                if right - left >= bottom - top:
                    middle = (top + bottom) / 2
                    rules.append(Rule(left, middle, right, middle))
                else:
                    middle = (left + right) / 2
                    rules.append(Rule(middle, top, middle, bottom))
    return rules, pictured


def _objects(parent: Any, count: Any, get: Any, matrix: _Matrix, depth: int) -> Iterator[tuple[int, Any, _Matrix]]:
    """The paths and pictures of a page and of the forms on it, each with the matrix that places it."""
    for at in range(min(count(parent), MOST_OBJECTS)):
        handle = get(parent, at)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = _times(_matrix_of(handle), matrix)
            yield from _objects(handle, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1)
        elif kind in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE}:
            yield kind, handle, matrix


def _matrix_of(handle: Any) -> _Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, ctypes.byref(found)):
        return _SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _times(inner: _Matrix, outer: _Matrix) -> _Matrix:
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def _put(matrix: _Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _bounds(handle: Any, matrix: _Matrix) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, (left, bottom, right, top))):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0 = _put(matrix, left.value, bottom.value)
    x1, y1 = _put(matrix, right.value, top.value)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _lines(handle: Any, matrix: _Matrix) -> Iterator[Box]:
    """The straight pieces of a path that are level or upright."""
    count = raw.FPDFPath_CountSegments(handle)
    if count < 2 or count > MOST_SEGMENTS:
        return
    x0, y0, x1, y1 = _bounds(handle, matrix)
    if min(x1 - x0, y1 - y0) <= THIN:
        yield x0, y0, x1, y1
        return
    placed = _times(_matrix_of(handle), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(handle, at)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = _put(placed, x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and _is_straight(last, point):
            yield (*last, *point)
        if raw.FPDFPathSegment_GetClose(segment) and _is_straight(point, start):
            yield (*point, *start)
        last = point


def _is_straight(a: tuple[float, float], b: tuple[float, float]) -> bool:
    return abs(a[0] - b[0]) <= STRAIGHT or abs(a[1] - b[1]) <= STRAIGHT
