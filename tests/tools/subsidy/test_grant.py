from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.rows import Programme
from corpus.tables import load_tables
from tools.firm.applicant import Applicant
from tools.subsidy.grant import Terms, eligible_spend, estimate, terms_words

DAY = date(2026, 11, 20)


def programme(id: str) -> Programme:
    return next(row for row in load_tables().programmes if row.id == id)


def firm(day: date = DAY, **known: object) -> Applicant:
    return replace(Applicant(day), **known)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("id", "day", "known", "high_wan"),
    [
        ("hefei-2024", date(2024, 12, 31), {"spend_wan": 70.0, "target_level": 3}, 35.0),
        ("hefei-2024", date(2024, 12, 31), {"spend_wan": 200.0, "target_level": 3}, 40.0),
        ("hefei-2024", date(2025, 1, 1), {"spend_wan": 70.0, "target_level": 3}, 28.0),
        ("wuhan-2024", date(2025, 6, 1), {"spend_wan": 100.0, "target_level": 2}, 30.0),
        ("wuhan-2024", date(2025, 6, 1), {"spend_wan": 90.0, "target_level": 4}, 36.0),
        ("nanjing-2024", date(2026, 1, 26), {"spend_wan": 200.0, "target_level": 2}, 50.0),
        ("nanjing-2024", date(2026, 1, 27), {"spend_wan": 200.0, "target_level": 2}, 40.0),
        ("nanjing-2024", date(2026, 1, 27), {"spend_wan": 80.0, "target_level": 4}, 52.0),
        ("nanjing-2024", date(2026, 1, 27), {"spend_wan": 200.0, "target_level": 4}, 60.0),
        ("longyan-2025", DAY, {"spend_wan": 60.0, "target_level": 3}, 30.0),
        ("longyan-2025", DAY, {"spend_wan": 100.0, "target_level": 4}, 45.0),
        ("hangzhou-2024", date(2025, 6, 1), {"spend_wan": 50.0}, 20.0),
        ("platform-2022", date(2022, 9, 1), {"spend_wan": 200.0}, 30.0),
        ("equipment-interest", DAY, {"loan_wan": 500.0}, 15.0),
        ("sme-loan-interest", DAY, {"loan_wan": 8000.0}, 150.0),
        ("suzhou-2020", DAY, {"loan_wan": 30000.0}, 200.0),
        ("jiangmen-interest-2023", DAY, {"loan_wan": 500.0, "rate_percent": 4.0}, 18.0),
        ("hangzhou-compute", DAY, {"spend_wan": 100.0, "purposes": frozenset({"算力"})}, 30.0),
        ("shanghai-ai-2025", DAY, {"spend_wan": 2000.0, "purposes": frozenset({"模型"})}, 500.0),
    ],
)
def test_pays_the_share_up_to_the_cap(id: str, day: date, known: dict[str, object], high_wan: float) -> None:
    found = estimate(programme(id), firm(day, **known))
    assert found.state == "computed"
    assert found.high_wan == pytest.approx(high_wan)


@pytest.mark.parametrize(
    ("id", "known", "state"),
    [
        ("zhongshan-2024", {"spend_wan": 100.0, "target_level": 3}, "cap_only"),
        ("longyan-2025", {"target_level": 3}, "needs_spend"),
        ("equipment-interest", {}, "needs_loan"),
        ("jiangmen-interest-2023", {"loan_wan": 500.0}, "needs_loan"),
        ("dongguan-loan", {"loan_wan": 500.0}, "cap_only"),
        ("relending", {"loan_wan": 500.0}, "not_money"),
        ("wenzhou-2025", {"spend_wan": 100.0}, "unknown"),
        ("longyan-2025", {"spend_wan": 100.0, "target_level": 1}, "no_tier"),
        ("hefei-2024", {"spend_wan": 100.0, "target_level": 2}, "no_tier"),
        ("foshan-2026", {"spend_wan": 1000.0}, "hearsay"),
        ("foshan-2026", {}, "hearsay"),
        ("hangzhou-compute", {"spend_wan": 100.0, "purposes": frozenset({"软件"})}, "wrong_use"),
        ("hangzhou-compute", {"spend_wan": 100.0}, "needs_use"),
        ("longyan-2025", {"spend_wan": 100.0, "purposes": frozenset({"设备更新"})}, "wrong_use"),
        ("ai-sme-2026", {}, "not_money"),
    ],
)
def test_gives_no_amount_where_it_cannot_be_reckoned(id: str, known: dict[str, object], state: str) -> None:
    found = estimate(programme(id), firm(**known))
    assert found.state == state
    assert found.high_wan is None


def test_machines_and_staff_are_taken_off_where_the_programme_excludes_them() -> None:
    known = firm(spend_wan=100.0, hardware_wan=30.0, staff_wan=10.0, target_level=3)
    assert eligible_spend(programme("longyan-2025"), known)[0] == 60
    assert eligible_spend(programme("foshan-2026"), known)[0] == 90
    assert estimate(programme("longyan-2025"), known).high_wan == 30


def test_without_a_level_the_range_spans_all_levels() -> None:
    found = estimate(programme("longyan-2025"), firm(spend_wan=100.0))
    assert (found.low_wan, found.high_wan) == (25, 45)
    assert [(la.level, la.amount_wan) for la in found.by_level] == [(2, 25), (3, 35), (4, 45)]


