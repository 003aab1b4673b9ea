"""Everything of a worked-out plan as data: for reports, the web page and other programs."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from tools.cases.kin import case_kin
from tools.outcome import Book, Outcome
from tools.roadmap import spending
from tools.roadmap.measures import Measure, measures
from tools.roadmap.plan import BASICS, Task, phases_of
from tools.roadmap.risks import risks
from tools.roadmap.wording import (
    OWN,
    assumptions,
    categories,
    cite_path,
    cite_programme,
    first_spending,
    fitting,
    on_day,
    span,
    this_week,
    too_early,
)
from tools.scenarios.compute import LINKS, Pick
from tools.scenarios.compute import as_data as scenario_data
from tools.sector_path.compute import AREAS
from tools.tool_vendors.compute import NOT_ADVICE
from tools.tool_vendors.compute import as_data as vendor_data

if TYPE_CHECKING:
    from tools.roadmap.compute import Draft


def as_data(draft: Draft, book: Book, support: Outcome | None) -> dict[str, Any]:
    """The whole plan, JSON-able; what it cites goes into the book after what the text cites."""
    found = measures(list(draft.kept), draft.args.industry) if draft.kin.industrial else []
    tight = draft.plan.squeezed or bool(draft.plan.deferred)
    worries = risks(book, draft.no_it, tight, draft.choice.path.id in {"chain", "platform"})
    args, path, budget = draft.args, draft.choice.path, draft.args.budget_wan
    limits = spending.ceilings(budget, draft.plan.tasks) if budget else {}
    return {
        "kind": "roadmap",
        "day": draft.day.isoformat(),
        "arguments": {k: v for k, v in args.model_dump(mode="json", by_alias=True).items() if v not in (None, "")},
        "level": draft.level,
        "target_level": draft.target,
        "wanted_level": draft.wanted,
        "months": draft.plan.months,
        "deadline_too_tight": draft.plan.squeezed,
        "size_by_headcount": draft.size,
        "assumptions": assumptions(draft),
        "path": {
            "id": path.id, "name": path.name, "leader": path.leader, "gains": path.gains, "gives": path.gives,
            "first_move": path.first_move, "why": list(draft.choice.why), "caution": draft.choice.caution,
            "second": draft.choice.second.name if draft.choice.second else None, "n": cite_path(path, book),
        },
        "subsector": {"name": draft.kin.best, "covered": draft.kin.name is not None, "near_because": draft.kin.why},
        "scenarios": [_scenario(draft, p, book) for p in draft.picks],
        "deferred": [s.name for s in draft.plan.deferred],
        "sector": {"name": draft.sector.best, "covered": draft.sector.name is not None, "near_because": draft.sector.why},
        "cells": [{"area": c.area, "level": c.level, "text": c.text, "tools": list(c.tools), "n": book.cite(c)} for c in draft.cells],
        "tools": [vendor_data(row, book.cite(row)) for row in categories(draft)[:6]],
        "tools_note": NOT_ADVICE,
        "phases": [{"name": n, "start": s, "end": e, "from": _on(draft.day, s), "until": _on(draft.day, e)} for n, s, e in phases_of(draft.plan)],
        "tasks": [_task_data(t, draft, limits) for t in draft.plan.tasks],
        "budget": _budget(draft, limits, book),
        "kpis": [_kpi(m, book) for m in found],
        "risks": [{"name": r.name, "fact": r.fact, "remedy": r.remedy, "n": r.n or None} for r in worries],
        "programmes": [{**p, "n": cite_programme(p, book)} for p in fitting(support, draft)] if support else [],
        "programmes_missed": [{"name": p["name"], "valid_until": p["valid_until"]} for p in too_early(support, draft)] if support else [],
        "first_spending": first_spending(draft).isoformat(),
        "this_week": this_week(draft, Book()).partition(" [")[0],
        "areas": _areas(draft),
        "note": OWN,
    }  # fmt: skip


def _scenario(draft: Draft, pick: Pick, book: Book) -> dict[str, Any]:
    task = next((t for t in draft.plan.tasks if t.id == pick.scenario.id), None)
    found = {
        **scenario_data(pick, book.cite(pick.scenario)),
        "start": task.start if task else None,
        "end": task.end if task else None,
    }
    found["cases"] = [
        {
            "company": c.company,
            "makes": c.industry,
            "own_trade": c in case_kin(draft.args.industry).own,
            "practice": c.practice,
            "effects": list(c.effects),
            "n": book.cite(c),
        }
        for c in pick.cases[:2]
    ]
    return found


def _task_data(task: Task, draft: Draft, limits: dict[str, float]) -> dict[str, Any]:
    return {
        "id": task.id, "name": task.name, "phase": task.phase, "start": task.start, "end": task.end, "months": task.months,
        "from": _on(draft.day, task.start), "until": _on(draft.day, task.end), "after": list(task.after), "what": task.what,
        "weight": task.weight, "why": task.why, "ceiling_wan": limits.get(task.id), "basic": task.id in BASICS,
    }  # fmt: skip


def _budget(draft: Draft, limits: dict[str, float], book: Book) -> dict[str, Any]:
    """The budget by lines, each with its step, that add up to it; the surveys only where it was asked what such a thing costs."""
    budget = draft.args.budget_wan
    set_aside = spending.kept(budget, limits) if budget else {}
    asked = (spending.figure(spending.AMOUNTS), spending.figure(spending.SHARES)) if draft.args.costs else ()
    tasks = {task.id: task for task in draft.plan.tasks}
    lines = [
        {"name": tasks[id].name.partition("：")[0], "wan": wan, "step": f"第{span(tasks[id].start, tasks[id].end)}个月"}
        for id, wan in limits.items()
    ]
    lines += [{"name": name, "wan": wan, "step": spending.STEPS[name]} for name, wan in set_aside.items()]
    return {
        "budget_wan": budget,
        "ceilings_wan": limits,
        "kept_wan": set_aside,
        "lines": lines,
        "systems_wan": round(sum(limits.values()), 4) if budget else None,
        "survey": [
            {"question": row.question, "population": row.population, "n_asked": row.n, "year": row.year, "unit": row.unit,
             "options": [o.model_dump() for o in row.options], "n": book.cite(row)}
            for row in asked
        ],
        "note": "没有文件给出各场景的价格，分到每项的是上限，由本项目按轻重分，非官方",
    }  # fmt: skip


def _kpi(m: Measure, book: Book) -> dict[str, Any]:
    case = m.case
    return {
        "scenario": m.scenario, "name": m.name, "how": m.how, "figure": m.figure or None, "own_trade": m.own, "makes": case.industry if case else None,
        "case": case.company if case else None, "n": book.cite(case) if case else None,
    }  # fmt: skip


def _areas(draft: Draft) -> list[dict[str, Any]]:
    """For the radar: each business area with the level now and the level that the plan aims at there.

    Integration (level 3) joins production, purchasing and finance; other areas move only where a scenario is theirs.
    """
    touched = {link for s in draft.kept for link, areas in LINKS.items() if s.area in areas}
    if draft.target >= 3:
        touched |= {"生产制造", "采购供应", "经营管理"}
    return [
        {"area": area, "now": draft.level, "planned": draft.target if area in touched else draft.level}
        for area in (*AREAS, "经营管理")
    ]


def _on(day: date, months: float) -> str:
    return on_day(day, months).isoformat()
