"""路线图: phases, money, cases and support for the firm; changed and reckoned again, fetched as a file."""

from __future__ import annotations

from typing import Any

from core.errors import XiangdaoError
from tools import registry
from tools.fields import listed
from tools.report.charts import charts_of
from ui.pages import drawing, inputs, render, reports
from ui.pages.visit import Action, Visit
from ui.shown import Shown

FIELDS = (
    "行业", "从业人员", "当前等级", "目标等级", "周期年", "预算万元", "产品复杂度", "动因", "地区", "痛点", "无IT人员",
)  # fmt: skip
_FROM_ADDRESS = {"level": "当前等级", "industry": "行业"}


def show(visit: Visit, problem: XiangdaoError | None = None) -> Shown:
    form = inputs.filled(visit, "roadmap", FIELDS)
    asked = {_FROM_ADDRESS[k]: v[:60] for k, v in visit.query.items() if k in _FROM_ADDRESS and v}
    return _page(visit, form.typed | asked, form.version, run=form.kept and not asked, problem=problem)


def plan(visit: Visit) -> Shown:
    typed = {name: visit.text(name) for name in FIELDS}
    version = int(visit.text("version")) if visit.text("version").isdecimal() else 0
    try:
        registry.run("roadmap", inputs.arguments(typed))
        version = inputs.keep(visit, "roadmap", typed)
    except XiangdaoError as exc:
        _, now = inputs.plans.plan(visit.database, visit.user, "roadmap")
        return _page(visit, typed, max(version, now), problem=exc)
    return _page(visit, typed, version, run=True)


def export(visit: Visit) -> Shown:
    form = inputs.filled(visit, "roadmap", FIELDS)
    outcome = registry.run("roadmap", inputs.arguments(form.typed))
    path = reports.offer(visit, "roadmap", outcome.as_json())
    shown = _page(visit, form.typed, form.version, run=True, done="报告已生成，浏览器会存到下载文件夹。")
    return Shown(shown.html, shown.citations, shown.path, download=path)


def _page(
    visit: Visit, typed: dict[str, str], version: int, run: bool = False, problem: XiangdaoError | None = None, done: str = ""
) -> Shown:  # fmt: skip
    outcome = registry.run("roadmap", inputs.arguments(typed)) if run else None
    citations = outcome.citations if outcome else ()

    def cite(row: dict[str, Any]) -> Any:
        return render.cites([row.get("n")], citations)

    html = render.page(
        "roadmap.html", typed=typed, version=version, data=outcome.data if outcome else None, cite=cite,
        charts=[drawing.figure(chart) for chart in charts_of(outcome.data)] if outcome else [],
        text=render.answer(outcome.text, citations) if outcome else "", asks=listed(outcome.asks) if outcome else "",
        problem=problem and render.problem(problem), done=done,
    )  # fmt: skip
    return Shown(html, citations, "/roadmap" if run else "")


ACTIONS: dict[str, Action] = {"plan": plan, "export": export}
