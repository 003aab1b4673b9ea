"""Which of the collected cases are of a firm's own trade, and which are the nearest; from case_kin.yaml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from core.errors import BadInput
from core.text import squeeze
from corpus.rows import Case
from corpus.tables import load_tables
from tools.firm import industries


@dataclass(frozen=True)
class CaseKin:
    """own: cases of the same trade; near: the nearest where it has none of its own; why: in what those are near.

    known: whether the industry is one that the table speaks of.
    """

    own: tuple[Case, ...] = ()
    near: tuple[Case, ...] = ()
    why: str = ""
    known: bool = True

    @property
    def all(self) -> tuple[Case, ...]:
        return (*self.own, *self.near)


@cache
def case_kin(industry: str) -> CaseKin:
    """The cases that may be shown to a firm of an industry; none for one that is not known or is no industry (工业)."""
    if not squeeze(industry):
        return CaseKin(known=False)
    try:
        match = industries.industry(industry)
    except BadInput:
        return CaseKin(known=False)
    if match.row is None:
        return CaseKin()
    said = squeeze(industry)
    rows = [row for row in load_tables().case_kin if row.industry == match.row.id]
    row = next((r for r in rows if not r.words or any(squeeze(word) in said for word in r.words)), None)
    if row is None:
        return CaseKin()
    by_id = {case.id: case for case in load_tables().cases}
    return CaseKin(tuple(by_id[id] for id in row.cases), tuple(by_id[id] for id in row.near), row.why or "")
