"""What must hold before a computed amount is told: the rule is the nearest, no clause and no figure is left over."""

from __future__ import annotations

import re
from decimal import Decimal

from corpus.words import lexicon
from tools.notice_amount import wording
from tools.notice_amount.case import Case, Item, Unclear
from tools.notice_amount.choosing import NEWLY, of_unit
from tools.notice_amount.closeness import graded
from tools.notice_amount.figures import figures
from tools.notice_amount.items import sort_of
from tools.notice_amount.likeness import content, objects, shared
from tools.notice_amount.model import Band, Clause
from tools.notice_amount.reach import reaches
from tools.notice_amount.tiers import tiers
from tools.notice_amount.touching import touch

WORDS, MEANT = 2.0, 0.45
"""What a question and its rule must have in common at the least: weight of words, or likeness."""
BEARS = 0.62
"""How like a piece of the question must be to a clause for that to bear on it."""
_WORD = 2
_PER_UNIT_AND_MONTH = re.compile(r"每[\u4e00-\u9fff]{1,4}每月")
"""A cap in two measures at once: 每平方米每月不超过15元."""


def evident(case: Case) -> None:
    """A rule that the question has hardly a word in common with is a guess, and so is one that is nearest by words only."""
    said = case.asked.affirmed
    for item in case.items:
        text = f"{item.rule.about}，{item.rule.head}，{item.rule.base}，{item.rule.unit}"
        near = case.near.words(said, text) >= WORDS or case.near.meaning(said, [text])[0] >= MEANT
        if not near and not _only(case, item):
            raise Unclear(_doubt(case, item), [item.rule])
        if item.rule.share is not None and _PER_UNIT_AND_MONTH.search(item.rule.words):
            raise Unclear("这条的上限按每单位每月算，要对着原文核。", [item.rule])
        for band in item.rule.bands:
            if not band.least and not band.within and not _in_band(case, item, band):
                raise Unclear(f"要算出数，还缺：{band.noun.strip('，的') or ''}{band.words}够不够。", [item.rule])
        if item.family.kind == "fixed" and _another(case, item):
            raise Unclear("还要说清问的是不是这一条。", [item.rule])
    _dated(case)
    _more(case)
    if len(case.items) == 1:
        _nearest_of_all(case, case.items[0])


def _doubt(case: Case, item: Item) -> str:
    """What the question must tell for a rule that it has little in common with."""
    rest = [told for told in case.asked.told if told.place not in case.used and told not in item.told]
    if rest:
        return f"问题里的“{rest[0].figure.words}”没法对到这条规定上。"
    if item.told and item.rule.base:
        return f"还要说清：“{item.told[0].figure.words}”是不是{item.rule.base}。"
    return "还要说清问的是不是这一条。"


def _only(case: Case, item: Item) -> bool:
    """Whether the notice has no other rule, and all that the question tells is the one sum that this one is a share of: 投了160万."""
    if len(case.rows) > 1 or len(item.told) != 1 or case.asked.told != tuple(item.told) or item.rule.share is None:
        return False
    label, base = item.told[0].label, item.rule.base
    return (
        bool(sort_of(label))
        and sort_of(label) == sort_of(base)
        and (is_assumed(item) or objects(base) <= objects(label) <= objects(item.rule.words))
    )


def is_assumed(item: Item) -> bool:
    """Whether the one sum is only taken for the whole base, since it names nothing that it was spent on: 投了160万."""
    return (
        len(item.told) == 1
        and bool(objects(item.rule.base))
        and not objects(item.told[0].label)
        and not re.search(r"[总共全]", item.told[0].label)
    )


def _is_checked(clause: Clause) -> bool:
    """Whether the base was held against a clause already: 实际投入低于50万元的不予奖补."""
    return clause.kind == "refuse" and any(band.measure == "money" for band in clause.bands)


def _another(case: Case, item: Item) -> bool:
    """Whether the question names a thing that only begins like the rule's: 绿色供应链, and the rule is for 绿色工厂."""
    about = f"{item.rule.about}，{item.rule.head}"
    parts = shared(case.asked.affirmed, about)
    for run in content(case.asked.affirmed):
        common = [part for part in parts if part in run]
        if len(common) == 1 and len(common[0]) == _WORD and _goes_elsewhere(run, common[0], about):
            return True
    return False


def _goes_elsewhere(run: str, part: str, about: str) -> bool:
    """Whether a word both have is only what two different names begin with."""
    tail = run.partition(part)[2]
    follows = re.search(rf"{re.escape(part)}([\u4e00-\u9fff]{{2}})", about)
    if len(tail) < _WORD or not follows or tail.startswith(follows[1]) or tail[:_WORD] in about:
        return False
    return any(tag.startswith("n") and len(word) >= _WORD for word, tag in lexicon().tagged(tail))


