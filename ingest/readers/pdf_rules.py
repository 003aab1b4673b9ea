"""The drawn lines of a PDF page: thin rectangles, the sides of boxes, and lines proper; and how much pictures cover."""

from __future__ import annotations

import ctypes
from collections.abc import Callable, Iterator
from typing import Any

from pypdfium2 import raw

from ingest.readers.drawing import SAME, THIN, Box, Matrix, is_straight, put, rule, times
from ingest.readers.layout import Rule

MOST_OBJECTS = 20_000
MOST_SEGMENTS = 4000
DEEPEST = 6
Turn = Callable[[float, float, float, float], Box]


def rules_of(page: Any, turn: Turn) -> tuple[list[Rule], float]:
    """The level and upright lines of a page, and the area in square points that its pictures cover."""
    rules: list[Rule] = []
    pictured = 0.0
    for kind, handle, matrix in _objects(page.raw, raw.FPDFPage_CountObjects, raw.FPDFPage_GetObject, SAME, 0):
        if kind == raw.FPDF_PAGEOBJ_IMAGE:
            x0, y0, x1, y1 = _bounds(handle, matrix)
            pictured += max(0.0, x1 - x0) * max(0.0, y1 - y0)
        elif len(rules) < MOST_SEGMENTS:
            for x0, y0, x1, y1 in _lines(handle, matrix):
                rules.append(rule(turn(min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))))
    return rules, pictured


def _objects(parent: Any, count: Any, get: Any, matrix: Matrix, depth: int) -> Iterator[tuple[int, Any, Matrix]]:
    """The paths and pictures of a page and of the forms on it, each with the matrix that places it."""
    for at in range(min(count(parent), MOST_OBJECTS)):
        handle = get(parent, at)
        kind = raw.FPDFPageObj_GetType(handle)
        if kind == raw.FPDF_PAGEOBJ_FORM and depth < DEEPEST:
            inner = times(_matrix_of(handle), matrix)
            yield from _objects(handle, raw.FPDFFormObj_CountObjects, raw.FPDFFormObj_GetObject, inner, depth + 1)
        elif kind in {raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE}:
            yield kind, handle, matrix


def _matrix_of(handle: Any) -> Matrix:
    found = raw.FS_MATRIX()
    if not raw.FPDFPageObj_GetMatrix(handle, ctypes.byref(found)):
        return SAME
    return (found.a, found.b, found.c, found.d, found.e, found.f)


def _bounds(handle: Any, matrix: Matrix) -> Box:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not raw.FPDFPageObj_GetBounds(handle, *map(ctypes.byref, (left, bottom, right, top))):
        return 0.0, 0.0, 0.0, 0.0
    x0, y0 = put(matrix, left.value, bottom.value)
    x1, y1 = put(matrix, right.value, top.value)
    return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


def _lines(handle: Any, matrix: Matrix) -> Iterator[Box]:
    """The straight pieces of a path that are level or upright."""
    count = raw.FPDFPath_CountSegments(handle)
    if count < 2 or count > MOST_SEGMENTS:
        return
    x0, y0, x1, y1 = _bounds(handle, matrix)
    if min(x1 - x0, y1 - y0) <= THIN:
        yield x0, y0, x1, y1
        return
    placed = times(_matrix_of(handle), matrix)
    x, y = ctypes.c_float(), ctypes.c_float()
    start = last = (0.0, 0.0)
    for at in range(count):
        segment = raw.FPDFPath_GetPathSegment(handle, at)
        raw.FPDFPathSegment_GetPoint(segment, ctypes.byref(x), ctypes.byref(y))
        point = put(placed, x.value, y.value)
        kind = raw.FPDFPathSegment_GetType(segment)
        if kind == raw.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == raw.FPDF_SEGMENT_LINETO and is_straight(last, point):
            yield (*last, *point)
        if raw.FPDFPathSegment_GetClose(segment) and is_straight(point, start):
            yield (*point, *start)
        last = point
