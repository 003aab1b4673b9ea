"""What the reading of a clause carries along: its context, what has been read of a segment, and what was not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from tools.conditions.predicates import Node, Unknown
from tools.conditions.tokens import Token
from tools.conditions.vocabulary import vocabulary
from tools.firm.region import Place


@dataclass(frozen=True)
class Context:
    """What a clause is read in: the day, the place of the one who gives the notice, and what was said before in the sentence."""

    day: date
    home: Place | None = None
    attribute: str | None = None
    after_project: bool = False


@dataclass
class Reading:
    """What has been read of a segment so far."""

    parts: list[Node] = field(default_factory=list)
    attribute: str | None = None
    registered: bool = False
    negated: bool = False
    shifted: bool = False
    places: int = 0


class NotRead(Exception):
    """A segment holds something that the grammar does not know."""


def text_of(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def unread(tokens: Sequence[Token]) -> Unknown:
    """A segment that is not understood, with the question of a statement or attribute that it speaks of."""
    text = text_of(tokens)
    known = vocabulary()
    for token in tokens:
        if token.kind == "statement":
            return Unknown(text, known.ask("statements", token.value))
    return Unknown(text, f"“{text}”这一条符合吗？")
