"""Which rules of a notice a question is about."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from corpus.words import lexicon
from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.bases import bound, sort_of, sort_of_fact
from tools.notice_amount.brackets import inside
from tools.notice_amount.conditions import denied
from tools.notice_amount.counting import GENERIC, same_unit
from tools.notice_amount.likeness import content, shared, telling, weight
from tools.notice_amount.rules import Rule, Rulebook
from tools.notice_amount.tiers import Tiers, conflict
from tools.notice_amount.tiers import tiers as tier_words
from tools.notice_amount.vocabulary import data

_LEAST = 2
_SHORT = 4
_PLAIN = 3
_RUN = 4
_NAMING = frozenset("nabsj")
"""Parts of speech that tell one thing from another."""


def fitting(book: Rulebook, asked: Asked, tiers: Tiers) -> list[Rule]:
    """The rules that may be meant: of a tier that is not another one, about what the question names."""
    rules = [rule for rule in book.rules if not conflict(rule.tiers, tiers) and in_band(rule, asked)]
    if any(rule.band for rule in rules):
        asked = without_band(rules, asked)
    topics = {id(rule): shared(asked.topic, rule.about) for rule in rules}
    rules = [
        rule
        for rule in rules
        if rule.fixed is None or _measured(rule, asked) or not _of_something_else(asked, rule, topics[id(rule)])
    ]
    rules = [rule for rule in rules if not _denied(rule, asked)]
    named = bool(_topics(asked))
    kept = []
    for rule in rules:
        matched = any(dimension in tiers for dimension in rule.tiers)
        base = bound(rule.base, asked, book, rule.about)
        if rule.rate is not None or rule.brackets:
            if base or topics[id(rule)] or matched or not asked.facts:
                kept.append(rule)
        elif (
            topics[id(rule)]
            or _measured(rule, asked)
            or (matched and (not named or _counted(rule, asked)))
            or (not named and not asked.facts)
        ):
            kept.append(rule)
    if re.search(r"[领拿享]受?满|领完", asked.text) and any(rule.most_months is not None for rule in kept):
        kept = [rule for rule in kept if rule.most_months is not None]
    kept = _asked_for(_named_alone(kept, topics, asked, book), asked)
    if asked.facts:
        with_base = [rule for rule in kept if bound(rule.base, asked, book, rule.about) or rule.fixed is not None]
        kept = with_base or kept
    nearest = _plainest(_nearest(kept, topics, asked), tiers)
    return [
        *nearest,
        *(rule for rule in rules if rule not in nearest and any(_goes_on(rule, other, tiers) for other in nearest)),
    ]


def _band_facts(rule: Rule, asked: Asked) -> list[Fact]:
    assert rule.band is not None
    sort = sort_of(rule.band.words)
    return [fact for fact in asked.facts if not fact.part and sort and sort_of_fact(fact) == sort and not fact.rough]


def in_band(rule: Rule, asked: Asked) -> bool:
    """Whether the firm's own size that the question tells is the one that a row is for."""
    if rule.band is None:
        return True
    told = _band_facts(rule, asked)
    return len(told) != 1 or inside(told[0].sum, rule.band)


def without_band(rules: Sequence[Rule], asked: Asked) -> Asked:
    """The question without the firm's own size, where rows are told apart by it."""
    taken = {fact.place for rule in rules if rule.band for fact in _band_facts(rule, asked)}
    return replace(asked, facts=tuple(fact for fact in asked.facts if fact.place not in taken))


def _named_alone(rules: list[Rule], topics: dict[int, tuple[str, ...]], asked: Asked, book: Rulebook) -> list[Rule]:
    """Without the rules that the question has nothing in common with, where it plainly names what others are for."""
    rules = _rows_named(rules, asked)
    plain = [rule for rule in rules if weight(topics[id(rule)]) >= _PLAIN]
    if not plain and not asked.facts:
        plain = [rule for rule in rules if topics[id(rule)]]
    if not plain:
        return rules
    bound_ones = [rule for rule in rules if bound(rule.base, asked, book, rule.about)]
    told = [rule for rule in plain if rule in bound_ones]
    best = max((weight(topics[id(rule)]) for rule in told), default=0)
    if told and not asked.summed:
        rules = [
            rule
            for rule in rules
            if weight(topics[id(rule)]) * 2 > best
            or rule not in bound_ones
            or any(d in asked.tiers for d in rule.tiers)
        ]
    return [
        rule
        for rule in rules
        if topics[id(rule)] or (rule in bound_ones and not told) or (rule.fixed is not None and _counted(rule, asked))
    ]


def _rows_named(rules: list[Rule], asked: Asked) -> list[Rule]:
    """Without the rows of a table that the question does not name, where it names one by its label: 安全类."""
    named = {
        id(rule): weight(telling(shared(asked.topic, rule.subject))) + _in_common(asked.topic, rule.subject)
        for rule in rules
        if rule.table >= 0
    }
    best: dict[int, int] = {}
    for rule in rules:
        if rule.table >= 0:
            best[rule.table] = max(best.get(rule.table, 0), named[id(rule)])
    return [rule for rule in rules if rule.table < 0 or named[id(rule)] or not best[rule.table]]


