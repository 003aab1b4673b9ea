"""What every engine on this machine keeps, whichever program runs it: real children over tiny models with random weights."""

from __future__ import annotations

import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import httpx
import pytest
from langchain_core.messages import HumanMessage

from assistant.engine import hosted
from assistant.engine.constrained import constrained
from assistant.engine.contract import EngineSettings
from assistant.engine.hosted import HostedEngine
from assistant.engine.local import LocalEngine
from assistant.engine.openvino import OpenVinoEngine
from assistant.engine.xllama import XllamaEngine
from core.errors import EngineFailed
from tests.assistant.engine.test_constrained import SHAPES
from tests.engine_doubles.byte_model import write_byte_model
from tests.engine_doubles.patient import PATIENCE_S, WAITS, patient
from tests.engine_doubles.tiny_model import write_tiny_model

Make = Callable[..., HostedEngine]
LONG = "企业上云、设备联网、订单排产，" * 20
"""900 tokens in a vocabulary of bytes."""


class EngineContract:
    """Run by each engine; `engine_type` makes it. write: makes a tiny model that it reads; foreign: the shape of one that it
    cannot read, foreign_told: what it says of that."""

    engine_type: type[Any]
    write: Callable[..., Path]
    foreign: dict[str, Any]
    foreign_told: str

    @classmethod
    def opened(cls, folder: Path, model: Path, **more: Any) -> HostedEngine:
        options = {**WAITS, "answer_tokens": 20, "threads": 1, **more}
        settings = EngineSettings(model_path=model, log_folder=folder, cache_folder=folder, **options)
        engine: HostedEngine = cls.engine_type(settings)
        return patient(engine)

    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[HostedEngine]:
        """One that runs all the time; a test leaves it as it was."""
        folder = tmp_path_factory.mktemp("engine")
        engine = cls.opened(folder, cls.write(folder / "tiny.gguf"))
        yield engine
        engine.close()

    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[Make]:
        made: list[HostedEngine] = []

        def engine(model: Path | None = None, **more: Any) -> HostedEngine:
            made.append(self.opened(tmp_path, model or self.write(tmp_path / "tiny.gguf"), **more))
            return made[-1]

        yield engine
        for one in made:
            one.close()

    def test_an_answer_comes_in_pieces_and_ends(self, engine: HostedEngine) -> None:
        pieces = [str(chunk.content) for chunk in engine.chat.stream("第一步做什么？", max_tokens=60)]
        assert len(pieces) > 1 and "".join(pieces)

    def test_every_constrained_answer_of_random_weights_fits(self, engine: HostedEngine) -> None:
        for number in range(6):
            assert constrained(engine, [HumanMessage(f"问题{number}")], SHAPES[number % len(SHAPES)])

    def test_a_prompt_longer_than_the_context_is_one_sentence_and_costs_no_child(self, engine: HostedEngine) -> None:
        assert engine.chat.invoke("好").content
        child = engine.status().details["pid"]
        with pytest.raises(EngineFailed, match="说内容太长，一次读不下"):
            engine.chat.invoke("字" * 3000)
        with pytest.raises(EngineFailed, match="说内容太长，一次读不下"):
            constrained(engine, [HumanMessage("字" * 3000)], SHAPES[0])
        assert engine.chat.invoke("好").content
        assert engine.status().details["pid"] == child and not engine.status().details["crashes"]

    def test_concurrent_turns_are_answered_one_after_the_other(
        self, engine: HostedEngine, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(hosted, "WAIT_FOR_TURN_S", PATIENCE_S)
        said: list[Any] = []
        workers = [
            threading.Thread(target=lambda n=n: said.append(engine.chat.invoke(f"问{n}").content)) for n in range(3)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(PATIENCE_S)
        assert len(said) == 3 and all(said)

    def test_a_prompt_with_the_same_beginning_is_read_from_where_it_differs(self, engine: HostedEngine) -> None:
        assert unread(engine, f"一{LONG}") > 800
        assert unread(engine, f"一{LONG}从哪里开始？") < 100
        assert unread(engine, f"二{LONG}从哪里开始？") > 800, "another beginning is read anew"

    def test_another_conversation_in_between_costs_nothing(self, engine: HostedEngine) -> None:
        unread(engine, f"三{LONG}")
        unread(engine, f"四{LONG}")
        assert unread(engine, f"三{LONG}从哪里开始？") < 100
        assert unread(engine, f"四{LONG}从哪里开始？") < 100

    def test_a_stop_in_the_middle_of_an_answer_loses_nothing_that_was_read(self, engine: HostedEngine) -> None:
        engine.chat.invoke("好")
        child = engine.status().details["pid"]
        with pytest.raises(EngineFailed, match="已停止"):
            for _ in engine.chat.stream(f"五{LONG}", max_tokens=1500, temperature=0):
                engine.interrupt()
        assert unread(engine, f"五{LONG}从哪里开始？") < 100
        assert engine.status().details["pid"] == child

    def test_a_killed_child_is_replaced(self, make: Make) -> None:
        engine = make()
        assert engine.chat.invoke("好").content
        os.kill(engine.status().details["pid"], 9)
        time.sleep(0.3)
        assert engine.chat.invoke("好").content

    def test_a_stop_before_the_first_word_ends_the_reading_at_once(self, make: Make, tmp_path: Path) -> None:
        engine, text = make(self.write(tmp_path / "slow.gguf", layers=12, width=256)), "字" * 600
        engine.warm()
        ended: list[float] = []

        def ask() -> None:
            with pytest.raises(EngineFailed, match="已停止"):
                engine.chat.invoke(text)
            ended.append(time.monotonic())

        worker = threading.Thread(target=ask)
        worker.start()
        time.sleep(0.1)
        engine.interrupt()
        worker.join(PATIENCE_S)
        assert ended and engine.chat.invoke("好").content
        assert unread(engine, text) > 300, "the rest was left unread"

    def test_a_file_that_it_cannot_read_is_one_sentence(self, make: Make, tmp_path: Path) -> None:
        engine = make(self.write(tmp_path / "foreign.gguf", **self.foreign))
        with pytest.raises(EngineFailed, match=self.foreign_told):
            engine.chat.invoke("好")
        assert engine.status().details["pid"] is None

    def test_a_model_without_a_chat_template_still_speaks_and_says_so(self, make: Make, tmp_path: Path) -> None:
        engine = make(self.write(tmp_path / "bare.gguf", template=None))
        assert engine.chat.invoke("好").content and "ChatML" in engine.status().summary


def unread(engine: HostedEngine, text: str) -> int:
    """How many tokens of a prompt the engine says that it had to read."""
    endpoint = engine.started()
    body = {"messages": [{"role": "user", "content": text}], "max_tokens": 4, "temperature": 0, "stream": True}
    told = httpx.post(
        f"{endpoint.url}/chat/completions",
        json={**body, "stream_options": {"include_usage": True}},
        headers={"Authorization": f"Bearer {endpoint.key}"},
        timeout=PATIENCE_S,
    )
    events = (json.loads(line[5:]) for line in told.text.splitlines() if line.startswith("data: {"))
    [usage] = [event["usage"] for event in events if event.get("usage")]
    return int(usage["prompt_tokens"] - usage["prompt_tokens_details"]["cached_tokens"])


@pytest.mark.skipif(not find_spec("llama_cpp"), reason="needs llama-cpp-python: python3 start.py setup engines")
class TestLlamaCppPython(EngineContract):
    engine_type = LocalEngine
    write = staticmethod(write_tiny_model)
    foreign, foreign_told = {"architecture": "nonsense"}, "不认识"

    def test_an_answer_out_of_what_was_brought_back_is_the_same(self, engine: HostedEngine) -> None:
        def said(text: str) -> str:
            return str(engine.chat.invoke(text, temperature=0).content)

        first = said(f"六{LONG}")
        said(f"七{LONG}")
        assert said(f"六{LONG}") == first


@pytest.mark.skipif(not find_spec("xllamacpp"), reason="needs xllamacpp: python3 start.py setup engines")
class TestXllamacpp(EngineContract):
    engine_type = XllamaEngine
    write = staticmethod(write_tiny_model)
    foreign, foreign_told = {"architecture": "nonsense"}, "不认识"


@pytest.mark.skipif(not find_spec("openvino_genai"), reason="needs OpenVINO: python3 start.py setup npu")
class TestOpenVino(EngineContract):
    engine_type = OpenVinoEngine
    write = staticmethod(write_byte_model)
    foreign, foreign_told = {"architecture": "gemma3"}, "OpenVINO 还读不了 gemma3 结构"
