"""A notice at a glance."""

from __future__ import annotations

import pytest

from core.types import Passage
from tools.notice import points


def passage(number: int, section: str, text: str) -> Passage:
    return Passage(f"doc:public:x#{number:04d}", "x", f"通知 · {section}", f"{section}\n{text}", "document", (section,))


NOTICE = [
    passage(
        0,
        "一、申报条件",
        "申报企业应同时符合以下条件：\n（一）在苏州市依法注册的制造业中小企业；\n（二）近三年无重大安全事故。",
    ),
    passage(1, "二、支持标准", "对软件投入按不超过30%给予补助。单个企业最高不超过50万元。"),
    passage(2, "三、申报材料", "1. 资金申请表；\n2. 营业执照复印件。"),
    passage(3, "四、申报时间", "请于2026年12月15日前报送，逾期不予受理。"),
    passage(4, "五、联系方式", "联系人：张工，电话：0512-68616000。\n本通知自印发之日起施行。"),
    passage(5, "文件信息", "《通知》：某局，2026-06-18发。申报截止日期2026-12-15。"),
]


def texts(part: str) -> list[str]:
    return [p.text for p in points(NOTICE) if p.part == part]


def test_a_notice_is_taken_apart_by_its_headings() -> None:
    assert texts("conditions") == ["在苏州市依法注册的制造业中小企业", "近三年无重大安全事故"]
    assert texts("materials") == ["资金申请表", "营业执照复印件"]
    assert texts("amounts") == ["对软件投入按不超过30%给予补助", "单个企业最高不超过50万元"]
    assert any("12月15日" in text for text in texts("dates"))
    assert texts("contact") == ["联系人：张工，电话：0512-68616000"]
    assert all(point.passage.section != ("文件信息",) for point in points(NOTICE))


def test_without_headings_the_words_of_a_sentence_tell() -> None:
    whole = Passage(
        "d#0",
        "d",
        "通知",
        "申报企业须具有独立法人资格。对设备投入给予补助，最高20万元。请于6月30日前报送。天气很好。",
        "document",
    )
    found = {point.part: point.text for point in points([whole])}
    assert "独立法人" in found["conditions"] and "20万元" in found["amounts"] and "6月30日" in found["dates"]
    assert not any("天气" in text for text in found.values())


def test_items_of_which_one_is_enough_stay_together() -> None:
    text = "（一）在苏州市注册；\n（二）符合下列条件之一：\n1. 上年度营业收入2000万元以上；\n2. 从业人员100人以上；\n（三）财务制度健全。"
    found = [p.text for p in points([passage(0, "一、申报条件", text)])]
    assert found == [
        "在苏州市注册", "符合下列条件之一：上年度营业收入2000万元以上；从业人员100人以上", "财务制度健全",
    ]  # fmt: skip


def test_what_is_refused_stays_with_the_line_that_refuses_it() -> None:
    text = "有下列情形之一的，不予支持：\n1. 房地产企业；\n2. 大型企业。\n其他要求见附件。"
    assert next(p.text for p in points([passage(0, "一、申报条件", text)])) == (
        "有下列情形之一的，不予支持：房地产企业；大型企业"
    )


def test_a_long_condition_is_kept_whole_beside_its_shortened_form() -> None:
    text = "（一）" + "在苏州市注册，" * 40 + "从业人员20人以上"
    (found,) = points([passage(0, "一、申报条件", text)])
    assert len(found.text) <= 161 and found.whole.endswith("从业人员20人以上")


@pytest.mark.parametrize(
    "text", ["", "（一）", "1." * 500, "不超过" * 300, "在市注册" * 100, "营业收入" * 200 + "万元"]
)
def test_odd_text_is_no_trouble(text: str) -> None:
    found = points([passage(0, "一、申报条件", text)])
    assert len(found) <= 100


@pytest.mark.parametrize(
    ("text", "conditions"),
    [
        ("第二条 补助对象是成立满3年、从业人员200人以下的制造业企业。", ["成立满3年、从业人员200人以下的制造业企业"]),
        ("第一条 本细则面向年营业收入不超过1亿元的批发企业。", ["年营业收入不超过1亿元的批发企业"]),
        ("第三条 奖励对象包括在江阴市注册的软件企业。亏损企业不予奖励。", ["在江阴市注册的软件企业", "亏损企业不予奖励"]),
        ("第四条 有下列情形之一的不予资助：（一）逾期未还款的；（二）房地产企业。", ["有下列情形之一的不予资助：（一）逾期未还款的；（二）房地产企业"]),
        ("第五条 面向社会公开征求意见。", []),
    ],
)  # fmt: skip
def test_whom_an_article_is_for_is_a_condition(text: str, conditions: list[str]) -> None:
    found = points([Passage("d#0", "d", "办法", text, "document")])
    assert [point.text for point in found if point.part == "conditions"] == conditions


@pytest.mark.parametrize(
    ("text", "conditions", "amounts"),
    [
        ("按投入的20%补助。项目投入不足50万元的不予补助。", ["项目投入不足50万元的不予补助"], ["按投入的20%补助"]),
        ("单笔低于30万元的不予贴息。", ["单笔低于30万元的不予贴息"], []),
        ("按20%补助。超过100万元的部分不予补助。", [], ["按20%补助", "超过100万元的部分不予补助"]),
    ],
)
def test_what_refuses_a_firm_is_a_condition_under_any_heading(
    text: str, conditions: list[str], amounts: list[str]
) -> None:
    found = points([passage(0, "三、补助标准", text)])
    assert [point.text for point in found if point.part == "conditions"] == conditions
    assert [point.text for point in found if point.part == "amounts"] == amounts
