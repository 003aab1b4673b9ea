"""The lines of a document's passages, and the items within them, with where in the document each stands."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.types import Passage
from corpus.row_names import SEPARATOR
from ingest.amendments.clause import RANKS, Step, mark, pieces

_CLOSES = re.compile(r"\s*(?:本[\u4e00-\u9fff]{2,4}自|特此|附\s*件\s*[:：])")
"""How a line begins that belongs to no clause."""


@dataclass
class Piece:
    """A line, or an item within one. at: the position of its passage; path: where it stands; opens: whether it begins with a mark.

    carried: it is the last sentence of the passage before, said again.
    """

    at: int
    text: str
    path: tuple[Step, ...]
    opens: bool
    carried: bool = False


def pieces_of(passages: Sequence[Passage]) -> list[Piece]:
    """The lines of passages with where each stands; what a passage says again of the one before stays where it stood."""
    out: list[Piece] = []
    path: tuple[Step, ...] = ()
    section: tuple[str, ...] = ()
    for at, p in enumerate(passages):
        before = passages[at - 1] if at and p.section == section else None
        path, section = _moved(path, section, p.section), p.section
        for n, text in enumerate(pieces(p.text)):
            carried = before is not None and n == 0 and before.text.endswith(text.strip())
            opened = None if SEPARATOR in text or p.tags.get("made") else mark(text)
            if opened:
                path = _under(path, opened[0])
            elif out and not carried and (not n or out[-1].text.endswith("\n")):
                path = _after(path, out[-1].text)
                path = () if _CLOSES.match(text) else path
            out.append(Piece(at, text, path, opened is not None, carried))
    return out


def _moved(path: tuple[Step, ...], before: tuple[str, ...], section: tuple[str, ...]) -> tuple[Step, ...]:
    """Where the text goes on under other headings: those closed are left, those opened are entered."""
    same = next(
        (n for n, (a, b) in enumerate(zip(before, section, strict=False)) if a != b), min(len(before), len(section))
    )
    for heading in before[same:]:
        closed = mark(heading)
        if closed and closed[0] in path:
            path = path[: path.index(closed[0])]
    for depth, heading in enumerate(section[same:], same):
        opened = mark(heading)
        path = _under(path, opened[0]) if opened else path if depth else ()
    return path


def _after(path: tuple[Step, ...], line: str) -> tuple[Step, ...]:
    """Where a line without a mark stands that comes after an item: an item that has ended is left where it is of an article."""
    ended = line.rstrip().endswith(("；", ";", "。"))
    if path and path[-1].unit in {"项", "目", "小"} and ended and any(step.unit == "条" for step in path):
        return tuple(step for step in path if step.rank < RANKS["项"])
    return path


def _under(path: tuple[Step, ...], step: Step) -> tuple[Step, ...]:
    return (*(s for s in path if RANKS[s.unit] < step.rank), step)


def end_of(wanted: tuple[Step, ...], path: tuple[Step, ...]) -> int:
    """Where in a path the last of the wanted steps stands, counted from 1, if all of them stand in it in their order; else 0."""
    at = 0
    for step in wanted:
        while at < len(path) and path[at] != step:
            at += 1
        if at == len(path):
            return 0
        at += 1
    return at


def is_main(piece: Piece) -> bool:
    return not any(step.unit == "附件" for step in piece.path)
