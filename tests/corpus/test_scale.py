"""Cosines of another embedder are put on the built-in one's scale."""

from __future__ import annotations

import pytest
from langchain_core.embeddings import Embeddings

from core.types import Passage
from corpus.scale import cosines, fitted, levels, pairs, told_apart

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


def test_on_the_fitted_scale_both_levels_are_the_references() -> None:
    model, reference = Made(0.8, 0.5), Made(1.0, 0.1)
    factor, offset = fitted(model, reference, QUESTIONS, QUESTIONS)
    scaled = [factor * level + offset for level in levels(cosines(model, QUESTIONS, QUESTIONS))]
    assert scaled == pytest.approx(levels(cosines(reference, QUESTIONS, QUESTIONS)))


def test_a_model_that_tells_nothing_apart_counts_nothing() -> None:
    assert fitted(Made(0.6, 0.6), Made(1, 0), QUESTIONS, QUESTIONS) == (0, 0)


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
