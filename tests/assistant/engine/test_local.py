"""The child process: started on first use, started again after a crash, never left behind."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.engine import hosted
from assistant.engine.contract import EngineSettings
from assistant.engine.local import LocalEngine, layers_that_fit
from assistant.engine.weights import GgufHeader
from core.errors import EngineFailed
from tests.engine_doubles.gguf_shell import write_shell
from tests.engine_doubles.patient import WAITS, patient

FAKE = (sys.executable, "-I", str(Path(__file__).parents[2] / "engine_doubles" / "fake_child.py"))
Make = Callable[..., LocalEngine]
needs_llama = pytest.mark.skipif(
    not find_spec("llama_cpp"),
    reason="needs llama-cpp-python: python3 start.py setup llm",
)


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    """An engine over the scripted child; the mode is the model file's name."""
    monkeypatch.setattr(hosted, "PAUSES_S", (0.0, 0.05, 0.05))
    made: list[LocalEngine] = []

    def engine(mode: str = "ok", command: tuple[str, ...] = FAKE, **more: object) -> LocalEngine:
        model = write_shell(tmp_path / f"{mode}.gguf")
        settings = EngineSettings(model_path=model, log_folder=tmp_path, **{"start_timeout_s": 30.0, **more})  # type: ignore[arg-type]
        made.append(LocalEngine(settings, command))
        return made[-1]

    yield engine
    for one in made:
        one.close()


def pid_of(engine: LocalEngine) -> int:
    pid = engine.status().details["pid"]
    assert isinstance(pid, int)
    return pid


def gone(pid: int, within_s: float = 5.0) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        try:
            os.kill(pid, 0)
            if "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text():
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def until(condition: Callable[[], bool], within_s: float = 10.0) -> bool:
    end = time.monotonic() + within_s
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.02)
    return False


def test_nothing_runs_before_the_first_question_and_the_child_is_kept_warm(make: Make) -> None:
    engine = make()
    assert engine.status().details["pid"] is None
    assert engine.chat.invoke("第一步？").content == "第一步先做评测。"
    first = pid_of(engine)
    engine.chat.invoke("再问")
    assert pid_of(engine) == first


def test_a_crash_in_mid_answer_fails_at_once_and_the_child_comes_back(make: Make) -> None:
    engine = make("crash")
    pieces = []
    began = time.monotonic()
    with pytest.raises(EngineFailed, match="断了") as caught:
        pieces += [str(c.content) for c in engine.chat.stream("第一步？")]
    assert time.monotonic() - began < 5 and "不受影响" in caught.value.hint
    assert until(lambda: engine.status().details["pid"] is not None)
    assert "SIGSEGV" in engine.status().details["last_failure"]


def test_after_repeated_crashes_the_engine_gives_up_with_the_reason(make: Make) -> None:
    engine = make("crash")

    def fails_for_good() -> bool:
        with pytest.raises(EngineFailed) as caught:
            engine.chat.invoke("第一步？")
        return "连续 4 次出错" in str(caught.value)

    assert until(fails_for_good)
    assert not engine.status().ready and "不再重启" in engine.status().summary


def test_a_killed_child_is_replaced_on_the_next_question(make: Make) -> None:
    engine = make()
    engine.chat.invoke("第一步？")
    os.kill(pid_of(engine), 9)
    assert gone(pid_of(engine))
    assert engine.chat.invoke("第一步？").content == "第一步先做评测。"


def test_a_child_that_goes_without_an_answer_is_replaced_and_asked_again(make: Make) -> None:
    engine = make("leave")
    assert engine.chat.invoke("第一步？").content == "第一步先做评测。"
    assert engine.status().details["crashes"] == 1


def test_a_hanging_child_is_killed(make: Make) -> None:
    engine = make("hang", stall_timeout_s=0.3)
    engine.chat.silence_s = 0.5  # type: ignore[attr-defined]
    stream = engine.chat.stream("第一步？")
    next(stream)
    pid = pid_of(engine)
    with pytest.raises(EngineFailed, match="太久"):
        list(stream)
    assert gone(pid)


