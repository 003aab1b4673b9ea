"""A question with the cells, limits and columns that it gives, and how it reads with signs in their place."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from assistant.tables.cells import Candidate, candidates
from assistant.tables.learnt import CELL, ROLE, Learnt
from assistant.tables.limits import Bound, Span, bounds_of, spans_of, spelled
from assistant.tables.query import Condition
from assistant.tables.table import Table
from core.text import bare
from corpus.encoder.runs import runs_of

if TYPE_CHECKING:
    pass

LEAST = 0.5
"""From this probability on a cell is meant."""
ROW, VALUE, DAY, FIGURE = "某家", "某类", "某日", "若干"
_NOT_BEFORE = re.compile(
    r"(?:(?:除了?|不含|不包括|不算|去掉|排除|扣除|刨[去开]|撇开)(?:掉|开)?|(?<!是)不是|(?<!在)不在|非)$"
)
_NOT_BEHIND = re.compile(r"^(?:的|那[个家块些])?(?:都)?(?:不算|除外|以外|之外|不计|不含|去掉|刨[去开]|排除|不要|撇开)")
"""The words that leave rows out; what else does is learnt."""
_AROUND = 4
"""So many characters before and behind a cell tell whether it is meant or left out."""


@dataclass(frozen=True)
class Link:
    """A cell that the question gives. refused: the rows that have it are left out; others: more cells of its column so called."""

    start: int
    end: int
    column: int
    values: tuple[str, ...]
    refused: bool
    surname: bool
    sure: float


@dataclass(frozen=True)
class Marked:
    """A squeezed question and what it gives, each by its characters."""

    asked: str
    links: tuple[Link, ...]
    spans: tuple[Span, ...]
    bounds: tuple[Bound, ...]

    def rest(self, signs: bool = False) -> str:
        """The question without what it gives, or with a sign for each."""
        given: list[tuple[int, int, str]] = [(one.start, one.end, VALUE) for one in self.links]
        given += [(one.start, one.end, DAY) for one in self.spans] + [
            (one.start, one.end, FIGURE) for one in self.bounds
        ]
        return masked(self.asked, given if signs else [(start, end, "") for start, end, _ in given])


def masked(asked: str, given: Sequence[tuple[int, int, str]]) -> str:
    """A text with signs in place of stretches of it; of two that overlap the first is taken."""
    out, at = "", 0
    for start, end, sign in sorted(given):
        if start < at:
            continue
        out += asked[at:start] + sign
        at = end
    return out + asked[at:]


def marked(text: str, table: Table, day: date, learnt: Learnt) -> Marked:
    """A question with what it gives of a table."""
    asked = spelled(bare(text))
    spans = spans_of(asked, table, day)
    found = [(one, sure) for one, sure in scored(asked, table, learnt) if sure >= LEAST]
    taken = [False] * len(asked)
    for span in spans:
        taken[span.start : span.end] = [True] * (span.end - span.start)
    links = list[Link]()
    for one, sure in sorted(found, key=lambda pair: -pair[1]):
        own = taken[one.start : one.end]
        same = [
            at
            for at, link in enumerate(links)
            if (link.start, link.end, link.column) == (one.start, one.end, one.column)
        ]
        if same and one.value not in links[same[0]].values:
            known = links[same[0]]
            if known.surname or known.sure - sure < 0.1:
                links[same[0]] = Link(
                    known.start,
                    known.end,
                    known.column,
                    (*known.values, one.value),
                    known.refused,
                    known.surname,
                    known.sure,
                )
        elif not any(own):
            taken[one.start : one.end] = [True] * len(own)
            surname = one.features[5] + one.features[6] > 0
            links.append(
                Link(
                    one.start,
                    one.end,
                    one.column,
                    (one.value,),
                    refused(asked, one.start, one.end, learnt),
                    surname,
                    sure,
                )
            )
    bounds = tuple(one for one in bounds_of(asked) if not any(taken[one.start : one.end]))
    return Marked(asked, tuple(sorted(links, key=lambda link: link.start)), tuple(spans), bounds)


def scored(asked: str, table: Table, learnt: Learnt) -> list[tuple[Candidate, float]]:
    """The cells that a squeezed question may mean, each with its probability."""
    import numpy as np

    found = candidates(asked, table)
    if not found:
        return []
    score = learnt.score(CELL, np.array([one.features for one in found], dtype=np.float32))
    sure = 1 / (1 + np.exp(-score))
    return list(zip(found, map(float, sure), strict=True))


def around(asked: str, start: int, end: int) -> str:
    """What stands before and behind a cell, marked for each side so that their runs differ."""
    before = "".join(f"‹{c}" for c in asked[max(0, start - _AROUND) : start])
    return f"{before}〔〕{asked[end : end + _AROUND]}"


def refused(asked: str, start: int, end: int, learnt: Learnt) -> bool:
    """Whether the rows of a cell are left out: 除开发区外, 开发区不算."""
    import numpy as np

    if _NOT_BEFORE.search(asked[:start]) or _NOT_BEHIND.search(asked[end:]):
        return True
    if (layer := learnt.layers.get(ROLE)) is None:
        return False
    told = layer.probabilities(np.zeros(0, dtype=np.float32), runs_of(around(asked, start, end)))
    return float(told[layer.names.index("refused")]) > 0.5


def conditions_of(links: Sequence[Link]) -> list[Condition]:
    """What the cells demand of the rows, one a column and role."""
    by: dict[tuple[int, bool], list[str]] = {}
    for link in links:
        by.setdefault((link.column, link.refused), []).extend(link.values)
    return [
        Condition(
            at, "!=" if refuses else "in" if len(dict.fromkeys(values)) > 1 else "=", tuple(dict.fromkeys(values))
        )
        for (at, refuses), values in by.items()
    ]
