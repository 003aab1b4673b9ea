"""The process that answers for the page: what it gives back, what happens where it ends, and that it never stays behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import active_children
from pathlib import Path

import pytest

from assistant.build import build_assistant
from core.settings import Settings
from ui.answering import TRIES, Answering
from ui.web_chat import Conversation


@pytest.fixture
def settings(copy_of_home: Path) -> Settings:
    return Settings(home=copy_of_home, engine="extractive")


@pytest.fixture
def answering(settings: Settings) -> Iterator[Answering]:
    made = Answering(settings)
    made.start()
    yield made
    made.close()


def test_an_answer_comes_back_whole_and_is_kept_for_the_one_who_asked(answering: Answering, settings: Settings) -> None:
    talk = Conversation()
    exchange = talk.begin("APS是啥？")
    assert answering.loading
    assert answering.answer("li", exchange)
    assert exchange.state == "done" and exchange.answer and exchange.answer.text == exchange.text
    assert exchange.citations and "《" in exchange.references and exchange.turn_id and exchange.seconds > 0
    own = build_assistant(settings).for_user("li")
    assert [turn.question for turn in own.history.turns(talk.session)] == ["APS是啥？"]
    assert not own.for_user("wang").history.turns(talk.session)


def test_a_question_that_cannot_be_asked_is_told_and_one_that_was_stopped_stays_so(answering: Answering) -> None:
    talk = Conversation()
    empty = talk.begin("？？？")
    assert answering.answer("li", empty) and empty.state == "failed" and empty.error
    halted = talk.begin("APS是啥？")
    talk.stop()
    assert answering.answer("li", halted) and halted.state == "stopped" and not halted.text


def test_only_the_document_that_is_asked_answers(answering: Answering) -> None:
    exchange = Conversation().begin("补贴多少")
    assert answering.answer("li", exchange, document="没有这份资料")
    assert exchange.state == "done" and exchange.answer and exchange.answer.refused and not exchange.citations


def test_where_it_is_killed_another_is_started_and_after_some_it_gives_up(
    answering: Answering, caplog: pytest.LogCaptureFixture
) -> None:
    answering.wait()
    for ended in range(1, TRIES + 1):
        for child in active_children():
            child.kill()
            child.join()
        exchange = Conversation().begin("APS是啥？")
        assert not answering.answer("li", exchange) and exchange.state == "working"
        assert f"ended ({ended})" in caplog.text
        if ended == 1:
            assert answering.answer("li", exchange) and exchange.state == "done"
            answering._ended = 1  # as if it had not answered between
        answering.wait()
    _nothing_is_left()
    assert not answering.loading
    assert not answering.answer("li", Conversation().begin("APS是啥？"))


def test_one_that_is_closed_while_it_loads_ends_at_once_and_is_no_error(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    answering = Answering(settings)
    answering.start()
    answering.close()
    answering.wait()
    assert not answering.answer("li", Conversation().begin("APS是啥？"))
    _nothing_is_left()
    assert not caplog.text


def test_a_data_folder_that_cannot_be_opened_leaves_the_answer_to_the_page(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "file").write_text("not a folder", "utf-8")
    answering = Answering(Settings(home=tmp_path / "file" / "home", engine="extractive"))
    answering.start()
    answering.wait()
    assert "could not open" in caplog.text
    assert not answering.answer("li", Conversation().begin("APS是啥？"))
    answering.close()


PARENT = """
import sys, time
from multiprocessing import active_children
from core.settings import Settings
from ui.answering import Answering
answering = Answering(Settings(home=sys.argv[1], engine="extractive"))
answering.start()
print(active_children()[0].pid, flush=True)
answering.wait() if sys.argv[2] == "loaded" else None
print("on", flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="no kill -9 there")
@pytest.mark.parametrize("when", ["loading", "loaded"])
def test_it_ends_with_the_page_even_where_that_is_killed(copy_of_home: Path, when: str) -> None:
    command = [sys.executable, "-c", PARENT, str(copy_of_home), when]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as page:
        assert page.stdout
        child = int(page.stdout.readline())
        assert page.stdout.readline() == "on\n"
        page.send_signal(signal.SIGKILL)
    deadline = time.monotonic() + 20
    while _runs(child):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def _nothing_is_left() -> None:
    """No process stays; the pool's own thread may still be taking note that one has ended."""
    deadline = time.monotonic() + 20
    while active_children():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    """Whether a process is there and not just waiting to be noticed as ended."""
    try:
        os.kill(pid, 0)
        return ") Z " not in Path(f"/proc/{pid}/stat").read_text()
    except (ProcessLookupError, FileNotFoundError):
        return False
