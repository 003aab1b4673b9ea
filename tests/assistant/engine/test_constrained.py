"""JSON in a fixed shape, from any weights."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest
from langchain_core.messages import HumanMessage
from pydantic import BaseModel

from assistant.engine.choose import open_engine
from assistant.engine.constrained import constrained, parsed, plain_schema, response_format
from assistant.engine.contract import Engine, EngineSettings
from assistant.engine.local import LocalEngine
from assistant.proposals import Choice, Complete, arguments_of, choice_of
from core.errors import EngineFailed
from tests.engine_doubles.endpoint import ScriptedEndpoint
from tests.engine_doubles.patient import WAITS, patient

SHAPES = (choice_of(("subsidy", "roadmap")), arguments_of(("地区", "投入万元")), Complete)
ASKED = [HumanMessage("能拿多少钱？")]


def remote(url: str) -> Engine:
    engine = open_engine(EngineSettings(engine="remote", remote_url=url, remote_model="m"))
    assert engine
    return engine


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        ('{"tool": "subsidy"}', "subsidy"),
        ('好的，```json\n{"tool":"roadmap"}\n```', "roadmap"),
        ('{"tool": "rm -rf"}', None),
        ('{"tool": "subsidy"', None),
        ("没有", None),
        ("{" * 5000, None),
        ('{"tool": ["subsidy"]}', None),
    ],
)
def test_only_what_fits_the_shape_is_taken_from_a_text(text: str, tool: str | None) -> None:
    found = parsed(text, SHAPES[0])
    assert (found.tool if isinstance(found, Choice) else None) == tool


def test_the_schema_is_plain_and_closed() -> None:
    schema = plain_schema(SHAPES[1])
    item = schema["properties"]["said"]["items"]
    assert "$ref" not in json.dumps(schema) and item["additionalProperties"] is False
    assert item["properties"]["name"]["enum"] == ["地区", "投入万元"] and schema["properties"]["said"]["maxItems"] == 3


def test_an_endpoint_is_asked_for_the_schema_and_without_it_where_it_knows_none() -> None:
    with ScriptedEndpoint([400], [400], ['{"tool": "subsidy"}']) as double:
        found = constrained(remote(double.url), ASKED, SHAPES[0])
    assert isinstance(found, Choice) and found.tool == "subsidy"
    first, without_switches, second = double.requests
    assert first["response_format"] == response_format("remote", SHAPES[0]) and "response_format" not in second
    assert "reasoning_effort" in first and "reasoning_effort" not in without_switches


def test_what_takes_too_long_is_none_and_the_request_ends() -> None:
    with ScriptedEndpoint(['{"tool": ', 3.0, '"subsidy"}']) as double:
        began = time.monotonic()
        assert constrained(remote(double.url), ASKED, SHAPES[0], seconds=0.3) is None
        assert time.monotonic() - began < 2.0


@pytest.mark.parametrize("script", [[500], [b"data: {nonsense\n\n"], ["{", None]])
def test_a_broken_endpoint_is_engine_failed(script: list) -> None:
    with ScriptedEndpoint(script) as double, pytest.raises(EngineFailed):
        constrained(remote(double.url), ASKED, SHAPES[0])


@pytest.fixture(scope="module")
def random_weights(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalEngine]:
    from tests.engine_doubles.tiny_model import write_tiny_model

    folder: Path = tmp_path_factory.mktemp("model")
    settings = EngineSettings(model_path=write_tiny_model(folder / "tiny.gguf"), threads=1, log_folder=folder, **WAITS)
    engine = patient(LocalEngine(settings))
    yield engine
    engine.close()


@pytest.mark.skipif(
    not (find_spec("llama_cpp") and find_spec("gguf")),
    reason="needs llama-cpp-python and gguf: python3 start.py setup llm",
)
@pytest.mark.parametrize("shape", SHAPES)
def test_every_answer_of_random_weights_fits(random_weights: LocalEngine, shape: type[BaseModel]) -> None:
    asked = {"max_tokens": 480, "temperature": 1.5, "response_format": response_format("local", shape)}
    for number in range(8):
        text = "".join(str(c.content) for c in random_weights.chat.stream(f"问题{number}", **asked))
        assert parsed(text, shape) is not None, text
