"""The upper layers that read what a message wants: a copy of those for searching, tuned on labelled messages and turns.

The lower layers stay, so that what they make of each text is computed once; minutes on two cores.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from assistant.understand.meaning import KNOWLEDGE
from assistant.understand.understander import READ_BACK, read_together
from core.text import normalise
from corpus.utterances import Turn
from eval.train.examples import Examples
from eval.train.tune import QUERY, SCALE
from eval.train.upper import UPPER, Say, Trunk, Upper, padded, states_of, train, upper_of

SMOOTHED, FOLLOWS_WEIGHT = 0.05, 0.5
BUCKET = 20
"""Batches among which texts of like length come together."""
_T = TypeVar("_T")


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train. twice: how often a labelled turn counts; carried, asked: so many conversations that a card answers, and
    questions of cards, which both want the knowledge.
    """

    epochs: float = 4.0
    batch: int = 48
    rate: float = 1e-4
    class_rate: float = 3e-3
    twice: int = 2
    carried: int = 3000
    asked: int = 2500
    seed: int = 7


@dataclass(frozen=True)
class _Row:
    """A text by its states, its intent, and how it goes on, -1 for a message that stands alone."""

    states: Tensor
    intent: int
    follows: int


def tune(network: Any, tokenizer: Tokenizer, examples: Examples, plan: Plan, say: Say, upper: int = UPPER) -> Upper:
    """Upper layers tuned on what messages and turns mean, from those of the network, which stays as it is."""
    torch.manual_seed(plan.seed)
    draw = random.Random(plan.seed)
    trunk, tuned = Trunk(network, upper).eval(), upper_of(network, upper)
    messages, turns = _drawn(examples, plan, draw)
    intents = sorted({label for _, label in messages} | {turn.intent for turn in turns})
    ways = sorted({turn.follows for turn in turns})
    texts = [QUERY + text for text, _ in messages] + [turn_text(turn) for turn in turns]
    states = states_of(trunk, tokenizer, texts)
    rows = [_Row(made, intents.index(label), -1) for made, (_, label) in zip(states, messages, strict=False)]
    rows += [
        _Row(made, intents.index(turn.intent), ways.index(turn.follows))
        for made, turn in zip(states[len(messages) :], turns, strict=True)
    ]
    classes = [nn.Parameter(torch.randn(n, network.config.hidden_size) * 0.05) for n in (len(intents), len(intents), len(ways))]  # fmt: skip
    steps = max(1, int(plan.epochs * len(rows) / plan.batch))
    rest = [{"params": classes, "lr": plan.class_rate}]
    train(
        tuned,
        _batches(rows, plan.batch, draw),
        lambda batch: _loss(tuned, batch, *classes),
        steps,
        plan.rate,
        say,
        rest,
    )
    return tuned


def turn_text(turn: Turn) -> str:
    """A turn as the encoder reads it: with the messages before it."""
    before = [normalise(each.user).strip() for each in turn.before[-READ_BACK:]]
    return QUERY + read_together(*before, normalise(turn.turn).strip())


def _drawn(examples: Examples, plan: Plan, draw: random.Random) -> tuple[list[tuple[str, str]], list[Turn]]:
    """The messages and turns of one pass."""
    asked = [(card.questions[0], KNOWLEDGE) for card in examples.cards if card.questions]
    messages = [
        (normalise(text).strip(), label) for text, label in (*examples.messages, *_some(asked, plan.asked, draw))
    ]
    return messages, [*examples.turns * plan.twice, *_some(examples.carried, plan.carried, draw)]


def _some(rows: Sequence[_T], count: int, draw: random.Random) -> list[_T]:
    return draw.sample(list(rows), min(count, len(rows)))


def _loss(tuned: Upper, batch: Sequence[_Row], alone: Tensor, together: Tensor, ways: Tensor) -> Tensor:
    """Cross-entropy of cosine classifiers: of single messages, of turns, and of how these go on."""
    states, mask = padded([row.states.float() for row in batch])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        vectors = tuned(states, mask)
    vectors = vectors.float()
    turns = torch.tensor([row.follows >= 0 for row in batch])
    intents, follows = torch.tensor([row.intent for row in batch]), torch.tensor([row.follows for row in batch])
    parts = [(vectors[~turns], intents[~turns], alone, 1.0), (vectors[turns], intents[turns], together, 1.0),
             (vectors[turns], follows[turns], ways, FOLLOWS_WEIGHT)]  # fmt: skip
    losses = [weight * len(of) / len(batch) * _cosine(vector, of, classes) for vector, of, classes, weight in parts if len(of)]  # fmt: skip
    return torch.stack(losses).sum()


def _cosine(vectors: Tensor, labels: Tensor, classes: Tensor) -> Tensor:
    logits = SCALE * vectors @ nn.functional.normalize(classes, dim=1).T
    return nn.functional.cross_entropy(logits, labels, label_smoothing=SMOOTHED)


def _batches(rows: list[_Row], size: int, draw: random.Random) -> Iterator[list[_Row]]:
    """Batches without end, with texts of like length together."""
    while True:
        draw.shuffle(rows)
        for start in range(0, len(rows), BUCKET * size):
            some = sorted(rows[start : start + BUCKET * size], key=lambda row: len(row.states))
            made = [some[at : at + size] for at in range(0, len(some), size)]
            draw.shuffle(made)
            yield from made
