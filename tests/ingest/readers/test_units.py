"""The unit of a table reaches its amounts and nothing else."""

from __future__ import annotations

import pytest

from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, page, saved, tbl, told, word
from tests.ingest.readers.reading import ROWS, deck

UNITS = ["单位：万元", "（单位：万元）", "金额单位：万元", "单位:人民币万元", "单 位：万元", "计量单位：万元"]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
@pytest.mark.parametrize("line", UNITS)
def test_a_unit_above_a_table_is_that_of_its_amounts_and_of_nothing_else(line: str, suffix: str) -> None:
    data = made.table_files(ROWS, ("补助计划", line))[suffix]
    assert told(data, suffix)[:2] == ["云杉厂 | 户数 | 3", "云杉厂 | 补助金额 | 36万元"]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_unit_at_the_end_of_a_table_s_title_is_its_unit(suffix: str) -> None:
    data = made.table_files(ROWS, ("补助计划表（单位：千元）",))[suffix]
    assert told(data, suffix)[1] == "云杉厂 | 补助金额 | 36千元"


def test_a_unit_between_which_and_its_table_stands_the_title_is_its_unit() -> None:
    data = word(made.p("单位：万元"), made.p("表2 补助计划"), tbl(*ROWS))
    assert told(data, ".docx")[1] == "云杉厂 | 补助金额 | 36万元"


@pytest.mark.parametrize(
    "table",
    [
        made.html_table(ROWS, "<caption>补助计划（单位：元）</caption>"),
        made.html_table(ROWS, "<caption>单位：元</caption>"),
        made.html_table([["<td colspan=3 align=right>单位：元</td>"], *ROWS]),
        made.html_table([["<td colspan=3>补助计划</td>"], ["<td colspan=3>单位：元</td>"], *ROWS]),
    ],
)
def test_a_page_s_table_knows_its_unit_from_its_caption_or_its_first_row(table: str) -> None:
    assert told(page(f"<p>公示如下。</p>{table}"), ".html")[1] == "云杉厂 | 补助金额 | 36元"


def test_a_unit_in_a_merged_first_row_of_a_sheet_and_in_its_last_cell_is_the_table_s() -> None:
    merged = book([["补助计划"], ["单位：千元"], *ROWS])
    merged.active.merge_cells("A1:C1")
    merged.active.merge_cells("A2:C2")
    last = book([["补助计划"], [None, None, "单位：千元"], *ROWS])
    for made_book in (merged, last):
        assert told(saved(made_book), ".xlsx")[1] == "云杉厂 | 补助金额 | 36千元"


def test_each_table_has_its_own_unit_and_a_column_s_own_unit_counts_more() -> None:
    other = [["企业", "贴息金额（元）", "奖励金额"], ["油松厂", "4500", "9"], ["侧柏厂", "5200", "8"]]
    data = word(made.p("单位：万元"), tbl(*ROWS), made.p("单位：千元"), tbl(*other), made.p("另有一表。"), tbl(*other))
    lines = told(data, ".docx")
    assert "云杉厂 | 补助金额 | 36万元" in lines
    assert lines.count("油松厂 | 贴息金额（元） | 4500元") == 2
    assert "油松厂 | 奖励金额 | 9千元" in lines and "油松厂 | 奖励金额 | 9" in lines


def test_a_unit_above_a_table_on_a_slide_is_its_unit() -> None:
    from pptx.util import Inches

    shown_slides = deck(("补助计划", ""))
    slide = shown_slides.slides[0]
    slide.shapes.add_textbox(Inches(1), Inches(2), Inches(4), Inches(0.5)).text_frame.text = "单位：万元"
    table = slide.shapes.add_table(3, 3, Inches(1), Inches(3), Inches(6), Inches(2)).table
    for row_at, row in enumerate(ROWS):
        for column, text in enumerate(row):
            table.cell(row_at, column).text = text
    assert told(saved(shown_slides), ".pptx")[1] == "云杉厂 | 补助金额 | 36万元"
