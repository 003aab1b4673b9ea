"""Whether the lines that were used are the ones that the question means."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.document.worked.caps import within
from assistant.document.worked.operand import Operand
from assistant.document.worked.quantity import Refused
from assistant.document.worked.reckoning import Worked
from assistant.document.worked.scope import brief, marks, reaching
from assistant.document.worked.sheet import Line
from tools.notice_amount.closeness import graded
from tools.notice_amount.model import Band
from tools.notice_amount.tiers import conflict, tiers

ENOUGH = 2
"""So many marks in common with an exclusion are no chance."""
ALIKE = 0.5
"""From this share of common marks on two heads are of the same thing, told apart by what they stand under."""
RULES = frozenset({"share", "sum"})
"""What gives by itself; a raise or a half is only added to one of these."""


def a_rule(worked: Worked) -> None:
    """An amount stands on a rule, and not on a raise alone, nor on what is for each of several without their number."""
    if not any(one.kind in RULES for _, one in worked.rules):
        raise Refused("只用了加成，没有用基本的比例或金额")
    if worked.result.single:
        raise Refused("这是每一份的钱，还没有乘份数")


def related(worked: Worked) -> None:
    """A line is used only where the question speaks of it, and of nothing that contradicts it."""
    affirmed = worked.sheet.asked.affirmed
    said, told = marks(affirmed), tiers(affirmed)
    for line, gives in worked.rules:
        head = gives.head
        if conflict(tiers(head), told):
            raise Refused(f"问题说的和第{line.number}条不是一回事")
        if gives.kind in RULES and not said & marks(f"{line.clause.under} {line.paragraph}"):
            raise Refused(f"问题没有说到第{line.number}条的事")


def siblings(worked: Worked) -> None:
    """Another line that gives otherwise, from which the question does not tell the one that was used."""
    said, used = marks(worked.sheet.asked.affirmed), {one.name for _, one in worked.rules} | worked.result.of
    others = [(line, one) for line in worked.sheet.lines for one in line.gives if not (one.name and one.name in used)]
    for line, gives in worked.rules:
        for other, one in others if gives.kind in RULES else ():
            if one.kind != gives.kind or one.quantity.value == gives.quantity.value:
                continue
            if not _told_apart(worked, line, gives, other, one, said):
                raise Refused(f"没说清是这一条还是那一条：{brief(line)}；{brief(other)}")


def _piece(gives: Operand) -> str:
    """The last piece before a figure that gives."""
    return re.split(r"[，、；]", gives.head.rstrip("，、； "))[-1]


def _told_apart(worked: Worked, line: Line, gives: Operand, other: Line, one: Operand, said: frozenset[str]) -> bool:
    """Whether the question tells the one from the other: by a tier, by a band, or by more words of this one alone."""
    own, its_own = (f"{a.clause.under} {b.head}" for a, b in ((line, gives), (other, one)))
    if line.paragraph == other.paragraph or _alike(own, its_own):
        told, mine, its = (tiers(graded(text)) for text in (worked.sheet.asked.affirmed, own, its_own))
        apart = {dimension for dimension, value in mine.items() if not value & its.get(dimension, frozenset())}
        if not all(told.get(dimension, frozenset()) & mine[dimension] for dimension in apart):
            return False
        if apart & its.keys():
            return True
        by_band = _by_band(worked, gives.bands, one.bands)
        if by_band is not None:
            return by_band
    if line is other and marks(_piece(gives)) and marks(_piece(one)):
        own, its_own = _piece(gives), _piece(one)
    return len(said & (marks(own) - marks(its_own))) > len(said & (marks(its_own) - marks(own)))


def _alike(one: str, other: str) -> bool:
    """Whether two heads are of the same thing."""
    own, its = marks(one), marks(other)
    return bool(own) and len(own & its) >= ALIKE * min(len(own), len(its))


def _by_band(worked: Worked, own: Sequence[Band], its: Sequence[Band]) -> bool | None:
    """Whether a figure of the question lies in the bands of the one and not, or not as far up, in those of the other.

    None where they have no bands of the same.
    """
    pairs = [(a, b) for a in own for b in its if (a.measure, a.unit) == (b.measure, b.unit)]
    if not pairs:
        return None
    held = [(within(worked, a), within(worked, b), (a.low or 0) > (b.low or 0)) for a, b in pairs]
    return all(mine and (not theirs or higher) for mine, theirs, higher in held)


def adjusted(worked: Worked) -> None:
    """A line by which more or less is given to such as the question speaks of went in."""
    for line, common in _spoken_of(worked, 1):
        if any(one.kind not in RULES for one in line.gives):
            raise Refused(f"还有一条没有用上：{brief(line)}（{'、'.join(sorted(common)[:2])}）")


def excluded(worked: Worked) -> None:
    """No line takes something away from such as the question speaks of, but for what was taken off."""
    off = marks("".join(one.around for one in worked.used.values() if one.kind in {"part", "count", "had", "tax"}))
    for line, common in _spoken_of(worked, ENOUGH):
        if line.refuses and len(common - off) >= ENOUGH and not any(one.band for one in line.operands):
            raise Refused(f"先要看这一条管不管：{brief(line)}")


def _spoken_of(worked: Worked, enough: int) -> Iterator[tuple[Line, frozenset[str]]]:
    """The lines beside the used ones with what the question has of them alone."""
    said = marks(worked.sheet.asked.affirmed)
    used, own = {line.clause.text for line in worked.lines}, marks("".join(line.text for line in worked.lines))
    for line in reaching(worked):
        common = said & (marks(line.text) - own)
        if line.clause.text not in used and len(common) >= enough:
            yield line, common
