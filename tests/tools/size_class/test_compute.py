"""Firm sizes: the whole table at every boundary, what decides, and figures that cannot be."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput, NeedsArgument
from corpus.rows import SizeSector
from corpus.tables import load_tables
from tools import registry
from tools.report.summary import summary_of
from tools.size_class.rule import CLASSES, classify, said_words

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine must not make a property fail; speed has tests of its own."""

SECTORS = load_tables().size_sectors
IDS = [sector.id for sector in SECTORS]


def plain_class(sector: SizeSector, figures: dict[str, float]) -> str:
    """The rule as the method words it, written independently of the module: all lower bounds at once, else one down."""
    for place, name in enumerate(CLASSES[:3]):
        if all(figures[indicator] >= bounds[place] for indicator, bounds in sector.bounds.items()):
            return name
    return "微型"


@pytest.mark.parametrize("sector", SECTORS, ids=IDS)
def test_a_firm_on_the_boundary_is_the_larger_class_and_just_below_the_smaller(sector: SizeSector) -> None:
    for place, name in enumerate(CLASSES[:3]):
        on = {indicator: bounds[place] for indicator, bounds in sector.bounds.items()}
        assert classify(sector, on).name == name
        for indicator in on:
            assert classify(sector, {**on, indicator: on[indicator] - 1}).name == CLASSES[place + 1]


@UNTIMED
@given(st.sampled_from(SECTORS), st.data())
def test_any_figures_give_the_class_of_the_published_rule(sector: SizeSector, data: st.DataObject) -> None:
    near = {
        indicator: st.sampled_from([b + d for b in bounds for d in (-1, 0, 1)]) | st.floats(0, 1e6)
        for indicator, bounds in sector.bounds.items()
    }
    figures = {indicator: data.draw(values) for indicator, values in near.items()}
    assert classify(sector, figures).name == plain_class(sector, figures)


@UNTIMED
@given(st.sampled_from(SECTORS), st.data())
def test_a_missing_figure_leaves_a_range_that_holds_the_true_class(sector: SizeSector, data: st.DataObject) -> None:
    figures = {indicator: data.draw(st.floats(0, 3e5)) for indicator in sector.bounds}
    for left_out in figures:
        size = classify(sector, {name: value for name, value in figures.items() if name != left_out})
        assert size.best <= CLASSES.index(plain_class(sector, figures)) <= size.worst


@UNTIMED
@given(st.sampled_from(SECTORS), st.data())
def test_filling_the_gap_told_reaches_the_next_class(sector: SizeSector, data: st.DataObject) -> None:
    figures = {indicator: float(data.draw(st.integers(1, 300_000))) for indicator in sector.bounds}
    size = classify(sector, figures)
    if size.best:
        filled = {name: value + size.gaps(figures).get(name, 0) for name, value in figures.items()}
        assert classify(sector, filled).best == size.best - 1


@pytest.mark.parametrize(
    ("industry", "people", "revenue", "expected"),
    [
        ("厂", 280, "1.9个亿", "小型"), ("软件", 85, 1800, "小型"), ("工厂", 380, 23000, "中型"), ("制造业", 19, 50000, "微型"),
        ("批发", 15, 3000, "小型"), ("汽车零部件", 120, 6200, "小型"), ("餐饮店", "三十来人", 200, "小型"), ("物流公司", 1000, 30000, "大型"),
        ("注塑", 300, 2000, "中型"), ("酒店", 9, 5000, "微型"), ("wholesale", 200, 40000, "大型"),
    ],
)  # fmt: skip
def test_everyday_industries_and_amounts_are_understood(
    industry: str, people: object, revenue: object, expected: str
) -> None:
    outcome = registry.run("size_class", {"行业": industry, "从业人员": people, "营业收入万元": revenue})
    assert outcome.data["size_class"] == expected
    assert outcome.text.startswith(f"**{expected}**")
    assert outcome.citations[0].source_id == "size_classes_2017"


@pytest.mark.parametrize(
    ("name", "most", "told"),
    [
        ("revenue_wan", 30000, "营业收入不超过3亿元"),
        ("revenue_wan", 29999.9999, "营业收入不到3亿元"),
        ("revenue_wan", 12499.9999, "营业收入不到1.25亿元"),
        ("employees", 19, "不到20人"),
    ],
)
def test_a_bound_is_told_as_it_was_said(name: str, most: float, told: str) -> None:
    assert said_words(name, {name: most}, ({name: 0.0}, {name: most})) == told


