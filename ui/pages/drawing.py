"""Charts on a page: drawn by the reports' own charts, in the page's colours, with what they show as a table."""

from __future__ import annotations

from html import escape

from markupsafe import Markup

from tools.report.bars import BarChart
from tools.report.charts import COLOURS, LINES, Bar, Chart, PhaseChart, RadarChart, draw_svg

_COLOURS = {
    "#000000": "var(--ink)", "#b0b0b0": "var(--line)", "#cccccc": "var(--line)", "#ffffff": "var(--card)",
    LINES[0]: "var(--two)", LINES[1]: "var(--four)", LINES[2]: "var(--three)",
    COLOURS["评估"]: "var(--one)", COLOURS["规划"]: "var(--two)", COLOURS["实施"]: "var(--four)", COLOURS["优化"]: "var(--three)",
}  # fmt: skip


def figure(chart: Chart) -> Markup:
    """A chart as <figure>, with its figures in a table that can be unfolded; bars carry their figures themselves."""
    if isinstance(chart, BarChart):
        return _level_bars(chart)
    svg = draw_svg(chart, _COLOURS).replace("<svg ", f'<svg role="img" aria-label="{escape(chart.title)}" ', 1)
    kind = "phases" if isinstance(chart, PhaseChart) else "radar"
    table = _bars(chart) if isinstance(chart, PhaseChart) else _values(chart)
    narrow = _lanes(chart) if isinstance(chart, PhaseChart) else ""
    return Markup(
        f'<figure class="chart {kind}">{svg}{narrow}<figcaption><details><summary>{escape(chart.title)}：看数字</summary>'
        f'<div class="table"><table>{table}</table></div></details></figcaption></figure>'
    )


def _level_bars(chart: BarChart) -> Markup:
    """Bars with the names on the left and the values in words, readable at any width."""
    rows, group = "", ""
    for row in chart.rows:
        if row.group and row.group != group:
            group = row.group
            rows += f'<li class="group">{escape(group)}</li>'
        share = (
            f"--full: {row.full / chart.top:.3f}; --low: {row.low / row.full:.3f}; --high: {row.high / row.full:.3f}"
        )
        steps = ' class="steps"' if chart.ticks else ""
        rows += f'<li><b>{escape(row.name)}</b><i{steps} style="{share}"></i><span>{escape(row.told)}</span></li>'
    notes = [chart.note, "深色是至少，浅色是最多" if chart.ranged else ""]
    note = "；".join(filter(None, notes))
    hint = f'<p class="hint">{escape(note)}。</p>' if note else ""
    return Markup(
        f'<figure class="chart bars"><figcaption>{escape(chart.title)}</figcaption><ul>{rows}</ul>{hint}</figure>'
    )


def _lanes(chart: PhaseChart) -> str:
    """The phase chart for a phone: each name above its bar, so that nothing is cut off."""
    end = max(bar.end for bar in chart.bars)
    lanes = "".join(
        f"<li><b>{escape(bar.name)}</b><span>{escape(bar.phase)}，{_months(bar)}</span>"
        f'<i style="--colour: {_COLOURS.get(COLOURS.get(bar.phase, LINES[0]), "var(--soft)")};'
        f' --from: {bar.start / end:.3f}; --share: {(bar.end - bar.start) / end:.3f}"></i></li>'
        for bar in chart.bars
    )
    return f'<div class="lanes"><b>{escape(chart.title)}</b><ol>{lanes}</ol></div>'


def _months(bar: Bar) -> str:
    first, last = f"{bar.start + 1:g}", f"{bar.end:g}"
    return f"第 {first} 个月" if first == last else f"第 {first}—{last} 个月"


def _row(cells: list[str], tag: str = "td") -> str:
    return "<tr>" + "".join(f"<{tag}>{escape(cell)}</{tag}>" for cell in cells) + "</tr>"


def _values(chart: RadarChart) -> str:
    head = _row(["项目", *(name for name, _ in chart.series)], "th")
    rows = [
        _row([axis, *(f"{values[n]:g}{chart.unit}" for _, values in chart.series)]) for n, axis in enumerate(chart.axes)
    ]
    return head + "".join(rows)


def _bars(chart: PhaseChart) -> str:
    rows = [_row([bar.name, bar.phase, f"{bar.start + 1:g}", f"{bar.end:g}"]) for bar in chart.bars]
    return _row(["做什么", "阶段", "第几个月起", "到第几个月"], "th") + "".join(rows)
