"""Stage 4: the tool that a message means runs; a document as a whole, and a title's conditions are answered here too."""

from __future__ import annotations

from dataclasses import replace

from assistant.compute import compute_at
from assistant.history import Turn
from assistant.own_documents import about_document, about_title
from assistant.question import read as read_question
from assistant.route import KNOWLEDGE, NOTE, Route, decide
from assistant.state import Part, Reply, State
from assistant.summary import Summary
from tools.firm.profile import extract


def compute(state: State) -> State:
    """Each part with its tool and what that computed, or a whole reply."""
    parts = tuple(routed(state, part) for part in state.parts)
    first = parts[0]
    if len(parts) == 1 and (whole := _whole(state, first.route)):
        return state.deciding("去向", "整份资料", parts=parts, said=Reply(whole.text, citations=whole.citations))
    parts = tuple(replace(part, computed=compute_at(part.route, part.text, state.desk.day)) for part in parts)
    return state.deciding("去向", "；".join(explained(part.route) for part in parts), parts=parts)


def routed(state: State, part: Part) -> Part:
    """A part with where it goes."""
    if state.desk.document:
        return replace(part, route=KNOWLEDGE)
    asked, several = read_question(part.whole), len(state.parts) > 1
    known = extract(state.text, state.known) if several else state.known
    turns, means = _turns(state, part), part.means
    route = decide(part.spoken, part.whole, turns, known, len(asked.parts), state.desk.day, means)
    return replace(part, route=KNOWLEDGE if several and route.tool == NOTE else route)


def _turns(state: State, part: Part) -> tuple[Turn, ...]:
    """The conversation with the turn last that the part goes back to."""
    if part.means is None or part.means.follows != "return":
        return state.turns
    back = [turn for turn in state.turns if turn.standalone == part.base]
    return (*(turn for turn in state.turns if turn not in back), *back)


def _whole(state: State, route: Route) -> Summary | None:
    """The answer about an own document as a whole, or about a title that the firm may meet; None where neither is asked."""
    desk = state.desk
    spaces, ledger = desk.filters.spaces, desk.retriever.index.ledger
    tool = "" if route.half else route.tool
    return about_document(
        state.text, state.turns, state.known, ledger, spaces, desk.sources, desk.day, tool, desk.document
    ) or about_title(state.text, state.turns, state.known, desk.sources, tool)


def explained(route: Route) -> str:
    """Where a message goes, in words."""
    half = "（拿不准，资料也听）" if route.half else ""
    return f"{route.tool or '资料'}{half} {route.arguments or ''}".strip()
