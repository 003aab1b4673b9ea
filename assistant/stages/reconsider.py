"""A second look at a question once its answer stands, with a model's proposals: kept only where it is the better one."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.arguments import gather, given_by
from assistant.compute import Computed, compute
from assistant.route import Route
from assistant.stages.compose import compose
from assistant.stages.judge import judge
from assistant.stages.retrieve import retrieve
from assistant.state import Part, State
from assistant.understand.meaning import KNOWLEDGE, Understanding
from tools.spec import specs

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


def options_for(means: Understanding | None) -> tuple[str, ...]:
    """The tools, two at most, that an unsure question may want."""
    if means is None or means.act != "ask" or (means.label == KNOWLEDGE and means.sure):
        return ()
    shares = ((means.label, means.confidence), *means.alternatives)
    return tuple(name for name, share in shares if name in specs() and share >= TOUCHED)[:2]


def reconsider(state: State, adviser: Adviser) -> State | None:
    """The state with a better answer to its one part than the one that stands; None where that one does."""
    if len(state.parts) > 1:
        return None
    until, owner, turns, part = time.monotonic() + SECONDS, state.session or "", state.turns, state.parts[0]
    route, found = part.route, state.found
    if not route.tool and (options := options_for(part.means)):
        name = adviser.tool(state.text, options, turns, owner, until)
        if not name:
            return None
        told = gather(state.text, part.whole, state.known, None, tuple(turn.question for turn in turns))
        route = Route(name, given_by(name, told))
        if _works(computed := compute(route, state.desk.day)):
            return _answered(state, replace(part, route=route, computed=computed))
    if route.tool:
        asks = _asks(compute(route, state.desk.day))
        more = adviser.arguments(route.tool, route.arguments, asks, turns, state.text, owner, until) if asks else {}
        route = replace(route, arguments={**route.arguments, **more})
        works = more and _works(computed := compute(route, state.desk.day))
        return _answered(state, replace(part, route=route, computed=computed)) if works else None
    if turns and (found.composed.refused or found.verdict.confidence < WEAK):
        made = adviser.complete(state.text, turns, owner, until)
        again = _answered(state, replace(part, whole=made)) if made else None
        surer = again and not again.found.composed.refused
        return again if again and surer and again.found.verdict.confidence > found.verdict.confidence + SURER else None
    return None


def _answered(state: State, part: Part) -> State:
    """The state with a part looked up, judged and composed anew."""
    part = replace(part, route=replace(part.route, half=False), looked=None, instead="", looked_instead=None)
    return compose(judge(retrieve(replace(state, parts=(part,)))))


def _works(computed: Computed | None) -> bool:
    return computed is not None and "error" not in computed.tool.result


def _asks(computed: Computed | None) -> tuple[str, ...]:
    """What a tool could not do without."""
    return computed.call.asks if computed and not _works(computed) else ()
