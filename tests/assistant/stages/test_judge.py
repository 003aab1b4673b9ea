"""A tool that is half meant gives way where it would only say again what it said in the turn before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chat import Assistant
from assistant.compute import Computed
from assistant.history import Call
from assistant.route import Route
from assistant.stages.judge import weighed
from assistant.stages.retrieve import look_up
from assistant.state import Desk, Part
from assistant.understand.meaning import Understanding
from core.clock import today
from core.types import ToolCall

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
