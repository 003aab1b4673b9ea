"""A message read for the arguments of tools: its own words first, then the profile, then what the tool before was given."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from core.clock import today
from core.numbers import read_number
from core.periods import Period, period
from core.text import normalise
from tools.firm import extraction, industries
from tools.firm.amounts import money
from tools.firm.outlay import Outlay, read_outlay
from tools.firm.profile import Profile
from tools.firm.roles import Figures, read_roles

_T = TypeVar("_T")
AREA_WORDS = (
    ("研发设计", r"研发|设计|画图|工艺"),
    ("生产制造", r"生产|车间|制造(?!业|执行)|产线|现场"),
    ("采购供应", r"采购|供应(?!商)|进货|供应链|仓"),
    ("市场营销", r"营销|销售|市场|卖货|客户"),
    ("产品服务", r"售后|运维|产品服务|服务环节|维修|远程"),
)
_LEVEL = re.compile(r"([一二三四1-4])\s*级|(初始|规范|集成|协同)级|level\s*([1-4])|L([1-4])", re.I)
_NAMES = {"初始": "一", "规范": "二", "集成": "三", "协同": "四", "1": "一", "2": "二", "3": "三", "4": "四"}
_YEARS = re.compile(
    r"(?<!\d)(\d{1,2}(?:\.5)?|[一二两三四五六七八九十]|半)\s*(年(?!营|产|销|卖|收|底|初|级|轻|纪|的?营)|个月)"
)
_ENDS = re.compile(r"截止|到期|过期|来得及")
EVERY_LEVEL = ("级别", "每级", "每一级", "各级", "逐级", "一级一级", "哪级", "几级")


@dataclass(frozen=True)
class Told:
    """A message read for arguments. standalone: made complete from the turn before; now: what this message alone tells.

    profile: all that is known; before: the arguments of the last tool; earlier: the messages before, oldest first;
    value: the kind of value that is asked for, "" where none is.
    """

    text: str
    standalone: str
    now: Profile
    profile: Profile
    before: Mapping[str, Any] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    day: date = field(default_factory=today)
    value: str = ""

    @cached_property
    def due(self) -> Period | None:
        """The days within which what is asked for must end, where the message asks for what ends: 下个月底前截止的."""
        named = period(self.text, self.day) if _ENDS.search(self.text) else None
        if named and named.first and named.relative and named.last == self.day and named.first < self.day:
            return replace(
                named, last=self.day + (self.day - named.first)
            )  # 最近一个月内: what comes as well as what was
        return named

    @cached_property
    def money(self) -> dict[str, float]:
        """Amounts in 万元 by what they are: spent_wan, budget_wan, loan_wan, revenue_wan, assets_wan."""
        sure = self.figures.sure
        return {name: amount.value for name, amount in sure.items() if name != "employees"}

    @cached_property
    def figures(self) -> Figures:
        """The figures of this message by what they are, settled or unclear."""
        return read_roles(extraction.stated(self.text))

    @property
    def knew_the_firm(self) -> bool:
        """Whether facts of the user's firm were known before this message."""
        return bool(self.profile.as_json().keys() - self.now.as_json().keys())

    @property
    def now_spend(self) -> float | None:
        return self.money.get("spent_wan", self.money.get("budget_wan"))

    @cached_property
    def industry(self) -> str:
        """The industry spoken of: in this message, else of the last tool, else of the profile."""
        here = industries.spoken(self.text)
        if here and not here.generic:
            return here.word
        before = industries.find(self.earlier[-1]) if self.earlier else None
        known = (
            (before.word if before and not before.generic else "") or self.before.get("行业") or self.profile.industry
        )
        return str(known or self._learnt_industry or (here.name if here else ""))

    @cached_property
    def _learnt_industry(self) -> str:
        """The trade that this message tells of without its name, else the latest one before it that does; "" where none does."""
        found = (industries.told(text) for text in (self.text, *reversed(self.earlier)))
        return next((match.word for match in found if match and not match.generic), "")

    @cached_property
    def areas(self) -> list[str]:
        return [name for name, words in AREA_WORDS if re.search(words, re.sub(r"制造业|供应商", "", self.text))]

    @cached_property
    def levels(self) -> list[str]:
        text = re.sub(r"最高(的|那)?一?级|顶级", "四级", re.sub(r"(最低|入门|起步)(的|那)?一?级", "一级", self.text))
        if re.search(r"每一?级|各级|逐级|一级一级", text):
            return []
        found = [next(g for g in m.groups() if g) for m in _LEVEL.finditer(text)]
        levels = list(dict.fromkeys(f"{_NAMES.get(f, f)}级" for f in found))
        return (
            [f"{levels[0]}到{levels[1]}"] if len(levels) == 2 and re.search(r"级.{0,2}[到至].{0,4}级", text) else levels
        )

    @cached_property
    def years(self) -> float | None:
        """How long a plan is to take: 三年, 两年内, 18个月."""
        for number, unit in _YEARS.findall(
            re.sub(r"(去|今|明|上|前|每|一)年|20\d\d年|一年(?=营|产|卖|花|拿)", "", self.text)
        ):
            value = 0.5 if number == "半" else read_number(number)
            if value:
                return round(value / 12, 2) if unit == "个月" else value
        return None

    @property
    def shaping(self) -> int:
        """How many facts are known that shape a plan."""
        known = self.profile
        told = (known.employees, known.level, known.target_level, known.budget_wan, self.years)
        return sum(fact is not None for fact in told) + bool(self.now.industry)

    @property
    def levels_named(self) -> bool:
        """Whether levels are asked about, one or all of them."""
        return bool(self.levels) or any(word in self.standalone for word in EVERY_LEVEL)

    def industry_of(self, known: Profile) -> str:
        """The industry for a tool's argument; with known being `now`, only what this message says."""
        if known is self.now:
            short = industries.find(self.text, said=True) if len(self.text) <= 12 else industries.spoken(self.text)
            here = short or industries.told(self.text)
            return here.word if here else ""
        return self.industry

    def place(self, known: Profile) -> str | None:
        """The place asked about: one that the message names before the one where the firm is."""
        return extraction.place(self.text) or known.region

    @cached_property
    def outlay(self) -> Outlay:
        """What this message tells of the cost of a project, on top of what the tool before was asked with."""
        before = self.before.get("投入万元")
        return read_outlay(extraction.stated(self.text), before if isinstance(before, (int, float)) else None)

    def project_outlay(self, place: str | None) -> Outlay:
        """The cost of the project, from this message or the last one before it about the same place that told any."""
        if replace(self.outlay, hoped_wan=None) != Outlay():
            return self.outlay
        budget = self.profile.budget_wan

        def read(text: str) -> Outlay | None:
            said = extraction.stated(text)
            if (found := read_outlay(said)).spend_wan is not None:
                return found
            return Outlay(budget) if budget in [amount.value for amount in money(said)] else None  # 太贵了，20万呢

        return self.told_before(place, read) or self.outlay

    def told_before(self, place: str | None, read: Callable[[str], _T | None]) -> _T | None:
        """What the latest message tells, this one first, of those that speak of no other place."""
        for text in (self.text, *reversed(self.earlier)):
            text = normalise(text)
            here = text == self.text or extraction.place(text) in {None, place}
            if here and (found := read(text)) is not None:
                return found
        return None

    def target(self, known: Profile) -> str | None:
        """The level aimed at: what this message says of it (如果做到三级), else what is known."""
        said = re.search(r"(?:做到|升到|达到|评上|到)\s*(?:了)?([二三四2-4]|规范|集成|协同)级", self.text)
        return f"{_NAMES.get(said[1], said[1])}级" if said else level_name(known.target_level)


def level_name(level: int | None) -> str | None:
    """How an argument names a level: 2 → 二级."""
    return f"{'一二三四'[level - 1]}级" if level else None
