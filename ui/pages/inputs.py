"""The form of a tool's page: filled from what was typed last, else from the profile; kept for next time."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assistant.store import plans
from core.errors import BadInput
from tools.firm.profile import Profile
from ui.pages.visit import Visit


@dataclass(frozen=True)
class Filled:
    """What stands in a form. kept: whether it was sent before; version: of what is kept, for two tabs to notice each other."""

    typed: dict[str, str]
    kept: bool
    version: int


def filled(visit: Visit, kind: str, names: tuple[str, ...]) -> Filled:
    """The form as it was sent last, else from the profile, with what the address names on top."""
    arguments, version = plans.plan(visit.database, visit.user, kind)
    known = arguments if version else _from_profile(visit.profile)
    asked = {name: visit.query[name] for name in names if visit.query.get(name)}
    typed = {name: str(asked.get(name, known.get(name, ""))) for name in names}
    return Filled(typed, bool(version) and not asked, version)


def keep(visit: Visit, kind: str, typed: Mapping[str, str]) -> int:
    """Keep a form that was sent; BadInput where another tab changed it meanwhile."""
    version = visit.text("version")
    if not re.fullmatch(r"\d{1,9}", version):
        raise BadInput("这一页太旧了。", "刷新本页再试。")
    return plans.keep(visit.database, visit.user, kind, {k: v for k, v in typed.items() if v}, int(version))


def arguments(typed: Mapping[str, str]) -> dict[str, Any]:
    """A tool's arguments from the texts of a form; a plain figure becomes a number, other texts are the tool's to read."""
    return {name: _value(text) for name, text in typed.items() if text}


def _value(text: str) -> Any:
    plain = text.replace(",", "").replace("，", "")
    if re.fullmatch(r"\d{1,12}", plain):
        return int(plain)
    return float(plain) if re.fullmatch(r"\d{1,12}\.\d{1,6}", plain) else text


def _from_profile(known: Profile) -> dict[str, Any]:
    """The profile in the words of the forms."""
    values = {
        "行业": known.industry, "从业人员": known.employees, "营业收入万元": known.revenue_wan, "地区": known.region,
        "企业类型": "、".join(known.titles), "等级": known.level, "当前等级": known.level, "目标等级": known.target_level,
        "预算万元": known.budget_wan, "产品复杂度": known.complexity, "痛点": "、".join(known.pains),
        "无IT人员": {True: "是", False: "否", None: None}[known.no_it_staff],
    }  # fmt: skip
    return {name: f"{v:g}" if isinstance(v, float) else v for name, v in values.items() if v not in (None, "")}
