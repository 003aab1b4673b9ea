"""The table of sizes: the class that figures lead to, and the words for what decides and what lacks for the next one."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

from corpus.rows import SizeSector
from tools.firm.amounts import exact_text

CLASSES = ("大型", "中型", "小型", "微型")


NAMES = {"employees": "从业人员", "revenue_wan": "营业收入", "assets_wan": "资产总额"}


ASKED = {"employees": "从业人员", "revenue_wan": "营业收入万元", "assets_wan": "资产总额万元"}


Ends = tuple[Mapping[str, float], Mapping[str, float]]
"""The figures at the lower and at the upper end of what was said."""


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


def class_words(size: Size) -> str:
    return size.name if size.certain else f"最高{CLASSES[size.best]}"


def told_of(name: str, ends: Ends) -> str:
    said = said_words(name, ends[0], ends)
    return f"{NAMES[name]}{said.removeprefix(NAMES[name])}"


def reason(size: Size, least: Mapping[str, float], most: Mapping[str, float], n: int, ends: Ends) -> str:
    """Which figure decides, and what the next class up takes. least, most: the gaps at the ends of what was said."""
    if size.best == 0:
        return f"{'、'.join(NAMES[name] for name in size.reached)}都到了大型的线 [{n}]。"
    above = CLASSES[size.best - 1]
    needed = "、".join(
        f"{NAMES[name]} ≥{amount_words(name, bounds[size.best - 1])}" for name, bounds in size.sector.bounds.items()
    )
    together = "要同时满足" if len(size.sector.bounds) > 1 else "要"
    enough = [NAMES[name] for name in size.reached if name not in most]
    short = "、".join(
        f"**{told_of(name, ends)}，没到线**"
        if name in least and only_below(name, ends)
        else _gap(name, least.get(name), most[name])
        for name in size.reached
        if name in most
    )
    got = f"你的{'、'.join(enough)}够，" if enough else "你的"
    return f"{above}{together}：{needed}。{got}{short} [{n}]。"


def _gap(name: str, least: float | None, most: float) -> str:
    """What a figure lacks; a range of it where the figure was said roughly."""
    if least is None:
        return f"{NAMES[name]}够不够要看准数"
    upper = amount_words(name, most)
    return f"**{NAMES[name]}差{upper if least == most else f'{amount_words(name, least)}到{upper}'}**"


def said_words(name: str, figures: Mapping[str, float], ends: Ends) -> str:
    """A figure as it was used: one value, or the range that was said."""
    low, high = ends[0][name], ends[1][name]
    if low == high:
        return figure_words(name, figures[name])
    if only_below(name, ends):
        return f"{'' if name == 'employees' else NAMES[name]}{_below(name, high)}"
    upper = f"到{amount_words(name, high)}" if math.isfinite(high) else "以上"
    return f"{'' if name == 'employees' else NAMES[name]}{amount_words(name, low)}{upper}"


def _below(name: str, high: float) -> str:
    """A bound as it was said: 不到3亿元 where the figure is just below it, 不超过3亿元 where it is the figure itself."""
    bound, past = amount_words(name, high), amount_words(name, high + LEAST_STEP[name])
    return f"不到{past}" if name == "employees" or len(past) < len(bound) else f"不超过{bound}"


LEAST_STEP = {"employees": 1, "revenue_wan": 0.0001, "assets_wan": 0.0001}
"""What a figure said to be less than another is less by at least: one person, 1 元."""


def only_below(name: str, ends: Ends) -> bool:
    """Whether of a figure only that it is less than another was said (不到20人): there is no lower end to tell."""
    low, high = ends[0][name], ends[1][name]
    return low < high and math.isfinite(high) and low <= (1 if name == "employees" else 0)


def bounds_text(sector: SizeSector) -> str:
    return "；".join(
        f"{CLASSES[place]}："
        + "、".join(f"{NAMES[name]} ≥{amount_words(name, b[place])}" for name, b in sector.bounds.items())
        for place in range(3)
    )


def figure_words(name: str, value: float) -> str:
    return f"{value:g}人" if name == "employees" else f"{NAMES[name]}{amount_words(name, value)}"


def amount_words(name: str, value: float) -> str:
    """A figure that decides, exactly: 1999.999999万元 is not told as 2000万元."""
    return f"{value:.10g}人" if name == "employees" else exact_text(value)
