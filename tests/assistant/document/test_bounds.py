"""A figure of the question held against the limit that a clause sets for the same thing."""

from __future__ import annotations

import pytest

from assistant.document.bounds import held


@pytest.mark.parametrize(
    ("question", "clause", "within"),
    [
        ("我们去年营业收入1000万，能申报吗", "上年度营业收入不低于1500万元；", False),
        ("营业收入2000万够不够", "上年度营业收入不低于1500万元；", True),
        ("营收1500万可以吗", "年营收1500万元以上的企业。", True),
        ("我们280人，从业人员超了吗", "从业人员不超过300人。", True),
        ("从业人员320人能报吗", "从业人员不超过300人。", False),
        ("公司注册才1年，能报吗", "在青石市登记注册满2年的制造业企业；", False),
        ("我们注册3年了", "在青石市登记注册满2年的制造业企业；", True),
        ("资产负债率68%可以吗", "资产负债率不高于65%。", False),
        ("投入40万能补吗", "实际投入不低于50万元。", False),
        ("年用电量120万千瓦时算不算", "年用电量超过100万千瓦时的工业企业。", True),
        ("营业收入1000万够不够", "上年度营业收入不得低于1500万元；", False),
        ("我们280人，从业人员超了吗", "从业人员不得超过300人。", True),
    ],
)
def test_a_figure_is_within_the_limit_or_not(question: str, clause: str, within: bool) -> None:
    found = held(question, clause)
    assert found is not None and found.within is within


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("我们去年营收1000万", "从业人员不超过300人。"),
        ("我们280人", "上年度营业收入不低于1500万元；"),
        ("什么时候截止", "2026年12月15日以前报送。"),
        ("能补多少", "单个企业最高不超过60万元。"),
        ("2025年买的算吗", "在青石市登记注册满2年的企业；"),
        ("我们营收1000万", "营业收入增长10%。"),
    ],
)
def test_a_figure_of_another_thing_is_held_against_nothing(question: str, clause: str) -> None:
    assert held(question, clause) is None


def test_a_sum_is_not_held_against_the_limit_of_another_thing() -> None:
    assert held("我们是制造业企业，去年营收1800万，能报吗", "本市制造业企业，设备投资不低于2000万元") is None
    assert held("设备投了1800万，能报吗", "本市制造业企业，设备投资不低于2000万元") is not None


def test_of_two_limits_that_differ_no_verdict_is_given() -> None:
    clause = "修改前核定投入不低于80万元，修改后核定投入不低于50万元。"
    assert held("核定投入65万，够吗", clause) is None
    over, under = held("核定投入90万，够吗", clause), held("核定投入40万，够吗", clause)
    assert over is not None and over.within
    assert under is not None and not under.within


@pytest.mark.parametrize(
    ("question", "clause"),
    [
        ("环保罚款罚了12万，能报吗", "近三年未受到单次罚款10万元及以上的处罚。"),
        ("环保罚款罚了3万，能报吗", "近三年未受到单次罚款10万元及以上的处罚。"),
        ("设备投资45万，能补吗", "设备投资没有达到50万元的不补。"),
        ("营收1800万行不行", "上年度营收未超过2000万元的，不予受理。"),
    ],
)
def test_a_limit_that_is_denied_gives_no_verdict(question: str, clause: str) -> None:
    assert held(question, clause) is None
