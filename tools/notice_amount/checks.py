"""The last checks of a computed amount: whatever else the question and the notice say must not speak against it."""

from __future__ import annotations

import re
from decimal import Decimal

from core.numbers import quantities
from core.text import bare
from corpus.words import lexicon
from tools.notice_amount.asked import Asked, Count, Span
from tools.notice_amount.bases import fits
from tools.notice_amount.conditions import (
    date_verdict,
    days_in,
    denied,
    is_duplicate,
    runs_beside,
    said_days,
    windows,
)
from tools.notice_amount.deductions import speaks_of
from tools.notice_amount.likeness import content, shared, weight, with_aliases
from tools.notice_amount.rules import Effect, Rule, Rulebook
from tools.notice_amount.several import phrases
from tools.notice_amount.sums import exact, plain
from tools.notice_amount.tiers import conflict, tiers
from tools.notice_amount.vocabulary import has
from tools.notice_amount.working import Working

_NAME = 2
_GRADED = frozenset({"grade", "rating", "level", "letters", "rank"})


def floors(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> None:
    """The leasts that the base or the amount does not reach."""
    for floor in book.floors:
        if floor.result:
            if work.value is not None and work.value < floor.least:
                work.cite(floor.passage)
                work.nothing = f"{'，'.join(work.steps)}，而规定“{floor.words.strip('；。')}”"
            continue
        if floor.unit == "元":
            hits = [f for f in asked.facts if f.place in work.used and fits(floor.base, f, book, len(asked.facts) == 1)]
            if hits and sum((f.sum for f in hits), Decimal(0)) < floor.least + (Decimal("0.01") if floor.open else 0):
                work.cite(floor.passage)
                work.nothing = f"规定“{floor.words.strip('；。')}”，没有达到"
        else:
            if any(other.words.startswith(floor.words) for other in book.rules) and not work.rule.words.startswith(
                floor.words
            ):
                continue
            told = [c for c in asked.counts if c.unit == floor.unit]
            if (
                floor.unit == "人"
                and work.people is not None
                and work.people < floor.least
                and floor.words in work.rule.words
            ):
                work.cite(floor.passage)
                work.nothing = f"规定“{floor.words.strip('；。')}”，您这里只有{plain(work.people)}人"
                continue
            if any(c.value < floor.least for c in told) and len(told) == 1:
                look.append(floor.words)


def unanswered(work: Working, asked: Asked, book: Rulebook) -> list[str]:
    """Awards that the question names beside the one that was worked out."""
    known = _plain("·".join(work.known) + work.rule.about)
    out = []
    for rule in book.rules:
        runs = [run for run in shared(asked.topic, rule.about) if len(run) > _NAME and run not in known]
        if runs and not conflict(rule.tiers, asked.tiers) and not denied(asked, tuple(runs)):
            out.append(rule.words)
    for phrase in phrases(asked):
        inside = [fact for fact in asked.facts if phrase.start <= fact.place < phrase.end]
        if inside or not (has(phrase.text, "awards") or _GRADED & set(tiers(phrase.text))):
            continue
        told = content(phrase.text)
        alike = any(weight(shared(run, known)) >= min(len(run), _NAME + 1) for run in runs)
        things = [
            word for run in runs for word, tag in lexicon().tagged(run) if tag.startswith("n") and len(word) >= _NAME
        ]
        if not alike and (things or (told and not set(tiers(phrase.text)) & work.dimensions)):
            out.append(phrase.text)
    return out


def _plain(text: str) -> str:
    return with_aliases(bare(text))


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
        if (
            values == frozenset({"一般"})
            or dimension in work.dimensions
            or any(dimension in tiers(words) for words in work.known)
        ):
            continue
        depends = [rule for rule in book.rules if dimension in rule.tiers and rule is not work.rule]
        depends = [rule for rule in depends if rule.line == work.rule.line or rule.table == work.rule.table >= 0]
        if depends and values and not has(work.rule.words, "for_all"):
            look.append(depends[0].words)


def effects(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> list[str]:
    """Clauses that may change the amount: those that the question speaks of stop it, the others are noted."""
    known = "·".join((*work.known, book.counted))
    notes = []
    for effect in book.effects:
        if effect.words in known or (effect.kind == "difference" and effect.words in work.known):
            continue
        if is_duplicate(effect.words) and effect.kind != "note":
            if asked.claims_support and not asked.received:
                look.append(effect.words)
            notes.append(effect.words)
            continue
        if effect.kind == "highest":
            notes.append(effect.words)
            continue
        near = effect.line == work.rule.line or (effect.heading and effect.heading in work.rule.label)
        if effect.kind == "figure" and near and not runs_beside(asked, effect.words, known) and _for_some(effect.words):
            notes.append(effect.words)
            continue
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
        if runs and not denied(asked, runs) and (effect.kind != "refusal" or speaks_of(asked, effect, runs)):
            look.append(effect.words)
        elif not runs and effect.kind != "note" and _worth_noting(effect, work.rule):
            notes.append(effect.words)
    for bonus in book.bonuses:
        if bonus.words not in known:
            notes.append(bonus.words)
    return [note for note in notes if not has(note, "frauds")]


def _for_some(words: str) -> bool:
    """Whether a clause is for some only, and says of whom before it says what: 首次升规的企业，…."""
    head = re.split(r"[，,]", words)[0]
    return head.endswith(("的", "的企业", "的项目")) and not any(c.isdigit() for c in head)


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
        *((count.words + count.noun[:4], count.place) for count in asked.counts if not _article(count, asked) and not _aside(count, work, asked)),
        *((span.words, span.place) for span in asked.spans if (span.words != "一年" or re.search(r"注册|成立", span.segment)) and not _long_enough(span, work)),
        *((words, place) for words, place in asked.others if not any(place == at and share == work.rate for share, _, at in asked.shares)),
    ]  # fmt: skip
    return [words for words, place in rows if place not in work.used]


def _long_enough(span: Span, work: Working) -> bool:
    """Whether a time only meets what the row asks for: 使用满5年 and 用满8年."""
    least = [
        exact(q.nominal) * {"年": 12, "月": 1}.get(q.unit, 0)
        for q in quantities(work.rule.notes)
        if q.kind == "duration"
    ]
    return len(least) == 1 and span.months is not None and span.months >= least[0] > 0


def _aside(count: Count, work: Working, asked: Asked) -> bool:
    """Whether a number of things says nothing to a share of the whole sum: 买了五台机器人，一共480万."""
    if work.rule.rate is None and not work.rule.brackets:
        return False
    units = [*(cap.each for cap in work.rule.caps), *(unit for _, unit in work.rule.most_items)]
    said = next((s.text for s in asked.segments if s.place <= count.place < s.place + len(s.text)), "")
    return (
        count.unit in {"台", "套", "件", "条", "个", "种"}
        and not any(unit.startswith(count.unit) for unit in units)
        and not re.search(r"[每各都]|分别|项目|合同|企业|公司", said + count.noun)
    )


def _article(count: Count, asked: Asked) -> bool:
    """Whether a number says no more than 'a' (一个项目, 一台), or counts the firms of a segment that says no (两家没有关联)."""
    if count.words.startswith("一"):
        return count.value == 1
    return count.unit in {"家", "方"} and any(said.denied and count.words in said.text for said in asked.segments)
