from dataclasses import replace
from datetime import date

import pytest

from corpus.rows import Programme
from corpus.tables import load_tables
from tools.firm.applicant import SMALL_AND_MEDIUM, Applicant
from tools.firm.region import find_place
from tools.subsidy.programme import check_all, is_local, standing_for, standing_on, verdict

DAY = date(2026, 11, 20)


def programme(id: str) -> Programme:
    return next(row for row in load_tables().programmes if row.id == id)


def firm(**known: object) -> Applicant:
    if isinstance(known.get("place"), str):
        known["place"] = find_place(str(known["place"]))
    return replace(Applicant(DAY), **known)  # type: ignore[arg-type]


def states(id: str, **known: object) -> dict[str, str]:
    return {check.id: check.state for check in check_all(programme(id), firm(**known))}


@pytest.mark.parametrize(
    ("id", "day", "state", "left"),
    [
        ("zhongshan-2024", date(2026, 12, 30), "open", 1),
        ("zhongshan-2024", date(2026, 12, 31), "open", 0),
        ("zhongshan-2024", date(2027, 1, 1), "expired", None),
        ("hefei-2024", date(2024, 5, 27), "not_started", None),
        ("hefei-2024", date(2026, 1, 1), "expired", None),
        ("nanjing-2024", date(2026, 11, 1), "expired", None),
        ("beijing-compute-2023", DAY, "expired", None),
        ("platform-2022", DAY, "closed", None),
        ("little-giant-2024", DAY, "closed", None),
        ("relending", DAY, "open_no_end", None),
        ("foshan-2026", DAY, "open_no_end", None),
        ("foshan-2026", date(2026, 1, 12), "not_started", None),
        ("foshan-2026", date(2027, 6, 1), "unknown", None),
        ("sme-loan-interest", date(2025, 12, 31), "not_started", None),
        ("sme-loan-interest", date(2026, 1, 1), "open_no_end", None),
    ],
)
def test_is_open_until_the_last_day_itself(id: str, day: date, state: str, left: int | None) -> None:
    found = standing_on(programme(id), day)
    assert (found.state, found.days_left) == (state, left)


def test_a_date_that_was_inferred_says_so() -> None:
    assert "推断" in standing_on(programme("ningbo-2024"), DAY).text
    assert "推断" not in standing_on(programme("zhongshan-2024"), DAY).text


def test_the_batch_of_the_city_decides_how_long_the_pilot_runs() -> None:
    assert standing_for(programme("pilot-city"), firm(place="苏州")).state == "unknown"
    assert standing_for(programme("pilot-city"), firm(place="佛山")).state == "open_no_end"
    assert states("pilot-city", place="佛山")["pilot-city"] == "met"
    assert states("pilot-city", place="曲靖")["pilot-city"] == "unknown"


@pytest.mark.parametrize(
    ("id", "place", "local"),
    [
        ("zhongshan-2024", "中山", True),
        ("zhongshan-2024", "广东", None),
        ("zhongshan-2024", "佛山", False),
        ("guangdong-pilot", "佛山", True),
        ("guangdong-pilot", "苏州", False),
        ("songjiang-2025", "上海", None),
        ("songjiang-2025", "松江", True),
        ("songjiang-2025", "上海嘉定", False),
        ("sme-loan-interest", "曲靖", True),
        ("zhongshan-2024", "某某县", False),
        ("zhongshan-2024", "大连中山区", False),
    ],
)
def test_a_programme_is_local_where_its_region_covers_the_place(id: str, place: str, local: bool | None) -> None:
    assert is_local(programme(id), find_place(place)) is local


def test_a_firm_that_told_nothing_leaves_everything_open() -> None:
    for row in load_tables().programmes:
        assert {check.state for check in check_all(row, firm())} <= {"unknown"}, row.id


@pytest.mark.parametrize(
    ("id", "condition", "known", "state"),
    [
        ("zhongshan-2024", "size", {"sizes": SMALL_AND_MEDIUM}, "met"),
        ("zhongshan-2024", "size", {"sizes": frozenset({"大型"})}, "not_met"),
        ("zhongshan-2024", "level", {"target_level": 2}, "met"),
        ("zhongshan-2024", "level", {"target_level": 1}, "not_met"),
        ("zhongshan-2024", "level", {"current_level": 1}, "unknown"),
        ("zhongshan-2024", "pilot", {"is_pilot_firm": False}, "not_met"),
        ("songjiang-2025", "city", {"place": "上海松江"}, "met"),
        ("songjiang-2025", "city", {"place": "上海"}, "unknown"),
        ("little-giant-2024", "title", {"titles": ("专精特新",)}, "unknown"),
        ("little-giant-2024", "title", {"denied": ("小巨人",)}, "not_met"),
        ("little-giant-2024", "title", {"titles": ("小巨人", "专精特新")}, "met"),
        ("little-giant-2024", "plan", {"spend_wan": 2000.0}, "met"),
        ("little-giant-2024", "plan", {"spend_wan": 1999.99}, "not_met"),
        ("sme-loan-interest", "private", {"private": False}, "not_met"),
        ("hangzhou-2024", "sector", {"industry": "汽配"}, "met"),
        ("hangzhou-2024", "sector", {"industry": "服装"}, "not_met"),
        ("hangzhou-2024", "sector", {"industry": "电子厂"}, "unknown"),
        ("equipment-interest", "purpose", {"purposes": frozenset({"设备更新"})}, "met"),
        ("equipment-interest", "purpose", {"purposes": frozenset({"流动资金"}), "purpose": "周转"}, "not_met"),
        ("haishu-award", "district", {"place": "宁波鄞州"}, "not_met"),
        ("haishu-award", "district", {"place": "宁波"}, "unknown"),
        ("dongguan-2024", "done", {"target_level": 2}, "unknown"),
    ],
)
def test_each_condition_is_met_or_not_or_unknown(id: str, condition: str, known: dict[str, object], state: str) -> None:
    assert states(id, **known)[condition] == state


def test_a_condition_that_is_not_met_rules_the_programme_out() -> None:
    checks = check_all(programme("zhongshan-2024"), firm(sizes=frozenset({"大型"})))
    assert verdict(checks) == "no"
    assert verdict(check_all(programme("zhongshan-2024"), firm())) == "maybe"
