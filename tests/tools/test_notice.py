"""A notice at a glance, and its conditions against a firm."""

from __future__ import annotations

import pytest

from core.types import Passage
from tools.notice import Point, points
from tools.notice_fit import fit, verdict
from tools.profile import Profile

FIRM = Profile(industry="注塑", employees=80, revenue_wan=3000.0, region="苏州", target_level=2)


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


@pytest.mark.parametrize(
    ("clause", "state"),
    [
        ("在苏州市依法注册、具有独立法人资格的企业", "met"),
        ("在宁波市内注册的企业", "not_met"),
        ("上年度营业收入不低于2000万元", "met"),
        ("上年度营业收入达到1亿元以上", "not_met"),
        ("年营业收入不超过2000万元", "not_met"),
        ("规模以上工业企业", "met"),
        ("职工人数不少于100人", "not_met"),
        ("从业人员300人以下的中小企业", "met"),
        ("制造业企业", "met"),
        ("改造后数字化水平达到二级及以上", "met"),
        ("改造后数字化水平达到三级及以上", "not_met"),
        ("获得省级专精特新中小企业认定", "unknown"),
        ("近三年无重大安全、环保事故", "unknown"),
        ("在苏州市注册，近三年无重大安全事故", "unknown"),
        ("财务制度健全", "unknown"),
    ],
)
def test_each_condition_is_met_not_met_or_to_be_checked(clause: str, state: str) -> None:
    (found,) = fit([Point("conditions", clause, NOTICE[0])], FIRM)
    assert found.state == state, found


def test_what_is_not_known_of_the_firm_is_asked_for() -> None:
    clauses = ("在苏州市注册", "营业收入不低于2000万元", "职工不少于20人", "制造业企业")
    found = fit([Point("conditions", clause, NOTICE[0]) for clause in clauses], Profile())
    assert {f.state for f in found} == {"unknown"}
    assert [f.ask for f in found] == ["地区", "营业收入万元", "从业人员", "行业"]


def test_one_condition_not_met_is_enough_and_none_is_never_a_yes() -> None:
    def of(*clauses: str) -> str:
        return verdict(fit([Point("conditions", c, NOTICE[0]) for c in clauses], FIRM))

    assert of("在苏州市注册", "制造业企业") == "likely"
    assert of("在苏州市注册", "财务制度健全") == "maybe"
    assert of("财务制度健全", "在宁波市注册") == "no"
    assert of() == "maybe"


@pytest.mark.parametrize(
    "text", ["", "（一）", "1." * 500, "不超过" * 300, "在市注册" * 100, "营业收入" * 200 + "万元"]
)
def test_odd_text_is_no_trouble(text: str) -> None:
    found = points([passage(0, "一、申报条件", text)])
    assert len(fit([p for p in found if p.part == "conditions"], FIRM)) <= 15
