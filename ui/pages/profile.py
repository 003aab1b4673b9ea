"""企业档案: what is known of the firm and from where; allowed, corrected, exported, erased."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from core.errors import BadInput, XiangdaoError
from tools.fields import listed
from tools.firm.profile import LABELS
from tools.firm.scenes import AREA_SCENES
from ui.pages import render
from ui.pages.visit import Action, Visit
from ui.shown import Shown

_LISTS = ("titles", "systems", "pains")
_NUMBERS = ("employees", "level", "target_level", "revenue_wan", "assets_wan", "budget_wan")
_WHOLE = ("employees", "level", "target_level")
_USEFUL = ("industry", "region", "employees", "revenue_wan", "level", "systems", "pains", "budget_wan")
"""What most answers turn on, most useful first."""


def show(
    visit: Visit, done: str = "", problem: XiangdaoError | None = None, typed: dict[str, Any] | None = None
) -> Shown:
    """The profile, or the question whether it may be kept. typed: a form that could not be saved, kept as it was typed."""
    kept = visit.profiles.kept()
    known = {name: fact.value for name, fact in kept.facts.items()}
    missing = [name for name in _USEFUL if name not in known]
    html = render.page(
        "profile.html", allowed=kept.allowed, version=kept.version, facts=kept.facts,
        values=typed or _as_typed(known), told="" if kept.allowed else visit.profile.as_text(), missing=missing[:3],
        missing_labels=listed(LABELS[name] for name in missing), known=len(known.keys() - {"said"}), total=len(LABELS) - 1,
        areas=list(AREA_SCENES), done=done, problem=problem and render.problem(problem),
    )  # fmt: skip
    return Shown(html)


def allow(visit: Visit) -> Shown:
    """Agree; what this tab's conversation told is the beginning."""
    if visit.session:
        visit.own.allow_profile(visit.session)
    visit.profiles.allow(True)
    return show(visit, "好，从现在起记下来。先看看对不对。")


def save(visit: Visit) -> Shown:
    typed = {name: visit.text(name) for name in _as_typed({})}
    try:
        visit.profiles.correct(_values(typed), int(re.sub(r"\D", "", visit.text("version")) or -1))
    except BadInput as exc:
        return show(visit, problem=exc, typed=typed)
    return show(visit, "已保存。")


def erase(visit: Visit) -> Shown:
    visit.profiles.allow(False)
    return show(visit, "企业档案已删掉，以后不再记。")


def export(visit: Visit) -> Shown:
    kept = visit.profiles.kept()
    facts = {LABELS[name]: vars(fact) for name, fact in kept.facts.items()}
    data = json.dumps(facts, ensure_ascii=False, indent=1).encode("utf-8")
    shown = show(visit, "已导出，浏览器会存到下载文件夹。")
    return Shown(shown.html, download=visit.downloads.offer("企业档案.json", data))


def _as_typed(known: Mapping[str, Any]) -> dict[str, str]:
    """The values as they stand in the form."""
    typed = {name: _text(known.get(name)) for name in LABELS if name != "practices"}
    told = known.get("practices") or {}
    return typed | {f"practice-{area}": str(told.get(area, "")) for area in AREA_SCENES}


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return render.plain_number(value)
    return "、".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def _values(typed: Mapping[str, str]) -> dict[str, Any]:
    """A form's texts as a profile's values; BadInput for a figure that is none."""
    values: dict[str, Any] = {name: text for name, text in typed.items() if text and not name.startswith("practice-")}
    for name in _LISTS:
        if name in values:
            values[name] = [part for part in re.split(r"[、,，;；\n]+", values[name]) if part.strip()]
    for name in _NUMBERS:
        if name in values:
            values[name] = _number(name, values[name])
    if "no_it_staff" in values:
        values["no_it_staff"] = values["no_it_staff"] == "true"
    practices = {area: text for area in AREA_SCENES if (text := typed.get(f"practice-{area}", ""))}
    return values | ({"practices": practices} if practices else {})


def _number(name: str, text: str) -> Any:
    """A figure as typed; 1.9亿, 3000万 and 60人 are left to the profile's own reading."""
    plain = text.replace(",", "").replace("，", "")
    if re.fullmatch(r"\d{1,12}(\.\d{1,4})?", plain):
        return int(plain) if name in _WHOLE and "." not in plain else float(plain)
    return text


ACTIONS: dict[str, Action] = {"allow": allow, "save": save, "erase": erase, "export": export}
