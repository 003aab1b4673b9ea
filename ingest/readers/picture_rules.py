"""The drawn lines of a picture of a page: long straight dark strokes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ingest.readers.layout import Rule

SHORTEST = 40
"""Pixels; the strokes of large characters are shorter."""
THICKEST = 8
MOST = 600


def rules_in(image: Any, points: float) -> list[Rule]:
    """Level and upright lines. image: height × width × 3 bytes; points: of a pixel."""
    import cv2

    grey = cv2.cvtColor(image, cv2.COLOR_BGR2GRAY)
    dark = cv2.adaptiveThreshold(grey, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 25, 12)
    found = [*_strokes(cv2, dark, points, True), *_strokes(cv2, dark, points, False)]
    return found if len(found) <= MOST else []


def _strokes(cv2: Any, dark: Any, points: float, level: bool) -> Iterator[Rule]:
    kernel = cv2.getStructuringElement(cv2.MORPH_RECT, (SHORTEST, 1) if level else (1, SHORTEST))
    kept = cv2.morphologyEx(dark, cv2.MORPH_OPEN, kernel)
    count, _, boxes, _ = cv2.connectedComponentsWithStats(kept, connectivity=8)
    for at in range(1, min(count, 5000)):
        x, y, wide, high = (int(v) for v in boxes[at][:4])
        if (high if level else wide) > THICKEST:
            continue
        if level:
            yield Rule(x * points, (y + high / 2) * points, (x + wide) * points, (y + high / 2) * points)
        else:
            yield Rule((x + wide / 2) * points, y * points, (x + wide / 2) * points, (y + high) * points)
