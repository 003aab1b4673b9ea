"""Cases by industry, scenario, tool and region, each with how close it is."""

from __future__ import annotations

import pytest

from core.errors import BadInput, NeedsArgument
from corpus.tables import load_tables
from tools import registry
from tools.cases.compute import SHOWN, has_figure, rank, scenario_of


def companies(arguments: dict[str, object]) -> list[str]:
    return [case["company"] for case in registry.run("cases", arguments).data["cases"]]


def test_industry_and_tool_together_find_the_one_case() -> None:
    assert companies({"行业": "阀门", "工具": "PDM"}) == ["天津市达沃斯阀门有限公司"]


def test_an_everyday_word_finds_the_scenario() -> None:
    outcome = registry.run("cases", {"场景": "机器视觉"})
    assert {case["scenario"] for case in outcome.data["cases"]} == {"质量形态检测"}
    assert len(outcome.data["cases"]) == min(outcome.data["exact"], SHOWN) > 1


def test_what_a_near_case_differs_in_is_told() -> None:
    outcome = registry.run("cases", {"行业": "阀门", "地区": "上海"})
    assert outcome.data["exact"] == 0 and outcome.certainty == "own"
    assert outcome.text.startswith("**没有完全对得上")
    assert all(case["differs"] for case in outcome.data["cases"])


def test_an_exact_case_comes_before_a_near_one() -> None:
    matches = rank("纺织印染", "能耗监测")
    assert matches[0].exact and not any(m.exact for m in matches if m.points < matches[0].points - 2)


def test_a_place_finds_its_case() -> None:
    assert "宜昌利远机械科技有限公司" in companies({"地区": "宜昌"})


def test_nothing_alike_gives_no_case() -> None:
    outcome = registry.run("cases", {"行业": "银行"})
    assert outcome.data["cases"] == [] and not outcome.citations


def test_an_unknown_industry_does_not_hide_the_scenario() -> None:
    outcome = registry.run("cases", {"行业": "asdf", "场景": "排产"})
    assert outcome.data["exact"] == 0 and outcome.data["cases"]


def test_every_scenario_is_found_by_its_own_name() -> None:
    for scenario in load_tables().scenarios:
        assert scenario_of(scenario.name) == scenario


def test_only_effects_with_a_figure_count_as_figures() -> None:
    assert {case.id for case in load_tables().cases if has_figure(case)} >= {"foshan-xingshun"}
    assert all(any(c.isdigit() for e in case.effects for c in e) for case in load_tables().cases if has_figure(case))


def test_asking_for_nothing_needs_an_argument() -> None:
    with pytest.raises(NeedsArgument):
        registry.run("cases", {})


def test_an_endless_name_is_refused() -> None:
    with pytest.raises(BadInput):
        registry.run("cases", {"行业": "厂" * 10_000})
