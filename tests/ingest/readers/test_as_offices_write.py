"""Documents as offices write them, of whatever program: what their readers see is read, and what they do not see is not."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from ingest import archive
from ingest.parsed import Paragraph, Parsed
from ingest.readers import read
from ingest.readers.numerals import shown as number_shown
from ingest.readers.xlsx_format import shown
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, page, saved, tbl, told, word
from tests.ingest.readers.test_formats import lines_in, tables_in

Place = Callable[[str], bytes]
PLACES: dict[str, Place] = {
    "paragraph": lambda runs: word(made.p(runs)),
    "cell": lambda runs: word(tbl(["项目", "内容"], ["标准", made.p(runs)], ["部门", "工信局"])),
    "nested table": lambda runs: word(tbl(["项目", "内容"], ["标准", tbl(["甲", made.p(runs)], ["乙", "另定"])])),
    "list": lambda runs: word(
        made.p(runs, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        numbering=made.numbering(made.level(0, "%1.")),
    ),
    "text box": lambda runs: word(made.p(made.text_box(made.p(runs)))),
    "footnote": lambda runs: word(made.p(made.r("正文") + made.note(2)), footnotes=made.notes({2: made.p(runs)})),
    "content control": lambda runs: word(made.sdt(made.p(runs))),
    "link": lambda runs: word(made.p(f'<w:hyperlink w:anchor="a">{runs}</w:hyperlink>')),
}


def word_lines(*blocks: str, **parts: str) -> list[str]:
    return lines_in(read(word(*blocks, **parts), ".docx").elements)


def sheet_read(rows: Sequence[Sequence[Any]]) -> Parsed:
    return read(saved(book(rows)), ".xlsx")


# Changes that were tracked


@pytest.mark.parametrize("place", PLACES)
def test_a_replaced_figure_is_the_new_one_wherever_it_stands(place: str) -> None:
    runs = made.r("最高补助") + made.deleted("18万元") + made.inserted("26万元")
    whole = everything(read(PLACES[place](runs), ".docx"))
    assert "最高补助26万元" in whole and "18万元" not in whole


@pytest.mark.parametrize("place", PLACES)
def test_what_was_moved_away_is_not_there(place: str) -> None:
    runs = made.r("本通知有效。") + made.moved_from("截止2026年5月31日。") + made.moved_to("截止2026年11月30日。")
    whole = everything(read(PLACES[place](runs), ".docx"))
    assert "本通知有效。截止2026年11月30日。" in whole and "5月31日" not in whole


def test_a_paragraph_moved_whole_stands_only_where_it_went_and_leaves_its_neighbours_apart() -> None:
    lines = word_lines(
        made.p("一、支持对象"),
        made.p(made.moved_from("企业自愿申报。"), made.MOVED),
        made.p("在本市注册的中小企业。"),
        made.p(made.moved_to("企业自愿申报。")),
    )
    assert lines == ["一、支持对象", "在本市注册的中小企业。", "企业自愿申报。"]


def test_a_paragraph_whose_end_was_deleted_goes_on_in_the_next() -> None:
    assert word_lines(made.p("每家企业最高", made.GONE), made.p("补助30万元。")) == ["每家企业最高补助30万元。"]


def test_what_one_inserted_and_another_deleted_is_not_there() -> None:
    both = f"<w:ins w:id='1' w:author='甲'>{made.deleted('45%')}</w:ins>"
    assert word_lines(made.p(made.r("比例为") + both + made.inserted("35%") + made.r("。"))) == ["比例为35%。"]


def test_a_format_that_was_changed_does_not_hide_a_text() -> None:
    changed = "<w:rPrChange w:id='1' w:author='甲'><w:rPr><w:vanish/></w:rPr></w:rPrChange>"
    parsed = read(word(made.p(made.r("比例为35%。", changed))), ".docx")
    assert lines_in(parsed.elements) == ["比例为35%。"] and not parsed.notes


def test_a_deleted_row_is_no_row_and_an_inserted_one_is() -> None:
    data = word(
        tbl(
            ["档次", "奖励"],
            made.tr(["甲档", made.p(made.deleted("50万元"))], "<w:del w:id='1' w:author='甲'/>"),
            made.tr(["甲档", made.p(made.inserted("40万元"))], "<w:ins w:id='1' w:author='甲'/>"),
            ["乙档", "20万元"],
        )
    )
    (found,) = tables_in(read(data, ".docx").elements)
    assert found.rows == (("档次", "奖励"), ("甲档", "40万元"), ("乙档", "20万元"))


def test_a_table_deleted_whole_is_not_there() -> None:
    gone = [
        made.tr([made.p(made.deleted(t)) for t in row], "<w:del w:id='1' w:author='甲'/>")
        for row in (["档次"], ["甲档"])
    ]
    assert read(word(made.p("补助20万元。"), tbl(*gone)), ".docx").elements == (Paragraph("补助20万元。"),)


def test_cells_merged_as_an_older_word_does_are_one() -> None:
    begins, goes_on = '<w:hMerge w:val="restart"/>', "<w:hMerge/>"
    data = word(
        tbl(["类别", made.tc("标准", begins), made.tc("", goes_on)], ["类别", "比例", "限额"], ["上云", "30%", "6万元"])
    )
    (found,) = tables_in(read(data, ".docx").elements)
    assert found.rows[0] == ("类别", "标准", "标准")


def test_a_deleted_item_is_not_counted() -> None:
    gone = '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>' + made.GONE
    lines = word_lines(
        made.listed("营业执照"),
        made.p(made.deleted("审计报告"), gone),
        made.listed("改造合同"),
        numbering=made.numbering(made.level(0, "%1.")),
    )
    assert lines == ["1.营业执照", "2.改造合同"]


# Hidden text of Word


@pytest.mark.parametrize("place", PLACES)
def test_hidden_text_is_left_out_and_told(place: str) -> None:
    parsed = read(PLACES[place](made.r("补助20万元。") + made.r("内部测算90万元。", "<w:vanish/>")), ".docx")
    assert "补助20万元。" in everything(parsed) and "90万元" not in everything(parsed)
    assert any("1 处隐藏文字" in note for note in parsed.notes)


@pytest.mark.parametrize("mark", ["<w:strike/>", "<w:dstrike/>"])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_crossed_out_in_word_is_left_out_and_told(place: str, mark: str) -> None:
    runs = made.r("补助") + made.r("50万元", mark) + made.r("30万元", '<w:strike w:val="0"/>')
    parsed = read(PLACES[place](runs), ".docx")
    assert "补助30万元" in everything(parsed) and any("1 处划掉" in note for note in parsed.notes)


def test_what_is_crossed_out_in_a_sheet_is_left_out_and_told() -> None:
    from openpyxl.styles import Font

    made_book = book([["档次", "奖励"], ["甲", "50万元"], ["乙", "20万元"], ["丙", "10万元"]])
    made_book.active["B2"].font = Font(strike=True)
    parsed = read(saved(made_book), ".xlsx")
    assert "50万元" not in everything(parsed) and "20万元" in everything(parsed)
    assert any("1 处划掉" in note for note in parsed.notes)


@pytest.mark.parametrize(
    "old", ["<del>50万元</del>", "<s>50万元</s>", "<span style='text-decoration:line-through'>50<b>万元</b></span>"]
)
def test_what_is_crossed_out_on_a_page_is_left_out_and_told(old: str) -> None:
    parsed = read(page(f"<p>最高补助{old}30万元。</p>"), ".html")
    assert lines_in(parsed.elements) == ["最高补助30万元。"] and parsed.notes == ("网页里 1 处划掉的文字没有录入。",)


STYLES = f"""<w:styles {made.SPACES}>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Deeper"><w:name w:val="Deeper"/><w:basedOn w:val="Secret"/></w:style>
<w:style w:type="paragraph" w:styleId="Drafted"><w:name w:val="Drafted"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Chapter"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>
<w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Part"><w:name w:val="heading 2"/><w:basedOn w:val="Chapter"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
</w:styles>"""


@pytest.mark.parametrize("style", ["Secret", "Deeper"])
def test_text_that_its_style_hides_is_left_out(style: str) -> None:
    hidden = made.r("底价70万元。", f'<w:rStyle w:val="{style}"/>')
    seen = made.r("公开招标。", f'<w:rStyle w:val="{style}"/><w:vanish w:val="0"/>')
    parsed = read(word(made.p(hidden + seen), styles=STYLES), ".docx")
    assert lines_in(parsed.elements) == ["公开招标。"] and parsed.notes


def test_a_paragraph_that_its_style_hides_is_left_out() -> None:
    parsed = read(
        word(made.p("补助20万元。"), made.p("内部测算90万元。", '<w:pStyle w:val="Drafted"/>'), styles=STYLES), ".docx"
    )
    assert lines_in(parsed.elements) == ["补助20万元。"] and any("隐藏" in note for note in parsed.notes)


def test_a_hidden_row_of_a_word_table_is_left_out_and_told() -> None:
    data = word(tbl(["档次", "奖励"], made.tr(["旧档", "90万元"], "<w:hidden/>"), ["新档", "60万元"]))
    parsed = read(data, ".docx")
    assert "90万元" not in everything(parsed) and "新档 | 60万元" in everything(parsed)
    assert any("隐藏" in note for note in parsed.notes)


def test_a_hidden_item_is_not_counted() -> None:
    hidden = made.p(made.r("内部测算", "<w:vanish/>"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    lines = word_lines(
        made.listed("营业执照"), hidden, made.listed("合同"), numbering=made.numbering(made.level(0, "%1."))
    )
    assert lines == ["1.营业执照", "2.合同"]


def test_a_name_merged_downwards_stays_where_its_first_row_is_hidden() -> None:
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    data = word(
        tbl(
            ["片区", "企业", "金额"],
            [made.tc("江北", begins), "云杉厂", "12万元"],
            [made.tc("", goes_on), "雪松厂", "9万元"],
            made.tr([made.tc("江南", begins), "旧厂", "99万元"], "<w:hidden/>"),
            [made.tc("", goes_on), "油松厂", "7万元"],
        )
    )
    (found,) = tables_in(read(data, ".docx").elements)
    assert found.rows[-1] == ("江南", "油松厂", "7万元") and "99万元" not in str(found.rows)


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


# Automatic numbers


def test_a_list_told_to_begin_anew_begins_anew_and_one_that_is_not_goes_on() -> None:
    texts = [("甲", 1), ("乙", 1), ("丙", 2), ("丁", 2), ("戊", 3)]
    lines = word_lines(
        *(made.listed(text, num) for text, num in texts),
        numbering=made.numbering(made.level(0, "%1."), "", made.anew(), ""),
    )
    assert lines == ["1.甲", "2.乙", "1.丙", "2.丁", "3.戊"]


def test_a_list_may_begin_anew_at_another_number_and_look_different() -> None:
    other = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/>{made.level(0, "附件%1：", start=3)}</w:lvlOverride>'
    )
    lines = word_lines(
        made.listed("甲"),
        made.listed("乙", 2),
        made.listed("丙", 2),
        numbering=made.numbering(made.level(0, "%1."), "", other),
    )
    assert lines == ["1.甲", "附件3：乙", "附件4：丙"]


@pytest.mark.parametrize("inside", ["cells", "content control"])
def test_items_in_cells_and_controls_are_counted_with_the_others(inside: str) -> None:
    items = made.listed("设备"), made.listed("软件")
    middle = (
        tbl(["类别", "内容"], ["一类", items[0]], ["二类", items[1]]) if inside == "cells" else made.sdt("".join(items))
    )
    whole = everything(
        read(
            word(made.listed("人员"), middle, made.listed("培训"), numbering=made.numbering(made.level(0, "%1、"))),
            ".docx",
        )
    )
    assert all(text in whole for text in ("1、人员", "2、设备", "3、软件", "4、培训"))


def _levels(second: str) -> list[str]:
    return word_lines(
        made.listed("总则"), made.listed("目的", 1, 1), made.listed("范围", 1, 1), made.listed("标准"), made.listed("比例", 1, 1),
        numbering=made.numbering(made.level(0, "第%1章", "chineseCounting") + second),
    )  # fmt: skip


def test_a_level_begins_anew_under_each_one_above_it() -> None:
    assert _levels(made.level(1, "（%2）", "chineseCounting")) == [
        "第一章总则", "（一）目的", "（二）范围", "第二章标准", "（一）比例",
    ]  # fmt: skip


def test_a_level_that_never_begins_anew_goes_on_through_the_chapters() -> None:
    lines = _levels(made.level(1, "第%2条", "chineseCounting", more='<w:lvlRestart w:val="0"/>'))
    assert [line.partition("条")[0] for line in (lines[1], lines[2], lines[4])] == ["第一", "第二", "第三"]


def test_a_level_in_plain_figures_says_the_chapter_in_figures_too() -> None:
    lines = _levels(made.level(1, "%1.%2 ", more="<w:isLgl/>"))
    assert (lines[1], lines[4]) == ("1.1 目的", "2.1 比例")


def test_the_levels_of_styles_are_known_from_the_list() -> None:
    levels = made.level(0, "%1、", "chineseCounting", more='<w:pStyle w:val="Chapter"/>') + made.level(
        1, "（%2）", "chineseCounting", more='<w:pStyle w:val="Part"/>'
    )
    data = word(
        made.p("总则", '<w:pStyle w:val="Chapter"/>'),
        made.p("目的", '<w:pStyle w:val="Part"/>'),
        made.p("说明", '<w:pStyle w:val="Part"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
        styles=STYLES,
        numbering=made.numbering(levels),
    )
    assert read(data, ".docx").elements == (Paragraph("一、总则", 1), Paragraph("（一）目的", 2), Paragraph("说明", 2))


@pytest.mark.parametrize(
    ("number", "kind", "seen"),
    [
        (100, "chineseCountingThousand", "一百"),
        (101, "chineseCountingThousand", "一百零一"),
        (112, "chineseCounting", "一百一十二"),
        (3, "chineseLegalSimplified", "叁"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (2, "ideographTraditional", "乙"),
        (3, "ideographZodiac", "寅"),
        (7, "decimalZero", "07"),
        (12, "decimalFullWidth", "１２"),
        (27, "lowerLetter", "aa"),
        (4, "ideographEnclosedCircle", "㊃"),
        (45, "upperRoman", "XLV"),
    ],
)
def test_numbers_of_every_kind_that_offices_use_are_as_word_shows_them(number: int, kind: str, seen: str) -> None:
    assert number_shown(number, kind) == seen


# Packages of other programs


@pytest.mark.parametrize("main", ["word/document2.xml", "doc/main.xml", "document.xml"])
def test_the_main_part_may_have_any_name(main: str) -> None:
    assert lines_in(read(word(made.p("补助20万元。"), main=main), ".docx").elements) == ["补助20万元。"]


def test_a_document_saved_from_a_template_is_read() -> None:
    assert lines_in(read(word(made.p("补助20万元。"), kind="template"), ".docx").elements) == ["补助20万元。"]


def deck(*slides: Sequence[str]) -> Any:
    from pptx import Presentation

    shown_slides = Presentation()
    for title, text in slides:
        slide = shown_slides.slides.add_slide(shown_slides.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, text
    return shown_slides


FILES: dict[str, Callable[[], bytes]] = {
    ".docx": lambda: word(made.p("云杉厂"), tbl(["企业", "金额"], ["云杉厂", "8万元"], ["雪松厂", "5万元"])),
    ".xlsx": lambda: saved(book([["企业", "金额"], ["云杉厂", "8万元"], ["雪松厂", "5万元"]])),
    ".pptx": lambda: saved(deck(("云杉厂", "8万元"))),
}


@pytest.mark.parametrize("suffix", FILES)
def test_the_stricter_variant_of_a_format_reads_the_same(suffix: str) -> None:
    data = FILES[suffix]()
    assert read(made.strict(data), suffix).elements == read(data, suffix).elements != ()


@pytest.mark.parametrize(
    ("suffix", "old", "new"),
    [
        (".xlsx", "workbook.xml", "book1.xml"),
        (".xlsx", "sheet1.xml", "tab9.xml"),
        (".pptx", "presentation.xml", "deck.xml"),
    ],
)
def test_parts_of_workbooks_and_slides_may_have_any_name(suffix: str, old: str, new: str) -> None:
    data = FILES[suffix]()
    assert read(made.renamed(data, old, new), suffix).elements == read(data, suffix).elements != ()


# Hidden sheets, rows, columns, slides


def test_hidden_rows_columns_and_sheets_are_left_out_and_told() -> None:
    made_book = book(
        [["档次", "内部估算", "奖励"], ["旧档", "1", "70万元"], ["新档", "2", "45万元"]], [["档次", "奖励"], ["甲", "300万元"]],
        names=["标准", "测算"],
    )  # fmt: skip
    made_book["标准"].row_dimensions[2].hidden = True
    made_book["标准"].column_dimensions["B"].hidden = True
    made_book["测算"].sheet_state = "veryHidden"
    parsed = read(saved(made_book), ".xlsx")
    (found,) = tables_in(parsed.elements)
    assert found.rows == (("档次", "奖励"), ("新档", "45万元"))
    assert any("1 行、1 列" in note for note in parsed.notes) and any("“测算”" in note for note in parsed.notes)


def test_a_merged_name_over_hidden_rows_and_columns_still_names_what_is_seen() -> None:
    made_book = book(
        [
            ["类别", "标准", None, None],
            [None, "比例", "内部", "限额"],
            ["上云", "30%", "x", "6万元"],
            [None, "20%", "x", "4万元"],
        ]
    )
    sheet = made_book.active
    for area in ("A1:A2", "B1:D1", "A3:A4"):
        sheet.merge_cells(area)
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    (found,) = tables_in(read(saved(made_book), ".xlsx").elements)
    assert found.rows == (("类别", "标准", "标准"), ("类别", "比例", "限额"), ("上云", "20%", "4万元"))


@pytest.mark.parametrize("name", ["奖励标准（草稿）", "奖励标准 (2)", "备份", "奖励标准副本"])
def test_a_sheet_that_is_called_a_draft_is_left_out_and_told(name: str) -> None:
    made_book = book(
        [["档次", "奖励"], ["甲", "45万元"]], [["档次", "奖励"], ["甲", "300万元"]], names=["奖励标准", name]
    )
    parsed = read(saved(made_book), ".xlsx")
    assert "300万元" not in everything(parsed) and any(name in note for note in parsed.notes)


@pytest.mark.parametrize("names", [("说明", "附件（1）", "附件（2）"), ("总表", "数据备份", "作废文件清单")])
def test_a_sheet_that_only_sounds_like_a_copy_is_read(names: Sequence[str]) -> None:
    sheets = [[["档次", "奖励"], ["甲", f"{at}1万元"], ["乙", f"{at}2万元"]] for at in range(3)]
    parsed = read(saved(book(*sheets, names=names)), ".xlsx")
    assert len(tables_in(parsed.elements)) == 3 and not parsed.notes


def test_a_workbook_whose_only_sheet_is_called_a_draft_is_read() -> None:
    assert "45万元" in everything(read(saved(book([["档次", "奖励"], ["甲", "45万元"]], names=["草稿"])), ".xlsx"))


def test_cells_whose_format_shows_nothing_are_told() -> None:
    made_book = book([["企业", "金额"], ["云杉厂", 12], ["雪松厂", 9]])
    made_book.active["B2"].number_format = ";;;"
    parsed = read(saved(made_book), ".xlsx")
    assert "12" not in everything(parsed) and any("1 个格子" in note for note in parsed.notes)


def test_rows_that_a_filter_hides_are_told() -> None:
    made_book = book([["企业", "金额"], *([f"样例{n}厂", n] for n in range(1, 6))])
    made_book.active.auto_filter.ref = "A1:B6"
    for row in (3, 4):
        made_book.active.row_dimensions[row].hidden = True
    assert any("2 行" in note for note in read(saved(made_book), ".xlsx").notes)


@pytest.mark.parametrize(
    "text",
    [
        "须在年内完成投产",
        "张三:\n须在年内完成投产",
        "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to it will get "
        "removed.\n\nComment:\n    须在年内完成投产",
        "[线程批注]\n\n你的Excel版本可读取此线程批注；但如果在更新版本的Excel中打开文件，则对批注所作的任何改动都将被删除。\n\n注释:\n    须在年内完成投产",
    ],
    ids=["plain", "signed", "threaded", "threaded in Chinese"],
)
def test_a_comment_stands_behind_its_cell_without_the_program_s_own_words(text: str) -> None:
    from openpyxl.comments import Comment

    made_book = book([["档次", "奖励"], ["甲", "45万元"], ["乙", "20万元"]])
    made_book.active["B2"].comment = Comment(text, "张三")
    (found,) = tables_in(read(saved(made_book), ".xlsx").elements)
    assert found.rows[1][1] == "45万元（批注：须在年内完成投产）"


def test_a_text_box_on_a_sheet_is_read() -> None:
    assert "咨询电话：5550137" in everything(read(_with_box(), ".xlsx"))


def _with_box() -> bytes:
    """A workbook with a shape that holds text, which openpyxl cannot write."""
    import zipfile
    from io import BytesIO

    data = saved(book([["档次", "奖励"], ["甲", "45万元"], ["乙", "20万元"]]))
    main, office = (
        "http://schemas.openxmlformats.org/drawingml/2006",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    shape = (
        f'<xdr:wsDr xmlns:xdr="{main}/spreadsheetDrawing" xmlns:a="{main}/main"><xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:bodyPr/>'
        "<a:p><a:r><a:t>咨询电话：</a:t></a:r><a:r><a:t>5550137</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
        "</xdr:twoCellAnchor></xdr:wsDr>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    with zipfile.ZipFile(BytesIO(data)) as file:
        parts = {i.filename: file.read(i) for i in file.infolist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "</worksheet>", f'<drawing xmlns:r="{office}" r:id="rId1"/></worksheet>'
    ).encode()
    parts["xl/drawings/drawing1.xml"] = shape.encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations.encode()
    return made.packed(parts.items())


def test_a_hidden_slide_is_left_out_and_told() -> None:
    shown_slides = deck(("补贴怎么领", "三月申报。"), ("内部讨论", "准备降到10万元。"), ("联系我们", "电话5550126"))
    shown_slides.slides[1]._element.set("show", "0")
    parsed = read(saved(shown_slides), ".pptx")
    whole = everything(parsed)
    assert "10万元" not in whole and "电话5550126" in whole
    assert any("隐藏" in note and "1 张" in note for note in parsed.notes)
    assert [e.page for e in parsed.elements if isinstance(e, Paragraph) and e.text == "联系我们"] == [3]


def test_the_texts_of_a_diagram_on_a_slide_are_read() -> None:
    assert "先评测" in everything(read(_with_diagram("先评测", "再申报"), ".pptx"))


def _with_diagram(*texts: str) -> bytes:
    """A slide with SmartArt, whose texts stand in a part of their own."""
    from lxml import etree
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    shown_slides = deck(("补贴怎么领", "看图"))
    slide = shown_slides.slides[0]
    spaces = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    points = "".join(f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in texts)
    blob = f"<dgm:dataModel {spaces}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>".encode()
    kind = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    part = Part(PackURI("/ppt/diagrams/data1.xml"), kind, slide.part.package, blob)
    told_by = slide.part.relate_to(part, f"{office}/diagramData")
    frame = (
        f'<p:graphicFrame {spaces} xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{office}"><p:nvGraphicFramePr>'
        '<p:cNvPr id="9" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">'
        f'<dgm:relIds r:dm="{told_by}"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    slide.shapes._spTree.append(etree.fromstring(frame))
    return saved(shown_slides)


# Figures as the sheet shows them


@pytest.mark.parametrize(
    ("value", "pattern", "seen"),
    [
        (36, '0"万元"', "36万元"),
        (28, '"最高"0"万元"', "最高28万元"),
        (25800, '0.0,"千元"', "25.8千元"),
        (360000, '0!.0,"万元"', "36.0万元"),
        (1250000, '0!.0000"万元"', "125.0000万元"),
        (3_200_000, '0.0,,"百万元"', "3.2百万元"),
        (0.35, "0%", "35%"),
        (-0.05, "0.0%;(0.0%)", "(5.0%)"),
        (0, '0"万元";-0"万元";"不补"', "不补"),
        (12, '[<10]"少于十家";0"家"', "12家"),
        (6, '[<10]"少于十家";0"家"', "少于十家"),
        (20000, '[>=10000]0!.0,"万元";0"元"', "2.0万元"),
        (800, '[>=10000]0!.0,"万元";0"元"', "800元"),
        (50, "[红色]0", "50"),
        (45, 'General"元"', "45元"),
        (45, 'G/通用格式"元"', "45元"),
        (1234567.5, "[$¥-804]#,##0.00", "¥1234567.50"),
        (-300, "#,##0_);(#,##0)", "(300)"),
        (7, "000", "007"),
        ("上云", '@"类"', "上云类"),
        ("上云", '0"万元"', "上云"),
        (3, '"第"0"批"', "第3批"),
        (0.5, "# ?/?", "0.5"),
        (1.5e7, "0.00E+00", "15000000"),
        (dt.datetime(2026, 11, 20), "yyyy/m/d", "2026-11-20"),
        (dt.datetime(2026, 11, 20), 'm"月"d"日"', "2026-11-20"),
        (dt.datetime(2026, 11, 1), 'yyyy"年"m"月"', "2026年11月"),
        (dt.datetime(2026, 1, 1), 'yyyy"年"', "2026年"),
        (dt.timedelta(hours=26, minutes=30), "[h]:mm", "26:30"),
        (True, "General", "是"),
    ],
)
def test_a_figure_is_read_as_its_format_shows_it(value: object, pattern: str, seen: str) -> None:
    assert shown(value, pattern) == seen


def test_a_format_s_unit_reaches_the_answer_of_a_row() -> None:
    made_book = book([["企业", "补助"], ["云杉厂", 25.8], ["雪松厂", 31]])
    for row in (2, 3):
        made_book.active.cell(row, 2).number_format = '0.0"万元"'
    assert told(saved(made_book), ".xlsx") == ["云杉厂 | 补助 | 25.8万元", "雪松厂 | 补助 | 31.0万元"]


# The unit of a table

ROWS = [["企业", "户数", "补助金额"], ["云杉厂", "3", "36"], ["雪松厂", "5", "21.5"]]
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


# Formulas that nobody computed


def test_formulas_without_values_are_computed_across_sheets_and_shown_in_their_format() -> None:
    made_book = book(
        [["项目", "单价", "数量", "补助"], ["网关", 1200, 5, "=B2*C2*比例!B1"], ["平台", 30000, 1, "=IF(B3>20000,B3*比例!B1,0)"],
         ["合计", None, None, "=SUM(D2:D3)"]],
        [["比例", 0.4]], names=["测算", "比例"],
    )  # fmt: skip
    made_book["测算"]["D4"].number_format = '0"元"'
    parsed = read(saved(made_book), ".xlsx")
    column = [row[-1] for row in tables_in(parsed.elements)[0].rows]
    assert column == ["补助", "2400", "12000", "14400元"] and not parsed.notes


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ('=A2&"等"&B2&"家"', "云杉厂等3家"),
        ("=ROUND(B2/7,2)", "0.43"),
        ("=VLOOKUP(A3,A2:B3,2,FALSE)", "8"),
        ('=IFERROR(1/0,"另定")', "另定"),
        ("=MAX(B2:B3)-MIN(B2:B3)", "5"),
        ('=SUMIF(A2:A3,"云杉厂",B2:B3)', "3"),
        ('=TEXT(B2,"0.0")&"万元"', "3.0万元"),
    ],
)
def test_usual_formulas_are_computed(formula: str, seen: str) -> None:
    parsed = sheet_read([["企业", "家数", "说明"], ["云杉厂", 3, formula], ["雪松厂", 8, "无"]])
    assert tables_in(parsed.elements)[0].rows[1][2] == seen


@pytest.mark.parametrize(
    "formula", ["=[1]外部!A1", "=TODAY()", "=INDIRECT(A2)", "=NOSUCH(B2)", "=1/0", "=VLOOKUP(9,A2:B3,2,FALSE)"]
)
def test_a_formula_without_a_result_is_told_and_makes_up_nothing(formula: str) -> None:
    parsed = sheet_read([["企业", "家数", "说明"], ["云杉厂", 3, formula], ["雪松厂", 8, "无"]])
    assert tables_in(parsed.elements)[0].rows[1] == ("云杉厂", "3", "")
    assert any("公式" in note and "1 个" in note for note in parsed.notes)


@pytest.mark.parametrize("formula", ['=DISPIMG("ID_0A1B",1)', '=_xlfn.DISPIMG("ID_0A1B",1)'])
def test_pictures_in_cells_are_told_and_are_no_text(formula: str) -> None:
    parsed = sheet_read([["设备", "照片"], ["机床", formula], ["铣床", formula], ["台账", "见附页"]])
    assert "DISPIMG" not in everything(parsed) and any("2 张图片" in note for note in parsed.notes)
    assert "机床" in everything(parsed)


def test_embedded_objects_of_a_workbook_and_of_a_document_are_told() -> None:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(FILES[".xlsx"]())) as file:
        parts = [*((i.filename, file.read(i)) for i in file.infolist()), ("xl/embeddings/oleObject1.bin", b"x")]
    document = word(made.p(made.r("见附表。") + "<w:r><w:object/></w:r>"))
    for data, suffix in ((made.packed(parts), ".xlsx"), (document, ".docx")):
        assert any("1 个对象" in note for note in read(data, suffix).notes)


# Tables that are no plain grids


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


# Forms

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


# Radicals

WRITTEN, MEANT = "⻘⻄市⻩⻰⻆产业园⻥塘⽚区⼯业⻓⻔路", "青西市黄龙角产业园鱼塘片区工业长门路"
WITH_RADICALS: dict[str, Callable[[str], bytes]] = {
    ".txt": lambda text: f"通知\n{text}的企业加奖5万元。\n".encode(),
    ".docx": lambda text: word(made.p(text), tbl(["地点", "奖励"], [text, "5万元"], ["其他", "3万元"])),
    ".xlsx": lambda text: saved(book([["地点", "奖励"], [text, "5万元"], ["其他", "3万元"]])),
    ".html": lambda text: page(f"<title>{text}</title><p>{text}的企业加奖5万元。</p>"),
    ".pptx": lambda text: saved(deck((text, f"{text}的企业加奖5万元。"))),
    ".csv": lambda text: f"地点,奖励\n{text},5万元\n其他,3万元\n".encode(),
}


@pytest.mark.parametrize("suffix", WITH_RADICALS)
def test_radicals_are_read_as_the_characters_they_stand_for(suffix: str) -> None:
    parsed = read(WITH_RADICALS[suffix](WRITTEN), suffix)
    assert MEANT in everything(parsed) and not set(WRITTEN) - set(MEANT) & set(everything(parsed) + parsed.title)


# Pages

LONG = "云溪市对完成智能化改造的企业给予补助，比例不超过设备和软件投资的百分之三十，最高六十万元。"


@pytest.mark.parametrize("around", ["<div class='xxgk'>{}</div>", "{}", "<form>{}</form>"])
def test_a_page_that_is_one_table_is_read(around: str) -> None:
    data = page(around.format(made.html_table(ROWS)), "<title>补助名单</title>")
    parsed = read(data, ".html")
    assert [t.rows for t in tables_in(parsed.elements)] == [tuple(map(tuple, ROWS))] and parsed.title == "补助名单"


def test_a_page_laid_out_in_tables_gives_its_text_and_its_table() -> None:
    menu = "".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(8))
    body = f"<table><tr><td>{menu}</td><td><p>{LONG}</p>{made.html_table(ROWS)}<p>{LONG}</p></td></tr></table>"
    parsed = read(page(body), ".html")
    assert lines_in(parsed.elements).count(LONG) == 2 and len(tables_in(parsed.elements)) == 1
    assert "栏目3" not in everything(parsed)


def test_a_text_beside_a_menu_in_a_table_is_paragraphs() -> None:
    menu = "<br>".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(3))
    parsed = read(page(f"<table><tr><td>{menu}</td><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>"), ".html")
    assert lines_in(parsed.elements).count(LONG) == 2 and not tables_in(parsed.elements)


def test_a_table_with_a_long_note_in_a_cell_is_read_whole() -> None:
    body = f"<p>公示</p>{made.html_table([*ROWS, ['油松厂', '2', LONG * 3]])}<p>联系人：赵六</p>"
    whole = everything(read(page(body), ".html"))
    assert "云杉厂 | 3 | 36" in whole and LONG in whole


def test_what_an_unknown_layout_lost_is_told() -> None:
    side = "".join(f"<p>第{n}条 {LONG}</p>" for n in range(12))
    body = f"<div class='article-content'>{''.join(f'<p>{LONG}</p>' for _ in range(8))}</div><div class='box7'>{side}</div>"
    parsed = read(page(body), ".html")
    assert "第7条" in everything(parsed) or any(
        note.startswith("网页里导航、侧栏等 ") and note.endswith(" 字没有录入。") for note in parsed.notes
    )


def test_a_page_of_links_alone_tells_that_they_are_left_out() -> None:
    links = "".join(f"<li><a href='/{n}.html'>关于印发第{n}号样例政策实施细则的通知</a></li>" for n in range(30))
    parsed = read(page(f"<h1>政策文件目录</h1><ul>{links}</ul>"), ".html")
    assert "第7号" in everything(parsed) or any(note.startswith("网页里链接上的 ") for note in parsed.notes)


def test_an_ordinary_page_tells_nothing() -> None:
    menu = "".join(f"<li><a href='/{n}'>栏目第{n}号的名称</a></li>" for n in range(60))
    body = f"<ul>{menu}</ul><div class='article-content'>{''.join(f'<p>{LONG}</p>' for _ in range(8))}</div><div class='footer'>版权所有</div>"
    assert not read(page(body), ".html").notes


OFFICE_HEAD = (
    "<meta name=Generator content='Microsoft Word 15'><!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View>"
    "</w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal {mso-style-parent:''; font-family:宋体} --></style>"
)


def test_a_page_saved_from_word_reads_as_it_looks() -> None:
    body = (
        "<div class=WordSection1><p class=MsoTitle><b>云溪市奖补通知</b><o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1、<span>&nbsp;&nbsp;"
        f"</span></span><![endif]>营业执照<o:p></o:p></p><p class=MsoNormal>{LONG}\n<span style='display:none;mso-hide:all'>内部测算九十万元"
        "</span><o:p></o:p></p><!--[if supportFields]><span>TOC</span><![endif]--><table class=MsoNormalTable>"
        + "".join(
            "<tr>" + "".join(f"<td><p class=MsoNormal>{c}<o:p></o:p></p></td>" for c in row) + "</tr>" for row in ROWS
        )
        + "</table></div>"
    )
    parsed = read(page(body, OFFICE_HEAD), ".html")
    whole = everything(parsed)
    assert [t.rows for t in tables_in(parsed.elements)] == [tuple(map(tuple, ROWS))]
    assert "1、 营业执照" in whole.replace("1、营业执照", "1、 营业执照") and LONG in lines_in(parsed.elements)
    assert not any(text in whole for text in ("九十", "mso", "endif", "supportLists", "TOC", "Print"))


def test_notes_of_a_page_saved_from_word_are_read_and_its_comments_told() -> None:
    body = (
        "<div class=WordSection1><p>给予补贴<a style='mso-footnote-id:ftn1' href='#_ftn1'>[1]</a>。</p></div>"
        "<div style='mso-element:footnote-list'><div style='mso-element:footnote'><p>[1] 上限九万元。</p></div></div>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'><p>金额待定</p></div></div>"
    )
    parsed = read(page(body, OFFICE_HEAD), ".html")
    assert "上限九万元" in everything(parsed) and "待定" not in everything(parsed)
    assert parsed.notes == ("网页里 1 条批注没有录入。",)


def test_a_table_saved_from_excel_as_a_page_reads_as_it_looks() -> None:
    rows = "".join("<tr height=19>" + "".join(f"<td class=xl65 x:num>{c}</td>" for c in row) + "</tr>" for row in ROWS)
    hidden = "<tr height=0 style='display:none'><td>旧厂</td><td>1</td><td>99</td></tr>"
    body = f"<table border=0 style='border-collapse:collapse'><colgroup><col width=72 style='mso-width-source:userset'></colgroup>{rows}{hidden}</table>"
    parsed = read(page(body, OFFICE_HEAD), ".html")
    assert [t.rows for t in tables_in(parsed.elements)] == [tuple(map(tuple, ROWS))]


# Archives


def test_members_of_one_name_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "资料.zip"
    with pytest.warns(UserWarning, match="Duplicate name"):
        path.write_bytes(
            made.packed([("通知.txt", "甲".encode()), ("通知.txt", "乙".encode()), ("附件/通知.txt", "丙".encode())])
        )
    found = list(archive.members(path))
    assert sorted(archive.read_member(member, 100).decode() for member in found) == sorted("甲乙丙")
    assert len({str(member) for member in found}) == 3 and all(member.suffix == ".txt" for member in found)


def test_names_that_become_one_when_made_harmless_are_both_read(tmp_path: Path) -> None:
    path = tmp_path / "资料.zip"
    path.write_bytes(made.packed([("a/通知.txt", "甲".encode()), ("../a/通知.txt", "乙".encode())]))
    assert {archive.read_member(member, 100).decode() for member in archive.members(path)} == set("甲乙")
