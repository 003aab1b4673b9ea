"""Notes, frames, controls and signs of Word are read where they stand."""

from __future__ import annotations

import pytest

from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import everything, tbl, told, word
from tests.ingest.readers.reading import word_lines
from tests.ingest.readers.test_formats import lines_in, tables_in

# Notes at the foot and at the end


@pytest.mark.parametrize("kind", ["footnote", "endnote"])
def test_a_note_follows_the_paragraph_that_refers_to_it(kind: str) -> None:
    lines = word_lines(
        made.p(made.r("每家每年贴息。") + made.note(2, kind)),
        made.p("由金融办办理。"),
        **{f"{kind}s": made.notes({2: "最高不超过24万元。"}, kind)},
    )
    assert lines == ["每家每年贴息。", "注1：最高不超过24万元。", "由金融办办理。"]


def test_a_note_in_a_cell_is_read_with_the_cell() -> None:
    cell = made.p(made.r("30%") + made.note(2))
    data = word(tbl(["等级", "比例"], ["二级", cell], ["三级", "40%"]), footnotes=made.notes({2: "上限15万元。"}))
    assert any(line.startswith("二级 | 比例 | 30%") and "上限15万元" in line for line in told(data, ".docx"))


def test_both_kinds_of_notes_in_one_paragraph_and_notes_of_several_paragraphs_are_read() -> None:
    lines = word_lines(
        made.p(made.r("给予补贴") + made.note(2) + made.r("，失信企业除外。") + made.note(2, "endnote")),
        footnotes=made.notes({2: made.p("比例25%。") + made.p("上限12万元。")}),
        endnotes=made.notes({2: "以信用网站为准。"}, "endnote"),
    )
    assert lines[0] == "给予补贴，失信企业除外。"
    assert all(text in "".join(lines[1:]) for text in ("比例25%。", "上限12万元。", "以信用网站为准。"))


def test_a_table_in_a_note_is_not_lost() -> None:
    inner = made.p("标准如下：") + tbl(["甲类", "11万元"], ["乙类", "7万元"])
    data = word(made.p(made.r("分类补助。") + made.note(2)), footnotes=made.notes({2: inner}))
    whole = everything(read(data, ".docx"))
    assert "11万元" in whole and "7万元" in whole


def test_comments_of_reviewers_are_told_as_left_out() -> None:
    comments = f'<w:comments {made.SPACES}><w:comment w:id="0" w:author="李四">{made.p("此处金额待定")}</w:comment></w:comments>'
    parsed = read(word(made.p("补助20万元。"), comments=comments), ".docx")
    assert lines_in(parsed.elements) == ["补助20万元。"] and any("1 条批注" in note for note in parsed.notes)


# Frames, controls, signs


def test_a_text_box_is_read_once_though_it_is_written_twice() -> None:
    parsed = read(word(made.p(made.r("申报须知") + made.text_box(made.p("咨询电话：5550142")))), ".docx")
    assert lines_in(parsed.elements) == ["申报须知", "咨询电话：5550142"] and not parsed.notes


def test_a_text_box_of_an_older_word_is_read() -> None:
    frame = f"<w:r><w:pict><v:shape><v:textbox><w:txbxContent>{made.p('受理窗口：3号')}</w:txbxContent></v:textbox></v:shape></w:pict></w:r>"
    assert word_lines(made.p(frame)) == ["受理窗口：3号"]


def test_a_table_in_a_text_box_is_a_table() -> None:
    data = word(made.p(made.text_box(tbl(["档次", "奖励"], ["甲档", "9万元"], ["乙档", "6万元"]))))
    (found,) = tables_in(read(data, ".docx").elements)
    assert found.rows[1] == ("甲档", "9万元")


def test_a_filled_control_says_its_value_and_an_unfilled_one_nothing() -> None:
    lines = word_lines(
        made.p(made.r("申报单位：") + made.sdt(made.r("云杉机械厂"))),
        made.p(made.r("联系人：") + made.sdt(made.r("单击此处输入文字。"), "<w:showingPlcHdr/>")),
    )
    assert lines == ["申报单位：云杉机械厂", "联系人："]


