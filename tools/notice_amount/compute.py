"""The amount that one rule gives for what the question says, step by step; what is missing, where it cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise

from core.numbers import Quantity, quantities
from core.types import Passage
from tools.notice_amount.asked import Asked, Count, Fact
from tools.notice_amount.bases import bound
from tools.notice_amount.likeness import named
from tools.notice_amount.rules import Bracket, Cap, Rule, Rulebook
from tools.notice_amount.sums import exact, percent, plain, shown


@dataclass
class Working:
    """A computation under way. used: places of the question's figures that went in; missing: what is lacking."""

    rule: Rule
    steps: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    passages: list[Passage] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    capped: list[str] = field(default_factory=list)
    value: Decimal | None = None
    limits: list[tuple[Decimal, str]] = field(default_factory=list)
    rate: Decimal | None = None
    base: Decimal | None = None
    dimensions: set[str] = field(default_factory=set)

    def lack(self, what: str) -> None:
        if what and what not in self.missing:
            self.missing.append(what)

    def cite(self, passage: Passage) -> None:
        if passage not in self.passages:
            self.passages.append(passage)

    def cut(self, limit: Decimal, words: str) -> None:
        """Hold the value down to a limit, and note which one was near or over."""
        assert self.value is not None
        self.limits.append((limit, words))
        if self.value > limit:
            self.steps.append(f"超过{words}，按{shown(limit)}")
            self.value, self.capped = limit, [*self.capped, words]


def reckon(rule: Rule, asked: Asked, book: Rulebook) -> Working:
    """Work a rule out, with its own caps; without bonuses, differences and the caps of the notice."""
    work = Working(rule, passages=[rule.passage], known=[rule.core, rule.about], dimensions=set(rule.tiers))
    if rule.unread:
        work.look.append(rule.words)
        return work
    if rule.brackets:
        _bracketed(rule, asked, book, work)
    elif rule.rate is not None:
        _rated(rule, asked, book, work)
    else:
        _fixed(rule, asked, work)
    for cap in rule.caps:
        if work.value is not None:
            hold(cap, asked, book, work)
    if work.missing:
        work.value = None
    return work


def _base(rule: Rule, asked: Asked, book: Rulebook, work: Working) -> Decimal | None:
    """The sum of the facts that make up the base; None where it is not told, or roughly."""
    facts = bound(rule.base, asked, book, rule.about)
    if not facts:
        work.lack(base_words(rule.base) or "计算基数")
        return None
    if any(fact.rough for fact in facts):
        work.lack(f"{base_words(rule.base)}的准数（问题里是“{facts[0].words}”）")
        return None
    work.used |= {fact.place for fact in facts}
    if len(facts) == 1 and facts[0].each:
        return _pieces(facts[0], rule, asked, work)
    if len(facts) > 1:
        return _added(facts, book, work)
    return facts[0].sum


def _pieces(fact: Fact, rule: Rule, asked: Asked, work: Working) -> Decimal | None:
    """A price for one of something times how many; no more than count."""
    counts = [count for count in asked.counts if count.unit == fact.each] or list(asked.counts)
    if len(counts) != 1:
        work.lack("数量")
        return None
    work.used.add(counts[0].place)
    number = _counted(counts[0], rule, work)
    work.steps.append(f"{shown(fact.sum)} × {plain(number)}{counts[0].unit}")
    return fact.sum * number


def _counted(count: Count, rule: Rule, work: Working) -> Decimal:
    """How many count: no more than the rule's most."""
    for most, unit in rule.most_items:
        if unit.startswith(count.unit[:1]) and count.value > most:
            if (text := f"最多算{plain(most)}{count.unit}") not in work.steps:
                work.steps.append(text)
            return most
    return count.value


