"""What two real models, much too small for the job, wrote: on the whole way through the product, nothing of it does harm."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.settings import Settings
from core.types import Notice, Piece
from tests.engine_doubles.endpoint import ScriptedEndpoint

RECORDED = {
    path.stem: json.loads(path.read_text("utf-8"))["answers"]
    for path in (Path(__file__).parent / "recorded").glob("*.json")
}
ANSWERS = [
    pytest.param(name, answer, id=f"{name}-{at}") for name in RECORDED for at, answer in enumerate(RECORDED[name])
]


@pytest.mark.parametrize(("name", "answer"), ANSWERS)
def test_the_composed_answer_stands_word_for_word(home: Path, guide: Assistant, name: str, answer: dict) -> None:
    with ScriptedEndpoint(answer["pieces"]) as endpoint:
        settings = Settings(home=home, engine="remote", remote_url=endpoint.url, remote_model="m")
        heard = list(build_assistant(settings, remember=False).ask(answer["question"]))
    composed = guide.answer(answer["question"])
    told = heard[-1].answer  # type: ignore[union-attr]
    assert endpoint.requests and told.text == composed.text and told.engine == "extractive"
    shown = "".join(event.text for event in heard if isinstance(event, Piece))
    assert "<|" not in shown and "�" not in shown


def test_a_base_model_is_named_as_one_in_the_notice_beside_the_answer(home: Path) -> None:
    answer = RECORDED["gemma3-270m-pretrained"][0]
    with ScriptedEndpoint(answer["pieces"]) as endpoint:
        settings = Settings(home=home, engine="remote", remote_url=endpoint.url, remote_model="m")
        heard = list(build_assistant(settings, remember=False).ask(answer["question"]))
    (notice,) = [event.text for event in heard if isinstance(event, Notice)]
    assert "没有对话模板" in notice and "instruct" in notice
