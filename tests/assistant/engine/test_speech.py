"""What of a model's stream reaches the reader; with what real small models wrote."""

from __future__ import annotations

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from assistant.engine.contract import Endpoint, EngineSettings
from assistant.engine.local import LocalEngine
from assistant.engine.remote import RemoteEngine
from assistant.engine.speech import Speech, ThoughtAloud
from core.errors import EngineFailed
from tests.engine_doubles.endpoint import ScriptedEndpoint

RECORDED = {
    path.stem: json.loads(path.read_text("utf-8"))["answers"]
    for path in (Path(__file__).parent / "recorded").glob("*.json")
}


def shown(text: str, size: int, thinks_first: bool = False) -> str:
    """A text heard in pieces of so many characters."""
    speech = Speech(thinks_first)
    told = [speech.heard(text[at : at + size]) for at in range(0, len(text), size)]
    return "".join([*told, speech.rest()])


@pytest.mark.parametrize("size", [1, 3, 7, 1000])
@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<think>先想想。</think>\n\n先做评测。", "先做评测。"),
        ("<think>\n\n</think>\n\n先做评测。", "先做评测。"),
        ("\n<think>一</think>先做<think>二</think>评测。", "先做评测。"),
        ("[THINK]想[/THINK]先做评测。", "先做评测。"),
        ("<|channel|>analysis<|message|>想<|end|>先做评测。", "先做评测。"),
        ("</think>\n\n先做评测。", "先做评测。"),
        ("<think>没有想完", ""),
        ("先做评测。<|im_end|>\n<|im_start|>user\n还有呢", "先做评测。"),
        ("<|im_start|>assistant\n先做评测。<|im_end|>", "先做评测。"),
        ("<|im_start|>user\n还有呢", ""),
        ("先做评测。</s>[INST]", "先做评测。"),
        ("产值<500万、利润>10%的，看<资料>[1]。", "产值<500万、利润>10%的，看<资料>[1]。"),
        ("先做评测 <", "先做评测 <"),
        ("", ""),
    ],
)
def test_thoughts_and_marks_are_left_out_however_the_pieces_fall(text: str, left: str, size: int) -> None:
    assert shown(text, size) == left


@pytest.mark.parametrize("size", [1, 5, 1000])
def test_a_thought_that_began_in_the_prompt_is_found_out_by_its_end(size: int) -> None:
    with pytest.raises(ThoughtAloud):
        shown("Okay, 用户问的是第一步。</think>先做评测。", size)
    assert shown("Okay, 用户问的是第一步。</think>先做评测。", size, thinks_first=True) == "先做评测。"
    assert shown("这次没有想，先做评测。", size, thinks_first=True) == "这次没有想，先做评测。"


def test_after_one_thought_aloud_the_next_answer_hides_it() -> None:
    with ScriptedEndpoint(["Okay, 用户问", "第一步。</think>先做评测。"]) as double:
        engine = RemoteEngine(EngineSettings(engine="remote", remote_url=double.url, remote_model="m"))
        with pytest.raises(EngineFailed, match="思考过程写进了答案"):
            list(engine.chat.stream("你好"))
        assert "".join(str(c.content) for c in engine.chat.stream("你好")) == "先做评测。"


def test_an_answer_ends_at_the_mark_of_its_end_and_the_rest_is_not_waited_for() -> None:
    script = ["先做评测。", "<|im_end|>\n", *["<|im_end|>", 0.05] * 200]
    with ScriptedEndpoint(script) as double:
        engine = RemoteEngine(EngineSettings(engine="remote", remote_url=double.url, remote_model="m"))
        assert "".join(str(c.content) for c in engine.chat.stream("你好")) == "先做评测。"
        assert double.left_early.wait(2.0)


@pytest.mark.parametrize("first", [" ", "<", "<think>", "先"])
def test_an_engine_is_warm_whatever_its_first_token_is(first: str) -> None:
    with ScriptedEndpoint([first]) as double:
        engine = LocalEngine(EngineSettings())
        engine._chat.turn = lambda: nullcontext(Endpoint(double.url, "", "m"))
        engine.warm()
    assert double.requests[0]["max_tokens"] == 1


@pytest.mark.parametrize("answer", RECORDED["gemma3-270m-pretrained"], ids=lambda a: a["question"][:12])
def test_a_real_base_model_that_writes_only_marks_is_told_to_be_one(answer: dict) -> None:
    assert answer["pieces"]
    with ScriptedEndpoint(answer["pieces"]) as double:
        engine = RemoteEngine(EngineSettings(engine="remote", remote_url=double.url, remote_model="m"))
        with pytest.raises(EngineFailed, match="没有对话模板") as failed:
            list(engine.chat.stream(answer["question"]))
    assert "instruct" in failed.value.hint


@pytest.mark.parametrize("answer", RECORDED["smollm2-135m-instruct"], ids=lambda a: a["question"][:12])
def test_words_of_a_real_model_with_a_template_come_through_as_they_are(answer: dict) -> None:
    with ScriptedEndpoint(answer["pieces"]) as double:
        engine = RemoteEngine(EngineSettings(engine="remote", remote_url=double.url, remote_model="m"))
        told = "".join(str(c.content) for c in engine.chat.stream(answer["question"]))
    assert told == "".join(answer["pieces"]).lstrip() and "<|" not in told
