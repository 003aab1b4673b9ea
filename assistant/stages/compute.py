"""Stage 4: the tool that a message means runs; a document as a whole, and a title's conditions are answered here too."""

from __future__ import annotations

from dataclasses import replace

from assistant.compute import compute_at
from assistant.document.answer import of_document
from assistant.history import Turn
from assistant.look_alikes import with_standing
from assistant.notices import asked_by_place, asks_of_another, place_of, titled
from assistant.own_documents import about_document, about_title
from assistant.question import read as read_question
from assistant.route import KNOWLEDGE, NOTE, Route, decide
from assistant.state import Part, Reply, State
from assistant.summary import Summary
from assistant.tables.answer import about_table
from assistant.understand.meaning import ALONE, Understanding
from corpus.ledger import Document
from tools.conditions.places import is_unlisted
from tools.firm.profile import extract


def compute(state: State) -> State:
    """Each part with its tool and what that computed, or a whole reply."""
    desk, ledger = state.desk, state.desk.retriever.index.ledger
    parts = tuple(routed(state, part) for part in state.parts)
    first = parts[0]
    if desk.document and (one := _one_document(state)):
        return state.deciding("去向", "这一份资料", parts=parts, said=_reply(state, one))
    if following := _of_meant_document(state):
        return state.deciding("去向", "说到的那份资料", parts=parts, said=_reply(state, following))
    if counted := about_table(state.text, state.turns, ledger, desk.filters.spaces, desk.sources, desk.day):
        return state.deciding("去向", "表里算的", parts=parts, said=_reply(state, counted))
    if len(parts) == 1 and (whole := _whole(state, first.route)):
        return state.deciding("去向", "整份资料", parts=parts, said=_reply(state, whole))
    parts = tuple(replace(part, computed=compute_at(part.route, part.text, state.desk.day)) for part in parts)
    return state.deciding("去向", "；".join(explained(part.route) for part in parts), parts=parts)


def _reply(state: State, told: Summary) -> Reply:
    """An answer from own documents, with what must be said of those that look like bundled ones."""
    standing = with_standing(told.text, told.citations, state.text, state.desk)
    unsettled = str(told.data["document_id"]) if told.data.get("unsettled") else ""
    return Reply(standing.text, citations=standing.citations, unsettled=unsettled)


def _one_document(state: State) -> Summary | None:
    """The answer from the only document that may be answered from; None where it is not there."""
    documents = state.desk.retriever.index.ledger.documents(state.desk.filters.spaces, "document")
    document = next((d for d in documents if d.source_id == state.desk.document), None)
    return _of(state, document) if document else None


def _of_meant_document(state: State) -> Summary | None:
    """The answer from the document of one's own that a message names, or that the last answer stands on, where it answers.

    Named is one by its title, or by a place of which nothing else is known.
    """
    documents = state.desk.retriever.index.ledger.documents(state.desk.filters.spaces, "document")
    title = titled(state.text, documents)
    of_place = [d for d in asked_by_place(state.text, documents) if is_unlisted(place_of(d))]
    named = [title] if title else of_place
    if not named and not asks_of_another(state.text) and (last := _last_cited(state)):
        named = [d for d in documents if d.document_id == last]
    found = _of(state, named[0]) if len(named) == 1 else None
    return None if found is None or found.data.get("absent", True) else found


def _last_cited(state: State) -> str:
    """The id of the one document of one's own that the last answer stands on, where the message goes on from it."""
    last = state.turns[-1] if state.turns else None
    cited = {citation.passage_id.rpartition("#")[0] for citation in last.citations} if last else set()
    if last is None or last.call or len(cited) != 1 or not all(c.origin == "document" for c in last.citations):
        return ""
    return "" if state.means and state.means.sure and _of_its_own(state.means) else cited.pop()


def _of_its_own(means: Understanding) -> bool:
    """Whether a message does not go on from the last answer; where that is unsure, whether it would rather stand alone."""
    return means.leans is False or (not means.leans and means.follows == ALONE)


def _of(state: State, document: Document) -> Summary:
    desk, ledger = state.desk, state.desk.retriever.index.ledger
    return of_document(
        state.text,
        state.turns,
        document,
        state.known,
        ledger,
        desk.filters.spaces,
        desk.sources,
        desk.day,
        desk.understander,
    )


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
