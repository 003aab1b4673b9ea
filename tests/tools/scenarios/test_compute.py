"""Which of the 42 scenarios are offered, why, and to whom."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from corpus.tables import load_tables
from tools import registry
from tools.firm.kinship import sector_kin, subsector_kin
from tools.scenarios.compute import HEAVY, LIGHT, SERVICES, STARTERS, areas_of, pick, size_of


def test_those_with_a_case_in_the_sub_sector_come_first() -> None:
    kin, picks = pick("PCB打样")
    assert kin.name == "印刷电路板"
    first = [p.evidence for p in picks[:5]]
    assert first == ["case"] * 5
    assert all("印刷电路板" in p.scenario.subsectors_with_case for p in picks[:5])


def test_a_micro_firm_is_offered_starters_and_nothing_heavy() -> None:
    rows = registry.run("scenarios", {"行业": "注塑", "从业人员": 15}).data["scenarios"]
    assert set(STARTERS) <= {row["name"] for row in rows}
    assert "重" not in {row["weight"] for row in rows}


def test_areas_limit_what_is_offered() -> None:
    rows = registry.run("scenarios", {"行业": "面膜", "环节": ["生产", "研发"]}).data["scenarios"]
    allowed = {*areas_of("生产"), *areas_of("研发")}
    assert rows and {row["area"] for row in rows} <= allowed


def test_an_industry_that_the_report_lacks_is_said_to_be_borrowed() -> None:
    outcome = registry.run("scenarios", {"行业": "注塑"})
    assert "没有单列“注塑”" in outcome.text and outcome.certainty == "own"
    assert outcome.data["subsector"] == "金属加工" and outcome.data["covered"] is False


@pytest.mark.parametrize(
    ("industry", "stock"),
    [
        ("批发", True),
        ("零售", True),
        ("仓储", True),
        ("餐饮", True),
        ("软件", False),
        ("物流", False),
        ("房地产", False),
    ],
)
def test_a_firm_outside_industry_is_offered_only_what_it_has_a_use_for(industry: str, stock: bool) -> None:
    rows = registry.run("scenarios", {"行业": industry}).data["scenarios"]
    assert {row["area"] for row in rows} <= {"仓储管理", "供应链管理", "产品营销", "经营管理"}
    assert ("仓储信息管理" in {row["name"] for row in rows}) is stock
    assert "不是工业" in registry.run("scenarios", {"行业": industry}).text


def test_every_scenario_named_for_services_exists() -> None:
    assert {id for ids in SERVICES.values() for id in ids} <= {s.id for s in load_tables().scenarios}
    assert set(SERVICES) <= {size.id for size in load_tables().size_sectors}


def test_nothing_asked_gives_the_map_of_all() -> None:
    areas = registry.run("scenarios", {}).data["areas"]
    assert len(areas) == 14 and sum(map(len, areas.values())) == 42


@pytest.mark.parametrize("arguments", [{"行业": "asdf"}, {"环节": "食堂"}, {"从业人员": -3}, {"行业": "x" * 10_000}])
def test_what_is_not_understood_is_refused(arguments: dict[str, object]) -> None:
    with pytest.raises(BadInput):
        registry.run("scenarios", arguments)


def test_weights_name_scenarios_that_exist_once() -> None:
    ids = {s.id for s in load_tables().scenarios}
    assert ids >= HEAVY | LIGHT and not HEAVY & LIGHT
    assert {s.name for s in load_tables().scenarios} >= set(STARTERS)


@pytest.mark.parametrize(
    ("employees", "size"), [(19, "微型"), (20, "小型"), (299, "小型"), (300, "中型"), (1000, "大型"), (None, None)]
)
def test_a_rough_size_goes_by_head_count(employees: int | None, size: str | None) -> None:
    assert size_of(employees) == size


@pytest.mark.parametrize(
    ("industry", "sub", "near"),
    [
        ("阀门", "压缩机泵阀", None), ("精密机加工", "金属加工", None), ("鞋厂", "成衣服装", None), ("注塑", None, "金属加工"),
        ("注塑机", None, "压缩机泵阀"), ("做药的", None, "日用化工"), ("软件", None, None), ("无人机", "航空航天零部件", None),
    ],
)  # fmt: skip
def test_an_industry_is_a_sub_sector_or_near_one(industry: str, sub: str | None, near: str | None) -> None:
    kin = subsector_kin(industry)
    assert (kin.name, kin.near) == (sub, near)
    assert bool(kin.why) == (near is not None)


def test_nearness_names_only_what_exists() -> None:
    names = {row.name for row in load_tables().subsectors}
    sectors = {cell.sector for cell in load_tables().sector_path}
    for row in load_tables().industries:
        name = row.name.partition("（")[0]
        assert subsector_kin(name).best in {*names, None}
        assert sector_kin(name).best in {*sectors, None}
