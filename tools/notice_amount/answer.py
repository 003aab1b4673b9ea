"""The amount that a question asks for, from the rules of one notice; no amount rather than a wrong one."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.firm.profile import Profile
from tools.notice_amount import wording
from tools.notice_amount.asked import Asked, read_question
from tools.notice_amount.bases import bound
from tools.notice_amount.capping import generals
from tools.notice_amount.checks import dates, effects, floors, tier_checks, unanswered, unused
from tools.notice_amount.choose import fitting, in_band, without_band
from tools.notice_amount.compute import base_words, reckon
from tools.notice_amount.conditions import (
    date_verdict,
    runs_beside,
    verdict,
    windows,
)
from tools.notice_amount.deductions import cuts
from tools.notice_amount.likeness import shared, weight
from tools.notice_amount.raising import bonuses
from tools.notice_amount.reading import read
from tools.notice_amount.received import differences, less
from tools.notice_amount.result import MOST_FITTING, Amount, declined
from tools.notice_amount.rules import Rule, Rulebook, once
from tools.notice_amount.several import highest, is_several, mixed, together, worked
from tools.notice_amount.sums import shown
from tools.notice_amount.tiers import Tiers, conflict, tiers
from tools.notice_amount.vocabulary import has
from tools.notice_amount.working import Working


def amount(
    passages: Sequence[Passage], tables: Sequence[TypedTable], question: str, known: Profile | None = None
) -> Amount | None:
    """How much one gets; None where the question asks for no amount or the notice has no rule for it.

    known: what is known of the firm; its size tells a tier that the question leaves open.
    """
    asked = read_question(question)
    if asked is None or not passages:
        return None
    book = read(passages, tables)
    if not book.rules and not book.generals:
        return None
    if asked.computed and not asked.facts:
        return _already_computed(asked, book)
    asked = replace(asked, cut=frozenset(cut.fact.place for cut in cuts(asked, book)))
    shape = _tiers(asked, book, known)
    if is_several(asked) and not _asks_for_one(asked, book) and (both := _several(asked, book, shape)):
        return both
    rules = fitting(book, asked, shape)
    if rules and is_several(asked) and mixed(asked):
        return declined(rules, [], [], [])
    if not rules and (low := _too_low(asked, book, shape)):
        return low
    if not rules:
        return _capped_only(asked, book) or _without_base(asked, book, shape)
    if asked.kind in {"ratio", "each"} or (asked.kind == "most" and not asked.facts):
        return _figure(rules, asked, book)
    banded = [rule for rule in rules if rule.band]
    if banded and (len(rules) > 1 or in_band(rules[0], asked)):
        asked = without_band(banded, asked)
    return _computed(rules, replace(asked, tiers=shape), book)


def _tiers(asked: Asked, book: Rulebook, known: Profile | None) -> Tiers:
    """The tiers of the question, with the size known of the firm and what a met bonus says of the standard."""
    found = dict(asked.tiers)
    size = {"微型": "微", "小型": "小", "中型": "中", "大型": "大"}.get((known.size or "")[:2]) if known else None
    if size and "size" not in found:
        found["size"] = frozenset({size})
    for bonus in book.bonuses:
        standard = tiers(bonus.words[len(bonus.condition) - 8 :])
        if bonus.kind == "times" and bonus.value < 1 and verdict(asked, bonus.condition, "") == "met":
            found.update({d: v for d, v in standard.items() if d == "first" and d not in found})
    return found


def _figure(rules: Sequence[Rule], asked: Asked, book: Rulebook) -> Amount | None:
    """The cap, the ratio or the sum for one that a tier has; all of them where several tiers match."""
    where = once(rule.passage for rule in rules[:MOST_FITTING])
    if asked.kind == "ratio":
        rates = {wording.ratio_of(rule) for rule in rules if rule.rate is not None and not rule.brackets}
        if len(rates) == 1 and all(rule.rate is not None for rule in rules):
            return Amount(None, f"**{rates.pop()}**：{wording.listed(rules)}。", where)
        return Amount(None, f"规定是：{wording.listed(rules)}。", where)
    if asked.kind == "each":
        rules = [rule for rule in rules if rule.each] or rules
        sums = {rule.fixed for rule in rules}
        if len(sums) == 1 and (one := sums.pop()) is not None and not rules[0].unread:
            return Amount(one, f"**{shown(one)}**：{wording.listed(rules)}。", where)
        return Amount(None, f"规定是：{wording.listed(rules)}。", where)
    limits = {wording.limit_of(rule)[1] for rule in rules}
    if len(limits) == 1 and isinstance(value := limits.pop(), Decimal) and not any(rule.unread for rule in rules):
        general = [g for g in book.generals if g.cap.amount is not None and g.cap.amount < value]
        if not general:
            return Amount(value, f"**最高{shown(value)}**：{wording.listed(rules)}。", where)
    whole = None if any(shared(asked.topic, rule.about) for rule in rules) else _capped_only(asked, book)
    return whole or Amount(None, f"规定是：{wording.listed(rules)}。", where)


def _asks_for_one(asked: Asked, book: Rulebook) -> bool:
    """Whether the segment that asks names the one award that is meant: 另外还有…，引才奖能拿多少."""
    text = "，".join(said.text for said in asked.segments if said.asks)
    return not asked.summed and any(len(run) > 2 for rule in book.rules for run in shared(text, rule.label))


def _too_low(asked: Asked, book: Rulebook, shape: Tiers) -> Amount | None:
    """A level under all that the notice pays for, where a clause says that nothing is paid then."""
    told = shape.get("level", frozenset())
    levels = [level for rule in book.rules for level in rule.tiers.get("level", ())]
    if not told or not levels or max(told) >= min(levels):
        return None
    for effect in book.effects:
        if (
            effect.kind == "refusal"
            and re.search(r"未[^，。]{0,8}(?:达|提升|通过)|不到|低于|没有达到", effect.words)
            and tiers(effect.words)
        ):
            return Amount(None, f"**补不了**：{wording.quoted(effect.words)}。", (effect.passage,))
    return None


def _without_base(asked: Asked, book: Rulebook, shape: Tiers) -> Amount | None:
    """The rules of a share where no sum of the question is its base."""
    rules = [
        rule for rule in book.rules if (rule.rate is not None or rule.brackets) and not conflict(rule.tiers, shape)
    ]
    if not rules or not asked.facts or len(rules) > MOST_FITTING:
        return None
    return declined(
        rules, [base for rule in rules if (base := base_words(rule.base))], [], [fact.words for fact in asked.facts]
    )


def _capped_only(asked: Asked, book: Rulebook) -> Amount | None:
    """A cap of the whole that is asked for: 单户最高多少."""
    if asked.kind != "most" or asked.facts:
        return None
    rows = [
        g
        for g in book.generals
        if g.cap.amount is not None and (shared(asked.topic, g.words) or len(book.generals) == 1)
    ]
    if not rows:
        return None
    where = once(g.passage for g in rows)
    text = "；".join(dict.fromkeys(wording.quoted(g.words) for g in rows))
    sums = {g.cap.amount for g in rows}
    if len(sums) == 1 and len(rows) == 1 and not rows[0].cap.condition:
        value = sums.pop()
        assert value is not None
        return Amount(value, f"**最高{shown(value)}**：{text}。", where)
    return Amount(None, f"规定是：{text}。", where)


def _several(asked: Asked, book: Rulebook, shape: Tiers) -> Amount | None:
    """Several awards named one after another and asked for together; None where the question names fewer than two."""
    works = worked(asked, book, shape)
    if not works:
        return None
    if any(work.value is None for work in works):
        return declined([work.rule for work in works], [m for work in works for m in work.missing], [], [])
    if not asked.summed and highest(book) is None:
        return declined([work.rule for work in works], [], [], [])
    common = {d: v for d, v in shape.items() if d in {"first", "size", "scale"}}
    return _finished(together(works, book), replace(asked, tiers=common), book)


def _already_computed(asked: Asked, book: Rulebook) -> Amount | None:
    """Amounts that the question has worked out itself, held down to the caps of their parts and of the whole."""
    rule = book.rules[0] if book.rules else None
    if rule is None:
        return None
    work = Working(rule, value=Decimal(0))
    parts = [g for g in book.generals if g.cap.condition]
    for fact in asked.computed:
        value = fact.sum
        for general in parts:
            own = tiers(general.cap.condition)
            meant = bool(shared(fact.label, general.cap.condition)) and not conflict(own, tiers(fact.label))
            if not meant and not (own and conflict(own, tiers(fact.label))):
                return declined([], [], [general.words], [])
            if meant and general.cap.amount is not None and value > general.cap.amount:
                work.steps.append(f"{shown(value)}超过“{general.cap.words}”，按{shown(general.cap.amount)}")
                value = general.cap.amount
                work.cite(general.passage)
        work.value = (work.value or Decimal(0)) + value
        work.used.add(fact.place)
    work.known += [general.words for general in parts]
    work.steps.append(f"合计{shown(work.value or Decimal(0))}")
    look: list[str] = []
    generals(work, asked, replace(book, generals=[g for g in book.generals if not g.cap.condition]), look)
    if look or work.value is None or not work.limits or unused(work, asked):
        return declined([], work.missing, look or [g.words for g in book.generals], [])
    for general in book.generals:
        work.cite(general.passage)
    return Amount(work.value, wording.told(work, rule.words), tuple(work.passages))


def _computed(rules: Sequence[Rule], asked: Asked, book: Rulebook) -> Amount | None:
    if len(rules) > MOST_FITTING:
        rules = [rule for rule in rules if bound(rule.base, asked, book)] or rules
    if len(rules) == 1:
        rule = _by_old_standard(rules[0], asked, book)
        work = reckon(rule, asked, book)
        work.known += [
            effect.words for effect in book.effects if rule is not rules[0] and has(effect.words, "old_standard")
        ]
        return _finished(work, asked, book)
    works = [reckon(rule, asked, book) for rule in rules]
    done = [work for work in works if work.value is not None]
    if (
        rules[0].brackets
        and all(rule.brackets for rule in rules)
        and len(done) == 1
        and not any(w.missing for w in works)
    ):
        return _finished(done[0], asked, book)
    named = all(shared(asked.topic, work.rule.subject) for work in done)
    if (
        named
        and len(done) == len(works)
        and (clause := highest(book))
        and len({frozenset(work.used) for work in done}) == 1
    ):
        by_rate = "比例" in clause.words and all(work.rate is not None for work in done)
        best = max(done, key=lambda work: (work.rate or Decimal(0)) if by_rate else (work.value or Decimal(0)))
        best.steps.append("同时符合的按高的一项算")
        best.known += [clause.words, *(work.rule.about for work in done)]
        best.cite(clause.passage)
        best.used |= {span.place for span in asked.spans if span.segment and "注册" in span.segment}
        return _finished(best, asked, book)
    if len(done) == len(works) and _apart(done, asked):
        return _finished(together(done, book), asked, book)
    return declined(rules, [], [], [])


def _by_old_standard(rule: Rule, asked: Asked, book: Rulebook) -> Rule:
    """The rule as it was before a change, where the question's day is before it and a table tells both; else the rule itself."""
    for effect in book.effects:
        if not has(effect.words, "old_standard") or len(windows(effect.words)) != 1:
            continue
        if (
            date_verdict(asked, effect.words, runs_beside(asked, effect.words, "·".join((rule.core, rule.about))))
            != "met"
        ):
            continue
        olds = [
            r
            for r in book.rules
            if r.table >= 0 and has(r.subject.rpartition("|")[2], "old_standard") and not conflict(r.tiers, asked.tiers)
        ]
        best = max((weight(shared(rule.about, r.about)) for r in olds), default=0)
        olds = [r for r in olds if weight(shared(rule.about, r.about)) == best]
        if (
            len(olds) == 1
            and best
            and not olds[0].unread
            and not rule.brackets
            and set(olds[0].tiers) == set(rule.tiers)
        ):
            old = olds[0]
            return replace(old, base=rule.base, line=rule.line, label=rule.label, tiers=rule.tiers)
    return rule


