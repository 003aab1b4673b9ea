"""What a notice pays, asked in a conversation: what is known without a model is shown first, and stands where no model betters it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.document.worked import entry
from assistant.document.worked.told import MADE
from core.settings import Settings
from core.types import Brief, Done, Event, Wording
from ingest.pipeline import Ingestor
from tests.assistant.document.worked.cold_store import NOTICE, said
from tests.engine_doubles.endpoint import ScriptedEndpoint, Step

QUESTION = "我们是大型冷库，压缩机60万、冷风机30万，都不含税，能补多少"
SURE = "我们是大型冷库，制冷设备不含税花了90万，能补多少"
RIGHT = said("加 a1 a2", "乘 s1 b1", "取小 s2 b2")


@pytest.fixture(scope="module")
def store(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the notice in it."""
    folder = tmp_path_factory.mktemp("worked")
    shutil.copytree(home, folder / "home")
    (folder / "冷库.md").write_text(NOTICE, "utf-8")
    index = build_assistant(Settings(home=folder / "home"), remember=False).retriever.index
    assert [one.status for one in Ingestor(index).ingest([folder / "冷库.md"])] == ["added"]
    index.ledger.close()
    return folder / "home"


@contextmanager
def guided(store: Path, *scripts: list[Step], passed: bool = True) -> Iterator[tuple[Assistant, ScriptedEndpoint]]:
    with ScriptedEndpoint(*scripts) as double:
        settings = Settings(home=store, engine="remote", remote_url=double.url, remote_model="m")
        guide = build_assistant(settings, remember=False)
        assert guide.engine
        (store / entry.FILE).unlink(missing_ok=True)
        if passed:
            entry.keep(store, guide.engine.settings, True)
        yield guide, double


def asked(guide: Assistant, question: str = QUESTION) -> list[Event]:
    return list(guide.ask(question, document="冷库"))


def last(events: list[Event]) -> str:
    assert isinstance(events[-1], Done)
    return events[-1].answer.text


@pytest.fixture(scope="module")
def plain(store: Path) -> dict[str, list[Event]]:
    """What is answered without a model."""
    guide = build_assistant(Settings(home=store, engine="extractive"), remember=False)
    return {question: asked(guide, question) for question in (QUESTION, SURE)}


def test_a_model_that_is_trusted_betters_what_is_shown_first(store: Path, plain: dict[str, list[Event]]) -> None:
    with guided(store, RIGHT) as (guide, _):
        events = asked(guide)
    briefs = [event.text for event in events if isinstance(event, Brief)]
    assert briefs[0] == last(plain[QUESTION]) and "**按它的规定，能补15万元**" in briefs[1] == last(events)
    assert events.index(next(event for event in events if isinstance(event, Wording))) == 1


def test_every_step_says_where_its_figures_come_from_and_who_put_it_together(store: Path) -> None:
    with guided(store, RIGHT) as (guide, _):
        events = asked(guide)
    text, done = last(events), events[-1]
    assert "1. 60万元（您说的“压缩机60万”） + 30万元（您说的“冷风机30万”） = 90万元" in text
    assert "2. 90万元（第1步） × 20%（规定 [1]） = 18万元" in text
    assert "3. 18万元（第2步）、15万元（规定的上限 [1]），取小的 = 15万元" in text
    assert MADE in text and "还要看：“（四）库房土建、办公家具不计入投入”" in text
    assert isinstance(done, Done) and {one.source_id for one in done.answer.citations} == {"冷库"}
    assert "20%" in done.answer.citations[0].quote


@pytest.mark.parametrize(
    "script",
    [
        said("加 a1 a2", "乘 s1 b1"),
        said("乘 a1 b3", "取小 s1 b4"),
        said(cannot="没说有没有验收"),
        ["能补100万元。"],
        [500],
        [None],
    ],
)
def test_a_bad_model_leaves_the_answer_as_it_is_without_one(
    store: Path, plain: dict[str, list[Event]], script: list[Step]
) -> None:
    with guided(store, script) as (guide, _):
        worded, without = asked(guide)[-1], plain[QUESTION][-1]
    assert isinstance(worded, Done) and isinstance(without, Done)
    assert (worded.answer.text, worded.answer.citations) == (without.answer.text, without.answer.citations)


def test_what_is_reckoned_without_a_model_is_not_asked_about(store: Path, plain: dict[str, list[Event]]) -> None:
    with guided(store, said("照 b1")) as (guide, double):
        events = asked(guide, SURE)
    assert "能补15万元" in last(events) == last(plain[SURE]) and not double.requests


def test_a_model_that_has_failed_the_entry_test_is_not_waited_for(store: Path, plain: dict[str, list[Event]]) -> None:
    with guided(store, said("照 b1"), passed=False) as (guide, double):
        first, second = asked(guide), asked(guide)
    assert last(first) == last(second) == last(plain[QUESTION]) and len(double.requests) == 1
    assert not any(isinstance(event, Wording) for event in second)


def test_a_model_elsewhere_is_sent_no_line_of_a_document_where_figures_are_masked(
    store: Path, plain: dict[str, list[Event]]
) -> None:
    settings = Settings(home=store, engine="remote", remote_url="https://models.example/v1", remote_model="m")
    guide = build_assistant(settings, remember=False)
    assert guide.engine and guide.engine.status().leaves_machine
    entry.keep(store, guide.engine.settings, True)
    events = asked(guide)
    assert last(events) == last(plain[QUESTION]) and not any(isinstance(event, Wording) for event in events)
