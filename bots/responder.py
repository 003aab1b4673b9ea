"""What is said to a message: commands, files, buttons and questions, each as the parts of a reply. Knows no chat app."""

from __future__ import annotations

import hashlib
import json
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from assistant.arguments import gather
from assistant.chat import CONTEXT_TURNS, Assistant
from assistant.history import Turn
from assistant.topic import known_of
from bots import library, reports
from bots import wording as say
from bots.mailbox import Letter, Mailbox
from bots.menus import Press, offered, read_press, reported, under
from bots.message import Button, File, Incoming, Part, Relabel, Rows, Say
from bots.orders import order_of
from core.cut import one_line
from core.errors import XiangdaoError
from core.types import Answer, Brief, Done, Notice, Piece, Wording
from tools import registry
from tools.firm.profile import Profile
from tools.spec import specs

if TYPE_CHECKING:
    from assistant.store.profiles import Profiles

ENOUGH = 2
"""With so many facts of the firm a tool begins at once; with fewer it says first what it wants to know."""
PRIVATE = frozenset({"profile", "forget", "report", "new"})
"""Commands that use or change what is known of a firm: not in a group, and neither are the tools."""


def _nothing(text: str) -> None:
    return None


@dataclass
class Progress:
    """An answer in the making. show: gets the text so far, for streaming; brief: what stands if there is no time for more.

    late: what is said where there is nothing yet when the time is over.
    """

    show: Callable[[str], None] = _nothing
    stop: threading.Event = field(default_factory=threading.Event)
    brief: str = ""
    late: str = say.TOO_SLOW


