"""What a model proposes counts only as far as code can check it."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.engine.choose import open_engine
from assistant.engine.contract import EngineSettings
from assistant.history import Turn
from assistant.proposals import ENTRY_TEST, Adviser, checked, spoken_of
from assistant.stages.reconsider import options_for
from assistant.understand.heads import Heads
from assistant.understand.meaning import Understanding
from core.settings import Settings
from core.types import Brief, Done, ToolResult
from tests.engine_doubles.endpoint import ScriptedEndpoint, Step

PASSED: list[list[Step]] = [[json.dumps({"tool": right})] for _, _, right in ENTRY_TEST]


def tool(name: str) -> list[Step]:
    return [json.dumps({"tool": name})]


def said(**values: str) -> list[Step]:
    return [
        json.dumps({"said": [{"name": name, "value": value} for name, value in values.items()]}, ensure_ascii=False)
    ]


@contextmanager
def adviser(*scripts: list[Step]) -> Iterator[tuple[Adviser, ScriptedEndpoint]]:
    with ScriptedEndpoint(*PASSED, *scripts) as double:
        engine = open_engine(EngineSettings(engine="remote", remote_url=double.url))
        assert engine
        yield Adviser(engine), double


def soon() -> float:
    return time.monotonic() + 20


def test_a_model_that_passes_the_entry_test_may_choose_a_tool() -> None:
    with adviser(tool("subsidy")) as (model, double):
        assert model.tool("国家能帮衬我们厂点啥？", ("subsidy", "maturity"), (), "", soon()) == "subsidy"
        assert len(double.requests) == len(ENTRY_TEST) + 1


def test_a_model_that_fails_the_entry_test_is_not_asked_again() -> None:
    with ScriptedEndpoint(tool("maturity")) as double:
        engine = open_engine(EngineSettings(engine="remote", remote_url=double.url))
        assert engine
        model = Adviser(engine)
        assert [model.tool("能帮衬点啥？", ("subsidy",), (), "", soon()) for _ in range(3)] == ["", "", ""]
        assert len(double.requests) == 1


def test_an_entry_test_that_was_cut_off_goes_on_at_the_next_question_and_is_given_up_in_the_end() -> None:
    with ScriptedEndpoint(PASSED[0], [500], *PASSED[1:], tool("subsidy")) as double:
        engine = open_engine(EngineSettings(engine="remote", remote_url=double.url))
        assert engine
        model = Adviser(engine)
        assert [model.tool("能帮衬点啥？", ("subsidy",), (), "", soon()) for _ in range(2)] == ["", "subsidy"]
    with ScriptedEndpoint([500]) as double:
        engine = open_engine(EngineSettings(engine="remote", remote_url=double.url))
        assert engine
        model = Adviser(engine)
        assert {model.tool("能帮衬点啥？", ("subsidy",), (), "", soon()) for _ in range(6)} == {""}
        assert len(double.requests) == 3


@pytest.mark.parametrize("script", [tool("rm"), ["胡说"], [500], tool("knowledge")])
def test_anything_but_an_offered_tool_is_no_proposal(script: list[Step]) -> None:
    with adviser(script) as (model, _):
        assert model.tool("国家能帮衬我们厂点啥？", ("subsidy", "maturity"), (), "", soon()) == ""


@pytest.mark.parametrize(
    ("name", "value", "taken"),
    [
        ("地区", "余姚", True),
        ("地区", "苏州", False),
        ("投入万元", "两百万", True),
        ("投入万元", "三百万", False),
        ("投入万元", "30", False),
        ("从业人员", "30来个人", True),
        ("从业人员", "两百万", False),
        ("贷款万元", "50万", False),
        ("用途", "换设备", True),
        ("用途", "30", False),
    ],
)
def test_an_argument_counts_only_in_the_users_words_and_an_amount_only_with_its_unit(
    name: str, value: str, taken: bool
) -> None:
    text = "我们厂在余姚，30来个人，准备掏两百万换设备，去年卖了50万"
    good, _ = checked([(name, value)], text, {"营业收入万元": 50.0})
    assert good == ({name: value} if taken else {})


def test_an_invented_amount_is_asked_about_once_more_and_then_left_out() -> None:
    with adviser(said(投入万元="500万"), said(投入万元="800万")) as (model, double):
        found = model.arguments("subsidy", {}, ("投入万元", "地区"), (), "我们厂想换设备，能补多少？", "", soon())
        assert found == {} and len(double.requests) == len(ENTRY_TEST) + 2
        assert "500万" in str(double.requests[-1]["messages"][-1]["content"])


@pytest.mark.parametrize(
    ("made", "kept"),
    [
        ("宁波的补贴比例是多少？", True),
        ("宁波2027年的补贴比例是多少？", False),
        ("苏州的补贴比例是多少？", False),
        ("SAP软件的补贴比例是多少？", False),
        ("怎么炒股票赚钱快？", False),
    ],
)
def test_a_rewritten_question_brings_nothing_new(made: str, kept: bool) -> None:
    assert spoken_of(made, "问：宁波的中小企业能拿补贴吗？\n比例是多少？") is kept


class Unsure:
    """Understands every message as the same, and is not sure of it."""

    heads = Heads("x", {}, {}, {}, (0.3, 0.7), (0.3, 0.15))
    declining = None

    def __init__(self, means: Understanding) -> None:
        self.means = means

    def read(self, text: str, before: str = "") -> Understanding:
        return self.means


@pytest.mark.parametrize(
    ("means", "options"),
    [
        (Understanding("knowledge", 0.6, (("subsidy", 0.3), ("maturity", 0.05))), ("subsidy",)),
        (Understanding("knowledge", 0.4, (("roadmap", 0.3), ("cases", 0.2), ("maturity", 0.1))), ("roadmap", "cases")),
        (Understanding("knowledge", 0.97, (("subsidy", 0.02),), sure=True), ()),
        (Understanding("chat", 0.6, (("subsidy", 0.3),)), ()),
        (None, ()),
    ],
)
def test_only_a_question_that_may_want_a_tool_is_offered_tools(
    means: Understanding | None, options: tuple[str, ...]
) -> None:
    assert options_for(means) == options


@contextmanager
def guide_over(home: Path, *scripts: list[Step]) -> Iterator[Assistant]:
    with ScriptedEndpoint(*scripts) as double:
        guide = build_assistant(Settings(home=home, engine="remote", remote_url=double.url), remember=False)
        yield guide


def test_a_second_look_shows_the_tools_result_after_the_first_answer(home: Path) -> None:
    with guide_over(home, *PASSED, tool("maturity"), ["好的。"]) as guide:
        question = "就我们这个样子，数字化到了哪一步"
        guide.understander = Unsure(Understanding("knowledge", 0.5, (("maturity", 0.2),)))  # type: ignore[assignment]
        events = list(guide.ask(question))
    kinds = [type(event) for event in events]
    done = events[-1]
    assert isinstance(done, Done) and kinds.count(Brief) == 2 and kinds.index(ToolResult) > kinds.index(Brief)
    assert done.answer.tool and done.answer.tool.name == "maturity"


@pytest.mark.parametrize("script", [["胡说八道"], [500], tool("knowledge"), [None]])
def test_a_bad_model_changes_nothing(home: Path, guide: Assistant, script: list[Step]) -> None:
    question = "就我们这个样子，数字化到了哪一步"
    with guide_over(home, script) as other:
        worded, plain = other.answer(question), guide.answer(question)
    assert (worded.text, worded.tool, worded.citations) == (plain.text, plain.tool, plain.citations)


@pytest.mark.parametrize(
    ("made", "kept"),
    [("宁波的补贴比例是多少？", "宁波的补贴比例是多少？"), ("苏州2027年的补贴比例？", ""), ("比例咋样", "")],
)
def test_a_follow_up_is_completed_in_words_of_the_conversation_only(made: str, kept: str) -> None:
    turns = [Turn("宁波的中小企业能拿补贴吗？", "宁波的中小企业能拿补贴吗？", "能。")]
    with adviser([json.dumps({"question": made}, ensure_ascii=False)]) as (model, _):
        assert model.complete("比例咋样", turns, "", soon()) == kept
