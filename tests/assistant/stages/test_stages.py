"""The stages one after the other: each leaves its decision, none forgets what stood before."""

from __future__ import annotations

import uuid

from assistant.chat import STAGES, Assistant
from assistant.state import State


def states(guide: Assistant, *messages: str) -> list[State]:
    """The states that the last message goes through."""
    session, seen = uuid.uuid4().hex, list[State]()
    for message in messages:
        seen = []
        assert list(guide.ask(message, session, watch=seen.append))
    return seen


def test_every_stage_leaves_one_decision_and_keeps_those_before(guide: Assistant) -> None:
    seen = states(guide, "到2027年中小企业上云率目标是多少")
    assert len(seen) == len(STAGES)
    for at, state in enumerate(seen, 1):
        assert len(state.decided) == at and state.question == "到2027年中小企业上云率目标是多少"
    assert [d.stage for d in seen[-1].decided] == ["读", "理解", "接上文", "去向", "查到", "判断", "写"]
    assert seen[-1].composed and "40%" in seen[-1].composed.text


def test_what_every_stage_decided_is_told(guide: Assistant) -> None:
    lines = list[str]()
    assert list(guide.ask("WMS是什么意思", tell=lines.append))
    assert [line.partition("：")[0] for line in lines] == ["读", "理解", "接上文", "去向", "查到", "判断", "写"]


def test_a_message_that_cannot_be_read_goes_no_further(guide: Assistant) -> None:
    (only,) = states(guide, "1+1=？")
    assert only.said and only.said.refused and not only.parts


def test_thanks_leave_the_topic_where_it_was(guide: Assistant) -> None:
    *_, last = states(guide, "WMS是什么意思", "谢谢", "那APS呢？")
    assert last.parts[0].whole == "APS是什么意思"


def test_two_questions_that_want_different_things_are_both_answered(guide: Assistant) -> None:
    *_, last = states(guide, "我们五金厂280人，去年营收1.9亿，算中型还是小型？到2027年全国中小企业上云率目标是多少？")
    assert len(last.parts) == 2 and last.computed and last.computed.tool.name == "size_class"
    assert last.composed and "小型" in last.composed.text and "40%" in last.composed.text
    numbers = [c.n for c in last.composed.citations]
    assert numbers == list(range(1, len(numbers) + 1))
