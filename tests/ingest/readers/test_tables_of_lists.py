"""Lists as offices keep them: no header above them, the unit at the head of the page, groups behind the numbers."""

from __future__ import annotations

import pytest

from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, saved, tbl, told, word

ROWS = [["企业", "补助金额"], ["云杉厂", "36"], ["雪松厂", "12"]]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_list_without_a_header_loses_none_of_its_rows(suffix: str) -> None:
    data = made.table_files([["云杉厂", "36"], ["雪松厂", "12"], ["油松厂", "8"]], ["单位：万元"])[suffix]
    assert told(data, suffix) == ["云杉厂 | 36万元", "雪松厂 | 12万元", "油松厂 | 8万元"]


@pytest.mark.parametrize("head", [["指标", "2024", "2025"], ["期数", "1", "2"], ["档次", "50万元以下", "50万元以上"]])
def test_years_counts_and_tiers_name_columns(head: list[str]) -> None:
    rows = [head, ["产值", "120", "150"], ["税收", "7", "9"]]
    assert told(made.table_files(rows)[".docx"], ".docx")[0] == f"产值 | {head[1]} | 120"


def test_a_unit_at_the_head_of_the_page_is_that_of_tables_without_their_own() -> None:
    head = f"<w:hdr {made.SPACES}>{made.p('单位：万元')}</w:hdr>"
    blocks = (tbl(*ROWS), made.p("另表"), made.p("单位：千元"), tbl(*ROWS))
    lines = told(word(*blocks, header=head), ".docx")
    assert lines == [f"{name} | 补助金额 | {n}{unit}" for unit in ("万元", "千元") for name, n in ROWS[1:]]


def test_a_unit_at_the_head_of_a_printed_sheet_is_its_table_s() -> None:
    made_book = book(ROWS)
    made_book.active.oddHeader.right.text = "单位：万元"
    assert told(saved(made_book), ".xlsx") == ["云杉厂 | 补助金额 | 36万元", "雪松厂 | 补助金额 | 12万元"]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_name_without_a_number_heads_the_counted_rows_below_it(suffix: str) -> None:
    rows = [
        ["序号", "企业", "补助（万元）"], ["", "江北片区", ""], ["1", "云杉厂", "3"], ["", "小计", "3"],
        ["", "江南片区", ""], ["2", "雪松厂", "5"], ["", "小计", "5"], ["", "合计", "8"],
    ]  # fmt: skip
    assert told(made.table_files(rows)[suffix], suffix) == [
        "江北片区 | 云杉厂 | 补助（万元） | 3万元", "江北片区 | 小计 | 补助（万元） | 3万元",
        "江南片区 | 雪松厂 | 补助（万元） | 5万元", "江南片区 | 小计 | 补助（万元） | 5万元",
        "合计 | 补助（万元） | 8万元",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["计划（单位：万元）", "计划（万元）"])
def test_a_unit_in_the_name_of_a_sheet_is_its_table_s(name: str) -> None:
    assert told(saved(book(ROWS, names=[name])), ".xlsx") == [
        "云杉厂 | 补助金额 | 36万元",
        "雪松厂 | 补助金额 | 12万元",
    ]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_total_in_the_place_of_the_number_names_its_row(suffix: str) -> None:
    rows = [["序号", "企业", "补助（万元）"], ["1", "云杉厂", "3"], ["2", "雪松厂", "5"], ["合计", "", "8"]]
    assert told(made.table_files(rows)[suffix], suffix)[-1] == "合计 | 补助（万元） | 8万元"
