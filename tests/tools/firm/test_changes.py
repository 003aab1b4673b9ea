"""A figure told with its change: reckoned where the order is plain, asked for where it is not, else left alone."""

import pytest

from core.text import normalise
from tools.firm.roles import read_roles


@pytest.mark.parametrize(
    ("said", "field", "value"),
    [
        ("产值比前一年的2400万增加了25%", "revenue_wan", 3000), ("营业额从8000万下滑了三成", "revenue_wan", 5600), ("销售额由6000万缩水一半", "revenue_wan", 3000),
        ("营收在900万的基础上翻了一番", "revenue_wan", 1800), ("营收比上年的500万翻了两番", "revenue_wan", 2000), ("收入比去年的2000万增加了300万", "revenue_wan", 2300),
        ("员工从400人减少了10%", "employees", 360), ("员工从400人裁掉了50人", "employees", 350), ("营收比去年的1000万涨了1.5倍", "revenue_wan", 2500),
    ],
)  # fmt: skip
def test_a_change_from_a_figure_is_reckoned_in(said: str, field: str, value: float) -> None:
    figures = read_roles(normalise(said))
    assert figures.sure[field].value == value and figures.unclear == {}


@pytest.mark.parametrize(
    ("said", "field"),
    [("营收6200万下降15%", "revenue_wan"), ("我们厂240人裁员20%", "employees"), ("产值9000万翻了一番", "revenue_wan")],
)
def test_a_change_of_which_the_figure_may_be_the_outcome_is_asked_for(said: str, field: str) -> None:
    figures = read_roles(normalise(said))
    assert field not in figures.sure and field in figures.unclear


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("营收7000万，同比增长12%", 7000), ("营收7000万，比上年多了8%", 7000), ("去年营收4000万，今年想涨30%", 4000), ("营收4000万，利润下降30%", 4000),
        ("营收从4000万降到2500万", 2500), ("营收4000万，电费降了20%", 4000),
    ],
)  # fmt: skip
def test_a_change_that_is_compared_hoped_for_or_of_something_else_leaves_the_figure(said: str, value: float) -> None:
    assert read_roles(normalise(said)).sure["revenue_wan"].value == value
