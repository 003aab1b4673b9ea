"""How well follow-ups are made complete: turns held out of training, against the complete question that a person wrote.

A turn counts as right where the conversation runs the same computing tool as the written question asked alone, or where neither
runs one and the passage that comes first for the written question is the first, or among the first three. Turns whose written
question has no answer are left out: what comes first for them means nothing. `python -m eval.turns [EACH]` prints the shares by way of following; every EACH-th turn is held out.
"""

from __future__ import annotations

import sys
import uuid
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.understand.understander import Understander
from core.settings import load_settings
from core.types import Done, Sources
from corpus.utterances import Turn, load_turns
from eval.train.heads import turn_layers
from eval.train.unseen import load_unseen, turn_key
from tools.spec import computing

HELD_OUT = 10
"""One turn in so many is kept out of the training that it is measured after."""
ANSWERED = frozenset({"slot", "detail", "revise", "reply", "return", "alone", "switch"})
"""Ways of following whose complete question can be asked alone; thanks and other forms of the last answer have none."""


@dataclass(frozen=True)
class Reached:
    """What a question came to: the computing tool that ran, the passages found, best first, and the question as completed."""

    tool: str
    passages: tuple[str, ...]
    standalone: str
    refused: bool

    def like(self, written: Reached, depth: int) -> bool:
        """Whether both ran the same computing tool, or without one the written question's passage is among the first."""
        if self.tool or written.tool:
            return self.tool == written.tool
        return written.passages[:1] == self.passages[:1] or bool(set(written.passages[:1]) & set(self.passages[:depth]))


def held_out(assistant: Assistant, each: int = HELD_OUT) -> list[Turn]:
    """Every so many-th turn, after the heads have been trained without them."""
    import numpy as np

    turns, reader = load_turns(), assistant.understander
    kept = [turn for at, turn in enumerate(turns) if at % each]
    if reader:
        message, apart = reader.heads.layers["message"], load_unseen()
        unseen = np.array([at for at, turn in enumerate(kept) if apart.has(turn_key(turn))], dtype=np.int64)
        held = unseen if len(unseen) else None
        turn, intent, goes_on = turn_layers(reader.encoder, kept, message.names, held, lambda line: None, len(kept))
        layers = {**reader.heads.layers, "turn": turn, "intent": intent}
        heads = replace(reader.heads, layers=layers, goes_on=goes_on)
        assistant.understander = Understander(reader.encoder, heads)
    return [turn for at, turn in enumerate(turns) if at % each == 0 and turn.follows in ANSWERED and turn.resolved]


def reached(assistant: Assistant, messages: Sequence[str]) -> Reached:
    """What the last message of a conversation comes to."""
    session = uuid.uuid4().hex
    for message in messages:
        events = list(assistant.ask(message, session))
    hits = [hit for event in events if isinstance(event, Sources) for hit in event.hits]
    answer = next(event.answer for event in events if isinstance(event, Done))
    standalone = assistant.history.turns(session)[-1].standalone
    assistant.history.forget(session)
    tool = answer.tool.name if answer.tool and answer.tool.name in computing() else ""
    return Reached(tool, tuple(hit.passage.passage_id for hit in hits), standalone, answer.refused)


@dataclass
class Measured:
    """By way of following: how many turns, how many reach the same first, how many among the first three; and the others."""

    every: Counter[str] = field(default_factory=Counter)
    first: Counter[str] = field(default_factory=Counter)
    near: Counter[str] = field(default_factory=Counter)
    wrong: list[tuple[Turn, Reached, Reached]] = field(default_factory=list)

    def lines(self) -> Iterator[str]:
        """The table, and a line for each turn that does not come near."""
        for name in sorted(self.every):
            yield f"{name:8} {self.every[name]:4} 轮   第一条相同 {self.first[name] / self.every[name]:.0%}   前三条 {self.near[name] / self.every[name]:.0%}"
        total = max(self.every.total(), 1)
        yield f"全部     {total:4} 轮   第一条相同 {self.first.total() / total:.1%}   前三条 {self.near.total() / total:.1%}"
        for turn, talked, written in self.wrong:
            before = " / ".join(each.user for each in turn.before)
            yield f"{turn.follows} | {before} → {turn.turn} | {talked.tool or talked.passages[:1]} {talked.standalone} | {written.tool or written.passages[:1]} {turn.resolved}"


def measure(assistant: Assistant, turns: Sequence[Turn]) -> Measured:
    """Every turn in its conversation against its written question alone."""
    found = Measured()
    for turn in turns:
        written = reached(assistant, [turn.resolved])
        if written.refused and not written.tool:
            continue
        talked = reached(assistant, [*(before.user for before in turn.before), turn.turn])
        found.every[turn.follows] += 1
        found.first[turn.follows] += talked.like(written, 1)
        found.near[turn.follows] += talked.like(written, 3)
        if not talked.like(written, 3):
            found.wrong.append((turn, talked, written))
    return found


def main(each: int = HELD_OUT) -> None:
    assistant = build_assistant(load_settings(), remember=False)
    print("\n".join(measure(assistant, held_out(assistant, each)).lines()))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HELD_OUT)
