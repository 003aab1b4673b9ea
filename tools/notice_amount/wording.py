"""The answer in words: the verb for the money, and how rules and clauses are quoted."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from core.cut import shorten

QUOTED = 90
NOTED = 50
MOST_NOTES = 4
MOST_LISTED = 5


class Worded(Protocol):
    @property
    def words(self) -> str: ...


def verb(words: str) -> str:
    """What is done with the money, as the notice says it: 补, 奖, 贴, 抵."""
    for sign, told in (("抵扣", "抵"), ("贴息", "贴"), ("奖", "奖"), ("补", "补")):
        if sign in words:
            return told
    return "拿"


def quoted(words: str) -> str:
    return shorten(words.strip("；。，, “”"), QUOTED)


def listed(rules: Sequence[Worded]) -> str:
    rows = list(dict.fromkeys(quoted(rule.words) for rule in rules))
    return "；".join(rows[:MOST_LISTED]) + ("……" if len(rows) > MOST_LISTED else "")


def notes(clauses: Sequence[Worded]) -> tuple[str, ...]:
    """Clauses to be looked at besides, short."""
    return tuple(dict.fromkeys(shorten(one.words.strip("；。，, "), NOTED) for one in clauses))[:MOST_NOTES]
