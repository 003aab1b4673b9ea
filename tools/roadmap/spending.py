"""What a budget allows: how heavy a thing it carries, and a ceiling for each task.

No document gives prices for a scenario. Thresholds, weights and shares are this project's own rules of thumb.
"""

from __future__ import annotations

import math
from collections.abc import Iterable

from corpus.rows import SurveyFigure
from corpus.tables import load_tables
from tools.roadmap.plan import Task
from tools.scenarios.compute import Weight

AMOUNTS, SHARES = "caict-investment-amount", "lenovo-investment-share-2023"
LIGHT_ONLY_WAN, NO_HEAVY_WAN = 20.0, 100.0
COSTS: dict[Weight, float] = {"轻": 1.0, "中": 3.0, "重": 8.0}
KEPT = {"培训和推行": 0.10, "网络安全和备份": 0.10, "预留": 0.10}
"""Shares of the budget that are not for systems."""
RESERVE = "预留"
STEPS = {
    "培训和推行": "每一项上线时：先教会班组长，再全员用",
    "网络安全和备份": "第一项上线前：装杀毒、分账号、每天备份",
    RESERVE: "哪一步超了补哪一步",
}
"""When in the plan what is set aside is spent."""


def figure(id: str) -> SurveyFigure:
    return next(row for row in load_tables().survey if row.id == id)


def weights_for(budget_wan: float | None, no_it: bool, small: bool, target: int) -> frozenset[Weight]:
    """How heavy things may be: a small budget, nobody for IT, or a small firm at the start rule heavier ones out."""
    if budget_wan is not None and budget_wan < LIGHT_ONLY_WAN:
        return frozenset({"轻"})
    capped = budget_wan is not None and budget_wan <= NO_HEAVY_WAN
    if no_it or capped or (small and target <= 2):
        return frozenset({"轻", "中"})
    return frozenset({"轻", "中", "重"})


def ceilings(budget_wan: float, tasks: Iterable[Task]) -> dict[str, float]:
    """The most each task of the build phase should cost (万元, cut); with what is kept they add up to the budget."""
    costs = {task.id: COSTS[weight] for task in tasks for weight in COSTS if task.weight == weight}
    free = budget_wan * (1 - sum(KEPT.values()))
    return {id: _cut(free * cost / sum(costs.values()), budget_wan) for id, cost in costs.items()}


def kept(budget_wan: float, limits: dict[str, float]) -> dict[str, float]:
    """What is set aside (万元, cut); the reserve takes what cutting left, so that all lines add up to the budget."""
    sums = {name: _cut(budget_wan * share, budget_wan) for name, share in KEPT.items() if name != RESERVE}
    return {**sums, RESERVE: round(budget_wan - sum(limits.values()) - sum(sums.values()), 4)}


def _cut(wan: float, budget_wan: float) -> float:
    """An amount cut to 1000 元, to 1万元 of a budget told in 亿元, to 1 元 of one too small for that, so that sums can be told exactly."""
    if budget_wan < 10:
        return math.floor(wan * 10_000 + 1e-6) / 10_000 if budget_wan < 1 else math.floor(wan * 100 + 1e-6) / 100
    return math.floor(wan) * 1.0 if budget_wan >= 10_000 else math.floor(wan * 10) / 10