def _added(facts: Sequence[Fact], book: Rulebook, work: Working) -> Decimal | None:
    """Several sums that all count, those left out that are over their share of another; each must be for something else."""
    things = [named(fact.label)[0] or named(fact.context)[0] for fact in facts]
    if any(not own for own in things) or sum(map(len, things)) != len(frozenset().union(*things)):
        work.lack(f"{base_words(work.rule.base)}一共多少")
        return None
    left = {fact.place: fact.sum for fact in facts}
    texts = {fact.place: shown(fact.sum) for fact in facts}
    for share in book.shares:
        parts = [fact for fact in facts if _of(share.part, fact)]
        wholes = [fact for fact in facts if _of(share.whole, fact)]
        if not parts:
            continue
        total = not named(share.whole)[0]
        if total or not wholes or len(parts) != 1 or set(map(id, parts)) & set(map(id, wholes)):
            work.look.append(share.words)
            return None
        limit = sum((fact.sum for fact in wholes), Decimal(0)) * share.rate
        work.known.append(share.words)
        work.cite(share.passage)
        if parts[0].sum > limit:
            left[parts[0].place] = limit
            texts[parts[0].place] = f"{shown(limit)}（{shown(parts[0].sum)}里只能计这么多）"
    total_sum = sum(left.values(), Decimal(0))
    work.steps.append(f"{' ＋ '.join(texts[fact.place] for fact in facts)} ＝ {shown(total_sum)}")
    return total_sum


def _of(words: str, fact: Fact) -> bool:
    own = named(fact.label)[0] or named(fact.context)[0]
    return bool(own) and own <= named(words)[0]


def _rated(rule: Rule, asked: Asked, book: Rulebook, work: Working) -> None:
    assert rule.rate is not None
    if rule.each:
        work.look.append(rule.words)
        return
    base = _base(rule, asked, book, work)
    if base is None:
        return
    for share in book.shares:
        if len(bound(rule.base, asked, book, rule.about)) == 1 and _of(
            share.part, bound(rule.base, asked, book, rule.about)[0]
        ):
            work.look.append(share.words)
            return
    counted = _kept_items(rule, asked, work, base)
    if counted is None:
        return
    base = counted
    value = base * rule.rate
    text = f"{shown(base)} × {percent(rule.rate)}"
    if rule.by_year:
        span = [span for span in asked.spans if span.months is not None]
        if len(span) != 1:
            work.lack("贷款用了几个月")
            return
        months = span[0].months or Decimal(0)
        work.used.add(span[0].place)
        if any(q.kind == "duration" and months > _months(q) for q in quantities(rule.words)):
            work.look.append(rule.words)
            return
        value = value * months / 12
        text += f" × {plain(months)}/12"
    work.base, work.rate, work.value = base, rule.rate, value
    work.steps.append(f"{text} ＝ {shown(value)}")


def _months(span: Quantity) -> Decimal:
    return exact(span.nominal) * {"年": 12, "月": 1, "季度": 3}.get(span.unit, 0)


def _kept_items(rule: Rule, asked: Asked, work: Working, base: Decimal) -> Decimal | None:
    """The part of a base that counts where only so many pieces of it do (最多支持3个展位)."""
    for most, unit in rule.most_items:
        counts = [count for count in asked.counts if _same_unit(unit, count)]
        if len(counts) == 1 and counts[0].value > most and not any("最多算" in step for step in work.steps):
            work.used.add(counts[0].place)
            part = base * most / counts[0].value
            work.steps.append(f"最多算{plain(most)}{counts[0].unit}，{shown(base)}里算{shown(part)}")
            return part
        if len(counts) == 1:
            work.used.add(counts[0].place)
    return base


def _same_unit(unit: str, count: Count) -> bool:
    """Whether things are counted as the rule counts them: 吨标准煤 and 850吨, 个标准展位 and 3个标准展位, 车间 and 三个车间."""
    noun = unit.removeprefix(count.unit)
    if noun != unit:
        return (
            not noun
            or not count.noun
            or any(noun[n : n + 2] in count.noun for n in range(max(len(noun) - 1, 1)))
            or count.unit not in {"个", "项", "件", "次"}
        )
    return len(unit) > 1 and unit in count.noun


def _bracketed(rule: Rule, asked: Asked, book: Rulebook, work: Working) -> None:
    base = _base(rule, asked, book, work)
    if base is None:
        return
    work.base = base
    if rule.marginal:
        _marginal(rule, base, work)
        return
    hits = [bracket for bracket in rule.brackets if _inside(base, bracket)]
    if len(hits) != 1 or rule.each:
        work.look.append(rule.words)
        return
    hit = hits[0]
    if hit.rate is not None:
        work.rate, work.value = hit.rate, base * hit.rate
        work.steps.append(f"{shown(base)} × {percent(hit.rate)} ＝ {shown(work.value)}")
    else:
        work.value = hit.fixed
        work.steps.append(f"{shown(base)}在这一档，{shown(hit.fixed or Decimal(0))}")
    for cap in hit.caps:
        hold(cap, asked, book, work)


