"""Which of the question's sums a rule's base is: by what it was spent on and what it is the sum of."""

from __future__ import annotations

from core.text import bare
from tools.notice_amount.asked import Asked, Fact
from tools.notice_amount.likeness import content, named
from tools.notice_amount.rules import Rulebook
from tools.notice_amount.vocabulary import data, has


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
        return bool(deals & own_deals) or alone
    if own_objects and book.counted:
        return own_objects <= named(book.counted)[0] and not named(fact.label)[1] & hard
    return True


def shares_name(base: str, fact: Fact) -> bool:
    return any(run in bare(base) for run in content(fact.label))


def _taxed(text: str) -> str:
    return "without" if "不含税" in text or "除税" in text else "with" if "含税" in text else ""


def bound(base: str, asked: Asked, book: Rulebook, about: str = "") -> list[Fact]:
    """The sums of the question that make up a base; empty where there is none."""
    if not base:
        return []
    alone = len(asked.facts) == 1
    if any(fact.part for fact in asked.facts):
        return []
    return [fact for fact in asked.facts if fits(base, fact, book, alone, about)]
