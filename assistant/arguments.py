"""What a message gives a tool to work with: its own words first, then the profile, then the tool that ran before."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from assistant.history import Call
from assistant.values import kind_asked
from core.clock import today
from core.numbers import quantities, read_number
from core.periods import Period, period
from core.text import normalise
from corpus.place_roles import SEAT, SITE, counted, parts, set_aside
from tools.cases import compute as cases
from tools.firm import extraction, industries
from tools.firm.aims import finish_said, levels_said, target_said
from tools.firm.amounts import money, people, wan_text
from tools.firm.changes import is_change
from tools.firm.kinship import sector_kin
from tools.firm.outlay import Outlay, read_outlay
from tools.firm.profile import Profile, extract
from tools.firm.roles import FACTS, Figures, read_roles, span
from tools.maturity.practice import AREA_SCENES
from tools.size_class.rule import ASKED
from tools.subsidy.programme import interest_named
from tools.tool_vendors import compute as tool_vendors

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
_PURPOSE = re.compile(
    r"(?:换|买|购置?|采购|上|改造?|更新|升级|建|装|租|添|做|搞)(?!年|半年|过|来|面)[^，,。？?！!；;万\d]{1,12}"
)
_INDICATORS = (
    ("占比", r"占比|比重|比例|占营收|百分之"),
    ("等级", r"[一二三四1-4]级|等级|水平"),
    ("投入", r"投|花|钱|预算"),
)
EVERY_LEVEL = ("级别", "每级", "每一级", "各级", "逐级", "一级一级", "哪级", "几级")
FREE = {
    "maturity": (*AREA_SCENES, "行业", "已用系统"),
    "subsidy": ("地区", "用途", "企业类型", "行业"),
    "roadmap": ("行业", "痛点", "动因", "产品复杂度", "地区"),
    "size_class": ("行业",),
    "sector_path": ("行业", "环节", "等级"),
    "scenarios": ("行业", "环节"),
    "cases": ("行业", "场景", "工具", "地区"),
    "tool_vendors": ("工具",),
    "glossary": ("术语",),
    "benchmark": ("指标", "行业"),
}
"""Arguments that may be answered in any words."""
_OF_FIGURES = frozenset({"size_class", "subsidy", "roadmap", "benchmark", "maturity", "scenarios"})
"""Tools that compute on the firm's figures."""

_OF_PLACES = frozenset({"subsidy", "roadmap"})
"""Tools that go by where the firm is."""


