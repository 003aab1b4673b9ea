"""Tables that are no plain grids: blank rows, neighbours, groups, headers in the middle."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, page, saved, tbl, told, word
from tests.ingest.readers.reading import ROWS, sheet_read
from tests.ingest.readers.test_formats import lines_in, tables_in


@pytest.mark.parametrize("empty", [1, 2, 3])
def test_blank_rows_part_no_table(empty: int) -> None:
    blank: list[list[Any]] = [[]] * empty
    rows = [["企业", "金额"], ["云杉厂", "8"], *blank, ["雪松厂", "5"], *blank, ["油松厂", "6"]]
    (found,) = tables_in(sheet_read(rows).elements)
    assert found.rows == (("企业", "金额"), ("云杉厂", "8"), ("雪松厂", "5"), ("油松厂", "6"))


def test_a_blank_row_below_the_header_parts_no_table() -> None:
    (found,) = tables_in(
        sheet_read([["企业", "行业", "金额"], [], ["云杉厂", "机械", "8"], ["雪松厂", "食品", "5"]]).elements
    )
    assert found.rows[0] == ("企业", "行业", "金额") and len(found.rows) == 3


def test_two_tables_below_each_other_are_two() -> None:
    parsed = sheet_read([["企业", "金额"], ["云杉厂", "8"], [], ["区县", "名额"], ["江北区", "12"], ["江南区", "9"]])
    assert [t.rows[0] for t in tables_in(parsed.elements)] == [("企业", "金额"), ("区县", "名额")]


def test_tables_right_below_each_other_each_with_its_unit_are_two() -> None:
    rows = [
        ["补助表"],
        ["单位：万元"],
        *ROWS,
        ["贴息表"],
        ["单位：元"],
        ["企业", "贴息金额"],
        ["油松厂", "4500"],
        ["侧柏厂", "52"],
    ]
    lines = told(saved(book(rows)), ".xlsx")
    assert "雪松厂 | 补助金额 | 21.5万元" in lines and "油松厂 | 贴息金额 | 4500元" in lines


LEFT = [["档次", "奖励"], ["一档", "40万元"], ["二档", "25万元"], ["三档", "10万元"]]
RIGHT = [["区县", "名额"], ["江北区", "7"], ["江南区", "6"], ["开发区", "4"]]


def _beside(lower: int, gap: int = 1, top: Sequence[Any] = ()) -> list[list[Any]]:
    height = len(LEFT) + lower
    blank: list[list[Any]] = [[None, None]]
    left = [*LEFT, *blank * (height - len(LEFT))]
    right = [*blank * lower, *RIGHT]
    between: list[Any] = [None] * gap
    rows = [[*a, *between, *b] for a, b in zip(left, right, strict=True)]
    return [list(top), *rows] if top else rows


@pytest.mark.parametrize("top", [(), ("奖励标准和名额",)])
@pytest.mark.parametrize("gap", [1, 2])
@pytest.mark.parametrize("lower", [0, 1, 2])
def test_tables_beside_each_other_are_two_whatever_row_they_begin_in(lower: int, gap: int, top: Sequence[str]) -> None:
    found = tables_in(sheet_read(_beside(lower, gap, top)).elements)
    assert [t.rows for t in found] == [tuple(map(tuple, LEFT)), tuple(map(tuple, RIGHT))]


def test_three_tables_beside_each_other_each_with_its_title_are_three() -> None:
    rows = [
        ["表一", None, None, "表二", None, None, "表三"],
        ["档次", "奖励", None, "区县", "名额", None, "部门", "电话"],
        ["一档", "40", None, "江北区", "7", None, "工信局", "5550101"],
        ["二档", "25", None, "江南区", "6", None, "财政局", "5550102"],
    ]
    found = tables_in(sheet_read(rows).elements)
    assert [t.rows[1] for t in found] == [("一档", "40"), ("江北区", "7"), ("工信局", "5550101")]


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_tables_that_a_frame_places_beside_each_other_are_two(suffix: str) -> None:
    if suffix == ".docx":
        data = word(tbl([made.tc(tbl(*LEFT) + made.p(" ")), made.tc(tbl(*RIGHT) + made.p(" "))]))
    else:
        data = page(f"<table><tr><td>{made.html_table(LEFT)}</td><td>{made.html_table(RIGHT)}</td></tr></table>")
    found = tables_in(read(data, suffix).elements)
    assert [t.rows for t in found] == [tuple(map(tuple, LEFT)), tuple(map(tuple, RIGHT))]


GROUPED = [
    ["企业", "行业", "奖补（万元）"],
    ["一、江北片区", "", ""],
    ["云杉厂", "机械", "12"],
    ["雪松厂", "食品", "9"],
    ["小计", "", "21"],
    ["二、江南片区", "", ""],
    ["油松厂", "机械", "7"],
    ["侧柏厂", "纺织", "6"],
    ["小计", "", "13"],
    ["合计", "", "34"],
]


def _merged(rows: Sequence[Sequence[str]], suffix: str) -> bytes:
    """A table whose group rows are one cell all across."""
    groups = [at for at, row in enumerate(rows) if row[0][1:2] == "、"]
    if suffix == ".xlsx":
        made_book = book(rows)
        for at in groups:
            made_book.active.merge_cells(start_row=at + 1, end_row=at + 1, start_column=1, end_column=len(rows[0]))
        return saved(made_book)
    if suffix == ".docx":
        span = f'<w:gridSpan w:val="{len(rows[0])}"/>'
        return word(tbl(*([made.tc(row[0], span)] if at in groups else row for at, row in enumerate(rows))))
    wide = f"<td colspan={len(rows[0])}>"
    return page(
        "<p>公示如下。</p>"
        + made.html_table([[f"{wide}{row[0]}</td>"] if at in groups else row for at, row in enumerate(rows)])
    )


@pytest.mark.parametrize("joined", [True, False], ids=["merged", "empty cells"])
@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_rows_and_their_subtotals_stand_under_the_row_that_heads_them(suffix: str, joined: bool) -> None:
    lines = told(_merged(GROUPED, suffix) if joined else made.table_files(GROUPED)[suffix], suffix)
    assert any("江北片区" in line and "小计" in line and "21万元" in line for line in lines)
    assert any("江南片区" in line and "油松厂" in line and "7万元" in line for line in lines)
    assert not any("片区" in line for line in lines if "34万元" in line)
    assert not any("片区" in line.rpartition(" | ")[2] for line in lines)


def test_a_group_row_with_its_own_total_heads_its_rows_and_keeps_the_total() -> None:
    rows = [
        ["序号", "企业", "金额（万元）"], ["一", "江北片区", "21"], ["1", "云杉厂", "12"], ["2", "雪松厂", "9"],
        ["二", "江南片区", "7"], ["1", "油松厂", "7"], ["", "合计", "28"],
    ]  # fmt: skip
    lines = told(saved(book(rows)), ".xlsx")
    assert any("江北片区" in line and "21万元" in line and "小计" in line for line in lines)
    assert any("江南片区" in line and "油松厂" in line for line in lines)


@pytest.mark.parametrize("head", [["", "一、江北片区", ""], ["一", "江北片区", ""]], ids=["one cell", "two cells"])
@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_group_that_stands_beside_the_column_of_numbers_heads_its_rows(head: list[str], suffix: str) -> None:
    other = [text.replace("一", "二").replace("江北", "江南") for text in head]
    rows = [["序号", "企业", "金额（万元）"], head, ["1", "云杉厂", "12"], ["2", "雪松厂", "9"], ["", "小计", "21"], other,
            ["1", "油松厂", "7"], ["", "小计", "7"], ["", "合计", "28"]]  # fmt: skip
    lines = told(made.table_files(rows)[suffix], suffix)
    assert any("江北片区" in line and "雪松厂" in line and "9万元" in line for line in lines)
    assert any("江北片区" in line and "小计" in line and "21万元" in line for line in lines)
    assert any("江南片区" in line and "油松厂" in line and "江北" not in line for line in lines)
    assert not any("片区" in line for line in lines if "28万元" in line)


def test_rows_counted_in_chinese_head_nothing() -> None:
    rows = [["序号", "企业", "金额（万元）"], ["一", "云杉厂", "12"], ["二", "雪松厂", "9"], ["三", "油松厂", "7"]]
    (found,) = tables_in(sheet_read(rows).elements)
    assert found.rows == tuple(map(tuple, rows))


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_row_of_which_only_the_name_is_known_heads_nothing(suffix: str) -> None:
    rows = [["企业", "照片"], ["云杉厂", ""], ["雪松厂", ""], ["油松厂", "见附页"]]
    (found,) = tables_in(read(made.table_files(rows)[suffix], suffix).elements)
    assert found.rows[1:] == tuple(map(tuple, rows[1:]))


def test_groups_within_groups_are_told_with_both_names() -> None:
    rows = [
        ["企业", "金额（万元）"], ["一、市级", ""], ["（一）机械", ""], ["云杉厂", "12"], ["（二）食品", ""], ["雪松厂", "9"],
        ["二、县级", ""], ["（一）机械", ""], ["油松厂", "7"],
    ]  # fmt: skip
    lines = told(made.table_files(rows)[".docx"], ".docx")
    assert any("市级" in line and "食品" in line and "雪松厂" in line for line in lines)
    assert any("县级" in line and "机械" in line and "油松厂" in line and "市级" not in line for line in lines)


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_a_group_merged_downwards_names_each_of_its_rows(suffix: str) -> None:
    rows = [
        ["片区", "企业", "金额"],
        ["江北", "云杉厂", "12万元"],
        ["", "雪松厂", "9万元"],
        ["江南", "油松厂", "7万元"],
    ]
    if suffix == ".docx":
        begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
        data = word(
            tbl(rows[0], [made.tc("江北", begins), *rows[1][1:]], [made.tc("", goes_on), *rows[2][1:]], rows[3])
        )
    elif suffix == ".xlsx":
        made_book = book(rows)
        made_book.active["A3"].value = None
        made_book.active.merge_cells("A2:A3")
        data = saved(made_book)
    else:
        data = page(
            "<p>公示</p>" + made.html_table([rows[0], ["<td rowspan=2>江北</td>", *rows[1][1:]], rows[2][1:], rows[3]])
        )
    (found,) = tables_in(read(data, suffix).elements)
    assert found.rows[2] == ("江北", "雪松厂", "9万元")


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_lines_above_the_header_are_no_header(suffix: str) -> None:
    rows = [["云溪市智能改造奖补名单", "", ""], ["填报单位：云溪市工信局", "", "2026年9月"], *ROWS]
    (found,) = tables_in(read(made.table_files(rows)[suffix], suffix).elements)
    assert found.rows[:2] == (tuple(ROWS[0]), tuple(ROWS[1]))
    assert "填报单位：云溪市工信局" in everything(read(made.table_files(rows)[suffix], suffix))


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_names_that_span_columns_without_merged_cells_name_them(suffix: str) -> None:
    rows = [["企业", "2025年", "", "2026年", ""], ["", "投入", "补助", "投入", "补助"],
            ["云杉厂", "100", "20", "90", "18"], ["雪松厂", "50", "10", "60", "12"]]  # fmt: skip
    lines = told(made.table_files(rows)[suffix], suffix)
    assert "云杉厂 | 2025年·补助 | 20" in lines and "雪松厂 | 2026年·投入 | 60" in lines and len(lines) == 8


def test_a_header_that_names_a_part_of_a_sum_is_the_header() -> None:
    rows = [["", "总投资", "其中：财政资金"], ["云杉厂", "120", "36"], ["雪松厂", "80", "24"], ["油松厂", "60", "18"]]
    (found,) = tables_in(sheet_read(rows).elements)
    assert found.rows[0][-1] == "其中：财政资金" and len(found.rows) == 4


@pytest.mark.parametrize("suffix", [".docx", ".xlsx", ".html"])
def test_notes_below_a_table_are_lines(suffix: str) -> None:
    note = "注：户数按2025年末计算，补助金额含已拨付部分。"
    parsed = read(made.table_files([*ROWS, [note, "", ""]])[suffix], suffix)
    assert note in lines_in(parsed.elements) and len(tables_in(parsed.elements)[0].rows) == 3
