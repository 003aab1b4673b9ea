"""Levels of scenes and points of dimensions as horizontal bars: what is sure in full colour, what may be in a light one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tools.report.fonts import writable

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.font_manager import FontProperties

SURE, MAYBE, EMPTY = "#1f6feb", "#a9c8f7", "#eef1f5"
STARRED = "＊是官方重点看的（约束性场景）"
_LEVELS = ("不到一级", "一级", "二级", "三级", "四级")


@dataclass(frozen=True)
class Row:
    """One bar: from 0 to low sure, to high possible, of full; told: its value in words. group: under which it stands."""

    name: str
    low: float
    high: float
    full: float
    told: str
    group: str = ""


@dataclass(frozen=True)
class BarChart:
    """Bars in the order of the list, all from 0 to the same top; ticks: what stands at the whole numbers of the scale."""

    title: str
    rows: tuple[Row, ...]
    top: float
    ticks: tuple[str, ...] = ()
    note: str = ""

    @property
    def ranged(self) -> bool:
        return any(row.low != row.high for row in self.rows)

    def as_json(self) -> dict[str, Any]:
        return {"kind": "bars", "title": self.title, "rows": [vars(row) for row in self.rows], "top": self.top}


def points_chart(found: Mapping[str, Any]) -> list[BarChart]:
    """The points of each dimension beside its full points."""
    rows = [row for row in found["dimensions"] if row.get("full")]
    bars = tuple(
        Row(
            row["name"],
            row["low"],
            row["high"],
            row["full"],
            f"{_points(row['low'], row['high'])}分，满分{row['full']:g}",
        )
        for row in rows
    )
    return [BarChart("各方面得分", bars, max(bar.full for bar in bars))] if bars else []


def scenes_chart(found: Mapping[str, Any]) -> list[BarChart]:
    """The level of each scene, 0 to 4, the scenes that count for the level marked."""
    rows = found["scenes"]
    bars = tuple(
        Row(
            row["name"] + ("＊" if row.get("constraint") else ""),
            row["low"],
            row["high"],
            4,
            _level(row),
            row.get("group", ""),
        )
        for row in rows
    )
    starred = STARRED if any(row.get("constraint") for row in rows) else ""
    return [BarChart("各场景到几级", bars, 4, ("0级", *_LEVELS[1:]), starred)] if bars else []


def _points(low: float, high: float) -> str:
    """5.25, or 5到10: whole points for a range."""
    if low == high:
        return f"{round(low, 3):g}"
    return f"{math.floor(low)}到{math.ceil(round(high, 4))}"


def _level(row: Mapping[str, Any]) -> str:
    if row.get("not_applicable"):
        return "不适用"
    low, high = _LEVELS[int(row["low"])], _LEVELS[int(row["high"])]
    return low if low == high else f"{low}到{high}" if row["low"] else f"最多{high}"


def draw_bars(axes: Axes, chart: BarChart, props: FontProperties) -> None:
    """Draw the bars on axes of their own, names on the left, values on the right."""
    from matplotlib.patches import Patch

    for at, row in enumerate(chart.rows):
        axes.barh(at, row.full, height=0.62, color=EMPTY)
        axes.barh(at, row.high, height=0.62, color=MAYBE)
        axes.barh(at, row.low, height=0.62, color=SURE)
        text = axes.text(row.full + chart.top * 0.02, at, writable(row.told), va="center", fontproperties=props)
        text.set_fontsize(9)
    axes.set_yticks(range(len(chart.rows)), [writable(row.name) for row in chart.rows])
    axes.invert_yaxis()
    axes.set_xlim(0, chart.top * 1.3)
    if chart.ticks:
        axes.set_xticks(range(len(chart.ticks)), [writable(tick) for tick in chart.ticks])
    axes.set_title(
        writable("  ".join(filter(None, (chart.title, chart.note)))), fontproperties=props, fontsize=12, loc="left"
    )
    for label in (*axes.get_yticklabels(), *axes.get_xticklabels()):
        label.set_fontproperties(props)
        label.set_fontsize(10)
    for side in ("top", "right", "left"):
        axes.spines[side].set_visible(False)
    axes.tick_params(axis="y", length=0)
    if chart.ranged:
        patches = [Patch(color=SURE, label="至少"), Patch(color=MAYBE, label="最多")]
        axes.figure.legend(handles=patches, prop=props, loc="outside lower center", ncols=2, frameon=False)
