"""What a tool says of itself: the only place that knows its language. Routing, help, menus and buttons are derived from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from tools.firm.profile import Profile
    from tools.told import Told


@dataclass(frozen=True)
class Wording:
    """What people call an argument. said: as part of a sentence or as a label; question: the whole question that asks for it.

    more: the question for what is still open of one that was {told} in part. choices: answers offered as buttons,
    (label, what it says).
    """

    said: str
    question: str
    more: str = ""
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class ToolSpec:
    """One tool. name: of its package and of its label; title: what a result is called; about: one sentence, for help.

    own: it computes on the asker's own firm; else it looks up what the knowledge holds as well, and gives way to that.
    compute: its module with `Arguments` (a pydantic model with Chinese aliases) and `run`.
    arguments: what a message gives it to work with, with what is known of the firm. facts: how many facts of the firm a message
    itself gives that it computes on.
    """

    name: str
    title: str
    about: str
    when: str
    """What a model is told of when to call it."""
    own: bool
    compute: Callable[[], Any]
    arguments: Callable[[Told, Profile], dict[str, Any]]
    sample: Mapping[str, Any]
    """Arguments of a trial run."""
    say: str = ""
    """What may be said to get it."""
    examples: tuple[str, ...] = ()
    """Messages that people are shown; the first one stands in introductions."""
    button: str = ""
    """Its line in menus; "" where it has none."""
    called: tuple[str, ...] = ()
    """Names by which alone it runs."""
    opening: str = ""
    """What it asks for at once where it is chosen from a menu and nearly nothing is known."""
    words: Mapping[str, Wording] = field(default_factory=dict)
    """Its own arguments by their Chinese names; those that several tools share stand in tools/fields.py."""
    free: tuple[str, ...] = ()
    """Arguments that may be answered in any words."""
    for_once: tuple[str, ...] = ()
    """Arguments that hold for one question only."""
    lone_sum: tuple[str, ...] = ()
    """The arguments that a sum of money may be which is not said to be anything."""
    needs: tuple[str, ...] = ()
    """Fields of a profile of which one must be known before it is offered; none: it always is."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """What may be asked about its last result (a kind of detail, corpus/utterances/kinds.yaml) → its 只看."""
    alone_with: tuple[str, ...] = ()
    """With one of these arguments its result stands without a passage beside it."""
    source: str = ""
    """The source whose table is shown where it still lacks what it needs."""
    of_figures: bool = False
    """Whether it computes on the firm's figures, so that one that cannot be used is told."""
    of_places: Literal["", "one", "each"] = ""
    """Whether it goes by where the firm is, and runs for each of several places."""
    reported: bool = False
    """Whether its results are offered as files."""
    charted: bool = False
    """Whether its results have charts."""
    order: int = 100
    """Where it stands in lists."""
    facts: Callable[[Told], int] = lambda told: told.shaping
    finds: Callable[[Told, int], bool] = lambda told, parts: parts == 1
    """For a look-up: whether it has a row for what is named, in a message of so many questions."""
    once: Callable[[Told, str], Mapping[str, Any] | None] = lambda told, kind: {}
    """What it is asked with for this time only, for a message of a kind; None where the documents answer instead."""
    read_back: Callable[[Told, Mapping[str, Any]], Iterable[str]] = lambda told, given: ()
    """What else is to be repeated of a message's figures."""


@cache
def specs() -> dict[str, ToolSpec]:
    """Every tool by its name, in the order of help: the packages here that have a spec.py."""
    import tools

    names = [found.name for found in iter_modules(tools.__path__) if found.ispkg]
    modules = [import_module(f"tools.{name}.spec") for name in names if find_spec(f"tools.{name}.spec")]
    found: list[ToolSpec] = sorted((module.SPEC for module in modules), key=lambda spec: (spec.order, spec.name))
    return {spec.name: spec for spec in found}


def computing() -> tuple[str, ...]:
    """The tools that compute on the asker's own firm."""
    return tuple(name for name, spec in specs().items() if spec.own)


def look_ups() -> tuple[str, ...]:
    """The tools that find what the knowledge holds as well."""
    return tuple(name for name, spec in specs().items() if not spec.own)


def in_menus() -> tuple[ToolSpec, ...]:
    """The tools that menus show."""
    return tuple(spec for spec in specs().values() if spec.button)


def called(text: str) -> str:
    """The tool of which a text is the name and nothing else; "" where it is none's."""
    return next((name for name, spec in specs().items() if text == name or text in spec.called), "")
