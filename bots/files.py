"""What is said to files: one question whether to take them in, how far that is, what they say; and which of them is asked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from assistant.chat import Assistant
from assistant.document.kinds import kind_of
from assistant.history import Turn
from assistant.summary import introduce, summarise
from bots import library
from bots import wording as say
from bots.asking import Asking, Context, titled
from bots.intake import Intake, Taken
from bots.mailbox import DOCUMENT, TURN, Letter, Mailbox
from bots.menus import offered
from bots.message import Button, File, Incoming, Part, Rows, Say
from bots.progress import Progress
from core.cut import one_line, shorten
from core.errors import XiangdaoError
from corpus.ledger import Document

LISTED = 8
"""How many of a user's documents are offered."""
QUESTION_SHOWN = 60
KEY = "file:"
"""How the key of the buttons begins that ask about a file."""
WHOLE = "whole"
"""The kind of a question that asks what a document says altogether."""
ONCE = ".once"
"""How the name ends under which a document lies that is asked once and not kept."""


@dataclass(frozen=True)
class Parcel:
    """Files that wait for a yes. files: what is taken in as one each, mostly one file, else the pages of one.

    of: the ids of their messages; question: what was written with them; jobs: those handed in already, by their place.
    """

    files: tuple[tuple[File, ...], ...]
    of: tuple[tuple[str, ...], ...]
    question: str = ""
    jobs: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def file(self, at: int) -> File:
        """What is taken in at one place, by its name."""
        first, *more = self.files[at]
        if not more:
            return first
        return File(first.ref, f"{say.PHOTOS.format(id=self.of[at][0], count=len(more) + 1)}.pdf")


def parcel_from_json(text: str) -> Parcel:
    """The parcel that `as_json` gave."""
    raw = json.loads(text)
    files = tuple(tuple(File(**file) for file in group) for group in raw["files"])
    return Parcel(files, tuple(tuple(ids) for ids in raw["of"]), raw["question"], raw["jobs"])


