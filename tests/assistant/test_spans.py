"""What a text names, by kind, and whether it says anything besides."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.spans import has_rest, spans, subject, substance


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("佛山呢", [("place", "佛山")]),
        ("那宁波和苏州呢", [("place", "宁波"), ("place", "苏州")]),
        ("三级呢？", [("level", "三级")]),
        ("那APS呢？", [("term", "APS")]),
        ("2028年的呢", [("year", "2028年")]),
        ("那日本呢？", [("abroad", "日本")]),
        ("采购呢", [("area", "采购")]),
        ("那小巨人呢", [("title", "小巨人")]),
        ("省里的呢", [("province", "省里")]),
        ("为什么", []),
    ],
)
def test_what_a_follow_up_names_is_read_by_kind(text: str, named: list[tuple[str, str]]) -> None:
    assert [(span.kind, span.text) for span in spans(text)] == named
    assert not has_rest(text)


@pytest.mark.parametrize("text", ["佛山的期限呢", "三级要花多少钱", "APS是什么意思"])
def test_what_asks_for_something_else_says_more_than_it_names(text: str) -> None:
    assert has_rest(text)


@given(st.text(alphabet="佛山三级那APS呢2027年的采购省里，？ 补贴ERP市", max_size=24))
def test_spans_stand_where_they_say_and_never_overlap(text: str) -> None:
    found, at = spans(text), 0
    for span in found:
        assert span.start >= at and span.end > span.start
        at = span.end


def test_words_that_only_ask_have_no_substance_and_no_subject() -> None:
    for text in ("为什么呢？", "怎么说", "那呢"):
        assert not subject(text)
    assert substance("数字化改造补贴怎么申请") and "补贴" in " ".join(subject("数字化改造补贴怎么申请"))
