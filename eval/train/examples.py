"""What the models are trained on: the cards with their questions, and the labelled utterances and turns."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from core.errors import BadKnowledge
from corpus.cards import CORPUS, Card, load_cards
from corpus.utterances import ACTS, Turn, Utterances, load_turns, load_utterances
from tools.spec import specs


@dataclass(frozen=True)
class Examples:
    """Questions with the card that answers each; messages with their label; turns with how they go on."""

    cards: tuple[Card, ...]
    pairs: tuple[tuple[str, int], ...]
    messages: tuple[tuple[str, str], ...]
    turns: tuple[Turn, ...]


def labelled(corpus: Path = CORPUS) -> list[Utterances]:
    """Every label's messages: the tools in the order of help, then the acts; by their places some are held out.

    BadKnowledge where a label is no tool's and no act.
    """
    order, kinds = [*specs(), *ACTS], load_utterances(corpus)
    if foreign := {kind.label for kind in kinds}.difference(order):
        told = "、".join(sorted(foreign))
        raise BadKnowledge(f"没有叫 {told} 的工具，它的说法学不了。", "文件里的 label 改成工具的名字。")
    return sorted(kinds, key=lambda kind: order.index(kind.label))


def load_examples(corpus: Path = CORPUS) -> Examples:
    """Everything that may be trained on. pairs: a question and the index of its card."""
    cards = tuple(load_cards(corpus))
    pairs = tuple((question, at) for at, card in enumerate(cards) for question in card.questions)
    messages = tuple((text, kind.label) for kind in labelled(corpus) for text in kind.examples)
    return Examples(cards, pairs, messages, tuple(load_turns(corpus)))


@dataclass(frozen=True)
class HeldOut:
    """What the encoder does not see: to measure how well training carries over, and to calibrate the heads."""

    pairs: tuple[tuple[str, int], ...]
    messages: tuple[tuple[str, str], ...]
    turns: tuple[Turn, ...]


def split(examples: Examples, cards: int = 3, others: int = 10) -> tuple[Examples, HeldOut]:
    """Hold out one question of every third card, and every tenth message and turn."""
    last = {at: question for question, at in examples.pairs if at % cards == 0}
    kept = Examples(
        examples.cards,
        tuple(pair for pair in examples.pairs if last.get(pair[1]) != pair[0]),
        tuple(row for at, row in enumerate(examples.messages) if at % others),
        tuple(row for at, row in enumerate(examples.turns) if at % others),
    )
    held = HeldOut(tuple((q, at) for at, q in last.items()), examples.messages[::others], examples.turns[::others])
    return kept, held