def _inside(base: Decimal, bracket: Bracket) -> bool:
    above = base > bracket.low if bracket.open_low else base >= bracket.low
    below = bracket.high is None or (base < bracket.high if bracket.open_high else base <= bracket.high)
    return above and below


def _marginal(rule: Rule, base: Decimal, work: Working) -> None:
    """Every bracket's rate on the part of the base that lies in it; only where the brackets join without gaps."""
    rows = sorted(rule.brackets, key=lambda bracket: bracket.low)
    joined = all(a.high == b.low for a, b in pairwise(rows)) and rows[0].low == 0
    if (
        not joined
        or any(row.rate is None or row.caps for row in rows)
        or (rows[-1].high is not None and base > rows[-1].high)
    ):
        work.look.append(rule.words)
        return
    parts = []
    value = Decimal(0)
    for row in rows:
        part = (base if row.high is None else min(base, row.high)) - row.low
        if part > 0:
            parts.append(f"{shown(part)} × {percent(row.rate or Decimal(0))}")
            value += part * (row.rate or Decimal(0))
    work.value = value
    work.steps.append(f"{' ＋ '.join(parts)} ＝ {shown(value)}")


def _fixed(rule: Rule, asked: Asked, work: Working) -> None:
    assert rule.fixed is not None
    value, text = rule.fixed, shown(rule.fixed)
    for unit in rule.each:
        if unit in {"月", "个月"}:
            months = [span for span in asked.spans if span.months is not None]
            if len(months) != 1:
                work.lack("几个月")
                return
            number = months[0].months or Decimal(0)
            work.used.add(months[0].place)
            if re.search(r"最长|不超过\d+个?月|最多\d+个?月", rule.words) or (
                len(rule.each) == 1 and "人" in rule.words
            ):
                work.look.append(rule.words)
                return
            value, text = value * number, f"{text} × {plain(number)}个月"
            continue
        counts = [count for count in asked.counts if _same_unit(unit, count) and count.place not in work.used]
        most = [number for number, name in rule.most_items if unit[:1] == name[:1]]
        if not counts and asked.kind == "most" and len(most) == 1:
            value, text = value * most[0], f"{text} × 最多{plain(most[0])}{unit}"
            continue
        if len(counts) != 1:
            work.lack(f"{unit}数" if len(unit) == 1 else f"{unit}的数量")
            return
        work.used.add(counts[0].place)
        number = _counted(counts[0], rule, work)
        value, text = value * number, f"{text} × {plain(number)}{counts[0].unit}"
    work.value = value
    work.steps.append(f"{text} ＝ {shown(value)}" if rule.each else text)


def hold(cap: Cap, asked: Asked, book: Rulebook, work: Working) -> None:
    """Apply a cap; what it lacks is noted, and then there is no value."""
    assert work.value is not None
    if cap.amount is None and cap.rate is None:
        work.look.append(work.rule.words)
        work.value = None
        return
    limit = cap.amount
    text = f"最高{shown(limit)}" if limit is not None else ""
    if cap.rate is not None:
        base = cap.base or work.rule.base
        facts = bound(base, asked, book)
        if not facts or any(fact.rough or fact.each for fact in facts) or len(facts) > 1:
            if work.rate is not None and cap.rate >= work.rate and base == work.rule.base:
                return
            work.lack(base_words(base))
            work.value = None
            return
        work.used.add(facts[0].place)
        limit = facts[0].sum * cap.rate
        text = f"{base_words(base)}的{percent(cap.rate)}（{shown(limit)}）"
    assert limit is not None
    if cap.each and cap.each[:1] not in {"项"} and "项目" not in cap.each and "合同" not in cap.each:
        counts = [count for count in asked.counts if _same_unit(cap.each, count)]
        if len(counts) != 1:
            if work.value <= limit and cap.each.endswith("次"):
                return
            work.lack(f"{cap.each}的数量")
            work.value = None
            return
        work.used.add(counts[0].place)
        number = _counted(counts[0], work.rule, work)
        text = f"每{cap.each}最高{shown(limit)}、{plain(number)}{counts[0].unit}共{shown(limit * number)}"
        limit *= number
    work.cut(limit, text)


def base_words(base: str) -> str:
    """The base as it is asked for: without the words that lead to it and the brackets."""
    text = re.sub(r"[（(][^（()）]*[)）]", "", base).strip("，, ")
    text = re.split(r"，|(?:按照?|以|对)(?!外)", text)[-1].removeprefix("其").removesuffix("的").removesuffix("给予")
    return text[-16:]
