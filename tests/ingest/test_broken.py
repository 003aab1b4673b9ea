"""Figures broken over lines, days that are an office's own, and lines that hold more than a date of publication."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from ingest import dates
from ingest.clean import paragraphs
from ingest.letterhead import is_furniture
from ingest.metadata import read_metadata
from ingest.parsed import Paragraph
from ingest.readers import docx as docx_reader
from ingest.readers import html as html_reader
from ingest.readers.text import read_text


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("每个车间补助\n20\n万元，工厂补助\n60\n万元。", ["每个车间补助20万元，工厂补助60万元。"]),
        ("每户不超过\n- 25 -\n万元", ["每户不超过25万元"]),
        ("首批拨付\n60%，验收后付清。", ["首批拨付60%，验收后付清。"]),
        ("营业收入增长率不低于\n-3.5%；", ["营业收入增长率不低于-3.5%；"]),
        ("一、奖励\n30万元以下的项目不奖。", ["一、奖励", "30万元以下的项目不奖。"]),
        ("第一段到此为止。\n12\n第二段从这里开始。", ["第一段到此为止。", "第二段从这里开始。"]),
        ("本市的电子\n12\n元器件企业", ["本市的电子", "元器件企业"]),
        ("全年共补助了600\n12\n万元整体预算", ["全年共补助了600", "万元整体预算"]),
    ],
)
def test_a_figure_broken_over_lines_is_one_and_a_page_number_none(text: str, told: list[str]) -> None:
    assert paragraphs(text)[: len(told)] == told or "".join(paragraphs(text)) == "".join(told)


def test_a_paragraph_of_a_word_document_that_ends_before_its_figure_goes_on_in_the_next() -> None:
    document = Document()
    for text in ("（二）资产负债率不高于", "65%；", "（三）其他。"):
        document.add_paragraph(text)
    stream = io.BytesIO()
    document.save(stream)
    told = [e.text for e in docx_reader.read(stream.getvalue()).elements if isinstance(e, Paragraph)]
    assert told == ["（二）资产负债率不高于65%；", "（三）其他。"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("申报时间为2026年12月3日至2026年12月20日17时，由县局于2027年1月6日前审核后报送。", "2026-12-20"),
        ("网上申报2026年12月1日9:00至2026年12月16日18:00；补正截止2026年12月22日。", "2026-12-16"),
        ("截止日期：2026年12月9日。\n材料补齐截止2026年12月19日。", "2026-12-09"),
        ("三、申报时间\n自通知印发之日起至2026年12月11日止。\n2026年12月25日前完成初审。", "2026-12-11"),
        ("各单位于2026年12月30日前完成材料审核。", None),
        ("本办法自发布之日起至2028年12月31日止有效。", None),
    ],
)
def test_a_day_of_the_office_itself_is_no_last_day_for_applying(text: str, day: str | None) -> None:
    found = dates.deadline(text, date(2026, 11, 20))
    assert (found and found.day.isoformat()) == day


def test_until_when_a_notice_holds_is_apart_from_until_when_one_may_apply() -> None:
    text = "枫林市工业和信息化局关于申报补助的通知\n申报自即日起至2027年3月1日止。\n本通知自2026年12月1日起执行，2028年6月30日废止。\n枫林市工业和信息化局\n2026年11月18日"
    told = read_metadata(read_text(text.encode()), "通知")
    assert (told.value("deadline"), told.value("valid_until")) == ("2027-03-01", "2028-06-30")


def test_a_line_with_a_date_of_publication_and_more_is_no_furniture_and_a_sentence_no_issuer() -> None:
    assert is_furniture("发布日期：2026年11月20日")
    assert not is_furniture("发布日期：2026年11月20日申报截止：2026年12月30日")
    told = read_metadata(
        read_text("枫林市补助申报通知\n来源：枫林市财政安排600万元，每家不超过15万元。".encode()), "通知"
    )
    assert not told.value("issuer")


@pytest.mark.parametrize(
    ("foot", "kept"), [("受理：枫林市数据局", True), ("主办：枫林市政府 咨询电话：123 ICP备1号", False)]
)
def test_the_foot_of_a_page_stays_where_it_says_whom_to_ask(foot: str, kept: bool) -> None:
    page = f"<html><body><h1>枫林市补助公告</h1><p>补助额为投入的两成，单户最高三十万元，先到先得，用完为止，企业自愿申报。</p><p>{'项目完成以后由专家到现场看过再付款。' * 4}</p><div class='footer'>{foot}</div></body></html>"
    told = "".join(e.text for e in html_reader.read(page.encode()).elements if isinstance(e, Paragraph))
    assert (foot in told) is kept
