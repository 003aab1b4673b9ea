"""A made-up notice for cold stores, and short ways to write a model's steps over it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, cast

from assistant.document.clauses import clauses
from assistant.document.worked.shape import Op, Step
from assistant.document.worked.sheet import Sheet, sheet_of
from core.types import Passage

RULES = (
    "（一）大型冷库，按制冷设备实际投入（不含税）的20%补助，单个企业最高15万元；",
    "（二）小型冷库，按制冷设备实际投入（不含税）的30%补助，单个企业最高8万元；",
    "（三）制冷设备实际投入低于10万元的，不予补助。",
    "（四）库房土建、办公家具不计入投入。",
    "（五）派库管员进修的，每人补助700元，合格后发放。",
    "（六）评为金牌冷库的，奖励20万元；评为铜牌冷库的，奖励6万元；由铜牌升金牌的，只补差额。",
)
NOTICE = "\n\n".join(
    [
        "# 霜岭市2026年冷库改造补助通知",
        "霜商务〔2026〕17号",
        "## 一、支持标准",
        *RULES,
        "## 二、其他",
        "2026年11月3日印发。",
    ]
)


def sheet(question: str, *lines: str) -> Sheet:
    """A question over the notice's rules, or over lines of one's own, all of them shown."""
    passage = Passage(
        "store#1", "store", "霜岭市冷库改造补助通知", "\n".join(lines or RULES), section=("一、支持标准",)
    )
    found = clauses([passage])
    return sheet_of(question, found, found)


def steps(*told: str) -> list[Step]:
    """Steps written short: "乘 a1 b1", "照 b1"."""
    rows = [[*one.split(), one.split()[1]][:3] for one in told]
    return [Step(op=cast("Op", op), left=left, right=right, why="") for op, left, right in rows]


def said(*told: str, cannot: str = "") -> list[Any]:
    """The same as a scripted endpoint sends it."""
    rows: Sequence[dict[str, Any]] = [step.model_dump() for step in steps(*told)]
    return [json.dumps({"steps": rows, "cannot": cannot}, ensure_ascii=False)]
