"""The charts: what they show, and that no character is missing."""

from __future__ import annotations

import warnings
from io import BytesIO

import pytest

from tools import registry
from tools.report import charts
from tools.report.bars import BarChart
from tools.report.charts import Bar, PhaseChart, RadarChart, charts_of, draw

PHASES = PhaseChart("计划", (Bar("评估", "评估", 0, 1), Bar("现场透明化管理", "实施", 1, 3)))
RADAR = RadarChart("等级", ("研发", "生产", "采购"), (("现在", (1, 1, 2)), ("按计划", (2, 3, 2))), 4)


def size(png: bytes) -> tuple[int, int]:
    from PIL import Image

    return Image.open(BytesIO(png)).size


@pytest.mark.parametrize("chart", [PHASES, RADAR])
def test_a_chart_is_drawn_without_a_missing_character(chart: PhaseChart | RadarChart) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert min(size(draw(chart))) > 200


def test_a_roadmap_gives_a_phase_chart_and_a_radar() -> None:
    data = registry.run("roadmap", {"行业": "注塑", "从业人员": 30}).data
    phases, radar = charts_of(data)
    assert isinstance(phases, PhaseChart) and isinstance(radar, RadarChart)
    assert [bar.start for bar in phases.bars] == [task["start"] for task in data["tasks"]]
    now, planned = (values for _, values in radar.series)
    assert set(now) == {1.0} and max(planned) == 2.0
    assert radar.as_json()["series"][1]["values"] == list(planned)


def test_a_maturity_result_gives_bars_of_points_and_of_levels_that_can_be_read() -> None:
    rows = [{"name": n, "low": 5.25, "high": 9.5, "full": 20.0} for n in ("基础", "管理", "成效")]
    scenes = [{"name": n, "low": 1, "high": high, "constraint": n == "生产"} for n, high in (("设计", 1), ("生产", 3))]
    points, levels = charts_of({"dimensions": rows, "scenes": scenes})
    assert isinstance(points, BarChart) and isinstance(levels, BarChart)
    assert [row.told for row in points.rows] == ["5到10分，满分20"] * 3
    assert [(row.name, row.told) for row in levels.rows] == [("设计", "一级"), ("生产＊", "一级到三级")]
    assert levels.ticks == ("0级", "一级", "二级", "三级", "四级") and "约束性场景" in levels.note


def test_bars_of_all_sixteen_scenes_are_drawn_without_a_missing_character() -> None:
    data = registry.run("maturity", {"答案": {"q1": "BC", "s6": 2, "s7": "不知道"}}).data
    charts = [chart for chart in charts_of(data) if isinstance(chart, BarChart)]
    assert [len(chart.rows) for chart in charts] == [3, 16]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert all(min(size(draw(chart))) > 200 for chart in charts)


def test_other_results_have_no_chart() -> None:
    assert charts_of(registry.run("tool_vendors", {"工具": "ERP"}).data) == []


def test_pyplot_is_left_alone() -> None:
    import sys

    draw(PHASES)
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    assert charts.DPI >= 100
