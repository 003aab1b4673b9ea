"""What is answered: an amount, or the rule with what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from core.types import Passage


@dataclass(frozen=True)
class Amount:
    """An amount, or why there is none. text: the answer first, in bold; passages: where the rule stands, to be cited.

    value_yuan: 0 where nothing is due, None where it must not be computed.
    notes: clauses that may change it and that the question does not speak of, short and in their own words.
    """

    value_yuan: Decimal | None
    text: str
    passages: tuple[Passage, ...]
    notes: tuple[str, ...] = ()


def once(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages in their order, each once."""
    return tuple({passage.passage_id: passage for passage in passages}.values())
