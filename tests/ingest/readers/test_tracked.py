"""Changes that Word tracked: the final text alone is read."""

from __future__ import annotations

import pytest

from ingest.parsed import Paragraph
from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import everything, tbl, word
from tests.ingest.readers.reading import PLACES, word_lines
from tests.ingest.readers.test_formats import lines_in, tables_in


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
