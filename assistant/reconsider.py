"""A second look at a question once its answer stands, with a model's proposals: kept only where it is the better one."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.arguments import gather
from assistant.compose import Composed
from assistant.compute import Computed, compute
from assistant.guard import Verdict
from assistant.history import Turn
from assistant.route import Route
from assistant.understand.meaning import KNOWLEDGE, Understanding
from core.types import Hit
from tools.firm.profile import Profile

if TYPE_CHECKING:
    from assistant.proposals import Adviser

SECONDS = 12.0
"""Longest time that all proposals for one question may take together; at most three are asked for."""
WEAK = 0.5
"""An answer less sure than this may belong to a question that was not understood."""
SURER = 0.05
"""By how much surer the answer to a rewritten question must be."""
TOUCHED = 0.06
"""From this probability on a tool may be what an unsure question wants."""


@dataclass(frozen=True)
class Found:
    """What stands for a question: the tool's answer if one ran, the passages, and the answer composed from them."""

    standalone: str
    route: Route
    hits: tuple[Hit, ...]
    verdict: Verdict
    composed: Composed
    computed: Computed | None = None


LookUp = Callable[[str, Route, "Computed | None"], Found]


def options_for(means: Understanding | None) -> tuple[str, ...]:
    """The tools, two at most, that an unsure question may want."""
    from assistant.proposals import TOOLS

    if means is None or means.act != "ask" or (means.label == KNOWLEDGE and means.sure):
        return ()
    shares = ((means.label, means.confidence), *means.alternatives)
    return tuple(name for name, share in shares if name in TOOLS and share >= TOUCHED)[:2]


def reconsider(
    adviser: Adviser,
    text: str,
    found: Found,
    turns: Sequence[Turn],
    known: Profile,
    look_up: LookUp,
    owner: str,
    day: date | None = None,
    means: Understanding | None = None,
) -> Found | None:
    """A better answer to a question than the one found by rules; None where that one stands."""
    until = time.monotonic() + SECONDS
    route = found.route
    if not route.tool and (options := options_for(means)):
        name = adviser.tool(text, options, turns, owner, until)
        if not name:
            return None
        told = gather(text, found.standalone, known, None, tuple(turn.question for turn in turns))
        route = Route(name, told.arguments(name))
        if _works(computed := compute(route, day)):
            return look_up(found.standalone, route, computed)
    if route.tool:
        asks = _asks(computed := compute(route, day))
        more = adviser.arguments(route.tool, route.arguments, asks, turns, text, owner, until) if asks else {}
        route = replace(route, arguments={**route.arguments, **more})
        return look_up(found.standalone, route, computed) if more and _works(computed := compute(route, day)) else None
    if turns and (found.composed.refused or found.verdict.confidence < WEAK):
        made = adviser.complete(text, turns, owner, until)
        again = look_up(made, route, None) if made else None
        surer = again and not again.composed.refused and again.verdict.confidence > found.verdict.confidence + SURER
        return again if surer else None
    return None


def _works(computed: Computed | None) -> bool:
    return computed is not None and "error" not in computed.tool.result


def _asks(computed: Computed | None) -> tuple[str, ...]:
    """What a tool could not do without."""
    return computed.call.asks if computed and not _works(computed) else ()