@pytest.mark.parametrize(
    "table",
    [
        tbl(["企业", "金额"], made.sdt(made.tr(["云杉厂", "8万元"]) + made.tr(["雪松厂", "5万元"]))),
        tbl(["企业", "金额"], [made.sdt(made.tc("云杉厂")), "8万元"], ["雪松厂", "5万元"]),
        tbl(["企业", "金额"], ["云杉厂", made.tc(made.sdt(made.p("8万元")))], ["雪松厂", "5万元"]),
        made.sdt(tbl(["企业", "金额"], ["云杉厂", "8万元"], ["雪松厂", "5万元"])),
        tbl(["企业", "金额"], made.sdt(made.sdt(made.tr(["云杉厂", "8万元"]))), ["雪松厂", "5万元"]),
    ],
    ids=["rows", "cell", "inside a cell", "whole table", "row of a repeated part"],
)
def test_a_content_control_around_any_part_of_a_table_changes_nothing(table: str) -> None:
    (found,) = tables_in(read(word(table), ".docx").elements)
    assert found.rows == (("企业", "金额"), ("云杉厂", "8万元"), ("雪松厂", "5万元"))


def test_a_control_around_a_cell_with_a_table_in_it_is_one_cell() -> None:
    cell = made.sdt(made.tc(tbl(["甲类", "3万元"], ["乙类", "2万元"]) + made.p("另行公布")))
    (found,) = tables_in(read(word(tbl(["项目", "标准"], ["上云", cell], ["改造", "5万元"])), ".docx").elements)
    assert len(found.rows[0]) == 2 and "3万元" in found.rows[1][1] and "另行公布" in found.rows[1][1]


def _box(ticked: bool) -> str:
    return f'<w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:default w:val="{int(ticked)}"/></w:checkBox></w:ffData></w:fldChar>'


@pytest.mark.parametrize(
    ("run", "seen"),
    [
        ('<w:r><w:sym w:font="Wingdings" w:char="F0FE"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Wingdings" w:char="F0A8"/></w:r>', "□"),
        ('<w:r><w:sym w:font="Wingdings 2" w:char="F052"/></w:r>', "☑"),
        ('<w:r><w:sym w:font="Symbol" w:char="F0B3"/></w:r>', "≥"),
        ('<w:r><w:sym w:font="Symbol" w:char="00A3"/></w:r>', "≤"),
        (made.r("\uf0fe", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "☑"),
        (made.r("\u00a8", '<w:rFonts w:ascii="Wingdings" w:hAnsi="Wingdings"/>'), "□"),
        (made.r("\uf0b3", '<w:rFonts w:ascii="Symbol" w:hAnsi="Symbol"/>'), "≥"),
        (f"<w:r>{_box(True)}</w:r>", "☑"),
        (f"<w:r>{_box(False)}</w:r>", "□"),
        (made.sdt(made.r("☒"), '<w14:checkbox><w14:checked w14:val="1"/></w14:checkbox>'), "☒"),
    ],
)
def test_a_sign_is_the_one_that_is_seen(run: str, seen: str) -> None:
    assert word_lines(made.p(run + made.r("20人"))) == [f"{seen}20人"]


def test_a_picture_beside_a_text_box_is_told() -> None:
    picture = "<w:r><w:drawing><wp:inline><a:graphic><a:graphicData/></a:graphic></wp:inline></w:drawing></w:r>"
    parsed = read(word(made.p(made.text_box(made.p("须知")) + picture), made.p("正文")), ".docx")
    assert any("1 张图片" in note for note in parsed.notes)


def test_what_was_chosen_in_a_list_of_an_old_form_is_read() -> None:
    chosen = '<w:ddList><w:result w:val="1"/><w:listEntry w:val="小型"/><w:listEntry w:val="中型"/></w:ddList>'
    field = f'<w:r><w:fldChar w:fldCharType="begin"><w:ffData>{chosen}</w:ffData></w:fldChar></w:r>'
    ends = '<w:r><w:instrText> FORMDROPDOWN </w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
    assert word_lines(made.p(made.r("企业规模：") + field + ends)) == ["企业规模：中型"]


def test_a_field_says_its_result_and_not_its_code() -> None:
    field = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> DATE \\@ "yyyy" </w:instrText></w:r>'
        f'<w:r><w:fldChar w:fldCharType="separate"/></w:r>{made.r("2026年9月1日")}<w:r><w:fldChar w:fldCharType="end"/></w:r>'
    )
    assert word_lines(made.p(made.r("截止：") + field)) == ["截止：2026年9月1日"]
