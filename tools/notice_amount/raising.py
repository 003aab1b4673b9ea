"""Bonuses: what raises or lowers an amount where the question says that its condition is met."""

from __future__ import annotations

import re

from core.numbers import quantities
from tools.notice_amount.asked import Asked
from tools.notice_amount.conditions import (
    span_used,
    verdict,
)
from tools.notice_amount.likeness import shared
from tools.notice_amount.rules import Rule, Rulebook
from tools.notice_amount.sums import is_sum, percent, plain, shown, yuan
from tools.notice_amount.working import Working

_ITEM = re.compile(r"第[（(]?([一二三四五六七八九])[)）]?[项款类]")


def _use(condition: str, work: Working, asked: Asked) -> None:
    """Note that the persons and shares of the question were held against a condition."""
    told = quantities(condition)
    if any(q.kind == "people" or q.unit in {"人", "名"} for q in told):
        work.used |= {c.place for c in asked.counts if c.unit == "人" and shared(c.noun, condition)}
    if any(q.kind in {"share", "points"} for q in told):
        work.used |= {place for _, _, place in asked.shares}


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
        said = verdict(asked, bonus.condition, "·".join(work.known))
        if said != "silent":
            _use(bonus.condition, work, asked)
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
            work.value = work.base * (work.rate + bonus.value) * work.factor
            part = f" × {plain(work.factor * 12)}/12" if work.factor != 1 else ""
            work.steps.append(
                f"比例提高到{percent(work.rate + bonus.value)}，{shown(work.base)} × {percent(work.rate + bonus.value)}{part} ＝ {shown(work.value)}"
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
            if raised := re.search(r"(?:上限|限额|最高额)[^，。]{0,6}提高", bonus.words):
                more = [yuan(q) for q in quantities(bonus.words[raised.start() :]) if is_sum(q)]
                if len(more) != 1:
                    look.append(bonus.words)
                    continue
                limit, text = limit + more[0], f"最高{shown(limit + more[0])}"
            work.cut(limit, text)
        elif uncapped is None and bonus.value > 1:
            look.append(bonus.words)
