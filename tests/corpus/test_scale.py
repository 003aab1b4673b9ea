"""Cosines of every embedder are put on one scale."""

from __future__ import annotations

import pytest
from langchain_core.embeddings import Embeddings

from core.types import Passage
from corpus.scale import OTHER, OWN, cosines, fitted, levels, on, pairs, told_apart

QUESTIONS = ("a", "b", "c")


class Made(Embeddings):
    """A question has cosine `own` with the text of its letter; with others about `other`."""

    def __init__(self, own: float, other: float) -> None:
        self.own, self.other = own, other

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return [[float(c in t) for c in "abc"] for t in texts]

    def embed_query(self, text: str) -> list[float]:
        found = [self.own if c == text else self.other for c in "abc"]
        return [*found[:3]]


def test_levels_are_the_mean_cosines_with_the_own_text_and_with_others() -> None:
    assert levels(cosines(Made(1, 0), QUESTIONS, QUESTIONS)) == pytest.approx((1, 0))


@pytest.mark.parametrize("own,other", [(0.8, 0.5), (1.0, 0.1), (0.9, 0.85)])
def test_on_the_fitted_scale_both_levels_are_everybodys(own: float, other: float) -> None:
    found = cosines(Made(own, other), QUESTIONS, QUESTIONS)
    scale = fitted(found)
    assert scale is not None
    assert [on(scale, level) for level in levels(found)] == pytest.approx([OWN, OTHER], abs=1e-6)


def test_a_likeness_stays_between_minus_one_and_one() -> None:
    assert (on((10, 0), 0.5), on((10, 0), -0.5), on((1, 0), 0.25)) == (1, -1, 0.25)


def test_a_model_that_tells_nothing_apart_has_no_scale() -> None:
    assert fitted(cosines(Made(0.6, 0.6), QUESTIONS, QUESTIONS)) is None
    assert fitted(cosines(Made(0.9, 0.1), QUESTIONS[:1], QUESTIONS[:1])) is None, "one pair tells nothing"


def test_how_often_the_own_text_is_nearer() -> None:
    assert told_apart(cosines(Made(1, 0), QUESTIONS, QUESTIONS)) == 1
    assert told_apart(cosines(Made(0, 1), QUESTIONS, QUESTIONS)) == 0


def test_a_question_is_taken_out_of_its_card_and_cards_are_spread_evenly() -> None:
    cards = [Passage(str(n), "s", "t", "x", questions=(f"q{n}", "other")) for n in range(10)] + [
        Passage("n", "s", "t", "x")
    ]
    found = pairs(cards, 5)
    assert [q for q, _ in found] == ["q0", "q2", "q4", "q6", "q8"]
    assert all(passage.questions == ("other",) for _, passage in found)
