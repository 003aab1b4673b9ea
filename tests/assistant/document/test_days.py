"""The day that a question asks for, the last day that a clause sets, and how many days are left; today is Monday 2026-11-30."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.document.days import asked_day, last_of, left, missed

TODAY = date(2026, 11, 30)
PUBLISHED = date(2026, 10, 12)


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("12月15日交材料来得及吗", date(2026, 12, 15)),
        ("12月15号交行不行", date(2026, 12, 15)),
        ("十二月十五号交行吗", date(2026, 12, 15)),
        ("2026-12-20交行吗", date(2026, 12, 20)),
        ("2027年3月15日交", date(2027, 3, 15)),
        ("2027年3月申请还行吗", date(2027, 3, 31)),
        ("明年1月还能报吗", date(2027, 1, 31)),
        ("明年2月还能报吗", date(2027, 2, 28)),
        ("1月初再报", date(2027, 1, 10)),
        ("明年年初再报", date(2027, 1, 31)),
        ("12月底交行不行", date(2026, 12, 31)),
        ("12月上旬交可以吗", date(2026, 12, 10)),
        ("12月中旬交", date(2026, 12, 20)),
        ("年底之前交行吗", date(2026, 12, 31)),
        ("月底交来得及吗", date(2026, 11, 30)),
        ("本月底交行吗", date(2026, 11, 30)),
        ("下个月报名晚不晚", date(2026, 12, 31)),
        ("下个月底呢", date(2026, 12, 31)),
        ("下月5号去行吗", date(2026, 12, 5)),
        ("今天还能报吗", TODAY),
        ("明天交来得及吗", date(2026, 12, 1)),
        ("后天交来得及吗", date(2026, 12, 2)),
        ("12月5号下午三点交", date(2026, 12, 5)),
    ],
)
def test_the_day_that_a_question_asks_for(question: str, day: date) -> None:
    assert asked_day(question, TODAY) == day


@pytest.mark.parametrize(
    ("question", "day"),
    [("15号交来得及吗", date(2026, 12, 15)), ("3月申请还行吗", date(2027, 3, 31)), ("10月8日去报", date(2027, 10, 8))],
)
def test_a_day_that_is_over_is_the_next_of_its_kind(question: str, day: date) -> None:
    found = asked_day(question, TODAY)
    assert found == day and found > TODAY


@pytest.mark.parametrize(
    ("question", "day"),
    [
        ("3月买的设备算吗", date(2026, 3, 31)),
        ("10月8日签了合同，还能申请吗", date(2026, 10, 8)),
        ("去年12月付的款算不算", date(2025, 12, 31)),
        ("15号验收的，来得及吗", date(2026, 11, 15)),
    ],
)
def test_a_day_on_which_something_was_done_is_the_last_of_its_kind(question: str, day: date) -> None:
    found = asked_day(question, TODAY)
    assert found == day and found <= TODAY


@pytest.mark.parametrize(
    "question",
    ["什么时候截止", "还有几天", "能补多少", "12月32日交", "13月交行吗", "我明年再申请可以吗", "第15条说什么", ""],
)
def test_a_question_that_names_no_day_asks_for_none(question: str) -> None:
    assert asked_day(question, TODAY) is None


def test_the_next_month_of_december_is_of_the_next_year() -> None:
    assert asked_day("下个月报行吗", date(2026, 12, 3)) == date(2027, 1, 31)
    assert asked_day("5号交行吗", date(2026, 12, 30)) == date(2027, 1, 5)


@pytest.mark.parametrize(
    ("clause", "day"),
    [
        ("申报截止时间为2026年12月15日", date(2026, 12, 15)),
        ("请于12月15日前报送", date(2026, 12, 15)),
        ("1月10日前报送", date(2027, 1, 10)),
        ("12月底前完成", date(2026, 12, 31)),
        ("12月10日17时前", date(2026, 12, 10)),
        ("2026-12-31前", date(2026, 12, 31)),
        ("二〇二六年十二月三十一日前", date(2026, 12, 31)),
    ],
)
def test_the_last_day_of_a_clause(clause: str, day: date) -> None:
    found = last_of(clause, PUBLISHED)
    assert found and (found.day, found.counted) == (day, "")


@pytest.mark.parametrize(
    ("clause", "first", "last"),
    [
        ("申报时间：2026年11月1日至2026年12月20日", date(2026, 11, 1), date(2026, 12, 20)),
        ("11月1日至12月20日", date(2026, 11, 1), date(2026, 12, 20)),
        ("12月1日至1月15日", date(2026, 12, 1), date(2027, 1, 15)),
        ("2026年12月10日至25日", date(2026, 12, 10), date(2026, 12, 25)),
        ("12月1—15日受理", date(2026, 12, 1), date(2026, 12, 15)),
        ("2026.12.1—2026.12.31", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_has_its_first_day_too(clause: str, first: date, last: date) -> None:
    found = last_of(clause, PUBLISHED)
    assert found and (found.first, found.day) == (first, last)


@pytest.mark.parametrize(
    ("clause", "day", "said"),
    [
        ("自通知发布之日起20个工作日内提交", date(2026, 11, 9), "20个工作日"),
        ("自印发之日起30日内", date(2026, 11, 11), "30天"),
        ("自公布之日起15个自然日内", date(2026, 10, 27), "15天"),
    ],
)
def test_a_number_of_days_is_counted_from_the_day_of_the_notice(clause: str, day: date, said: str) -> None:
    found = last_of(clause, PUBLISHED)
    assert found and found.day == day and str(PUBLISHED) in found.counted and said in found.counted
    assert last_of(clause, None) is None


@pytest.mark.parametrize(
    ("clause", "since", "day"),
    [
        ("自领券之日起90日内使用", date(2026, 11, 1), date(2027, 1, 30)),
        ("自验收之日起3个月内申请", date(2026, 11, 30), date(2027, 2, 28)),
        ("自收到告知之日起10个工作日内", date(2026, 11, 30), date(2026, 12, 14)),
    ],
)
def test_days_are_counted_from_what_happened(clause: str, since: date, day: date) -> None:
    found = last_of(clause, PUBLISHED, since)
    assert found and found.day == day and str(since) in found.counted
    assert last_of(clause, PUBLISHED) is None


@pytest.mark.parametrize("clause", ["材料一式三份", "每家最高补助30万元", "第四季度完成", "联系电话0571-8765432"])
def test_a_clause_without_a_day_sets_none(clause: str) -> None:
    assert last_of(clause, PUBLISHED) is None


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 12, 15), "还有15天"),
        (date(2027, 1, 1), "还有32天"),
        (TODAY, "就是今天"),
        (date(2026, 11, 28), "已经过了2天"),
    ],
)
def test_how_many_days_are_left_is_said_in_words(day: date, said: str) -> None:
    assert left(day, TODAY) == said


@pytest.mark.parametrize(
    ("wanted", "outside"),
    [(date(2026, 7, 20), True), (date(2026, 6, 30), False), (date(2025, 6, 30), True), (None, False)],
)
def test_a_day_outside_of_a_period_is_told_with_the_period(wanted: date | None, outside: bool) -> None:
    found = missed("项目于2025年7月1日至2026年6月30日期间完工，年节能量500吨以上。", wanted)
    assert (found is not None) is outside
    assert found is None or (found.first, found.day) == (date(2025, 7, 1), date(2026, 6, 30))


def test_without_a_period_no_day_lies_outside() -> None:
    assert missed("2026年6月30日前完工。", date(2026, 7, 20)) is None
