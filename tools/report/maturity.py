"""The tables of an assessment's report, from the data of its result."""

from __future__ import annotations

from typing import Any

from tools.report.pages import Block, Grid, Heading


def maturity_blocks(data: dict[str, Any]) -> list[Block]:
    """Points by dimension and item, and scene levels, as tables."""
    parts = [data, *[v for v in data.values() if isinstance(v, dict)]]
    found = next((p for p in parts if isinstance(p.get("dimensions"), list) and isinstance(p.get("scenes"), list)), {})
    blocks: list[Block] = []
    rows = [*found.get("dimensions", []), *found.get("items", [])]
    if rows:
        cells = tuple(
            (r["name"], r.get("dimension", "合计"), *(round(float(r[key]), 3) for key in ("low", "high", "full")))
            for r in rows
        )
        blocks += [Heading("各项得分"), Grid("得分", ("项目", "所属", "最少得分", "最多得分", "满分"), cells)]
    scenes = tuple((s["name"], s.get("group", ""), s["low"], s["high"]) for s in found.get("scenes", []))
    if scenes:
        blocks += [Heading("各场景等级"), Grid("场景", ("场景", "环节", "最低几级（0是不到一级）", "最高几级"), scenes)]
    return blocks
