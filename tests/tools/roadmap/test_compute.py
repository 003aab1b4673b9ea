"""Roadmaps: every part is there, and what the firm cannot do is not planned."""

from __future__ import annotations

import json
import re
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.errors import BadInput, NeedsArgument
from corpus.tables import load_tables
from tools import registry
from tools.cases.kin import case_kin
from tools.firm.profile import extract
from tools.outcome import Outcome
from tools.roadmap.compute import read_years, read_yes

DAY = date(2026, 11, 21)


def plan(**given_: object) -> Outcome:
    return registry.run("roadmap", {"行业": "注塑", **given_}, DAY)


FULL = {
    "行业": "汽车零部件", "从业人员": 280, "当前等级": "二级", "目标等级": "三级", "预算万元": 300, "周期年": "18个月",
    "动因": "主机厂要求", "地区": "苏州", "痛点": "质量追溯、插单",
}  # fmt: skip


def test_every_part_of_a_roadmap_is_there() -> None:
    data = plan(**FULL).data
    assert data["path"]["id"] == "chain" and data["path"]["why"]
    assert {s["id"] for s in data["scenarios"]} <= {s.id for s in load_tables().scenarios}
    assert any(s["cases"] for s in data["scenarios"])
    assert {(c["area"], c["level"]) for c in data["cells"]} >= {("生产制造", 3)}
    assert data["tools"] and "不是推荐" in data["tools_note"]
    assert [p["name"] for p in data["phases"]] == ["评估", "规划", "实施", "优化"]
    assert {r["name"] for r in data["risks"]} >= {"人", "安全", "服务商"}
    assert data["kpis"] and data["this_week"] and data["budget"]["lines"]


def test_a_pain_point_moves_its_scenario_to_the_front() -> None:
    chosen = [s["name"] for s in plan(**FULL).data["scenarios"]][:2]
    assert set(chosen) == {"产品质量追溯", "数字化排产与优化"}


def test_the_text_is_short_and_begins_with_the_answer() -> None:
    for arguments in (
        FULL,
        {"行业": "服装", "从业人员": 30},
        {"行业": "机加工", "从业人员": 80, "预算万元": 100, "周期年": 2},
    ):
        text = plan(**arguments).text
        assert len(text) < 1000 and text.startswith("**先做") and "这周就做" in text


def test_every_number_in_the_text_is_cited() -> None:
    outcome = plan(**FULL)
    known = {c.n for c in outcome.citations}
    assert known == set(range(1, len(known) + 1))
    assert all(f"[{n}]" not in outcome.text for n in range(len(known) + 1, len(known) + 20))


def test_a_factory_at_the_first_level_begins_with_progress_and_stock() -> None:
    names = [t["id"] for t in plan(从业人员=30).data["tasks"]]
    assert {"shopfloor-transparency", "warehouse-info", "network", "coding"} <= set(names)
    assert names.index("network") < names.index("shopfloor-transparency")


@pytest.mark.parametrize("wan", [5, 15.37, 80, 300, 12345.6])
def test_every_line_of_the_budget_has_its_step_and_they_add_up_to_it(wan: float) -> None:
    data = plan(**{**FULL, "预算万元": wan}).data
    lines = data["budget"]["lines"]
    assert round(sum(line["wan"] for line in lines), 4) == wan and all(line["step"] for line in lines)
    costing = [t["name"].partition("：")[0] for t in data["tasks"] if t["phase"] == "实施"]
    assert [line["name"] for line in lines][: len(costing)] and set(costing) <= {line["name"] for line in lines}
    assert len(lines) == len(costing) + 3 and all(line["wan"] >= 0 for line in lines)


def test_money_is_told_only_where_it_was_asked_or_given() -> None:
    silent = plan(从业人员=60)
    assert (
        not re.search("预算|元|投", silent.text.partition("按这些排的")[0].replace("投料", ""))
        and silent.data["budget"]["survey"] == []
    )
    assert "花多少" in plan(从业人员=60, 问花费="是").text and plan(问花费=True).data["budget"]["survey"]
    assert "预算50万元" in plan(预算万元=50).text and plan(预算万元=50).data["budget"]["survey"] == []


@pytest.mark.parametrize(
    ("said", "level", "told"),
    [
        ("一级到二级", 1, True),
        ("1-2级", 1, True),
        ("二级至三级", 2, True),
        ("不到二级", 1, True),
        ("不到一级", 1, True),
        ("二级", 2, False),
        (3, 3, False),
    ],
)
def test_a_level_said_as_a_range_counts_as_the_lower_and_that_is_said(said: object, level: int, told: bool) -> None:
    outcome = plan(当前等级=said)
    assert outcome.data["level"] == level and ("按低的排" in outcome.text) is told


