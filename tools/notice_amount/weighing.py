"""What counts to a base only in part: with a share, up to a sum, or at a rate that is capped."""

from __future__ import annotations

from decimal import Decimal

from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.bases import sort_of
from tools.notice_amount.interest import principal
from tools.notice_amount.likeness import named, shared
from tools.notice_amount.rules import Rule, Rulebook, Weight
from tools.notice_amount.sums import percent, shown
from tools.notice_amount.vocabulary import has
from tools.notice_amount.working import Working


def weight_of(fact: Fact, book: Rulebook) -> Weight | None:
    """The one clause by which a sum counts only in part."""
    things = named(fact.label)[0] or named(fact.context)[0]
    hits = [
        row
        for row in book.weights
        if "费率" not in row.part
        and not has(row.part, "own_made")
        and things
        and things <= named(row.part)[0] | {"设备"}
        and shared(fact.label, row.part)
    ]
    best = max((sum(map(len, shared(fact.label, row.part))) for row in hits), default=0)
    hits = [row for row in hits if sum(map(len, shared(fact.label, row.part))) == best]
    return hits[0] if len(hits) == 1 else None


def counted(fact: Fact, book: Rulebook, work: Working) -> tuple[Decimal, str]:
    """How much of a sum counts, and how that is shown."""
    row = weight_of(fact, book)
    if row is None or sort_of(work.rule.base) not in {"支出", ""}:
        return fact.sum, shown(fact.sum)
    if row.words not in work.rule.words and _families(book) > 1:
        work.look.append(row.words)
        return fact.sum, shown(fact.sum)
    work.known.append(row.words)
    work.cite(row.passage)
    if row.most is not None and fact.sum > row.most:
        return row.most, f"{shown(row.most)}（{shown(fact.sum)}里最多计这么多）"
    if row.rate != 1:
        return fact.sum * row.rate, f"{shown(fact.sum)} × {percent(row.rate)}"
    return fact.sum, shown(fact.sum)


def _families(book: Rulebook) -> int:
    """How many rules of a share of what is spent the notice has, each line and table once: a clause may be of one alone."""
    rows = [
        rule for rule in book.rules if (rule.rate is not None or rule.brackets) and sort_of(rule.base) in {"支出", ""}
    ]
    return len({(rule.line, rule.table) for rule in rows})


def weigh(rule: Rule, asked: Asked, book: Rulebook, work: Working, base: Decimal) -> Decimal | None:
    """A base by itself with what counts of it; None where that cannot be told."""
    for row in book.weights:
        if has(row.part, "own_made") and has(asked.text, "own_made"):
            work.look.append(row.words)
            return None
        if "费率" in row.part:
            capped = _at_most_rate(row, asked, rule, work, base)
            if capped is None:
                return None
            base = capped
        elif row.most is not None and sort_of(row.part) == "余额":
            lent = principal(asked)
            if sort_of(rule.base) == "利息":
                if lent is not None:
                    work.used.add(lent.place)
                    if lent.sum > row.most:
                        work.look.append(row.words)
                        return None
            elif base > row.most:
                work.steps.append(f"{shown(base)}里最多按{shown(row.most)}算")
                work.known.append(row.words)
                work.cite(row.passage)
                base = row.most
    facts = [fact for fact in asked.facts if fact.place in work.used and not fact.part]
    if len(facts) == 1 and facts[0].sum == base:
        value, text = counted(facts[0], book, work)
        if work.look:
            return None
        if value != base:
            work.steps.append(f"{text} ＝ {shown(value)}")
        return value
    return base


def _at_most_rate(row: Weight, asked: Asked, rule: Rule, work: Working, base: Decimal) -> Decimal | None:
    """What was paid, brought down to the highest rate that counts: 费率高于3.5%的，按3.5%核定保费."""
    if sort_of(rule.base) != "支出" or not named(rule.base)[0] & named(row.part)[0]:
        return base
    told = [(share, place) for share, before, place in asked.shares]
    if not told:
        return base
    if len(told) != 1:
        work.look.append(row.words)
        return None
    share, place = told[0]
    work.used.add(place)
    work.known.append(row.words)
    insured = [fact for fact in asked.facts if fact.sum * share == base]
    work.used |= {fact.place for fact in insured}
    if share <= row.rate:
        return base
    value = base * row.rate / share
    work.steps.append(f"费率{percent(share)}高于{percent(row.rate)}，{shown(base)}里算{shown(value)}")
    return value
