"""Tool arguments compared with what a question file expects: our names to its names, our values to its wordings."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from eval.metrics import fold_fact

NAMES: dict[str, tuple[str, ...]] = {
    "行业": ("industry", "sector", "subsector"),
    "从业人员": ("employees",),
    "营业收入万元": ("revenue_wan",),
    "地区": ("region", "city", "province"),
    "企业类型": ("segment", "enterprise_type", "titles", "title", "size"),
    "投入万元": ("investment_wan", "spend_wan"),
    "贷款万元": ("loan_wan",),
    "用途": ("purpose", "use"),
    "当前等级": ("current_level", "level"),
    "目标等级": ("target_level",),
    "周期年": ("years", "period_years"),
    "预算万元": ("budget_wan",),
    "环节": ("area", "areas", "stage"),
    "等级": ("level", "levels"),
    "场景": ("scenario", "scene", "need"),
    "工具": ("tool", "software"),
    "术语": ("term",),
    "指标": ("indicator", "metric", "what"),
    "已用系统": ("systems",),
    "研发设计": ("design", "research_design", "rd"),
    "生产制造": ("production", "manufacturing"),
    "采购供应": ("purchasing", "procurement", "supply"),
    "市场营销": ("marketing", "sales"),
}
"""The question files' argument name → the names that our tools may give it; the Chinese name itself counts too."""


def arguments_hit(expected: Mapping[str, Any], given: Mapping[str, Any]) -> dict[str, bool]:
    """For each expected argument, whether the call gave a value that matches."""
    return {name: _matches(value, list(_values(name, given))) for name, value in expected.items()}


def _values(name: str, given: Mapping[str, Any]) -> Iterator[Any]:
    for key in (name, *NAMES.get(name, ())):
        if given.get(key) is not None:
            yield from _leaves(given[key])


def _leaves(value: Any) -> Iterator[Any]:
    """The single values inside lists and mappings."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, (list, tuple, set)):
        for part in value:
            yield from _leaves(part)
    else:
        yield value


def _matches(expected: Any, given: list[Any]) -> bool:
    if isinstance(expected, list):
        return all(_matches(item, given) for item in expected)
    if isinstance(expected, (int, float)):
        return any(_number(value) == float(expected) for value in given)
    wordings = [w for w in (_bare(part) for part in str(expected).split("|")) if w]
    return any(text and (w in text or text in w) for text in map(_bare, map(str, given)) for w in wordings)


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _bare(text: str) -> str:
    return re.sub(r"[\W_]", "", fold_fact(text))
