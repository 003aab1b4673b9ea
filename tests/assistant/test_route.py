"""A message that goes on from a tool asks of it, or of something else."""

from __future__ import annotations

import pytest

from assistant.history import Call, Turn
from assistant.route import decide
from assistant.understand.meaning import Understanding
from tools.firm.profile import Profile

LEVEL = {"指标": "等级", "等级": "二级"}


@pytest.mark.parametrize(
    ("text", "means", "tool"),
    [
        ("要花大钱不", Understanding("knowledge", 0.9, follows="detail", goes_on=0.95, leans=True), ""),
        ("只投50万呢", Understanding("benchmark", 0.6, follows="revise", goes_on=0.95, leans=True), "benchmark"),
        ("那给我排个一年的步骤", Understanding("roadmap", 0.6, follows="detail", goes_on=0.95, leans=True), "roadmap"),
    ],
)
def test_a_question_goes_on_from_a_tool_only_where_it_asks_of_it(text: str, means: Understanding, tool: str) -> None:
    turns = (Turn("我们二级，在同行里什么位置", "我们二级，在同行里什么位置", "中间。", Call("benchmark", LEVEL)),)
    assert decide(text, text, turns, Profile(level=2, industry="五金"), understood=means).tool == tool
