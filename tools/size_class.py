"""Whether a firm is large, medium, small or micro: which figure decides, and how far the next class is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

from core.errors import NeedsArgument
from corpus.rows import SizeNotCovered, SizeSector
from corpus.tables import load_tables
from tools import fields
from tools.amounts import People, Wan, wan_text
from tools.industries import Match, industry
from tools.outcome import Book, Outcome, structured

if TYPE_CHECKING:
    from langchain_core.tools import StructuredTool

CLASSES = ("大型", "中型", "小型", "微型")
NAMES = {"employees": "从业人员", "revenue_wan": "营业收入", "assets_wan": "资产总额"}
ASKED = {"employees": "从业人员", "revenue_wan": "营业收入万元", "assets_wan": "资产总额万元"}
UNUSUAL_WAN_PER_HEAD = (0.5, 3000.0)
"""Revenue per head (万元 a year) outside of which the figures are asked to be checked."""


class Arguments(BaseModel):
    """What size_class is asked with."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60, description="行业，日常说法即可：注塑、软件、批发")
    employees: People | None = Field(default=None, alias="从业人员", description="从业人员，人")
    revenue_wan: Wan | None = Field(default=None, alias="营业收入万元", description="上一年营业收入，万元")
    assets_wan: Wan | None = Field(default=None, alias="资产总额万元", description="资产总额，万元")

    @property
    def figures(self) -> dict[str, float]:
        """The figures given, by indicator."""
        given = {"employees": self.employees, "revenue_wan": self.revenue_wan, "assets_wan": self.assets_wan}
        return {name: float(value) for name, value in given.items() if value is not None}


@dataclass(frozen=True)
class Size:
    """The class that figures lead to. best, worst: places in CLASSES, equal where the class is certain.

    reached: the class that each figure alone allows. missing: indicators not given. deciding: those that hold it down.
    """

    sector: SizeSector
    best: int
    worst: int
    reached: Mapping[str, int]
    missing: tuple[str, ...]
    deciding: tuple[str, ...]

    @property
    def certain(self) -> bool:
        return self.best == self.worst

    @property
    def name(self) -> str:
        """中型, or a range such as 中型到微型."""
        return CLASSES[self.best] if self.certain else f"{CLASSES[self.best]}到{CLASSES[self.worst]}"

    def gaps(self, figures: Mapping[str, float]) -> dict[str, float]:
        """What each given figure lacks for the class above the best one; empty for large."""
        if self.best == 0:
            return {}
        lower = {name: bounds[self.best - 1] for name, bounds in self.sector.bounds.items()}
        return {name: lower[name] - figures[name] for name in lower if name in figures and figures[name] < lower[name]}


