"""Everyday names of industries, in running text and as arguments."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.errors import BadInput
from corpus.tables import load_tables
from tools.firm.industries import find, industry, nearest, several

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine must not make a property fail; speed has tests of its own."""


@pytest.mark.parametrize("row", load_tables().industries, ids=lambda row: row.id)
def test_every_alias_of_an_industry_means_it(row: object) -> None:
    for alias in (*row.aliases, *row.weak):  # type: ignore[attr-defined]
        match = industry(alias)
        assert match.row is not None and match.row.id == row.id, alias  # type: ignore[attr-defined]


@pytest.mark.parametrize("size", [s for s in load_tables().size_sectors if s.id != "industry"], ids=lambda row: row.id)
def test_every_alias_of_a_service_sector_means_it(size: object) -> None:
    for alias in size.aliases:  # type: ignore[attr-defined]
        assert industry(alias).size.id == size.id, alias  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("我们是做汽车零部件的，120人", "汽车制造业"), ("30来人的服装小厂", "纺织服装、服饰业"), ("开餐饮店的", "餐饮业"), ("做药的", "医药制造业"), ("开服装店", "零售业"),
        ("注塑机做不过来的注塑厂", "橡胶和塑料制品业"), ("我厂280人", "制造业"), ("混凝土搅拌站能做点啥", "非金属矿物制品业"), ("a small machining shop", "通用设备制造业"),
        ("建材经销商，20个人", "批发业"), ("我们代理轴承，12人", "批发业"), ("经销建材的", "批发业"), ("我是卖建材的，店里8个人", "零售业"),
        ("我们厂做阀门，通过经销商卖", "通用设备制造业"), ("做外贸的服装厂", "纺织服装、服饰业"), ("给药店供货的印刷厂", "印刷和记录媒介复制业"), ("作为汽配厂，我们给服装厂做过拉链", "汽车制造业"),
    ],
)  # fmt: skip
def test_the_industry_is_found_in_running_text(text: str, name: str) -> None:
    match = find(text)
    assert match is not None and match.name == name


@pytest.mark.parametrize("text", ["今天天气不错", "MES是什么意思", "手续费贵不贵", ""])
def test_no_industry_is_made_up(text: str) -> None:
    assert find(text) is None


def test_an_unknown_one_is_offered_the_nearest() -> None:
    with pytest.raises(BadInput) as refused:
        industry("注素")
    assert "注塑" in refused.value.hint and "注塑" in nearest("注素")


def test_a_very_long_name_is_refused_with_a_short_sentence() -> None:
    with pytest.raises(BadInput) as refused:
        industry("x" * 10_000)
    assert len(refused.value.message) < 60


@UNTIMED
@given(st.text(max_size=60))
def test_no_text_makes_the_search_fail(text: str) -> None:
    find(text)


@pytest.mark.parametrize(
    ("said", "row"),
    [
        ("诊所22人算什么型", "none-health"), ("村镇银行有150名员工", "none-finance"), ("托儿所30人", "none-education"), ("基金会12人算中型吗", "none-public"), ("铁路运输200人", "none-railway"),
        ("修理厂25人", "other"), ("我们开干洗店，8个人", "other"), ("养鸡场15人", "farming"), ("租车公司40人", "leasing"),
    ],
)  # fmt: skip
def test_a_trade_right_before_its_people_is_the_firms_own(said: str, row: str) -> None:
    match = find(said)
    assert match is not None and match.size.id == row


@pytest.mark.parametrize("said", ["向银行贷款的注塑厂80人", "给医院供货的印刷厂60人", "机修车间有8人的五金厂"])
def test_a_trade_of_others_is_not_the_firms_own(said: str) -> None:
    match = find(said)
    assert match is not None and match.size.id == "industry"


@pytest.mark.parametrize(
    ("said", "rows"),
    [
        ("又生产家具又做零售", ["industry", "retail"]), ("粮油批发加工厂", ["wholesale", "industry"]), ("我们是饭店兼酒店", ["catering", "hotel"]),
        ("建材批发公司", []), ("给超市供货的食品厂", []), ("五金、注塑都做", []), ("注塑厂", []),
    ],
)  # fmt: skip
def test_two_trades_named_in_one_breath_are_both_known(said: str, rows: list[str]) -> None:
    assert [match.size.id for match in several(said)] == rows