def test_only_programmes_that_are_open_on_the_day_are_told() -> None:
    for place in ("苏州", "宁波", "东莞", "合肥"):
        assert {p["status"]["state"] for p in plan(地区=place).data["programmes"]} <= {"open", "open_no_end"}


@pytest.mark.parametrize(
    "industry", ["五金", "注塑", "服装", "食品", "印刷", "家具", "电子厂", "化工", "农产品加工", "医药", "阀门"]
)
def test_the_cases_of_a_roadmap_are_of_the_trade_or_said_to_be_near(industry: str) -> None:
    firms = case_kin(industry)
    own, near = {c.company for c in firms.own}, {c.company for c in firms.near}
    for s in plan(行业=industry, 从业人员=200, 当前等级=2).data["scenarios"]:
        assert {c["company"] for c in s["cases"] if c["own_trade"]} <= own
        assert {c["company"] for c in s["cases"] if not c["own_trade"]} <= near


@pytest.mark.parametrize(("budget", "allowed"), [(5, {"轻"}), (0, {"轻"}), (80, {"轻", "中"})])
def test_a_small_budget_rules_out_heavy_things(budget: float, allowed: set[str]) -> None:
    rows = plan(从业人员=500, 目标等级=3, 预算万元=budget).data["scenarios"]
    assert rows and {row["weight"] for row in rows} <= allowed


def test_without_anybody_for_it_one_thing_runs_at_a_time_and_nothing_is_heavy() -> None:
    data = plan(从业人员=500, 目标等级=3, 无IT人员=True).data
    built = sorted((t["start"], t["end"]) for t in data["tasks"] if t["phase"] == "实施")
    assert all(a[1] <= b[0] + 1e-9 for a, b in pairwise(built))
    assert "重" not in {s["weight"] for s in data["scenarios"]}


def test_a_deadline_is_kept_and_the_rest_is_put_off() -> None:
    data = plan(从业人员=30, 周期年=0.75).data
    assert max(t["end"] for t in data["tasks"]) <= 9 and data["deferred"]


def test_a_level_out_of_reach_is_said_to_be_and_not_promised() -> None:
    outcome = plan(行业="PCB", 从业人员=60, 周期年=0.25, 当前等级=1, 目标等级=4)
    assert outcome.data["target_level"] == 2 and outcome.data["wanted_level"] == 4
    assert "到不了四级" in outcome.text


def test_what_a_firm_at_level_two_has_is_not_planned_again() -> None:
    ids = {t["id"] for t in plan(从业人员=280, 当前等级=2).data["tasks"]}
    assert not ids & {"network", "coding", "shopfloor-transparency", "warehouse-info"}


def test_a_missing_level_is_assumed_aloud_and_asked() -> None:
    outcome = plan(从业人员=30)
    assert "你没说" in outcome.text and "当前等级" in outcome.asks and "zjtx.miit.gov.cn" in outcome.text


def test_without_a_place_no_programme_is_named() -> None:
    outcome = plan()
    assert outcome.data["programmes"] == [] and "地区" in outcome.asks


def test_a_case_figure_is_quoted_only_from_a_comparable_case() -> None:
    for row in plan(行业="金属加工", 从业人员=500, 目标等级=3).data["kpis"]:
        if row["figure"]:
            case = next(c for c in load_tables().cases if c.company == row["case"])
            assert (
                row["figure"] in case.effects and case in case_kin("金属加工").all and case.scenario == row["scenario"]
            )


def test_a_trader_is_not_given_a_workshop() -> None:
    areas = {s["area"] for s in plan(行业="批发", 从业人员=20).data["scenarios"]}
    assert not areas & {"生产作业", "计划调度", "设备管理", "质量管理"}


@pytest.mark.parametrize(
    ("said", "years"), [("两年", 2), ("一年半", 1.5), ("半年", 0.5), ("18个月", 1.5), (3, 3), ("2", 2)]
)
def test_years_are_read_as_they_are_said(said: object, years: float) -> None:
    assert read_years(said) == years


@pytest.mark.parametrize(("said", "yes"), [("没有人懂", True), ("是", True), ("有两个", False), (False, False)])
def test_having_nobody_for_it_is_read_as_it_is_said(said: object, yes: bool) -> None:
    assert read_yes(said) is yes


