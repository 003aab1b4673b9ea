"""Schedules: order, hands, time."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tools.roadmap.plan import BASICS, MONTHS, NEEDS, PHASES, Plan, at_once, make_plan, phases_of, scenarios_by_id

IDS = sorted(scenarios_by_id())


def plan_of(
    ids: list[str], months: float = 24, parallel: int = 2, target: int = 2, done: frozenset[str] = frozenset()
) -> Plan:
    return make_plan([scenarios_by_id()[id] for id in ids], months, parallel, target, done)


def test_network_and_coding_come_before_job_reports_and_those_before_scheduling() -> None:
    at = {t.id: t for t in plan_of(["scheduling"]).tasks}
    assert max(at["network"].end, at["coding"].end) <= at["shopfloor-transparency"].start
    assert at["shopfloor-transparency"].end <= at["scheduling"].start


def test_the_four_phases_follow_each_other() -> None:
    spans = phases_of(plan_of(["warehouse-info", "shopfloor-transparency"]))
    assert [name for name, _, _ in spans] == list(PHASES)
    assert all(before[2] <= after[1] + 1e-9 for before, after in pairwise(spans))


def test_what_is_there_already_is_not_planned_again() -> None:
    ids = {t.id for t in plan_of(["scheduling"], done=frozenset({"network", "coding", "shopfloor-transparency"})).tasks}
    assert ids == {"assess", "plan", "scheduling", "tune"}


def test_what_does_not_fit_is_deferred_and_the_deadline_holds() -> None:
    plan = plan_of(["shopfloor-transparency", "simulation-test", "warehouse-info"], months=10, parallel=1)
    assert plan.deferred and plan.months == 10 and not plan.squeezed


def test_a_deadline_too_short_for_anything_is_said_to_be() -> None:
    plan = plan_of(["simulation-test"], months=2, parallel=1)
    assert plan.squeezed and plan.months > 2


def test_integration_waits_for_all_systems() -> None:
    plan = plan_of(["warehouse-info", "shopfloor-transparency"], target=3)
    last = next(t for t in plan.tasks if t.id == "integrate")
    assert all(t.end <= last.start for t in plan.tasks if t.phase == "实施" and t.id != "integrate")


@pytest.mark.parametrize(
    ("size", "employees", "no_it", "hands"),
    [
        ("微型", 10, False, 1),
        ("小型", 50, False, 1),
        ("小型", 200, False, 2),
        ("大型", 2000, False, 3),
        ("大型", 2000, True, 1),
    ],
)
def test_hands_go_by_size_and_people_for_it(size: str, employees: int, no_it: bool, hands: int) -> None:
    assert at_once(size, employees, no_it) == hands  # type: ignore[arg-type]


def test_every_need_is_a_scenario_or_a_basic() -> None:
    assert {*NEEDS, *(n for needs in NEEDS.values() for n in needs)} <= {*IDS, *BASICS}
    assert set(MONTHS) == {"轻", "中", "重"}


@settings(max_examples=60, deadline=None)
@given(
    ids=st.lists(st.sampled_from(IDS), min_size=1, max_size=6, unique=True),
    months=st.floats(3, 60),
    parallel=st.integers(1, 3),
    target=st.integers(2, 4),
)
def test_no_plan_breaks_its_order_its_hands_or_its_time(
    ids: list[str], months: float, parallel: int, target: int
) -> None:
    plan = plan_of(ids, months, parallel, target)
    at = {t.id: t for t in plan.tasks}
    for task in plan.tasks:
        assert all(at[a].end <= task.start + 1e-9 for a in task.after)
        busy = [t for t in plan.tasks if t.phase == "实施" and t.start <= task.start < t.end]
        assert len(busy) <= parallel
    assert plan.squeezed == (plan.months > months)
    assert max(t.end for t in plan.tasks) == pytest.approx(plan.months)
    assert {s.id for s in plan.deferred} | (set(ids) & set(at)) == set(ids)
