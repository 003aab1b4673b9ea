"""The last checks of a computed amount: whatever else the question and the notice say must not speak against it."""

from __future__ import annotations

import re
from decimal import Decimal

from tools.notice_amount.asked import Asked, Count
from tools.notice_amount.bases import fits
from tools.notice_amount.compute import Working
from tools.notice_amount.conditions import (
    date_verdict,
    days_in,
    denied,
    is_duplicate,
    runs_beside,
    said_days,
    windows,
)
from tools.notice_amount.likeness import shared
from tools.notice_amount.rules import Effect, Rule, Rulebook
from tools.notice_amount.tiers import tiers
from tools.notice_amount.vocabulary import has


def floors(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> None:
    """The leasts that the base or the amount does not reach."""
    for floor in book.floors:
        if floor.result:
            if work.value is not None and work.value < floor.least:
                look.append(floor.words)
            continue
        if floor.unit == "元":
            hits = [f for f in asked.facts if f.place in work.used and fits(floor.base, f, book, len(asked.facts) == 1)]
            if hits and sum((f.sum for f in hits), Decimal(0)) < floor.least + (Decimal("0.01") if floor.open else 0):
                look.append(floor.words)
        else:
            told = [c for c in asked.counts if c.unit == floor.unit]
            if any(c.value < floor.least for c in told) and len(told) == 1:
                look.append(floor.words)


def dates(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> None:
    """A day that the question tells and that lies outside the days of the rule."""
    told = said_days(asked)
    limits = windows(work.rule.subject)
    for first, last in told:
        for limit, side in limits:
            if (side == "since" and first < limit) or (side == "before" and last >= limit):
                look.append(work.rule.words)
    own = [
        day
        for said in asked.segments
        if not has(said.text, "founding") and not said.earlier
        for day in days_in(said.text)
    ]
    for window in book.windows:
        if any(last < window.first or first > window.last for first, last in own):
            look.append(window.words)


def tier_checks(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> None:
    """Every tier that the question tells and on which the notice's amounts depend must be the rule's own."""
    for dimension, values in asked.tiers.items():
        if dimension in work.dimensions or any(dimension in tiers(words) for words in work.known):
            continue
        depends = [rule for rule in book.rules if dimension in rule.tiers and rule is not work.rule]
        depends = [rule for rule in depends if rule.line == work.rule.line or rule.table == work.rule.table >= 0]
        if depends and values and not has(work.rule.words, "for_all"):
            look.append(depends[0].words)


def effects(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> list[str]:
    """Clauses that may change the amount: those that the question speaks of stop it, the others are noted."""
    known = "·".join(work.known)
    notes = []
    for effect in book.effects:
        if effect.words in known or (effect.kind == "difference" and effect.words in work.known):
            continue
        if is_duplicate(effect.words) and effect.kind != "note":
            if asked.claims_support and not asked.received:
                look.append(effect.words)
            notes.append(effect.words)
            continue
        near = effect.line == work.rule.line or (effect.heading and effect.heading in work.rule.label)
        if effect.kind == "figure" and near:
            look.append(effect.words)
            continue
        runs = runs_beside(asked, effect.words, known)
        if len(windows(effect.words)) == 1 and has(effect.words, "changes"):
            dated = date_verdict(asked, effect.words, runs)
            old, new = has(effect.words, "old_standard"), has(effect.words, "new_standard")
            if (dated == "met" and new and not old) or (dated == "unmet" and not new):
                work.known.append(effect.words)
                continue
            if dated == "unmet" and new and any(has(words, "old_standard") for words in work.known):
                continue
            if dated in {"met", "unmet"}:
                look.append(effect.words)
                continue
        if runs and not denied(asked, runs):
            look.append(effect.words)
        elif not runs and effect.kind != "note" and _worth_noting(effect, work.rule):
            notes.append(effect.words)
    for bonus in book.bonuses:
        if bonus.words not in known:
            notes.append(bonus.words)
    return [note for note in notes if not has(note, "frauds")]


def _worth_noting(effect: Effect, rule: Rule) -> bool:
    return (
        effect.line == rule.line
        or has(effect.words, "always_noted")
        or bool(shared(effect.words, f"{rule.subject}·{rule.base}"))
    )


def unused(work: Working, asked: Asked) -> list[str]:
    """What figures of the question the computation did not use."""
    rows = [
        *((fact.words, fact.place) for fact in (*asked.facts, *asked.received, *asked.computed)),
        *((count.words + count.noun[:4], count.place) for count in asked.counts if not _article(count, asked)),
        *((span.words, span.place) for span in asked.spans if span.words != "一年" or re.search(r"注册|成立", span.segment)),
        *asked.others,
    ]  # fmt: skip
    return [words for words, place in rows if place not in work.used]


def _article(count: Count, asked: Asked) -> bool:
    """Whether a number says no more than 'a' (一个项目, 一台), or counts the firms of a segment that says no (两家没有关联)."""
    if count.words.startswith("一"):
        return count.value == 1
    return count.unit in {"家", "方"} and any(said.denied and count.words in said.text for said in asked.segments)
