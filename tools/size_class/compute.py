"""Whether a firm is large, medium, small or micro: which figure decides, and how far the next class is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from core.errors import NeedsArgument
from corpus.rows import SizeNotCovered, SizeSector
from corpus.tables import load_tables
from tools import fields
from tools.firm.amounts import People, Wan, ends_of, wan_text
from tools.firm.industries import Match, industry, several
from tools.outcome import Book, Outcome
from tools.size_class.rule import (
    ASKED,
    CLASSES,
    LEAST_STEP,
    NAMES,
    Ends,
    Size,
    amount_words,
    bounds_text,
    class_words,
    classify,
    figure_words,
    only_below,
    reason,
    said_words,
    told_of,
)
from tools.size_class.several import Firm, each, of_trades

UNUSUAL_WAN_PER_HEAD = (0.5, 3000.0)
"""Revenue per head (万元 a year) outside of which the figures are asked to be checked."""


class Arguments(BaseModel):
    """What size_class is asked with."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60, description="行业，日常说法即可：注塑、软件、批发")
    employees: People | None = Field(default=None, alias="从业人员", description="从业人员，人")
    revenue_wan: Wan | None = Field(default=None, alias="营业收入万元", description="上一年营业收入，万元")
    assets_wan: Wan | None = Field(default=None, alias="资产总额万元", description="资产总额，万元")

    firms: list[Firm] = Field(
        default=[], alias="各家", max_length=5, description="一次问几家时，每家的行业、从业人员、营业收入万元"
    )
    spans: dict[Literal["从业人员", "营业收入万元", "资产总额万元"], tuple[float, float | None]] = Field(
        default={},
        alias="范围",
        max_length=3,
        description="说的是范围或约数时的上下限，例如 从业人员 [290, 310]，没有上限写 [300, null]",
    )

    @model_validator(mode="before")
    @classmethod
    def _both_ends(cls, given: Any) -> Any:
        """A figure given as a range (40~60) is its middle, one without an upper end its lower one, with both ends beside it."""
        if not isinstance(given, dict):
            return given
        spans = {
            alias: ends
            for field, alias in ASKED.items()
            for name in (field, alias)
            if isinstance(given.get(name), str) and (ends := ends_of(given[name])) and ends[0] >= 0
        }
        middle = {name: _middle(alias, spans[alias]) for field, alias in ASKED.items() for name in (field, alias) if alias in spans and name in given}  # fmt: skip
        return {**given, **middle, "范围": {**given.get("范围", {}), **spans}} if spans else given

    @property
    def ends(self) -> tuple[dict[str, float], dict[str, float]]:
        """The figures at the lower and at the upper end of what was said; the same where nothing was said roughly."""
        low, high = dict(self.figures), dict(self.figures)
        for name, label in ASKED.items():
            if name in low and label in self.spans:
                least, most = self.spans[label]
                low[name], high[name] = least, math.inf if most is None else most
        return low, high

    @property
    def figures(self) -> dict[str, float]:
        """The figures given, by indicator."""
        given = {"employees": self.employees, "revenue_wan": self.revenue_wan, "assets_wan": self.assets_wan}
        return {name: float(value) for name, value in given.items() if value is not None}


