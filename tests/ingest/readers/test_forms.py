"""Forms give each label with what stands beside it."""

from __future__ import annotations

from typing import Any

import pytest

from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, saved, tbl, word
from tests.ingest.readers.test_formats import lines_in, tables_in

TWO_COLUMNS = [
    ["企业名称", "云杉机械厂"],
    ["法定代表人", "王五"],
    ["联系电话", "5550118"],
    ["注册地址", "云溪市江北路8号"],
]
FOUR_COLUMNS = [
    ["企业名称", "云杉机械厂", "成立时间", "2012年"],
    ["法定代表人", "王五", "联系电话", "5550118"],
    ["注册资本", "500万元", "所属行业", "机械"],
]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
@pytest.mark.parametrize("form", [TWO_COLUMNS, FOUR_COLUMNS], ids=["two columns", "four columns"])
def test_a_filled_form_gives_each_label_with_what_stands_beside_it(form: list[list[str]], suffix: str) -> None:
    (found,) = tables_in(read(made.table_files(form, ("申报表",))[suffix], suffix).elements)
    pairs = [(row[at], row[at + 1]) for row in form for at in range(0, len(row), 2)]
    assert found.header_rows == 0 and set(found.rows) == set(pairs)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
@pytest.mark.parametrize("form", [TWO_COLUMNS, FOUR_COLUMNS], ids=["two columns", "four columns"])
def test_a_blank_form_says_what_is_to_be_filled_in(form: list[list[str]], suffix: str) -> None:
    blank = [[text if at % 2 == 0 else "" for at, text in enumerate(row)] for row in form]
    parsed = read(made.table_files(blank, ("申报表",))[suffix], suffix)
    whole = everything(parsed)
    assert all(row[at] in whole for row in form for at in range(0, len(row), 2))
    assert not [row for t in tables_in(parsed.elements) for row in t.rows if "法定代表人" in row and "企业名称" in row]


def test_a_form_of_a_sheet_whose_places_are_merged_cells_is_a_form_filled_or_not() -> None:
    rows: list[list[Any]] = [
        ["申报表"],
        ["企业名称", "云杉厂", None, "成立时间"],
        ["法定代表人", None, None, "联系电话"],
        ["注册资本", None, None, "所属行业"],
    ]
    made_book = book(rows)
    for area in ("A1:E1", "B2:C2", "B3:C3", "B4:C4"):
        made_book.active.merge_cells(area)
    parsed = read(saved(made_book), ".xlsx")
    (found,) = tables_in(parsed.elements)
    assert found.rows == (("企业名称", "云杉厂"),)
    assert "要填写的有：成立时间、法定代表人、联系电话、注册资本、所属行业。" in lines_in(parsed.elements)


def test_a_form_with_merged_rows_and_a_heading_at_its_side_is_a_form() -> None:
    wide = '<w:gridSpan w:val="3"/>'
    data = word(
        tbl(
            [made.tc("基本情况", '<w:vMerge w:val="restart"/>'), "企业名称", made.tc("云杉机械厂", wide)],
            [made.tc("", "<w:vMerge/>"), "法定代表人", "王五", "联系电话", "5550118"],
            [made.tc("", "<w:vMerge/>"), "注册地址", made.tc("云溪市江北路8号", wide)],
        )
    )
    (found,) = tables_in(read(data, ".docx").elements)
    assert {("企业名称", "云杉机械厂"), ("联系电话", "5550118"), ("注册地址", "云溪市江北路8号")} <= set(found.rows)


def test_a_list_of_contacts_is_a_table_and_no_form() -> None:
    rows = [["单位名称", "联系人", "联系电话"], ["工信局", "赵六", "5550111"], ["财政局", "钱七", "5550112"]]
    (found,) = tables_in(read(made.table_files(rows)[".docx"], ".docx").elements)
    assert found.rows == tuple(map(tuple, rows)) and found.header_rows == 1
