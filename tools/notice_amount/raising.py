"""Bonuses: what raises or lowers an amount where the question says that its condition is met."""

from __future__ import annotations

import re

from tools.notice_amount.asked import Asked
from tools.notice_amount.working import Working
from tools.notice_amount.conditions import (
    span_used,
    verdict,
)
from core.numbers import quantities
from tools.notice_amount.rules import Rule, Rulebook
from tools.notice_amount.sums import percent, shown


_ITEM = re.compile(r"第[（(]?([一二三四五六七八九])[)）]?[项款类]")


def of_item(condition: str, rule: Rule, book: Rulebook) -> bool:
    """Whether a bonus for one item of a list (第（一）项) is one for this rule."""
    found = _ITEM.search(condition)
    if not found:
        return True
    lines = sorted({other.line for other in book.rules if other.label == rule.label and other.line >= 0})
    at = "一二三四五六七八九".index(found[1])
    return at < len(lines) and lines[at] == rule.line


def bonuses(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> None:
    assert work.value is not None
    seen = set[str]()
    for bonus in book.bonuses:
        if bonus.words in seen or not of_item(bonus.condition, work.rule, book):
            continue
        seen.add(bonus.words)
        if not book.reaches(bonus.line, work.rule):
            continue
        if any(q.kind in {"share", "points"} for q in quantities(bonus.condition)):
            work.used |= {place for _, _, place in asked.shares}
        said = verdict(asked, bonus.condition, "·".join(work.known))
        if said in {"unmet", "silent"}:
            if said == "unmet":
                work.known.append(bonus.words)
                work.used |= {span.place for span in asked.spans if span_used(bonus.condition)}
            continue
        if said == "unclear":
            look.append(bonus.words)
            continue
        before = work.value
        work.known.append(bonus.words)
        work.cite(bonus.passage)
        if span_used(bonus.condition):
            work.used |= {span.place for span in asked.spans}
        uncapped = before if not work.capped else None
        if bonus.kind == "times":
            work.value = before * bonus.value
            work.steps.append(f"再乘 {percent(bonus.value)} ＝ {shown(work.value)}")
        elif bonus.kind == "add":
            work.value = before + bonus.value
            work.steps.append(f"再加{shown(bonus.value)} ＝ {shown(work.value)}")
        elif work.rate is not None and work.base is not None:
            work.value = work.base * (work.rate + bonus.value)
            work.steps.append(
                f"比例提高到{percent(work.rate + bonus.value)}，{shown(work.base)} × {percent(work.rate + bonus.value)} ＝ {shown(work.value)}"
            )
            uncapped = before
        else:
            look.append(bonus.words)
            continue
        limits = [limit for limit, _ in work.limits]
        if limits and work.value > min(limits):
            stays = re.search(r"(?:不得?超过|不突破)[^，。]*(?:上限|最高|限额)", bonus.words)
            if not stays and bonus.kind != "points":
                look.append(bonus.words)
                continue
            limit, text = min(work.limits)
            work.cut(limit, text)
        elif uncapped is None and bonus.value > 1:
            look.append(bonus.words)
