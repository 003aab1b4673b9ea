"""The points of a composed answer, and which of them a worded one has lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.answer.composed import Composed
from assistant.wording import limits
from assistant.wording.bind import body_of, framing
from assistant.wording.likeness import alike, nearest, share, weight
from assistant.wording.stated import Stated, agrees, stated
from core.cut import sentences, split_after, unmarked

_CITATION = re.compile(r"\s*\[\d+\]")
FEW = 2.0
"""A clause or an item whose words weigh less says nothing by itself."""


@dataclass(frozen=True)
class Point:
    """One sentence or list item of a composed answer, without its mark and citation. at: its place in the answer."""

    text: str
    at: int

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """Its clauses, and the items of its lists."""
        clauses = split_after(self.text, "，；：。！？,;:", enclosed=False)
        items = [item for clause in clauses for item in split_after(clause, "、", enclosed=False)]
        return tuple(item for item in items if weight(item) >= FEW)

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        return stated(self.text)


def points_of(composed: Composed) -> tuple[Point, ...]:
    """What a composed answer says, without what code says around it (wording.bind.framing)."""
    opening, notes = framing(composed)
    around = {*opening, *notes}
    lines = [line for line in body_of(composed.text).split("\n") if line not in around]
    told = [s for line in lines for s in sentences(unmarked(_CITATION.sub("", line).replace("**", "")))]
    return tuple(Point(text, at) for at, text in enumerate(text for text in told if re.search(r"\w", text)))


def lost(points: Sequence[Point], worded: Sequence[str]) -> list[Point]:
    """The points that worded sentences do not keep: a figure, date or name, a clause, an item of a list, or all of it."""
    return [point for point in points if not kept(point, worded)]


def kept(point: Point, worded: Sequence[str]) -> bool:
    """Whether worded sentences say a point whole."""
    if not worded:
        return False
    said = "\n".join(nearest(point.text, worded))
    if not all(_states(worded, value) for value in point.stated):
        return False
    told = share(point.text, said)
    if told >= limits.SAID and all(share(part, said) >= limits.PART_SAID for part in point.parts):
        return True
    if told < limits.PARTLY_SAID:
        return False
    clauses = [
        part for sentence in worded for part in split_after(sentence, "，；：。", enclosed=False) if part.strip()
    ]
    gone = [part for part in point.parts if share(part, said) < limits.PART_SAID]
    return _alike(point.text, worded) and all(_alike(part, clauses) for part in gone)


def _alike(text: str, others: Sequence[str]) -> bool:
    likeness = alike(text, others)
    return likeness is not None and likeness >= limits.ALIKE


def _states(worded: Sequence[str], value: Stated) -> bool:
    """Whether one of the sentences states a value, as firmly bounded as it was."""
    held = [other for sentence in worded for other in stated(sentence) if agrees(value, other)]
    if value.kind in {"name", "title"} and not held:
        name = str(value.value).lower()
        return any(name in re.sub(r"\s+", "", sentence).lower() for sentence in worded)
    return bool(held) and (not value.bound or any(other.bound == value.bound for other in held))
