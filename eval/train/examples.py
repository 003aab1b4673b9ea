"""What the models are trained on: the cards with their questions, and the labelled utterances and turns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.understand.understander import read_together
from core.errors import BadKnowledge
from corpus.cards import CORPUS, Card, load_cards
from corpus.utterances import (
    ACTS,
    Before,
    Follows,
    Turn,
    Utterances,
    load_asked,
    load_looked,
    load_turns,
    load_utterances,
)
from eval.train.unseen import Unseen, key_of, load_unseen, turn_key
from tools.spec import specs

CARDS, OTHERS = 3, 10
"""Of so many cards one question is kept from tuning, and of so many messages and turns one."""


@dataclass(frozen=True)
class Examples:
    """Questions with the card that answers each; messages with their label; turns with how they go on.

    asked: messages, some with those before them, with the card that answers each; apart: the cards that do not, by message.
    carried: the conversations among them as turns.
    """

    cards: tuple[Card, ...]
    pairs: tuple[tuple[str, int], ...]
    messages: tuple[tuple[str, str], ...]
    turns: tuple[Turn, ...]
    asked: tuple[tuple[str, int], ...] = ()
    apart: Mapping[str, tuple[int, ...]] = field(default_factory=dict)
    carried: tuple[Turn, ...] = ()


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
    place, looked = {card.id: at for at, card in enumerate(cards)}, load_looked(corpus)
    asked = [(read_together(*row.before, row.turn), place[row.card]) for row in load_asked(corpus)]
    asked += [(row.message, place[card]) for row in looked for card in row.answered_by]
    apart = {row.message: tuple(place[card] for card in row.not_by) for row in looked if row.not_by}
    turns, carried = tuple(load_turns(corpus)), tuple(asked_turns(corpus))
    return Examples(cards, pairs, messages, turns, tuple(asked), apart, carried)


def asked_turns(corpus: Path = CORPUS) -> list[Turn]:
    """Of asked.yaml: each goes on from what was said before it, and, after what was said in another conversation, a question of
    its card stands alone.
    """
    asked = [row for row in load_asked(corpus) if row.before]
    questions = {card.id: card.questions[-1] for card in load_cards(corpus)} if asked else {}
    turns = list[Turn]()
    for at, row in enumerate(asked):
        other = asked[(at + len(asked) // 2) % len(asked)]
        turns.append(_knowledge(row.before, row.turn, "detail"))
        if row.card in questions:
            turns.append(_knowledge(other.before, questions[row.card], "alone"))
    return turns


def _knowledge(before: Sequence[str], turn: str, follows: Follows) -> Turn:
    """A turn that the knowledge answers."""
    return Turn(before=tuple(Before(user=text) for text in before), turn=turn, follows=follows, intent="knowledge")


@dataclass(frozen=True)
class HeldOut:
    """What the encoder does not see: to measure how well training carries over, and to calibrate the heads."""

    pairs: tuple[tuple[str, int], ...]
    messages: tuple[tuple[str, str], ...]
    turns: tuple[Turn, ...]
    asked: tuple[tuple[str, int], ...] = ()


def split(examples: Examples, unseen: Unseen | None = None) -> tuple[Examples, HeldOut]:
    """Take out what the shipped encoder did not see in tuning. unseen: as it was told of another one."""
    apart = unseen or load_unseen()
    kept = Examples(
        examples.cards,
        tuple(pair for pair in examples.pairs if not apart.has(pair[0])),
        tuple(row for row in examples.messages if not apart.has(row[0])),
        tuple(turn for turn in examples.turns if not apart.has(turn_key(turn))),
        tuple(pair for pair in examples.asked if not apart.has(pair[0])),
        examples.apart,
        tuple(turn for turn in examples.carried if not apart.has(turn_key(turn))),
    )
    held = HeldOut(
        tuple(pair for pair in examples.pairs if apart.has(pair[0])),
        tuple(row for row in examples.messages if apart.has(row[0])),
        tuple(turn for turn in examples.turns if apart.has(turn_key(turn))),
        tuple(pair for pair in examples.asked if apart.has(pair[0])),
    )
    return kept, held


def chosen(examples: Examples) -> Unseen:
    """What to keep from the next tuning: a question of every third card, a tenth of messages and turns, by their texts alone."""
    texts = [card.questions[-1] for card in examples.cards if key_of(card.id) % CARDS == 0]
    texts += [text for text, _ in examples.asked if key_of(text) % OTHERS == 0]
    texts += [text for text, _ in examples.messages if key_of(text) % OTHERS == 0]
    texts += [key for turn in (*examples.turns, *examples.carried) if key_of(key := turn_key(turn)) % OTHERS == 0]
    return Unseen(frozenset(map(key_of, texts)))
