"""Whether the question says that the condition of a bonus, a cap or another clause is met, or speaks of the clause at all."""

from __future__ import annotations

import re
from typing import Literal

from core.clock import today
from core.numbers import quantities
from core.text import bare
from tools.notice_amount.asked import Asked
from tools.notice_amount.likeness import content, shared, weight, with_aliases
from tools.notice_amount.sums import exact
from tools.notice_amount.tiers import conflict, tiers
from tools.notice_amount.vocabulary import has

Verdict = Literal["met", "unmet", "silent", "unclear"]
CLEAR = 4
"""So many characters in common are more than chance."""
_DATED = re.compile(
    r"(?P<year>(?:19|20)\d\d)年(?:(?P<month>\d{1,2})月)?(?:(?P<day>\d{1,2})日)?(?:（含）|\(含\))?(?P<side>以后|之后|后|起|以来|以前|之前|前)"
)
_SAID_DATE = re.compile(
    r"(?:(?P<year>(?:19|20)\d\d)年|(?P<rel>今年|去年|前年|上年|本年))?(?:(?P<month>\d{1,2})月份?)?(?:(?P<day>\d{1,2})[日号])?"
)
_MONTHS = {"月": 1, "年": 12, "季度": 3}
_EFFECT = re.compile(
    r"[，,]?(?:在?上述?[^，。]*基础上|(?:补助|补贴|奖励|贴息|支持|资助)?(?:比例|标准|额度|金额|资金)?(?:可|再|相应|按|各)*"
    r"(?:上浮|提高|上调|增加|加成|下浮|下调|降低|减按|给予|奖励|补助)?)$"
)
"""What a condition leads to, at its end: 补助比例提高."""
Day = tuple[int, int, int]


def runs_beside(asked: Asked, clause: str, known: str) -> tuple[str, ...]:
    """What the question and a clause have in common beside what is known to be common (the rule itself)."""
    told = with_aliases(bare(known))
    return tuple(run for run in shared(asked.topic, clause) if not _made_of(run, told))


def _made_of(run: str, text: str) -> bool:
    """Whether a run stands in a text, whole or in pieces of two characters and more."""
    if run in text:
        return True
    return any(run[:cut] in text and _made_of(run[cut:], text) for cut in range(2, len(run) - 1))


def denied(asked: Asked, runs: tuple[str, ...]) -> bool:
    """Whether all the segments in which the runs stand say no."""
    where = [
        said
        for said in asked.segments
        if any(run in with_aliases(bare(said.text)) or run[:2] in said.text for run in runs)
    ]
    return bool(where) and all(said.denied for said in where)


def verdict(asked: Asked, condition: str, known: str) -> Verdict:
    """Whether the question says that a condition is met."""
    condition = _EFFECT.sub("", condition)
    runs = runs_beside(asked, condition, known)
    own = tiers(condition)
    matched = {d for d in own if d in asked.tiers and asked.tiers[d] <= own[d]}
    if own and len(matched) == len(own) and not set(own) <= set(tiers(known)) and weight(content(condition)) <= CLEAR:
        return "met"
    if not runs:
        if own and conflict(own, asked.tiers):
            return "unmet"
        return "unclear" if matched and not set(own) <= set(tiers(known)) else "silent"
    if own and conflict(own, asked.tiers):
        return "unmet"
    if denied(asked, runs):
        return "unmet"
    dated = date_verdict(asked, condition, runs)
    if dated is not None:
        return dated
    if runs and asked.shares and any(q.kind == "share" for q in quantities(condition)):
        return _measured(asked, condition)
    if weight(runs) < CLEAR and weight(runs) * 2 < weight(content(condition)):
        return "unclear"
    return _measured(asked, condition)


def _measured(asked: Asked, condition: str) -> Verdict:
    """Whether the figures of a condition are reached by those of the question of the same kind."""
    for q in quantities(condition):
        if q.kind == "date" or q.unit == "级":
            continue
        if q.kind == "duration" and q.unit in _MONTHS:
            least = exact(q.nominal) * _MONTHS[q.unit]
            told = [span.months for span in asked.spans if span.months is not None]
            if len(told) != 1:
                return "unclear"
            if told[0] < least:
                return "unmet"
        elif q.kind == "people" or (q.kind == "count" and q.unit in {"人", "名"}):
            people = [count.value for count in asked.counts if count.unit == "人"]
            if len(people) != 1:
                return "unclear"
            if people[0] < exact(q.low):
                return "unmet"
        elif q.kind == "share":
            if len(asked.shares) != 1:
                return "unclear"
            if asked.shares[0][0] * 100 < exact(q.low):
                return "unmet"
        else:
            return "unclear"
    return "met"


def span_used(condition: str) -> bool:
    return any(q.kind == "duration" for q in quantities(condition))


def windows(clause: str) -> list[tuple[Day, str]]:
    """The days that a clause sets as a limit: the day, and 'since' or 'before'."""
    return [
        ((int(m["year"]), int(m["month"] or 1), int(m["day"] or 1)), "before" if "前" in m["side"] else "since")
        for m in _DATED.finditer(clause)
    ]


def said_days(asked: Asked) -> list[tuple[Day, Day]]:
    """The days told, each from its first to its last; a month without a year is of this year, or the last one gone by."""
    return [span for said in asked.segments for span in days_in(said.text)]


def days_in(text: str) -> list[tuple[Day, Day]]:
    now, out = today(), list[tuple[Day, Day]]()
    for m in _SAID_DATE.finditer(text):
        if not (m["year"] or m["month"] or m["rel"]):
            continue
        month = int(m["month"]) if m["month"] else None
        if m["day"] is None and m["month"] is not None and m["year"] is None and text[m.end() : m.end() + 1] == "号":
            continue
        year = int(m["year"]) if m["year"] else now.year - {"去年": 1, "上年": 1, "前年": 2}.get(m["rel"] or "", 0)
        if month and not m["year"] and not m["rel"] and month > now.month:
            year -= 1
        if month and not 1 <= month <= 12:
            continue
        day = int(m["day"]) if m["day"] else None
        out.append(((year, month or 1, day or 1), (year, month or 12, day or 31)))
    return out


def date_verdict(asked: Asked, condition: str, runs: tuple[str, ...]) -> Verdict | None:
    """A condition with a day that the question's day does or does not meet; None where either tells none."""
    limits = windows(condition)
    if len(limits) != 1:
        return None
    told = [
        d
        for said in asked.segments
        if any(run[:2] in with_aliases(bare(said.text)) for run in runs)
        for d in days_in(said.text)
    ]
    told = told or said_days(asked)
    if len(told) != 1:
        return "unclear"
    limit, side = limits[0]
    first, last = told[0]
    if side == "since":
        return "met" if first >= limit else "unmet" if last < limit else "unclear"
    return "met" if last < limit else "unmet" if first >= limit else "unclear"


def is_duplicate(words: str) -> bool:
    return has(words, "duplicates")
