from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpus.rows import Programme
from corpus.tables import load_tables
from tools.applicant import Applicant
from tools.grant import Terms, eligible_spend, estimate

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
        ("foshan-2026", DAY, {"spend_wan": 100.0}, 30.0),
        ("foshan-2026", DAY, {"spend_wan": 1000.0}, 70.0),
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
