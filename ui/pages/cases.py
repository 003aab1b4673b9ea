"""案例与工具: cases with filters, scenarios, what each level asks of a sector, which makers are used, terms."""

from __future__ import annotations

from typing import Any

from core.errors import BadInput, NeedsArgument
from corpus.tables import load_tables
from tools import registry
from tools.outcome import Book, Outcome
from ui.pages import render
from ui.pages.visit import Action, Visit
from ui.shown import Shown

TABS = {"cases": "案例", "scenarios": "场景", "levels": "行业各级要求", "vendors": "工具用量", "terms": "术语"}
_FILTERS = ("subsector", "area", "words")


def show(visit: Visit) -> Shown:
    tab = visit.parts[0] if visit.parts and visit.parts[0] in TABS else "cases"
    return {"cases": _cases, "scenarios": _scenarios, "levels": _levels, "vendors": _vendors, "terms": _terms}[tab](
        visit
    )


def _asked(visit: Visit) -> dict[str, str]:
    return {name: visit.query.get(name, "").strip()[:60] for name in (*_FILTERS, "sector", "tool")}


def _page(tab: str, book: Book | tuple[Any, ...], **context: Any) -> Shown:
    citations = book.rows if isinstance(book, Book) else book
    html = render.page("cases.html", tab=tab, tabs=TABS, cite=lambda n: render.cites([n], citations), **context)
    return Shown(html, citations)


def _matches(row: Any, asked: dict[str, str], *texts: str) -> bool:
    words = asked["words"].casefold().split()
    return (not asked["area"] or row.area == asked["area"]) and all(
        any(w in t.casefold() for t in texts) for w in words
    )


def _cases(visit: Visit) -> Shown:
    tables, asked, book = load_tables(), _asked(visit), Book()
    rows = [
        {"row": c, "n": book.cite(c), "figures": any(any(s.isdigit() for s in e) for e in c.effects)}
        for c in tables.cases
        if (not asked["subsector"] or c.subsector == asked["subsector"])
        and _matches(c, asked, c.company, c.industry, c.scenario, c.practice, c.place or "", " ".join(c.tools), " ".join(c.effects))
    ]  # fmt: skip
    return _page(
        "cases", book, asked=asked, rows=rows, total=len(tables.cases),
        subsectors=_choices(c.subsector for c in tables.cases), areas=_choices(c.area for c in tables.cases),
    )  # fmt: skip


def _scenarios(visit: Visit) -> Shown:
    tables, asked, book = load_tables(), _asked(visit), Book()
    rows = [
        {"row": s, "n": book.cite(s)}
        for s in tables.scenarios
        if (not asked["subsector"] or asked["subsector"] in s.subsectors)
        and _matches(s, asked, s.name, s.what, " ".join(s.aliases), " ".join(s.tools))
    ]
    return _page(
        "scenarios", book, asked=asked, rows=rows, total=len(tables.scenarios),
        subsectors=_choices(name for s in tables.scenarios for name in s.subsectors), areas=_choices(s.area for s in tables.scenarios),
    )  # fmt: skip


def _choices(names: Any) -> list[tuple[str, str]]:
    return [("", "全部"), *((name, name) for name in dict.fromkeys(n for n in names if n))]


def _ran(tool: str, arguments: dict[str, Any]) -> tuple[Outcome | None, dict[str, str] | None]:
    """A tool's result, or what it could not do."""
    try:
        return registry.run(tool, arguments), None
    except (BadInput, NeedsArgument) as exc:
        return None, render.problem(exc)


def _levels(visit: Visit) -> Shown:
    """The matrix of one sector: areas by levels."""
    asked = _asked(visit)
    sector = asked["sector"] or visit.profile.industry or "汽车"
    outcome, problem = _ran("sector_path", {"行业": sector})
    data: dict[str, Any] = outcome.data if outcome else {}
    grid = {(c["area"], c["level"]): c for c in data.get("cells", [])}
    return _page(
        "levels", outcome.citations if outcome else (), asked=asked | {"sector": sector}, data=data, grid=grid, problem=problem,
        text=render.answer(outcome.text.split("\n\n", 1)[0], outcome.citations) if outcome else "",
    )  # fmt: skip


def _vendors(visit: Visit) -> Shown:
    asked = _asked(visit)
    tools = load_tables().vendors
    outcome, problem = _ran("tool_vendors", {"工具": asked["tool"] or "ERP"})
    names = [
        (row.abbreviation or row.tool, f"{row.tool}（{row.abbreviation}）" if row.abbreviation else row.tool)
        for row in tools
    ]
    return _page(
        "vendors", outcome.citations if outcome else (), asked=asked, names=names, problem=problem,
        text=render.answer(outcome.text, outcome.citations) if outcome else "",
    )  # fmt: skip


def _terms(visit: Visit) -> Shown:
    asked, book = _asked(visit), Book()
    words = asked["words"].casefold()
    rows = [
        {"row": t, "n": book.cite(t)}
        for t in load_tables().glossary
        if not words or any(words in text.casefold() for text in (t.term, t.full or "", t.plain, *t.aliases))
    ]
    return _page("terms", book, asked=asked, rows=rows, total=len(load_tables().glossary))


ACTIONS: dict[str, Action] = {}
