"""What the report of any tool's result says, in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from tools.outcome import Outcome, source_line
from tools.report.charts import charts_of
from tools.report.maturity import maturity_blocks
from tools.report.pages import Bullets, Heading, Pages, Paragraph, Picture, blocks_of, clean
from tools.report.roadmap import roadmap_blocks

TITLES = {"roadmap": "数字化转型路线图", "maturity": "数字化水平自评结果"}
CLOSING = "本报告由向导在本机生成，供内部讨论；政策、金额以主管部门发布和审核为准。"


def pages_of(outcome: Outcome, day: date) -> Pages:
    """The pages of a report: the answer, charts, details, next steps, sources."""
    outcome = replace(outcome, text=clean(outcome.text), data=clean(outcome.data), next_steps=clean(outcome.next_steps))
    charts = charts_of(outcome.data)
    kind = "roadmap" if outcome.data.get("kind") == "roadmap" else "maturity" if charts else ""
    blocks: list[Any] = [Heading("结论"), *blocks_of(outcome.text), *map(Picture, charts)]
    blocks += roadmap_blocks(outcome.data) if kind == "roadmap" else maturity_blocks(outcome.data) if kind else []
    if outcome.next_steps:
        blocks += [Heading("接下来"), Bullets(tuple(Paragraph(step) for step in outcome.next_steps), numbered=True)]
    if outcome.citations:
        blocks += [Heading("出处"), *[Paragraph(line) for line in clean(source_line(outcome.citations)).splitlines()]]
    blocks.append(Paragraph(CLOSING))
    return Pages(TITLES.get(kind, "查询结果"), f"{day.isoformat()} 生成", tuple(blocks))
