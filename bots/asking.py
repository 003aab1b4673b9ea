"""A question of a chat put to the assistant: whose it is, in which conversation, of which document, after which message."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from assistant.chat import CONTEXT_TURNS, Assistant
from assistant.document.told import ABSENT
from assistant.history import History, Turn
from assistant.topic import known_of
from bots import library
from bots import wording as say
from bots.mailbox import DOCUMENT, TURN, Letter, Mailbox
from bots.menus import offered, under
from bots.message import Incoming, Part, Quoted, Rows, Say
from bots.progress import Progress
from bots.traces import Trace
from core.cut import beginning, one_line
from core.errors import XiangdaoError
from core.types import Answer, Brief, Done, Notice, Piece, Wording
from corpus.ledger import Document
from tools import registry
from tools.firm.profile import Profile
from tools.spec import specs

if TYPE_CHECKING:
    from assistant.store.profiles import Profiles

BACK = 1000
"""How many turns back a message may be that is replied to."""
SUBJECT = 120
"""Characters of an unknown message that is replied to, as what is spoken of."""


@dataclass(frozen=True)
class Context:
    """What a question is asked in. document: the id of the one that it is asked of, empty for all; spoken: what comes last before it.

    told: what is said above the answer.
    """

    document: str = ""
    spoken: tuple[Turn, ...] = ()
    told: str = ""


class Recalled(History):
    """A person's history in which something else was spoken of last: what a message is a reply to."""

    def __init__(self, kept: History, spoken: Sequence[Turn]) -> None:
        super().__init__(user=kept.user, database=kept.database)
        self._kept, self._spoken = kept, tuple(spoken)

    def turns(self, session: str | None, limit: int = 8) -> list[Turn]:
        own = {turn.id for turn in self._spoken if turn.id}
        others = [turn for turn in self._kept.turns(session, limit) if turn.id not in own]
        return [*others, *self._spoken][-limit:]

    def add(self, session: str | None, turn: Turn, title: str = "") -> int:
        return self._kept.add(session, turn, title)