class Responder:
    """Replies to messages with one assistant. fetch: gets the content of a file that a user sent.

    allowed: the users who may ask, everybody where empty. address: where a private chat with the bot is opened.
    """

    def __init__(
        self,
        assistant: Assistant,
        mailbox: Mailbox,
        fetch: Callable[[str], bytes],
        allowed: frozenset[str] = frozenset(),
        address: str = "",
    ) -> None:
        self.assistant = assistant
        self.mailbox = mailbox
        self.fetch = fetch
        self.allowed = allowed
        self.address = address

    def holds(self, letter: Letter) -> bool:
        """Whether a message stands for the answer until that is there; the mere ticking of a choice needs none."""
        if not letter.message.press:
            return True
        press = read_press(self.mailbox, letter.message.conversation, letter.message.press)
        return press is None or bool(press.said)

    def waiting_text(self, letter: Letter) -> str:
        """What stands for the answer until that is there."""
        message = letter.message
        press = read_press(self.mailbox, message.conversation, message.press) if message.press else None
        said = press.said if press else message.text
        return say.WORKING if not said.strip() or said.startswith("!") or order_of(said[:200])[0] else say.WAIT

    def reply(self, letter: Letter, progress: Progress) -> list[Part]:
        """The whole reply to a message; expected errors become a sentence."""
        message = letter.message
        try:
            if self.allowed and message.user not in self.allowed:
                return [Say(say.NOT_ALLOWED.format(user=message.user))]
            if letter.beyond:
                return [Say(say.BEYOND)]
            if letter.stopped:
                return [Say(say.SKIPPED)] if self.holds(letter) else []
            if message.press:
                return self._pressed(letter, progress)
            if message.file:
                return self._file(letter, message.file, progress)
            return self._text(letter, message.text, progress)
        except XiangdaoError as exc:
            return [Say(sentence(exc))]

    # ---- text

    def _text(self, letter: Letter, text: str, progress: Progress) -> list[Part]:
        message = letter.message
        if message.other and not text.strip():
            return [Say(say.UNREADABLE.format(other=message.other))]
        if not text.strip():
            return [Say(say.EMPTY)]
        name, rest = order_of(text[:200]) if len(text) <= 200 else ("", text)
        if message.group and (name in PRIVATE or name in specs()):
            return [Say(say.PRIVATE_ONLY, self._private_chat())]
        if name:
            return self._order(letter, name, rest, progress)
        return self._ask(letter, text, progress)

    def _private_chat(self) -> Rows:
        return ((Button(say.PRIVATE_BUTTON, url=self.address),),) if self.address else ()

    def _order(self, letter: Letter, name: str, rest: str, progress: Progress) -> list[Part]:
        if name == "start":
            return [Say(say.welcome())]
        if name == "help":
            return [Say(say.help_text(library.kinds()))]
        if name == "stop":
            return [Say(say.STOPPED)]
        if name == "new":
            self.mailbox.renew(letter.message.conversation)
            return [Say(say.NEW)]
        if name == "profile":
            return self._profile(letter.message)
        if name == "forget":
            return self._forget(letter.message)
        if name == "report":
            return self._last_report(letter.message, rest)
        return self._tool(letter, name, rest, progress)

    def _tool(self, letter: Letter, name: str, rest: str, progress: Progress) -> list[Part]:
        """A tool of the menu, with more words behind it or without."""
        spec = specs()[name]
        if spec.opening and not rest:
            known, _ = self._known(letter.message)
            if spec.facts(gather("", "", known, None)) < ENOUGH:
                return [Say(spec.opening)]
        return self._ask(letter, f"{rest}，{spec.say}" if rest else spec.say, progress)

    # ---- what is known

    def person(self, message: Incoming) -> Assistant:
        """The assistant as this user meets it: his conversations, profile and documents; in a group nobody's."""
        user = f"{message.app}-{'group' if message.group else message.user}"
        return self.assistant.for_user(user[:64])

    def session(self, message: Incoming) -> str | None:
        """The present conversation in the history; none in a group, where nothing is remembered."""
        if message.group:
            return None
        return f"{message.conversation}:{self.mailbox.number(message.conversation)}"

    def halt(self, message: Incoming) -> None:
        """End the wording of the answer that a conversation is getting; from another thread."""
        if session := self.session(message):
            self.assistant.stop(session)

    def _turns(self, message: Incoming, limit: int = CONTEXT_TURNS) -> list[Turn]:
        return self.person(message).history.turns(self.session(message), limit)

    def _profiles(self, message: Incoming) -> Profiles | None:
        from assistant.store.profiles import Profiles

        history = self.person(message).history
        return Profiles(history.database, history.user) if history.database else None

    def _known(self, message: Incoming) -> tuple[Profile, bool]:
        """What is known of the firm, and whether it is kept beyond this conversation."""
        profiles = self._profiles(message)
        kept = profiles.kept() if profiles else None
        if kept and kept.allowed:
            return kept.profile, True
        return known_of(self._turns(message)), False

    def _firm(self, message: Incoming) -> str:
        return "" if message.group else self._known(message)[0].name or ""

    def _profile(self, message: Incoming) -> list[Part]:
        known, kept = self._known(message)
        if not known:
            return [Say(say.NOTHING_KNOWN)]
        entry = (say.FORGET_PROFILE, "!disallow") if kept else (say.KEEP_PROFILE, "!allow")
        hint = say.PROFILE_KEPT if kept else say.PROFILE_HINT
        return [Say(f"{known.as_text()}\n\n{hint}", offered(self.mailbox, message.conversation, [entry], kind="once"))]

    def _allow(self, message: Incoming, allowed: bool) -> list[Part]:
        session, profiles = self.session(message), self._profiles(message)
        if allowed and session:
            self.person(message).allow_profile(session)
        elif profiles:
            profiles.allow(False)
        return [Say(say.PROFILE_ALLOWED if allowed else say.PROFILE_GONE)]

    def _forget(self, message: Incoming) -> list[Part]:
        count = len(library.documents(self.person(message)))
        entries = [(say.FORGET_YES, "!forget"), (say.FORGET_NO, "!kept")]
        buttons = offered(self.mailbox, message.conversation, entries, columns=2, kind="once")
        return [Say(say.FORGET_SURE.format(count=count), buttons)]

    def _forgotten(self, message: Incoming) -> list[Part]:
        person = self.person(message)
        documents = library.clear(person)
        if database := person.history.database:
            from assistant.store.people import erase

            erase(database, person.history.user)
        self.mailbox.forget(message.conversation)
        return [Say(say.FORGOTTEN.format(documents=documents))]

    # ---- questions

    def _ask(self, letter: Letter, question: str, progress: Progress) -> list[Part]:
        """Ask the assistant. A message that was answered before the process died, but not sent, is not asked again."""
        message, limit = letter.message, self.assistant.settings.question_characters
        if len(question) > limit and len(one_line(question[: 4 * limit])) > limit:
            return [Say(say.TOO_LONG.format(length=len(question), limit=limit))]
        turns = self._turns(message, 2)
        if letter.before is None:
            self.mailbox.set_before(letter, _state(turns[-1:]))
        elif turns and one_line(turns[-1].question) == one_line(question) and _state(turns[:-1]) == letter.before:
            return self._said_before(message, turns[-1])
        answer = self._answer(message, question, progress)
        return [Say(say.SKIPPED)] if answer is None else [Say(*self._said(message, answer))]

    def _answer(self, message: Incoming, question: str, progress: Progress) -> Answer | None:
        """The answer; shown while it is worded where a model words it. None where it was stopped before there was any."""
        draft, notices = "", list[str]()
        for event in self.person(message).ask(question, self.session(message)):
            match event:
                case Done(answer):
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

    def _said(self, message: Incoming, answer: Answer) -> tuple[str, Rows]:
        if message.group:
            return answer.text, ()
        turns = self._turns(message, 1)
        call = turns[-1].call if turns and answer.tool else None
        result = answer.tool.result if answer.tool else {}
        return answer.text, under(self.mailbox, message.conversation, call, result, answer.suggestions)

    def _said_before(self, message: Incoming, turn: Turn) -> list[Part]:
        result = {}
        if turn.call and turn.call.tool in specs():
            try:
                result = registry.run(turn.call.tool, turn.call.arguments).as_json()
            except XiangdaoError:
                result = {"error": True}
        return [Say(turn.answer, under(self.mailbox, message.conversation, turn.call, result, ()))]

    # ---- buttons, files, reports

    def _pressed(self, letter: Letter, progress: Progress) -> list[Part]:
        message = letter.message
        press = read_press(self.mailbox, message.conversation, message.press)
        if press is None:
            return [Say(say.EXPIRED)]
        if not press.said:
            return [] if press.menu.used else [Relabel(message.on, press.rows)]
        if press.menu.kind != "again" and not self._valid(letter, press):
            return [Say(say.USED)]
        parts = (
            self._action(letter, press.said[1:], progress)
            if press.said.startswith("!")
            else self._choice(letter, press, progress)
        )
        return parts if press.menu.kind == "again" else [*parts, Relabel(message.on)]

    def _valid(self, letter: Letter, press: Press) -> bool:
        """Whether a menu that works once still does: not pressed before, and its question is the one that waits."""
        if press.menu.key:
            calls = [turn.call for turn in reversed(self._turns(letter.message)) if turn.call]
            waiting = next((call.pending for call in calls if call.pending), "")
            if waiting != press.menu.key and press.menu.used != letter.id:
                return False
        return self.mailbox.use(press.menu, letter)

    def _choice(self, letter: Letter, press: Press, progress: Progress) -> list[Part]:
        """A button that says something, as if it had been typed; what was chosen stands above the answer."""
        labels = [label for label, said in press.menu.entries if said in press.said.split("、")]
        first, *rest = self._ask(letter, press.said, progress)
        chosen = say.CHOSEN.format(said="、".join(labels) or press.said)
        return [Say(f"{chosen}\n\n{first.text}", first.buttons) if isinstance(first, Say) else first, *rest]

    def _action(self, letter: Letter, said: str, progress: Progress) -> list[Part]:
        name, _, rest = said.partition(" ")
        message = letter.message
        if name == "forget":
            return self._forgotten(message)
        if name == "kept":
            return [Say(say.KEPT)]
        if name == "drop":
            return [Say(say.FILE_DROPPED)]
        if name in {"allow", "disallow"}:
            return self._allow(message, name == "allow")
        if name == "keep":
            file = File(**json.loads(rest))
            progress.late = say.FILE_LATE.format(name=library.shown(file.name))
            return [Say(library.keep(self.person(message), file, self.fetch(file.ref)))]
        kind, tool, arguments = rest.split(" ", 2)
        return reports.report(tool, json.loads(arguments), kind, self._firm(message))

    def _file(self, letter: Letter, file: File, progress: Progress) -> list[Part]:
        message = letter.message
        if message.group:
            return [Say(say.PRIVATE_ONLY, self._private_chat())]
        asked = self._text(letter, message.text, progress) if message.text.strip() else []
        if refused := library.refusal(file):
            return [*asked, Say(refused)]
        kept = json.dumps({"ref": file.ref, "name": file.name, "size": file.size}, ensure_ascii=False)
        entries = [(say.FILE_YES, f"!keep {kept}"), (say.FILE_NO, "!drop")]
        buttons = offered(self.mailbox, message.conversation, entries, columns=2, kind="once")
        return [*asked, Say(say.FILE_ASK.format(name=library.shown(file.name)), buttons)]

    def _last_report(self, message: Incoming, kind: str) -> list[Part]:
        """The newest result of this conversation that can be had as a file."""
        calls = [turn.call for turn in reversed(self._turns(message)) if turn.call and reported(turn.call)]
        for call in calls:
            try:
                return reports.report(
                    call.tool, call.arguments, kind if kind in say.REPORTS else "docx", self._firm(message)
                )
            except XiangdaoError:
                continue
        return [Say(say.no_report())]


def sentence(exc: XiangdaoError) -> str:
    """An error for somebody in a chat, who has no command line."""
    return f"{exc.message}\n{exc.hint}" if exc.hint else exc.message


def _with_notices(answer: Answer, notices: Sequence[str]) -> Answer:
    if not notices:
        return answer
    return Answer(
        **{**vars(answer), "text": answer.text + "".join(f"\n\n（{re.sub(chr(10), ' ', n)}）" for n in notices)}
    )


def _state(turns: Sequence[Turn]) -> str:
    """How a conversation stands, from its last turn."""
    told = "\n".join(f"{turn.question}\n{turn.answer}" for turn in turns[-1:])
    return hashlib.sha256(told.encode("utf-8", "replace")).hexdigest()
