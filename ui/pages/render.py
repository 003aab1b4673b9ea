"""Pages from templates: Jinja with everything escaped; what is HTML already is made by this project's own functions."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from core.clock import today
from core.errors import XiangdaoError
from core.types import Citation
from tools.firm.amounts import wan_text
from ui import web_html

TEMPLATES = Path(__file__).parents[1] / "templates"
LEVELS = ("不到一级", "一级", "二级", "三级", "四级")
LEVEL_NAMES = ("起步前", "初始级", "规范级", "集成级", "协同级")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )  # fmt: skip
    environment.filters.update(wan=wan_text, day=day, moment=moment, level=lambda n: LEVELS[int(n)], plain=plain_number)
    environment.globals.update(LEVELS=LEVELS, LEVEL_NAMES=LEVEL_NAMES)
    return environment


def page(template: str, **context: Any) -> str:
    """The HTML of a page."""
    context.setdefault("problem", None)
    context.setdefault("done", "")
    return _environment().get_template(template).render(**context)


def answer(text: str, citations: Sequence[Citation]) -> Markup:
    """A tool's Markdown as HTML; its [n] open the page's citations."""
    return Markup(web_html.answer_html(text, citations, 0))


def cites(numbers: Sequence[int | None], citations: Sequence[Citation]) -> Markup:
    """Buttons that open the citations of these numbers."""
    known = {c.n: c for c in citations}
    return Markup("".join(web_html.cite_button(0, known[n]) for n in numbers if n in known))


def problem(exc: XiangdaoError) -> dict[str, str]:
    """An error as the templates show it."""
    return {"message": exc.message, "hint": exc.hint}


def moment(value: datetime) -> str:
    """A stored UTC time in local time: 11月21日 16:05, with the year where it is not this one."""
    local = value.replace(tzinfo=timezone.utc).astimezone()
    year = "" if local.year == today().year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日 {local:%H:%M}"


def day(value: str | date) -> str:
    """An ISO day as 2026年11月21日; a year or a month alone as it is."""
    text = str(value)[:10]
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return text
    return f"{found.year}年{found.month}月{found.day}日"


def plain_number(value: float) -> str:
    """12.0 as 12, 27.45 as it is, 40.325 as 40.33."""
    return f"{round(value, 2):g}" if abs(value) < 1e6 else f"{value:.0f}"