def _dated(case: Case) -> None:
    """A day that the question tells is not held against the days of the notice here."""
    if re.search(r"20\d\d年|\d{1,2}月[^，]{0,4}(?:签|评|买|认|办|拿)", case.asked.text):
        days = [
            text
            for text in (*(rule.words for rule in case.rules), *(clause.words for clause in case.notice.clauses))
            if re.search(r"20\d\d年\d{1,2}月", text)
        ]
        if days:
            raise Unclear(f"先要看这一条：{wording.quoted(days[0])}。", case.rules)


def _more(case: Case) -> None:
    """What a line gives beside its rule, where the question has a figure of that measure: 占比达到8%的，增发10万元."""
    for rule in case.notice.rules:
        if (
            rule in case.rules
            or not rule.bands
            or not any(rule.line == own.line for own in case.rules)
            or not re.search(r"增发|再|另|额外|加", rule.head[-6:])
        ):
            continue
        if any(
            told.figure.measure == rule.bands[0].measure and told.place not in case.used for told in case.asked.told
        ):
            raise Unclear(f"先要看这一条：{wording.quoted(rule.words)}。", [rule])


def _in_band(case: Case, item: Item, band: Band) -> bool:
    """Whether a figure of the question is known to lie in a band, or the base that is computed with is looked at later."""
    if band.measure == "money" and item.rule.share is not None:
        return True
    rows = [
        one
        for one in case.asked.told
        if one.figure.measure == band.measure
        and one.role != "had"
        and (band.measure != "count" or not band.unit or one.figure.unit[:1] == band.unit[:1])
    ]
    return bool(rows) and all(band.holds(one.value) for one in rows)


def _nearest_of_all(case: Case, item: Item) -> None:
    """The one rule must be the nearest by meaning as well, and no clause that counts for nothing may be nearer than it."""
    said = case.asked.affirmed
    likes = case.near.meaning(said, [f"{row.rules[0].about}，{row.rules[0].words}" for row in case.rows])
    words = [
        max(case.near.words(said, f"{rule.about}，{rule.head}，{rule.base}，{rule.unit}") for rule in row.rules)
        for row in case.rows
    ]
    at = case.rows.index(item.family)
    if likes[at] < max(likes):
        other = case.rows[likes.index(max(likes))].rules[0]
        raise Unclear("还要说清问的是哪一条。", [item.rule, other])
    clauses = [
        clause
        for clause in case.notice.clauses
        if clause not in case.cited
        and not _is_checked(clause)
        and (clause.kind in {"refuse", "raise"} or (clause.kind == "other" and figures(clause.words)))
    ]
    near = case.near.meaning(said, [clause.words for clause in clauses])
    for clause, like in zip(clauses, near, strict=True):
        if (like > likes[at] or case.near.words(said, clause.words) > words[at]) and touch(
            clause, case.asked, case.near, case.rules
        ) != "unmet":
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)


def bearing(case: Case) -> None:
    """A piece of the question that is in its meaning nearest to a clause that counted for nothing must be looked at."""
    clauses = [
        c
        for c in case.notice.clauses
        if c.kind in {"refuse", "raise", "other", "less", "highest", "most"}
        and c not in case.cited
        and not _is_checked(c)
    ]
    texts = [*(f"{rule.about}，{rule.words}" for rule in case.notice.rules), *(c.words for c in clauses)]
    known = len(case.notice.rules)
    for piece in case.asked.pieces:
        if len(piece.text) < 4 or piece.denied:
            continue
        likes = case.near.meaning(piece.text, texts)
        best = max(range(len(texts)), key=lambda n: likes[n])
        if (
            best >= known
            and likes[best] >= BEARS
            and touch(clauses[best - known], case.asked, case.near, case.rules) != "unmet"
        ):
            raise Unclear(f"先要看这一条：{wording.quoted(clauses[best - known].words)}。", case.rules)


def others(case: Case) -> None:
    """Clauses that are none of the known kinds must not bear on the question."""
    for clause in case.notice.clauses:
        if clause.kind != "other" or clause in case.cited:
            continue
        if any(reaches(clause, item, case) and (_open_limit(clause) or _short(clause, item)) for item in case.items):
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)
        how = touch(clause, case.asked, case.near, case.rules)
        if (
            how == "met"
            and any(reaches(clause, item, case) for item in case.items)
            and (clause.bands or figures(clause.words) or re.search(r"按|折|算|计|发|补|奖|贴", clause.words))
        ):
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)


def _open_limit(clause: Clause) -> bool:
    """Whether a clause sets a most that is no figure: 不超过企业上年度纳税额."""
    return not figures(clause.words) and bool(
        re.search(r"(?:不得?|未)(?:超过|高于|大于)|为(?:上?限|封顶)", clause.words)
    )