class Files:
    """The part of a bot that deals with files."""

    def __init__(self, asking: Asking, intake: Intake, mailbox: Mailbox) -> None:
        self.asking, self.intake, self.mailbox = asking, intake, mailbox

    def tidy(self) -> None:
        """Remove what an earlier process held for one answer only."""
        for user in self.mailbox.passing():
            self.intake.forget(user)
            self.mailbox.set_passing(user, False)

    # ---- the question

    def received(self, message: Incoming, album: Sequence[Incoming]) -> list[Part]:
        """Ask whether to take in the files of a message, those of its album among them; none is fetched yet."""
        key = _key(message.reply_to)
        before = self.mailbox.last_menu(message.conversation, key) if message.edited and message.album else None
        self.mailbox.spend(message.conversation, key)
        if before and before.used <= 0:
            parcel = parcel_from_json(before.entries[0][1].partition(" ")[2])
            return [self._offer(message, replace(parcel, question=message.text.strip()), ())]
        told = [say.FILE_OTHER.format(other=one.other) for one in album if one.other and not one.file]
        good = list[tuple[File, str]]()
        for one in album:
            if one.file and (refused := library.refusal(one.file)):
                told.append(refused)
            elif one.file:
                good.append((one.file, one.reply_to))
        if not good:
            return [Say("\n".join(told))]
        question = next((one.text.strip() for one in album if one.text.strip()), "")
        question = "" if self._is_talk(question) else question
        limit = self.asking.assistant.settings.question_characters
        if len(one_line(question)) > limit:
            told.append(say.TOO_LONG.format(length=len(question), limit=limit))
            question = ""
        return [self._offer(message, _parcel(good, question), told)]

    def _is_talk(self, caption: str) -> bool:
        """Whether what is written with a file asks nothing of it: 请查收, 给你看看."""
        reader = self.asking.assistant.understander
        means = reader.read(caption) if reader and caption else None
        return bool(means and means.half and means.act == "chat")

    def _offer(self, message: Incoming, parcel: Parcel, told: Sequence[str]) -> Say:
        names = "、".join(f"《{library.shown(parcel.file(at).name)}》" for at in range(len(parcel.files)))
        kept = parcel.as_json()
        if parcel.question:
            asked = say.FILE_ASK_QUESTION.format(names=names, question=_shown(parcel.question))
            entries = [(say.FILE_YES_ASK, f"!keep {kept}"), (say.FILE_ONCE, f"!once {kept}")]
            entries = entries if len(parcel.files) == 1 else entries[:1]
            entries.append((say.FILE_NO, "!drop question"))
        else:
            asked = say.FILE_ASK.format(names=names)
            entries = [(say.FILE_YES, f"!keep {kept}"), (say.FILE_NO, "!drop")]
        key = _key(message.reply_to)
        buttons = offered(self.mailbox, message.conversation, entries, columns=2, kind="once", key=key)
        return Say("\n".join([*told, asked]), buttons)

    def typed(self, letter: Letter) -> str:
        """What the button says whose label is typed instead of pressed, right after the question; "" where none is meant."""
        message = letter.message
        menu = self.mailbox.last_menu(message.conversation)
        if menu is None or not menu.key.startswith(KEY) or menu.used not in {0, letter.id}:
            return ""
        said = next((said for label, said in menu.entries if label == message.text.strip(" 。！!")), "")
        return said if said and self.mailbox.use(menu, letter) else ""

    def replied(self, message: Incoming, file: File, of: str) -> list[Part]:
        """A question put by a reply to a file that was not taken in."""
        if refused := library.refusal(file):
            return [Say(refused)]
        return [self._offer(message, Parcel(((file,),), ((of,),), message.text.strip()), ())]

    # ---- after a yes

    def keep(self, letter: Letter, payload: str, progress: Progress) -> list[Part]:
        """Take files in; then what they say to the question, or what they are."""
        message, parcel = letter.message, parcel_from_json(payload)
        user, jobs = self.asking.user(message), dict(parcel.jobs)
        taken = list[Taken]()
        for at in range(len(parcel.files)):
            taken.append(self._taken(letter, user, parcel, at, jobs, progress))
            if taken[-1].pending or progress.timed_out:
                return [progress.late]
            if progress.stop.is_set():
                break
            if taken[-1].document:
                for id in parcel.of[at]:
                    self.mailbox.traces.became(message.conversation, id, [taken[-1].document])
        told = [one.told for one in taken]
        if not progress.timed_out:
            self.mailbox.withdraw(message.conversation, _late_key(letter))
        progress.late = Say("\n".join([*told, say.TOO_SLOW]))
        person = self.asking.person(message)
        found = [document for one in taken if (document := library.document(person, one.document))]
        if progress.stop.is_set() or not found:
            return [Say("\n".join(told))]
        if len(found) > 1:
            return [self._choice(message, found, parcel.question, told)]
        return self.turned_to(letter, found[0], parcel.question, progress, [*told, say.FILE_TOPIC])

    def _taken(
        self, letter: Letter, user: str, parcel: Parcel, at: int, jobs: dict[str, str], progress: Progress
    ) -> Taken:
        """One file of a parcel taken in, or what of that was done before."""
        step, file = f"taken{at}", parcel.file(at)
        if before := self.mailbox.step(letter, step):
            return Taken(**json.loads(before))
        handed = f"job{at}"
        job = self.mailbox.step(letter, handed) or jobs.get(str(at), "")
        if not self.intake.knows(user, job):
            progress.late = self._late(letter, parcel, at, jobs)
            progress.show(say.FILE_FETCHING.format(name=library.shown(file.name)))
            try:
                job = self.intake.hand_in(user, parcel.files[at], file.name)
            except XiangdaoError as exc:
                return Taken(told=say.FILE_FAILED.format(name=library.shown(file.name), reason=exc))
            self.mailbox.set_step(letter, handed, job)
        jobs[str(at)] = job
        progress.late = self._late(letter, parcel, at, jobs)
        found = self.intake.follow(user, job, file.name, progress)
        if not found.pending:
            self.mailbox.set_step(letter, step, json.dumps(asdict(found), ensure_ascii=False))
        return found

    def _late(self, letter: Letter, parcel: Parcel, at: int, jobs: dict[str, str]) -> Say:
        """What is said of a file that is not in when the time is over: a button that goes on from there."""
        conversation, key = letter.message.conversation, _late_key(letter)
        entries = [(say.FILE_LATE_BUTTON, f"!keep {replace(parcel, jobs=jobs).as_json()}")]
        if menu := self.mailbox.last_menu(conversation, key):  # it may stand in the chat already
            self.mailbox.reword(menu, entries)
            buttons: Rows = ((Button(say.FILE_LATE_BUTTON, f"{menu.id}.0"),),)
        else:
            buttons = offered(self.mailbox, conversation, entries, key=key)
        return Say(say.FILE_LATE.format(name=library.shown(parcel.file(at).name)), buttons)

    def once(self, letter: Letter, payload: str, progress: Progress) -> list[Part]:
        """Answer from a file that is not kept; neither is the question. Killed in between, nothing of it stays either."""
        message, parcel = letter.message, parcel_from_json(payload)
        user, file = self.asking.user(message)[: 64 - len(ONCE)] + ONCE, parcel.file(0)
        name = library.shown(file.name)
        progress.late = Say(say.FILE_ONCE_LATE.format(name=name))
        person = self.asking.assistant.for_user(user)
        person.profile = self.asking.known(message)
        self.mailbox.set_passing(user, True)
        try:
            progress.show(say.FILE_FETCHING.format(name=name))
            taken = self.intake.follow(user, self.intake.hand_in(user, parcel.files[0], file.name), file.name, progress)
            if not taken.document or progress.stop.is_set():
                return [Say(taken.told)] if taken.told and not progress.timed_out else [progress.late]
            progress.show(say.FILE_READ.format(name=name, question=_shown(parcel.question)))
            return [Say(f"{self._once(person, parcel.question, taken.document)}\n\n{say.FILE_ONCE_DONE}")]
        finally:
            self.intake.forget(user)
            self.mailbox.set_passing(user, False)

    def _once(self, person: Assistant, question: str, id: str) -> str:
        document = library.document(person, id)
        if document and self._asks_for_all(question):
            index = person.retriever.index
            return summarise(index.ledger, document, index.sources(person.filters().spaces)).text
        return self.asking.once(person, question, id)

    def _asks_for_all(self, question: str) -> bool:
        """Whether a question wants to know what a document says altogether."""
        return kind_of(question, self.asking.assistant.understander) == WHOLE

    # ---- the document that is asked

    def turned_to(
        self, letter: Letter, document: Document, question: str, progress: Progress, told: Sequence[str]
    ) -> list[Part]:
        """Let the conversation be about a document, and say what it says to a question, or what it is."""
        above = "\n".join(filter(None, told))
        if not question or self._asks_for_all(question):
            return [self._presented(letter, document, above, question)]
        progress.show(say.FILE_READ.format(name=titled(document), question=_shown(question)))
        try:
            return self.asking.ask(letter, question, progress, Context(document.document_id), above)
        except XiangdaoError as exc:
            above = f"{above}\n{say.FILE_NOT_ASKED.format(reason=exc)}"
        return [self._presented(letter, document, above)]

    def _presented(self, letter: Letter, document: Document, above: str, question: str = "") -> Say:
        """What a document is and can be asked, at length where a question wants that; as a turn of the conversation.

        It is the same turn if the process died after it.
        """
        message, person = letter.message, self.asking.person(letter.message)
        ledger, sources = person.retriever.index.ledger, person.retriever.index.sources(person.filters().spaces)
        short = introduce(ledger, document, sources)
        found = summarise(ledger, document, sources) if question else short
        question = question or say.LOOKED_AT
        if not self.mailbox.step(letter, TURN):
            last = next(iter(self.asking.turns(message, 1)), None)
            if last is None or (last.question, last.answer) != (question, found.text):
                turn = Turn(question, "", found.text, citations=found.citations)
                title = say.LOOKED_AT_TITLE.format(title=document.title)
                id = person.history.add(self.asking.session(message), turn, title)
            else:
                id = last.id
            self.mailbox.set_step(letter, TURN, str(id))
        self.mailbox.set_step(letter, DOCUMENT, document.document_id)
        self.asking.set_topic(message, document.document_id)
        questions = [(text, _about(document, text)) for text in short.data["questions"][:4]]
        buttons = offered(self.mailbox, message.conversation, questions, columns=2)
        return Say(f"{above}\n\n{found.text}".strip(), buttons)

    def _choice(self, message: Incoming, found: Sequence[Document], question: str, told: Sequence[str]) -> Say:
        asks = say.FILE_CHOOSE_QUESTION.format(question=_shown(question)) if question else say.FILE_CHOOSE
        return Say("\n".join([*told, asks]), self._each(message, found, question))

    def _each(self, message: Incoming, documents: Sequence[Document], question: str = "") -> Rows:
        """A button a document that turns to it."""
        entries = [(titled(d), _about(d, question)) for d in documents[:LISTED]]
        return offered(self.mailbox, message.conversation, entries)

    def about(self, letter: Letter, payload: str, progress: Progress) -> list[Part]:
        """A document was chosen by its button."""
        wanted: dict[str, Any] = json.loads(payload)
        document = library.document(self.asking.person(letter.message), wanted["document"])
        if document is None:
            return [Say(say.EXPIRED)]
        told = [say.CHOSEN.format(said=wanted["question"])] if wanted["question"] else []
        if self.asking.topic(letter.message) != document.document_id:
            told.append(say.DOCUMENT_TURNED.format(name=titled(document)))
        return self.turned_to(letter, document, wanted["question"], progress, told)

    def order(self, message: Incoming, rest: str) -> list[Part]:
        """Which document is asked, and which can be; none any more where the user says so."""
        person, topic = self.asking.person(message), self.asking.topic(message)
        now = library.document(person, topic)
        if rest:
            self.asking.set_topic(message, "")
            return [Say(say.DOCUMENT_OFF.format(name=titled(now)) if now else say.DOCUMENT_OFF_ALREADY)]
        own = library.documents(person)
        lines = [say.DOCUMENT_NOW.format(name=titled(now)) if now else say.DOCUMENT_NONE_NOW]
        if not own:
            return [Say(say.DOCUMENT_NONE)]
        if len(own) > LISTED:
            lines.append(say.DOCUMENT_MORE.format(count=len(own), shown=LISTED))
        rows = self._each(message, own)
        if now:
            rows += offered(self.mailbox, message.conversation, [(say.DOCUMENT_OFF_BUTTON, "!off")])
        return [Say("\n".join([*lines, say.DOCUMENT_CHOOSE]), rows)]


def _parcel(good: Sequence[tuple[File, str]], question: str) -> Parcel:
    """Files as they are taken in: photographs that were sent together are the pages of one."""
    if len(good) > 1 and all(file.photo for file, _ in good):
        return Parcel((tuple(file for file, _ in good),), (tuple(id for _, id in good),), question)
    return Parcel(tuple((file,) for file, _ in good), tuple((id,) for _, id in good), question)


def _about(document: Document, question: str) -> str:
    """What a button says that turns to a document, with a question or without."""
    return "!about " + json.dumps({"document": document.document_id, "question": question}, ensure_ascii=False)


def _late_key(letter: Letter) -> str:
    """The key of the button that asks whether the files of a message are in."""
    return f"late:{letter.id}"


def _key(message: str) -> str:
    """The key of the buttons that ask about the file of a message."""
    return f"{KEY}{message}"


def _shown(question: str) -> str:
    return library.shown(shorten(one_line(question), QUESTION_SHOWN))
