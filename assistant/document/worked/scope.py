"""What of a notice is about what, by the words that it has in common with the rest and with the question."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.document.worked.quantity import MONEY, MONTH, RATIO, SHARE, TIMES
from assistant.document.worked.reckoning import Worked
from assistant.document.worked.sheet import Line
from core.cut import shorten
from tools.notice_amount.closeness import marks_of
from tools.notice_amount.vocabulary import concepts, group

QUOTED = 40


def marks(text: str) -> frozenset[str]:
    """What of a text tells it from another: pairs of characters, tiers, what money is spent on; not what all notices say."""
    plain = text.lower()
    found = marks_of(text) | {concept for word, concept in concepts() if word in plain}
    return frozenset(mark for mark in found if "每" not in mark) - frozenset(group("generic"))


def reaching(worked: Worked) -> Iterator[Line]:
    """The lines that may be of what was used: under the same heading, or under one under which nothing is given."""
    own = {line.clause.under for line in worked.lines}
    others = {line.clause.under for line in worked.sheet.lines if line.gives} - own
    return (line for line in worked.sheet.lines if line.clause.under not in others)


def countable(one: str, other: str) -> bool:
    """Whether what is counted in two units may be the same: three 个 may be three 人, but no months."""
    return one == other or ("个" in {one, other} and not {one, other} & {MONEY, SHARE, TIMES, RATIO, MONTH})


def brief(line: Line) -> str:
    """A line in a few words."""
    return shorten(line.text.strip("；。，, "), QUOTED)
