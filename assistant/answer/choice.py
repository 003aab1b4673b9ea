"""Which passages an answer is made of, and whether each is told whole or in its short form.

The best card is the answer. Another one stands beside it only for a part of the question that it leaves open, or where it is
so near that either may be the one meant; whole where there is room, else in its short form. Fitted on the open sets: facts told
against characters.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.answer.passages import brief, says_more, whole
from assistant.guard import ANSWERS
from assistant.question import Question
from core.text import bare
from core.types import Hit
from corpus.query import Query
from corpus.row_names import is_table, named, row_name

LOOKED_AT = 8
"""So many of the best passages may stand in an answer."""
MOST_BESIDE = 3
"""How many may stand beside those that answer a part of the question."""
ROOM, MOST_ROOM = 280, 340
"""Characters of an answer up to which a further passage is told whole, and up to which in its short form."""
VALUE_ROOM = 200
"""The same for both, where one value is asked for."""
BESIDE = 0.2
"""How sure it must be that a near passage answers too."""
NEAR = 0.75
"""From this share of the best score on a passage may be the one meant."""
AS_NEAR = 0.9
"""From this share on it is told whole where there is room and it holds as much of the question as the best one."""
LEAST = 0.4
"""How much of the question a near passage must hold, against the best one: what only shares its subject is no answer."""
OPEN = 0.15
"""The share of the question that a passage must hold, and the others not, to be told for that."""
PARTS_ROOM = 640
"""Characters up to which the answers to the parts of a question are told whole."""
HELD = 0.8
"""The share of what a card holds of the question that its short form must hold to stand for it."""
SINGLE_VALUES = frozenset({"figure", "date"})
"""Forms of questions that ask for one value."""
Search = Callable[[str, tuple[str, ...]], list[Hit]]


@dataclass(frozen=True)
class Told:
    """A passage of an answer with the words in which it is told."""

    hit: Hit
    text: str


def choose(
    question: Question, query: Query, hits: Sequence[Hit], search: Search, of_parts: Sequence[Hit] = ()
) -> list[Told]:
    """The passages of an answer, best first, each as it is told. of_parts: what answers each of several things that are asked."""
    hits = _whole_table_first(question, hits)
    chosen = [_lead(question, query, hits[0])]
    room = (VALUE_ROOM, VALUE_ROOM) if _one_value(question) else (ROOM, MOST_ROOM)
    for hit in (*_of_named_sources(query, hits[0], search), *of_parts):
        _add(chosen, hit, (PARTS_ROOM, PARTS_ROOM), True)
    beside, best, parts_told = 0, query.coverage(bare(_read(hits[0]))), len(chosen) > 1
    for hit in hits[1:LOOKED_AT]:
        if beside == MOST_BESIDE or (row_name(hits[0].passage.text) and is_table(hit.passage.text)):
            continue
        if hit.passage.source_id not in {one.hit.passage.source_id for one in chosen} or _of_elsewhere(hit, hits[0]):
            continue
        share = hit.score / hits[0].score if hits[0].score > 0 else 1.0
        holds = query.coverage(bare(_read(hit)))
        near = share >= NEAR and holds >= LEAST * best and not parts_told and hit.parts.get(ANSWERS, 0.0) >= BESIDE
        if near or _opened(query, hit, chosen) >= OPEN:
            beside += _add(chosen, hit, room, share >= AS_NEAR and holds >= best)
    return chosen


def _lead(question: Question, query: Query, hit: Hit) -> Told:
    """The best passage; by its short form where one value is asked for and that holds it."""
    short = brief(hit.passage) if hit.passage.short else ""
    if (
        _one_value(question)
        and any(map(str.isdigit, short))
        and query.coverage(bare(short)) >= HELD * query.coverage(bare(hit.passage.text))
    ):
        return Told(hit, short)
    return Told(hit, whole(hit))


def _one_value(question: Question) -> bool:
    """Whether a question asks for one value and for nothing else."""
    return question.form in SINGLE_VALUES and len(question.parts) == 1


def _add(chosen: list[Told], hit: Hit, room: tuple[int, int], at_length: bool = False) -> bool:
    """Put a passage beside those chosen where it says something more and there is room: in its short form, or at length."""
    if any(hit.passage.passage_id == one.hit.passage.passage_id for one in chosen):
        return False
    told = [one.text for one in chosen]
    taken, full, short = sum(map(len, told)), whole(hit), brief(hit.passage, hit.query)
    text = full if (at_length or not short) and taken + len(full) <= room[0] else short
    if not text or taken + len(text) > room[1] or not says_more(hit.passage.text, told) or not says_more(text, told):
        return False
    chosen.append(Told(hit, text))
    return True


def _of_elsewhere(hit: Hit, lead: Hit) -> bool:
    """Whether a card is of one place that the best one is not of: no line beside a national figure."""
    region, own = hit.passage.region, lead.passage.region
    return hit.passage.origin == "card" and region not in {"", "全国", own}


def _opened(query: Query, hit: Hit, chosen: Sequence[Told]) -> float:
    """The weighted share of the question that a passage holds and the chosen ones do not."""
    held, text = bare("\n".join(_read(one.hit) for one in chosen)), bare(_read(hit))
    return sum(c.weight for c in query.concepts if c.found_in(text) - c.found_in(held) > 0.4) / query.weight


def _read(hit: Hit) -> str:
    return f"{hit.passage.title}\n{hit.passage.text}"


def _whole_table_first(question: Question, hits: Sequence[Hit]) -> Sequence[Hit]:
    """The whole of a short table before one row of it that the question does not name."""
    lead = hits[0].passage
    name = row_name(lead.text) if lead.origin == "document" else ()
    if not name or named(bare(question.text), name):
        return hits
    table = [h for h in hits if h.passage.source_id == lead.source_id and is_table(h.passage.text)][:1]
    return (*table, *(h for h in hits if h not in table)) if table else hits


def _of_named_sources(query: Query, lead: Hit, search: Search) -> list[Hit]:
    """Where a question names several documents, the best passage of each."""
    if len(query.sources) < 2:
        return []
    named_too = [source for source in query.sources if source != lead.passage.source_id]
    return [found[0] for source in named_too if (found := search(query.text, (source,)))]
