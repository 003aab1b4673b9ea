"""Whether a worded answer answers the question as well as the composed one, by the judge that chose the passage."""

from __future__ import annotations

from dataclasses import replace

from assistant.judging.features import Asked, features
from assistant.judging.weights import load_weighing
from assistant.question import read
from assistant.wording import limits
from core.errors import NotAvailable
from core.text import bare
from core.types import Hit, Passage
from corpus.query import Query


def answers_as_well(question: str, query: Query | None, worded: str, composed: str) -> bool:
    """Whether the chance that the worded text answers is not lower than that of the composed one by more than a little.

    query: as the question was looked up; where it was not, words alone cannot tell and nothing is held against the wording.
    """
    if query is None or not query.concepts:
        return True
    asked = Asked.of(read(question), query)
    return chance(asked, worded) >= chance(asked, composed) - limits.WORSE


def chance(asked: Asked, text: str) -> float:
    """The chance, 0-1, that a text by itself answers a question."""
    hit = Hit(Passage("", "", "", text), 0.0, parts={"passage": asked.query.coverage(bare(text))})
    near = _near(asked.question.text, text)
    if near is not None:
        hit = replace(hit, parts={**hit.parts, "dense": near})
    return load_weighing().chance(features(asked, [hit], 0, False))


def _near(question: str, text: str) -> float | None:
    from corpus.encoder.encoder import built_in

    try:
        return float(built_in().query(question) @ built_in().vectors([text])[0])
    except NotAvailable:
        return None
