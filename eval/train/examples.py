"""What the models are trained on: the cards with their questions, and the labelled utterances and turns."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from corpus.cards import CORPUS, Card, load_cards
from corpus.utterances import Turn, load_turns, load_utterances


@dataclass(frozen=True)
class Examples:
    """Questions with the card that answers each; messages with their label; turns with how they go on."""

    cards: tuple[Card, ...]
    pairs: tuple[tuple[str, int], ...]
    messages: tuple[tuple[str, str], ...]
    turns: tuple[Turn, ...]


def load_examples(corpus: Path = CORPUS) -> Examples:
    """Everything that may be trained on. pairs: a question and the index of its card."""
    cards = tuple(load_cards(corpus))
    pairs = tuple((question, at) for at, card in enumerate(cards) for question in card.questions)
    messages = tuple((text, kind.label) for kind in load_utterances(corpus) for text in kind.examples)
    return Examples(cards, pairs, messages, tuple(load_turns(corpus)))


def held_out(examples: Examples, every: int = 3) -> tuple[Examples, Sequence[tuple[str, int]]]:
    """The examples without one question of every third card, and those questions: to see how well training carries over."""
    last = {at: question for question, at in examples.pairs if at % every == 0}
    kept = tuple(pair for pair in examples.pairs if last.get(pair[1]) != pair[0])
    return Examples(examples.cards, kept, examples.messages, examples.turns), [(q, at) for at, q in last.items()]
