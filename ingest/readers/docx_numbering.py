"""The numbers that Word shows before paragraphs and does not keep in their text: 一、（一）1. and the like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


_Level = tuple[str, str, int]
"""How a level is shown, the text around its number, and where it begins."""


class Numbering:
    """Counts the numbered paragraphs of one document in order.

    Lists of the same pattern go on counting where the one before stopped; one that is told to begin anew does, at its
    first paragraph, and may change how a level looks.
    """

    def __init__(self, document: Any, styles: Mapping[str, Any]) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract_of: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._changed: dict[str, dict[int, _Level]] = {}
        self._level_of_style: dict[tuple[str, str], int] = {}
        self._begun: set[str] = set()
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        linked: dict[str, str] = {}
        for abstract in root.findall(qn("w:abstractNum")):
            name = abstract.get(qn("w:abstractNumId"))
            self._levels[name] = dict(_level(lvl) for lvl in abstract.findall(qn("w:lvl")))
            for lvl in abstract.findall(qn("w:lvl")):
                if (of := lvl.find(qn("w:pStyle"))) is not None:
                    self._level_of_style[name, of.get(qn("w:val"))] = _whole(lvl.get(qn("w:ilvl")), 0)
            if (link := abstract.find(qn("w:numStyleLink"))) is not None:
                linked[name] = link.get(qn("w:val"))
        for num in root.findall(qn("w:num")):
            self._num(num)
        for name, style in linked.items():
            place = _numbered(styles[style].element) if style in styles else None
            other = self._abstract_of.get(place[0] or "", "") if place else ""
            self._levels[name] = self._levels.get(other, {}) or self._levels[name]

    def _num(self, num: Any) -> None:
        name = num.get(qn("w:numId"))
        if (found := num.find(qn("w:abstractNumId"))) is not None:
            self._abstract_of[name] = found.get(qn("w:val"))
        for override in num.findall(qn("w:lvlOverride")):
            at = _whole(override.get(qn("w:ilvl")), 0)
            if (lvl := override.find(qn("w:lvl"))) is not None:
                self._changed.setdefault(name, {})[at] = _level(lvl)[1]
            if (start := override.find(qn("w:startOverride"))) is not None:
                self._starts.setdefault(name, {})[at] = _whole(start.get(qn("w:val")), 1)

    def next(self, p: Any, style: Any) -> str:
        """What stands before this paragraph; empty where nothing does."""
        num, at = self._place(p, style)
        if not num:
            return ""
        abstract = self._abstract_of.get(num, "")
        levels = self._levels.get(abstract, {}) | self._changed.get(num, {})
        if at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        if num not in self._begun:
            self._begun.add(num)
            for level, start in self._starts.get(num, {}).items():
                counts[level] = start - 1
        counts[at] = counts.get(at, levels[at][2] - 1) + 1
        for deeper in [n for n in counts if n > at]:
            del counts[deeper]
        kind, text, _ = levels[at]
        if kind == "bullet":
            return "• "
        if kind == "none":
            return ""
        return re.sub(r"%(\d)", lambda m: self._shown(levels, counts, int(m[1]) - 1), text)

    def _place(self, p: Any, style: Any) -> tuple[str, int]:
        """The list and the level of a paragraph, its own or its style's; an empty name where it is in none."""
        own = _numbered(p)
        if own and own[0] is not None:
            return own[0] if own[0] != "0" else "", own[1] or 0
        for _ in range(10):
            if style is None:
                break
            found = _numbered(style.element)
            if found and found[0] is not None:
                if found[0] == "0":
                    return "", 0
                level = own[1] if own and own[1] is not None else found[1]
                if level is None:
                    level = self._level_of_style.get((self._abstract_of.get(found[0], ""), style.style_id), 0)
                return found[0], level
            style = style.base_style
        return "", 0

    @staticmethod
    def _shown(levels: dict[int, _Level], counts: dict[int, int], at: int) -> str:
        kind, _, start = levels.get(at, ("decimal", "", 1))
        return shown(counts.get(at, start), kind)


def _level(lvl: Any) -> tuple[int, _Level]:
    def value(name: str, default: str) -> str:
        found = lvl.find(qn(name))
        return str(found.get(qn("w:val"), default)) if found is not None else default

    spec = (value("w:numFmt", "decimal"), value("w:lvlText", ""), _whole(value("w:start", "1"), 1))
    return _whole(lvl.get(qn("w:ilvl")), 0), spec


def _numbered(element: Any) -> tuple[str | None, int | None] | None:
    """The list and the level that a paragraph or a style names, each None where it does not; None where it names none."""
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None:
        return None
    num, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
    return (
        num.get(qn("w:val")) if num is not None else None,
        _whole(level.get(qn("w:val")), 0) if level is not None else None,
    )


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 9 else default


def shown(number: int, kind: str) -> str:
    """A number in one of Word's formats."""
    if kind.startswith(("chinese", "japaneseCounting", "ideographDigital", "taiwanese")):
        return chinese(number)
    if kind in {"lowerLetter", "upperLetter"} and 1 <= number <= 26:
        letter = chr(96 + number)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in {"lowerRoman", "upperRoman"} and 1 <= number <= 39:
        roman = _roman(number)
        return roman.upper() if kind == "upperRoman" else roman
    if kind.startswith("decimalEnclosedCircle") and 1 <= number <= 20:
        return chr(0x245F + number)
    return str(number)


def chinese(number: int) -> str:
    """1-99 as 一 to 九十九."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十") + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    out = ""
    for value, sign in _ROMAN:
        while number >= value:
            out, number = out + sign, number - value
    return out
