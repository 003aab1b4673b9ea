"""What a notice says of money, in one form: rules, and the clauses that may change what they come to."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from core.types import Passage

Measure = Literal["money", "share", "count", "months", "foreign"]


@dataclass(frozen=True)
class Figure:
    """A figure in 元, as a share of one, in months, or in its own unit. low, high: None where that end is open."""

    measure: Measure
    unit: str
    value: Decimal
    low: Decimal | None
    high: Decimal | None
    words: str
    start: int
    end: int
    exact: bool = True
    points: bool = False


@dataclass(frozen=True)
class Band:
    """From where to where a rule or a condition holds. noun: the words before it; within: whether only the part inside counts."""

    measure: Measure
    unit: str
    low: Decimal | None
    high: Decimal | None
    open_low: bool
    open_high: bool
    words: str
    noun: str = ""
    within: bool = False
    least: bool = False

    def holds(self, value: Decimal) -> bool:
        above = self.low is None or (value > self.low if self.open_low else value >= self.low)
        below = self.high is None or (value < self.high if self.open_high else value <= self.high)
        return above and below


@dataclass(frozen=True)
class Limit:
    """A most: a sum, a share of the base, or a number of things. each: of one what; empty for the whole."""

    words: str
    amount: Decimal | None = None
    share: Decimal | None = None
    number: Decimal | None = None
    each: str = ""
    of_base: bool = False


@dataclass(frozen=True)
class Rule:
    """share × base, or a sum, for each unit. head: what tells it from its neighbours; about: what they are all of.

    unread: why it must not be computed with, in words; empty where it may.
    """

    words: str
    head: str
    about: str
    passage: Passage
    line: int
    share: Decimal | None = None
    sum: Decimal | None = None
    base: str = ""
    unit: str = ""
    per: Decimal = Decimal(1)
    per_measure: Measure | None = None
    whole_units: bool = False
    bands: tuple[Band, ...] = ()
    limits: tuple[Limit, ...] = ()
    table: int = -1
    monthly: bool = False
    unread: str = ""


@dataclass(frozen=True)
class Clause:
    """A sentence that gives nothing itself. kind: refuse, raise, cap, less (what was had is taken off), highest, stack, other.

    factor, points, instead: what a raise does; of_cap: to the cap; after_cap: to what the cap left; head: the words of whom or what it is for.
    """

    kind: str
    words: str
    head: str
    passage: Passage
    line: int
    about: str = ""
    factor: Decimal | None = None
    points: Decimal | None = None
    of_cap: bool = False
    after_cap: bool = False
    instead: Decimal | None = None
    bands: tuple[Band, ...] = ()
    limit: Limit | None = None


@dataclass
class Notice:
    rules: list[Rule] = field(default_factory=list)
    clauses: list[Clause] = field(default_factory=list)
    text: str = ""
