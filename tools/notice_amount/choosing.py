"""Which rules a question is about: first the family (a line or a table of the notice), then the one of its neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tools.notice_amount.asking import Told
from tools.notice_amount.closeness import Closeness, graded, marks_of
from tools.notice_amount.model import Notice, Rule
from tools.notice_amount.tiers import conflict, tiers

MEANING = 10.0
"""What a likeness of one is worth beside the weight of common words."""
_FLAT = 8.0
LEAST = 0.8
"""What must tell a rule from its neighbours at the least."""
NEARLY = 0.3
"""Another rule with more than this share of the best one's evidence may be meant as well."""
NEWLY = re.compile(r"评上|评为|新[评获认拿]|拿[了到下]|下来|获得|入选|通过|批了")
"""Said of what was got just now, and so for the first time."""
_SPECIAL = 0.65


@dataclass
class Family:
    """The rules of one line or table that stand for one another."""

    rules: list[Rule]
    text: str
    score: float = 0.0

    @property
    def kind(self) -> str:
        one = self.rules[0]
        if one.share is not None:
            return "share"
        return "unit" if any(rule.unit or rule.per_measure for rule in self.rules) else "fixed"


@dataclass
class Choice:
    """The rule that is meant; else what must be told to know it."""

    rule: Rule | None
    open: list[Rule] = field(default_factory=list)
    missing: str = ""
    told: bool = True


def families(notice: Notice) -> list[Family]:
    """Rules that stand for one another: of one line or table, and of lines that follow one another and only go on."""
    found: dict[tuple[object, ...], list[Rule]] = {}
    for rule in notice.rules:
        found.setdefault(
            (rule.line, rule.table, rule.about, rule.share is not None, bool(rule.unit), rule.unit == "人"), []
        ).append(rule)
    joined: list[list[Rule]] = []
    for rules in found.values():
        if joined and _goes_on(joined[-1], rules):
            joined[-1] += rules
        else:
            joined.append(list(rules))
    return [Family(rules, _text_of(rules)) for rules in joined]


def _text_of(rules: Sequence[Rule]) -> str:
    return "，".join(dict.fromkeys([rules[0].about, *(f"{rule.head}，{rule.base}，{rule.unit}" for rule in rules)]))


def _goes_on(before: Sequence[Rule], rules: Sequence[Rule]) -> bool:
    """Whether the rules of a line are for other tiers, or further brackets, of what the line before is for."""
    one, other = before[-1], rules[0]
    if one.table >= 0 or other.table >= 0 or other.line != one.line + 1 or (one.share is None) != (other.share is None):
        return False
    within = all(any(band.within for band in rule.bands) for rule in (one, other))
    if within and _plain_unit(one.unit) == _plain_unit(other.unit):
        return True
    same = bool(set(tiers(one.head)) & set(tiers(other.head))) and tiers(one.head) != tiers(other.head)
    return (
        same
        and one.base == other.base
        and _plain_unit(one.unit) == _plain_unit(other.unit)
        and (bool(one.base) or one.about == other.about)
    )


def ranked(question: str, rows: Sequence[Family], near: Closeness) -> list[Family]:
    """Families by likeness to a text, the nearest first."""
    alike = near.meaning(question, [f"{row.rules[0].about}，{row.rules[0].words}" for row in rows])
    for row, like in zip(rows, alike, strict=True):
        texts = [f"{row.rules[0].about}，{rule.head}，{rule.base}，{rule.unit}" for rule in row.rules]
        best = max(near.words(question, text) for text in texts)
        named = max(near.share(question, rule.head) for rule in row.rules)
        row.score = (best * _FLAT / (_FLAT + best) + MEANING * like + 2 * named) * _held(question, row, near)
    return sorted(rows, key=lambda row: -row.score)