class Asking:
    """Asks one assistant for all users of the chats."""

    def __init__(self, assistant: Assistant, mailbox: Mailbox) -> None:
        self.assistant = assistant
        self.mailbox = mailbox

    # ---- who asks, and where

    def user(self, message: Incoming) -> str:
        """The user's name in the data folder; in a group nobody's."""
        return f"{message.app}-{'group' if message.group else message.user}"[:64]

    def person(self, message: Incoming) -> Assistant:
        """The assistant as this user meets it: his conversations, profile and documents; in a group nobody's."""
        return self.assistant.for_user(self.user(message))

    def session(self, message: Incoming) -> str | None:
        """The present conversation in the history; none in a group, where nothing is remembered."""
        if message.group:
            return None
        return f"{message.conversation}:{self.mailbox.number(message.conversation)}"

    def halt(self, message: Incoming) -> None:
        """End the wording of the answer that a conversation is getting; from another thread."""
        if session := self.session(message):
            self.assistant.stop(session)

    def turns(self, message: Incoming, limit: int = CONTEXT_TURNS) -> list[Turn]:
        """The last turns of the present conversation."""
        return self.person(message).history.turns(self.session(message), limit)

    def turn(self, message: Incoming, trace: Trace | None) -> Turn | None:
        """The turn of the present conversation that a message belongs to."""
        turns = self.turns(message, BACK) if trace and trace.turn else []
        return next((turn for turn in turns if trace and turn.id == trace.turn), None)

    # ---- what is known of the firm

    def profiles(self, message: Incoming) -> Profiles | None:
        """The store's profiles; None where nothing is stored."""
        from assistant.store.profiles import Profiles

        history = self.person(message).history
        return Profiles(history.database, history.user) if history.database else None

    def known(self, message: Incoming) -> Profile:
        """What is known of the firm, kept or told in this conversation."""
        return self.known_kept(message)[0]

    def known_kept(self, message: Incoming) -> tuple[Profile, bool]:
        """What is known of the firm, and whether it is kept beyond this conversation."""
        profiles = self.profiles(message)
        kept = profiles.kept() if profiles else None
        if kept and kept.allowed:
            return kept.profile, True
        return known_of(self.turns(message)), False

    # ---- what a conversation is about

    def topic(self, message: Incoming) -> str:
        """The id of the document that the conversation is about; empty where it is about none."""
        session = self.session(message)
        return self.person(message).history.document(session) if session else ""

    def set_topic(self, message: Incoming, document: str) -> None:
        """Let the conversation be about a document from now on; about none where empty."""
        if session := self.session(message):
            self.person(message).history.keep_document(session, document)

    def at_hand(self, message: Incoming) -> Context:
        """What a message without any reply is asked in: of the document of the conversation, unless a tool waits for an answer."""
        if not (topic := self.topic(message)):
            return Context()
        last = next(iter(self.turns(message, 1)), None)
        if last and last.call and (last.call.pending or last.call.asks):
            return Context()
        if library.document(self.person(message), topic):
            return Context(topic)
        self.set_topic(message, "")
        return Context(told=say.DOCUMENT_GONE)

    def after(self, message: Incoming, quoted: Quoted) -> Context:
        """What a reply is asked in: of the document that the other message was about, and after its turn or its words."""
        trace = self.mailbox.traces.of(message.conversation, quoted.id)
        about = trace.documents[0] if trace and trace.documents else ""
        document = about if about and library.document(self.person(message), about) else ""
        turn = self.turn(message, trace)
        if turn and turn.call and turn.call.pending and [turn] != self.turns(message, 1):
            turn = None  # a question of an assessment that has gone on since
        spoken = [turn] if turn else []
        if quoted.text and (quoted.chosen or not spoken):
            spoken.append(_as_turn(quoted))
        if document or (trace and trace.turn):
            return Context(document, tuple(spoken))
        return replace(self.at_hand(message), spoken=tuple(spoken))

    # ---- asking

    def ask(
        self, letter: Letter, question: str, progress: Progress, context: Context | None = None, tell: str = ""
    ) -> list[Part]:
        """Ask the assistant. A message that was answered before the process died, but not sent, is not asked again.

        tell: what is said above the answer.
        """
        context = context or Context()
        message, limit = letter.message, self.assistant.settings.question_characters
        if len(question) > limit and len(one_line(question[: 4 * limit])) > limit:
            return [Say(say.TOO_LONG.format(length=len(question), limit=limit))]
        turns = self.turns(message, 2)
        if letter.before is None:
            self.mailbox.set_before(letter, _state(turns[-1:]))
        elif turns and one_line(turns[-1].question) == one_line(question) and _state(turns[:-1]) == letter.before:
            self._note(letter, turns[-1].id, context.document)
            return [_under(tell, *self._said_before(message, question, turns[-1], context))]
        answer = self._answer(letter, question, progress, context)
        return [Say(say.SKIPPED)] if answer is None else [_under(tell, *self._said(message, question, answer, context))]

    def _note(self, letter: Letter, turn: int, document: str) -> None:
        """Note the turn that answers a message, and the document asked; from then on the conversation is about that."""
        self.mailbox.set_step(letter, TURN, str(turn))
        if document:
            self.mailbox.set_step(letter, DOCUMENT, document)
            self.set_topic(letter.message, document)

    def _answer(self, letter: Letter, question: str, progress: Progress, context: Context) -> Answer | None:
        """The answer; shown while it is worded where a model words it. None where it was stopped before there was any."""
        message, draft, notices = letter.message, "", list[str]()
        person = self.person(message)
        if context.spoken:
            person.history = Recalled(person.history, context.spoken)
        for event in person.ask(question, self.session(message), document=context.document or None):
            match event:
                case Done(answer, turn):
                    self._note(letter, turn, context.document)
                    return _with_notices(answer, notices)
                case Brief(text):
                    progress.brief = text
                case Wording():
                    progress.show(f"{progress.brief}\n\n{say.DRAFTING}")
                case Piece(text):
                    draft += text
                    progress.show(f"{progress.brief}\n\n{say.DRAFTING}\n{draft}")
                case Notice(text):
                    notices.append(text)
            if progress.stop.is_set():
                return Answer(question, progress.brief) if progress.brief else None
        return None

    def once(self, person: Assistant, question: str, document: str) -> str:
        """The answer from a document that is not kept; neither is the conversation."""
        for event in person.ask(question, document=document):
            if isinstance(event, Done):
                return event.answer.text
        return say.SKIPPED

    def _said(self, message: Incoming, question: str, answer: Answer, context: Context) -> tuple[str, Rows]:
        if message.group:
            return answer.text, ()
        turns = self.turns(message, 1)
        call = turns[-1].call if turns and answer.tool else None
        result = answer.tool.result if answer.tool else {}
        rows = self._beyond(message, question, answer.text, context)
        return answer.text, rows or under(self.mailbox, message.conversation, call, result, answer.suggestions)

    def _said_before(self, message: Incoming, question: str, turn: Turn, context: Context) -> tuple[str, Rows]:
        result: Mapping[str, Any] = {}
        if turn.call and turn.call.tool in specs():
            try:
                result = registry.run(turn.call.tool, turn.call.arguments).as_json()
            except XiangdaoError:
                result = {"error": True}
        rows = self._beyond(message, question, turn.answer, context)
        return turn.answer, rows or under(self.mailbox, message.conversation, turn.call, result, ())

    def _beyond(self, message: Incoming, question: str, answer: str, context: Context) -> Rows:
        """A button that asks all documents, where the one that was asked does not say it."""
        if not context.document or ABSENT not in answer:
            return ()
        return offered(self.mailbox, message.conversation, [(say.ASK_ALL, f"!all {question}")])


def _as_turn(quoted: Quoted) -> Turn:
    """A message of which nothing is known but its words, as something spoken of. Of a firm only the user's own words tell."""
    subject = beginning(one_line(quoted.text), SUBJECT)
    own = subject if quoted.by == "self" and not quoted.chosen else ""
    return Turn(own, subject, quoted.text if quoted.by == "us" else "")


def _under(told: str, text: str, rows: Rows) -> Say:
    return Say(f"{told}\n\n{text}" if told else text, rows)


def _with_notices(answer: Answer, notices: Sequence[str]) -> Answer:
    if not notices:
        return answer
    return Answer(
        **{**vars(answer), "text": answer.text + "".join(f"\n\n（{re.sub(chr(10), ' ', n)}）" for n in notices)}
    )


def titled(document: Document) -> str:
    """A document's title in a sentence."""
    return library.shown(document.title)


def _state(turns: Sequence[Turn]) -> str:
    """How a conversation stands, from its last turn."""
    told = "\n".join(f"{turn.question}\n{turn.answer}" for turn in turns[-1:])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