@pytest.mark.parametrize(
    "wrong",
    [
        {"行业": "asdf"}, {"当前等级": 3, "目标等级": 2}, {"当前等级": 4}, {"目标等级": 1}, {"预算万元": -5}, {"从业人员": "很多"},
        {"产品复杂度": "火箭"}, {"行业": "注塑" * 5000}, {"周期年": 100}, {"周期年": "明年"}, {"无IT人员": "也许"}, {"颜色": "红"},
    ],
)  # fmt: skip
def test_what_cannot_be_is_one_clear_sentence(wrong: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refused:
        plan(**wrong)
    assert refused.value.message.endswith("。") and len(refused.value.message) < 120


def test_where_nothing_is_told_the_industry_is_asked() -> None:
    with pytest.raises(NeedsArgument, match="做什么产品") as asked:
        registry.run("roadmap", {})
    assert asked.value.argument == "行业"


@settings(max_examples=40, deadline=None)
@given(
    industry=st.sampled_from(["注塑", "服装", "PCB", "食品", "批发", "阀门", "工厂", "软件"]),
    employees=st.none() | st.integers(1, 5000),
    level=st.none() | st.integers(1, 3),
    years=st.none() | st.floats(0.25, 10),
    budget=st.none() | st.floats(0, 1e6),
    no_it=st.none() | st.booleans(),
)
def test_any_firm_gets_a_plan_that_is_json_and_names_a_first_step(
    industry: str,
    employees: int | None,
    level: int | None,
    years: float | None,
    budget: float | None,
    no_it: bool | None,
) -> None:
    outcome = plan(行业=industry, 从业人员=employees, 当前等级=level, 周期年=years, 预算万元=budget, 无IT人员=no_it)
    json.dumps(outcome.as_json(), ensure_ascii=False, allow_nan=False)
    assert outcome.data["this_week"] and outcome.data["scenarios"] and len(outcome.text) < 1000


@pytest.mark.parametrize("industry", ["软件", "零售", "餐饮", "物流"])
def test_a_firm_outside_industry_is_told_that_the_report_writes_of_factories(industry: str) -> None:
    text = plan(行业=industry, 从业人员=30).text
    assert "报告只写制造业" in text and "车间" not in text and "级到" not in text.partition("\n")[0]


def test_what_hurts_most_is_in_the_plan() -> None:
    areas = {s["area"] for s in plan(行业="化工", 从业人员=150, 当前等级=1, 痛点="安全").data["scenarios"]}
    assert "安全管理" in areas


def test_a_micro_firm_gets_a_plan_of_half_a_year() -> None:
    assert plan(行业="印刷", 从业人员=6).data["months"] <= 6


def test_the_name_of_a_trade_is_not_taken_for_simple_processing() -> None:
    assert extract("我们做注塑，60人，给我一个路线图").complexity is None
    assert extract("我们做注塑来料加工").complexity == "基础加工"


@pytest.mark.parametrize("wan", [0.3, 0.8, 1.0, 2.5, 7.0, 15.0, 260.0])
def test_a_budget_however_small_is_shared_out_to_its_last_yuan(wan: float) -> None:
    budget = plan(预算万元=wan).data["budget"]
    sums = [line["wan"] for line in budget["lines"]]
    assert all(one > 0 for one in sums)
    assert sum(sums) == pytest.approx(wan, abs=1e-6)


@pytest.mark.parametrize("place", ["龙岩", "中山"])
def test_support_that_ends_before_anything_is_spent_is_not_counted(place: str) -> None:
    outcome = registry.run("roadmap", {"行业": "家具", "地区": place, "预算万元": 90}, date(2026, 11, 29))
    assert "2026-12-31" not in {p["valid_until"] for p in outcome.data["programmes"]}
    assert outcome.data["programmes_missed"]
    assert "赶不上，没有算" in outcome.text
    early = registry.run("roadmap", {"行业": "家具", "地区": place, "预算万元": 90}, date(2026, 3, 2))
    assert early.data["programmes_missed"] == []
    assert "赶不上" not in early.text


@pytest.mark.parametrize("said", ["一个月", "2个月", 0.1])
def test_a_time_too_short_is_told_the_least_one_in_words(said: object) -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("roadmap", {"行业": "家具", "周期年": said})
    assert "至少三个月" in refused.value.message and "0.25" not in refused.value.message


def test_a_firm_whose_trade_is_not_known_gets_the_plan_of_any_factory_and_is_asked() -> None:
    made = registry.run("roadmap", {"从业人员": 74, "预算万元": 40, "周期年": 1}, DAY)
    assert made.text.startswith("没认出您是做什么的") and made.data["scenarios"] and made.asks[0] == "行业"
