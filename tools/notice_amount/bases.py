"""Which of the question's sums a rule's base is: by what it was spent on and what it is the sum of."""

from __future__ import annotations

import re

from core.text import bare
from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.likeness import content, named, shared, telling
from tools.notice_amount.rules import Rulebook
from tools.notice_amount.vocabulary import data, has

_WHOLE = re.compile(r"总投资|总投|投资总额|项目投资")
_INVESTED = frozenset({"软件", "设备", "硬件", "集成"})
"""What an investment is made of; a fee for something else must be named by the question."""
_SORTS = ("利息", "余额", "税", "租金", "利润", "融资额", "增量", "出口", "销售", "营收")


def fits(base: str, fact: Fact, book: Rulebook, alone: bool, about: str = "") -> bool:
    """Whether a sum is the base, or a part of it. alone: it is the only sum that is told."""
    objects, deals = named(base)
    own_objects, own_deals = named(fact.label)
    if not own_objects and not own_deals and not has(fact.label, "spending"):
        more_objects, more_deals = named(fact.context)
        own_objects, own_deals = more_objects, more_deals
        if not more_objects and not more_deals and not has(fact.context, "spending") and not shares_name(base, fact):
            return False
    elif not own_objects and not own_deals:
        own_objects = named(fact.context)[0]
    soft = set(data()["soft_deals"])
    hard, own_hard = deals - soft, own_deals - soft
    if hard:
        return (
            bool(hard & own_deals)
            and not (own_hard - deals)
            and (not objects or not own_objects or own_objects <= objects)
        )
    if own_hard:
        return False
    if _taxed(base) == "without" and _taxed(fact.label + fact.context) == "with":
        return False
    if objects:
        return bool(own_objects) and own_objects <= objects
    if deals:
        return bool(deals & own_deals) or (alone and deals <= {"采购", "发票", "已付"})
    if own_objects and book.counted:
        return own_objects <= named(book.counted)[0] and not named(fact.label)[1] & hard
    return True


def shares_name(base: str, fact: Fact) -> bool:
    return any(run in bare(base) for run in content(fact.label))


def _taxed(text: str) -> str:
    return "without" if "不含税" in text or "除税" in text else "with" if "含税" in text else ""


def bound(base: str, asked: Asked, book: Rulebook, about: str = "") -> list[Fact]:
    """The sums of the question that make up a base; empty where there is none."""
    facts = [fact for fact in asked.facts if not fact.part and not _of_other_things(fact, base)]
    if any(fact.part for fact in asked.facts):
        facts = _without_parts(base, facts, asked)
    if not facts:
        return []
    alone = len(facts) == 1
    if not base and (has(about, "old_standard") or has(about, "new_standard")):
        return []
    close = [fact for fact in facts if base and fits(base, fact, book, alone, about)]
    return close or _of_one_sort(base, facts, book, about, asked.topic)


def _of_other_things(fact: Fact, base: str) -> bool:
    """Whether a sum is of what no rule is for that does not name it: wages, capital, taxes."""
    return any(word in fact.label and word not in base for word in data()["other_sums"])


def _without_parts(base: str, facts: list[Fact], asked: Asked) -> list[Fact]:
    """The sum that is told with parts of it: the part that the base names, if one does; else the whole, less what is cut."""
    parts = [fact for fact in asked.facts if fact.part]
    objects = named(base)[0]
    meant = [fact for fact in parts if objects and named(fact.label)[0] == objects]
    if len(meant) == 1 and len(parts) == 1 and all(named(fact.label)[0] != objects for fact in facts):
        return meant
    return facts if all(fact.place in asked.cut for fact in parts) else []


def _of_one_sort(base: str, facts: list[Fact], book: Rulebook, about: str, topic: str) -> list[Fact]:
    """The one sum that is of the base's kind: spent, sold, lent, paid as interest; none where two are."""
    sort = sort_of(base)
    hits = [fact for fact in facts if sort_of_fact(fact) in _compatible(sort, base)]
    if len(hits) > 1:
        hits = [fact for fact in hits if sort_of_fact(fact)]
    things = [named(fact.label)[0] for fact in hits]
    apart = all(things) and sum(map(len, things)) == len(frozenset().union(*things))
    fit = not named(base)[0] or all(own & named(base)[0] for own in things)
    if len(hits) > 1 and book.weights and sort in {"", "支出"} and apart and fit:
        return hits
    if len(hits) != 1:
        return []
    fact = hits[0]
    objects, own = named(base)[0], named(fact.label)[0]
    if objects - _INVESTED and not own and not telling(shared(topic, f"{about}·{base}")):
        return []
    if sort == "销售" and sort_of_fact(fact) == "支出" and (own - objects or not re.search(r"合同|签", fact.label)):
        return []
    if objects and own and not own & objects and not shares_name(base, fact):
        return []
    if objects and not own and _WHOLE.search(fact.label + fact.context):
        return []
    if _taxed(base) == "without" and _taxed(fact.label + fact.context) == "with":
        return []
    if not objects and own and book.counted and not own <= named(book.counted)[0]:
        return []
    return hits


def sort_of(text: str) -> str:
    """What a sum is of: one of _SORTS, else spent where the words say so; empty where they say nothing."""
    deals = named(text)[1]
    if "付" in text and "息" in text:
        return "利息"
    if "销售" in text and not re.search(r"年销售|销售收入|主营", text):
        return "销售"
    for sort in _SORTS:
        if sort in deals:
            return sort
    objects = named(text)[0]
    return "支出" if objects or deals or has(text, "spending") else ""


def sort_of_fact(fact: Fact) -> str:
    return sort_of(fact.label) or next(filter(None, map(sort_of, reversed(fact.context.split("，")[-2:]))), "")


def _compatible(sort: str, base: str) -> set[str]:
    if sort in {"", "支出"}:
        return {"支出"}
    if sort == "销售":
        return {"销售", *(["支出"] if "合同" in base else [])}
    return {sort}
