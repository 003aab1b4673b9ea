"""Money and people as they are said."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.text import normalise
from tools.firm.amounts import money, people, wan_text

UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A busy machine must not make a property fail; speed has tests of its own."""


@pytest.mark.parametrize(
    ("said", "wan"),
    [
        ("1.9个亿", 19000), ("三千万", 3000), ("500w", 500), ("19000万元", 19000), ("六千二百万", 6200), ("1亿2", 12000), ("一亿二", 12000),
        ("500000元", 50), ("1,900万", 1900), ("30 million RMB", 3000), ("两百五十万", 250), ("八九千万", 8500), ("3千多万", 3000), ("两个来亿", 20000), ("5百来万", 500), ("3000到5000万", 4000),
    ],
)  # fmt: skip
def test_money_is_read_in_wan(said: str, wan: float) -> None:
    assert [amount.value for amount in money(normalise(said))] == [wan]


@pytest.mark.parametrize(
    "said", ["几百万", "4000万美金", "300万欧元", "10万件", "500万台", "1e9万", "280人", "2027年", ""]
)
def test_what_is_no_clear_amount_of_money_is_left_out(said: str) -> None:
    assert money(normalise(said)) == []


@pytest.mark.parametrize(
    ("said", "heads"),
    [("三十来人", 30), ("280号人", 280), ("员工85个", 85), ("15 staff", 15), ("八十几个人", 85), ("1.2万人", 12000), ("人数：180", 180), ("二三十人", 25)],
)  # fmt: skip
def test_people_are_counted(said: str, heads: int) -> None:
    assert [amount.value for amount in people(normalise(said))] == [heads]


@pytest.mark.parametrize("said", ["研发10人", "300人以上", "招了20人", "3人小组", "人民币", "每人"])
def test_parts_of_the_staff_and_limits_are_no_headcount(said: str) -> None:
    assert people(normalise(said)) == []


@UNTIMED
@given(st.integers(1, 90_000))
def test_an_amount_written_out_is_read_back(wan: int) -> None:
    assert [amount.value for amount in money(f"营收{wan}万元")] == [wan]
    assert [amount.value for amount in money(wan_text(wan))] == [pytest.approx(wan, abs=1)]


@UNTIMED
@given(st.text(max_size=80))
def test_no_text_makes_the_readers_fail(text: str) -> None:
    for amount in (*money(normalise(text)), *people(normalise(text))):
        assert amount.value >= 0


@pytest.mark.parametrize(
    ("wan", "words"),
    [(0.0, "0元"), (0.0001, "1元"), (0.00019, "1元"), (0.05, "500元"), (0.5, "5000元"), (0.99999, "9999元"), (1.0, "1万元"), (1.255, "1.25万元"), (9999.99, "9999.99万元"), (10000.0, "1亿元"), (12345.6, "1.2345亿元")],
)  # fmt: skip
def test_sums_are_told_in_the_unit_that_shows_them_and_never_rounded_up(wan: float, words: str) -> None:
    assert wan_text(wan) == words


@pytest.mark.parametrize(
    ("said", "low", "high"),
    [("我们九十多人", 90, 99), ("三十多号人", 30, 39), ("一百多人", 100, 199), ("员工90多", 90, 99)],
)  # fmt: skip
def test_a_rough_number_of_people_has_whole_people_as_its_ends(said: str, low: int, high: int) -> None:
    (found,) = people(said)
    assert (found.low, found.high) == (low, high)
