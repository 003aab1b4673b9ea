"""A tool that is half meant gives way where it would only say again what it said in the turn before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chat import Assistant
from assistant.compute import Computed
from assistant.guard import Verdict
from assistant.history import Call, Turn
from assistant.route import Route
from assistant.stages.judge import UNCHANGED, better_read, once_more, standing, weighed
from assistant.stages.retrieve import look_up
from assistant.state import Desk, Part
from assistant.understand.meaning import Understanding
from core.clock import today
from core.types import Citation, ToolCall

ARGUMENTS = {"行业": "五金"}


@pytest.mark.parametrize(
    ("last", "stays"),
    [(None, True), (Call("roadmap", ARGUMENTS), False), (Call("roadmap", {"行业": "注塑"}), True), (Call("subsidy", ARGUMENTS), True)],
)  # fmt: skip
def test_what_was_just_computed_is_not_told_again_where_a_card_tells(
    guide: Assistant, last: Call | None, stays: bool
) -> None:
    filters = guide.filters()
    desk = Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())
    text = "到2027年上云率目标是多少"
    looked = look_up(desk, text, None, text)
    looked = replace(looked, verdict=replace(looked.verdict, confidence=desk.limits.card_first - 0.01))
    means = Understanding("roadmap", 0.6, follows="detail", goes_on=0.95, leans=True)
    computed = Computed("计划", (), ToolCall("roadmap", ARGUMENTS, {}), Call("roadmap", ARGUMENTS))
    part = Part(text, text, means=means, route=Route("roadmap", ARGUMENTS, half=True), computed=computed, looked=looked)
    assert bool(weighed(desk, part, last).computed) is stays


@pytest.mark.parametrize(
    ("asks", "half", "stays"), [((), True, True), (("行业",), True, False), (("行业",), False, True)]
)
def test_a_tool_that_would_rather_ask_than_reckon_gives_way_to_a_card_that_answers(
    guide: Assistant, asks: tuple[str, ...], half: bool, stays: bool
) -> None:
    filters = guide.filters()
    desk = Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())
    text = "到2027年上云率目标是多少"
    looked = look_up(desk, text, None, text)
    looked = replace(looked, verdict=replace(looked.verdict, confidence=desk.limits.card_beside + 0.1))
    means = Understanding("roadmap", 0.6)
    computed = Computed("计划", (), ToolCall("roadmap", ARGUMENTS, {}), Call("roadmap", ARGUMENTS, asks=asks))
    part = Part(text, text, means=means, route=Route("roadmap", ARGUMENTS, half=half), computed=computed, looked=looked)
    assert bool(weighed(desk, part).computed) is stays


def test_a_half_meant_tool_is_weighed_against_the_reading_that_goes_on_as_well(guide: Assistant) -> None:
    filters = guide.filters()
    desk = Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())
    alone, whole = "没有别的办法吗", "到2027年上云率目标是多少"
    looked = replace(look_up(desk, alone, None, alone), verdict=Verdict("refuse", 0.1))
    means = Understanding("roadmap", 0.6, follows="detail", goes_on=0.6, leans=None)
    computed = Computed("计划", (), ToolCall("roadmap", ARGUMENTS, {}), Call("roadmap", ARGUMENTS, asks=("行业",)))
    part = Part(
        alone, alone, means=means, route=Route("roadmap", ARGUMENTS, half=True), computed=computed, looked=looked,
        instead=whole, looked_instead=look_up(desk, whole, None, whole),
    )  # fmt: skip
    assert standing(desk, part, None).whole == whole


@pytest.mark.parametrize(("goes_on", "taken"), [(0.5, True), (0.3, False)])
def test_what_rather_goes_on_and_finds_nothing_alone_is_read_with_what_was_before(
    guide: Assistant, monkeypatch: pytest.MonkeyPatch, goes_on: float, taken: bool
) -> None:
    monkeypatch.setattr("assistant.stages.judge.judge_passages", lambda *asked: Verdict("refuse", 0.0))
    filters = guide.filters()
    desk = Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())
    alone, whole = "那归谁管", "到2027年上云率目标是多少"
    looked = look_up(desk, alone, None, alone)
    looked = replace(looked, verdict=Verdict("refuse", 0.1))
    means = Understanding("knowledge", 0.9, follows="detail", goes_on=goes_on)
    part = Part(
        alone, alone, means=means, looked=looked, instead=whole, looked_instead=look_up(desk, whole, None, whole)
    )
    assert (better_read(desk, part).whole == whole) is taken


@pytest.mark.parametrize(
    ("asked", "arguments", "means", "short"),
    [
        ("那设备算不算", ARGUMENTS, None, True),
        ("那设备算不算", ARGUMENTS, Understanding("knowledge", 0.8, follows="detail"), True),
        ("给我拆成几步", ARGUMENTS, Understanding("roadmap", 0.8, follows="detail"), False),
        ("不是80人", ARGUMENTS, Understanding("tell", 0.8, follows="revise"), False),
        ("我们厂怎么排", ARGUMENTS, None, False),
        ("那设备算不算", {"行业": "注塑"}, None, False),
    ],
)
def test_what_was_said_word_for_word_just_now_is_not_told_whole_again(
    asked: str, arguments: dict[str, str], means: Understanding | None, short: bool
) -> None:
    cited = tuple(Citation(n, "甲", "甲", "", f"p{n}", "") for n in (1, 2, 3))
    computed = Computed(
        "头一句 [2]。\n\n| 表 |\n\n尾 [3]", cited, ToolCall("roadmap", ARGUMENTS, {}), Call("roadmap", ARGUMENTS)
    )
    part = Part(asked, asked, means=means, route=Route("roadmap", ARGUMENTS), computed=computed)
    told = once_more(part, Turn("我们厂怎么排", "我们厂怎么排", "", Call("roadmap", arguments))).computed
    assert told
    assert (told.text == f"头一句 [1]。\n\n{UNCHANGED}") is short
    assert [each.passage_id for each in told.citations] == (["p2"] if short else ["p1", "p2", "p3"])
