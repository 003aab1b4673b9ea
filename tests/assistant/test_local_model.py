"""The conversation with a model on this machine: it may crash, be killed, hang or be stopped, and the composed answer stands."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.build import build_assistant, engine_of
from assistant.chat import Assistant
from assistant.engine import hosted
from assistant.engine.contract import EngineSettings
from assistant.engine.local import LocalEngine
from assistant.engine.model_folder import bring
from assistant.engine.own_models import own_file
from core.errors import DeviceAbsent
from core.settings import Settings
from core.types import Brief, Done, Event, Notice, Piece, Wording
from tests.engine_doubles.gguf_shell import write_shell
from tests.engine_doubles.tiny_model import write_tiny_model

FAKE = (sys.executable, "-I", str(Path(__file__).parents[1] / "engine_doubles" / "fake_child.py"))
QUESTION = "政府到2027年打算让多少小企业上云"
Make = Callable[..., Assistant]
needs_llama = pytest.mark.skipif(
    not find_spec("llama_cpp"), reason="needs llama-cpp-python: python3 start.py setup llm"
)


@pytest.fixture
def make(guide: Assistant, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """An assistant whose model is the scripted child; what it does is named by the mode."""
    monkeypatch.setattr(hosted, "PAUSES_S", (0.0, 0.05, 0.05))
    engines: list[LocalEngine] = []

    def assistant(mode: str, silence_s: float = 60.0, **more: object) -> Assistant:
        model = write_shell(tmp_path / f"{mode}.gguf")
        engines.append(LocalEngine(EngineSettings(model_path=model, log_folder=tmp_path, **more), FAKE))  # type: ignore[arg-type]
        engines[-1].chat.silence_s = silence_s  # type: ignore[attr-defined]
        return Assistant(guide.settings, guide.retriever, guide.history, engine=engines[-1])

    yield assistant
    for engine in engines:
        engine.close()


def composed(events: list[Event]) -> str:
    return next(e.text for e in events if isinstance(e, Brief))


def final(events: list[Event]) -> Done:
    assert isinstance(events[-1], Done)
    return events[-1]


@pytest.mark.parametrize("mode", ["crash", "die", "refuse"])
def test_a_model_that_dies_leaves_the_composed_answer_and_a_word_about_it(make: Make, mode: str) -> None:
    events = list(make(mode).ask(QUESTION))
    assert final(events).answer.text == composed(events) and final(events).answer.engine == "extractive"
    (notice,) = [e for e in events if isinstance(e, Notice)]
    assert "不靠模型的答案" in notice.text


def test_a_device_that_could_not_be_used_is_told_once_beside_the_answer(make: Make) -> None:
    guide = make("ok")
    assert isinstance(guide.engine, LocalEngine)
    guide.engine._fallen_back = lambda: "显卡载入不了这个模型，这次用的是处理器。"  # type: ignore[method-assign]
    told = [[e.text for e in guide.ask(QUESTION) if isinstance(e, Notice)] for _ in range(2)]
    assert told == [["显卡载入不了这个模型，这次用的是处理器。"], []]


def test_a_model_that_hangs_is_given_up_and_the_composed_answer_stands(make: Make) -> None:
    events = list(make("hang", silence_s=1.0, stall_timeout_s=0.3, first_token_timeout_s=0.3).ask(QUESTION))
    assert final(events).answer.text == composed(events)


def test_the_composed_answer_comes_before_the_model_is_even_started(make: Make) -> None:
    guide = make("slow", start_timeout_s=30.0)
    events = guide.ask(QUESTION)
    assert any(isinstance(e, Brief) for e in events)
    assert isinstance(next(events), Wording)
    assert guide.engine and guide.engine.status().details["pid"] is None
    events.close()  # type: ignore[attr-defined]


def test_a_refusal_does_not_wait_for_a_model(make: Make) -> None:
    guide = make("ok")
    events = list(guide.ask("到2035年规上工业中小企业关键工序数控化率要达到多少"))
    assert final(events).answer.refused and not any(isinstance(e, Wording) for e in events)


def wording_in_thread(guide: Assistant, session: str) -> tuple[threading.Thread, list[Event]]:
    """Ask in a thread, and wait until the model has begun to word the answer."""
    heard: list[Event] = []
    begun = threading.Event()

    def run() -> None:
        for event in guide.ask(QUESTION, session):
            heard.append(event)
            if isinstance(event, Wording):
                begun.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert begun.wait(60)
    return thread, heard


def running(guide: Assistant) -> int:
    """The pid of the child, once there is one."""
    assert guide.engine
    end = time.monotonic() + 60
    while (pid := guide.engine.status().details["pid"]) is None:
        assert time.monotonic() < end
        time.sleep(0.02)
    assert isinstance(pid, int)
    return pid


def test_stopping_one_conversation_ends_its_answer_and_nobody_elses(make: Make) -> None:
    guide = make("hang", stall_timeout_s=60.0)
    thread, heard = wording_in_thread(guide, "mine")
    running(guide)
    guide.stop("theirs")
    guide.stop("")
    thread.join(0.5)
    assert thread.is_alive()
    guide.stop("mine")
    thread.join(10)
    assert not thread.is_alive() and final(heard).answer.text == composed(heard)


def test_an_answer_that_is_left_while_a_model_words_it_is_remembered(make: Make) -> None:
    guide = make("hang")
    events = guide.ask(QUESTION, "left-early")
    while not isinstance(next(events), Wording):
        pass
    events.close()  # type: ignore[attr-defined]
    assert [t.question for t in guide.history.turns("left-early", 5)] == [QUESTION]


# ---- from the settings to the engine


def model_in(home: Path, **more: object) -> None:
    file = write_tiny_model(home / "tiny.gguf", width=256, quantized=True, **more)  # type: ignore[arg-type]
    bring(own_file(file), file, home / "models", lambda *_: None)
    file.unlink()


def test_without_models_and_addresses_no_engine_is_made(tmp_path: Path) -> None:
    assert engine_of(Settings(home=tmp_path)) is None


def test_a_device_that_is_named_and_absent_stops_a_command_but_not_the_page(
    copy_of_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.choose.find_spec", lambda name: name == "llama_cpp" or None)
    model_in(copy_of_home)
    settings = Settings(home=copy_of_home, device="npu")
    with pytest.raises(DeviceAbsent, match="指定了 NPU"):
        build_assistant(settings, remember=False)
    told: list[str] = []
    guide = build_assistant(settings, told.append, remember=False, strict=False)
    assert guide.engine is None and "setup npu" in told[0] and "setup" not in guide.trouble and "NPU" in guide.trouble
    for assistant in (guide, guide.for_user("li")):
        heard = list(assistant.ask(QUESTION))
        assert [e.text for e in heard if isinstance(e, Notice)] == [guide.trouble]
        assert final(heard).answer.engine == "extractive" and final(heard).answer.text == composed(heard)


def test_cuda_that_is_named_and_absent_stops_a_command(copy_of_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def none(wanted: str) -> str:
        raise DeviceAbsent(f"没有 {wanted}。")

    monkeypatch.setattr("assistant.build.find_spec", lambda name: True)
    monkeypatch.setattr("corpus.sentence.device_of", none)
    settings = Settings(home=copy_of_home, embedding_model="bge", embedding_device="cuda")
    with pytest.raises(DeviceAbsent, match="没有 cuda"):
        build_assistant(settings, remember=False)
    assert build_assistant(settings, remember=False, strict=False).answer(QUESTION).citations
    build_assistant(settings.model_copy(update={"embedding_device": "auto"}), remember=False)


def test_what_stands_in_the_way_of_an_installed_model_is_said_with_the_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("assistant.engine.choose.find_spec", lambda name: None)
    model_in(tmp_path)
    told: list[str] = []
    assert engine_of(Settings(home=tmp_path), told.append) is None
    assert engine_of(Settings(home=tmp_path, model="gone"), told.append) is None
    assert engine_of(Settings(home=tmp_path / "empty", engine="local"), told.append) is None
    assert "python3 start.py setup llm" in told[0]
    assert "gone 不在了" in told[1] and "model pull gone" in told[1]
    assert "还没有本机模型" in told[2] and "model list" in told[2]


@needs_llama
def test_the_model_that_was_brought_in_words_answers_and_survives_a_kill(home: Path, tmp_path: Path) -> None:
    model_in(tmp_path)
    settings = Settings(home=home, answer_tokens=50, first_token_target_s=1.0).model_copy(update={"home": tmp_path})
    engine = engine_of(settings)
    assert engine and engine.name == "local"
    plain = build_assistant(Settings(home=home, engine="extractive"), remember=False)
    guide = Assistant(plain.settings, plain.retriever, plain.history, engine=engine)
    try:
        first = list(guide.ask(QUESTION))
        assert any(isinstance(e, Wording) for e in first) and "40%" in final(first).answer.text
        assert not any(isinstance(e, Notice) for e in first), (
            "it spoke, if only nonsense, which the evidence does not hold"
        )
        assert not any(isinstance(e, Piece) and "40%" not in e.text for e in first)
        os.kill(running(guide), 9)
        second = list(guide.ask(QUESTION))
        assert final(second).answer.text == final(first).answer.text
    finally:
        engine.close()


@needs_llama
def test_a_kill_in_mid_answer_leaves_the_composed_answer_and_the_model_comes_back(home: Path, tmp_path: Path) -> None:
    model_in(tmp_path, layers=8)
    engine = engine_of(Settings(home=home, answer_tokens=2000).model_copy(update={"home": tmp_path}))
    plain = build_assistant(Settings(home=home, engine="extractive"), remember=False)
    guide = Assistant(plain.settings, plain.retriever, plain.history, engine=engine)
    assert engine
    engine.chat.retries = 0  # type: ignore[attr-defined]
    try:
        thread, heard = wording_in_thread(guide, "killed")
        pid = running(guide)
        while not [request for request in engine.chat._requests if request.sent]:  # type: ignore[attr-defined]
            assert thread.is_alive(), "the model ended before it could be killed"
            time.sleep(0.01)
        os.kill(pid, 9)
        thread.join(30)
        assert not thread.is_alive() and final(heard).answer.text == composed(heard)
        assert any(isinstance(e, Notice) for e in heard)
        assert running(guide) != pid
    finally:
        engine.close()