def classify(sector: SizeSector, figures: Mapping[str, float]) -> Size:
    """Classify by the figures that the sector looks at; one that is missing may only lower the class.

    figures: people and 万元. Source: 统计上大中小微型企业划分办法（2017）, table; lower bounds are inclusive.
    """
    reached: dict[str, int] = {
        name: next((place for place, bound in enumerate(bounds) if figures[name] >= bound), 3)
        for name, bounds in sector.bounds.items()
        if name in figures
    }
    missing = tuple(name for name in sector.bounds if name not in figures)
    best = max(reached.values(), default=0)
    worst = 3 if missing else best
    deciding = tuple(name for name, place in reached.items() if place == best)
    return Size(sector, best, worst, reached, missing, deciding)


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Classify; a sector outside the table is said to be so, one not named yields what is common to all.

    NeedsArgument where no figure is given, or none that the sector looks at.
    """
    figures = args.figures
    if not args.industry.strip():
        if not figures:
            raise NeedsArgument("行业", "做什么行业、多少人、去年营收多少？", "例如：注塑，280人，营收1.9亿。")
        return _any_sector(figures)
    match = industry(args.industry)
    if isinstance(match.size, SizeNotCovered):
        return _not_covered(match, match.size)
    wanted = [name for name in match.size.bounds if name not in figures]
    if len(wanted) == len(match.size.bounds):
        names = "和".join(NAMES[name] for name in wanted)
        raise NeedsArgument(
            ASKED[wanted[0]],
            f"{match.size_name}看{names}，请告诉我{fields.listed(ASKED[name] for name in wanted)}。",
            _bounds_text(match.size),
        )
    return _classified(match, match.size, classify(match.size, figures), figures)


def _classified(match: Match, sector: SizeSector, size: Size, figures: Mapping[str, float]) -> Outcome:
    book = Book()
    row, rule = book.cite(sector, quote=_bounds_text(sector)), book.cite(load_tables().size_rule)
    gaps = size.gaps(figures)
    head = (
        f"**{size.name}**（按{match.size_name}）"
        if size.certain
        else f"**最高{CLASSES[size.best]}**（按{match.size_name}）"
    )
    lines = [f"{head}。{_reason(size, gaps, row)}"]
    if not size.certain:
        names = "和".join(NAMES[name] for name in size.missing)
        lines.append(f"还缺{names}：每一项都要够线，缺的那项低了会再往下降，最低到微型 [{rule}]。")
    used = [_figure(name, figures[name]) for name in sector.bounds if name in figures]
    lines.append(
        f"规则：各项都要到线，有一项不到就降一档，线本身算到 [{rule}]。所用数据：{'、'.join(used)}。数字不对就告诉我。"
    )
    lines += _doubts(figures)
    data = {
        "industry": match.label, "sector": sector.sector, "size_class": size.name if size.certain else None,
        "highest": CLASSES[size.best], "lowest": CLASSES[size.worst], "deciding": [ASKED[name] for name in size.deciding],
        "reached": {ASKED[name]: CLASSES[place] for name, place in size.reached.items()},
        "figures": {ASKED[name]: value for name, value in figures.items()},
        "next_class": CLASSES[size.best - 1] if size.best else None,
        "gap_to_next": {ASKED[name]: round(value, 4) for name, value in gaps.items()},
        "bounds": {ASKED[name]: dict(zip(CLASSES, bounds, strict=False)) for name, bounds in sector.bounds.items()},
    }  # fmt: skip
    asks = () if size.certain else tuple(ASKED[name] for name in size.missing)
    return Outcome("\n\n".join(lines), data, book.rows, book.certainty, _next_steps(), asks)


def _reason(size: Size, gaps: Mapping[str, float], n: int) -> str:
    """Which figure decides, and what the next class up takes."""
    if size.best == 0:
        return f"{'、'.join(NAMES[name] for name in size.reached)}都到了大型的线 [{n}]。"
    above = CLASSES[size.best - 1]
    needed = "、".join(
        f"{NAMES[name]} ≥{_amount(name, bounds[size.best - 1])}" for name, bounds in size.sector.bounds.items()
    )
    together = "要同时满足" if len(size.sector.bounds) > 1 else "要"
    enough = [NAMES[name] for name in size.reached if name not in gaps]
    short = "、".join(f"**{NAMES[name]}差{_amount(name, _up(gap))}**" for name, gap in gaps.items())
    got = f"你的{'、'.join(enough)}够，" if enough else "你的"
    return f"{above}{together}：{needed}。{got}{short} [{n}]。"


def _up(gap: float) -> float:
    """A gap rounded up to what is shown (100 元, from 1亿元 on 1万元), so that it is never shown as nothing."""
    return math.ceil(gap * 100 - 1e-6) / 100 if gap < 10_000 else math.ceil(gap - 1e-6)


def _any_sector(figures: Mapping[str, float]) -> Outcome:
    """The class for each sector that the given figures settle."""
    book, results = Book(), dict[str, list[str]]()
    for sector in load_tables().size_sectors:
        size = classify(sector, figures)
        if size.certain and size.reached:
            results.setdefault(size.name, []).append(sector.sector.partition("（")[0])
    n = book.cite(load_tables().size_rule)
    used = "、".join(_figure(name, value) for name, value in figures.items())
    lines = [f"**还差行业才能定**：同样的数，不同行业结果不一样 [{n}]。", *_doubts(figures)]
    lines[1:1] = [f"- {name}：{'、'.join(results[name])}" for name in CLASSES if name in results]
    lines.append(f"所用数据：{used}。告诉我做什么的（例如注塑、批发、软件），就能定下来。")
    data = {"size_class": None, "by_sector": results, "figures": {ASKED[k]: v for k, v in figures.items()}}
    return Outcome("\n".join(lines), data, book.rows, book.certainty, (), ("行业",))


def _not_covered(match: Match, row: SizeNotCovered) -> Outcome:
    book = Book()
    n = book.cite(row)
    why = row.regulated_by or row.note or ""
    text = f"**{match.name}不在这张划型表里** [{n}]，没法按它分大中小微。{why.rstrip('。')}。"
    data = {"industry": match.label, "sector": row.sector, "covered": False, "size_class": None}
    return Outcome(text, data, book.rows, book.certainty, ("问当地统计部门或行业主管部门",))


def _next_steps() -> tuple[str, ...]:
    return (f"官方自测：{load_tables().size_rule.self_test}", "想知道这一档能申请什么，说“能申请什么资金”")


def _doubts(figures: Mapping[str, float]) -> list[str]:
    if "employees" not in figures or "revenue_wan" not in figures:
        return []
    per_head, (low, high) = figures["revenue_wan"] / figures["employees"], UNUSUAL_WAN_PER_HEAD
    if low <= per_head <= high:
        return []
    return [f"提醒：算下来人均营收{wan_text(round(per_head, 2))}，很少见，请核对人数和金额的单位。"]


def _bounds_text(sector: SizeSector) -> str:
    return "；".join(
        f"{CLASSES[place]}："
        + "、".join(f"{NAMES[name]} ≥{_amount(name, b[place])}" for name, b in sector.bounds.items())
        for place in range(3)
    )


def _figure(name: str, value: float) -> str:
    return f"{value:g}人" if name == "employees" else f"{NAMES[name]}{_amount(name, value)}"


def _amount(name: str, value: float) -> str:
    return f"{value:.10g}人" if name == "employees" else wan_text(round(value, 4))


def tool() -> StructuredTool:
    """The LangChain tool."""
    text = "按2017年划型标准判断企业是大型、中型、小型还是微型，说明卡在哪项、离上一档差多少。企业给出人数、营收时用。"
    return structured("size_class", text, Arguments, run)
