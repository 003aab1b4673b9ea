"""What is said to a message: commands, files, buttons and questions, each as the parts of a reply. Knows no chat app."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.arguments import gather
from assistant.chat import Assistant
from bots import library, reports
from bots import wording as say
from bots.asking import Asking
from bots.edits import Edits, is_old
from bots.files import KEY, Files
from bots.intake import Intake
from bots.mailbox import Letter, Mailbox
from bots.menus import Press, offered, read_press, reported
from bots.message import Button, Incoming, Part, Quoted, Relabel, Rows, Say
from bots.orders import order_of
from bots.progress import Progress
from bots.traces import Trace
from core.errors import XiangdaoError
from tools.spec import specs

ENOUGH = 2
"""With so many facts of the firm a tool begins at once; with fewer it says first what it wants to know."""
PRIVATE = frozenset({"profile", "forget", "report", "new", "document"})
"""Commands that use or change what is known of a firm: not in a group, and neither are the tools."""
STEP_CHARACTERS = 4
"""A reply of no more to a question of an assessment is meant as its answer."""


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
        self.allowed = allowed
        self.address = address
        self.asking = Asking(assistant, mailbox)
        self.intake = Intake(assistant, fetch)
        self.files = Files(self.asking, self.intake, mailbox)
        self.edits = Edits(self.asking, mailbox)

    def open(self) -> None:
        """Take up what an earlier process left of files."""
        self.files.tidy()
        self.intake.open()

    def close(self) -> None:
        """Stop taking files in; the next process goes on."""
        self.intake.close()

    def holds(self, letter: Letter) -> bool:
        """Whether a message stands for the answer until that is there; what gets no answer, or at once, needs none."""
        message = letter.message
        if message.edited and self.edits.is_unchanged(message):
            return False
        if not message.press:
            return True
        press = read_press(self.mailbox, message.conversation, message.press)
        return press is None or bool(press.said)

    def waiting_text(self, letter: Letter) -> str:
        """What stands for the answer until that is there."""
        message = letter.message
        press = read_press(self.mailbox, message.conversation, message.press) if message.press else None
        said = press.said if press else message.text
        if message.file or not said.strip() or said.startswith("!") or order_of(said[:200])[0]:
            return say.WORKING
        return say.EDITED_AGAIN if message.edited else say.WAIT

    def halt(self, message: Incoming) -> None:
        """End the wording of the answer that a conversation is getting; from another thread."""
        self.asking.halt(message)

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
            if message.edited:
                return self._edited(letter, progress)
            return self._new(letter, progress)
        except XiangdaoError as exc:
            return [Say(sentence(exc))]

    def _new(self, letter: Letter, progress: Progress) -> list[Part]:
        if letter.message.file:
            return self._file(letter, progress)
        return self._text(letter, letter.message.text, progress)

    # ---- edited messages

    def earlier(self, letter: Letter) -> str:
        """The id of the answer in whose place that to a message comes; empty where it is sent anew."""
        return self.edits.in_place_of(letter)

    def _edited(self, letter: Letter, progress: Progress) -> list[Part]:
        """The answer to a message as it reads now, and that it replaces the one before."""
        message = letter.message
        if self.edits.is_unchanged(message):
            return []
        trace = self.edits.trace(message)
        if trace is None:
            return [Say(say.EDITED_OLD)] if is_old(message) else self._new(letter, progress)
        if not self.edits.take_back(message, trace):
            return [Say(say.EDITED_STEP)]
        if message.file and trace.documents and message.text.strip():
            parts = self._of_files(letter, trace.documents, progress)
        else:
            parts = self._new(letter, progress)
        in_place = self.edits.in_place_of(letter)
        told = say.EDITED_HERE if in_place else say.EDITED_BELOW
        return [*_above(told, parts), *(Relabel(id) for id in trace.answer if id != in_place)]

    # ---- files

    def _file(self, letter: Letter, progress: Progress) -> list[Part]:
        message = letter.message
        if message.group:
            return [Say(say.PRIVATE_ONLY, self._private_chat())]
        if order_of(message.text[:200])[0]:
            return [*self._text(letter, message.text, progress), *self.files.received(message, self._album(letter, ""))]
        return self.files.received(message, self._album(letter, message.text))

    def _album(self, letter: Letter, text: str) -> list[Incoming]:
        first, *rest = self.mailbox.album(letter)
        return [replace(first, text=text), *rest]

    def _of_files(self, letter: Letter, documents: Sequence[str], progress: Progress) -> list[Part]:
        """The question of a message put to the first of these documents that is still there; to all where none is."""
        message = letter.message
        person = self.asking.person(message)
        there = next(filter(None, (library.document(person, id) for id in documents)), None)
        if there:
            return self.files.turned_to(letter, there, message.text, progress, [])
        context = self.asking.at_hand(message)
        return self.asking.ask(letter, message.text, progress, context, context.told)

    # ---- text

    def _text(self, letter: Letter, text: str, progress: Progress) -> list[Part]:
        message = letter.message
        if message.other and not text.strip():
            return [Say(say.UNREADABLE.format(other=message.other))]
        if not text.strip():
            return [Say(say.EMPTY)]
        if said := self.files.typed(letter):
            return self._action(letter, said[1:], progress)
        name, rest = order_of(text[:200]) if len(text) <= 200 else ("", text)
        if message.group and (name in PRIVATE or name in specs()):
            return [Say(say.PRIVATE_ONLY, self._private_chat())]
        if name:
            return self._order(letter, name, rest, progress)
        return self._asked(letter, text, progress)

    def _asked(self, letter: Letter, text: str, progress: Progress) -> list[Part]:
        """A question in plain words: of the document of the conversation, or of what it is a reply to."""
        message, quoted = letter.message, letter.message.quoted
        if quoted is None:
            context = self.asking.at_hand(message)
            return self.asking.ask(letter, text, progress, context, context.told)
        trace = self.mailbox.traces.of(message.conversation, quoted.id)
        if quoted.file and quoted.by != "us" and not (trace and trace.documents):
            if message.group:
                return [Say(say.PRIVATE_ONLY, self._private_chat())]
            return self.files.replied(message, quoted.file, quoted.id)
        if len(text.strip()) <= STEP_CHARACTERS and self._is_past_step(message, trace):
            return [Say(say.QUOTED_STEP)]
        return self._replied(letter, text, quoted, progress)

    def _replied(self, letter: Letter, text: str, quoted: Quoted, progress: Progress) -> list[Part]:
        message = letter.message
        topic, context = self.asking.topic(message), self.asking.after(message, quoted)
        document, told = library.document(self.asking.person(message), context.document), context.told
        if document and context.document != topic:
            told = say.DOCUMENT_TURNED.format(name=library.shown(document.title))
        if document and quoted.file:
            return self.files.turned_to(letter, document, text, progress, [told])
        return self.asking.ask(letter, text, progress, context, told)

    def _is_past_step(self, message: Incoming, trace: Trace | None) -> bool:
        """Whether a reply is to a question of an assessment that has gone on since."""
        turn = self.asking.turn(message, trace)
        return bool(turn and turn.call and turn.call.pending) and [turn] != self.asking.turns(message, 1)

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
        if name == "document":
            return self.files.order(letter.message, rest)
        if name == "report":
            return self._last_report(letter.message, rest)
        return self._tool(letter, name, rest, progress)

    def _tool(self, letter: Letter, name: str, rest: str, progress: Progress) -> list[Part]:
        """A tool of the menu, with more words behind it or without."""
        spec = specs()[name]
        if spec.opening and not rest:
            known, _ = self.asking.known_kept(letter.message)
            if spec.facts(gather("", "", known, None)) < ENOUGH:
                return [Say(spec.opening)]
        return self.asking.ask(letter, f"{rest}，{spec.say}" if rest else spec.say, progress)

    # ---- what is known

    def _firm(self, message: Incoming) -> str:
        return "" if message.group else self.asking.known_kept(message)[0].name or ""

    def _profile(self, message: Incoming) -> list[Part]:
        known, kept = self.asking.known_kept(message)
        if not known:
            return [Say(say.NOTHING_KNOWN)]
        entry = (say.FORGET_PROFILE, "!disallow") if kept else (say.KEEP_PROFILE, "!allow")
        hint = say.PROFILE_KEPT if kept else say.PROFILE_HINT
        return [Say(f"{known.as_text()}\n\n{hint}", offered(self.mailbox, message.conversation, [entry], kind="once"))]

    def _allow(self, message: Incoming, allowed: bool) -> list[Part]:
        session, profiles = self.asking.session(message), self.asking.profiles(message)
        if allowed and session:
            self.asking.person(message).allow_profile(session)
        elif profiles:
            profiles.allow(False)
        return [Say(say.PROFILE_ALLOWED if allowed else say.PROFILE_GONE)]

    def _forget(self, message: Incoming) -> list[Part]:
        count = len(library.documents(self.asking.person(message)))
        entries = [(say.FORGET_YES, "!forget"), (say.FORGET_NO, "!kept")]
        buttons = offered(self.mailbox, message.conversation, entries, columns=2, kind="once")
        return [Say(say.FORGET_SURE.format(count=count), buttons)]

    def _forgotten(self, message: Incoming) -> list[Part]:
        person = self.asking.person(message)
        documents = library.clear(person)
        if database := person.history.database:
            from assistant.store.people import erase

            erase(database, person.history.user)
        self.mailbox.forget(message.conversation)
        return [Say(say.FORGOTTEN.format(documents=documents))]

    # ---- buttons, reports

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
        if press.menu.key and not press.menu.key.startswith(KEY):
            calls = [turn.call for turn in reversed(self.asking.turns(letter.message)) if turn.call]
            waiting = next((call.pending for call in calls if call.pending), "")
            if waiting != press.menu.key and press.menu.used != letter.id:
                return False
        return self.mailbox.use(press.menu, letter)

    def _choice(self, letter: Letter, press: Press, progress: Progress) -> list[Part]:
        """A button that says something, as if it had been typed; what was chosen stands above the answer."""
        labels = [label for label, said in press.menu.entries if said in press.said.split("、")]
        context = self.asking.at_hand(letter.message)
        first, *rest = self.asking.ask(letter, press.said, progress, context, context.told)
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
            return [Say(say.FILE_DROPPED_QUESTION if rest else say.FILE_DROPPED)]
        if name in {"allow", "disallow"}:
            return self._allow(message, name == "allow")
        if name == "off":
            return self.files.order(message, name)
        if name == "all":
            return self.asking.ask(letter, rest, progress)
        if name in {"keep", "once", "about"}:
            work = {"keep": self.files.keep, "once": self.files.once, "about": self.files.about}[name]
            return work(letter, rest, progress)
        kind, tool, arguments = rest.split(" ", 2)
        return reports.report(tool, json.loads(arguments), kind, self._firm(message))

    def _last_report(self, message: Incoming, kind: str) -> list[Part]:
        """The newest result of this conversation that can be had as a file."""
        quoted = message.quoted and self.asking.turn(
            message, self.mailbox.traces.of(message.conversation, message.quoted.id)
        )
        turns = [*([quoted] if quoted else []), *reversed(self.asking.turns(message))]
        calls = [turn.call for turn in turns if turn.call and reported(turn.call)]
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


def _above(told: str, parts: Sequence[Part]) -> list[Part]:
    """A line above the first text of a reply."""
    first, *rest = parts
    return [Say(f"{told}\n\n{first.text}", first.buttons), *rest] if isinstance(first, Say) else [*parts]