def _in_common(question: str, subject: str) -> int:
    """One where four characters on end are the same, whatever words they are of: 设备上云."""
    return int(any(subject[n : n + _RUN] in question for n in range(len(subject) - _RUN + 1)))


def _denied(rule: Rule, asked: Asked) -> bool:
    """Whether the question says that it is not what a rule is for: 没进省重点目录."""
    runs = shared(asked.topic, rule.subject)
    return bool(runs) and weight(runs) >= _PLAIN and denied(asked, runs)


def _asked_for(rules: list[Rule], asked: Asked) -> list[Rule]:
    """The rules that the segment which asks names, where it names any: 引才奖能拿多少."""
    if asked.summed:
        return rules
    text = "，".join(said.text for said in asked.segments if said.asks)
    named = {id(rule): weight(shared(text, rule.about)) for rule in rules}
    best = max(named.values(), default=0)
    return [rule for rule in rules if named[id(rule)] == best] if best else rules


def _goes_on(rule: Rule, other: Rule, tiers: Tiers) -> bool:
    """Whether a rule only names another tier of what the one before it on its line is for: 重新认定的，奖励10万元."""
    if rule.line != other.line or rule.line < 0 or rule.fixed is None or other.fixed is None:
        return False
    short = weight(content(rule.subject)) <= _SHORT
    return short and any(d not in tiers and other.tiers.get(d, values) != values for d, values in rule.tiers.items())


def _goes_elsewhere(run: str, part: str, about: str) -> bool:
    """Whether a word both have is only what two different names begin with: 绿色供应链, and the rule is for 绿色工厂."""
    tail = run.partition(part)[2]
    follows = re.search(rf"{re.escape(part)}([\u4e00-\u9fff]{{2}})", about)
    if len(tail) < _LEAST or not follows or tail.startswith(follows[1]) or tail[:_LEAST] in about:
        return False
    return any(tag.startswith("n") and len(word) >= _LEAST for word, tag in lexicon().tagged(tail))


def _of_something_else(asked: Asked, rule: Rule, runs: Sequence[str]) -> bool:
    """Whether the question names another thing that only ends or begins alike: 绿色工厂, and the rule is for 智能工厂."""
    for run in content(asked.topic):
        common = [part for part in runs if part in run]
        if not common:
            continue
        if len(runs) == 1 and len(runs[0]) == _LEAST and _goes_elsewhere(run, runs[0], rule.about):
            return True
        rest = run
        for part in sorted(common, key=len, reverse=True):
            rest = rest.replace(part, "，")
        for left in rest.split("，")[:-1]:  # what stands before a common word tells which one is meant
            if (
                len(left) >= _LEAST
                and left not in rule.about
                and not tier_words(left)
                and any(tag[:1] in _NAMING and len(word) >= _LEAST for word, tag in lexicon().tagged(left))
            ):
                return True
    return False


def _measured(rule: Rule, asked: Asked) -> bool:
    """Whether the question measures in the rule's own unit, one that few things are measured in (吨, 千瓦)."""
    return any(same_unit(unit, count) for unit in rule.each for count in asked.counts if count.unit not in GENERIC)


def _counted(rule: Rule, asked: Asked) -> bool:
    """Whether the question tells how many there are of what the rule gives a sum for."""
    return bool(rule.each) and all(any(unit.startswith(count.unit) for count in asked.counts) for unit in rule.each)


def _nearest(rules: Sequence[Rule], topics: dict[int, tuple[str, ...]], asked: Asked) -> list[Rule]:
    """Without the rules of whose common words another rule has all and more."""

    def covered(one: Rule, other: Rule) -> bool:
        mine, more = topics[id(one)], topics[id(other)]
        if not mine and (one.fixed is None or _counted(one, asked)):
            return False
        return weight(mine) < weight(more) and all(any(run in longer for longer in more) for run in mine)

    return [rule for rule in rules if not any(covered(rule, other) for other in rules if other is not rule)]


def _plainest(rules: list[Rule], tiers: Tiers) -> list[Rule]:
    """Without those for a marked kind (重点) that the question does not name, where others are left."""
    for dimension in ("emphasis", "online"):
        rules = [rule for rule in rules if dimension not in rule.tiers or dimension in tiers] or rules
    return rules


def _topics(asked: Asked) -> list[str]:
    """What the question names beside tiers: 绿色工厂, 小巨人."""
    words = [str(word) for values in data()["tiers"].values() for row in values.values() for word in row]
    told = asked.topic
    for word in sorted(words, key=len, reverse=True):
        told = told.replace(word, "，")
    return [run for run in content(told) if len(run) > _LEAST]