def _middle(alias: str, ends: tuple[float, float]) -> float:
    middle = (ends[0] + ends[1]) / 2 if math.isfinite(ends[1]) else ends[0]
    return math.floor(middle) if alias == "从业人员" else round(middle, 4)


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Classify; a sector outside the table is said to be so, one not named yields what is common to all.

    NeedsArgument where no figure is given, or none that the sector looks at.
    """
    if args.firms:
        return each(args.firms)
    figures = args.figures
    if not args.industry.strip():
        if not figures:
            raise NeedsArgument("行业", "做什么行业、多少人、去年营收多少？", "例如：注塑，280人，营收1.9亿。")
        return _any_sector(figures, args.ends)
    if trades := several(args.industry):
        return of_trades(trades, args.ends)
    match = industry(args.industry)
    if isinstance(match.size, SizeNotCovered):
        return _not_covered(match, match.size)
    wanted = [name for name in match.size.bounds if name not in figures]
    if len(wanted) == len(match.size.bounds):
        names = "和".join(NAMES[name] for name in wanted)
        raise NeedsArgument(
            ASKED[wanted[0]],
            f"{match.size_name}看{names}，请告诉我{fields.listed(ASKED[name] for name in wanted)}。",
            bounds_text(match.size),
        )
    low, high = args.ends
    least, most = classify(match.size, low), classify(match.size, high)
    if (least.best, least.worst) != (most.best, most.worst):
        return _between(match, match.size, (least, low), (most, high))
    return _classified(match, match.size, classify(match.size, figures), figures, (low, high))


def _between(
    match: Match, sector: SizeSector, least: tuple[Size, Mapping[str, float]], most: tuple[Size, Mapping[str, float]]
) -> Outcome:
    """Both outcomes, where what was said lies on both sides of a line."""
    book = Book()
    row, rule = book.cite(sector, quote=bounds_text(sector)), book.cite(load_tables().size_rule)
    crossed = {
        name: [bound for bound in bounds if least[1][name] < bound <= most[1][name]]
        for name, bounds in sector.bounds.items()
        if name in least[1] and least[1][name] != most[1][name]
    }
    names = [name for name, bounds in crossed.items() if bounds]
    at = "、".join(f"{NAMES[name]}{amount_words(name, bound)}" for name in names for bound in crossed[name])
    lines = [
        f"**{class_words(most[0])}还是{class_words(least[0])}，要看准数**（按{match.size_name}）：您说的数跨在线上，线是{at} [{row}]。",
        f"- 按少的算（{_ends_text(sector, least[1], (least[1], most[1]))}）：{class_words(least[0])}\n- 按多的算（{_ends_text(sector, most[1], (least[1], most[1]))}）：{class_words(most[0])}",
        f"告诉我{'和'.join(NAMES[name] for name in names)}的准数就能定。规则：各项都要到线，有一项不到就降一档，线本身算到 [{rule}]。",
    ]
    data = {
        "industry": match.label, "sector": sector.sector, "size_class": None, "highest": CLASSES[most[0].best], "lowest": CLASSES[least[0].worst],
        "figures": {ASKED[name]: _value(value, most[1][name]) for name, value in least[1].items()},
        "said": [told_of(name, (least[1], most[1])) for name in least[1]],
        "bounds": {ASKED[name]: dict(zip(CLASSES, bounds, strict=False)) for name, bounds in sector.bounds.items()},
    }  # fmt: skip
    asks = tuple(ASKED[name] for name in (*names, *most[0].missing))
    return Outcome("\n\n".join(lines), data, book.rows, book.certainty, _next_steps(), asks)


def _value(low: float, high: float) -> float | list[float | None]:
    """A figure as data: one value, or both ends of what was said; None for an end that is open."""
    return low if low == high else [low, _finite(high)]


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _ends_text(sector: SizeSector, figures: Mapping[str, float], ends: Ends) -> str:
    return "、".join(_end_text(name, figures[name], ends) for name in sector.bounds if name in figures)


def _end_text(name: str, value: float, ends: Ends) -> str:
    """One end of what was said; an open one as such."""
    if only_below(name, ends) and value == ends[1][name]:
        bound, past = amount_words(name, value), amount_words(name, value + LEAST_STEP[name])
        return f"{NAMES[name]}{f'就差一点到{past}' if len(past) < len(bound) else f'刚好{bound}'}"
    if not math.isfinite(value):
        return f"{NAMES[name]}再多些"
    return f"{NAMES[name]}再少些" if value <= (1 if name == "employees" else 0) else figure_words(name, value)


def _classified(match: Match, sector: SizeSector, size: Size, figures: Mapping[str, float], ends: Ends) -> Outcome:
    book = Book()
    row, rule = book.cite(sector, quote=bounds_text(sector)), book.cite(load_tables().size_rule)
    least, most = size.gaps(ends[1]), size.gaps(ends[0])
    head = (
        f"**{size.name}**（按{match.size_name}）"
        if size.certain
        else f"**最高{CLASSES[size.best]}**（按{match.size_name}）"
    )
    lines = [f"{head}。{reason(size, least, most, row, ends)}"]
    if not size.certain:
        names = "和".join(NAMES[name] for name in size.missing)
        lines.append(f"还缺{names}：每一项都要够线，缺的那项低了会再往下降，最低到微型 [{rule}]。")
    used = [said_words(name, figures, ends) for name in sector.bounds if name in figures]
    lines.append(
        f"规则：各项都要到线，有一项不到就降一档，线本身算到 [{rule}]。所用数据：{'、'.join(used)}。数字不对就告诉我。"
    )
    lines += _doubts(figures)
    data = {
        "industry": match.label, "sector": sector.sector, "size_class": size.name if size.certain else None,
        "highest": CLASSES[size.best], "lowest": CLASSES[size.worst], "deciding": [ASKED[name] for name in size.deciding],
        "reached": {ASKED[name]: CLASSES[place] for name, place in size.reached.items()},
        "figures": {ASKED[name]: _value(ends[0][name], ends[1][name]) for name in figures},
        "said": [told_of(name, ends) for name in figures],
        "next_class": CLASSES[size.best - 1] if size.best else None,
        "gap_to_next": {ASKED[name]: _value(round(least.get(name, 0.0), 6), round(gap, 6)) for name, gap in most.items() if not only_below(name, ends)},
        "bounds": {ASKED[name]: dict(zip(CLASSES, bounds, strict=False)) for name, bounds in sector.bounds.items()},
    }  # fmt: skip
    asks = () if size.certain else tuple(ASKED[name] for name in size.missing)
    return Outcome("\n\n".join(lines), data, book.rows, book.certainty, _next_steps(), asks)


def _any_sector(figures: Mapping[str, float], ends: Ends) -> Outcome:
    """The class for each sector that the given figures settle."""
    book, results = Book(), dict[str, list[str]]()
    for sector in load_tables().size_sectors:
        size, least = classify(sector, ends[1]), classify(sector, ends[0])
        if size.certain and size.reached and least.best == size.best:
            results.setdefault(size.name, []).append(sector.sector.partition("（")[0])
    n = book.cite(load_tables().size_rule)
    used = "、".join(said_words(name, figures, ends) for name in figures)
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
