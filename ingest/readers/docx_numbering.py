"""The numbers that Word shows before paragraphs and does not keep in their text: 一、（一）1. and the like."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

from ingest.readers.numerals import shown


@dataclass(frozen=True)
class _Level:
    """How a level is shown, the text around its number, and where it begins.

    after: the level, from 1, below whose numbers it begins anew, 0 where it never does, None where below any; plain:
    whether it shows the levels above it in plain figures.
    """

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    after: int | None = None
    plain: bool = False


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
            for deep, start in self._starts.get(num, {}).items():
                counts[deep] = start - 1
        counts[at] = counts.get(at, levels[at].start - 1) + 1
        for deeper in [n for n in counts if n > at and _begins_anew(levels.get(n), at)]:
            del counts[deeper]
        level = levels[at]
        if level.kind == "bullet":
            return "• "
        if level.kind == "none":
            return ""
        return re.sub(r"%(\d)", lambda m: _number_of(levels, counts, int(m[1]) - 1, level.plain), level.text)

    def _place(self, p: Any, style: Any) -> tuple[str, int]:
        """The list and the level of a paragraph, its own or its style's; an empty name where it is in none."""
        own = _numbered(p)
        if own and own[0] is not None:
            return own[0] if own[0] != "0" else "", own[1] or 0
        passed: list[str] = []
        for _ in range(10):
            if style is None:
                break
            passed.append(style.style_id)
            found = _numbered(style.element)
            if found and found[0] is not None:
                if found[0] == "0":
                    return "", 0
                abstract = self._abstract_of.get(found[0], "")
                linked = (self._level_of_style.get((abstract, name)) for name in passed)
                own_level = own[1] if own and own[1] is not None else None
                level = next((at for at in (own_level, *linked, found[1]) if at is not None), 0)
                return found[0], level
            style = style.base_style
        return "", 0


def _begins_anew(level: _Level | None, above: int) -> bool:
    """Whether a level begins anew after a number of one above it."""
    return level is None or level.after is None or above < level.after


def _number_of(levels: Mapping[int, _Level], counts: Mapping[int, int], at: int, plain: bool) -> str:
    level = levels.get(at, _Level())
    return shown(counts.get(at, level.start), "decimal" if plain else level.kind)


def _level(lvl: Any) -> tuple[int, _Level]:
    def value(name: str, default: str) -> str:
        found = lvl.find(qn(name))
        return str(found.get(qn("w:val"), default)) if found is not None else default

    restart, plain = lvl.find(qn("w:lvlRestart")), lvl.find(qn("w:isLgl"))
    return _whole(lvl.get(qn("w:ilvl")), 0), _Level(
        value("w:numFmt", "decimal"),
        value("w:lvlText", ""),
        _whole(value("w:start", "1"), 1),
        None if restart is None else _whole(restart.get(qn("w:val")), 0),
        plain is not None and plain.get(qn("w:val"), "1") not in {"0", "false", "off"},
    )


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