def _short(clause: Clause, item: Item) -> bool:
    """Whether an item's sum is not one that a clause asks for: 核定投入不低于60万元."""
    sums = [told.value for told in item.told if told.figure.measure == "money"]
    own = sort_of(item.rule.base)
    bands = [band for band in clause.bands if own and band.measure == "money" and sort_of(band.noun) == own]
    return bool(sums) and any(not band.holds(sum(sums, Decimal(0))) for band in bands)


def together(case: Case) -> None:
    """Several items may be added unless a clause gives only the highest of them."""
    for clause in case.notice.clauses:
        of_all = re.search(r"各项|以上|上述|同一(?!年)|同类|不同|多项|本办法|均", clause.words)
        if clause.kind == "highest" and (of_all or clause.line in {rule.line for rule in case.rules}):
            raise Unclear(f"先要看这一条：{wording.quoted(clause.words)}。", case.rules)


def left_over(case: Case) -> None:
    """Every sum of the question must have gone in, or be of the firm's own; so must a number of what the notice counts."""
    _counted(case)
    _tiers_told(case)
    for told in case.asked.told:
        if told.figure.measure == "money" and told.role not in {"firm", "side", "tax"} and told.place not in case.used:
            if any(told.value in {band.low, band.high} for rule in case.rules for band in rule.bands):
                continue
            raise Unclear(f"问题里的“{told.figure.words}”没法对到这条规定上。", case.rules)
        if case.asked.summed and told.role in {"firm", "grown"} and told.place not in case.used:
            others = [
                rule
                for rule in case.notice.rules
                if rule not in case.rules and case.near.words(told.label, f"{rule.about}，{rule.head}") >= 1.5
            ]
            if others:
                raise Unclear(f"问题里的“{told.figure.words}”没法对到哪一条规定上。", [*case.rules, others[0]])


_STAFF = re.compile(r"厂|公司|企业|员工|职工|团队|人数|总共|现有|共有|规模|研发|人$|^，?$")
"""What is said beside the number of a firm's own people, on which nothing depends."""


def _counted(case: Case) -> None:
    units = {rule.unit for rule in case.notice.rules if rule.unit}
    for told in case.asked.of("count"):
        if told.place in case.used or told.figure.value == 1:
            continue
        heads = "".join(
            rule.head + rule.about + rule.unit for rule in case.notice.rules if rule.unit or rule in case.rules
        )
        ours = any(rule.unit and of_unit(rule, told) for rule in case.rules)
        ours |= any(
            told.place + len(told.figure.words) == other.place and other.place in case.used for other in case.asked.told
        )
        ours |= (
            told.figure.unit == "人"
            and any(rule.share is None and not rule.unit for rule in case.rules)
            and not _STAFF.search(told.label)
        )
        alike = case.near.words(told.label, heads) >= 1.5
        if (
            ours
            or (alike and any(told.figure.unit[:1] in unit for unit in units))
            or (told.figure.unit != "人" and all(rule.share is None and not rule.unit for rule in case.rules) and alike)
        ):
            raise Unclear(f"问题里的“{told.figure.words}”没法对到这条规定上。", case.rules)
    months = [
        told
        for told in case.asked.told
        if told.figure.measure == "months" and re.search(r"干|留|租|借|贷|用|聘|工作|在岗|期", told.near)
    ]
    if months and any(
        rule.share is None
        and not rule.monthly
        and any(other.monthly and other.line == rule.line for other in case.notice.rules)
        for rule in case.rules
    ):
        raise Unclear(f"问题里的“{months[0].figure.words}”没法对到这条规定上。", case.rules)


def _tiers_told(case: Case) -> None:
    """What tells a rule from one like it, in its tier only, must have been said."""
    said = tiers(graded(case.asked.text))
    for rule in case.rules:
        if re.search(r"其他|其它|其余|一般(?:企业|项目)", rule.head) and not case.near.words(
            case.asked.text, "，".join(re.findall(r"(?:其他|其它|其余|一般)[\u4e00-\u9fff]{2,4}", rule.head))
        ):
            raise Unclear(f"还要说清是哪一种：{wording.listed([rule])}。", [rule])
        own = tiers(f"{rule.head}，{rule.about}")
        depends = {
            "grade",
            "scale",
            "size",
            "level",
            "rank",
            "rating",
            *(() if NEWLY.search(case.asked.text) else ("first",)),
        }
        for dimension in depends & set(own) - set(said):
            others = [
                other
                for other in case.notice.rules
                if other is not rule and tiers(other.head).get(dimension, own[dimension]) != own[dimension]
            ]
            others = [other for other in others if abs(other.line - rule.line) <= 1 or other.table == rule.table >= 0]
            if others:
                raise Unclear(f"没有说是哪一种：{wording.listed([rule, others[0]])}。", [rule])
