"""What is said where a message was not surely understood, or where nobody can know."""

from __future__ import annotations

from assistant.answer.composed import Composed
from assistant.asking_back import MOST, choices, unknowable
from assistant.understand.meaning import KNOWLEDGE, Understanding
from core.types import Citation, Hit, Passage
from tools.spec import specs

UNSURE = Understanding("subsidy", 0.4, ((KNOWLEDGE, 0.35), ("roadmap", 0.2)))


def test_two_or_three_things_are_offered_and_each_can_be_said() -> None:
    asked = choices(UNSURE, ("改造补贴怎么申请", "补贴到几号"))
    assert asked and asked.refused and 2 <= len(asked.suggestions) <= MOST
    assert asked.suggestions[0] == specs()["subsidy"].say
    assert all(f"- 回“{one}”" in asked.text for one in asked.suggestions)


def test_nothing_is_asked_back_where_it_is_plain_what_is_meant() -> None:
    assert choices(Understanding("subsidy", 0.95, ((KNOWLEDGE, 0.03),), sure=True)) is None
    assert choices(Understanding(KNOWLEDGE, 0.9, (("out", 0.05),))) is None


def test_where_nobody_can_know_the_nearest_is_told_in_a_line_with_its_source() -> None:
    passage = Passage("a/b", "a", "题", "很长的一段话。" * 30, short="到2027年超过40%。")
    citation = Citation(1, "a", "某方案", "", "a/b", "很长的一段话。")
    told = unknowable(Composed(f"{passage.text} [1]\n\n出处 [1] 《某方案》", (citation,), (Hit(passage, 1.0),)))
    assert told.refused and "谁也说不准" in told.text.split("\n")[0]
    assert "- 到2027年超过40%。 [1]" in told.text and told.text.endswith("出处 [1] 《某方案》")
    assert passage.text not in told.text
