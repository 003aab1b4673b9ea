"""What official documents say of themselves, in the usual layouts, and what a reader must not be taken in by."""

from __future__ import annotations

from datetime import date

import pytest

from core.dates import read_date
from eval.bench_metadata import FIELDS, rates
from eval.notices import notices
from ingest import dates
from ingest.clean import paragraphs
from ingest.metadata import Metadata, read_metadata
from ingest.parsed import Parsed
from ingest.structure import elements


def read(text: str, markdown: bool = False, name: str = "") -> Metadata:
    return read_metadata(Parsed(tuple(elements(paragraphs(text, markdown)))), name)


def test_the_fields_of_generated_notices_in_the_usual_layouts_are_read_right() -> None:
    found = rates(notices(40))
    assert set(found) == set(FIELDS)
    assert all(rate >= 0.95 for rate in found.values()), found


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("深工信规〔2025〕7号\n\n关于印发操作规程的通知\n\n各有关单位：", "深工信规〔2025〕7号"),
        ("关于申报的通知\n（长工信发[2025] 18 号）\n各有关单位：", "长工信发〔2025〕18号"),
        (
            "财政部 税务总局关于税费政策的公告\n财政部 税务总局公告2023年第12号\n现公告如下：",
            "财政部税务总局公告2023年第12号",
        ),
        ("关于申报的通知\n\n各单位：\n根据《管理办法》（苏财规〔2024〕5号），现通知如下。", ""),
        ("关于落实苏财规〔2024〕5号文件精神的通知\n\n各单位：\n现通知如下。", ""),
    ],
)
def test_the_number_is_the_documents_own_and_not_one_it_refers_to(text: str, number: str) -> None:
    assert read(text).value("doc_no") == number


def test_rules_say_what_they_end_and_how_long_they_last() -> None:
    found = read(
        "深圳市工业和信息化局关于印发《深圳市试点资金操作规程》的通知\n深工信规〔2025〕7号\n\n各有关单位：\n现予印发，请遵照执行。\n"
        "深圳市工业和信息化局\n2025年9月30日\n\n深圳市试点资金操作规程\n第一条 企业称号有效期为三年。\n"
        "第二十条 本操作规程自2025年10月10日起施行，有效期两年。原《深圳市扶持计划操作规程》（深工信规〔2022〕3号）同时废止。\n"
    )
    assert (found.value("valid_from"), found.value("valid_until")) == ("2025-10-10", "2027-10-09")
    assert (found.value("published"), found.value("region")) == ("2025-09-30", "深圳")


def test_how_long_a_title_lasts_is_not_how_long_the_document_does() -> None:
    found = read(
        "关于认定数字化车间的通知\n\n各企业：\n认定有效期三年，到期复核。\n常州市工业和信息化局\n2026年3月1日\n"
    )
    assert found.value("valid_until") == "" and found.value("issuer") == "常州市工业和信息化局"


def test_every_field_has_a_confidence_and_the_words_it_rests_on() -> None:
    for reading in read(notices(1)[0].text).fields.values():
        assert 0 < reading.confidence <= 1 and reading.words


def test_a_deadline_that_opens_a_line_is_not_the_day_of_issue() -> None:
    assert read("申报通知\n\n一、申报时间\n\n2026年12月31日前。\n").value("published") == ""
    assert read("申报通知\n\n（2026年6月18日）\n\n请申报。\n").value("published") == "2026-06-18"


def test_attachments_are_listed() -> None:
    found = read("关于申报的通知\n\n各企业：\n请申报。\n\n附件：1. 申报书\n2. 承诺书\n\n常州市财政局\n2026年3月1日\n")
    assert found.attachments == ("申报书", "承诺书")


def test_a_paper_that_is_no_official_document_is_not_given_the_dates_it_speaks_of() -> None:
    found = read(
        "# 车间改造手册\n\n先停机，再接线。本方案有效期至2020年1月1日的说法是错的。\n", markdown=True, name="内部资料"
    )
    assert found.value("title") == "车间改造手册" and found.value("valid_until") == "" and found.value("doc_no") == ""


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("二〇二六年六月十八日", "2026-06-18"), ("二○二五年十二月三十一日", "2025-12-31"), ("2026 年 6 月 8 日", "2026-06-08"),
        ("2026.6.18", "2026-06-18"), ("2026年13月1日", None), ("二〇二六年二月三十日", None), ("没有日期", None),
    ],
)  # fmt: skip
def test_dates_in_every_writing(words: str, day: str | None) -> None:
    found = read_date(words)
    assert (found.isoformat() if found else None) == day


def test_a_day_without_a_year_is_the_next_one_after_the_notice() -> None:
    assert read_date("1月15日", date(2025, 12, 1)) == date(2026, 1, 15)
    found = dates.deadline("请于6月30日前提交申报材料。", date(2026, 5, 1))
    assert found and found.day == date(2026, 6, 30)


@pytest.mark.parametrize(
    "text", ["", "。", "：", "〔〕号" * 500, "关于" * 2000, "《" * 3000 + "废止", "附件：" + "1. " * 2000, "\t" * 500]
)
def test_odd_text_is_no_trouble(text: str) -> None:
    assert isinstance(read_metadata(Parsed(tuple(elements(text.split("\n")))), "x"), Metadata)
