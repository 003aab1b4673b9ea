"""The caps of the notice that stand apart from its rules: of the firm, of the year, of one part."""

from __future__ import annotations

import re

from tools.notice_amount.asked import Asked
from tools.notice_amount.compute import hold
from tools.notice_amount.conditions import (
    verdict,
)
from tools.notice_amount.likeness import shared, weight
from tools.notice_amount.rules import General, Rule, Rulebook
from tools.notice_amount.vocabulary import any_of
from tools.notice_amount.working import Working


def generals(work: Working, asked: Asked, book: Rulebook, look: list[str]) -> None:
    """The caps of the notice: the plain ones hold; one with a condition where it is met, and where it is silent the plain one."""
    if work.value is None:
        return
    plain = [g for g in book.generals if not g.cap.condition]
    for general in book.generals:
        cap = general.cap
        if cap.condition or not book.reaches(general.line, work.rule):
            continue
        if cap.rate is not None and not _same_part(general.heading, work.rule):
            continue
        special = [g for g in book.generals if g.cap.condition and g.line == general.line]
        said: list[tuple[General, str]] = [(g, verdict(asked, g.cap.condition, "·".join(work.known))) for g in special]
        met = [g for g, v in said if v == "met"]
        if any(v == "unclear" for _, v in said) and cap.amount is not None and work.value > cap.amount:
            look.append(general.words)
            return
        if met and all((g.cap.amount or 0) > (cap.amount or 0) for g in met):
            cap, general = met[0].cap, met[0]
        work.known += [g.words for g, v in said if v in {"unmet", "met"}]
        if cap.amount is not None or cap.rate is not None:
            before = work.value
            hold(cap, asked, book, work)
            if work.value is None:
                return
            if work.value != before:
                work.cite(general.passage)
            work.known.append(general.words)
    for general in book.generals:
        if not general.cap.condition or (general.cap.amount is None and general.cap.rate is None):
            continue
        if any(g.line == general.line for g in plain) and (general.cap.amount or 0) > min(
            (g.cap.amount or 0) for g in plain if g.line == general.line
        ):
            continue
        if _of_other_thing(general, asked, book):
            continue
        how = verdict(asked, general.cap.condition, "")
        about = bool(shared(general.cap.condition, work.rule.about))
        if how == "unmet" or (how == "silent" and not about):
            if (
                not _of_another(general.cap.condition, work.rule, book)
                and general.cap.amount is not None
                and general.cap.amount < work.value
                and how != "unmet"
            ):
                look.append(general.words)
            continue
        if general.cap.amount is not None and work.value <= general.cap.amount:
            continue
        if how == "met" or about:
            hold(general.cap, asked, book, work)
            work.cite(general.passage)
            work.known.append(general.words)
        else:
            look.append(general.words)
        if work.value is None:
            return


def _of_other_thing(general: General, asked: Asked, book: Rulebook) -> bool:
    """Whether the question names the thing of another cap of the same line and not of this one."""
    sisters = [g for g in book.generals if g.line == general.line and g.cap.condition and g.cap.amount is not None]
    words = {id(g): weight(shared(asked.topic, re.split(any_of("caps"), g.cap.condition)[0])) for g in sisters}
    best = max(words.values(), default=0)
    return len(sisters) > 1 and best > words[id(general)] if id(general) in words else False


def _same_part(heading: str, rule: Rule) -> bool:
    return rule.table >= 0 or not heading or heading in rule.label or rule.label.startswith(heading[:6])


def _of_another(condition: str, rule: Rule, book: Rulebook) -> bool:
    """Whether a condition speaks of what other rules are for, and not of this one."""
    return any(
        shared(condition, other.about) for other in book.rules if other.line != rule.line or other.table != rule.table
    )