def test_says_which_figure_decides_and_how_far_the_next_class_is() -> None:
    outcome = registry.run("size_class", {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000})
    assert outcome.data["deciding"] == ["从业人员"]
    assert outcome.data["gap_to_next"] == {"从业人员": 20}
    assert "从业人员差20人" in outcome.text and "你的营业收入够" in outcome.text


def test_a_tiny_gap_is_not_shown_as_nothing() -> None:
    outcome = registry.run("size_class", {"行业": "注塑", "从业人员": 300, "营业收入万元": 1999.9999})
    assert outcome.data["size_class"] == "小型" and "营业收入差1元" in outcome.text


def test_a_missing_figure_that_matters_is_asked_for_and_one_that_does_not_is_not() -> None:
    open_ended = registry.run("size_class", {"行业": "注塑", "从业人员": 350})
    assert open_ended.data["size_class"] is None and open_ended.data["highest"] == "中型"
    assert open_ended.asks == ("营业收入万元",)
    settled = registry.run("size_class", {"行业": "注塑", "从业人员": 12})
    assert settled.data["size_class"] == "微型" and settled.asks == ()


def test_without_an_industry_the_class_is_left_open_and_the_industry_asked_for() -> None:
    outcome = registry.run("size_class", {"从业人员": 280, "营业收入万元": 19000})
    assert outcome.data["size_class"] is None and outcome.asks == ("行业",)
    assert "工业" in outcome.data["by_sector"]["小型"] and "批发业" in outcome.data["by_sector"]["中型"]


@pytest.mark.parametrize("industry", ["银行", "医院", "学校", "铁路运输"])
def test_a_sector_outside_the_table_is_said_to_be_so(industry: str) -> None:
    outcome = registry.run("size_class", {"行业": industry, "从业人员": 100, "营业收入万元": 1000})
    assert "不在这张划型表里" in outcome.text and outcome.data["size_class"] is None


@pytest.mark.parametrize("arguments", [{}, {"行业": "注塑"}, {"行业": "建筑", "从业人员": 50}])
def test_asks_when_nothing_decides(arguments: dict[str, object]) -> None:
    with pytest.raises(NeedsArgument):
        registry.run("size_class", arguments)


