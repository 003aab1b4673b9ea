"""What is told without a question: facts are noted, a trouble is answered where the knowledge answers it, and a tool gives way that has nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from assistant.chat import Assistant
from assistant.compute import Computed
from assistant.guard import Verdict
from assistant.history import Call
from assistant.route import NOTE, Route
from assistant.stages.judge import judge, weighed
from assistant.stages.retrieve import look_up
from assistant.state import Desk, Part, State
from assistant.understand.meaning import Understanding
from core.clock import today
from core.types import ToolCall
from tests.assistant.conftest import Ask

TOLD = "抄单抄错一扇赔八百，做木门的"


def desk_of(guide: Assistant) -> Desk:
    filters = guide.filters()
    return Desk(guide.settings, guide.retriever, filters, guide.retriever.index.sources(filters.spaces), today())


@pytest.mark.parametrize(
    ("tells", "confidence", "noted"),
    [(0.3, 0.6, False), (0.3, 0.3, True), (0.6, 0.6, True), (0.6, 0.9, False), (0.9, 0.95, True)],
)
def test_a_trouble_is_answered_where_a_card_answers_and_plain_facts_are_noted(
    guide: Assistant, tells: float, confidence: float, noted: bool
) -> None:
    desk = desk_of(guide)
    looked = replace(look_up(desk, TOLD, None, TOLD), verdict=Verdict("answer", confidence))
    means = Understanding("tell", tells)
    part = Part(TOLD, TOLD, means=means, route=Route(NOTE), looked=looked)
    after = judge(State(TOLD, desk, text=TOLD, means=means, parts=(part,)))
    assert bool(after.said) is noted


@pytest.mark.parametrize(
    ("asks", "share", "stays"),
    [((), 1.0, False), (("答题",), 0.97, True), (("答题",), 0.8, False), (("答题",), 0.1, True)],
)
def test_a_tool_that_computes_nothing_yet_gives_way_unless_it_is_plainly_asked_for(
    guide: Assistant, asks: tuple[str, ...], share: float, stays: bool
) -> None:
    text = "到2027年上云率目标是多少"
    desk = desk_of(guide)
    looked = replace(look_up(desk, text, None, text), verdict=Verdict("answer", 0.9))
    label = "maturity" if share > 0.5 else "knowledge"
    means = Understanding(label, max(share, 0.5), (("maturity", share),) if label != "maturity" else ())
    computed = Computed("开头", (), ToolCall("maturity", {}, {}), Call("maturity", {}, asks), begins=True)
    part = Part(text, text, means=means, route=Route("maturity"), computed=computed, looked=looked)
    assert bool(weighed(desk, part).computed) is stays


def test_who_tells_only_facts_hears_what_was_noted(ask: Ask) -> None:
    assert ask("我们厂在中山，60人，做灯饰").text.startswith("我记下的")
