"""Passages: sizes, sentences, tables, overlap."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st
from langchain_core.documents import Document

from ingest.split import LARGEST, OVERLAP, ChineseStructureSplitter, sentences

SENTENCE = "样例企业在第{}个环节部署了样例系统，生产效率提升了百分之{}，并且降低了样例成本。"
LONG = "一、样例\n" + "".join(SENTENCE.format(n, n) for n in range(60))


def test_no_passage_is_longer_than_the_largest_and_no_sentence_is_cut() -> None:
    pieces = ChineseStructureSplitter().pieces(LONG)
    assert all(len(p.text) <= LARGEST for p in pieces)
    for n in range(60):
        assert any(SENTENCE.format(n, n) in p.text for p in pieces)


def test_a_passage_begins_with_the_last_sentence_of_the_one_before() -> None:
    first, second, *_ = ChineseStructureSplitter().pieces(LONG)
    last = sentences(first.text)[-1]
    assert len(last) <= OVERLAP and second.text.startswith(last)


def test_small_neighbours_of_a_section_are_one_passage_and_sections_stay_apart() -> None:
    pieces = ChineseStructureSplitter().pieces("一、甲\n甲的第一句。\n甲的第二句。\n二、乙\n乙的一句。\n")
    assert [p.text for p in pieces] == ["一、甲\n甲的第一句。\n甲的第二句。", "二、乙\n乙的一句。"]


def test_each_row_of_a_long_table_is_a_passage_with_caption_and_header() -> None:
    rows = "\n".join(f"工具{n}厂家\t甲公司{n}\t乙公司{n}\t丙公司{n}，以及其他几家样例公司" for n in range(60))
    head, *found = ChineseStructureSplitter().pieces(f"一、工具\n表 1 各工具的厂家\n工具\t第一\t第二\t第三\n{rows}\n")
    assert head.text == "一、工具\n表 1 各工具的厂家\n工具 | 第一 | 第二 | 第三" and len(found) == 60
    for n, piece in enumerate(found):
        assert piece.text.startswith(
            f"表 1 各工具的厂家\n工具{n}厂家 | 第一 | 甲公司{n}\n工具{n}厂家 | 第二 | 乙公司{n}\n"
        )
        assert piece.title == f"表 1 各工具的厂家 · 工具{n}厂家"


def test_a_row_too_long_for_a_passage_is_given_cell_by_cell() -> None:
    text = "一、路径\n\t一级\t二级\n研发\t" + "甲" * 400 + "\t" + "乙" * 400 + "\n"
    joined = [p.text for p in ChineseStructureSplitter().pieces(text)]
    assert all(len(t) <= LARGEST for t in joined)
    assert any("研发 | 一级 | 甲" in t for t in joined) and any("研发 | 二级 | 乙" in t for t in joined)


def test_headings_stand_in_the_first_passage_below_them() -> None:
    piece = ChineseStructureSplitter().pieces("二、任务\n（一）试点\n支持十个城市开展试点。")[0]
    assert piece.text.startswith("二、任务\n（一）试点\n")
    assert piece.title == "二、任务 · （一）试点"


def test_is_a_langchain_splitter() -> None:
    found = ChineseStructureSplitter().split_documents([Document("一、甲\n甲的一句。", metadata={"source": "样例"})])
    assert found[0].metadata == {"source": "样例", "title": "一、甲", "section": ["一、甲"]}


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet=st.sampled_from("甲乙丙，。；！\n\t （）一二1.、#|\r\f第章图表⼩ a"), max_size=1500))
def test_whatever_the_text_nothing_but_furniture_is_lost_and_nothing_is_too_long(text: str) -> None:
    pieces = ChineseStructureSplitter().pieces(text)
    assert all(p.text.strip() and len(p.text) <= LARGEST for p in pieces)
    longest = max(re.findall(r"[甲乙丙]+", text), key=len, default="")
    assert longest in re.sub(r"\s", "", "".join(p.text for p in pieces))
