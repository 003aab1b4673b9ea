"""What a sector's firms do at each level in each business area: the 60 cells of the sector matrices."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.cut import shorten
from core.text import squeeze
from corpus.rows import SectorCell
from corpus.tables import load_tables
from tools.firm.kinship import SECTORS, Kin, sector_kin
from tools.outcome import Book, Outcome, weakest

AREAS = ("研发设计", "生产制造", "采购供应", "市场营销", "产品服务")
LEVEL_NAMES = {1: "一级（初始级）", 2: "二级（规范级）", 3: "三级（集成级）", 4: "四级（协同级）"}
_AREA_WORDS: dict[str, tuple[str, ...]] = {
    "研发设计": ("研发", "设计", "画图", "图纸", "工艺", "开发", "实验"),
    "生产制造": ("生产", "制造", "车间", "现场", "质量", "质检", "设备", "排产", "加工", "产线"),
    "采购供应": ("采购", "供应", "仓储", "仓库", "库存", "物流", "供货", "买料"),
    "市场营销": ("营销", "销售", "市场", "卖货", "电商", "客户", "订单"),
    "产品服务": ("服务", "售后", "维修", "运维", "报修"),
}
_LEVEL = r"[一二三四五六七八九十两\d]+|初始|规范|集成|协同"
_DIGIT = {"一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "初始": 1, "规范": 2, "集成": 3, "协同": 4}
REPORT = "caict_specialized_2024"


def as_list(value: object) -> object:
    """One word or a list of words → a list of words without blanks; a tool argument may come as either."""
    parts = [value] if isinstance(value, str) else value
    if not isinstance(parts, (list, tuple)):
        return value
    split = [bit for part in parts for bit in (re.split(r"[、,，;；/|]", part) if isinstance(part, str) else [part])]
    return [bit.strip() if isinstance(bit, str) else bit for bit in split if not isinstance(bit, str) or bit.strip()]


def read_levels(text: str) -> tuple[int, ...]:
    """Levels named in words: 三级, L3, 集成级, 二级到三级, 二级以上; all four when empty. ValueError outside 1 to 4."""
    said = squeeze(text)
    if not said:
        return (1, 2, 3, 4)
    numbers = [_DIGIT.get(m) or (int(m) if m.isdecimal() else 0) for m in re.findall(_LEVEL, said)]
    if not numbers or not all(1 <= n <= 4 for n in numbers):
        raise ValueError(f"等级只有一级到四级（初始级、规范级、集成级、协同级），没有“{shorten(text, 20)}”。")
    if re.search(r"以上|起", said):
        return tuple(range(numbers[0], 5))
    if re.search(r"以下|以内", said):
        return tuple(range(1, numbers[0] + 1))
    if len(numbers) == 2 and re.search(r"[到至~\-—－升]", said):
        return tuple(range(min(numbers), max(numbers) + 1))
    return tuple(sorted(set(numbers)))


def read_area(text: str) -> str:
    """The business area an everyday word means; ValueError when none."""
    said = squeeze(text)
    hits = [(said.find(word), area) for area, words in _AREA_WORDS.items() for word in (area, *words) if word in said]
    if not hits:
        raise ValueError(f"没有“{shorten(text, 20)}”这个环节，路径只分{'、'.join(AREAS)}。")
    return min(hits)[1]


class Arguments(BaseModel):
    """What sector_path is asked with."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(
        alias="行业", min_length=1, max_length=60, description="行业，日常说法即可：汽车、做药的、阀门"
    )
    areas: list[str] = Field(
        default=[], alias="环节", max_length=10, description="研发设计、生产制造、采购供应、市场营销、产品服务"
    )
    level: str = Field(
        default="", alias="等级", max_length=40, description="一级到四级，可写“二级到三级”；不写就是四级都列"
    )

    @field_validator("areas", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return as_list(value)

    @field_validator("areas")
    @classmethod
    def _known_areas(cls, value: list[str]) -> list[str]:
        return list(dict.fromkeys(read_area(v) for v in value if v not in {"全部", "所有", "各环节"}))

    @field_validator("level", mode="before")
    @classmethod
    def _level_text(cls, value: object) -> object:
        parts = value if isinstance(value, (list, tuple)) else [value]
        text = "、".join(f"{part}级" if isinstance(part, int) else str(part) for part in parts if part is not None)
        read_levels(text)
        return text


def cells_of(sector: str, areas: tuple[str, ...], levels: tuple[int, ...]) -> list[SectorCell]:
    """The cells of a sector, by area and then level."""
    cells = [c for c in load_tables().sector_path if c.sector == sector and c.area in areas and c.level in levels]
    return sorted(cells, key=lambda c: (areas.index(c.area), c.level))


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Look up the cells; a sector that is not in the matrix is said to be so and the nearest is offered."""
    kin = sector_kin(args.industry)
    if kin.best is None:
        return _not_covered(kin)
    areas, levels = tuple(args.areas) or AREAS, read_levels(args.level)
    cells = cells_of(kin.best, areas, levels)
    book = Book()
    rows = [(cell, book.cite(cell, quote=cell.text)) for cell in cells]
    lead = _lead(kin, areas, levels)
    parts = [lead, _table(rows)] if len(rows) > 1 else [f"{lead}{_one(*rows[0])}"]
    note = book.cite(REPORT, "路径指引", f"{REPORT}/caveat-matrix-status")
    parts.append(f"这是研究报告给的方向，不是评级的硬条件；评级看官方评测指标 [{note}]。")
    certainty = book.certainty if kin.name else weakest(book.certainty, "own")
    asks = () if args.areas else ("环节",)
    return Outcome("\n\n".join(parts), _data(kin, areas, levels, rows), book.rows, certainty, _next(kin), asks)


def _lead(kin: Kin, areas: tuple[str, ...], levels: tuple[int, ...]) -> str:
    span = f"{LEVEL_NAMES[levels[0]]}" if len(levels) == 1 else f"{LEVEL_NAMES[levels[0]]}到{LEVEL_NAMES[levels[-1]]}"
    what = "五个环节" if areas == AREAS else "、".join(areas)
    if kin.name:
        return f"**{kin.name}{what}，{span}**，要做到："
    return (
        f"**没有“{shorten(kin.asked, 20)}”的路径**：报告只写了{'、'.join(SECTORS)}。最接近的是**{kin.near}**（{kin.why}；非官方归法），"
        f"下面是它{what}{span}的要求，供参考，不是你这一行的："
    )


def cited(text: str, n: int) -> str:
    """The text with [n] before its full stop."""
    return f"{text.removesuffix('。')} [{n}]。"


def _one(cell: SectorCell, n: int) -> str:
    tools = f"\n\n用到的工具：{'、'.join(cell.tools)}。" if cell.tools else ""
    return f"{cited(cell.text, n)}{tools}"


def _table(rows: list[tuple[SectorCell, int]]) -> str:
    lines = ["| 环节 | 等级 | 要做到 |", "| --- | --- | --- |"]
    lines += [f"| {cell.area} | {LEVEL_NAMES[cell.level]} | {cited(cell.text, n)} |" for cell, n in rows]
    return "\n".join(lines)


def _data(
    kin: Kin, areas: tuple[str, ...], levels: tuple[int, ...], rows: list[tuple[SectorCell, int]]
) -> dict[str, Any]:
    return {
        "industry": kin.asked,
        "covered": kin.name is not None,
        "sector": kin.best,
        "near_because": kin.why,
        "areas": list(areas),
        "levels": list(levels),
        "cells": [
            {
                "area": c.area,
                "level": c.level,
                "level_name": c.level_name,
                "text": c.text,
                "tools": list(c.tools),
                "n": n,
            }
            for c, n in rows
        ],
    }


def _next(kin: Kin) -> tuple[str, ...]:
    steps = ("先用官方免费自测看清现在几级，再对照差哪一格", "要先后步骤和时间，说“路线图”")
    return steps if kin.name else ("看看适合你这一行的场景：说“适合我们的数字化场景”", *steps)


def _not_covered(kin: Kin) -> Outcome:
    book = Book()
    n = book.cite(REPORT, "四、行业场景", f"{REPORT}/sector-path-areas-covered")
    text = (
        f"**没有“{shorten(kin.asked, 20)}”的分级路径。** 现有资料只写了{'、'.join(SECTORS)}三个行业 [{n}]，也没有很接近的，我不硬套。\n\n"
        "可以改看两样：一是 42个场景里适合你的；二是官方评测指标各级的通用要求，任何制造业都能对照。"
    )
    data = {"industry": kin.asked, "covered": False, "sector": None, "offered": list(SECTORS), "cells": []}
    return Outcome(text, data, book.rows, book.certainty, ("说出做什么产品、用什么工艺，我再找相近的",), ("行业",))
