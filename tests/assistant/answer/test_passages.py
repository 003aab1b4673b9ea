"""How a passage is told: a card whole, a document by whole sentences and lists."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.passages import LIST_CHARACTERS, brief, excerpt, says_more, units, whole
from assistant.chat import Assistant
from core.types import Hit, Passage

LIST = "办法有五样：\n" + "\n".join(f"{n}. 第{n}样{what}，{'写得长' * 8}。" for n, what in enumerate("甲乙丙丁戊", 1))
LONG = "申报要过四关。" + LIST + "\n材料交到区里。" + "这一句和别的没有关系。" * 20


def card(text: str, short: str = "") -> Hit:
    return Hit(Passage("s/a", "s", "题目", text, short=short), 1.0)


def test_a_card_is_told_as_it_stands_however_long_it_is() -> None:
    text = "一句话。" * 200
    assert whole(card(text)) == text


def test_what_looks_like_our_citation_is_not_shown_as_one() -> None:
    assert whole(card("见表[3]。")) == "见表［3］。"
    assert brief(card("正文", "见表[3]。").passage) == "见表［3］。"


def test_a_card_without_a_short_form_is_never_cut_to_one() -> None:
    assert brief(card("很长的正文。" * 40).passage) == ""


def test_a_list_and_the_line_that_opens_it_are_one_unit() -> None:
    assert LIST in units(LONG)


def test_a_long_document_is_told_by_whole_sentences_and_whole_lists(guide: Assistant) -> None:
    text = excerpt(guide.retriever.analyse("丁怎么办"), LONG, 120)
    assert LIST in text and "这一句和别的没有关系" not in text


def test_a_list_that_is_too_long_ends_after_a_whole_item() -> None:
    items = [f"{n}. 第{n}样{'长' * 60}。" for n in range(1, 31)]
    text = excerpt(None, "\n".join(["办法：", *items, "完。" * 300]), 200)
    kept = [line for line in text.split("\n") if line.startswith(tuple("123456789"))]
    assert kept == items[: len(kept)] and len(text) <= LIST_CHARACTERS + 10 and text.endswith("……")


@given(
    st.lists(st.text(alphabet="甲乙丙3.85%，、", min_size=1, max_size=30), min_size=1, max_size=12),
    st.integers(20, 200),
)
def test_an_excerpt_holds_nothing_that_the_text_does_not_hold(parts: list[str], limit: int) -> None:
    text = "。".join(parts) + "。"
    squeezed = re.sub(r"\s", "", text)
    assert all(re.sub(r"\s", "", unit) in squeezed for unit in excerpt(None, text, limit).split("\n"))


@pytest.mark.parametrize(
    ("text", "more"), [("上云率超过40%，是全国的目标。", False), ("关键工序数控化率到75%。", True)]
)
def test_a_passage_that_says_the_same_adds_nothing(text: str, more: bool) -> None:
    assert says_more(text, ["到2027年上云率超过40%，是全国的目标，不是硬指标。"]) is more
