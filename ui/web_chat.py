"""A browser tab's conversation: the assistant's events, gathered into what the page shows."""

from __future__ import annotations

import logging
import time
import uuid
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from assistant.cite import reference_list
from assistant.history import History, Turn
from core.errors import XiangdaoError
from core.types import Answer, Brief, Citation, Done, Event, Notice, Piece, Source, Sources, ToolResult, Wording
from ui import web_text as say
from ui.attachments import Attached
from ui.troubles import of_system

if TYPE_CHECKING:
    from corpus.ledger import Document, Ledger

log = logging.getLogger(__name__)
REDRAW_S = 0.1
REOPENED_TURNS = 200
"""The most that is shown of a conversation taken up again."""


class Asks(Protocol):
    """What the page needs of an assistant to get an answer."""

    def ask(self, question: str, session: str | None = None, *, document: str | None = None) -> Iterator[Event]: ...


@dataclass
class Exchange:
    """One question on the page and what is known of its answer so far. of_document: whether one document alone was asked."""

    number: int
    question: str
    state: Literal["working", "done", "stopped", "failed"] = "working"
    status: str = say.SEARCHING
    found: int = 0
    text: str = ""
    draft: str = ""
    citations: tuple[Citation, ...] = ()
    references: str = ""
    notices: list[str] = field(default_factory=list)
    answer: Answer | None = None
    seconds: float = 0.0
    error: tuple[str, str, str] | None = None
    session: str = ""
    turn_id: int = 0
    good: bool | None = None
    reasoned: bool = False
    of_document: bool = False

    def citation(self, n: int) -> Citation | None:
        return next((c for c in self.citations if c.n == n), None)


@dataclass
class Conversation:
    """The exchanges of one tab. The session id, given at the first question, keys the assistant's memory.

    document, about: id and title of the one document that is asked, "" for none; fresh: whether it was attached and nothing has
    been said of it yet; kept: its id as the store has it. attached: the files attached since the last question.
    """

    session: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    asked: int = 0
    document: str = ""
    about: str = ""
    fresh: bool = False
    kept: str = ""
    attached: Attached = field(default_factory=Attached)

    @property
    def newest(self) -> Exchange | None:
        """The exchange last asked in this tab, which stands apart from those before it."""
        return self.exchanges[-1] if self.asked else None

    @property
    def earlier(self) -> list[Exchange]:
        return self.exchanges[:-1] if self.asked else self.exchanges

    def begin(self, question: str) -> Exchange:
        """Add a question; whatever was still being answered counts as stopped."""
        self.session = self.session or f"web-{uuid.uuid4().hex}"
        self.stop()
        self.asked += 1
        self.exchanges.append(Exchange(len(self.exchanges) + 1, question, session=self.session))
        return self.exchanges[-1]

    def turn_to(self, document: Document | None, fresh: bool = False) -> None:
        """Ask one document alone from now on, or all of them again."""
        self.document, self.about = (document.document_id, document.title) if document else ("", "")
        self.fresh = fresh and document is not None

    def keep_document(self, history: History) -> None:
        """Have the store know which document is asked, as soon as the conversation stands there."""
        if self.document != self.kept and any(exchange.turn_id for exchange in self.exchanges):
            history.keep_document(self.session, self.document)
            self.kept = self.document

    def stop(self) -> None:
        if self.exchanges and self.exchanges[-1].state == "working":
            self.exchanges[-1].state = "stopped"

    def citation(self, exchange: int, n: int) -> Citation | None:
        """A citation given in this conversation; nothing else can be opened."""
        if 1 <= exchange <= len(self.exchanges):
            return self.exchanges[exchange - 1].citation(n)
        return None


def reply(
    assistant: Asks, exchange: Exchange, sources: dict[str, Source], document: str | None = None, worded: bool = True
) -> Iterator[None]:
    """Answer the exchange; yields whenever the page should be redrawn. Every error ends up on the exchange.

    document: the id of the one document that is asked. worded: whether a model may take its time; without one all
    comes at once, and only the end is drawn.
    """
    started = drawn = time.perf_counter()
    with _failing(exchange):
        for event in assistant.ask(exchange.question, exchange.session, document=document):
            if exchange.state != "working":
                return
            take(exchange, event, sources)
            now = time.perf_counter()
            if (worded and not isinstance(event, Piece)) or now - drawn >= REDRAW_S:
                drawn = now
                yield
        exchange.state = "done"
    exchange.seconds = time.perf_counter() - started
    yield


