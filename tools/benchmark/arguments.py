"""What a message gives the comparison to work with."""

from __future__ import annotations

import re
from typing import Any

from core.numbers import quantities
from core.text import normalise
from tools.benchmark import OTHER
from tools.firm import extraction
from tools.firm.aims import levels_said
from tools.firm.profile import Profile
from tools.firm.roles import is_apart
from tools.told import Told, level_name

INDICATOR_OF = {"level": "等级", "other": OTHER}
"""The indicator by what a message wants to compare, where its words may not tell."""
_INDICATORS = (
    ("占比", r"占比|比重|比例|占营收|百分之"),
    ("等级", r"[一二三四1-4]级|等级|水平"),
    ("投入", r"投|花|钱|预算"),
)


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, None where nothing is known."""
    indicator = next((name for name, words in _INDICATORS if re.search(words, told.text)), "")
    if not indicator or (indicator == "占比" and told.now_spend is None):
        indicator = "、".join(words for words, _ in extraction.system_words(told.text)) or indicator or "投入"
    spend = told.now_spend if told.now_spend is not None else _spend_by_share(told, known)
    said = levels_said(normalise(told.text))
    level = level_name(said[0].low) if len({s.low for s in said}) == 1 else level_name(known.level)
    if spend is not None and not said and indicator == "等级":
        indicator = "投入"
    return {"指标": indicator, "营业收入万元": known.revenue_wan, "投入万元": spend, "行业": told.industry_of(known),
            "从业人员": known.employees, "等级": level}  # fmt: skip


def once(told: Told, kind: str) -> dict[str, Any]:
    """What is to be compared, where a message means a level or a measure of which no survey has figures.

    kind: spend, level, system, other or open, as corpus/utterances/kinds.yaml tells them apart.
    """
    return {"指标": INDICATOR_OF[kind]} if kind in INDICATOR_OF else {}


def facts(told: Told) -> int:
    """Two where the message tells what is to be compared."""
    return 2 * (told.now_spend is not None or told.now.level is not None)


def _spend_by_share(told: Told, known: Profile) -> float | None:
    """The yearly spend of which only the share of the revenue was told: 投了营收的3%."""
    text = normalise(told.text)
    for q in quantities(text) if known.revenue_wan else ():
        beside = text[max(0, q.start - 6) : q.start] + text[q.end : q.end + 4]
        if q.kind == "share" and q.exact and re.search("营收|收入|销售额", beside) and not is_apart(text[: q.start]):
            return round((known.revenue_wan or 0) * q.nominal / 100, 4)
    return None