@pytest.mark.parametrize(
    "arguments",
    [
        {"行业": "工厂", "从业人员": -3}, {"行业": "工厂", "从业人员": 0}, {"行业": "工厂", "从业人员": 280.5}, {"行业": "工厂", "从业人员": 10**12},
        {"行业": "工厂", "营业收入万元": -1}, {"行业": "工厂", "营业收入万元": 1e30}, {"行业": "工厂", "营业收入万元": "很多"},
        {"行业": "工厂", "营业收入万元": "1e9万"}, {"行业": "工厂", "从业人员": True}, {"行业": "工厂", "营业收入万元": float("nan")},
        {"行业": "名" * 10_000, "从业人员": 5}, {"行业": "阿巴阿巴", "从业人员": 5}, {"行业": 5, "从业人员": 5}, {"人": 5},
    ],
)  # fmt: skip
def test_impossible_input_gets_one_clear_sentence(arguments: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("size_class", arguments)
    assert refused.value.message.count("。") == 1 and len(refused.value.message) < 90


def test_an_unknown_industry_is_offered_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("size_class", {"行业": "注素", "从业人员": 5})
    assert "注塑" in refused.value.hint


def test_revenue_that_does_not_fit_the_people_is_pointed_out() -> None:
    assert "核对" in registry.run("size_class", {"行业": "工厂", "从业人员": 5, "营业收入万元": 90000}).text


def test_a_range_across_a_line_gives_both_outcomes_and_no_class() -> None:
    outcome = registry.run(
        "size_class", {"行业": "注塑", "从业人员": 300, "营业收入万元": 3000, "范围": {"从业人员": [290, 310]}}
    )
    assert outcome.data["size_class"] is None and (outcome.data["highest"], outcome.data["lowest"]) == ("中型", "小型")
    assert "290人" in outcome.text and "310人" in outcome.text and "线是从业人员300人" in outcome.text
    assert "从业人员" in outcome.asks


def test_a_range_on_one_side_of_the_line_is_told_with_the_class_and_the_gap() -> None:
    outcome = registry.run(
        "size_class",
        {
            "行业": "注塑",
            "从业人员": 35,
            "营业收入万元": 1999,
            "范围": {"从业人员": [30, 40], "营业收入万元": [1600, 1999]},
        },
    )
    assert outcome.data["size_class"] == "小型"
    assert (
        "从业人员差260人到270人" in outcome.text
        and "30人到40人" in outcome.text
        and "1600万元到1999万元" in outcome.text
    )


def test_a_figure_that_does_not_decide_is_not_called_enough_where_its_range_crosses_the_line() -> None:
    outcome = registry.run(
        "size_class", {"行业": "注塑", "从业人员": 80, "营业收入万元": 2000, "范围": {"营业收入万元": [1800, 2200]}}
    )
    assert outcome.data["size_class"] == "小型" and "营业收入够不够要看准数" in outcome.text


@UNTIMED
@given(st.integers(2, 2000), st.integers(0, 900), st.integers(1, 60_000))
def test_a_class_is_given_for_a_range_only_if_both_ends_have_it(low: int, more: int, revenue: int) -> None:
    def named(people: int, **more: object) -> str | None:
        given = {"行业": "注塑", "从业人员": people, "营业收入万元": revenue, **more}
        name = registry.run("size_class", given).data["size_class"]
        return None if name is None else str(name)

    both = {named(low), named(low + more)}
    assert named(low, 范围={"从业人员": [low, low + more]}) == (both.pop() if len(both) == 1 else None)


def test_of_two_trades_both_classes_are_told_and_the_main_one_asked_for_where_they_differ() -> None:
    outcome = registry.run("size_class", {"行业": "制造业、批发", "从业人员": 120, "营业收入万元": 9000})
    assert outcome.data["by_sector"] == {"工业": "小型", "批发业": "中型"} and outcome.asks == ("行业",)
    assert outcome.data["size_class"] is None and "先定主业" in outcome.text
    alike = registry.run("size_class", {"行业": "制造业、批发", "从业人员": 3, "营业收入万元": 100})
    assert alike.text.startswith("**按哪一行算都是微型**") and alike.asks == ()


def test_more_than_a_line_is_never_given_an_upper_end() -> None:
    arguments = {"行业": "注塑", "从业人员": 400, "营业收入万元": 5000, "范围": {"从业人员": (400, None), "营业收入万元": (5000, None)}}  # fmt: skip
    outcome = registry.run("size_class", arguments)
    assert outcome.data["highest"] == "大型" and outcome.data["lowest"] == "中型"


@pytest.mark.parametrize(
    ("revenue_wan", "used", "short"),
    [
        (1999.999999, "1999.999999万元", "差0.01元"),
        (1999.5, "1999.5万元", "差5000元"),
        (1234.5678, "1234.5678万元", "差765.4322万元"),
    ],
)
def test_a_figure_that_decides_is_told_exactly(revenue_wan: float, used: str, short: str) -> None:
    text = registry.run("size_class", {"行业": "注塑", "从业人员": 400, "营业收入万元": revenue_wan}).text
    assert used in text
    assert short in text


def test_a_firm_far_from_the_line_is_told_the_same_gap_everywhere() -> None:
    outcome = registry.run("size_class", {"行业": "批发", "从业人员": 60, "营业收入万元": 7654.5})
    assert "差3.23455亿元" in outcome.text
    assert "差3.23455亿元" in summary_of("size_class", outcome).much


@pytest.mark.parametrize(
    ("said", "told", "answer"),
    [
        ("不到20人", "不到20人", "微型"),
        ("不到200人", "不到200人", None),
        ("少于15人", "不到15人", "微型"),
    ],
)
def test_less_than_a_number_has_no_lower_end(said: str, told: str, answer: str | None) -> None:
    outcome = registry.run("size_class", {"行业": "注塑", "从业人员": said, "营业收入万元": 1500})
    assert outcome.data["size_class"] == answer
    assert f"从业人员{told}" in summary_of("size_class", outcome).much
    assert "1人到" not in outcome.text and "16人" not in outcome.text


def test_less_than_a_sum_is_told_as_said() -> None:
    outcome = registry.run("size_class", {"行业": "注塑", "从业人员": 400, "营业收入万元": "不到2000万"})
    assert "营业收入不到2000万元" in summary_of("size_class", outcome).much
    assert outcome.data["highest"] == "小型" and "1600" not in outcome.text
