"""Conditions of titles against what a firm tells: failed only by a known figure, met only where both years are known."""

import pytest

from tools.firm.profile import extract
from tools.firm.titles import check, facts_of, fit, read_research

MARKS = {"met": "有", "not_met": "缺", "unknown": "问"}


def states(title: str, said: str) -> dict[str, str]:
    """Field → state of each condition."""
    return {one.row.field or one.row.id: one.state for one in check(title, facts_of(extract(said), said))}


@pytest.mark.parametrize(
    ("title", "said", "field", "state"),
    [
        ("专精特新", "我们负债率80%", "debt_ratio", "met"), ("专精特新", "我们资产负债率80.5%", "debt_ratio", "not_met"), ("小巨人", "资产负债率78%", "debt_ratio", "not_met"),
        ("小巨人", "我们营收4999万", "revenue_wan", "not_met"), ("小巨人", "我们营收5000万", "revenue_wan", "met"), ("专精特新", "我们营收1499万", "equity_wan", "unknown"),
        ("小巨人", "两年研发合计1199万", "rd_wan_two_years", "not_met"), ("小巨人", "近两年研发一共1300万", "rd_wan_two_years", "met"),
        ("专精特新", "每年研发100万", "rd_wan_each_year", "met"), ("专精特新", "研发费用90万", "rd_wan_each_year", "not_met"), ("专精特新", "研发费用150万", "rd_wan_each_year", "unknown"),
        ("专精特新", "营收3000万，每年研发80万", "rd_share_each_year", "not_met"), ("专精特新", "研发费用率3.5%", "rd_share_each_year", "unknown"), ("小巨人", "主营占比88%", "main_share", "not_met"),
        ("小巨人", "我们是省级专精特新", "titles", "met"), ("专精特新", "我们营收8000万", "titles", "unknown"),
    ],
)  # fmt: skip
def test_each_condition_is_held_against_what_is_known(title: str, said: str, field: str, state: str) -> None:
    assert states(title, said)[field] == state


def test_a_firm_is_never_said_to_fit_while_anything_is_left_to_check() -> None:
    said = "我们是专精特新，营收6000万，资产负债率50%，主营占比95%，每年研发700万"
    found = fit("小巨人", facts_of(extract(said), said), MARKS)
    assert found.data["verdict"] == "maybe" and found.text.startswith("**还不能确定**") and found.citations


@pytest.mark.parametrize(
    ("said", "found"),
    [("研发每年60万", {"each": 60}), ("近两年研发合计800万", {"two_years": 800}), ("研发费用90万，营收2000万", {"last": 90}), ("营收2000万", {})],
)  # fmt: skip
def test_research_is_read_by_the_years_it_is_of(said: str, found: dict[str, float]) -> None:
    assert read_research(said) == found


def test_research_and_profit_are_not_taken_for_revenue() -> None:
    assert extract("我们研发每年60万，利润300万").revenue_wan is None
    assert extract("营收4000万、净利润300万").revenue_wan == 4000