@dataclass(frozen=True)
class Told:
    """A message read for arguments. now: what this message alone tells; profile: all that is known; last: the tool before."""

    text: str
    standalone: str
    now: Profile
    profile: Profile
    last: Call | None
    earlier: tuple[str, ...] = ()
    day: date = field(default_factory=today)

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
    def now_spend(self) -> float | None:
        return self.money.get("spent_wan", self.money.get("budget_wan"))

    @cached_property
    def industry(self) -> str:
        """The industry spoken of: in this message, else of the last tool, else of the profile."""
        here = industries.find(self.text)
        if here and not here.generic:
            return here.word
        before = industries.find(self.earlier[-1]) if self.earlier else None
        return str(
            (before.word if before and not before.generic else "")
            or (self.last.arguments.get("行业") if self.last else "")
            or self.profile.industry
            or (here.name if here else "")
        )

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
    def money_facts(self) -> int:
        """How many of place, kind of firm, amount and purpose are known for matching support."""
        known = self.profile
        told = self.money.keys() | self.figures.unclear.keys()
        amount = bool(told & {"spent_wan", "budget_wan", "loan_wan"}) or known.budget_wan is not None
        amount = amount or bool(self.outlay.spend_wan or self.outlay.open)
        return 2 * amount + bool(known.region) + bool(known.titles or known.size) + (self.now.employees is not None)

    @property
    def levels_named(self) -> bool:
        """Whether levels are asked about, one or all of them."""
        return bool(self.levels) or any(word in self.standalone for word in EVERY_LEVEL)

    def facts(self, tool: str) -> int:
        """How many facts of the firm this message itself gives that a tool computes on."""
        known, now = self.profile, self.now
        match tool:
            case "subsidy":
                return self.money_facts
            case "size_class":
                return sum(v is not None for v in (known.employees, known.revenue_wan, known.assets_wan))
            case "benchmark":
                return 2 * (self.now_spend is not None or now.level is not None)
            case "maturity":
                return len(now.systems) + len(now.practices)
        shaping = (known.employees, known.level, known.target_level, known.budget_wan, self.years)
        return sum(v is not None for v in shaping) + bool(now.industry)

    @property
    def has_case_words(self) -> bool:
        return bool(self.industry or self.scenario or extraction.system_words(self.text))

    @cached_property
    def scenario(self) -> str:
        found = cases.scenario_of(self.text)
        return found.name if found else ""

    def arguments(self, tool: str, inherit: bool = True) -> dict[str, Any]:
        """A tool's arguments by their Chinese names, without what is not known. inherit: from the profile as well."""
        known = self.profile if inherit else self.now
        given = getattr(self, f"_{tool}")(known)
        return {name: value for name, value in given.items() if value not in (None, "", [], ())}

    def read_back(self, tool: str, arguments: Mapping[str, Any]) -> tuple[str, ...]:
        """What to repeat of this message's figures: those read from an unusual form, and those that were not used."""
        text = extraction.stated(self.text)
        spans = arguments.get("范围") or {}
        used = [(name, amount) for amount in (*self.figures.sure.values(), *people(text), *money(text)) for name, value in arguments.items()
                if amount.unusual and value == amount.value and name not in spans]  # fmt: skip
        lines = [f"“{amount.words}”按{shown(name, amount.value)}算，不对请告诉我。" for name, amount in used]
        lines += [unused(name, words) for name, words in self.figures.unclear.items() if tool in _OF_FIGURES]
        if tool == "size_class" and "从业人员" not in arguments and "employees" not in self.figures.unclear:
            lines += _uncounted(text)
        lines += _told_of_places(self.text) if tool in _OF_PLACES else ()
        if tool == "subsidy":
            lines += [f"{line}。" for line in (self.outlay.note, self.outlay.open) if line]
        return tuple(dict.fromkeys(lines))

    def _industry_of(self, known: Profile) -> str:
        if known is self.now:
            here = industries.find(self.text, said=len(self.text) <= 12)
            return here.word if here else ""
        return self.industry

    def _maturity(self, known: Profile) -> dict[str, Any]:
        done = dict(known.practices)
        return {"行业": self._industry_of(known), "已用系统": list(known.systems), "从业人员": known.employees,
                **{area: done.get(area) for area in AREA_SCENES}}  # fmt: skip

    def _size_class(self, known: Profile) -> dict[str, Any]:
        trades = "、".join(match.word for match in industries.several(self.text))
        return {"行业": trades or self._industry_of(known), "从业人员": known.employees, "营业收入万元": known.revenue_wan,
                "资产总额万元": known.assets_wan, "范围": _spans(known)}  # fmt: skip

    def _place(self, known: Profile) -> str | None:
        """The place asked about: one that the message names before the one where the firm is."""
        return extraction.place(self.text) or known.region

    def _subsidy(self, known: Profile) -> dict[str, Any]:
        kind = "、".join((*known.titles, *([known.size] if known.size else [])))
        inherit, due, place = known is not self.now, self.due, self._place(known)
        cost = self._outlay(place) if inherit else self.outlay
        spend = None if cost.open or cost.loan_part else cost.spend_wan or known.budget_wan
        finish = (
            self._earlier(place, lambda text: finish_said(text, self.day))
            if inherit
            else finish_said(self.text, self.day)
        )
        first, last = finish or (None, None)
        return {"截止起": due and due.first and due.first.isoformat(), "截止止": due and due.last and due.last.isoformat(),
                "地区": place, "企业类型": kind, "投入万元": spend, "贷款万元": self.money.get("loan_wan"),
                "用途": "，".join(filter(None, (self._purpose(inherit), *cost.parts, cost.loan_part))), "行业": self._industry_of(known),
                "从业人员": known.employees, "营业收入万元": known.revenue_wan, "等级": _level(known.level),
                "目标等级": self._aim(known, place if inherit else None), "完工起": first and first.isoformat(),
                "完工止": last and last.isoformat(), "已得补助万元": cost.received_wan, "问的项目": interest_named(self.text),
                "问的金额万元": self.outlay.hoped_wan}  # fmt: skip

    @cached_property
    def outlay(self) -> Outlay:
        """What this message tells of the cost of a project, on top of what the tool before was asked with."""
        before = self.last.arguments.get("投入万元") if self.last else None
        return read_outlay(extraction.stated(self.text), before if isinstance(before, (int, float)) else None)

    def _outlay(self, place: str | None) -> Outlay:
        """The cost of the project, from this message or the last one before it about the same place that told any."""
        if replace(self.outlay, hoped_wan=None) != Outlay():
            return self.outlay
        budget = self.profile.budget_wan

        def read(text: str) -> Outlay | None:
            said = extraction.stated(text)
            if (found := read_outlay(said)).spend_wan is not None:
                return found
            return Outlay(budget) if budget in [amount.value for amount in money(said)] else None  # 太贵了，20万呢

        return self._earlier(place, read) or self.outlay

    def _earlier(self, place: str | None, read: Callable[[str], _T | None]) -> _T | None:
        """What the latest message tells, this one first, of those that speak of no other place."""
        for text in (self.text, *reversed(self.earlier)):
            text = normalise(text)
            here = text == self.text or extraction.place(text) in {None, place}
            if here and (found := read(text)) is not None:
                return found
        return None

    def _aim(self, known: Profile, place: str | None) -> str | None:
        """The level aimed at: what this message says of it, what is known, else what an earlier one said of the same place."""
        now = target_said(self.text)
        if now is None and known.target_level is None and known.level is None and place:
            now = self._earlier(place, target_said)
        present = _level(known.level)
        return now if now and now != present else self._target(known)

    def _purpose(self, inherit: bool) -> str:
        found = next(filter(None, map(_purposes, (self.text, *(reversed(self.earlier) if inherit else ())))), ())
        return "、".join(found)

    def _target(self, known: Profile) -> str | None:
        """The level aimed at: what this message says of it (如果做到三级), else what is known."""
        said = re.search(r"(?:做到|升到|达到|评上|到)\s*(?:了)?([二三四2-4]|规范|集成|协同)级", self.text)
        return f"{_NAMES.get(said[1], said[1])}级" if said else _level(known.target_level)

    def _roadmap(self, known: Profile) -> dict[str, Any]:
        return {"行业": self._industry_of(known), "从业人员": known.employees, "当前等级": _level(known.level),
                "目标等级": self._target(known), "周期年": self.years, "预算万元": known.budget_wan,
                "产品复杂度": known.complexity, "地区": self._place(known), "痛点": "、".join(known.pains), "无IT人员": known.no_it_staff,
                "问花费": kind_asked(self.text) == "价格" or None}  # fmt: skip

    def _sector_path(self, known: Profile) -> dict[str, Any]:
        industry = self._industry_of(known)
        return {
            "行业": (sector_kin(industry).name or industry) if industry else "",
            "环节": self.areas,
            "等级": "、".join(self.levels),
        }

    def _scenarios(self, known: Profile) -> dict[str, Any]:
        return {"行业": self._industry_of(known), "环节": self.areas, "从业人员": known.employees}

    def _cases(self, known: Profile) -> dict[str, Any]:
        systems = [words for words, rows in extraction.system_words(self.text) if {row.id for row in rows} != {"paper"}]
        return {
            "行业": self._industry_of(known),
            "场景": self.scenario,
            "工具": "、".join(systems),
            "地区": extraction.place(self.text),
        }

    def _tool_vendors(self, known: Profile) -> dict[str, Any]:
        rows = [
            row for part in re.split(r"[和与跟、，,及]|\band\b", self.standalone) for row in tool_vendors.find(part)
        ]
        return {"工具": "、".join(dict.fromkeys(row.abbreviation or row.tool for row in rows))}

    def _glossary(self, known: Profile) -> dict[str, Any]:
        from tools.glossary import compute as glossary

        term = glossary.exact(self.standalone)
        return {"术语": term.term if term else ""}

    def _benchmark(self, known: Profile) -> dict[str, Any]:
        indicator = next((name for name, words in _INDICATORS if re.search(words, self.text)), "")
        if not indicator or (indicator == "占比" and self.now_spend is None):
            indicator = "、".join(words for words, _ in extraction.system_words(self.text)) or indicator or "投入"
        spend = self.now_spend if self.now_spend is not None else self._spend_by_share(known)
        said = levels_said(normalise(self.text))
        level = _level(said[0].low) if len({s.low for s in said}) == 1 else _level(known.level)
        if spend is not None and not said and indicator == "等级":
            indicator = "投入"
        return {"指标": indicator, "营业收入万元": known.revenue_wan, "投入万元": spend, "行业": self._industry_of(known),
                "从业人员": known.employees, "等级": level}  # fmt: skip

    def _spend_by_share(self, known: Profile) -> float | None:
        """The yearly spend of which only the share of the revenue was told: 投了营收的3%."""
        text = normalise(self.text)
        for q in quantities(text) if known.revenue_wan else ():
            beside = text[max(0, q.start - 6) : q.start] + text[q.end : q.end + 4]
            if q.kind == "share" and q.exact and re.search("营收|收入|销售额", beside):
                return round((known.revenue_wan or 0) * q.nominal / 100, 4)
        return None


