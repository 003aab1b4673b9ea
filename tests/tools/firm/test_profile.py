"""The firm's profile: read from chat, shown back, corrected, saved and loaded."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from tools.firm.profile import Profile, extract, from_json, merge
from tools.firm.roles import read_roles

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine must not make a property fail; speed has tests of its own."""


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("我们是做汽车零部件的，120人，去年营收六千二百万", {"industry": "汽车零部件", "employees": 120, "revenue_wan": 6200}),
        ("我厂280人，去年1.9个亿", {"industry": "制造业", "employees": 280, "revenue_wan": 19000}),
        ("软件公司，员工85个，年营收1800万", {"industry": "软件公司", "employees": 85, "revenue_wan": 1800}),
        ("We run a wholesale business, 15 staff, 30 million RMB revenue", {"industry": "批发", "employees": 15, "revenue_wan": 3000}),
        ("我在苏州，省级专精特新，准备投300万改产线", {"region": "苏州", "titles": ["省级专精特新"], "budget_wan": 300}),
        ("我们是宁波的小微企业，做塑料模具", {"region": "宁波", "size": "小微", "industry": "塑料模具"}),
        ("注塑厂，现在一级，想到三级", {"level": 1, "target_level": 3}),
        ("昆山的电子厂，给别人代工，300号人，总资产一亿二", {"region": "苏州昆山", "chain": "代工", "employees": 300, "assets_wan": 12000}),
        ("我们用了用友U8和钉钉", {"systems": ["用友U8", "钉钉"]}),
        ("我们没有懂IT的人，老插单排不过来，库存对不上账", {"no_it_staff": True, "pains": ["库存不准", "交期拖延、插单"]}),
        ("我们厂做五金冲压，来料加工", {"industry": "五金冲压", "complexity": "基础加工"}),
        ("车间就靠Excel和微信群", {"practices": {"生产制造": "车间就靠Excel和微信群"}}),
        ("预算先按100万，我们80个人", {"budget_wan": 100, "employees": 80}),
    ],
)  # fmt: skip
def test_a_message_tells_of_the_firm(said: str, expected: dict[str, Any]) -> None:
    found = extract(said).as_json()
    assert {key: found.get(key) for key in expected} == expected


@pytest.mark.parametrize(
    ("said", "absent"),
    [
        ("汽车行业生产制造做到协同级是什么样子？", ("industry", "level", "target_level")), ("专精特新补多少钱", ("titles",)),
        ("我们想申报专精特新", ("titles",)), ("MES是什么", ("systems",)), ("我们准备上MES", ("systems",)), ("我们没有ERP", ("systems",)),
        ("日本给小厂买机器人大概补多少日元？", ("industry", "region", "employees")), ("朝阳行业前景好", ("region",)), ("我们产能10万件", ("revenue_wan",)),
        ("我们研发10人", ("employees",)), ("要贷500万", ("revenue_wan", "budget_wan")), ("ERP哪家好", ("systems",)),
    ],
)  # fmt: skip
def test_what_is_asked_planned_or_denied_is_not_taken_for_a_fact(said: str, absent: tuple[str, ...]) -> None:
    assert not set(extract(said).as_json()) & set(absent)


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("不是280人，是180人", "employees", 180), ("不是280，是180", "employees", 180), ("人数写错了，是180", "employees", 180),
        ("哦不对，应该是200人", "employees", 200), ("营收改成2个亿", "revenue_wan", 20000), ("我们不是注塑，是冲压", "industry", "冲压"),
        ("不在宁波，在东莞", "region", "东莞"), ("我们280人，哦不，260人", "employees", 260),
    ],
)  # fmt: skip
def test_a_correction_replaces_what_was_known_and_nothing_else(said: str, field: str, value: object) -> None:
    known = Profile(industry="注塑", employees=280, revenue_wan=19000, region="宁波")
    corrected = extract(said, known)
    assert getattr(corrected, field) == value
    others = {"industry", "employees", "revenue_wan", "region"} - {field}
    assert all(getattr(corrected, name) == getattr(known, name) for name in others)


def test_a_denial_removes_a_title_and_a_system() -> None:
    known = Profile(titles=("省级专精特新", "高新技术企业"), systems=("ERP", "钉钉"))
    assert extract("我们还不是专精特新", known).titles == ("高新技术企业",)
    assert extract("我们没有ERP了", known).systems == ("钉钉",)


def test_a_mere_factory_does_not_replace_the_industry_known() -> None:
    assert extract("我厂80人", Profile(industry="注塑")).industry == "注塑"


