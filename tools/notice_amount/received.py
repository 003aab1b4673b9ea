"""Support had already, which is taken off where the notice says so."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from tools.notice_amount.asked import Asked
from tools.notice_amount.conditions import is_duplicate
from tools.notice_amount.likeness import content, shared, weight
from tools.notice_amount.rules import Effect, Rule, Rulebook
from tools.notice_amount.sums import shown
from tools.notice_amount.tiers import Tiers, tiers
from tools.notice_amount.vocabulary import data, has
from tools.notice_amount.working import Working

_GIVERS = ("国家", "中央", "省", "市", "县", "区", "镇", "街道", "园区", "开发区")
_RISES = re.compile(r"晋|升|低等级|低级别|低层级|下一级|较低")
_BY_STANDARDS = re.compile(r"新旧(?:等级|级别|标准)|(?:等级|级别)?标准的?差额|标准之差")
_KEPT = re.compile(r"不(?:再)?(?:扣减|扣除|抵减|核减)")


_SHORT = 2


def differences(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> Decimal | None:
    """What was received and is to be taken off; None where nothing is."""
    clauses = [e for e in book.effects if e.kind == "difference" and _reaches(e, work.rule, book)]
    if not asked.received and not asked.claims_support:
        return _by_standards(work, asked, book, clauses, look)
    said = "，".join(s.text for s in asked.segments if s.received)
    if _kept_whole(work, asked, book, said):
        return None
    sums = list(asked.received)
    rising = [e for e in clauses if _RISES.search(e.words)]
    if len(clauses) > 1 and len(rising) == 1 and tiers(said):
        clauses = rising
    if len(clauses) != 1 or not sums or any(fact.rough for fact in sums):
        if not sums and clauses:
            work.lack("已经拿到的数额")
        look += [e.words for e in clauses] or [e.words for e in book.effects if is_duplicate(e.words)][:1] or [said]
        return None
    if not _meant(clauses[0], work, book, said):
        look.append(clauses[0].words)
        return None
    _noted(work, clauses[0], book)
    work.used |= {fact.place for fact in sums}
    return sum((fact.sum for fact in sums), Decimal(0))


def _reaches(effect: Effect, rule: Rule, book: Rulebook) -> bool:
    """Whether a clause is of a rule: of its own line, of one without rules, or behind its table and before no graded sums."""
    if book.reaches(effect.line, rule):
        return True
    own = [other for other in book.rules if other.line == effect.line]
    return rule.table >= 0 and rule.fixed is not None and all(other.fixed is None for other in own)


def _noted(work: Working, clause: Effect, book: Rulebook) -> None:
    work.known.append(clause.words)
    work.cite(clause.passage)
    work.known += [e.words for e in book.effects if e.line == clause.line]


def _meant(clause: Effect, work: Working, book: Rulebook, said: str) -> bool:
    """Whether what was received is what the clause takes off: of the giver it names, or of a lower tier of the same series."""
    plain = _without_tiers(said)
    about = _without_tiers(work.rule.about)
    foreign = [
        run
        for run in shared(plain, "·".join(_without_tiers(r.about) for r in book.rules))
        if run not in about and not has(run, "received")
    ]
    if not tiers(said).get("standing"):
        runs = [run for run in content(plain) if len(run) > _SHORT and not re.search(r"奖励?$|补助$", run[:-1])]
        foreign += [run for run in runs if weight(shared(run, f"{about}·{clause.words}")) < _SHORT]
    levels = [word for word in _GIVERS if re.search(rf"{word}(?:里|级|厅|局|财政|上|给|补|已|拨|批|发|奖|那边)", said)]
    rises = bool(_RISES.search(clause.words))
    named = [
        word for word in _GIVERS if re.search(rf"{word}级|{word}或|{word}、|{word}财政", clause.words.split("由")[0])
    ]
    if any(run not in clause.words for run in foreign):
        return False
    if rises:
        return bool(tiers(said) or (has(said, "earlier") and not levels))
    return not named or bool(levels and set(levels) <= set(named))


def _without_tiers(text: str) -> str:
    words = [str(word) for values in data()["tiers"].values() for row in values.values() for word in row]
    for word in sorted(words, key=len, reverse=True):
        if word not in {"专精特新", "小巨人", "单项冠军"}:
            text = text.replace(word, "，")
    text = re.sub(r"[一二三四五六七八九1-9A-Ca-c]+级", "，", text)
    return re.sub(r"[省市县区](?=[\u4e00-\u9fff])", "，", text)


def _kept_whole(work: Working, asked: Asked, book: Rulebook, said: str) -> bool:
    """Whether the notice says that what was received is not taken off."""
    for effect in book.effects:
        if _KEPT.search(effect.words) and re.search(r"已[获得享领]", effect.words) and shared(said, effect.words):
            work.known.append(effect.words)
            work.cite(effect.passage)
            work.used |= {fact.place for fact in asked.received}
            work.steps.append("以前拿过的不扣")
            return True
    return False


def _by_standards(
    work: Working, asked: Asked, book: Rulebook, clauses: Sequence[Effect], look: list[str]
) -> Decimal | None:
    """The standard of the tier before, where the notice pays the difference of standards: 前年A级，今年AAA级."""
    rising = [e for e in clauses if _RISES.search(e.words)]
    before: dict[str, frozenset[str]] = {}
    for said in asked.segments:
        if said.earlier and not said.denied:
            before.update(tiers(said.text))
    before = {d: v for d, v in before.items() if d in work.rule.tiers and v != work.rule.tiers[d]}
    if not rising or not before:
        return None
    olds = _of_tier(work.rule, before, book)
    if len(rising) == 1 and _BY_STANDARDS.search(rising[0].words) and len(olds) == 1 and olds[0].fixed is not None:
        _noted(work, rising[0], book)
        return olds[0].fixed
    look += [e.words for e in rising]
    return None


def _of_tier(rule: Rule, before: Tiers, book: Rulebook) -> list[Rule]:
    first = rule.subject.partition("|")[0]
    return [
        other
        for other in book.rules
        if (other.table, other.line) == (rule.table, rule.line)
        and other.subject.partition("|")[0] == first
        and all(other.tiers.get(d) == values for d, values in before.items())
        and other.fixed is not None
    ]


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
