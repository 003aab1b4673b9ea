"""Questions that may be asked next: those of the cards that stand nearest to what was told, each complete by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from core.types import Hit, Passage

MOST = 3
UP = 1
"""By how many places each degree of kinship moves a question up."""
SHORTEST, LONGEST = 6, 26
"""Characters of a question that says its subject and can be read at a glance on a button."""


def question_of(passage: Passage) -> str:
    """The first question of a card that stands by itself; "" for a passage that has none."""
    return next((q for q in passage.questions if SHORTEST <= len(q) <= LONGEST), "")


def next_questions(told: Iterable[Hit], hits: Sequence[Hit]) -> tuple[str, ...]:
    """Questions of found cards that were not told, the nearest first; one of the same section, source or place moves up."""
    told = list(told)
    ids = {hit.passage.passage_id for hit in told}
    lead = told[0].passage if told else hits[0].passage if hits else None
    rest = [hit.passage for hit in hits if hit.passage.passage_id not in ids]
    if lead:
        rest = [passage for passage in rest if passage.region in {"", "全国", lead.region}]
        order = sorted(range(len(rest)), key=lambda at: at - UP * _kinship(rest[at], lead))
        rest = [rest[at] for at in order]
    return tuple(dict.fromkeys(filter(None, map(question_of, rest))))[:MOST]


def _kinship(passage: Passage, lead: Passage) -> int:
    """How near a passage stands to the one told: of its section 3, of its source 2, of its place 1."""
    if passage.source_id == lead.source_id:
        return 3 if passage.section[:2] == lead.section[:2] else 2
    return int(bool(lead.region) and passage.region == lead.region)
