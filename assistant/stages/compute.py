"""Stage 4: the tool that a message means runs; a document as a whole, a title's conditions and facts told are answered here too."""

from __future__ import annotations

from dataclasses import replace

from assistant import acts
from assistant.compute import compute_at
from assistant.own_documents import about_document, about_title
from assistant.question import read as read_question
from assistant.reckonable import reckoned
from assistant.route import KNOWLEDGE, Route, decide
from assistant.state import Part, Reply, State
from assistant.summary import Summary


def compute(state: State) -> State:
    """Each part with its tool and what that computed, or a whole reply."""
    parts = tuple(routed(state, part) for part in state.parts)
    first = parts[0]
    if whole := _whole(state, first.route):
        return state.deciding("去向", "整份资料", parts=parts, said=Reply(whole.text, citations=whole.citations))
    if first.route.tool == "note" and (noted := acts.told(state.text, state.known)):
        return state.deciding("去向", "记下", parts=parts, said=Reply(noted.text))
    parts = tuple(replace(part, computed=compute_at(part.route, part.text, state.desk.day)) for part in parts)
    return state.deciding("去向", "；".join(explained(part.route) for part in parts), parts=parts)


def routed(state: State, part: Part) -> Part:
    """A part with where it goes."""
    if state.desk.document:
        return replace(part, route=KNOWLEDGE)
    if own := reckoned(part.text, state.turns):
        return replace(part, route=own)
    asked = read_question(part.whole)
    spoken = state.spoken if len(state.parts) == 1 else part.text
    route = decide(spoken, part.whole, state.turns, state.known, len(asked.parts), state.desk.day, part.means)
    return replace(part, route=route)


def _whole(state: State, route: Route) -> Summary | None:
    """The answer about an own document as a whole, or about a title that the firm may meet; None where neither is asked."""
    desk = state.desk
    spaces, ledger = desk.filters.spaces, desk.retriever.index.ledger
    return about_document(
        state.text, state.turns, state.known, ledger, spaces, desk.sources, desk.day, route.tool, desk.document
    ) or about_title(state.text, state.turns, state.known, desk.sources, route.tool)


def explained(route: Route) -> str:
    """Where a message goes, in words."""
    half = "（拿不准，资料也听）" if route.half else ""
    return f"{route.tool or '资料'}{half} {route.arguments or ''}".strip()
