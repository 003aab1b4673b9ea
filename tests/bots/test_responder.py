"""Replies by themselves: what a crash leaves between an answer and its being written down."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.chat import Assistant
from assistant.history import History
from bots.mailbox import Letter, Mailbox
from bots.message import Incoming, Say
from bots.progress import Progress
from bots.responder import Responder


@pytest.fixture
def responder(guide: Assistant, tmp_path: Path) -> Responder:
    guide.history = History(tmp_path / "conversations.db")
    return Responder(guide, Mailbox(tmp_path / "bots.db"), lambda ref: b"")


def letter(responder: Responder, text: str) -> Letter:
    """A message as the mailbox gives it now."""
    responder.mailbox.accept([(Incoming("telegram", text, "7", "7", text), False)])
    found = responder.mailbox.next("telegram:7:7")
    assert found
    return found


def turns(responder: Responder) -> int:
    return len(responder.assistant.history.of("telegram-7").turns("telegram:7:7:1", 100))


def said(responder: Responder, given: Letter) -> Say:
    (part,) = responder.reply(given, Progress())
    assert isinstance(part, Say)
    return part


def test_an_answer_that_was_given_but_not_written_down_is_not_asked_for_again(responder: Responder) -> None:
    start = letter(responder, "帮我测一下几级")
    said(responder, start)
    responder.mailbox.done(start)
    first = said(responder, letter(responder, "B"))
    again = said(responder, letter(responder, "B"))
    assert again.text == first.text and "已答1题" in again.text
    assert [button.label for row in again.buttons for button in row] == [b.label for row in first.buttons for b in row]
    assert turns(responder) == 2


def test_the_same_words_as_a_new_message_are_asked_anew(responder: Responder) -> None:
    start = letter(responder, "帮我测一下几级")
    said(responder, start)
    responder.mailbox.done(start)
    first = letter(responder, "B")
    said(responder, first)
    responder.mailbox.done(first)
    responder.mailbox.accept([(Incoming("telegram", "another", "7", "7", "B"), False)])
    second = responder.mailbox.next("telegram:7:7")
    assert second and "已答2题" in said(responder, second).text
    assert turns(responder) == 3
