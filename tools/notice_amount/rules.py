"""Amount rules and what changes them, as they are read from clauses and table rows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from core.types import Passage
from tools.notice_amount.tiers import Tiers


@dataclass(frozen=True)
class Cap:
    """A most: a sum, or a share of a base. each: what it holds for one of (台, 个标准展位), empty for the whole.

    condition: the words of whom or what alone it holds for; year: whether it is for all of a year;
    by_year: whether it is a rate of a year on what is lent.
    """

    words: str
    amount: Decimal | None = None
    rate: Decimal | None = None
    base: str = ""
    each: str = ""
    year: bool = False
    condition: str = ""
    tiers: Tiers = field(default_factory=dict)
    by_year: bool = False


@dataclass(frozen=True)
class Bracket:
    """A rate or a sum for a base from low to high, in 元; open_low, open_high: whether that end itself is left out."""

    low: Decimal
    high: Decimal | None
    open_low: bool
    open_high: bool
    words: str
    rate: Decimal | None = None
    fixed: Decimal | None = None
    caps: tuple[Cap, ...] = ()


@dataclass(frozen=True)
class Rule:
    """How much one gets. rate × base, or fixed, for each of the units in `each`; or by brackets of the base.

    subject: whom and what it is for; label: the topic above it; line: which line or table row it is of.
    by_year: the rate is of a year (interest). most_months: for how long it is given. least: what the base must reach.
    band: what the firm's own size in 元 must be. unread: why it must not be computed with; empty where it may.
    """

    words: str
    subject: str
    label: str
    passage: Passage
    line: int
    tiers: Tiers = field(default_factory=dict)
    rate: Decimal | None = None
    base: str = ""
    fixed: Decimal | None = None
    each: tuple[str, ...] = ()
    caps: tuple[Cap, ...] = ()
    most_items: tuple[tuple[Decimal, str], ...] = ()
    brackets: tuple[Bracket, ...] = ()
    marginal: bool = False
    by_year: bool = False
    unread: str = ""
    table: int = -1
    siblings: int = -1
    most_months: Decimal | None = None
    least: Decimal | None = None
    band: Bracket | None = None
    notes: str = ""

    @property
    def core(self) -> str:
        """What the rule itself says: whom it is for, of what, and how much at most; not what else its sentence says."""
        return "·".join(
            (self.subject, self.base, *(cap.words for cap in self.caps), *([self.words] if self.table >= 0 else []))
        )

    @property
    def about(self) -> str:
        return f"{self.label}·{self.subject}"


@dataclass(frozen=True)
class Bonus:
    """What raises an amount where its condition is met: by a factor, by points of the rate, or by a sum."""

    kind: str
    value: Decimal
    condition: str
    words: str
    passage: Passage
    line: int


@dataclass(frozen=True)
class Share:
    """What counts only up to a share of something else: 硬件不高于软件."""

    part: str
    whole: str
    rate: Decimal
    words: str
    passage: Passage


@dataclass(frozen=True)
class Weight:
    """What counts to the base with a share of it only (按80%计入), or up to a sum (most)."""

    part: str
    rate: Decimal
    most: Decimal | None
    words: str
    passage: Passage


@dataclass(frozen=True)
class General:
    """A cap of the notice, of a part of it or of a year, that stands apart from the rules."""

    cap: Cap
    words: str
    passage: Passage
    line: int
    heading: str


@dataclass(frozen=True)
class Floor:
    """A least that a base or a computed amount must have. result: whether it is the amount's."""

    base: str
    least: Decimal
    unit: str
    open: bool
    result: bool
    words: str
    passage: Passage


@dataclass(frozen=True)
class Effect:
    """A clause that may change an amount and is none of the others. kind: difference, refusal or change."""

    kind: str
    words: str
    passage: Passage
    line: int
    heading: str


@dataclass(frozen=True)
class Window:
    """Days between which something must have been."""

    first: tuple[int, int, int]
    last: tuple[int, int, int]
    words: str


@dataclass
class Rulebook:
    """All that a notice says of amounts."""

    rules: list[Rule] = field(default_factory=list)
    bonuses: list[Bonus] = field(default_factory=list)
    shares: list[Share] = field(default_factory=list)
    weights: list[Weight] = field(default_factory=list)
    generals: list[General] = field(default_factory=list)
    floors: list[Floor] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    windows: list[Window] = field(default_factory=list)
    base: str = ""
    counted: str = ""
    without_tax: bool = False

    def add(self, items: Iterator[object]) -> None:
        kept: dict[type, list[Any]] = {
            Rule: self.rules, Bonus: self.bonuses, Share: self.shares, Weight: self.weights, General: self.generals, Floor: self.floors, Effect: self.effects,
        }  # fmt: skip
        for item in items:
            kept[type(item)].append(item)

    def reaches(self, line: int, rule: Rule) -> bool:
        """Whether what stands on a line holds for a rule: it is on the rule's own line, or on one without rules."""
        return line in {rule.line, -1} or all(other.line != line for other in self.rules)

    def with_base(self) -> None:
        """Give the rules that name no base the one that the notice names for them."""
        if self.base:
            self.rules = [replace(r, base=self.base) if (r.rate is not None and not r.base) else r for r in self.rules]


def once(passages: Iterable[Passage]) -> tuple[Passage, ...]:
    """The passages in their order, each once."""
    return tuple({passage.passage_id: passage for passage in passages}.values())
