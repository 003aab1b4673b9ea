"""Asking: the order of events, the shape in JSON, and questions that are no questions."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.chat import Assistant
from assistant.stages.read import checked
from core.errors import BadQuestion
from core.types import Brief, Done, Sources, ToolResult

KEYS = {"id", "question", "answer", "refused", "citations", "tool", "engine", "timings_ms"}
CITATION_KEYS = {"n", "source_id", "title", "section", "passage_id", "quote", "origin", "certainty"}


def test_sources_come_before_the_brief_and_the_answer_last(guide: Assistant) -> None:
    events = list(guide.ask("政府到2027年打算让多少小企业上云"))
    kinds = [type(e) for e in events]
    assert kinds.index(Sources) < kinds.index(Brief) < len(kinds) - 1
    assert kinds[-1] is Done and kinds.count(Done) == 1
    brief, done = (next(e for e in events if isinstance(e, k)) for k in (Brief, Done))
    assert isinstance(brief, Brief) and isinstance(done, Done)
    assert brief.text == done.answer.text and brief.citations == done.answer.citations


def test_a_tool_tells_its_result_before_the_brief(guide: Assistant) -> None:
    kinds = [type(e) for e in guide.ask("我厂280人，去年1.9个亿，算中型吗？")]
    assert kinds.index(ToolResult) < kinds.index(Brief)


@pytest.mark.parametrize(
    "question", ["政府到2027年打算让多少小企业上云", "红烧肉怎么炖", "我厂280人，去年1.9个亿，算中型吗？", "我厂280人"]
)
def test_an_answer_in_json_has_the_agreed_shape(guide: Assistant, question: str) -> None:
    raw = json.loads(json.dumps(guide.answer(question).as_json("x"), ensure_ascii=False))
    assert raw.keys() >= KEYS
    assert (raw["id"], raw["question"], raw["engine"]) == ("x", question, "extractive")
    assert all(c.keys() == CITATION_KEYS for c in raw["citations"])
    assert raw["tool"] is None or raw["tool"].keys() == {"name", "arguments", "result"}
    assert raw["timings_ms"]["total"] > 0 and 0 <= raw["confidence"] <= 1


@pytest.mark.parametrize(
    "question",
    ["", "   \n\t ", "😀😀🎉", "\u200b\u202e\ufeff", "？！。…", "\x00\x01\x02", "\ufffd\ufffd\ufffd\ufffd中"],
)
def test_a_question_without_words_is_told_how_to_ask(guide: Assistant, question: str) -> None:
    with pytest.raises(BadQuestion) as caught:
        guide.answer(question)
    assert caught.value.message and caught.value.hint


def test_a_question_that_is_too_long_is_told_the_limit(guide: Assistant) -> None:
    with pytest.raises(BadQuestion) as caught:
        guide.answer("怎么转型" * 5000)
    assert "20000" in caught.value.message and "2000 字" in caught.value.message


@pytest.mark.parametrize("question", ["上云率目标是多少😀😀", "上云率目标是多少‏‏", "'; DROP TABLE passage; --上云率目标", "<script>alert(1)</script>上云率目标是多少",
                                      "上云率目标是多少" + "？" * 500, "مرحبا 上云率目标是多少", "# 上云率\n\n目标是多少"])  # fmt: skip
def test_signs_around_a_question_do_not_hide_it(guide: Assistant, question: str) -> None:
    assert "40%" in guide.answer(question).text


@pytest.mark.parametrize(
    ("said", "read"),
    [("# 标题\n- 能补多少", "标题"), ("- 700万营收算什么型", "- 700万"), ("> 300人算中型吗", "> 300人")],
)
def test_marks_of_a_list_are_taken_off_but_no_sign_of_a_figure(said: str, read: str) -> None:
    assert checked(said, 100).startswith(read)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.one_of(
        st.text(max_size=80),
        st.text(alphabet="我们厂人万元亿补贴二三级到ERP280%，？呢那不是做", max_size=24),
        st.lists(st.sampled_from(["上云", "补贴", "280人", "1.9亿", "宁波", "服装", "三级", "路线图", "算中型吗", "测一下", "怎么", "哪家", "案例", "2027年", "小巨人", "不是", "那", "预算50万", "MES"]),
                 max_size=6).map("".join),
    )
)  # fmt: skip
def test_whatever_is_asked_is_answered_or_told_how_to_ask(guide: Assistant, question: str) -> None:
    try:
        first = guide.answer(question, "any")
    except BadQuestion as exc:
        assert exc.message and exc.hint
        return
    assert first.text.strip()
    json.dumps(first.as_json(), ensure_ascii=False).encode()
    body = re.split(r"\n\n(?:出处|Source) ", first.text)[0]
    cited = {c.n for c in first.citations}
    assert {int(n) for n in re.findall(r"\[(\d{1,2})\]", body.replace(question, ""))} <= cited
