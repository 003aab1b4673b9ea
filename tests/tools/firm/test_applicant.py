import pytest

from core.errors import BadInput
from tools.firm.applicant import SMALL_AND_MEDIUM, read_interest_rate, read_kind, read_parts, read_purposes, read_sizes


@pytest.mark.parametrize(
    ("kind", "sizes", "titles", "pilot", "private"),
    [
        ("小微", {"小型", "微型"}, (), None, None),
        ("省级专精特新", SMALL_AND_MEDIUM, ("专精特新",), None, None),
        ("小巨人", SMALL_AND_MEDIUM, ("小巨人", "专精特新"), None, None),
        ("民营中型，已进入试点名单", {"中型"}, (), True, True),
        ("国企，不是试点企业", set(), (), False, False),
        ("不是专精特新", set(), (), None, None),
        ("高企", set(), ("高新技术企业",), None, None),
        ("", set(), (), None, None),
    ],
)
def test_reads_what_a_firm_says_it_is(
    kind: str, sizes: set[str], titles: tuple[str, ...], pilot: bool | None, private: bool | None
) -> None:
    assert read_kind(kind) == (frozenset(sizes), titles, pilot, private)


def test_reads_what_the_money_is_for() -> None:
    assert read_purposes("上MES和云服务") == {"软件", "云"}
    assert "设备更新" in read_purposes("换两台注塑机")
    assert "技术改造" in read_purposes("改产线")
    assert read_purposes("") == frozenset()


def test_reads_hardware_and_staff_out_of_the_spend() -> None:
    assert read_parts("MES 50万，设备30万，人工5万", 100) == (30, 5, 50)
    assert read_parts("MES和设备共80万", 100) == (0, 0, 0)
    assert read_parts("贷款30万买设备", 100) == (0, 0, 0)
    assert read_parts("数据采集设备12万，WMS 20万", 100) == (0, 0, 32)


def test_refuses_parts_that_are_more_than_the_whole() -> None:
    with pytest.raises(BadInput, match="比一共投的100万元还多"):
        read_parts("设备80万，人工30万", 100)


@pytest.mark.parametrize(
    ("text", "rate"), [("利率3.5%", 3.5), ("年息4个点", 4.0), ("利率300%", None), ("换设备", None)]
)
def test_reads_the_rate_of_a_loan(text: str, rate: float | None) -> None:
    assert read_interest_rate(text) == rate


def test_figures_below_a_bound_mean_a_small_or_medium_firm() -> None:
    assert read_sizes(frozenset(), "", 280, 19000) == SMALL_AND_MEDIUM
    assert read_sizes(frozenset({"小型", "微型"}), "注塑", 280, None) == {"小型", "微型"}


def test_both_figures_on_the_bound_of_large_mean_large() -> None:
    assert read_sizes(frozenset(), "制造业", 1000, 40000) == {"大型"}
    assert read_sizes(frozenset(), "制造业", 999, 40000) == {"中型"}
    assert read_sizes(frozenset(), "制造业", 1000, None) == frozenset()


def test_an_unknown_industry_decides_nothing() -> None:
    assert read_sizes(frozenset(), "量子占卜", 5, 10) == frozenset()


@pytest.mark.parametrize(("said", "employees", "revenue_wan"), [({"小型", "微型"}, 5000, 900000), ({"大型"}, 50, 900)])
def test_refuses_words_and_figures_that_contradict(said: set[str], employees: int, revenue_wan: float) -> None:
    with pytest.raises(BadInput, match="请核对"):
        read_sizes(frozenset(said), "制造业", employees, revenue_wan)