def test_an_answer_that_takes_too_long_is_slow_and_its_child_goes_on(make: Make) -> None:
    engine = make("long", answer_timeout_s=0.3)
    with pytest.raises(EngineFailed, match="写得太慢") as caught:
        list(engine.chat.stream("第一步？"))
    assert "换小一些的模型" in caught.value.hint
    assert pid_of(engine) and engine.status().details["crashes"] == 0


def test_closing_ends_a_child_that_is_still_being_started(make: Make) -> None:
    engine = make("slow", start_timeout_s=60.0)
    failed: list[str] = []

    def ask() -> None:
        with pytest.raises(EngineFailed) as caught:
            engine.chat.invoke("第一步？")
        failed.append(str(caught.value))

    worker = threading.Thread(target=ask)
    worker.start()
    assert until(lambda: bool(engine._starting and engine._starting.pid))
    assert engine._starting and (pid := engine._starting.pid)
    engine.close()
    worker.join(10)
    assert failed and gone(pid)


def test_a_model_file_that_goes_while_it_is_looked_at_is_a_sentence(
    make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    engine = make()

    def gone_now() -> dict[str, object]:
        raise FileNotFoundError("ok.gguf")

    monkeypatch.setattr(engine, "_options", gone_now)
    with pytest.raises(EngineFailed, match="模型文件读不了"):
        engine.chat.invoke("第一步？")


def test_nothing_starts_again_in_an_engine_that_was_closed(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hosted, "PAUSES_S", (60.0, 60.0))
    before = set(threading.enumerate())
    engine = make("crash")
    with pytest.raises(EngineFailed):
        engine.chat.invoke("第一步？")
    assert until(lambda: any("_start_again" in one.name for one in threading.enumerate()))
    engine.close()
    assert until(lambda: not set(threading.enumerate()) - before), "every thread of the engine has ended"


@pytest.mark.parametrize(
    ("mode", "told"), [("refuse", "结构这个版本的 llama.cpp 不认识"), ("die", "SIGSEGV"), ("slow", "还没有载入")]
)
def test_a_child_that_cannot_load_says_why(make: Make, mode: str, told: str) -> None:
    engine = make(mode)
    engine.settings = EngineSettings(
        model_path=engine.settings.model_path, start_timeout_s=1.0 if mode == "slow" else 60.0
    )
    with pytest.raises(EngineFailed, match=told):
        engine.chat.invoke("第一步？")


def test_an_idle_child_is_stopped_and_started_again_when_asked(make: Make) -> None:
    engine = make(idle_stop_s=0.3)
    engine.chat.invoke("第一步？")
    assert gone(pid_of(engine))
    assert until(lambda: engine.status().details["pid"] is None)
    assert engine.chat.invoke("第一步？").content == "第一步先做评测。"


def test_closing_ends_the_child(make: Make) -> None:
    engine = make()
    engine.chat.invoke("第一步？")
    pid = pid_of(engine)
    engine.close()
    assert gone(pid)


@pytest.mark.skipif(sys.platform == "win32", reason="kill -9 is a POSIX signal")
def test_no_child_is_left_behind_when_its_parent_is_killed(tmp_path: Path) -> None:
    model = write_shell(tmp_path / "ok.gguf")
    code = (
        "import time\nfrom pathlib import Path\nfrom assistant.engine.local import LocalEngine\n"
        "from assistant.engine.contract import EngineSettings\n"
        f"engine = LocalEngine(EngineSettings(model_path=Path({str(model)!r})), {FAKE!r})\n"
        "engine.started(); print(engine.status().details['pid'], flush=True); time.sleep(60)"
    )
    parent = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    assert parent.stdout
    pid = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    assert gone(pid)
    parent.stdout.close()


@pytest.mark.parametrize(
    ("content", "told"),
    [(b"", "GGUF|空|不是|没有下全"), (b"<html>", "GGUF|不是"), (b"GGUF\x03\x00\x00", "坏|没有下全")],
)
def test_a_file_that_is_no_model_is_refused_before_a_child_starts(tmp_path: Path, content: bytes, told: str) -> None:
    model = tmp_path / "m.gguf"
    model.write_bytes(content)
    engine = LocalEngine(EngineSettings(model_path=model), FAKE)
    with pytest.raises(EngineFailed, match=told):
        engine.chat.invoke("第一步？")
    assert engine.status().details["pid"] is None


@needs_llama
class TestLlama:
    """The real server over a tiny model with random weights."""

    @pytest.fixture
    def model(self, tmp_path: Path) -> Path:
        from tests.engine_doubles.tiny_model import write_tiny_model

        return write_tiny_model(tmp_path / "tiny.gguf")

    def test_it_speaks_and_comes_back_after_a_kill(self, model: Path, tmp_path: Path) -> None:
        engine = patient(LocalEngine(EngineSettings(model_path=model, answer_tokens=20, log_folder=tmp_path, **WAITS)))
        try:
            assert list(engine.chat.stream("第一步做什么？"))
            endpoint = engine.started()
            os.kill(pid_of(engine), 9)
            assert gone(pid_of(engine)) and until(lambda: not hosted.listens(endpoint))
            assert list(engine.chat.stream("第一步做什么？"))
        finally:
            engine.close()

    def test_leaving_before_the_first_token_frees_the_child(self, tmp_path: Path) -> None:
        from tests.engine_doubles.tiny_model import write_tiny_model

        model = write_tiny_model(tmp_path / "slow.gguf", layers=12, width=512)
        settings = EngineSettings(model_path=model, answer_tokens=20, log_folder=tmp_path, context_tokens=8192, **WAITS)
        engine = patient(LocalEngine(settings))
        try:
            engine.warm()
            stop_after(engine, 0.3, "字" * 2600)
            log = tmp_path / "engine.log"
            assert until(lambda: "the reader has gone" in log.read_text("utf-8", errors="replace"))
            assert next(iter(engine.chat.stream("好")))
        finally:
            engine.close()

    def test_a_model_without_a_chat_template_still_speaks_and_says_so(self, tmp_path: Path) -> None:
        from tests.engine_doubles.tiny_model import write_tiny_model

        model = write_tiny_model(tmp_path / "bare.gguf", template=None)
        engine = patient(LocalEngine(EngineSettings(model_path=model, answer_tokens=10, **WAITS)))
        try:
            assert list(engine.chat.stream("第一步做什么？"))
            assert "ChatML" in engine.status().summary
        finally:
            engine.close()

    def test_a_truncated_or_foreign_model_is_told_in_one_sentence(self, model: Path, tmp_path: Path) -> None:
        from tests.engine_doubles.tiny_model import write_tiny_model

        model.write_bytes(model.read_bytes()[:-50_000])
        foreign = write_tiny_model(tmp_path / "foreign.gguf", architecture="nonsense")
        for path, told in ((model, "没有下全|不完整"), (foreign, "不认识")):
            engine = LocalEngine(EngineSettings(model_path=path, log_folder=tmp_path, **WAITS))
            with pytest.raises(EngineFailed, match=told):
                engine.chat.invoke("第一步？")
            engine.close()


def stop_after(engine: LocalEngine, seconds: float, text: str) -> None:
    """Ask, and leave before anything has come: as the stop button does, from another thread."""
    stop = threading.Event()
    worker = threading.Thread(target=lambda: run(engine, text), daemon=True)

    def run(engine: LocalEngine, text: str) -> None:
        try:
            list(engine.chat.stream(text))
        except EngineFailed:
            stop.set()

    worker.start()
    time.sleep(seconds)
    engine.interrupt()
    assert stop.wait(30)


@pytest.mark.parametrize(("free_gb", "layers"), [(0, -1), (24, -1), (1.5, 9), (0.5, 0)])
def test_as_many_layers_go_to_a_card_as_fit_into_its_free_memory(free_gb: float, layers: int) -> None:
    header = GgufHeader("qwen3", "", "", 32768, 147456, True, "gpt2", 0, 36, 0, frozenset({12}))
    assert layers_that_fit(header, 2_500_000_000, 4096, int(free_gb * 10**9)) == layers
