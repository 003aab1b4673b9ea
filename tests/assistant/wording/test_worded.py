"""The conversation with a model behind an OpenAI-compatible address."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.wording.bind import body_of
from assistant.wording.entry import QUESTIONS, examined
from core.settings import Settings
from core.types import Brief, Event, Notice, Piece, Wording
from tests.engine_doubles.endpoint import ScriptedEndpoint, Step
from tests.engine_doubles.worded import WRECKED, rewording, wrecked

QUESTION = "政府到2027年打算让多少小企业上云"


def events(home: Path, *script: Step, question: str = QUESTION) -> list[Event]:
    with ScriptedEndpoint(list(script)) as endpoint:
        guide = build_assistant(Settings(home=home, engine="remote", remote_url=endpoint.url), remember=False)
        return list(guide.ask(question))


def composed(home: Path) -> str:
    """The composed answer's own sentences."""
    guide = build_assistant(Settings(home=home, engine="extractive"), remember=False)
    return re.sub(r"\s*\[\d+\]", "", body_of(guide.answer(QUESTION).text))


def test_a_models_words_replace_the_composed_answer_with_its_citations(home: Path) -> None:
    words = rewording("friendly", composed(home), random.Random(1)).text
    heard = events(home, words[:9], words[9:30], words[30:])
    answer = heard[-1].answer  # type: ignore[union-attr]
    shown = [e.text for e in heard if isinstance(e, Piece)]
    assert shown and all(sentence.rstrip("。；") in answer.text for sentence in shown)
    assert answer.engine != "extractive" and "超过40%" in answer.text
    assert {c.source_id for c in answer.citations} == {"action_plan_2025_2027"}


@pytest.mark.parametrize("name", sorted(WRECKED))
def test_of_words_that_are_no_better_nothing_is_shown_and_the_composed_answer_stands(home: Path, name: str) -> None:
    words = wrecked(name, composed(home), QUESTION, random.Random(1)).text
    heard = events(home, *([words] if words else ["。"]))
    answer = heard[-1].answer  # type: ignore[union-attr]
    assert not any(isinstance(e, Piece) for e in heard)
    assert answer.engine == "extractive" and answer.text == next(e.text for e in heard if isinstance(e, Brief))


def test_a_model_that_failed_the_entry_test_is_not_asked(copy_of_home: Path) -> None:
    with ScriptedEndpoint(["你是“向导”，帮中小企业弄懂数字化转型。"]) as endpoint:
        settings = Settings(home=copy_of_home, engine="remote", remote_url=endpoint.url)
        guide = build_assistant(settings, remember=False)
        assert guide.engine and not examined(copy_of_home, guide.engine).passed
        asked = len(endpoint.requests)
        heard = list(guide.ask(QUESTION))
        assert len(endpoint.requests) == asked < len(QUESTIONS) and not any(isinstance(e, Wording) for e in heard)


def test_a_figure_that_the_evidence_does_not_hold_never_reaches_the_user(home: Path) -> None:
    heard = events(home, "到2027年，全国中小企业上云率要超过40%。", "到2030年要达到88%。")
    shown = "".join(e.text for e in heard if isinstance(e, Piece)) + heard[-1].answer.text  # type: ignore[union-attr]
    assert "88%" not in shown and "40%" in shown


def test_a_connection_that_breaks_leaves_the_composed_answer_and_a_word_about_it(home: Path) -> None:
    heard = events(home, "到2027年，", None)
    answer = heard[-1].answer  # type: ignore[union-attr]
    assert answer.engine == "extractive" and "40%" in answer.text
    assert any(isinstance(e, Notice) for e in heard)


@pytest.mark.parametrize(
    "script",
    [
        [429],
        [500],
        [401],
        ["到2027年，", b'data: {"error": {"message": "overloaded", "code": 500}}\n\n'],
        [b"<html>gateway</html>\n"],
        [b"x" * 1_200_000],
        [b"data: [1, 2]\n\n"],
        [b"\xff\xfe\x00\n"],
        [],
    ],
)
def test_whatever_an_endpoint_does_the_composed_answer_stands_with_one_sentence_about_it(
    home: Path, script: list[Step]
) -> None:
    heard = events(home, *script)
    answer = heard[-1].answer  # type: ignore[union-attr]
    assert answer.engine == "extractive" and "40%" in answer.text
    (notice,) = [e.text for e in heard if isinstance(e, Notice)]
    assert notice.startswith("模型没有答成") and "Error" not in notice and len(notice) < 120


def test_a_refusal_stays_the_codes_own(home: Path) -> None:
    heard = events(home, "到2035年要达到95%。", question="到2035年规上工业中小企业关键工序数控化率要达到多少")
    answer = heard[-1].answer  # type: ignore[union-attr]
    assert answer.refused and "95%" not in answer.text


def far_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the endpoint on loopback count as another machine."""
    monkeypatch.setattr("assistant.engine.remote._here", lambda url: False)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")


def test_a_machine_elsewhere_is_not_told_who_asks(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    far_away(monkeypatch)
    question = f"{QUESTION}，答案发到 wang@example.com"
    with ScriptedEndpoint(["到2027年，全国中小企业上云率要超过40%。"]) as endpoint:
        settings = Settings(home=home, engine="remote", remote_url=endpoint.url)
        heard = list(build_assistant(settings, remember=False).ask(question))
    sent = json.dumps(endpoint.requests, ensure_ascii=False)
    assert endpoint.requests and "wang@example.com" not in sent and "上云" in sent
    assert any(isinstance(e, Wording) and e.leaves_machine for e in heard) and "40%" in heard[-1].answer.text  # type: ignore[union-attr]


def test_what_was_computed_from_the_firms_figures_is_not_sent_elsewhere(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_away(monkeypatch)
    question = "工厂 280人 营收1.9亿 算中型还是小型"
    for mask, sends in ((True, False), (False, True)):
        with ScriptedEndpoint(["小型。"]) as endpoint:
            settings = Settings(home=home, engine="remote", remote_url=endpoint.url, mask_remote=mask)
            assert "小型" in build_assistant(settings, remember=False).answer(question).text
        assert bool(endpoint.requests) is sends
