"""Tiers: the values that rules and questions give of one dimension (level, grade, first or again, size …)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from core.numbers import read_number
from tools.notice_amount.vocabulary import data

Tiers = Mapping[str, frozenset[str]]
"""Dimension → the values it may have."""

_LEVEL = re.compile(
    r"(?<![第省市县区家高低])(?<![^规限][上下])([一二两三四五六七八九1-9])\s*级(?P<up>及以上|以上|（含）以上|\(含\)以上)?(?!市|分类|财政|政府|主管|单位|节点|供应)"
)
_LEVELS = re.compile(r"([一二三四五六1-9])[、至到—-]([一二三四五六1-9])级")
_LETTERS = re.compile(r"(?<![A-Za-z])([A-C])(\1{0,4})(?=级|类|$|[^A-Za-z0-9])")
_STAR = re.compile(r"([一二三四五1-5])星")
_ABOVE = re.compile(r"([区县市省])级(?:（含）|\(含\))?(?:及以上|以上|及其以上)")
_GRADES = ("区县", "市", "省", "国家")
_GRADE_OF = {"区": "区县", "县": "区县", "市": "市", "省": "省"}
_HIGHEST = 9
_JOINED = {"size": {"中小": ("中", "小"), "小微": ("小", "微")}}


def tiers(text: str) -> dict[str, frozenset[str]]:
    """The tiers that a text names; all values of one dimension together."""
    found: dict[str, set[str]] = {}
    levels = set[str]()
    for match in _LEVELS.finditer(text):
        levels |= {_figure(match[1]), _figure(match[2])}
    for match in _LEVEL.finditer(text):
        first = int(_figure(match[1]))
        levels |= {str(n) for n in (range(first, _HIGHEST + 1) if match["up"] else (first,))}
    if levels:
        found["level"] = levels
    if letters := {
        match[1] + match[2]
        for match in _LETTERS.finditer(text)
        if match[2] or text[match.end() : match.end() + 1] in {"级", "类"}
    }:
        found["letters"] = letters
    if stars := {_figure(match[1]) for match in _STAR.finditer(text)}:
        found["star"] = stars
    for dimension, values in data()["tiers"].items():
        rest = text
        pairs = sorted(
            ((str(word), str(value)) for value, words in values.items() for word in words), key=lambda p: -len(p[0])
        )
        for word, value in pairs:
            if word in rest:
                rest = rest.replace(word, "\0")
                found.setdefault(dimension, set()).update(_JOINED.get(dimension, {}).get(value, (value,)))
    if "grade" in found and (above := _ABOVE.search(text)):
        found["grade"] |= set(_GRADES[_GRADES.index(_GRADE_OF[above[1]]) :])
    if "continent" in found and "place" not in found:
        found["place"] = {"境外"}
    return {dimension: frozenset(values) for dimension, values in found.items()}


def _figure(word: str) -> str:
    return word if word.isdigit() else f"{read_number(word) or 0:.0f}"


def conflict(rule: Tiers, asked: Tiers) -> bool:
    """Whether the question gives another value than the rule is for."""
    return any(dimension in asked and not values & asked[dimension] for dimension, values in rule.items())
