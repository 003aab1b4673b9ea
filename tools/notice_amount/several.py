"""Several awards in one question: each by its own rule, and then added, or the highest of them where the notice says so."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.choose import fitting
from tools.notice_amount.compute import reckon
from tools.notice_amount.likeness import shared, weight
from tools.notice_amount.rules import Effect, Rule, Rulebook
from tools.notice_amount.sums import shown
from tools.notice_amount.tiers import Tiers, tiers
from tools.notice_amount.vocabulary import has
from tools.notice_amount.working import Working

_SPLIT = re.compile(r"[、和及与跟]|以及|还有|另外|加上|外加|加(?!起|在|一|工)|又|既是|也是")
_COMMON = frozenset({"first", "size", "scale", "standing", "place", "continent"})
_OF_ONE_KIND = re.compile(r"同一?(?:类别?|级别|产品|事项|专项|项目|工种)")


@dataclass(frozen=True)
class Phrase:
    """A piece of the question that may name an award of its own; start, end: where it stands."""

    text: str
    start: int
    end: int


def is_several(asked: Asked) -> bool:
    """Whether more than one award may be meant."""
    return asked.summed or has(asked.text, "one_more")


def phrases(asked: Asked) -> Iterator[Phrase]:
    for said in asked.segments:
        if said.earlier or said.received or (said.asks and not any(c.isdigit() for c in said.text)):
            continue
        at = 0
        for end in [*(m.span() for m in _SPLIT.finditer(said.text)), (len(said.text), len(said.text))]:
            piece = said.text[at : end[0]]
            if piece.strip():
                yield Phrase(piece, said.place + at, said.place + end[0])
            at = end[1]


def mixed(asked: Asked) -> bool:
    """Whether phrases tell different tiers of one kind, so that the question as a whole tells none: 国家小巨人和省级智能工厂."""
    told: dict[str, set[frozenset[str]]] = {}
    for phrase in phrases(asked):
        for dimension, values in tiers(phrase.text).items():
            if dimension not in _COMMON:
                told.setdefault(dimension, set()).add(values)
    return any(len(values) > 1 for values in told.values())


def worked(asked: Asked, book: Rulebook, shape: Tiers) -> list[Working]:
    """Each award that a phrase names, worked out by itself; empty where fewer than two are named, or one cannot be told."""
    groups = _groups(asked, book, shape)
    if len(groups) < 2:
        return []
    return [reckon(rule, part, book) for rule, part in groups]


def _groups(asked: Asked, book: Rulebook, shape: Tiers) -> list[tuple[Rule, Asked]]:
    """The rules named, each with the part of the question that is about it; empty where a phrase may mean several."""
    found: list[tuple[Rule, list[Phrase]]] = []
    waiting: list[Phrase] = []
    common = {d: v for d, v in shape.items() if d in _COMMON}
    for phrase in phrases(asked):
        part = _part(asked, [phrase], common)
        named = bool(shared(phrase.text, "·".join(rule.about for rule in book.rules))) or bool(
            set(tiers(phrase.text)) - _COMMON
        )
        rules = fitting(book, part, part.tiers) if named else []
        rules = [rule for rule in rules if rule.fixed is not None or part.facts]
        rules = [rule for rule in rules if shared(phrase.text, rule.about) or not _of_a_rate(rule, phrase, book)]
        if len(rules) > 1:
            rules = _only(rules, part)
        if len(rules) > 1:
            return []
        if not rules:
            if part.facts and found and not named:
                found[-1][1].append(phrase)
            else:
                waiting.append(phrase)
            continue
        if found and found[-1][0] is rules[0]:
            found[-1][1].extend([*waiting, phrase])
        elif any(rule is rules[0] for rule, _ in found):
            return []
        else:
            found.append((rules[0], [*waiting, phrase]))
        waiting = []
    if found and waiting:
        found[-1][1].extend(waiting)
    return [(rule, _part(asked, rows, common)) for rule, rows in found]


def _of_a_rate(rule: Rule, phrase: Phrase, book: Rulebook) -> bool:
    """Whether a tier that alone names a fixed sum may as well be that of a share."""
    told = set(tiers(phrase.text)) - _COMMON
    return rule.fixed is not None and any(told & set(other.tiers) for other in book.rules if other.rate is not None)


def _only(rules: Sequence[Rule], part: Asked) -> list[Rule]:
    """The rules of a share where the phrase tells a sum, else those of a fixed sum."""
    rated = [rule for rule in rules if (rule.fixed is None) == bool(part.facts)]
    rated = rated or list(rules)
    near = {id(rule): weight(shared(part.text, rule.about)) for rule in rated}
    best = max(near.values())
    return [rule for rule in rated if near[id(rule)] == best] if best else rated


def _part(asked: Asked, rows: Sequence[Phrase], common: Tiers) -> Asked:
    def inside(fact: Fact) -> bool:
        return any(row.start <= fact.place < row.end for row in rows)

    text = "，".join(row.text for row in rows)
    said = tuple(
        replace(said, text=row.text, place=row.start)
        for row in rows
        for said in asked.segments
        if said.place <= row.start < said.place + len(said.text) + 1
    )
    return replace(
        asked, segments=said, facts=tuple(fact for fact in asked.facts if inside(fact)), received=(), summed=False,
        tiers={**common, **tiers(text)}, text=text,
    )  # fmt: skip


def highest(book: Rulebook) -> Effect | None:
    """The clause by which only the highest of several awards is given."""
    return next((effect for effect in book.effects if effect.kind == "highest"), None)


def together(works: Sequence[Working], book: Rulebook) -> Working:
    """Several amounts added, or the highest of a kind; a cap behind all of them that would matter is left to be looked at."""
    clause = highest(book)
    if clause is None:
        return added(works)
    groups: dict[str, list[Working]] = {}
    for work in works:
        name = work.rule.subject.partition("|")[0].strip() if _OF_ONE_KIND.search(clause.words) else ""
        groups.setdefault(name, []).append(work)
    best = [max(group, key=lambda work: work.value or Decimal(0)) for group in groups.values()]
    out = added(best) if len(best) > 1 else best[0]
    for work in works:
        out.used |= work.used
        out.dimensions |= work.dimensions
        out.known += [work.rule.core, work.rule.about]
    if len(best) < len(works):
        out.steps.append("几项按最高的一项给")
        out.cite(clause.passage)
    out.known.append(clause.words)
    return out


def added(works: Sequence[Working]) -> Working:
    """Several amounts added. A cap that stands behind all of them may be of each or of the sum: where it matters, none is told."""
    first = works[0]
    value = sum((work.value or Decimal(0) for work in works), Decimal(0))
    out = Working(first.rule, value=value)
    for work in works:
        limits = [cap.amount for cap in work.rule.caps if cap.amount is not None and not cap.each]
        if work.rule.siblings >= 0 and limits and value > min(limits):
            out.look.append(work.rule.words)
    out.steps = ["，".join(work.steps) for work in works if len(work.steps) > 1 or "＝" in work.steps[-1]]
    out.steps.append(f"{' ＋ '.join(shown(work.value or Decimal(0)) for work in works)} ＝ {shown(value)}")
    for work in works:
        out.used |= work.used
        out.known += work.known
        out.dimensions |= work.dimensions
        for passage in work.passages:
            out.cite(passage)
    return out
