"""Where a line of mixed Chinese and Latin text may end: never inside a number or a word that fits a line.

reportlab's own breaking for Chinese cuts 1234.56 in two where the column is narrow.
"""

from __future__ import annotations

from collections.abc import Callable

NOT_FIRST = frozenset("，。、；：？！）〕》”’」』】％%…·—,.;:?!)]}")
NOT_LAST = frozenset("（〔《“‘「『【([{")
WHOLE = frozenset(".,%+-—–~/:@_#&=<>'\"*^$€￥·")
"""Signs that hold letters and digits together."""


def units(text: str) -> list[str]:
    """The pieces that a line takes or leaves as one: a number, a word, a Chinese character with its punctuation."""
    found: list[str] = []
    for character in text:
        last = found[-1] if found else ""
        if last and (
            character in NOT_FIRST
            or last[-1] in NOT_LAST
            or (_joins(character) and _joins(last[-1]))
            or character.isspace()
        ):
            found[-1] += character
        else:
            found.append(character)
    return found


def _joins(character: str) -> bool:
    return (character.isascii() and character.isalnum()) or character in WHOLE


def lines(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The lines of a text, each no wider than `width` by `measure`. A unit that is wider than a line is cut, between its
    signs where it has any, else where the line is full."""
    out: list[str] = []
    for row in text.split("\n"):
        line, used = "", 0.0
        for unit in units(row):
            for part in [unit] if measure(unit.rstrip()) <= width else _cut(unit, width, measure):
                long = measure(part)
                if line and used + measure(part.rstrip()) > width:
                    out.append(line)
                    line, used = "", 0.0
                line, used = line + part, used + long
        out.append(line)
    return out


def _cut(unit: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """A unit in parts that fit: runs of digits and letters are kept whole where they fit."""
    runs: list[str] = []
    for character in unit:
        if runs and character.isalnum() == runs[-1][-1].isalnum() and character.isascii() == runs[-1][-1].isascii():
            runs[-1] += character
        else:
            runs.append(character)
    parts: list[str] = []
    for run in runs:
        if measure(run) <= width:
            parts.append(run)
            continue
        part = ""
        for character in run:
            if part and measure(part + character) > width:
                parts.append(part)
                part = ""
            part += character
        parts.append(part)
    return parts
