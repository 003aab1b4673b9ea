"""Tables: header paths, row names, tables that go on."""

from __future__ import annotations

from ingest.parsed import Paragraph, Parsed, Table, table
from ingest.split import ChineseStructureSplitter
from ingest.structure import outline
from ingest.tables import header_paths, joined, row_texts

GRANTS = table(
    [
        ["序号", "等级", "补助标准", "补助标准", "申报时间"],
        ["序号", "等级", "补助比例", "最高金额", "申报时间"],
        ["1", "二级", "40%", "50万元", "3月"],
        ["2", "三级", "50%", "100万元", "6月"],
    ],
    header_rows=2,
)


def test_a_column_is_named_by_its_header_cells_from_the_top_down() -> None:
    assert header_paths(GRANTS) == ["序号", "等级", "补助标准·补助比例", "补助标准·最高金额", "申报时间"]


def test_each_cell_of_a_row_stands_with_the_name_of_its_row_and_its_column() -> None:
    assert row_texts(GRANTS)[0] == (
        "二级",
        ["二级 | 补助标准·补助比例 | 40%", "二级 | 补助标准·最高金额 | 50万元", "二级 | 申报时间 | 3月"],
    )


def test_a_row_is_named_by_as_many_columns_as_tell_it_apart_but_never_by_figures() -> None:
    rows = table([["城市", "等级", "比例"], ["甲市", "二级", "40%"], ["甲市", "三级", "50%"], ["乙市", "二级", "30%"]])
    assert [label for label, _ in row_texts(rows)] == ["甲市 | 二级", "甲市 | 三级", "乙市 | 二级"]
    same = table([["城市", "金额", "时间"], ["甲市", "40万元", "3月"], ["甲市", "50万元", "4月"]])
    assert [label for label, _ in row_texts(same)] == ["甲市", "甲市"]


def test_a_figure_takes_the_unit_that_stands_in_its_column_s_name() -> None:
    rows = table(
        [
            ["企业", "金额（万元）", "比例(%)", "备注（元）"],
            ["甲厂", "40", "12.5", "另定"],
            ["乙厂", "3-5", "9", "见附件"],
        ]
    )
    assert row_texts(rows)[0][1] == [
        "甲厂 | 金额（万元） | 40万元",
        "甲厂 | 比例(%) | 12.5%",
        "甲厂 | 备注（元） | 另定",
    ]
    assert "乙厂 | 金额（万元） | 3-5万元" in row_texts(rows)[1][1]


def test_a_table_that_repeats_its_header_on_the_next_page_is_one_table() -> None:
    first = Table((("等级", "比例"), ("二级", "40%")), page=1)
    whole = joined(first, Table((("等级", "比例"), ("三级", "50%")), page=2))
    assert whole is not None and whole.rows == (("等级", "比例"), ("二级", "40%"), ("三级", "50%"))
    third = joined(whole, Table((("四级", "60%"),), page=3))
    assert third is not None and third.rows[-1] == ("四级", "60%") and third.page == 1


def test_a_merged_name_or_a_text_cut_by_the_page_break_goes_on() -> None:
    first = Table((("城市", "等级", "比例"), ("甲市", "二级", "40%")), page=1)
    named = joined(first, Table((("", "三级", "50%"),), page=2))
    assert named is not None and named.rows[-1] == ("甲市", "三级", "50%")
    text = Table((("等级", "条件", "比例"), ("二级", "完成改造并", "40%")), page=1)
    cut = joined(text, Table((("", "通过验收", ""), ("三级", "新建", "50%")), page=2))
    assert cut is not None and cut.rows[1:] == (("二级", "完成改造并通过验收", "40%"), ("三级", "新建", "50%"))


def test_tables_of_another_shape_or_with_a_page_between_stay_apart() -> None:
    first = Table((("等级", "比例"), ("二级", "40%")), page=1)
    assert joined(first, Table((("等级", "比例", "时间"), ("三级", "50%", "3月")), page=2)) is None
    assert joined(first, Table((("三级", "50%"),), page=3)) is None
    assert joined(first, Table((("三级", "50%"),), page=2, caption="表 2 别的")) is None


def test_each_row_is_a_passage_under_the_table_s_caption_and_knows_its_page() -> None:
    content = [Paragraph("二、补助标准", page=3), Paragraph("表 1 各级补助", page=3), Table(GRANTS.rows, 2, page=3)]
    pieces = ChineseStructureSplitter().passages(content)
    (row,) = [p for p in pieces if "100万元" in p.text and "50万元" not in p.text]
    assert row.text.startswith("表 1 各级补助\n三级 | 补助标准·补助比例 | 50%")
    assert (row.section, row.title, row.page) == (("二、补助标准",), "表 1 各级补助 · 三级", 3)
    assert pieces[0].text.startswith("二、补助标准\n表 1 各级补助\n序号 | 等级")


def test_a_heading_that_the_file_marks_is_one_whatever_it_says() -> None:
    blocks = outline(
        [Paragraph("补贴怎么领", 1), Paragraph("先评测，再申报。"), Paragraph("要哪些材料", 2), Paragraph("营业执照。")]
    )
    assert blocks[-1].section == ("补贴怎么领", "要哪些材料")


def test_what_was_parsed_is_the_same_after_json() -> None:
    parsed = Parsed((Paragraph("一、总则", 1, 2), GRANTS), "标题", "2026-01-02", pages=3, notes=("略",))
    assert Parsed.from_json(parsed.as_json()) == parsed


def test_each_row_of_a_table_knows_its_own_page() -> None:
    head = ["企业", "金额"]
    first = table([head, ["甲厂", "1万元"], ["乙厂", "2万元"]], page=1)
    second = table([head, ["丙厂", "3万元"]], page=2)
    third = table([["丁厂", "4万元"]], header_rows=0, page=3)
    whole = joined(first, second)
    whole = whole and joined(whole, third)
    assert whole is not None
    pieces = ChineseStructureSplitter().passages([whole])
    assert [(p.title, p.page) for p in pieces[1:]] == [("甲厂", 1), ("乙厂", 1), ("丙厂", 2), ("丁厂", 3)]
    assert (pieces[0].page, pieces[0].last_page) == (1, 3)
