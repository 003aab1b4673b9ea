"""Words around a figure that make it rough or bound it: 近, 不到, 上, 约; 多, 来, 左右, 出头, 以上."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace

from core.numbers.figure import Figure, rough
from core.numbers.numeral import TENS
from core.numbers.quantity import Quantity
from core.numbers.units import (
    ABOUT,
    ABOUT_AFTER,
    AT_LEAST,
    AT_MOST,
    BELOW_AFTER,
    BOUND_HIGH_AFTER,
    BOUND_LOW_AFTER,
    LESS,
    MEASURES,
    NEAR,
    OVER,
    OVER_AFTER,
    ends_with,
    starts_with,
)

_CLOSES = frozenset(
    {"", "，", "。", "；", "、", "）", ")", ",", ";", "？", "！", "?", "!", "\n", " ", "的", "吧", "了"}
)
_NOT_COMING = ("来自", "来了", "来年", "来料", "来图")
_BEFORE_OVER = frozenset("以线车手马网晚早不通经超")
_BEFORE_NEAR = frozenset("附最靠临远相")
_BEFORE_SMALL = frozenset("大中微规较很最")
"""Characters that make another word of a short one: 以上, 附近, 中小."""


def roughened(text: str, found: Figure) -> tuple[Figure, int]:
    """A figure with the rough mark right behind it, and where that ends: 三十多, 300+, 六十来, 三十几, 万把, 一百零几."""
    at = found.end
    mark, after = text[at : at + 1], text[at + 1 : at + 2]
    if mark == "+" and not after.isdigit() and not adds(text, at + 1):
        return rough(found, "多", found.step()), at + 1
    loose = mark in {"多", "余", "来", "把"} and not text.startswith(_NOT_COMING, at)
    if loose and (not found.single or found.scaled):
        return rough(found, mark, found.step()), at + 1
    tens = found.core[-1:] in {"十", *TENS} or (found.core[-1:] in {"零", "〇", "0"} and len(found.core) > 1)
    if mark == "几" and not found.mark and tens:
        return rough(found, "几", 10.0), at + 1
    return found, at


def adds(text: str, at: int) -> bool:
    """Whether a plus before this place joins another sum: 30万+ERP20万; 300+人 is more than 300."""
    for n in range(at, min(at + 12, len(text))):
        if text[n] in _CLOSES - {" ", "的", ""}:
            return False
        if text[n].isdigit():
            return n > at
    return False


def nearly(text: str, floor: int, hit: Quantity, found: Figure) -> Quantity:
    """A quantity with the word before it: 不到300, 近两千万, 上百人, 约50万, 至少20人. floor: what stands before it is taken."""
    if not math.isfinite(hit.low) or hit.low <= 0 or hit.start <= floor:
        return hit
    end = hit.start - (text[hit.start - 1] == " ")
    below = under(hit)
    rows: tuple[tuple[tuple[str, ...], Callable[[], tuple[float, float, float]]], ...] = (
        (AT_LEAST, lambda: (hit.low, math.inf, hit.nominal)),
        (AT_MOST, lambda: (0.0, hit.high, hit.nominal)),
        (NEAR, lambda: (min(0.8 * hit.nominal, below), below, below)),
        (LESS, lambda: (_floor(hit), _ceiling(hit), below)),
        (ABOUT, lambda: (0.9 * hit.low, 1.1 * hit.high, hit.nominal)),
        (OVER, lambda: (hit.low, 9.9 * hit.low if found.bare else math.inf, hit.nominal)),
    )
    for words, ends in rows:
        word = ends_with(text[floor:end], end - floor, words)
        if word and _is_word(text, end - len(word), word, found):
            return _loosened(replace(hit, start=end - len(word)), ends())
    return hit


def _loosened(hit: Quantity, ends: tuple[float, float, float]) -> Quantity:
    low, high, nominal = (round(value, 6) if math.isfinite(value) else value for value in ends)
    return replace(hit, low=low, high=high, nominal=nominal, approximate=True, unusual=True)


def _is_word(text: str, start: int, word: str, found: Figure) -> bool:
    """Whether a short word before a figure makes it rough rather than ending another word: 以上300, 附近, 中小."""
    ahead = text[start - 1] if start else ""
    if word in {"上", "过"}:
        return found.bare and ahead not in _BEFORE_OVER
    if word == "小":
        return found.scaled and (found.large or not found.western) and ahead not in _BEFORE_SMALL
    if word in {"~", ">", "<"}:
        return not ahead.isdigit()
    return not (word == "近" and ahead in _BEFORE_NEAR) and not (word == "超" and ahead == "高")


def under(hit: Quantity) -> float:
    """Just under a value: one person, one 万元 (100 元 below 10万元)."""
    if hit.kind in {"money", "foreign"}:
        return hit.nominal - (1 if hit.nominal > 10 else 0.01 if hit.nominal > 0.1 else 0.0)
    return hit.nominal - (1 if hit.nominal > 1 and hit.kind in {"people", "count", "number"} else 0.1)


def _floor(hit: Quantity) -> float:
    """The least that 不到 leaves open: one person or piece, else nothing; how much less it is nobody said."""
    return min(1.0, under(hit)) if hit.kind in {"people", "count", "number"} else 0.0


def _ceiling(hit: Quantity) -> float:
    """The most that 不到 leaves open: one person, or 1 元, less."""
    return round(hit.nominal - 0.0001, 4) if hit.kind == "money" and hit.nominal > 0.0001 else under(hit)


def bounded(text: str, hit: Quantity) -> Quantity:
    """A quantity with the words behind it: 左右, 上下, 出头, 不到, 以上, 以内."""
    at = hit.end + (text[hit.end : hit.end + 1] == " ")
    if not math.isfinite(hit.low) or hit.low < 0:
        return hit
    if (word := starts_with(text, at, BOUND_LOW_AFTER)) and (word != "起" or text[at + 1 : at + 2] in _CLOSES):
        return replace(hit, high=math.inf, approximate=True, end=at + len(word))
    if word := starts_with(text, at, BOUND_HIGH_AFTER):
        return replace(hit, low=0.0, approximate=True, end=at + len(word))
    if word := starts_with(text, at, ABOUT_AFTER):
        return _loosened(replace(hit, end=at + len(word)), (0.9 * hit.low, 1.1 * hit.high, hit.nominal))
    if hit.low != hit.high or not hit.low:
        return hit
    word = starts_with(text, at, BELOW_AFTER)
    if word and text[at + len(word) : at + len(word) + 1] in _CLOSES:
        return _loosened(replace(hit, end=at + len(word)), (_floor(hit), _ceiling(hit), under(hit)))
    if text.startswith("多", at) and hit.kind in {"share", "times"}:
        return _loosened(
            replace(hit, end=at + 1), (hit.low, hit.low + (0.9 if hit.kind == "times" else 9.9), hit.nominal)
        )
    word = starts_with(text, at, OVER_AFTER)
    if word and not (word == "+" and (text[at + 1 : at + 2].isdigit() or adds(text, at + 1))):
        return _loosened(replace(hit, end=at + len(word)), (hit.low, 1.1 * hit.nominal, hit.nominal))
    return hit


def negative(text: str, start: int, kind: str) -> bool:
    """Whether a minus sign stands before a figure rather than a hyphen or the mark of a range."""
    if not start or text[start - 1] not in {"负", "-"}:
        return False
    ahead = text[start - 2 : start - 1] if start > 1 else ""
    if text[start - 1] == "负" or not ahead or ahead in " \n\t:：(（，,、":
        return True
    return kind in {"share", "points"} and not ahead.isascii() and ahead not in "%年月日"


def dashed(text: str, start: int, kind: str) -> bool:
    """Whether a dash right behind a word may be a minus or only lead to the figure: 营收-500万, 我们-40人."""
    return (
        kind in {"money", "people"} and start > 1 and text[start - 1] == "-" and "\u4e00" <= text[start - 2] <= "\u9fff"
    )


def priced(text: str, start: int) -> bool:
    """Whether a sum is that of one piece by the words before it: 每台18800元, 单价3万元, 一台18800元."""
    head = text[max(0, start - 4) : start]
    if "每" in head or head.rstrip(":：为是").endswith(("人均", "均价", "单价")):
        return True
    return head[-2:-1] in {"一", "1"} and head[-1:] in MEASURES
