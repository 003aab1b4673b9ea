"""A notice's conditions against a firm's profile."""

from __future__ import annotations

from datetime import date

import pytest

from core.types import Passage
from tools.conditions.fit import fit, verdict
from tools.firm.profile import Profile, extract
from tools.firm.region import find_place
from tools.notice import Point

DAY = date(2026, 11, 29)
PASSAGE = Passage("doc:public:x#0001", "x", "通知", "", "document", ())
FIRM = Profile(industry="注塑", employees=80, revenue_wan=3000.0, region="苏州", target_level=2)


def states(firm: Profile, *clauses: str, home: str = "") -> list[str]:
    points = [Point("conditions", clause, PASSAGE) for clause in clauses]
    return [one.state for one in fit(points, firm, DAY, find_place(home))]


@pytest.mark.parametrize(
    ("clause", "state"),
    [
        ("在苏州市依法注册、具有独立法人资格的企业", "unknown"),
        ("在苏州市依法注册的企业", "met"),
        ("在宁波市内注册的企业", "not_met"),
        ("上年度营业收入不低于2000万元", "met"),
        ("上年度营业收入达到1亿元以上", "not_met"),
        ("规模以上工业企业", "met"),
        ("改造后数字化水平达到二级及以上", "met"),
        ("改造后数字化水平达到三级及以上", "not_met"),
        ("获得省级专精特新中小企业认定", "unknown"),
        ("在苏州市注册，近三年无重大安全事故", "unknown"),
        ("优先支持专精特新企业", "soft"),
    ],
)
def test_each_condition_is_held_against_the_profile(clause: str, state: str) -> None:
    assert states(FIRM, clause) == [state]


@pytest.mark.parametrize(
    ("home", "region", "clause", "state"),
    [
        ("苏州", "苏州昆山", "在本市依法注册的企业", "met"),
        ("宁波", "苏州", "在本市依法注册的企业", "not_met"),
        ("浙江", "宁波", "在本省注册的企业", "met"),
        ("浙江", "宁波", "在本市注册的企业", "unknown"),
        ("宁波余姚", "宁波余姚", "在我市注册的企业", "met"),
        ("宁波余姚", "宁波慈溪", "在我市注册的企业", "unknown"),
        ("宁波余姚", "杭州", "在我市注册的企业", "not_met"),
    ],
)
def test_this_city_is_that_of_the_one_who_gives_the_notice(home: str, region: str, clause: str, state: str) -> None:
    assert states(Profile(region=region), clause, home=home) == [state]


def test_a_figure_said_as_a_range_decides_only_where_both_ends_agree() -> None:
    firm = extract("我们公司营收1500万到2500万，八九十人")
    assert states(firm, "营业收入2000万元以上", "营业收入1000万元以上", "营业收入3000万元以上", "从业人员300人以下") == [
        "unknown", "met", "not_met", "met",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("said", "clause", "state"),
    [
        ("我们2019年成立的", "注册成立满3年", "met"),
        ("我们2019年成立的", "注册成立满10年", "not_met"),
        ("我们2023年成立的", "注册成立满3年", "unknown"),
        ("我们是独立法人，没有失信记录", "具有独立法人资格，未被列入失信被执行人名单", "met"),
        ("我们不是独立法人", "具有独立法人资格", "not_met"),
        ("是独立法人吗", "具有独立法人资格", "unknown"),
        ("我们研发费用占营业收入4%", "研发费用占营业收入比例不低于3%", "met"),
        ("我们参保人数60人", "参保人数不少于50人", "met"),
        ("我们不是专精特新", "获得省级专精特新中小企业认定", "not_met"),
        ("改造后做到二级", "改造后数字化水平达到二级以上", "met"),
    ],
)
def test_what_a_firm_answers_is_held_against_the_condition(said: str, clause: str, state: str) -> None:
    assert states(extract(said), clause) == [state]


def test_the_verdict_of_the_whole_is_never_a_yes_while_anything_is_open() -> None:
    def of(*clauses: str) -> str:
        return verdict(fit([Point("conditions", clause, PASSAGE) for clause in clauses], FIRM, DAY))

    assert of("在苏州市注册", "制造业企业") == "likely"
    assert of("在苏州市注册", "制造业企业", "优先支持专精特新企业") == "likely"
    assert of("在苏州市注册", "财务制度健全") == "maybe"
    assert of("财务制度健全", "在宁波市注册") == "no"
    assert of("优先支持专精特新企业") == "maybe"
    assert of() == "maybe"


@pytest.mark.parametrize(
    "text", ["", "（一）", "1." * 500, "不超过" * 300, "在市注册" * 100, "营业收入" * 200 + "万元"]
)
def test_odd_text_is_no_trouble(text: str) -> None:
    assert states(FIRM, text) == ["unknown"]
