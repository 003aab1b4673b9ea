"""Drawn paths, whatever they were read from: matrices, and which pieces of a path are level or upright lines."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from ingest.readers.layout import Rule

THIN = 2.5
"""A rectangle not thicker than this, in points, is a line."""
STRAIGHT = 0.8
Point = tuple[float, float]
Box = tuple[float, float, float, float]
"""Left, top, right, bottom; or the two ends of a line."""
Matrix = tuple[float, float, float, float, float, float]
SAME: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def times(inner: Matrix, outer: Matrix) -> Matrix:
    """The matrix that does what `inner` does, then what `outer` does."""
    a, b, c, d, e, f = inner
    g, h, i, j, k, m = outer
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def put(matrix: Matrix, x: float, y: float) -> Point:
    """Where a matrix puts a point."""
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def around(points: Sequence[Point]) -> Box:
    """The box around points."""
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def is_straight(a: Point, b: Point) -> bool:
    """Whether a line is level or upright."""
    return abs(a[0] - b[0]) <= STRAIGHT or abs(a[1] - b[1]) <= STRAIGHT


def pieces(lines: Sequence[tuple[Point, Point]]) -> Iterator[Box]:
    """The level and upright lines of a path: itself where it is a thin box, else its straight sides."""
    if not lines:
        return
    box = around([point for line in lines for point in line])
    if min(box[2] - box[0], box[3] - box[1]) <= THIN:
        yield box
        return
    yield from ((*a, *b) for a, b in lines if is_straight(a, b))


def rule(box: Box) -> Rule:
    """The line along the middle of a thin box."""
    left, right, top, bottom = *sorted((box[0], box[2])), *sorted((box[1], box[3]))
    if right - left >= bottom - top:
        middle = (top + bottom) / 2
        return Rule(left, middle, right, middle)
    middle = (left + right) / 2
    return Rule(middle, top, middle, bottom)