@contextmanager
def _failing(exchange: Exchange) -> Iterator[None]:
    """Every error ends up on the exchange."""
    try:
        yield
    except XiangdaoError as exc:
        exchange.state, exchange.error = "failed", (say.ERROR_TITLE, exc.message, exc.hint)
    except Exception as exc:
        exchange.state, exchange.error = "failed", _unforeseen(exc)


def _unforeseen(exc: Exception) -> tuple[str, str, str]:
    """What an error of the system means; of a bug the user gets a number to quote, and the log the traceback."""
    if trouble := of_system(exc):
        return say.ERROR_TITLE, trouble.message, trouble.hint
    reference = uuid.uuid4().hex[:8]
    log.error("question failed, reference %s", reference, exc_info=exc)
    return say.BUG_TITLE, say.BUG_TEXT.format(reference=reference), ""


def introduce(
    history: History, exchange: Exchange, ledger: Ledger, document: Document, sources: dict[str, Source]
) -> None:
    """Say what an attached document is and what it can be asked, as a turn of the conversation."""
    from assistant import summary

    with _failing(exchange):
        found = summary.introduce(ledger, document, sources)
        turn = Turn(exchange.question, "", found.text, citations=found.citations)  # "": it is no question to go on from
        exchange.turn_id = history.add(exchange.session, turn, say.ATTACHED_TITLE.format(title=document.title))
        questions = tuple(found.data["questions"])
        answer = Answer(exchange.question, found.text, citations=found.citations, suggestions=questions)
        take(exchange, Done(answer, exchange.turn_id), sources)
        exchange.state = "done"


def take(exchange: Exchange, event: Event, sources: dict[str, Source]) -> None:
    """Bring the exchange up to date with one event."""
    match event:
        case Sources(hits):
            exchange.found = len(hits)
            exchange.status = say.FOUND.format(count=len(hits)) if hits else say.FOUND_NONE
        case Brief(text, citations):
            exchange.text, exchange.citations = text, citations
            exchange.references = reference_list(citations, sources)
        case Wording(_, leaves_machine):
            exchange.status = say.WORDING_ELSEWHERE if leaves_machine else say.WORDING
        case Piece(text):
            exchange.draft += text
        case ToolResult():
            exchange.status = say.COMPUTING
        case Notice(text):
            exchange.notices.append(text)
        case Done(answer, turn_id):
            exchange.turn_id = turn_id
            exchange.answer, exchange.text, exchange.draft = answer, answer.text, ""
            exchange.citations = answer.citations
            exchange.references = reference_list(answer.citations, sources)


def reopened(history: History, session: str, sources: dict[str, Source]) -> Conversation:
    """A kept conversation as the page shows it; an empty one where it is not this person's or is gone."""
    turns = history.turns(session, REOPENED_TURNS)
    thumbs = _thumbs(history, [turn.id for turn in turns])
    exchanges = [
        Exchange(
            number, turn.question, "done", text=turn.answer, citations=turn.citations, session=session, turn_id=turn.id,
            references=reference_list(turn.citations, sources), good=thumbs.get(turn.id),
            answer=Answer(turn.question, turn.answer, turn.refused, turn.citations, engine=turn.engine),
        )
        for number, turn in enumerate(turns, 1)
    ]  # fmt: skip
    return Conversation(session, exchanges) if exchanges else Conversation()


def _thumbs(history: History, ids: list[int]) -> dict[int, bool]:
    if not history.database or not ids:
        return {}
    from assistant.store.feedback import of_turns

    return of_turns(history.database, ids)


def rate(history: History, exchange: Exchange, wanted: Mapping[str, Any]) -> None:
    """Keep a thumb for an answer, with the reason where one was given."""
    from assistant.store.feedback import give

    good = wanted.get("good") is True
    try:
        if history.database and exchange.turn_id:
            reason, note = str(wanted.get("reason", "")), str(wanted.get("note", ""))
            give(history.database, history.user, exchange.turn_id, good, reason, note)
            exchange.good, exchange.reasoned = good, bool(reason or note)
    except XiangdaoError as exc:
        exchange.notices.append(str(exc))
