"""Answers that a model words: the composed one at once, the worded one in its place; stopped, late, failing."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant.history import History
from bots import telegram, wording
from core.settings import Settings
from core.types import Answer, Brief, Done, Event, Notice, Piece, Wording
from eval.bot_api import Refused
from tests.bots.conftest import Chatting, Start


class Scripted:
    """An assistant that follows a script and can be stopped."""

    def __init__(self, home: Path, script: Callable[[Scripted], Iterator[Event]]) -> None:
        self.settings, self.history, self.engine = Settings(home=home), History(), object()
        self.script = script
        self.stopped = threading.Event()

    def for_user(self, user: str) -> Scripted:
        return self

    def ask(self, question: str, session: str | None = None, document: str | None = None) -> Iterator[Event]:
        return self.script(self)

    def stop(self, session: str) -> None:
        self.stopped.set()


def worded(assistant: Scripted) -> Iterator[Event]:
    yield Brief("短答 [1]", ())
    yield Wording("模型", False)
    for piece in ("模型", "写的", "长答。"):
        assistant.stopped.wait(0.15)
        yield Piece(piece)
    yield Done(Answer("问", "模型写的长答。[1]"))


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telegram, "PACE_S", 0.1)


def test_the_composed_answer_stands_until_the_worded_one_replaces_it(start: Start, tmp_path: Path) -> None:
    chat = start(Scripted(tmp_path, worded))
    chat.api.say(7, "问")
    chat.api.wait(lambda: any(s.text == "模型写的长答。[1]" for s in chat.api.chat(7)))
    (sent,) = chat.api.chat(7)
    assert sent.texts[0] == wording.WAIT and sent.texts[1].startswith("短答 [1]")
    assert all(text.startswith("短答 [1]") for text in sent.texts[1:-1])


def test_flood_control_while_an_answer_grows_delays_only_the_end(start: Start, tmp_path: Path) -> None:
    chat = start(Scripted(tmp_path, worded))
    chat.api.fail("editMessageText", Refused(429, "Too Many Requests: retry after 1", retry_after=1))
    chat.api.say(7, "问")
    chat.api.wait(lambda: any(s.text == "模型写的长答。[1]" for s in chat.api.chat(7)))
    assert len(chat.api.chat(7)) == 1


def waits(assistant: Scripted) -> Iterator[Event]:
    yield Brief("短答 [1]", ())
    yield Wording("模型", False)
    assistant.stopped.wait(20)
    yield Piece("太晚")
    yield Done(Answer("问", "太晚"))


def test_stop_leaves_what_was_composed(start: Start, tmp_path: Path) -> None:
    chat = start(Scripted(tmp_path, waits))
    chat.api.say(7, "问")
    chat.api.wait(lambda: any("短答" in s.text for s in chat.api.chat(7)))
    chat.api.say(7, "停")
    assert [sent.text for sent in chat.until(7, 2)] == ["短答 [1]", wording.STOPPED]


def test_a_model_that_fails_is_told_under_the_answer(start: Start, tmp_path: Path) -> None:
    def fails(assistant: Scripted) -> Iterator[Event]:
        yield Brief("短答", ())
        yield Notice("模型没有答成。")
        yield Done(Answer("问", "短答"))

    assert start(Scripted(tmp_path, fails)).ask(7, "问").text == "短答\n\n（模型没有答成。）"


def test_a_bug_is_an_apology_and_its_traceback_is_in_the_log(start: Start, tmp_path: Path) -> None:
    def breaks(assistant: Scripted) -> Iterator[Event]:
        yield Brief("短答", ())
        raise RuntimeError("the bug")

    chat: Chatting = start(Scripted(tmp_path, breaks))
    said = chat.ask(7, "问").text
    number = said.split("编号 ")[1][:8]
    log = (chat.bot.settings.home / "errors.log").read_text(encoding="utf-8")
    assert f"--- {number}" in log and "the bug" in log and "the bug" not in said


def test_an_answer_longer_than_a_message_comes_in_several(start: Start, tmp_path: Path) -> None:
    paragraphs = [f"第{n}段。" + "字" * 990 for n in range(9)]

    def long(assistant: Scripted) -> Iterator[Event]:
        yield Brief("", ())
        yield Done(Answer("问", "\n\n".join(paragraphs), suggestions=("接着问",)))

    chat = start(Scripted(tmp_path, long))
    chat.api.say(7, "问")
    chat.api.wait(lambda: any(s.buttons for s in chat.api.chat(7)))
    found = chat.api.chat(7)
    assert "\n\n".join(sent.text for sent in found) == "\n\n".join(paragraphs)
    assert [bool(sent.buttons) for sent in found] == [False] * (len(found) - 1) + [True]
