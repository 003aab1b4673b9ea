"""What a report says, in which order: a first page, the answer, charts, tables, what comes next, sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from core.types import Citation
from tools.outcome import AS_FILE, Outcome, source_line
from tools.report.charts import charts_of
from tools.report.findings import finding_blocks
from tools.report.markdown import blocks_of
from tools.report.maturity import maturity_blocks
from tools.report.pages import Block, Break, Bullets, Heading, Pages, Paragraph, Picture, clean
from tools.report.roadmap import roadmap_blocks
from tools.report.subsidy import subsidy_blocks
from tools.report.summary import summary_of
from tools.spec import specs

OTHER, TALK = "查询结果", "对话记录"


class Turn(Protocol):
    """One question and its answer, as a conversation keeps them."""

    @property
    def question(self) -> str: ...
    @property
    def answer(self) -> str: ...
    @property
    def citations(self) -> tuple[Citation, ...]: ...


def result_pages(tool: str, outcome: Outcome, firm: str, day: date) -> Pages:
    """The pages of a tool's result. firm: its name, empty where it is not known."""
    steps = tuple(step for step in outcome.next_steps if step != AS_FILE)
    outcome = replace(outcome, text=clean(outcome.text), data=clean(outcome.data), next_steps=clean(steps))
    details = _details(tool, outcome)
    blocks: list[Block] = [
        summary_of(tool, outcome).grid(),
        *([Break()] if details and _reported(tool) else []),
        Heading("完整的回答"),
    ]
    blocks += [*blocks_of(outcome.text, "计划" if tool == "roadmap" else "表"), *details]
    if outcome.next_steps:
        blocks += [Heading("接下来，可以在向导里接着说"), Bullets(tuple(map(Paragraph, outcome.next_steps)), 1)]
    title = title_of(tool)
    return Pages(
        f"{clean(firm)}：{title}" if firm else title, f"{day.isoformat()} 生成", (*blocks, *_sources(outcome.citations))
    )


def title_of(tool: str) -> str:
    """What a report of a tool is called, on it and as a file."""
    return specs()[tool].title if tool in specs() else OTHER


def _reported(tool: str) -> bool:
    """Whether the summary has the first page to itself; the others' answers are short enough to stand below it."""
    return tool in specs() and specs()[tool].reported


def _details(tool: str, outcome: Outcome) -> list[Block]:
    """Charts and tables."""
    charts: list[Block] = [Picture(chart) for chart in charts_of(outcome.data)]
    if tool == "roadmap":
        return [*charts, *roadmap_blocks(outcome.data)]
    if tool == "maturity":
        return [*charts, *maturity_blocks(outcome.data)]
    return subsidy_blocks(outcome) if tool == "subsidy" else finding_blocks(tool, outcome)


def talk_pages(turns: Sequence[Turn], firm: str, day: date) -> Pages:
    """A conversation: each question with its answer and the sources of the answer's own [n]."""
    blocks: list[Block] = []
    for n, turn in enumerate(turns, 1):
        question = " ".join(clean(turn.question).split()).replace("**", "＊＊")
        blocks += [
            Heading(f"问{n}：{question}"),
            *blocks_of(clean(turn.answer), f"问{n}的表"),
            *_sources(turn.citations, ""),
        ]
    return Pages(
        f"{clean(firm)}：{TALK}" if firm else TALK, f"{day.isoformat()} 导出，{len(turns)}个问题", tuple(blocks)
    )


def _sources(citations: Sequence[Citation], heading: str = "出处") -> list[Block]:
    lines: list[Block] = [Paragraph(line, small=True) for line in clean(source_line(citations)).splitlines()]
    return [Heading(heading), *lines] if lines and heading else lines
