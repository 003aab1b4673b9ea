"""A figure of the question held against the limit that a clause sets for the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from core.figures import DATE, figures
from core.text import bare

_AT_LEAST = re.compile(
    r"不低于|不少于|不小于|至少|(?<!不)(?:超过|大于|高于)|达到|满$|门槛\D{0,4}$|最低\D{0,4}$|以上|及以上|起$"
)
_AT_MOST = re.compile(r"不超过|不高于|不大于|不多于|(?<!不)(?:低于|少于|小于)$|未满|以下|以内|及以下|上限")
_UNITS = {"周岁": "岁", "名": "人", "位": "人", "标准煤": "吨", "吨标准煤": "吨", "吨标煤": "吨"}
_NO_LIMITS = frozenset({DATE, "月", "日", "号", "级", "条", "项", "编号", "文号", "天", "个工作日"})
_DENIED = re.compile(r"未(?!满)|没有|无")
"""A limit of what must not be (未受到单次罚款10万元及以上的处罚), or of whom nothing is given: no verdict is safe."""
MONEY = "元"
"""Sums of many things have this unit: one is held against a limit only where both name the thing."""
NEAR = 12
"""The thing that a figure measures is named in so many characters before it."""


@dataclass(frozen=True)
class Held:
    """Whether a figure of the question is within a clause's limit. said, limit: both as they are written."""

    within: bool
    said: str
    limit: str


@dataclass(frozen=True)
class _Figure:
    value: Decimal
    unit: str
    text: str
    before: str
    after: str


def held(question: str, clause: str) -> Held | None:
    """A question's figure against a clause's limit; None where no one figure of it is of the thing that is limited.

    None, too, where a clause sets two limits of one sort for it that it meets one of: steps, or what was and what is.
    """
    judged = list(_judged(question, clause))
    if not judged or any(least == judged[0][0] and one.within != judged[0][1].within for least, one in judged):
        return None
    return judged[0][1]


def _judged(question: str, clause: str) -> Iterator[tuple[bool, Held]]:
    """A question's figure against each limit of a clause for the same thing, with whether that is one from below."""
    told = _figures(question)
    for limit in _figures(clause):
        least, most = _relation(limit)
        if least == most or _DENIED.search(limit.before):
            continue
        same = [figure for figure in told if figure.unit == limit.unit]
        near = [figure for figure in same if _shares(figure.before, limit.before)]
        if not near and limit.unit != MONEY and len(same) == 1 and _shares(question, clause):
            near = same
        if len(near) != 1:
            continue
        value = near[0].value
        within = value >= limit.value if least else value <= limit.value
        behind = limit.after[:3] if limit.after[:2] in {"以上", "以下"} else ""
        yield least, Held(within, near[0].text, f"{limit.text}{behind}".rstrip("，。；的"))


def _figures(text: str) -> list[_Figure]:
    out = []
    text = text.replace("周岁", "岁").replace("不得", "不")
    for figure in figures(text):
        value, unit = figure.keys[0]
        unit = _UNITS.get(unit, unit)
        if unit in _NO_LIMITS or len(figure.keys) > 1:
            continue
        if not unit and re.search(r"[万亿]", figure.text):
            unit = MONEY
        try:
            number = Decimal(value)
        except ArithmeticError:
            continue
        before = re.split(r"[，。；、：:|]", text[max(0, figure.start - NEAR) : figure.start])[-1]
        out.append(_Figure(number, unit, figure.text, before, text[figure.end : figure.end + 6]))
    return out


def _relation(limit: _Figure) -> tuple[bool, bool]:
    """Whether a limit is one from below, and whether one from above."""
    after = re.match(
        r"(?:[（(]?含[^）)]{0,3}[)）]?)?(?:标准煤)?(?:[（(]含[)）])?(以上|以下|以内|及以上|及以下|起)?",
        limit.after,
    )
    behind = (after[1] or "") if after else ""
    return bool(_AT_LEAST.search(limit.before) or behind in {"以上", "及以上", "起"}), bool(
        _AT_MOST.search(limit.before) or behind in {"以下", "以内", "及以下"}
    )


def _shares(one: str, other: str) -> bool:
    """Whether two stretches of text have two characters together that name a thing."""
    a, b = bare(re.sub(r"[^\u4e00-\u9fff]", "", one)), bare(re.sub(r"[^\u4e00-\u9fff]", "", other))
    pairs = {a[at : at + 2] for at in range(len(a) - 1)} & {b[at : at + 2] for at in range(len(b) - 1)}
    return bool(pairs - _COMMON)


_COMMON = frozenset(
    {"不低", "低于", "不少", "少于", "不超", "超过", "以上", "以下", "至少", "达到", "企业", "一共", "单位", "我们"}
)
