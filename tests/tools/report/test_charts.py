"""The charts: what they show, and that no character is missing."""

from __future__ import annotations

import warnings
from io import BytesIO

import pytest

from tools import registry
from tools.report import charts
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


def test_a_maturity_result_gives_radars_of_dimensions_and_scenes() -> None:
    rows = [{"name": n, "low": 5.0, "high": 10.0, "full": 20.0} for n in ("基础", "管理", "成效")]
    scenes = [{"name": n, "low": 1, "high": 1} for n in ("设计", "生产", "采购")]
    points, levels = charts_of({"dimensions": rows, "scenes": scenes})
    assert isinstance(points, RadarChart) and isinstance(levels, RadarChart)
    assert points.series == (("最少", (25.0,) * 3), ("最多", (50.0,) * 3))
    assert levels.series == (("现在", (1.0,) * 3),)


def test_other_results_have_no_chart() -> None:
    assert charts_of(registry.run("tool_vendors", {"工具": "ERP"}).data) == []


def test_pyplot_is_left_alone() -> None:
    import sys

    draw(PHASES)
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()
    assert charts.DPI >= 100
