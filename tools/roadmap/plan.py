"""From chosen scenarios to a plan: what has to come first, how long it takes, who fits into which month.

The order (network and coding before systems, job reports before scheduling …), the months and the number of things done at
once are this project's own rules of thumb, not from a document; every plan says so.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cache

from corpus.rows import Scenario
from corpus.tables import load_tables
from tools.scenarios.compute import Size, weight_of

PHASES = ("评估", "规划", "实施", "优化")
INTEGRATION = {3: 3.0, 4: 6.0}
"""Months of joining systems for a target level."""
MONTHS = {"轻": 2.0, "中": 3.0, "重": 4.0}
NEEDS: dict[str, tuple[str, ...]] = {
    "shopfloor-transparency": ("network", "coding"), "warehouse-info": ("network", "coding"), "inspection": ("coding",),
    "equipment-lifecycle": ("coding",), "hazmat": ("coding",), "work-instruction": ("coding",), "after-sales": ("coding",),
    "plm": ("coding",), "process-mgmt": ("coding",), "scheduling": ("shopfloor-transparency",),
    "traceability": ("shopfloor-transparency",), "quality-control": ("shopfloor-transparency",),
    "quality-analysis": ("shopfloor-transparency",), "mrp": ("warehouse-info",), "procurement": ("warehouse-info",),
    "warehouse-automation": ("warehouse-info",), "supply-collab": ("shopfloor-transparency", "warehouse-info"),
    "equipment-monitoring": ("network",), "energy-monitoring": ("network",), "energy-optimization": ("energy-monitoring",),
    "emission-monitoring": ("network",), "safety-hazard": ("network",), "people-monitoring": ("network",), "weighing": ("network",),
    "quality-visual": ("network",), "equipment-upgrade": ("network",), "smart-equipment": ("network",),
    "nonstandard-automation": ("network",), "special-equipment": ("network",), "smart-product": ("after-sales",),
}  # fmt: skip
"""What a scenario cannot do without; scenario ids, or network and coding."""
BASICS = {
    "network": ("网络、账号和备份", "干活的地方有网、每人有账号权限、数据每天备份、装杀毒防火墙", 1.0),
    "coding": ("统一编码", "物料、工序、设备、库位各有唯一的码，先整理台账再贴码", 1.0),
}
ASSESS, DRAFT, TUNE = (
    "评估：自测等级，记下现在的数",
    "规划：定目标、定人、定先后、选产品",
    "优化：复盘指标、补短板、再评一次",
)
ASSESS_PLAIN, TUNE_PLAIN = "评估：记下现在怎么做、要多久、错多少", "优化：和开工前的数比，补短板"
"""The same for a firm that the levels do not speak of."""


@dataclass(frozen=True)
class Task:
    """One bar of the plan; start and end in months from the beginning, `after` the ids it waits for."""

    id: str
    name: str
    phase: str
    months: float
    after: tuple[str, ...] = ()
    what: str = ""
    weight: str = ""
    why: str = ""
    start: float = 0.0

    @property
    def end(self) -> float:
        return self.start + self.months


@dataclass(frozen=True)
class Plan:
    """The tasks in order of start, the months in all, and what did not fit."""

    tasks: tuple[Task, ...]
    months: float
    deferred: tuple[Scenario, ...]
    squeezed: bool
    """Whether even the first scenario does not fit into the time given."""


@cache
def scenarios_by_id() -> dict[str, Scenario]:
    return {s.id: s for s in load_tables().scenarios}


def at_once(size: Size | None, employees: int | None, no_it: bool) -> int:
    """How many things a firm of this size can introduce at the same time."""
    if no_it or size == "微型" or (size == "小型" and (employees or 0) < 100):
        return 1
    return 3 if size == "大型" else 2


def make_plan(
    chosen: list[Scenario],
    months: float,
    parallel: int,
    target: int,
    done: frozenset[str] = frozenset(),
    given: bool = True,
    levelled: bool = True,
) -> Plan:
    """Schedule the scenarios, most wanted first; one that does not fit before the deadline is deferred.

    done: ids that are there already (a firm at level 2 has its reports and warehouse in a system). given: whether the
    months were asked for; otherwise they only bound the plan, which is not stretched to fill them. levelled: whether the levels speak of such a firm.
    """
    pace = 0.5 if months <= 6 else 1.0
    tune = pace if months <= 6 else max(1.0, math.floor(months * 0.15))
    kept: list[Scenario] = []
    for scenario in chosen:
        if _end(_schedule(_tasks([*kept, scenario], pace, target, done), parallel)) + tune <= months:
            kept.append(scenario)
    kept = kept or chosen[:1]
    paces = ((1.5, 1.25, 1.0) if given else (1.0,)) if months > 6 else (0.5,)
    drafts = [_schedule(_tasks(kept, pace, target, done), parallel) for pace in paces]
    placed = next((draft for draft in drafts if _end(draft) + tune <= months), drafts[-1])
    end = _end(placed)
    whole = max(months, end + tune) if given else end + tune
    if not levelled:
        placed = [replace(t, name=ASSESS_PLAIN) if t.id == "assess" else t for t in placed]
    last = Task(
        "tune",
        TUNE if levelled else TUNE_PLAIN,
        "优化",
        whole - end,
        tuple(t.id for t in placed if t.phase == "实施"),
        start=end,
    )
    return Plan((*placed, last), whole, tuple(s for s in chosen if s not in kept), whole > months)


def _length(months: float, pace: float) -> float:
    return float(round(months * pace)) if pace >= 1 else months * pace


def _end(tasks: list[Task]) -> float:
    return max(t.end for t in tasks)


def _tasks(chosen: list[Scenario], pace: float, target: int, done: frozenset[str]) -> list[Task]:
    """The tasks without starts; pace stretches (to whole months) or halves every length."""
    tasks = [
        Task("assess", ASSESS, "评估", _length(1, pace)),
        Task("plan", DRAFT, "规划", _length(1, pace), ("assess",)),
    ]
    ids = _with_needs([s.id for s in chosen], done)
    for id in ids:
        after = tuple(n for n in NEEDS.get(id, ()) if n in ids) or ("plan",)
        if id in BASICS:
            name, what, length = BASICS[id]
            tasks.append(Task(id, name, "实施", _length(length, pace), ("plan",), what, "轻", "后面各项的前提"))
        else:
            scenario = scenarios_by_id()[id]
            why = "" if scenario in chosen else "是后面场景的前提"
            weight = weight_of(scenario)
            tasks.append(
                Task(id, scenario.name, "实施", _length(MONTHS[weight], pace), after, scenario.what, weight, why)
            )
    if target >= 3:
        before = tuple(t.id for t in tasks if t.phase == "实施")
        name = "系统打通：生产、仓库、采购、财务数据互通" if target == 3 else "系统打通，再做模型预测和上下游协同"
        length, why = _length(INTEGRATION[target], pace), f"到{'三四'[target - 3]}级要跨部门集成"
        tasks.append(Task("integrate", name, "实施", length, before, weight="重", why=why))
    return tasks


def _with_needs(ids: Iterable[str], done: frozenset[str]) -> list[str]:
    """The ids with everything they need, needs first, without what is done."""
    ordered: list[str] = []

    def add(id: str) -> None:
        if id in ordered or id in done:
            return
        for need in NEEDS.get(id, ()):
            add(need)
        ordered.append(id)

    for id in ids:
        add(id)
    return sorted(ordered, key=lambda i: i not in BASICS)


def _schedule(tasks: list[Task], parallel: int) -> list[Task]:
    """Each task as early as what it waits for and the number of hands allow; order of the list is the priority."""
    placed: dict[str, Task] = {}
    waiting = list(tasks)
    while waiting:
        ready = [t for t in waiting if all(a in placed for a in t.after)]
        starts = [(_earliest(t, placed, parallel), n, t) for n, t in enumerate(ready)]
        start, _, task = min(starts, key=lambda item: (item[0], item[1]))
        placed[task.id] = replace(task, start=start)
        waiting.remove(task)
    return sorted(placed.values(), key=lambda t: (t.start, t.end))


def _earliest(task: Task, placed: dict[str, Task], parallel: int) -> float:
    ready = max((placed[a].end for a in task.after), default=0.0)
    ends = sorted({t.end for t in placed.values() if t.end > ready})
    for start in (ready, *ends):
        busy = [t for t in placed.values() if t.start < start + task.months and t.end > start]
        moments = [start, *[t.start for t in busy if t.start > start]]
        if max(sum(t.start <= m < t.end for t in busy) for m in moments) < parallel:
            return start
    return ends[-1] if ends else ready


def phases_of(plan: Plan) -> list[tuple[str, float, float]]:
    """(phase, start, end) for the four phases."""
    spans = [(p, [t for t in plan.tasks if t.phase == p]) for p in PHASES]
    return [(p, min(t.start for t in ts), max(t.end for t in ts)) for p, ts in spans if ts]
