"""The upper layers that search, tuned anew on the cards as they are now: questions to cards, each with one that does not answer it.

The lower layers stay, as in eval/train/meaning.py. Source: in-batch negatives as in Henderson et al. (2017).
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import torch
from tokenizers import Tokenizer
from torch import Tensor, nn

from eval.train.examples import Examples, HeldOut
from eval.train.tune import LONGEST_TUNED, NEAREST, QUERY, SAME, SCALE, passage_of
from eval.train.upper import UPPER, Say, Trunk, Upper, padded, states_of, train, upper_of

RECALL_AT = (1, 3, 5, 10)
MINED = 512
"""Questions compared with the cards at once."""


@dataclass(frozen=True)
class Plan:
    """How long and how fast to train. each: so many of a card's own questions are drawn in one pass."""

    epochs: float = 1.0
    batch: int = 48
    rate: float = 5e-5
    each: int = 3
    seed: int = 9


@dataclass(frozen=True)
class _Pair:
    """A question by its states, the card that answers it, and one that does not."""

    states: Tensor
    card: int
    other: int


def tune(
    network: Any, tokenizer: Tokenizer, examples: Examples, held: HeldOut, plan: Plan, say: Say, upper: int = UPPER
) -> Upper:
    """Upper layers tuned to bring questions to their cards, from those of the network, which stays as it is.

    held: what is found of which is said before and after.
    """
    torch.manual_seed(plan.seed)
    draw = random.Random(plan.seed)
    trunk, tuned = Trunk(network, upper).eval(), upper_of(network, upper)
    cards = states_of(trunk, tokenizer, [passage_of(card) for card in examples.cards], LONGEST_TUNED)
    asked = _drawn(examples, plan, draw)
    measured = [
        (name, states_of(trunk, tokenizer, [QUERY + question for question, _ in pairs]), [at for _, at in pairs])
        for name, pairs in (("没学过的问题", held.pairs), ("没学过的对话", held.asked))
        if pairs
    ]
    say(f"调之前，{_recalled(tuned.eval(), cards, measured)}")
    questions = states_of(trunk, tokenizer, [QUERY + question for question, _ in asked])
    others = _near_misses(tuned.eval(), questions, cards, asked, examples, draw)
    pairs = [_Pair(made, at, other) for made, (_, at), other in zip(questions, asked, others, strict=True)]
    steps = max(1, int(plan.epochs * len(pairs) / plan.batch))
    train(tuned, _batches(pairs, plan.batch, draw), lambda batch: _loss(tuned, batch, cards), steps, plan.rate, say)
    say(f"调之后，{_recalled(tuned, cards, measured)}")
    return tuned


def _recalled(upper: Upper, cards: Sequence[Tensor], measured: Sequence[tuple[str, list[Tensor], list[int]]]) -> str:
    """The shares of questions whose card is among the nearest, in words."""
    passages, told = vectors_of(upper, cards), list[str]()
    for name, questions, own in measured:
        scores = vectors_of(upper, questions) @ passages.T
        ranks = (scores > scores[torch.arange(len(own)), torch.tensor(own)][:, None]).sum(1)
        shares = "／".join(f"{float((ranks < depth).float().mean()):.3f}" for depth in RECALL_AT)
        told.append(f"{name}（{len(own)}）{shares}")
    return "；".join(told)


def _drawn(examples: Examples, plan: Plan, draw: random.Random) -> list[tuple[str, int]]:
    """The questions of one pass with their cards: some of each card's own, and all that people judged."""
    own = defaultdict[int, list[str]](list)
    for question, at in examples.pairs:
        own[at].append(question)
    some = [(question, at) for at, said in own.items() for question in draw.sample(said, min(plan.each, len(said)))]
    return [*some, *examples.asked]


@torch.no_grad()
def vectors_of(upper: Upper, states: Sequence[Tensor], batch: int = 64) -> Tensor:
    """One row a text."""
    order = sorted(range(len(states)), key=lambda at: len(states[at]))
    out = torch.zeros(len(states), states[0].shape[1])
    for start in range(0, len(order), batch):
        rows = order[start : start + batch]
        made, mask = padded([states[at].float() for at in rows])
        with torch.autocast("cpu", dtype=torch.bfloat16):
            out[rows] = upper(made, mask).float()
    return out


def _near_misses(
    upper: Upper, questions: Sequence[Tensor], cards: Sequence[Tensor], asked: Sequence[tuple[str, int]],
    examples: Examples, draw: random.Random,
) -> list[int]:  # fmt: skip
    """For each question a near card that does not answer it: one of which people said so, else one of those found nearest."""
    answers = defaultdict[str, set[int]](set)
    for question, at in (*examples.pairs, *examples.asked):
        answers[question].add(at)
    passages, found = vectors_of(upper, cards), list[int]()
    said = vectors_of(upper, questions)
    for start in range(0, len(asked), MINED):
        best = (said[start : start + MINED] @ passages.T).topk(min(NEAREST, len(passages))).indices.tolist()
        for (question, at), near in zip(asked[start : start + MINED], best, strict=True):
            right = answers[question]
            alike = (passages[near] @ passages[at]).tolist()
            others = [one for one, likeness in zip(near, alike, strict=True) if one not in right and likeness < SAME]
            told = [one for one in examples.apart.get(question, ()) if one not in right]
            found.append(draw.choice(told or others or [draw.randrange(len(passages))]))
    return found


def _loss(tuned: Upper, batch: Sequence[_Pair], cards: Sequence[Tensor]) -> Tensor:
    """Cross-entropy of each question's own card among all cards of the batch."""
    made, mask = padded([pair.states.float() for pair in batch])
    told, there = padded([cards[at].float() for pair in batch for at in (pair.card, pair.other)])
    with torch.autocast("cpu", dtype=torch.bfloat16):
        questions, passages = tuned(made, mask), tuned(told, there)
    logits = SCALE * questions.float() @ passages.float().T
    of = torch.tensor([at for pair in batch for at in (pair.card, pair.other)])
    own = torch.arange(len(batch)) * 2
    again = of[None, :] == torch.tensor([pair.card for pair in batch])[:, None]
    again[torch.arange(len(batch)), own] = False
    return nn.functional.cross_entropy(logits.masked_fill(again, -torch.inf), own)


def _batches(pairs: list[_Pair], size: int, draw: random.Random) -> Iterator[list[_Pair]]:
    """Batches without end."""
    while True:
        draw.shuffle(pairs)
        yield from (pairs[at : at + size] for at in range(0, len(pairs), size))
