"""The amount that one rule gives for what the question says, step by step; what is missing, where it cannot be told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from itertools import pairwise

from core.numbers import Quantity, quantities
from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.bases import bound
from tools.notice_amount.brackets import inside
from tools.notice_amount.counting import at_most, fixed, same_unit
from tools.notice_amount.deductions import less_cuts
from tools.notice_amount.interest import hold_interest, of_rate, told_months
from tools.notice_amount.likeness import named, shared
from tools.notice_amount.rules import Cap, Rule, Rulebook
from tools.notice_amount.sums import exact, percent, plain, shown
from tools.notice_amount.tiers import conflict
from tools.notice_amount.vocabulary import any_of
from tools.notice_amount.weighing import counted, weigh
from tools.notice_amount.working import Working

_OF_A_RATE = Decimal("0.1")
"""A share of a rate of interest is at least so much; less is a rate itself."""


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
        fixed(rule, asked, work)
    for cap in meant(rule.caps, asked, work):
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
    return _less_parts(facts[0], asked, book, work)


def _less_parts(fact: Fact, asked: Asked, book: Rulebook, work: Working) -> Decimal:
    """A sum without its parts that do not count."""
    if not asked.cut or fact.part:
        work.used |= {other.place for other in asked.facts if fact.part and _whole_of(other, fact, asked)}
        return fact.sum
    value, rows = less_cuts(fact.sum, asked, book)
    parts = {cut.fact.place: cut.fact for cut in rows}
    for cut in rows:
        work.known.append(cut.effect.words)
        work.cite(cut.effect.passage)
    work.used |= set(parts)
    work.steps.append(
        f"{shown(fact.sum)}{''.join(f' － {shown(part.sum)}' for part in parts.values())}（不计）＝ {shown(value)}"
    )
    return value


def _whole_of(other: Fact, part: Fact, asked: Asked) -> bool:
    """Whether a sum is the one that a part was told of: the last before it that is no part."""
    before = [fact for fact in asked.facts if not fact.part and fact.place < part.place]
    return bool(before) and other is before[-1]


def _pieces(fact: Fact, rule: Rule, asked: Asked, work: Working) -> Decimal | None:
    """A price for one of something times how many; no more than count."""
    counts = [
        count
        for count in asked.counts
        if count.unit == fact.each and not (count.words.startswith("一") and len(asked.counts) > 1)
    ]
    counts = counts or list(asked.counts)
    if len(counts) != 1:
        work.lack("数量")
        return None
    work.used.add(counts[0].place)
    number = at_most(counts[0], rule, work)
    work.steps.append(f"{shown(fact.sum)} × {plain(number)}{counts[0].unit}")
    return fact.sum * number


def _added(facts: Sequence[Fact], book: Rulebook, work: Working) -> Decimal | None:
    """Several sums that all count, those left out that are over their share of another; each must be for something else."""
    things = [named(fact.label)[0] or named(fact.context)[0] for fact in facts]
    if any(not own for own in things) or sum(map(len, things)) != len(frozenset().union(*things)):
        work.lack(f"{base_words(work.rule.base)}一共多少")
        return None
    rows = {fact.place: counted(fact, book, work) for fact in facts}
    left = {place: value for place, (value, _) in rows.items()}
    texts = {place: text for place, (_, text) in rows.items()}
    if work.look:
        return None
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
    if rule.least is not None and base < rule.least:
        work.below(rule.words, rule.least)
        return
    if "利率" in rule.base and rule.rate >= _OF_A_RATE:
        of_rate(rule, asked, book, work, base)
        return
    weighed = weigh(rule, asked, book, work, base)
    if weighed is None:
        return
    base = weighed
    counted = _kept_items(rule, asked, work, base)
    if counted is None:
        return
    base = counted
    value = base * rule.rate
    text = f"{shown(base)} × {percent(rule.rate)}"
    if rule.by_year:
        months = told_months(asked, work)
        if months is None:
            work.lack("贷款用了几个月")
            return
        if rule.most_months is not None and months > rule.most_months:
            months = rule.most_months
            work.steps.append(f"最长{plain(months)}个月")
        if any(q.kind == "duration" and months > _months(q) for q in quantities(rule.words)):
            work.look.append(rule.words)
            return
        value = value * months / 12
        work.factor = months / 12
        text += f" × {plain(months)}/12"
    work.base, work.rate, work.value = base, rule.rate, value
    work.steps.append(f"{text} ＝ {shown(value)}")


def _months(span: Quantity) -> Decimal:
    return exact(span.nominal) * {"年": 12, "月": 1, "季度": 3}.get(span.unit, 0)


def _kept_items(rule: Rule, asked: Asked, work: Working, base: Decimal) -> Decimal | None:
    """The part of a base that counts where only so many pieces of it do (最多支持3个展位)."""
    for most, unit in rule.most_items:
        counts = [count for count in asked.counts if same_unit(unit, count)]
        if len(counts) == 1 and counts[0].value > most and not any("最多算" in step for step in work.steps):
            work.used.add(counts[0].place)
            part = base * most / counts[0].value
            work.steps.append(f"最多算{plain(most)}{counts[0].unit}，{shown(base)}里算{shown(part)}")
            return part
        if len(counts) == 1:
            work.used.add(counts[0].place)
    return base


def _bracketed(rule: Rule, asked: Asked, book: Rulebook, work: Working) -> None:
    base = _base(rule, asked, book, work)
    if base is None:
        return
    work.base = base
    if rule.marginal:
        _marginal(rule, base, work)
        return
    hits = [bracket for bracket in rule.brackets if inside(base, bracket)]
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


def meant(caps: Sequence[Cap], asked: Asked, work: Working) -> list[Cap]:
    """The caps that hold: without those of another tier, or of another kind of thing than the question names."""
    kept = [cap for cap in caps if not conflict(cap.tiers, asked.tiers)]
    if caps and not kept and work.value is not None:
        work.look.append(work.rule.words)
        work.value = None
        return []
    things = [cap for cap in kept if cap.condition]
    if not things:
        return kept
    words = {cap.condition: set(shared(asked.topic, cap.condition)) for cap in things}
    named_ones = [cap for cap in things if words[cap.condition]]
    best = max((sum(map(len, words[cap.condition])) for cap in named_ones), default=0)
    hit = [cap for cap in named_ones if sum(map(len, words[cap.condition])) == best]
    if len(hit) == 1:
        return [cap for cap in kept if not cap.condition or cap is hit[0]]
    low = min(cap.amount or Decimal(0) for cap in things)
    if work.value is not None and work.value > low:
        work.lack("是" + "、".join(thing_of(cap.condition) for cap in things) + "里的哪一种")
    return [cap for cap in kept if not cap.condition]


def thing_of(words: str) -> str:
    return re.split(any_of("caps"), words)[0].strip("，, ")


def hold(cap: Cap, asked: Asked, book: Rulebook, work: Working) -> None:
    """Apply a cap; what it lacks is noted, and then there is no value."""
    assert work.value is not None
    if any(values - asked.tiers.get(d, frozenset()) for d, values in cap.tiers.items()) and not all(
        asked.tiers.get(d, values | {""}) <= values for d, values in cap.tiers.items()
    ):
        if cap.amount is None or work.value > cap.amount:
            work.lack(cap.words)
            work.value = None
        return
    if cap.by_year:
        hold_interest(cap, asked, book, work)
        return
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
    if cap.each and work.value <= limit and not work.per:
        counts = [count for count in asked.counts if same_unit(cap.each, count)]
        work.used |= {count.place for count in counts}
        work.limits.append((limit, text))
        return
    if cap.each and cap.each[:1] not in {"项"} and "项目" not in cap.each and "合同" not in cap.each:
        counts = [count for count in asked.counts if same_unit(cap.each, count)]
        if len(counts) != 1:
            if work.value <= limit and cap.each.endswith("次"):
                return
            work.lack(f"{cap.each}的数量")
            work.value = None
            return
        work.used.add(counts[0].place)
        number = at_most(counts[0], work.rule, work)
        text = f"每{cap.each}最高{shown(limit)}、{plain(number)}{counts[0].unit}共{shown(limit * number)}"
        limit *= number
    work.cut(limit, text)


def base_words(base: str) -> str:
    """The base as it is asked for: without the words that lead to it and the brackets."""
    text = re.sub(r"[（(][^（()）]*[)）]", "", base).strip("，, ")
    text = re.split(r"，|(?:按照?|以|对)(?!外)", text)[-1].removeprefix("其").removesuffix("的").removesuffix("给予")
    return text[-16:]