def _held(question: str, row: Family, near: Closeness) -> float:
    """Less for a family that is for some only (用于…的，按…), of whose condition the question says nothing, or the contrary."""
    heads = [rule.head for rule in row.rules]
    conditions = [match[1] for head in heads if (match := re.match(r"(.{4,})的[，,]", head))]
    special = len(conditions) == len(heads) and max(near.share(question, text) for text in conditions) < 0.12
    negative = all(re.search(r"没有|未(?!来)|不(?:符合|具备|能)", head) for head in heads) and not re.search(
        r"没|未|不", question
    )
    return (_SPECIAL if special else 1.0) * (_SPECIAL if negative else 1.0)


def choose(family: Family, question: str, facts: Sequence[Told], near: Closeness, told: Told | None = None) -> Choice:
    """One of a family, by what tells its rules apart and by the bands that a figure of the question lies in."""
    if all(any(band.within for band in rule.bands) for rule in family.rules):
        return Choice(family.rules[0])
    if told is not None and family.kind == "unit":
        counted = [rule for rule in family.rules if of_unit(rule, told)]
        family = Family(counted or family.rules, family.text)
    rules = family.rules
    if rules[0].table >= 0 and len({rule.head.split("，")[0] for rule in rules}) > 1:
        rules = _by_columns(rules, question, near, 1)
    rules = [rule for rule in rules if not conflict(tiers(graded(rule.head)), tiers(graded(question)))]
    if not rules:
        return Choice(None, family.rules)
    rules, missing = _banded(rules, facts)
    if missing:
        return Choice(None, rules, missing)
    if len(rules) == 1:
        return Choice(rules[0])
    if not rules:
        return Choice(None, family.rules)
    if rules[0].table >= 0:
        rules = _by_columns(rules, question, near)
        if len(rules) == 1:
            return Choice(rules[0])
    return _by_heads(rules, question, near)


def _by_columns(rules: list[Rule], question: str, near: Closeness, most: int = 9) -> list[Rule]:
    """The rules of a table whose label is named best in each of its columns."""
    parts = [rule.head.split("，") for rule in rules]
    if len({len(row) for row in parts}) != 1:
        return rules
    for at in range(min(len(parts[0]), most)):
        names = list(dict.fromkeys(rule.head.split("，")[at] for rule in rules))
        scores = dict(zip(names, _scores(names, question, near), strict=True))
        best = max(scores.values())
        if len(names) > 1 and best >= LEAST:
            rules = [rule for rule in rules if scores[rule.head.split("，")[at]] > best * NEARLY]
    return rules


def _scores(heads: Sequence[str], question: str, near: Closeness) -> list[float]:
    """How well each of several heads is named, by what it alone has; one whose named words another has too, and more, loses."""
    common = frozenset.intersection(*(marks_of(head) for head in heads))
    own = marks_of(question)
    rows = [(marks_of(head) - common, (marks_of(head) - common) & own) for head in heads]

    def weigh(marks: frozenset[str]) -> float:
        return sum(near.weight(mark) * (2 if "=" in mark else 1) for mark in marks)

    scores = []
    for n, (apart, hits) in enumerate(rows):
        left = weigh(apart - hits)
        beaten = any(
            m != n and hits <= other_hits and hits and weigh(other - other_hits) + 1.5 <= left
            for m, (other, other_hits) in enumerate(rows)
        )
        others = "".join(head for m, head in enumerate(heads) if m != n)
        single = 0.3 * len(({c for c in heads[n] if "\u4e00" <= c <= "\u9fff"} - set(others)) & set(question))
        scores.append(0.0 if beaten else weigh(hits) * (0.6 + 0.4 * weigh(hits) / (weigh(apart) or 1.0)) + single)
    return scores


def _by_heads(rules: list[Rule], question: str, near: Closeness) -> Choice:
    scores = _scores([rule.head for rule in rules], question, near)
    best = max(scores)
    if best < LEAST:
        plain = not any(rule.bands or rule.unread or "first" in tiers(rule.head) for rule in rules)
        return Choice(_first_time(rules, question), rules, told=not plain)
    winners = [rule for rule, score in zip(rules, scores, strict=True) if score > best * NEARLY]
    if len(winners) == 1:
        return Choice(winners[0])
    return Choice(_first_time(winners, question), winners)