def _apart(works: Sequence[Working], asked: Asked) -> bool:
    """Whether several rules are to be added: each has sums of its own, or each is named by itself and a sum is asked for."""
    if all(work.used for work in works):
        places = [place for work in works for place in work.used]
        same = len({(work.rule.line, work.rule.table) for work in works}) == 1 or asked.summed
        return len(places) == len(set(places)) and same
    if not asked.summed or any(work.used for work in works):
        return False
    topics = [set(shared(asked.topic, work.rule.about)) for work in works]
    return all(
        topic - set().union(*(other for m, other in enumerate(topics) if m != n)) for n, topic in enumerate(topics)
    )


def _finished(work: Working, asked: Asked, book: Rulebook) -> Amount | None:
    """A worked rule with what else the notice says: bonuses, caps of the whole, differences, leasts; then the last checks."""
    rule = work.rule
    if work.value is None:
        return declined([rule], work.missing, work.look, [])
    look: list[str] = list(work.look)
    bonuses(work, asked, book, look)
    received = differences(work, asked, book, look)
    generals(work, asked, book, look)
    if received is not None:
        less(work, received)
    floors(work, asked, book, look)
    dates(work, asked, book, look)
    tier_checks(work, asked, book, look)
    if book.without_tax and "含税" in asked.text.replace("不含税", ""):
        work.lack("不含税的金额")
    if is_several(asked) and (others := unanswered(work, asked, book)):
        look += others
    notes = effects(work, asked, book, look)
    if work.nothing and not look and not work.missing:
        return Amount(None, f"**拿不到**：{work.nothing}，不满足就没有。", tuple(work.passages))
    left = unused(work, asked)
    if work.value is None or work.missing or look or left:
        return declined([rule], work.missing, look, left)
    return Amount(work.value, wording.told(work, rule.words + rule.about), tuple(work.passages), wording.notes(notes))
