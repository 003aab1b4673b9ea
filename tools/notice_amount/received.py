"""Support had already, which is taken off where the notice says so."""

from __future__ import annotations

import re
from decimal import Decimal

from tools.notice_amount.asked import Asked
from tools.notice_amount.compute import Working
from tools.notice_amount.conditions import (
    is_duplicate,
)
from tools.notice_amount.likeness import shared
from tools.notice_amount.rules import Rulebook
from tools.notice_amount.sums import shown
from tools.notice_amount.tiers import tiers
from tools.notice_amount.vocabulary import has

_GIVERS = ("国家", "中央", "省", "市", "县", "区", "镇", "街道", "园区", "开发区")


def differences(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> Decimal | None:
    """What was received and is to be taken off; None where nothing is."""
    if not asked.received and not asked.claims_support:
        return None
    clauses = [
        effect for effect in book.effects if effect.kind == "difference" and book.reaches(effect.line, work.rule)
    ]
    sums = list(asked.received)
    said = "，".join(s.text for s in asked.segments if s.received)
    foreign = [run for run in shared(said, "·".join(r.about for r in book.rules)) if run not in work.rule.about]
    levels = [word for word in _GIVERS if re.search(rf"{word}(?:里|级|厅|局|财政|上|给|补|已|拨|批|发|奖|那边)", said)]
    if len(clauses) != 1 or not sums or any(fact.rough for fact in sums):
        if not sums and clauses:
            work.lack("已经拿到的数额")
        look += (
            [clause.words for clause in clauses]
            or [e.words for e in book.effects if is_duplicate(e.words)][:1]
            or [said]
        )
        return None
    clause = clauses[0]
    rises = bool(re.search(r"晋|升|低等级|低层级", clause.words))
    named = [
        word for word in _GIVERS if re.search(rf"{word}级|{word}或|{word}、|{word}财政", clause.words.split("由")[0])
    ]
    if (
        foreign
        or (named and not rises and not (levels and set(levels) <= set(named)))
        or (rises and levels and not tiers(said))
    ):
        look.append(clause.words)
        return None
    if rises and not (tiers(said) or has(said, "earlier")):
        look.append(clause.words)
        return None
    work.used |= {fact.place for fact in sums}
    work.known.append(clause.words)
    work.cite(clause.passage)
    work.known += [e.words for e in book.effects if e.line == clause.line]
    return sum((fact.sum for fact in sums), Decimal(0))


def less(work: Working, received: Decimal) -> None:
    if work.value is None:
        return
    rest = max(work.value - received, Decimal(0))
    work.steps.append(
        f"扣掉已经拿的{shown(received)}，{shown(work.value)} － {shown(received)} ＝ {shown(rest)}"
        if rest
        else f"已经拿的{shown(received)}不比{shown(work.value)}少"
    )
    work.value = rest
