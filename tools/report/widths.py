"""How wide the columns of a table should be, whatever the format."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

LONGEST = 160
"""Columns of longer texts are not made wider still."""
PADDING = 3.5
"""What the edges of a cell take, in halves of a Chinese character."""
LATIN = 1.15
"""Latin letters and digits in halves of a Chinese character."""


def columns(text: str) -> int:
    """The width of a text in halves of a Chinese character."""
    return sum(2 if unicodedata.east_asian_width(c) in "WFA" else 1 for c in text)


def word_columns(text: str) -> float:
    """The width of the longest run that should not be broken: a number with its signs, a Latin word."""
    longest = run = 0.0
    for c in text:
        run = 0.0 if c.isspace() or unicodedata.east_asian_width(c) in "WFA" else run + LATIN
        longest = max(longest, run)
    return longest


def lines_of(row: Sequence[str], widths: Sequence[float]) -> int:
    """About how many lines a row takes in columns of these widths."""
    return max(
        sum(max(1, -(-columns(line) // max(1, int(width - PADDING)))) for line in text.split("\n"))
        for text, width in zip(row, widths, strict=True)
    )


def shares(texts: Sequence[Sequence[str]], available: float) -> list[float]:
    """The share of the width that each column gets, together 1.

    texts: rows of cells, the header first. available: the whole width in halves of a Chinese character. A column is as
    wide as the square root of its longest line asks, and no narrower than its longest number or word and two characters.
    """
    by_column = list(zip(*texts, strict=True))
    lines = [max((columns(line) for cell in column for line in cell.split("\n")), default=0) for column in by_column]
    least = [min(max(4, *map(word_columns, column)), available / 3) + PADDING for column in by_column]
    wanted = [min(line, LONGEST) ** 0.5 for line in lines]
    cap = available / 3
    while sum(least) > available and cap > 2 * PADDING:
        cap *= 0.9
        least = [min(width, cap) for width in least]
    rest = max(0.0, available - sum(least))
    room = [max(0.0, line + PADDING - floor) for line, floor in zip(lines, least, strict=True)]
    widths = list(least)
    for _ in range(len(widths)):
        open_ = [n for n in range(len(widths)) if widths[n] - least[n] < room[n] - 1e-9]
        if rest <= 1e-9 or not open_:
            break
        total = sum(wanted[n] for n in open_) or 1
        given = 0.0
        for n in open_:
            more = min(rest * wanted[n] / total, room[n] - (widths[n] - least[n]))
            widths[n] += more
            given += more
        rest -= given
    return [width / sum(widths) for width in widths]
