"""Whether the evidence covers what was asked: answer, tell what is near, correct a premise, or say that nothing was found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from assistant import years
from assistant.judging.claims import false_claims
from assistant.judging.features import Asked, essential, features, missing_name, whole
from assistant.judging.weights import Weighing, load_weighing
from assistant.question import Question
from core.clock import today
from core.text import bare
from core.types import Hit, Source
from corpus import row_names
from corpus.query import Query

ANSWERS = "answers"
"""The part of a hit that is the chance that it answers."""


@dataclass(frozen=True)
class Verdict:
    """What may be said. missing: words of the question that no evidence holds; absent: years of several that it lacks.

    partly: the best passage is near to what was asked and does not answer it. best: which of the hits is to be told first;
    chances: of each of the first hits that it answers.
    """

    kind: Literal["answer", "partly", "refuse", "correct"]
    confidence: float
    missing: tuple[str, ...] = ()
    reason: str = ""
    claims: tuple[str, ...] = field(default=())
    absent: tuple[str, ...] = ()
    best: int = 0
    chances: tuple[float, ...] = ()


def judge(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    sources: Mapping[str, Source] | None = None,
    day: date | None = None,
) -> Verdict:
    """Decide from the best passages; hits are best first. sources: the documents, some of which are named by a year; day: of asking."""
    if not hits or not query.concepts:
        return Verdict("refuse", 0.0, tuple(c.word for c in query.concepts), "nothing")
    weighing = load_weighing()
    if any(bare(own) == bare(question.text) for own in hits[0].passage.questions):
        return Verdict("answer", weighing.own, chances=(weighing.own,))
    asked = Asked.of(question, query)
    chances, spoken = weighed(asked, hits, weighing, sources or {}, day or today())
    return replace(_decided(asked, hits, chances, spoken, weighing), chances=tuple(chances))


def _decided(
    asked: Asked, hits: Sequence[Hit], chances: Sequence[float], spoken: Sequence[years.Asked], weighing: Weighing
) -> Verdict:
    """The verdict on passages with the chance of each that it answers, and the years asked for that it lacks."""
    question, query = asked.question, asked.query
    best = _best(hits, chances, bool(spoken[0].missing), weighing)
    confidence, hit, when = chances[best], hits[best], spoken[best]
    if other := other_firm(question.text, hit):
        return Verdict("refuse", confidence, (other,), "firm", best=best)
    decided = bool(when.missing) and years.decide(question, when.lacking) and not _of_no_year(question, hit)
    if decided and when.all_missing:
        return Verdict("refuse", confidence, ("、".join(when.missing),), "year", best=best)
    claims = tuple(false_claims(question, query, hits))
    if claims and confidence >= weighing.correct:
        return Verdict("correct", confidence, claims=claims, best=best)
    if confidence >= weighing.answer:
        absent = () if hit.passage.certainty == "practice" else when.missing  # advice is of no year
        return Verdict("answer", confidence, absent=absent, best=best)
    refusal = replace(_refusal(asked, hits, decided, when, weighing.found), confidence=confidence, best=best)
    near = refusal.reason == "cover" and not asked.wanted.given and confidence >= weighing.partly
    return replace(refusal, kind="partly") if near else refusal


def weighed(
    asked: Asked, hits: Sequence[Hit], weighing: Weighing, sources: Mapping[str, Source], day: date
) -> tuple[list[float], list[years.Asked]]:
    """Of each of the first hits the chance that it answers, and the years asked for that it lacks."""
    spoken = [
        years.check(asked.question, asked.query, hits[at : at + 2], sources, day)
        for at in range(min(weighing.looked_at, len(hits)))
    ]
    chances = []
    for at, when in enumerate(spoken):
        lacks = when.all_missing and years.decide(asked.question, when.lacking)
        lacks = lacks and not _of_no_year(asked.question, hits[at])
        seen = features(asked, hits, at, lacks)
        like = seen.get("asked", 0.0)
        own = like >= weighing.like and seen["passage"] >= weighing.nearly_all and not lacks
        own = own and like > seen.get("near_miss", 0.0) + weighing.nearer
        chances.append(max(weighing.chance(seen), weighing.own if own else 0.0))
    return chances, spoken


def _of_no_year(question: Question, hit: Hit) -> bool:
    """Whether a year that a question names in passing asks nothing of a passage: advice that is asked for no figure or day."""
    return hit.passage.certainty == "practice" and question.form not in {"figure", "date"}


def _best(hits: Sequence[Hit], chances: Sequence[float], lacks_year: bool, weighing: Weighing) -> int:
    """The first hit where it answers, else the surest of those looked at where that one does; a surer document goes before a card.

    Hits of the year asked for are first already.
    """
    surest = max(range(len(chances)), key=chances.__getitem__)
    first, other = hits[0].passage, hits[surest].passage
    carded = first.origin == "document" != other.origin  # no card before a document
    if lacks_year or carded or chances[surest] < weighing.answer:
        return 0
    return surest if chances[0] < weighing.answer or first.origin != other.origin == "document" else 0


def _refusal(asked: Asked, hits: Sequence[Hit], lacks_year: bool, when: years.Asked, found: float) -> Verdict:
    """Why there is no answer: a year, a name, a kind of value that is not there, or words that nothing holds.

    found: from which share on a word counts as held.
    """
    query, evidence = asked.query, [bare(whole(hit)) for hit in hits[:3]]
    if lacks_year:
        return Verdict("refuse", 0.0, ("、".join(when.missing),), "year")
    names = [missing_name(query, squeezed) for squeezed in evidence[:2]]
    if all(names):
        return Verdict("refuse", 0.0, (str(names[0]),), "name")
    if asked.wanted.given and not any(asked.holds(hit) for hit in hits[:3]):
        return Verdict("refuse", 0.0, (asked.wanted.name,), "slot")
    missing = [c for c in query.concepts if essential(c) and max(c.found_in(e) for e in evidence) < found]
    return Verdict("refuse", 0.0, tuple(c.word for c in missing), "cover")


def best_first(hits: Sequence[Hit], verdict: Verdict) -> list[Hit]:
    """The hits with the one that the verdict stands on before the others, the first ones with their chance that they answer."""
    known = [replace(hit, parts={**hit.parts, ANSWERS: c}) for hit, c in zip(hits, verdict.chances, strict=False)]
    hits = [*known, *hits[len(known) :]]
    return [*hits[verdict.best : verdict.best + 1], *hits[: verdict.best], *hits[verdict.best + 1 :]]


def other_firm(question: str, hit: Hit) -> str | None:
    """The firm that a question names where a passage is of a table of others; else None."""
    p = hit.passage
    return row_names.other_firm(question, p.text) if p.origin == "document" else None


def without_other_firms(hits: Sequence[Hit], question: str) -> list[Hit]:
    """Without the rows of other firms, where a passage holds the firm that the question names."""
    others = [other_firm(question, hit) for hit in hits]
    asked = {bare(other) for other in others if other}
    if not any(name in bare(whole(hit)) for name in asked for hit in hits):
        return list(hits)
    return [hit for hit, other in zip(hits, others, strict=True) if not other]
