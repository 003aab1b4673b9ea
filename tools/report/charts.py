"""The phase chart, the radar chart and the bars as PNG; what they show comes from the data of a result, for the web page as well."""

from __future__ import annotations

import math
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from core.cut import shorten
from tools.report.bars import BarChart, draw_bars, points_chart, scenes_chart
from tools.report.fonts import properties, writable

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.font_manager import FontProperties

_DRAWING = threading.Lock()
"""Matplotlib's settings hold for the whole process."""
COLOURS = {"评估": "#5b8ff9", "规划": "#61ddaa", "实施": "#f6bd16", "优化": "#7262fd"}
LINES = ("#8c8c8c", "#1f6feb", "#e8684a")
DPI = 150
LABEL_LENGTH = 20
"""Characters of a name beside a bar or at an axis."""


@dataclass(frozen=True)
class Bar:
    """A bar of the phase chart, in months from the beginning."""

    name: str
    phase: str
    start: float
    end: float


@dataclass(frozen=True)
class PhaseChart:
    """Tasks over months, in the order of the list."""

    title: str
    bars: tuple[Bar, ...]

    def as_json(self) -> dict[str, Any]:
        return {"kind": "phases", "title": self.title, "bars": [vars(bar) for bar in self.bars]}


@dataclass(frozen=True)
class RadarChart:
    """Values on axes, one line for each series; all between 0 and top."""

    title: str
    axes: tuple[str, ...]
    series: tuple[tuple[str, tuple[float, ...]], ...]
    top: float
    unit: str = ""

    def as_json(self) -> dict[str, Any]:
        series = [{"name": name, "values": list(values)} for name, values in self.series]
        return {
            "kind": "radar",
            "title": self.title,
            "axes": list(self.axes),
            "series": series,
            "top": self.top,
            "unit": self.unit,
        }


Chart: TypeAlias = "PhaseChart | RadarChart | BarChart"


def charts_of(data: dict[str, Any]) -> list[Chart]:
    """The charts that the data of a roadmap or a maturity result gives."""
    if data.get("kind") == "roadmap":
        bars = tuple(Bar(t["name"].partition("：")[0], t["phase"], t["start"], t["end"]) for t in data["tasks"])
        rows = data["areas"]
        axes = tuple(row["area"] for row in rows)
        lines = (("现在", tuple(float(r["now"]) for r in rows)), ("按计划", tuple(float(r["planned"]) for r in rows)))
        return [PhaseChart("分阶段计划（月）", bars), RadarChart("各环节等级：现在和计划（级）", axes, lines, 4, "级")]
    found = _evaluation(data)
    return [*points_chart(found), *scenes_chart(found)] if found else []


def _evaluation(data: dict[str, Any]) -> dict[str, Any] | None:
    """The part of a maturity result that has points by dimension and levels of scenes."""
    parts = [data, *[v for v in data.values() if isinstance(v, dict)]]
    return next((p for p in parts if isinstance(p.get("dimensions"), list) and isinstance(p.get("scenes"), list)), None)


def draw(chart: Chart) -> bytes:
    """The chart as PNG."""
    target = BytesIO()
    _drawn(chart).savefig(target, format="png", dpi=DPI)
    return target.getvalue()


def draw_svg(chart: Chart, colours: Mapping[str, str]) -> str:
    """The chart as an <svg> element whose letters stay text; each colour gives way to what `colours` has for it."""
    import matplotlib

    with _DRAWING, matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": "xiangdao"}):
        target = BytesIO()
        _drawn(chart).savefig(
            target, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator", "Format", "Type"))
        )
    svg = target.getvalue().decode("utf-8")
    for colour, name in colours.items():
        svg = svg.replace(colour, name)
    return svg[svg.index("<svg") :]


def _drawn(chart: Chart) -> Figure:
    if isinstance(chart, BarChart):
        figure = _figure(8, 1.2 + 0.34 * len(chart.rows))
        draw_bars(figure.add_subplot(), chart, properties())
        return figure
    return _phases(chart, properties()) if isinstance(chart, PhaseChart) else _radar(chart, properties())


def _figure(width: float, height: float, layout: Literal["constrained"] | None = "constrained") -> Figure:
    """A figure of its own, in inches; nothing of pyplot's global state is touched."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width, height), layout=layout)
    FigureCanvasAgg(figure)
    return figure


def _phases(chart: PhaseChart, props: FontProperties) -> Figure:
    from matplotlib.patches import Patch

    figure = _figure(8, 1.3 + 0.36 * len(chart.bars))
    axes = figure.add_subplot()
    for row, bar in enumerate(chart.bars):
        axes.barh(row, bar.end - bar.start, left=bar.start, height=0.62, color=COLOURS.get(bar.phase, LINES[0]))
    axes.set_yticks(range(len(chart.bars)), [_label(bar.name) for bar in chart.bars])
    axes.invert_yaxis()
    end = max(bar.end for bar in chart.bars)
    step = max(1, math.ceil(end / 12))
    axes.set_xticks(range(0, math.ceil(end) + 1, step))
    axes.set_xlim(0, end)
    axes.grid(axis="x", alpha=0.3)
    axes.set_axisbelow(True)
    axes.set_title(chart.title, fontproperties=props, fontsize=13, loc="left")
    _set_font(axes.get_yticklabels(), props, 10)
    used = dict.fromkeys(bar.phase for bar in chart.bars)
    patches = [Patch(color=COLOURS.get(phase, LINES[0]), label=phase) for phase in used]
    axes.legend(handles=patches, prop=props, loc="lower left", fontsize=9)
    return figure


def _radar(chart: RadarChart, props: FontProperties) -> Figure:
    figure = _figure(6.6, 6.0, None)
    axes = figure.add_axes((0.2, 0.19, 0.6, 0.64), projection="polar")
    angles = [2 * math.pi * n / len(chart.axes) for n in range(len(chart.axes))]
    for n, (name, values) in enumerate(chart.series):
        colour = LINES[n % len(LINES)] if len(chart.series) > 1 else LINES[1]
        axes.plot([*angles, angles[0]], [*values, values[0]], color=colour, linewidth=2, label=writable(name))
        axes.fill(angles, values, color=colour, alpha=0.12)
    axes.set_ylim(0, chart.top)
    axes.set_xticks(angles, [_label(name) for name in chart.axes])
    if chart.top <= 5:
        axes.set_yticks(range(1, int(chart.top) + 1))
    axes.tick_params(axis="x", pad=6)
    for name_at, angle in zip(axes.get_xticklabels(), angles, strict=True):
        side = round(math.cos(angle), 3)
        name_at.set_horizontalalignment("center" if abs(side) < 0.1 else "left" if side > 0 else "right")
    axes.set_title(chart.title, fontproperties=props, fontsize=13, pad=38)
    _set_font(axes.get_xticklabels(), props, 10 if len(chart.axes) <= 8 else 8)
    if len(chart.series) > 1:
        axes.legend(prop=props, loc="lower center", bbox_to_anchor=(0.5, -0.26), ncols=len(chart.series))
    return figure


def _label(name: str) -> str:
    """A name that leaves room for the chart; the table beside it has it whole."""
    return writable(shorten(name, LABEL_LENGTH))


def _set_font(labels: Any, props: FontProperties, size: float) -> None:
    for label in labels:
        label.set_fontproperties(props)
        label.set_fontsize(size)
