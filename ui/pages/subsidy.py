"""补贴匹配: every programme with its conditions as met, not met or unknown, its amount, its days left."""

from __future__ import annotations

from typing import Any

from core.errors import XiangdaoError
from core.types import Citation
from tools import registry
from tools.fields import listed
from tools.firm.amounts import wan_text
from tools.outcome import Outcome
from ui.pages import inputs, render, reports
from ui.pages.visit import Action, Visit
from ui.shown import Shown

FIELDS = (
    "地区", "企业类型", "行业", "从业人员", "营业收入万元", "投入万元", "贷款万元", "用途", "等级", "目标等级",
)  # fmt: skip
_KINDS = {
    "subsidy": "补助", "voucher": "券", "interest": "贴息", "loan": "贷款", "guarantee": "担保", "tax": "税收",
}  # fmt: skip


def show(visit: Visit, problem: XiangdaoError | None = None) -> Shown:
    form = inputs.filled(visit, "subsidy", FIELDS)
    return _page(visit, form.typed, form.version, run=form.kept, problem=problem)


def match(visit: Visit) -> Shown:
    typed = {name: visit.text(name) for name in FIELDS}
    version = int(visit.text("version") or 0) if visit.text("version").isdecimal() else 0
    try:
        registry.run("subsidy", inputs.arguments(typed))
        version = inputs.keep(visit, "subsidy", typed)
    except XiangdaoError as exc:
        _, now = inputs.plans.plan(visit.database, visit.user, "subsidy")
        return _page(visit, typed, max(version, now), problem=exc)
    return _page(visit, typed, version, run=True)


def export(visit: Visit) -> Shown:
    form = inputs.filled(visit, "subsidy", FIELDS)
    outcome = registry.run("subsidy", inputs.arguments(form.typed))
    path = reports.offer(visit, "subsidy", outcome.as_json())
    shown = _page(visit, form.typed, form.version, run=True, done="报告已生成，浏览器会存到下载文件夹。")
    return Shown(shown.html, shown.citations, download=path)


def _page(
    visit: Visit, typed: dict[str, str], version: int, run: bool = False, problem: XiangdaoError | None = None, done: str = ""
) -> Shown:  # fmt: skip
    outcome = registry.run("subsidy", inputs.arguments(typed)) if run else None
    citations = _citations(visit, outcome) if outcome else ()
    groups = _groups(outcome, citations) if outcome else {}
    html = render.page(
        "subsidy.html", typed=typed, version=version, groups=groups, data=outcome.data if outcome else {},
        lead=render.answer(outcome.text.split("\n\n", 1)[0], citations) if outcome else "", asks=listed(outcome.asks) if outcome else "",
        problem=problem and render.problem(problem), done=done,
    )  # fmt: skip
    return Shown(html, citations)


def _citations(visit: Visit, outcome: Outcome) -> tuple[Citation, ...]:
    """The answer's citations, and after them one for every programme that has none."""
    sources = visit.assistant.retriever.index.sources(visit.own.filters().spaces)
    cited = list(outcome.citations)
    known = {c.passage_id for c in cited}
    for row in outcome.data["programmes"]:
        if row.get("card") and row["card"] not in known:
            source = sources.get(row["source"])
            title = source.title if source else row["source"]
            cited.append(
                Citation(len(cited) + 1, row["source"], title, "", row["card"], row["gives"], "card", row["certainty"])
            )
            known.add(row["card"])
    return tuple(cited)


def _groups(outcome: Outcome, citations: tuple[Citation, ...]) -> dict[str, list[dict[str, Any]]]:
    """The programmes: first those to look at, then what else may fit, is over, does not fit, is elsewhere."""
    by_card = {c.passage_id: c.n for c in citations}
    shown = outcome.data["shown"]
    here = [row for row in outcome.data["programmes"] if row["group"] != "elsewhere"]
    rows = [_row(row, by_card, citations) for row in here]
    first = sorted((r for r in rows if r["id"] in shown), key=lambda r: shown.index(r["id"]))
    rest = [r for r in rows if r["id"] not in shown]
    return {
        "first": first,
        "maybe": [r for r in rest if r["group"] in ("fits", "maybe") and r["local"] is not None],
        "over": [r for r in rest if r["group"] == "over"],
        "no": [r for r in rest if r["group"] == "no"],
        "unplaced": [r for r in rest if r["group"] in ("fits", "maybe") and r["local"] is None],
        "elsewhere": [row for row in outcome.data["programmes"] if row["group"] == "elsewhere"],
    }  # fmt: skip


def _row(row: dict[str, Any], by_card: dict[str, int], citations: tuple[Citation, ...]) -> dict[str, Any]:
    states = [c["state"] for c in row["conditions"]]
    return row | {
        "cite": render.cites([by_card.get(row["card"])], citations), "sum": _sum(row["estimate"], row),
        "kind_name": _KINDS.get(row["kind"], ""), "met": states.count("met"), "count": len(states),
        "days": row["status"]["days_left"],
    }  # fmt: skip


def _sum(estimate: dict[str, Any], row: dict[str, Any]) -> str:
    """The amount as an upper bound, or what is given where it cannot be reckoned."""
    if estimate["state"] != "computed" or estimate["high_wan"] is None:
        return ""
    span = wan_text(estimate["high_wan"])
    if estimate["low_wan"] is not None and estimate["low_wan"] < estimate["high_wan"]:
        span = f"{wan_text(estimate['low_wan'])} 到 {span}"
    return f"{'每年' if estimate['per_year'] else ''}最多 {span}"


ACTIONS: dict[str, Action] = {"match": match, "export": export}
