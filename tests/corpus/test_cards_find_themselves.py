"""Cards answer their own questions: all that rest on a source, and a sample of the thousands of practice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.settings import Settings
from corpus.cards import load_cards
from corpus.index import Index
from corpus.retrieve import Retriever

WANTED = 0.97
SAMPLE = 300
"""So many cards of practice are looked for; all of them took two minutes."""


@pytest.fixture(scope="module")
def retriever(home: Path) -> Retriever:
    return Retriever(Index(Settings(home=home)))


def test_the_first_question_of_a_card_finds_it_among_the_first_three(retriever: Retriever) -> None:
    practice = [card for card in load_cards() if card.kind == "practice"]
    cards = [card for card in load_cards() if card.kind != "practice"] + random.Random(5).sample(practice, SAMPLE)
    missed = []
    for card in cards:
        found = [hit.passage.passage_id for hit in retriever.search(card.questions[0], 3)]
        if card.id not in found:
            missed.append(f"{card.id}: “{card.questions[0]}” → {'、'.join(found) or 'nothing'}")
    share = 1 - len(missed) / len(cards)
    assert share >= WANTED, f"{share:.1%} of {len(cards)} cards; missed:\n" + "\n".join(missed)