def _first_time(rules: Sequence[Rule], question: str) -> Rule | None:
    """Of rules that differ only in whether it is the first time, the one for the first time, where it was got just now."""
    if not NEWLY.search(question):
        return None
    firsts = [rule for rule in rules if "首次" in tiers(rule.head).get("first", ())]
    rest = {"，".join(rule.head.split("，")[:-1]) for rule in rules}
    return firsts[0] if len(firsts) == 1 and len(rules) == 2 and len(rest) == 1 else None


def _banded(rules: list[Rule], facts: Sequence[Told]) -> tuple[list[Rule], str]:
    """The rules whose bands hold; what is missing where several have bands and no figure decides."""
    banded = [rule for rule in rules if any(not band.least for band in rule.bands)]
    if len(banded) < 2 or any(band.within for rule in banded for band in rule.bands):
        return rules, ""
    band = next(band for band in banded[0].bands if not band.least)
    told = [
        fact
        for fact in facts
        if fact.figure.measure == band.measure and (not band.unit or fact.figure.unit in {band.unit, ""})
    ]
    if len({fact.value for fact in told}) != 1:
        alone = {tuple((b.low, b.high) for b in rule.bands) for rule in banded}
        if (
            len(alone) == len({rule.head for rule in banded})
            and len({rule.share or rule.sum for rule in banded}) > 1
            and _differ_by_band(banded)
        ):
            return rules, f"{band.noun.strip('，的') or band.words}"
        return rules, ""
    kept = [rule for rule in rules if all(b.holds(told[0].value) for b in rule.bands if b.measure == band.measure)]
    rising = [rule for rule in kept if all(b.high is None for b in rule.bands)]
    if len(rising) == len(kept) > 1 and _differ_by_band(kept):
        best = max(kept, key=lambda rule: max((b.low or 0 for b in rule.bands), default=0))
        return [best], ""
    return kept, ""


def _differ_by_band(rules: Sequence[Rule]) -> bool:
    """Whether only the figures tell the rules apart."""
    plain = {re.sub(r"[\d.%万亿元（）()含以上下至到不足超过]+", "", rule.head) for rule in rules}
    return len(plain) < len(rules) or all(len(text) < 6 for text in plain) or len({text[:6] for text in plain}) == 1


def of_unit(rule: Rule, told: Told) -> bool:
    """Whether things are counted in a rule's unit: 3个标摊 and 每个标准展位, 23家 and 每接入一家…企业, 5台 and 每辆."""
    unit, own = _plain_unit(told.figure.unit), rule.unit
    if rule.per_measure:
        return (
            told.figure.measure == rule.per_measure
            and (told.role == "grown" or rule.per_measure != "money")
            and unit == _plain_unit(own)
        )
    if told.figure.measure != "count":
        return False
    if own == "人":
        return unit == "人" or (unit == "个" and bool(_PERSONS.search(told.label)))
    if unit == "人":
        return own.endswith("人")
    if _plain_unit(own) == unit:
        return True
    if own.startswith(told.figure.unit) or f"一{told.figure.unit}" in own or own.endswith(told.figure.unit):
        noun = own.replace(told.figure.unit, "", 1)
        return not noun or unit not in _ANY or bool(set(noun) & set(told.label)) or not told.label
    if unit in _ANY and own not in _ANY and own[-1:] in told.label:
        return True
    return unit == "个" and own in _ANY and bool(marks_of(told.label) & marks_of(rule.head + rule.about))


def _plain_unit(unit: str) -> str:
    return {"台": "台", "辆": "台", "部": "台", "吨标准煤": "吨", "千瓦时": "度", "吨标煤": "吨"}.get(unit, unit)


_ANY = frozenset({"个", "项", "件", "家", "台", "套", "张", "份", "本"})
_PERSONS = re.compile(r"[人员工生师证]|学徒|博士|硕士|专家|伙计|小伙")
