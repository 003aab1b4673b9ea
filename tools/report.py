"""Reports as files: any tool's result as .docx, .pdf or .xlsx, with charts for roadmaps and maturity results."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from core.errors import BadFile, BadInput
from core.types import Citation
from tools.charts import charts_of
from tools.fonts import NO_FONT, chinese_font
from tools.outcome import Outcome, source_line
from tools.pages import Bullets, Grid, Heading, Pages, Paragraph, Picture, blocks_of, clean
from tools.report_roadmap import roadmap_blocks

TITLES = {"roadmap": "数字化转型路线图", "maturity": "数字化水平自评结果"}
CLOSING = "本报告由向导在本机生成，供内部讨论；政策、金额以主管部门发布和审核为准。"


def write(result: Outcome | Mapping[str, Any], path: str | Path, day: date | None = None) -> Path:
    """Write a result to a .docx, .pdf or .xlsx file and return its path; an existing file is replaced.

    result: an Outcome, or its JSON. BadInput for another ending, BadFile where the file cannot be written.
    """
    target = Path(path).expanduser()
    writer = _writer(target.suffix.lower())
    pages = pages_of(result if isinstance(result, Outcome) else from_json(result), day or date.today())
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        writer(pages, target)
    except OSError as exc:
        raise BadFile(f"报告写不进 {target}。", "看看文件是不是正打开着、文件夹能不能写，或换个地方存。") from exc
    return target


def _writer(ending: str) -> Callable[[Pages, Path], None]:
    if ending == ".docx":
        from tools.report_docx import write_docx

        return write_docx
    if ending == ".pdf":
        from tools.report_pdf import write_pdf

        return write_pdf
    if ending == ".xlsx":
        from tools.report_xlsx import write_xlsx

        return write_xlsx
    raise BadInput(f"不会写 {ending or '没有后缀'} 的报告。", "文件名以 .docx、.pdf 或 .xlsx 结尾。")


def from_json(result: Mapping[str, Any]) -> Outcome:
    """The outcome that `Outcome.as_json` gave; BadInput where it is something else."""
    try:
        rows = [{k: c[k] for k in ("n", "source_id", "title", "section", "passage_id", "quote", "origin", "certainty")}
                for c in result.get("citations", [])]  # fmt: skip
        citations = tuple(Citation(**row) for row in rows)
        return Outcome(
            str(result["text"]), dict(result.get("data") or {}), citations, str(result.get("certainty", "full")),
            tuple(result.get("next_steps") or ()), tuple(result.get("asks") or ()),
        )  # fmt: skip
    except (KeyError, TypeError, ValueError) as exc:
        raise BadInput(
            "这不是工具的结果，写不成报告。", "先运行一个工具（例如 roadmap），再把它的 JSON 结果交过来。"
        ) from exc


def pages_of(outcome: Outcome, day: date) -> Pages:
    """The pages of a report: the answer, charts, details, next steps, sources."""
    outcome = replace(outcome, text=clean(outcome.text), data=clean(outcome.data), next_steps=clean(outcome.next_steps))
    charts = charts_of(outcome.data)
    kind = "roadmap" if outcome.data.get("kind") == "roadmap" else "maturity" if charts else ""
    without = bool(charts) and chinese_font() is None
    blocks: list[Any] = [Heading("结论"), *blocks_of(outcome.text), *([Paragraph(NO_FONT)] if without else [])]
    for chart in charts:
        blocks.append(Picture(chart))
        if without:
            blocks.append(Grid("图例", ("编号", "名称"), tuple(chart.legend())))
    blocks += roadmap_blocks(outcome.data) if kind == "roadmap" else _maturity(outcome.data) if kind else []
    if outcome.next_steps:
        blocks += [Heading("接下来"), Bullets(tuple(Paragraph(step) for step in outcome.next_steps), numbered=True)]
    if outcome.citations:
        blocks += [Heading("出处"), *[Paragraph(line) for line in clean(source_line(outcome.citations)).splitlines()]]
    blocks.append(Paragraph(CLOSING))
    return Pages(TITLES.get(kind, "查询结果"), f"{day.isoformat()} 生成", tuple(blocks))


def _maturity(data: dict[str, Any]) -> list[Any]:
    """Points by dimension and item, and scene levels, as tables."""
    parts = [data, *[v for v in data.values() if isinstance(v, dict)]]
    found = next((p for p in parts if isinstance(p.get("dimensions"), list) and isinstance(p.get("scenes"), list)), {})
    blocks: list[Any] = []
    rows = [*found.get("dimensions", []), *found.get("items", [])]
    if rows:
        cells = tuple((r["name"], r.get("dimension", "合计"), r["low"], r["high"], r["full"]) for r in rows)
        blocks += [Heading("各项得分"), Grid("得分", ("项目", "所属", "最少得分", "最多得分", "满分"), cells)]
    scenes = tuple((s["name"], s.get("group", ""), s["low"], s["high"]) for s in found.get("scenes", []))
    if scenes:
        blocks += [Heading("各场景等级"), Grid("场景", ("场景", "环节", "最低几级", "最高几级"), scenes)]
    return blocks
