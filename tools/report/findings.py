"""The tables of the reports of the tools that look up or reckon: size class, survey figures, scenarios, cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tools.outcome import Outcome
from tools.report.pages import Block, Grid, Heading, Paragraph, cell_text, filled


def finding_blocks(tool: str, outcome: Outcome) -> list[Block]:
    """The tables of a tool's data; none for a tool whose answer has everything."""
    make = _MAKERS.get(tool)
    return make(outcome.data) if make else []


def _cited(text: str, n: int | None) -> str:
    return f"{text} [{n}]" if n else text


def _size_class(data: dict[str, Any]) -> list[Block]:
    bounds: dict[str, dict[str, float]] = data.get("bounds") or {}
    if not bounds:
        return []
    classes = list(dict.fromkeys(name for row in bounds.values() for name in row))
    figures, reached = data.get("figures") or {}, data.get("reached") or {}
    rows = tuple(
        (_unit(name), _told(figures.get(name)), reached.get(name, "没说"), *(row.get(c) for c in classes))
        for name, row in bounds.items()
    )
    header = ("指标", "你的数", "够到", *(f"{c}起点" for c in classes))
    return [Heading("和各档的线比"), Grid("划型", header, rows), Paragraph("各档的起点本身算到；有一项不到就降一档。")]


def _told(value: Any) -> Any:
    """A figure for a cell; of one said as a range both ends."""
    if not isinstance(value, list):
        return value
    low, high = value
    return f"{cell_text(float(low))}以上" if high is None else f"{cell_text(float(low))}到{cell_text(float(high))}"


def _unit(name: str) -> str:
    return f"{name.removesuffix('万元')}（万元）" if name.endswith("万元") else f"{name}（人）"


def _benchmark(data: dict[str, Any]) -> list[Block]:
    blocks: list[Block] = []
    for figure in data.get("figures", ()):
        blocks += survey_blocks(figure, figure.get("n"), None)
    return blocks


def survey_blocks(figure: dict[str, Any], asked: int | None, n: int | None) -> list[Block]:
    """A survey's figures as they were published. asked: how many answered; n: the number of its citation."""
    rows = tuple((option["name"], option["value"]) for option in figure.get("options", ()))
    if not rows:
        return []
    count = f"，N={asked}" if asked else ""
    who = f"{figure.get('population', '')}，{figure.get('year', '')}年{count}。{figure.get('note') or ''}"
    unit = f"（{figure['unit']}）" if figure.get("unit") else ""
    header = ("回答", f"数{unit}")
    return [Heading(figure["question"]), Paragraph(_cited(who, n)), Grid(figure["question"], header, rows)]


def _scenarios(data: dict[str, Any]) -> list[Block]:
    rows = tuple(
        (s["name"], s["area"], _cited(s["what"], s.get("n")), s["weight"], "、".join(s["tools"]),
         "、".join(f"{c['company']}（{c['subsector']}）" for c in s["cases"]) or "没有收录")
        for s in data.get("scenarios", ())
    )  # fmt: skip
    if not rows:
        return []
    return [Heading("每个场景"), Grid("场景", ("场景", "领域", "做什么", "轻重", "用到的工具", "做过的企业"), rows)]


def _cases(data: dict[str, Any]) -> list[Block]:
    rows = tuple(
        (_cited(c["company"], c.get("n")), c.get("place") or c.get("province") or "", c["industry"], c["scenario"], c["before"] or "",
         c["practice"], "；".join(c["effects"]), c.get("vendor") or "", c.get("note") or "")
        for c in data.get("cases", ())
    )  # fmt: skip
    if not rows:
        return []
    header = ("企业", "在哪", "做什么产品", "场景", "原来的难处", "怎么做的", "效果", "服务商", "注意")
    return [Heading("每个案例"), filled("案例", header, rows)]


_MAKERS: dict[str, Callable[[dict[str, Any]], list[Block]]] = {
    "size_class": _size_class,
    "benchmark": _benchmark,
    "scenarios": _scenarios,
    "cases": _cases,
}
