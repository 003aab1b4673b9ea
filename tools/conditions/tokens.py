"""A clause cut into tokens: quantities, dates, places, trades and the words of notices; what is none of these stays `other`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from core.numbers import read_number
from tools.conditions.places import places_in
from tools.conditions.vocabulary import vocabulary
from tools.firm import industries

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?|[零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟]+(?:点[零〇一二三四五六七八九]+)?"
_QUANTITY = re.compile(
    rf"(?:人民币|约|￥|(?P<minus>(?<![\d%％元人年级万亿）)])[-−－](?=[\d.]+[%％])))?(?P<cent>百分之)?(?P<n>{_NUMBER})\s*(?P<scale>千万|百万|十万|万|亿|千)?\s*"
    r"(?P<unit>美元|元|人(?!民币)|名|%|％|周年|年(?!度|产|营|销|纳|收|缴)|个?月|级|[项件个家]|天|日)?"
)
_GRADE = re.compile(r"(?<![A-Za-z])([ABMCD])\s*级?(?![A-Za-z])")
_DATE = re.compile(
    r"((?:19|20)\d{2})年(?:(\d{1,2})月)?(?:(\d{1,2})日)?(度|全年|末|底)?|((?:19|20)\d{2})-(\d{1,2})-(\d{1,2})"
)
_SCALES = {"千万": 1e7, "百万": 1e6, "十万": 1e5, "万": 1e4, "亿": 1e8, "千": 1e3, None: 1.0}
_UNITS = {
    "元": "money", "美元": "usd", "人": "people", "名": "people", "%": "percent", "％": "percent", "年": "years", "周年": "years",
    "月": "years", "个月": "years", "级": "level", "项": "count", "件": "count", "个": "count", "家": "count",
}  # fmt: skip
_PUNCTUATION = {"，": "comma", ",": "comma", "：": "colon", ":": "colon", "；": "stop", ";": "stop", "。": "stop"}
_BRACKETS = {"（": "open", "(": "open", "）": "close", ")": "close"}
DOCUMENT = "《》"
"""What stands for the name of a document."""
RANKS = {"A": 5.0, "B": 4.0, "M": 3.0, "C": 2.0, "D": 1.0}


@dataclass(frozen=True)
class Quantity:
    """A number with the class of its unit; money in 万元, time in years. unit None: nothing was written after it."""

    value: float
    unit: str | None
    bare: float = 0.0


@dataclass(frozen=True)
class Day:
    """A date as far as it is written; whole_year: 2025年度."""

    year: int
    month: int | None = None
    day: int | None = None
    whole_year: bool = False


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    value: Any = None


def tokens(text: str) -> list[Token]:
    """The tokens of a normalised clause without quotation marks; white space is left out."""
    return list(_joined(_raw(text)))


def _raw(text: str) -> Iterator[Token]:
    places = {start: (end, place) for start, end, place in places_in(text)}
    at = 0
    while at < len(text):
        char = text[at]
        if char.isspace():
            at += 1
            continue
        token = _place(text, at, places) or (
            Token("document", DOCUMENT) if text.startswith(DOCUMENT, at) else _longest(text, at)
        )
        if token is None:
            kind = _PUNCTUATION.get(char) or _BRACKETS.get(char) or "other"
            token = Token(kind, char)
        at += len(token.text)
        yield token


def _place(text: str, at: int, places: dict[int, tuple[int, Any]]) -> Token | None:
    if at not in places:
        return None
    end, place = places[at]
    return Token("place", text[at:end], place)


def _longest(text: str, at: int) -> Token | None:
    """The longest of a date, a quantity, a word of notices and a name of a trade that starts here."""
    found = [t for t in (_date(text, at), _quantity(text, at), _word(text, at), _trade(text, at)) if t]
    return max(found, key=lambda t: len(t.text), default=None)


def _word(text: str, at: int) -> Token | None:
    hit = vocabulary().at(text, at)
    return Token(hit[1].kind, hit[0], hit[1].value) if hit else None


def _trade(text: str, at: int) -> Token | None:
    name = industries.named_at(text, at)
    return Token("trade", name, name) if name else None


def _date(text: str, at: int) -> Token | None:
    hit = _DATE.match(text, at)
    if hit is None:
        return None
    if hit[5]:
        return Token("date", hit[0], Day(int(hit[5]), int(hit[6]), int(hit[7])))
    month, day = (int(hit[n]) if hit[n] else None for n in (2, 3))
    return Token("date", hit[0], Day(int(hit[1]), month, day, bool(hit[4])))


def _quantity(text: str, at: int) -> Token | None:
    hit = _QUANTITY.match(text, at)
    if hit is None:
        grade = _GRADE.match(text, at)
        return Token("quantity", grade[0], Quantity(RANKS[grade[1]], "grade")) if grade else None
    bare = read_number(hit["n"].replace(",", ""))
    if bare is None or hit["n"] in {"零", "〇", "百", "千"}:
        return None
    unit = "percent" if hit["cent"] else _UNITS.get(hit["unit"] or "")
    if unit is None and not hit["n"][0].isdigit() and not hit["scale"]:
        return None
    value = bare * _SCALES[hit["scale"]]
    if unit is None and hit["scale"] in {"千万", "百万", "十万", "万", "亿"}:
        unit = "scaled"
    if hit["minus"]:
        value = -value
    if unit in {"money", "scaled", "usd"}:
        value /= 1e4
    elif unit == "years" and hit["unit"].endswith("月"):
        value /= 12
    return Token("quantity", hit[0].rstrip(), Quantity(value, unit, bare))


def _joined(found: Iterator[Token]) -> Iterator[Token]:
    """The same, with runs of characters that nothing reads as one token."""
    kept: Token | None = None
    for token in found:
        if token.kind == "other" and kept is not None:
            kept = replace(kept, text=kept.text + token.text)
            continue
        if token.kind == "other":
            kept = token
            continue
        if kept is not None:
            yield kept
            kept = None
        yield token
    if kept is not None:
        yield kept
