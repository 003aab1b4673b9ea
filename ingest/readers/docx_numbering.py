"""The numbers that Word shows before paragraphs and does not keep in their text: 一、（一）1. and the like."""

from __future__ import annotations

import re
from typing import Any

from docx.oxml.ns import qn

_DIGITS = "〇一二三四五六七八九"
_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbering:
    """Counts the numbered paragraphs of one document in order."""

    def __init__(self, document: Any) -> None:
        self._levels: dict[str, dict[int, tuple[str, str, int]]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._abstract_of: dict[str, str] = {}
        try:
            root = document.part.numbering_part.element
        except (KeyError, NotImplementedError, AttributeError):
            return
        for abstract in root.findall(qn("w:abstractNum")):
            levels = (_level(lvl) for lvl in abstract.findall(qn("w:lvl")))
            self._levels[abstract.get(qn("w:abstractNumId"))] = dict(levels)
        for num in root.findall(qn("w:num")):
            if (found := num.find(qn("w:abstractNumId"))) is not None:
                self._abstract_of[num.get(qn("w:numId"))] = found.get(qn("w:val"))

    def next(self, p: Any, style: Any) -> str:
        """What stands before this paragraph; empty where nothing does."""
        place = _numbered(p) or (_numbered(style.element) if style is not None else None)
        if place is None:
            return ""
        abstract = self._abstract_of.get(place[0], "")
        levels, at = self._levels.get(abstract, {}), place[1]
        if at not in levels:
            return ""
        counts = self._counts.setdefault(abstract, {})
        counts[at] = counts.get(at, levels[at][2] - 1) + 1
        for deeper in [n for n in counts if n > at]:
            del counts[deeper]
        kind, text, _ = levels[at]
        if kind == "bullet":
            return "• "
        if kind == "none":
            return ""
        return re.sub(r"%(\d)", lambda m: self._shown(levels, counts, int(m[1]) - 1), text)

    @staticmethod
    def _shown(levels: dict[int, tuple[str, str, int]], counts: dict[int, int], at: int) -> str:
        kind, _, start = levels.get(at, ("decimal", "", 1))
        return shown(counts.get(at, start), kind)


def _level(lvl: Any) -> tuple[int, tuple[str, str, int]]:
    def value(name: str, default: str) -> str:
        found = lvl.find(qn(name))
        return str(found.get(qn("w:val"), default)) if found is not None else default

    start = value("w:start", "1")
    at = lvl.get(qn("w:ilvl"), "0")
    spec = (value("w:numFmt", "decimal"), value("w:lvlText", ""), int(start) if start.isdecimal() else 1)
    return int(at) if at.isdecimal() else 0, spec


def _numbered(element: Any) -> tuple[str, int] | None:
    found = element.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
    if found is None:
        return None
    num, level = found.find(qn("w:numId")), found.find(qn("w:ilvl"))
    if num is None or num.get(qn("w:val")) == "0":
        return None
    at = level.get(qn("w:val"), "0") if level is not None else "0"
    return num.get(qn("w:val")), int(at) if at.isdecimal() else 0


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
