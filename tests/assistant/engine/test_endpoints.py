"""Lemonade, Foundry Local, LM Studio and Ollama on loopback, each with its own ways."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import pytest
from langchain_core.messages import HumanMessage
from pydantic import BaseModel, Field

from assistant.engine.constrained import constrained
from assistant.engine.contract import EngineSettings
from assistant.engine.remote import RemoteEngine
from core.errors import EngineFailed
from tests.engine_doubles.local_services import LocalService, foundry, lemonade, lm_studio, ollama, serving

SERVICES = (lemonade, foundry, lm_studio, ollama)
Make = Callable[..., LocalService]


class Choice(BaseModel):
    tool: Literal["subsidy", "roadmap"] = Field(max_length=20)


def engine_for(service: LocalService, model: str = "") -> RemoteEngine:
    return RemoteEngine(EngineSettings(engine="remote", remote_url=service.url, remote_model=model))


def said(service: LocalService, model: str = "") -> str:
    return "".join(str(chunk.content) for chunk in engine_for(service, model).chat.stream("第一步做什么"))


@pytest.mark.parametrize("make", SERVICES)
def test_each_answers_and_its_only_chat_model_needs_no_name(make: Make) -> None:
    with serving(make()) as service:
        assert said(service) == "先做评测。"
    assert service.requests[0]["model"] == service.models[0]["id"]


@pytest.mark.parametrize("make", SERVICES)
def test_what_a_model_thinks_is_never_part_of_the_answer(make: Make) -> None:
    with serving(make(thinking="用户问第一步。88万元？" * 5)) as service:
        assert said(service) == "先做评测。"


@pytest.mark.parametrize("make", SERVICES)
def test_the_same_thoughts_stay_hidden_where_the_switch_against_them_is_refused(make: Make) -> None:
    refuses = ("reasoning_effort", "chat_template_kwargs")
    with serving(make(thinking="用户问第一步。", refuses=refuses)) as service:
        engine = engine_for(service)
        for _ in range(2):
            assert "".join(str(c.content) for c in engine.chat.stream("第一步做什么")) == "先做评测。"
    assert [sum(name in request for name in refuses) for request in service.requests] == [2, 1, 0, 0]


@pytest.mark.parametrize("make", SERVICES)
def test_a_stream_that_ends_without_done_is_whole_where_its_body_came_to_its_end(make: Make) -> None:
    with serving(make(done=False)) as service:
        assert said(service) == "先做评测。"


def test_an_answer_in_one_piece_is_taken_as_well() -> None:
    with serving(lemonade(whole=True)) as service:
        assert said(service) == "先做评测。"


@pytest.mark.parametrize("make", SERVICES)
def test_a_name_that_is_not_there_is_told_with_those_that_are(make: Make) -> None:
    with serving(make()) as service, pytest.raises(EngineFailed, match="remote_model") as failed:
        said(service, "no-such-model")
    assert service.models[0]["id"] in failed.value.hint and "embed" not in failed.value.hint


def test_several_models_and_no_name_is_a_question_and_never_a_guess() -> None:
    service = ollama()
    service.models.append({"id": "minicpm5:1b"})
    with serving(service), pytest.raises(EngineFailed, match="不止一个") as failed:
        said(service)
    assert "qwen3:1.7b、minicpm5:1b" in failed.value.hint and service.requests == []


@pytest.mark.parametrize("make", SERVICES)
def test_a_choice_in_json_comes_from_each_also_where_the_schema_is_not_looked_at(make: Make) -> None:
    answer = '好的：\n```json\n{"tool": "subsidy"}\n```' if make is foundry else '{"tool": "subsidy"}'
    with serving(make(answer=answer, thinking='先想 {"tool": "roadmap"}')) as service:
        found = constrained(engine_for(service), [HumanMessage("能拿多少")], Choice)
    assert found == Choice(tool="subsidy")
    assert service.requests[-1]["response_format"]["type"] == "json_schema"


def test_a_service_that_knows_no_schema_is_asked_without_it() -> None:
    with serving(lemonade(answer='{"tool": "subsidy"}', formats=("text",))) as service:
        assert constrained(engine_for(service), [HumanMessage("能拿多少")], Choice) == Choice(tool="subsidy")
    assert "response_format" not in service.requests[-1]


def test_a_model_that_only_thinks_is_told_apart_from_one_that_says_nothing() -> None:
    with (
        serving(lm_studio(thinking="想啊想", answer="")) as service,
        pytest.raises(EngineFailed, match="只写了思考过程"),
    ):
        said(service)
    with serving(ollama(answer="")) as service, pytest.raises(EngineFailed, match="没有给出内容"):
        said(service)


def test_nothing_leaves_the_machine_for_a_service_on_loopback_but_for_its_models_elsewhere() -> None:
    for make in SERVICES:
        with serving(make()) as service:
            assert not engine_for(service).status().leaves_machine
    service = ollama()
    service.models.insert(0, {"id": "gpt-oss:120b-cloud"})
    with serving(service):
        assert said(service) == "先做评测。" and service.requests[0]["model"] == "qwen3:1.7b"
        assert engine_for(service, "gpt-oss:120b-cloud").status().leaves_machine