def test_amounts_are_told_apart_by_what_they_are() -> None:
    roles = read_roles("营收5000万，数字化投了40万，准备再投80万上MES，想贷200万，总资产一个亿")
    assert {role: amount.value for role, amount in roles.sure.items()} == {
        "revenue_wan": 5000, "spent_wan": 40, "budget_wan": 80, "loan_wan": 200, "assets_wan": 10000,
    }  # fmt: skip


def test_a_rough_figure_is_shown_back_in_its_words_and_an_unclear_one_as_such() -> None:
    assert "人数说的是“290~310人”，要一个数时按300人算" in extract("我们290~310人").as_text()
    assert "人数说的是“几百人”，没法当一个数用" in extract("我们几百人").as_text()
    known = extract("我们280人", extract("我们290~310人"))
    assert known.employees == 280 and not known.said


def test_is_shown_back_in_one_line_and_invites_correction() -> None:
    shown = Profile(industry="注塑", employees=280, revenue_wan=19000, level=1, no_it_staff=True).as_text()
    assert shown.startswith("我记下的：注塑；280人；营收1.9亿元；现在一级；没有IT人员。") and "不对就说" in shown
    assert Profile().as_text() == ""


PROFILES = st.builds(
    Profile,
    name=st.none() | st.text(min_size=1, max_size=20), industry=st.none() | st.sampled_from(["注塑", "软件"]),
    employees=st.none() | st.integers(1, 5000), revenue_wan=st.none() | st.floats(0.1, 1e6), titles=st.sampled_from([(), ("专精特新",)]),
    complexity=st.sampled_from([None, "成品", "部件", "基础加工"]), systems=st.sampled_from([(), ("ERP", "MES")]),
    practices=st.sampled_from([(), (("生产制造", "纸质"),)]), level=st.none() | st.integers(1, 4), no_it_staff=st.none() | st.booleans(),
)  # fmt: skip


@UNTIMED
@given(PROFILES)
def test_a_saved_profile_is_loaded_the_same(profile: Profile) -> None:
    assert from_json(profile.as_json()) == profile


@UNTIMED
@given(PROFILES, PROFILES)
def test_merging_keeps_what_the_new_one_does_not_know(known: Profile, new: Profile) -> None:
    merged = merge(known, new)
    assert merged.employees == (known.employees if new.employees is None else new.employees)
    assert set(known.systems) | set(new.systems) == set(merged.systems)
    assert merge(known, Profile()) == known


def test_chinese_names_and_spoken_figures_are_read_too() -> None:
    assert from_json('{"行业": "注塑", "从业人员": "三十来人", "营业收入万元": "1.9个亿"}') == Profile(
        industry="注塑", employees=30, revenue_wan=19000
    )


@pytest.mark.parametrize(
    "data",
    [
        {"从业人员": "abc"}, {"employees": -1}, {"employees": 1.5}, {"x": 1}, [], "{bad", "[" * 100_000, 5, None, {"level": 9}, {"level": "三级"}, {"level": True},
        {"name": "名" * 10_000}, {"titles": "高企"}, {"no_it_staff": "yes"}, {"行业": 5}, {"practices": {"a": 1}}, {"complexity": "半成品"}, {"revenue_wan": "inf"},
    ],
)  # fmt: skip
def test_a_profile_with_wrong_types_names_the_field_in_one_sentence(data: object) -> None:
    with pytest.raises(BadInput) as refused:
        from_json(data)
    assert refused.value.message.startswith("企业档案") and refused.value.hint


@UNTIMED
@given(st.text(max_size=120))
def test_no_message_makes_the_extraction_fail(text: str) -> None:
    extract(text, Profile(employees=280))


def test_a_very_long_message_is_read() -> None:
    assert extract("我们厂280人，营收1.9亿，" * 1000).employees == 280


def test_a_lone_sum_said_against_a_known_budget_replaces_it() -> None:
    known = extract("我们做服装，预算50万")
    assert extract("太贵了，20万呢", known).budget_wan == 20
    assert extract("隔壁厂花了20万", known).budget_wan == 50


@pytest.mark.parametrize(
    ("before", "said", "region"),
    [
        ("", "我们厂不在邯郸在沧州", "沧州"),
        ("我们在邯郸做铸件", "说的不是邯郸", None),
        ("我们在邯郸做铸件", "不是邯郸，是沧州", "沧州"),
        ("我们在邯郸做铸件", "我们有60人", "邯郸"),
    ],
)
def test_the_place_that_is_denied_is_not_the_firms(before: str, said: str, region: str | None) -> None:
    assert extract(said, extract(before)).region == region
