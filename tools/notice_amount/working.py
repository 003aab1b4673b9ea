"""A computation under way: its steps, what it used and what it lacks."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from core.types import Passage
from tools.notice_amount.rules import Rule
from tools.notice_amount.sums import shown


@dataclass
class Working:
    """A computation under way. used: places of the question's figures that went in; missing: what is lacking."""

    rule: Rule
    steps: list[str] = field(default_factory=list)
    used: set[int] = field(default_factory=set)
    passages: list[Passage] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    look: list[str] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    capped: list[str] = field(default_factory=list)
    value: Decimal | None = None
    limits: list[tuple[Decimal, str]] = field(default_factory=list)
    rate: Decimal | None = None
    base: Decimal | None = None
    dimensions: set[str] = field(default_factory=set)
    per: str = ""
    factor: Decimal = Decimal(1)
    people: Decimal | None = None
    nothing: str = ""

    def lack(self, what: str) -> None:
        if what and what not in self.missing:
            self.missing.append(what)

    def below(self, words: str, least: Decimal) -> None:
        """Note that a base does not reach its least: nothing is due."""
        self.value, self.nothing = Decimal(0), f"没有达到{shown(least)}的门槛（{words}）"

    def cite(self, passage: Passage) -> None:
        if passage not in self.passages:
            self.passages.append(passage)

    def cut(self, limit: Decimal, words: str) -> None:
        """Hold the value down to a limit, and note which one was near or over."""
        assert self.value is not None
        self.limits.append((limit, words))
        if self.value > limit:
            self.steps.append(f"超过{words}，按{shown(limit)}")
            self.value, self.capped = limit, [*self.capped, words]
