"""What every engine over a GGUF file keeps, whichever llama.cpp runs it: real servers over a tiny model with random weights."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from assistant.engine.constrained import parsed, response_format
from assistant.engine.contract import EngineSettings
from assistant.engine.local import LocalEngine
from assistant.engine.xllama import XllamaEngine
from core.errors import EngineFailed
from tests.assistant.engine.test_constrained import SHAPES
from tests.engine_doubles.tiny_model import write_tiny_model

Make = Callable[..., LocalEngine]


class LlamaContract:
    """Run by each engine; `engine_type` makes it."""

    engine_type: type[LocalEngine]

    @pytest.fixture
    def make(self, tmp_path: Path) -> Iterator[Make]:
        made: list[LocalEngine] = []

        def engine(model: Path | None = None, **more: object) -> LocalEngine:
            path = model or write_tiny_model(tmp_path / "tiny.gguf")
            options = {"answer_tokens": 20, "threads": 1, **more}
            settings = EngineSettings(model_path=path, log_folder=tmp_path, **options)  # type: ignore[arg-type]
            made.append(self.engine_type(settings))
            return made[-1]

        yield engine
        for one in made:
            one.close()

    def test_an_answer_comes_in_pieces_and_ends(self, make: Make) -> None:
        pieces = [str(chunk.content) for chunk in make(answer_tokens=60).chat.stream("第一步做什么？")]
        assert len(pieces) > 1 and "".join(pieces)

    def test_every_constrained_answer_of_random_weights_fits(self, make: Make) -> None:
        engine = make()
        for number in range(6):
            shape = SHAPES[number % len(SHAPES)]
            asked = {"max_tokens": 480, "temperature": 1.5, "response_format": response_format("local", shape)}
            text = "".join(str(c.content) for c in engine.chat.stream(f"问题{number}", **asked))
            assert parsed(text, shape) is not None, text

    def test_a_prompt_longer_than_the_context_is_a_sentence_and_the_next_one_is_answered(self, make: Make) -> None:
        engine = make(context_tokens=1024)
        with pytest.raises(EngineFailed, match="不受影响"):
            engine.chat.invoke("字" * 3000)
        assert engine.chat.invoke("好").content

    def test_a_killed_child_is_replaced(self, make: Make) -> None:
        engine = make()
        assert engine.chat.invoke("好").content
        os.kill(engine.status().details["pid"], 9)
        time.sleep(0.3)
        assert engine.chat.invoke("好").content

    def test_concurrent_turns_are_answered_one_after_the_other(self, make: Make) -> None:
        engine, said = make(), []
        workers = [
            threading.Thread(target=lambda n=n: said.append(engine.chat.invoke(f"问{n}").content)) for n in range(3)
        ]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(30)
        assert len(said) == 3 and all(said)

    def test_a_stop_before_the_first_word_ends_the_wait_at_once(self, make: Make, tmp_path: Path) -> None:
        engine = make(write_tiny_model(tmp_path / "slow.gguf", layers=12, width=256), context_tokens=8192)
        engine.warm()
        ended: list[float] = []

        def ask() -> None:
            with pytest.raises(EngineFailed, match="已停止"):
                engine.chat.invoke("字" * 2000)
            ended.append(time.monotonic())

        worker = threading.Thread(target=ask)
        worker.start()
        time.sleep(0.2)
        engine.interrupt()
        worker.join(10)
        assert ended
        assert engine.chat.invoke("好").content

    def test_a_file_of_an_unknown_architecture_is_a_sentence(self, make: Make, tmp_path: Path) -> None:
        with pytest.raises(EngineFailed, match="不认识"):
            make(write_tiny_model(tmp_path / "foreign.gguf", architecture="nonsense")).chat.invoke("好")

    def test_a_model_without_a_chat_template_still_speaks_and_says_so(self, make: Make, tmp_path: Path) -> None:
        engine = make(write_tiny_model(tmp_path / "bare.gguf", template=None))
        assert engine.chat.invoke("好").content and "ChatML" in engine.status().summary


@pytest.mark.skipif(not find_spec("llama_cpp"), reason="needs llama-cpp-python: python3 start.py setup engines")
class TestLlamaCppPython(LlamaContract):
    engine_type = LocalEngine


@pytest.mark.skipif(not find_spec("xllamacpp"), reason="needs xllamacpp: python3 start.py setup engines")
class TestXllamacpp(LlamaContract):
    engine_type = XllamaEngine

    def test_too_long_a_prompt_costs_no_child(self, make: Make) -> None:
        engine = make(context_tokens=1024)
        with pytest.raises(EngineFailed, match="内容太长"):
            engine.chat.invoke("字" * 3000)
        assert engine.status().details["pid"] and not engine.status().details["crashes"]
