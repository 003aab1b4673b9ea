"""What hurts, and the scenarios that answer it."""

from __future__ import annotations

import re

from corpus.rows import Scenario
from tools.cases.compute import scenario_of
from tools.roadmap.plan import scenarios_by_id
from tools.scenarios.compute import areas_of

_PAINS = {
    "交期": "数字化排产与优化", "拖期": "数字化排产与优化", "延期": "数字化排产与优化", "插单": "数字化排产与优化", "库存": "仓储信息管理",
    "账实": "仓储信息管理", "账物": "仓储信息管理", "进度": "现场透明化管理", "返工": "产品质量追溯", "退货": "产品质量追溯",
    "次品": "质量数据分析", "不良": "质量数据分析", "坏": "设备状态监测", "停机": "设备状态监测", "故障": "设备状态监测", "电费": "能源数据监测",
    "缺料": "物料需求计算", "图纸": "产品全生命周期管理", "没订单": "新型电子商务", "缺订单": "新型电子商务", "成本": "财务管理",
}  # fmt: skip
"""Everyday complaints and the scenario that answers them; this project's own reading."""


def pains(said: str) -> tuple[frozenset[Scenario], frozenset[str]]:
    """The scenarios and the areas that pain points in words call for."""
    areas: list[str] = []
    for word in _each(said):
        try:
            areas += areas_of(word)
        except ValueError:
            continue
    return frozenset(scenario for _, scenario in answered(said)), frozenset(areas)


def answered(said: str) -> list[tuple[str, Scenario]]:
    """Each pain point with the scenario that answers it, in its words; those that none answers are left out."""
    found = ((word, scenario_of(_PAINS.get(next((w for w in _PAINS if w in word), ""), word))) for word in _each(said))
    return [(word, scenarios_by_id()[scenario.id]) for word, scenario in found if scenario]


def _each(said: str) -> list[str]:
    return [word for word in re.split(r"[、，,；;。/\s]+", said) if word]