def _spans(known: Profile) -> dict[str, tuple[float, float | None]]:
    """The ends of the figures that were said roughly, by the arguments that take them; None for no upper end."""
    said = {name: span(words) for name, words in known.said if getattr(known, name) is not None}
    return {
        ASKED[name]: (ends[0], ends[1] if math.isfinite(ends[1]) else None)
        for name, ends in said.items()
        if ends and name in ASKED
    }


def _uncounted(text: str) -> list[str]:
    """What is said of people counted in parts (男工180女工150, 5个车间每个60人), where no total is told."""
    parts = [q.words for q in quantities(text) if q.kind == "people" or (q.kind, q.unit) == ("count", "个")]
    parts += [q.words for q in quantities(text) if q.kind == "number" and text[: q.start].endswith(("工", "员", "人"))]
    if not parts:
        return []
    said = "、".join(f"“{words}”" for words in dict.fromkeys(parts))
    return [f"人数说的是{said}，我没有自己加起来，也没有算进去；请说一共多少人，例如“280人”。"]


def _told_of_places(text: str) -> tuple[str, ...]:
    """For which of the places named it was reckoned, and which were left out, where a message names several."""
    kept, others = counted(text), set_aside(text)
    names = "、".join(each.place.label for each in kept)
    if not kept and others:
        return (f"{'、'.join(each.told for each in others)}，没有按那里算；你们厂在哪里，请告诉我。",)
    if others:
        return (f"这是按{names}算的；{'、'.join(each.told for each in others)}，没有按那里算，不对请告诉我。",)
    if len(kept) > 1 and {each.role for each in kept} == {SITE, SEAT}:
        both = "、".join(each.told for each in kept)
        return (f"你说{both}，按哪一处报要看当地怎么定，所以两处都列了，先问清再报。",)
    return ()


