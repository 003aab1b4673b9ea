"""Files, edits and replies when the process dies between two steps: one answer, one document, one turn."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
from pathlib import Path
from typing import Any

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.history import History
from bots import dispatcher, wording
from bots.dispatcher import Dispatcher
from bots.intake import Intake
from bots.library import documents
from bots.mailbox import Mailbox
from bots.message import File, Incoming
from bots.responder import Responder
from core.settings import Settings
from eval.bot_api import BotApi
from ingest.jobs import Jobs
from ingest.queue import Queue
from tests.bots.conftest import NOTICE, document
from tests.bots.test_dispatcher import Chats, Killed
from tests.bots.test_killed import start

pytestmark = pytest.mark.anyio
MOST, MOST_SAID = "每家最高贴息多少？", "37万元"


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


class Process:
    """One process after another over one data folder and one chat."""

    def __init__(self, home: Path, assistant: Assistant) -> None:
        self.mailbox, self.chats, self.assistant = Mailbox(home / "bots.db"), Chats(), assistant
        self.count = 0

    def message(self, text: str, **more: Any) -> Incoming:
        self.count += 1
        more.setdefault("reply_to", f"u{self.count}")
        return Incoming("app", str(self.count), "7", "7", text, **more)

    async def run(self, *messages: Incoming) -> list[BaseException]:
        """Take messages, or only what was left, until all is answered or the process dies; of what it died."""
        responder = Responder(self.assistant, self.mailbox, lambda ref: NOTICE.encode())
        running = Dispatcher(self.mailbox, responder, self.chats, lambda exc: pytest.fail(repr(exc)), workers=1)  # type: ignore[arg-type]
        responder.open()
        if messages:
            running.accept(messages)
        else:
            running.resume()
        died = list[BaseException]()
        while running._tasks:
            found = await asyncio.gather(*running._tasks.values(), return_exceptions=True)
            died += [exc for exc in found if isinstance(exc, BaseException)]
        await asyncio.to_thread(responder.close)
        return died

    def press(self) -> str:
        """What the first button under the newest menu carries."""
        menu = self.mailbox.last_menu("app:7:7")
        assert menu
        return f"{menu.id}.0"

    def turns(self) -> list[str]:
        history = self.assistant.history.of("app-7")
        return [turn.question for turn in history.turns("app:7:7:1", 100)]

    def said(self) -> list[str]:
        """What stands in the chat, mere placeholders aside."""
        return [text for text in self.chats.seen("7") if not text.startswith(("收到，", "正在"))]


@pytest.fixture
def process(copy_of_home: Path, monkeypatch: pytest.MonkeyPatch) -> Process:
    monkeypatch.setattr(dispatcher, "ALBUM_S", 0.05)
    return Process(copy_of_home, build_assistant(Settings(home=copy_of_home)))


def dies(patch: pytest.MonkeyPatch, place: Any, step: str, after: bool) -> None:
    """The process ends at the first call of a step, before it is done or right after."""
    kept = getattr(place, step)

    def killed(*given: Any, **named: Any) -> Any:
        if after:
            kept(*given, **named)
        raise Killed

    patch.setattr(place, step, killed)


STEPS: list[tuple[Any, str]] = [
    (Mailbox, "use"), (Intake, "hand_in"), (Jobs, "submit"), (Mailbox, "set_step"), (Intake, "follow"), (Queue, "drop"),
    (History, "keep_document"), (Mailbox, "set_before"), (History, "add"), (Mailbox, "answer"), (Mailbox, "sent"),
    (Mailbox, "done"),
]  # fmt: skip


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("caption", "place", "step"),
    [(MOST, *step) for step in STEPS] + [("", *step) for step in STEPS if step[0] is History],
    ids=[step for _, step in STEPS] + [f"{step}-bare" for place, step in STEPS if place is History],
)
async def test_a_file_is_taken_in_and_answered_once(
    process: Process, monkeypatch: pytest.MonkeyPatch, caption: str, place: Any, step: str, after: bool
) -> None:
    file = File("ref", "智造贷.txt", 400)
    assert await process.run(process.message(caption, file=file)) == []
    press = process.message("", press=process.press(), on="1", reply_to="")
    with monkeypatch.context() as patch:
        dies(patch, place, step, after)
        died = await process.run(press)
    assert [type(exc) for exc in died] == [Killed]
    assert await process.run() == []
    _, answer = process.said()
    assert answer.count("已收下《智造贷.txt》") + answer.count("已经在您的私有资料里") == 1
    assert (MOST_SAID if caption else "2026-12-15") in answer
    assert process.turns() == [caption or wording.LOOKED_AT]
    person = process.assistant.for_user("app-7")
    assert [d.title for d in documents(person)] == ["明水县智造贷通知"]
    assert Jobs(person.retriever.index).jobs("app-7") == []
    assert "12月15日" in await said_to(process, "什么时候截止")


async def said_to(process: Process, text: str) -> str:
    assert await process.run(process.message(text)) == []
    return process.said()[-1]


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("place", "step"), [(Mailbox, "join"), (Mailbox, "offer"), (Mailbox, "answer"), (Mailbox, "done")]
)
async def test_an_album_gets_one_question(
    process: Process, monkeypatch: pytest.MonkeyPatch, place: Any, step: str, after: bool
) -> None:
    album = [process.message("", file=File(f"r{n}", f"{n}.txt", 4), album="g") for n in range(3)]
    with monkeypatch.context() as patch:
        dies(patch, place, step, after)
        assert [type(exc) for exc in await process.run(*album)] == [Killed]
    assert await process.run() == []
    (asked,) = process.said()
    assert "《0.txt》、《1.txt》、《2.txt》" in asked and process.mailbox.waiting() == 0


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    ("place", "step"),
    [(Mailbox, "set_holder"), (History, "take_back"), (Mailbox, "set_before"), (History, "add"), (Mailbox, "answer"),
     (Mailbox, "sent"), (Mailbox, "done")],
)  # fmt: skip
async def test_an_edited_message_is_answered_anew_once(
    process: Process, monkeypatch: pytest.MonkeyPatch, place: Any, step: str, after: bool
) -> None:
    assert await process.run(process.message("APS是啥")) == []
    edit = process.message("WMS是什么意思", edited=True, reply_to="u1")
    with monkeypatch.context() as patch:
        dies(patch, place, step, after)
        assert Killed in [type(exc) for exc in await process.run(edit)]
    assert await process.run() == []
    (answer,) = process.said()
    assert "WMS" in answer and answer.startswith(wording.EDITED_HERE)
    assert process.turns() == ["WMS是什么意思"]


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is a matter of POSIX")
@pytest.mark.parametrize(
    ("label", "seen"),
    [("收下", "正在下载"), ("收下", "正在"), ("只问", "正在")],
    ids=["while it comes", "while it is read", "while it is asked once"],
)
def test_the_whole_process_is_killed_while_a_file_comes_in(copy_of_home: Path, label: str, seen: str) -> None:
    with BotApi().running() as api, contextlib.ExitStack() as ends:
        api.files["notice"] = NOTICE.encode()
        running = start(copy_of_home, api)
        ends.callback(lambda: running.poll() is None and running.kill())
        api.say(7, None, caption=MOST, **document("智造贷.txt"))
        api.wait(lambda: any(sent.buttons for sent in api.chat(7)), 60)
        if seen == "正在下载":
            api.fail("download", 30.0)
        api.press(7, api.chat(7)[0], label)
        api.wait(
            lambda: any(sent.text.startswith((seen, "已收下")) or MOST_SAID in sent.text for sent in api.chat(7)), 90
        )
        running.send_signal(signal.SIGKILL)
        running.wait(20)
        api.faults.clear()
        running = start(copy_of_home, api)
        api.wait(lambda: any(MOST_SAID in sent.text for sent in api.chat(7)), 90)
        api.say(7, "谢谢")
        api.wait(lambda: any("不客气" in sent.text for sent in api.chat(7)), 90)
        running.terminate()
        running.communicate(timeout=30)
        found = [sent.text for sent in api.chat(7) if not sent.text.startswith(("收到，", "正在"))]
        assert [(MOST_SAID in text, "不客气" in text) for text in found[1:]] == [(True, False), (False, True)]
        ledger = build_assistant(Settings(home=copy_of_home)).retriever.index.ledger
        assert [d.space for d in ledger.documents(None, "document")] == ["user:telegram-7"] * (label == "收下")
