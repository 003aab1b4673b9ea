"""Whose and what each figure of a message is."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.text import normalise
from tools.firm import roles
from tools.firm.roles import read_roles, span


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("我们280人，去年营收1.9亿", {"employees": 280, "revenue_wan": 19_000}),
        ("员工２８０人，营业收入１,９００万元", {"employees": 280, "revenue_wan": 1900}),
        ("3百5十人，年产值3千2百50万", {"employees": 350, "revenue_wan": 3250}),
        ("壹佰贰拾人，资产总额叁仟万元", {"employees": 120, "assets_wan": 3000}),
        ("职工1 200人，总资产50 000万元", {"employees": 1200, "assets_wan": 50_000}),
        ("300+人，销售额一点二亿", {"employees": 300, "revenue_wan": 12_000}),
        ("六十来个人，营业额三千万出头", {"employees": 60, "revenue_wan": 3000}),
        ("290~310人，营收1500万到2500万", {"employees": 300, "revenue_wan": 2000}),
        ("RMB 30,000,000 revenue, 15 staff", {"employees": 15, "revenue_wan": 3000}),
        ("年营收3000w，想投3w5", {"revenue_wan": 3000, "budget_wan": 3.5}),
        ("营收从5000万降到1800万", {"revenue_wan": 1800}),
        ("营业收入由两亿减到一亿二", {"revenue_wan": 12_000}),
        ("人数从300人减到180人", {"employees": 180}),
        ("员工从300减到180人", {"employees": 180}),
        ("原来300人，现在180人", {"employees": 180}),
        ("去年营收3000万，今年营收4000万", {"revenue_wan": 3000}),
        ("2023年营收3000万，2024年营收4000万", {"revenue_wan": 4000}),
        ("前年营收5000万，去年营收3000万", {"revenue_wan": 3000}),
        ("我同学厂300人，我们80人", {"employees": 80}),
        ("隔壁厂营收2亿，我们营收3000万", {"revenue_wan": 3000}),
        ("他们200人，我厂60人，营收2000万", {"employees": 60, "revenue_wan": 2000}),
        ("我们80人，隔壁老王家300人", {"employees": 80}),
        ("给客户做配套，80人", {"employees": 80}),
        ("我们280人，哦不，260人", {"employees": 260}),
        ("营收5000万，数字化投了40万，准备再投80万上MES，想贷200万，总资产一个亿",
         {"revenue_wan": 5000, "spent_wan": 40, "budget_wan": 80, "loan_wan": 200, "assets_wan": 10_000}),
        ("预算两三百万", {"budget_wan": 250}),
        ("我们廿八人", {"employees": 28}),
        ("员工从去年120人涨到今年150人", {"employees": 150}),
        ("我厂子百来号人年产值五六千万", {"employees": 100, "revenue_wan": 5500}),
        ("研发投入占营收3.5%，研发人员30人，总人数200人", {"employees": 200}),
        ("有3条产线，每条产线20人，共60人", {"employees": 60}),
        ("裁员了50人，现在200人", {"employees": 200}),
        ("上年度营业收入(万元)：3,250.00，从业人数:286", {"employees": 286, "revenue_wan": 3250}),
        ("注册资本500万，现有员工186人，2024年营收2.3亿元，纳税1200万，净利润800万元", {"employees": 186, "revenue_wan": 23_000}),
        ("Revenue: RMB 45 million; headcount: 230", {"employees": 230, "revenue_wan": 4500}),
        ("准备投3w5改产线，营收3000w的厂", {"budget_wan": 3.5, "revenue_wan": 3000}),
        ("百十来号人，营收小两千万", {"employees": 110, "revenue_wan": 1999}),
    ],
)  # fmt: skip
def test_each_figure_has_its_role(said: str, expected: dict[str, float]) -> None:
    found = read_roles(normalise(said))
    assert {name: amount.value for name, amount in found.sure.items()} == expected
    assert not found.unclear


@pytest.mark.parametrize(
    ("said", "unclear"),
    [
        ("我们几百人", {"employees": "几百人"}), ("营收几千万", {"revenue_wan": "几千万"}), ("营收1亿9000", {"revenue_wan": "1亿9000"}), ("营收300万美元", {"revenue_wan": "300万美元"}),
        ("营收3千万円", {"revenue_wan": "3千万円"}), ("营收2kw", {"revenue_wan": "2kw"}), ("百八十人", {"employees": "百八十人"}), ("一厂80人，二厂120人", {"employees": "80人、120人"}),
        ("月营收300万", {"revenue_wan": "300万"}), ("一季度营收800万", {"revenue_wan": "800万"}), ("上半年营收2000万", {"revenue_wan": "2000万"}),
        ("营收3000万，营收5000万", {"revenue_wan": "3000万、5000万"}), ("人数从100人到300人", {"employees": "100人到300人"}), ("营收大半个亿", {"revenue_wan": "半个亿"}),
    ],
)  # fmt: skip
def test_what_cannot_be_taken_for_one_value_is_told_as_unclear(said: str, unclear: dict[str, str]) -> None:
    found = read_roles(normalise(said))
    assert found.unclear == unclear
    assert not found.sure


@pytest.mark.parametrize(
    "said",
    [
        "电话13812345678", "手机138-1234-5678", "2027年", "MES2.0", "ISO9001", "Q235", "M8螺丝", "5G", "工业4.0", "2026-11-29", "财建〔2023〕117号", "18800元/台", "每台18800元", "单价3万元", "第3条",
        "比例1:10", "3kw电机", "年产10万件", "500万台", "研发10人", "招了20人", "3人小组", "280人次", "去年招了30人", "300人以上的企业", "我同学厂300人", "隔壁营收2个亿", "3楼", "45号钢", "GB/T 39116-2020",
        "毛利率35%", "增长5.2%", "月薪8000元", "12个月", "三级", "人均产值50万", "营收增加了500万", "营收下降500万", "目标营收1个亿", "预计营收2亿", "招工30人", "每班40人", "平均工资6500块", "20万一年的服务费", "3万一台",
        "两万一台的设备", "注册资本500万", "净利润800万元",
    ],
)  # fmt: skip
def test_what_is_no_fact_of_the_firm_gets_no_role(said: str) -> None:
    found = read_roles(normalise(said))
    assert not found.sure and not found.unclear


@pytest.mark.parametrize(
    ("words", "ends"),
    [("290~310人", (290, 310)), ("三百来人", (270, 330)), ("六十来个", (54, 66)), ("2000多万", (2000, 2990)), ("300人以上", (300, math.inf)), ("280人", None), ("3千2百50万", None), ("几百人", None)],
)  # fmt: skip
def test_the_ends_of_what_was_said_are_read_back_from_its_words(words: str, ends: tuple[float, float] | None) -> None:
    assert span(words) == ends


@given(st.integers(5, 5000), st.integers(5, 5000))
def test_another_firms_figure_never_takes_the_place_of_ones_own(other: int, own: int) -> None:
    for said in (f"隔壁厂{other}人，我们{own}人", f"我们{own}人，同行{other}人", f"我朋友公司{other}人。我们{own}人"):
        assert read_roles(said).sure["employees"].value == own


@given(st.text(alphabet="我们他同学厂营收预算0123456789一二三百千万亿几多来人元到从，。", max_size=40))
def test_no_message_makes_the_reading_fail(text: str) -> None:
    read_roles(normalise(text))


def test_figures_parted_by_a_wide_comma_are_told_whole_and_asked_for() -> None:
    assert read_roles("员工300人，营收1，900万").unclear == {"revenue_wan": "1，900万"}


def test_more_than_a_figure_has_no_upper_end() -> None:
    sure = read_roles("工人超过120人，营收超过800万").sure
    assert (sure["employees"].low, sure["employees"].high) == (120, float("inf"))
    assert (sure["revenue_wan"].low, sure["revenue_wan"].high) == (800, float("inf"))


@pytest.mark.parametrize(
    ("said", "ends"),
    [("人数45到60，营收900万", (45, 60)), ("员工在95和105之间", (95, 105)), ("人员介于190与210人之间", (190, 210))],
)
def test_the_words_of_a_range_give_both_its_ends_again(said: str, ends: tuple[float, float]) -> None:
    assert span(read_roles(said).sure["employees"].words) == ends


@pytest.mark.parametrize("said", ["营收-700万", "投了-30万", "贷款负200万"])
def test_a_negative_sum_is_told_as_unclear(said: str) -> None:
    figures = read_roles(normalise(said))
    assert not figures.sure and len(figures.unclear) == 1


@pytest.mark.parametrize(
    ("said", "loan"),
    [("贷款700万三年能贴30万吗", 700), ("贷了900万，贴息27万够不够", 900), ("贷款300万，利息10万，能贴多少", 300), ("能贴20万吗，贷款500万", 500)],
)  # fmt: skip
def test_a_number_that_is_asked_about_never_becomes_the_loan(said: str, loan: float) -> None:
    assert read_roles(normalise(said)).sure["loan_wan"].value == loan


@pytest.mark.parametrize(
    ("meant", "share", "field"),
    [("spent", 0.7, "spent_wan"), ("spent", 0.5, "revenue_wan"), ("other", 0.5, "revenue_wan"), ("other", 0.7, None)],
)
def test_what_a_sum_of_a_year_is_tells_what_is_said_in_like_words(
    monkeypatch: pytest.MonkeyPatch, meant: str, share: float, field: str | None
) -> None:
    monkeypatch.setattr(roles, "meaning", lambda subject, clause: (meant, share))
    assert list(read_roles("信息化去年三十五万").sure) == ([field] if field else [])


@pytest.mark.parametrize(
    ("meant", "share", "field"), [("budget", 0.9, "budget_wan"), ("budget", 0.6, None), ("spent", 0.9, None)]
)
def test_a_sum_without_a_word_for_it_is_of_the_firm_only_where_that_is_sure(
    monkeypatch: pytest.MonkeyPatch, meant: str, share: float, field: str | None
) -> None:
    monkeypatch.setattr(roles, "meaning", lambda subject, clause: (meant, share))
    assert list(read_roles("手头四十万").sure) == ([field] if field else [])


@pytest.mark.parametrize(
    ("said", "people"),
    [("我们厂46个，做五金", 46), ("做纸箱的，咱们十六个", 16), ("我们有3个车间，5个仓库", None), ("设备嘛，一共46个", None), ("我们厂12个分厂", None), ("我们机床46个", None), ("我们厂3个", None)],
)  # fmt: skip
def test_a_count_of_ourselves_is_of_people(said: str, people: int | None) -> None:
    found = read_roles(normalise(said)).sure.get("employees")
    assert (found and found.value) == people