def shown(argument: str, value: float) -> str:
    """A figure for users by the argument that takes it."""
    return f"{value:g}人" if argument == "从业人员" else wan_text(value)


def unused(name: str, words: str) -> str:
    """What is said of a figure that cannot be taken for one value."""
    example = "280人" if name == "employees" else "3000万元"
    if words.startswith(("-", "负")):
        return f"{FACTS[name]}“{words}”是负数，没有算进去；请说一个大于0的数，例如“{example}”。"
    if any(q.kind == "foreign" for q in quantities(words)):
        return f"{FACTS[name]}“{words}”是外币，我没有换算，也没有算进去；请说折合人民币多少万元。"
    if is_change(words):
        return f"{FACTS[name]}“{words}”没说清是变之前还是变之后的数，没有算进去；请说现在一共多少，例如“{example}”。"
    if name == "revenue_wan" and all(q.sure for q in quantities(words)):
        return f"{FACTS[name]}“{words}”不像一整年的一个数，没有算进去；请说去年全年多少，例如“3000万元”。"
    return f"{FACTS[name]}“{words}”说不准是多少，没有算进去；请说一个数，例如“{example}”。"


def _purposes(text: str) -> tuple[str, ...]:
    """What money is to be spent on, in the words used: 换设备, 上MES."""
    bare = re.sub(r"\d[\d.,]*\s*[千百]?[万亿w]元?|[一二三四五六七八九十百千]+万", "，", text)
    wrong = r"补|资金|贴息|担保|政策|支持|申请|计划|规划|多少|什么|啥|路线|级|[吗呢么]$"
    found = [m for m in _PURPOSE.findall(bare) if not re.search(wrong, m)]
    return tuple(m for m in found if m[0] not in "做搞" or industries.find(m[1:], said=True) is None)


def _level(level: int | None) -> str | None:
    return f"{'一二三四'[level - 1]}级" if level else None


def gather(
    text: str,
    standalone: str,
    profile: Profile,
    last: Call | None,
    earlier: tuple[str, ...] = (),
    day: date | None = None,
) -> Told:
    """Read a message for arguments on top of what is known. earlier: the user's messages before it, oldest first."""
    return Told(text, standalone, extract(text), extract(text, profile), last, earlier, day or today())


_EACH_ITS_OWN = ("投入万元", "贷款万元", "目标等级", "等级", "用途", "行业", "从业人员", "营业收入万元")
"""What a message may tell of each of several places apart."""


def at_each(text: str, asked: Sequence[str], given: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """The arguments for each of several places: what the message tells of that one, and what it tells of all together.

    What the last part alone tells is said of all: 厂在佛山，注册在中山，投80万. What two parts tell apart is each one's own.
    """
    named = {each.place.label: each.place for each in counted(text)}
    own = {
        place: gather(part, part, Profile(), None).arguments("subsidy", inherit=False)
        for place, part in ((at.label, part) for at, part in parts(text, list(named.values())))
    }
    last = next(reversed(own), "")
    apart = {
        name
        for name in _EACH_ITS_OWN
        for telling in [[place for place in own if name in own[place]]]
        if len(telling) > 1 or (telling and telling != [last])
    }
    shared = {name: value for name, value in given.items() if name not in apart}
    return {place: shared | {n: v for n, v in own.get(place, {}).items() if n in apart} for place in asked}
