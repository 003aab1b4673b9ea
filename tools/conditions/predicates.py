"""What a condition asks of a firm, as a tree: ranges, places, trades, titles, size classes, statements, and what joins them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tools.firm.region import Place


@dataclass(frozen=True)
class Range:
    """A figure of the firm between two ends; None is no end. attribute: a key of words.yaml; a/b is a share in percent.

    Money in 万元, levels 1 to 4, time in years, dates as ordinals of their day.
    """

    attribute: str
    text: str
    low: float | None = None
    high: float | None = None
    low_closed: bool = True
    high_closed: bool = True


@dataclass(frozen=True)
class Located:
    """The firm is registered in a place, or in one that it holds."""

    place: Place
    text: str


@dataclass(frozen=True)
class InTrade:
    """The firm's trade is the one named, or a part of it."""

    name: str
    text: str


@dataclass(frozen=True)
class Titled:
    """The firm holds a title, or one that has it as its precondition."""

    title: str
    text: str


@dataclass(frozen=True)
class Sized:
    """The firm is of one of these classes of the official size table."""

    classes: frozenset[str]
    text: str


@dataclass(frozen=True)
class Used:
    """The money is meant for one of these purposes."""

    purposes: frozenset[str]
    text: str


@dataclass(frozen=True)
class Stated:
    """Something that the firm can only say of itself by yes or no; key of words.yaml's statements."""

    key: str
    text: str


@dataclass(frozen=True)
class Unknown:
    """What no rule reads: it can only be checked by a person. ask: the question that would settle it."""

    text: str
    ask: str = ""


@dataclass(frozen=True)
class Soft:
    """What is preferred or encouraged: no condition at all."""

    text: str


@dataclass(frozen=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class AtLeast:
    """At least so many of the parts hold."""

    count: int
    parts: tuple[Node, ...]


@dataclass(frozen=True)
class Either:
    """One sentence that can be read in several ways: decided only where all of them agree."""

    readings: tuple[Node, ...]


@dataclass(frozen=True)
class Not:
    part: Node


Node = Range | Located | InTrade | Titled | Sized | Used | Stated | Unknown | Soft | And | Or | AtLeast | Either | Not


def both(parts: Sequence[Node]) -> Node:
    """All of the parts; one alone stands for itself."""
    return parts[0] if len(parts) == 1 else And(tuple(parts))


def either(parts: Sequence[Node]) -> Node:
    """One of the parts; one alone stands for itself."""
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