def test_caps_by_level_are_told_where_the_share_is_not_known() -> None:
    found = estimate(programme("zhongshan-2024"), firm(spend_wan=100.0))
    assert [la.cap_wan for la in found.by_level] == [30, 60, 100]
    assert found.basis == "封顶30万元到100万元（看等级或用途），比例没查到"
    assert all(la.amount_wan is None for la in found.by_level)


@given(rate=st.floats(0.01, 1), cap=st.floats(1, 1000), spend=st.floats(0.1, 1e6), more=st.floats(0, 1e6))
def test_more_spend_never_brings_less_nor_more_than_the_cap(rate: float, cap: float, spend: float, more: float) -> None:
    terms = Terms(rate, cap)
    low, high = terms.amount(spend), terms.amount(spend + more)
    assert low is not None
    assert high is not None
    assert 0 <= low <= high <= cap
    assert low <= spend


@given(st.sampled_from(list(load_tables().programmes)), st.floats(0.1, 1e5), st.sampled_from([None, 1, 2, 3, 4]))
def test_no_subsidy_exceeds_the_spend_or_its_cap_and_bonus(row: Programme, spend: float, level: int | None) -> None:
    found = estimate(row, firm(spend_wan=spend, target_level=level))
    if found.high_wan is not None and found.low_wan is not None and row.kind in {"subsidy", "voucher"}:
        assert 0 <= found.low_wan <= found.high_wan <= spend + 20
        assert found.cap_wan is None or found.high_wan <= found.cap_wan + 1e-9


@pytest.mark.parametrize(
    "row", [r for r in load_tables().programmes if r.certainty == "third_party"], ids=lambda r: r.id
)
@pytest.mark.parametrize("spend", [None, 5.0, 900.0])
def test_what_only_others_say_never_becomes_an_upper_bound(row: Programme, spend: float | None) -> None:
    found = estimate(row, firm(spend_wan=spend, target_level=3))
    assert found.high_wan is None and found.cap_wan is None and "最多" not in found.basis


@pytest.mark.parametrize(
    ("id", "completed", "level", "high_wan"),
    [
        ("hefei-2024", (date(2024, 3, 1), date(2024, 3, 31)), 4, 45.0),
        ("hefei-2024", (date(2025, 6, 8), date(2025, 6, 8)), 4, 36.0),
        ("nanjing-2024", (date(2025, 12, 1), date(2025, 12, 31)), 2, 45.0),
        ("nanjing-2024", (date(2026, 2, 1), date(2026, 2, 28)), 2, 36.0),
        ("nanjing-2024", (date(2026, 2, 1), date(2026, 2, 28)), 4, 56.0),
    ],
)
def test_the_tier_goes_by_when_the_project_is_finished_and_not_by_the_day_of_asking(
    id: str, completed: tuple[date, date], level: int, high_wan: float
) -> None:
    assert estimate(programme(id), firm(spend_wan=90.0, target_level=level, completed=completed)).high_wan == high_wan


def test_a_month_of_finish_that_lies_in_two_tiers_gives_both() -> None:
    found = estimate(
        programme("nanjing-2024"), firm(spend_wan=90.0, target_level=3, completed=(date(2026, 1, 1), date(2026, 1, 31)))
    )
    assert (found.low_wan, found.high_wan, found.varies_by) == (36.0, 45.0, "哪天完工")


def test_a_range_of_levels_spans_only_these() -> None:
    found = estimate(programme("longyan-2025"), firm(spend_wan=500.0, target_level=2, highest_level=3))
    assert (found.low_wan, found.high_wan) == (25.0, 35.0)


def test_only_the_software_counts_where_the_rest_of_the_sum_is_not_told() -> None:
    found = estimate(programme("longyan-2025"), firm(spend_wan=90.0, software_wan=22.0, target_level=4))
    assert found.high_wan == 11.0
    assert "另外68万元" in found.notes[0]


def test_what_comes_on_top_is_told_beside_the_share() -> None:
    found = estimate(programme("nanjing-2024"), firm(date(2026, 2, 1), spend_wan=70.0, target_level=4))
    assert (found.high_wan, found.basis) == (48.0, "可补70万元×40%，封顶40万元，另加20万元")


@pytest.mark.parametrize(
    ("id", "known", "words"),
    [
        ("wuhan-2024", {"target_level": 2, "spend_wan": 50.0}, "二级：补30%、不超过30万元，按50万元算最多15万元"),
        ("wuhan-2024", {"target_level": 4}, "四级：补40%、不超过40万元"),
        ("hefei-2024", {"target_level": 2, "completed": (date(2024, 6, 1), date(2024, 6, 30))}, "2024年完成，二级：补50%、不超过30万元"),
        ("hefei-2024", {"target_level": 4}, "2024年完成，四级：补50%、不超过50万元；2025年完成，四级：补40%、不超过50万元"),
        ("zhongshan-2024", {"target_level": 3}, "三级：最高60万元"),
        ("wuhan-2024", {}, ""),
        ("foshan-2026", {"spend_wan": 50.0, "target_level": 3}, ""),
        ("hangzhou-2024", {"spend_wan": 35.0}, "中央资金补不超过40%，平均每家22万元；须达到二级及以上；按35万元算最多14万元"),
    ],
)  # fmt: skip
def test_the_rule_is_told_for_the_level_and_the_finish_that_were_asked(
    id: str, known: dict[str, object], words: str
) -> None:
    assert terms_words(programme(id), firm(**known)) == words
