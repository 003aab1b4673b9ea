"""The 54 enterprise cases: found by industry, scenario, tool and region, ranked, each with how close it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, model_validator
from rapidfuzz import fuzz

from core.cut import shorten
from core.errors import NeedsArgument
from core.text import squeeze
from corpus.places import Place, place_named, places
from corpus.rows import Case, Scenario
from corpus.tables import load_tables
from tools.cases.kin import case_kin
from tools.outcome import Book, Outcome, weakest

SHOWN = 5
_ALIKE = 75
"""Least rapidfuzz score at which two scenario names count as the same thing said differently."""
_WORDS = {
    "机器视觉": "质量形态检测", "视觉": "质量形态检测", "质检": "质量形态检测", "外观": "质量形态检测", "能耗": "能源数据监测",
    "用电": "能源数据监测", "节电": "能源运行优化", "报工": "现场透明化管理", "看板": "现场透明化管理", "排程": "数字化排产与优化",
    "追溯": "产品质量追溯", "溯源": "产品质量追溯", "图纸": "产品全生命周期管理", "过磅": "自动化称重计量", "地磅": "自动化称重计量",
    "机床联网": "设备状态监测", "设备联网": "设备状态监测", "直播": "新型电子商务", "电商": "新型电子商务", "售后": "数字化售后服务",
    "仿真": "产品功能性能仿真测试", "供应链": "数字化供应链协同",
}  # fmt: skip
"""Everyday words that are not among the scenarios' own aliases."""


class Arguments(BaseModel):
    """What cases is asked with; one of the four at least."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60, description="行业或产品：阀门、服装、混凝土")
    scenario: str = Field(default="", alias="场景", max_length=60, description="做什么：排产、机器视觉质检、能耗监测")
    tool: str = Field(default="", alias="工具", max_length=60, description="用什么：PDM、MES、机械臂")
    region: str = Field(default="", alias="地区", max_length=30, description="省或市")

    @model_validator(mode="after")
    def _something(self) -> Arguments:
        if not any(squeeze(v) for v in (self.industry, self.scenario, self.tool, self.region)):
            raise NeedsArgument("行业", "要找哪一行、哪一类的案例？", "行业、场景、工具、地区说一样就行。")
        return self


@dataclass(frozen=True)
class Match:
    """A case with its points and, for each thing asked, whether it fits and in what words."""

    case: Case
    points: float
    fits: tuple[str, ...]
    differs: tuple[str, ...]

    @property
    def exact(self) -> bool:
        return not self.differs


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Rank the cases; where none fits in everything, the nearest are given with what is different."""
    matches = rank(args.industry, args.scenario, args.tool, args.region)
    exact = [m for m in matches if m.exact]
    shown = (exact or matches)[:SHOWN]
    if not shown:
        return _none(args)
    book = Book()
    rows = [(m, book.cite(m.case, quote=m.case.practice)) for m in shown]
    text = f"{_lead(args, exact, shown)}\n\n{_list(rows)}\n\n{_caveat(shown)}"
    data = {
        "asked": {k: v for k, v in args.model_dump(by_alias=True).items() if v},
        "exact": len(exact),
        "cases": [{**as_data(m.case), "n": n, "fits": list(m.fits), "differs": list(m.differs)} for m, n in rows],
    }
    certainty = book.certainty if exact else weakest(book.certainty, "own")
    missing = [name for name, value in (("行业", args.industry), ("场景", args.scenario)) if not value]
    return Outcome(
        text.strip(), data, book.rows, certainty, ("想看更多：说行业加场景，例如“服装 排产 案例”",), tuple(missing)
    )


def rank(industry: str = "", scenario: str = "", tool: str = "", region: str = "") -> list[Match]:
    """Cases with anything in common with what is asked, closest first; industry counts most, then scenario, tool, region.

    Where the industry is known, only cases of the trade, or those nearest to it, are shown at all.
    """
    asked = scenario_of(scenario)
    kin = case_kin(industry)
    cases = kin.all if kin.known else load_tables().cases
    matches = [_match(case, industry, scenario, asked, tool, region) for case in cases]
    return sorted((m for m in matches if m.points > 0), key=lambda m: (-m.exact, -m.points))


def _match(case: Case, industry: str, scenario: str, asked: Scenario | None, tool: str, region: str) -> Match:
    verdicts = [
        _industry(case, industry) if industry else None,
        _scenario(case, scenario, asked) if scenario else None,
        _tool(case, tool) if tool else None,
        _region(case, region) if region else None,
    ]
    weights = (4.0, 3.0, 2.0, 1.0)
    given = [(w, v) for w, v in zip(weights, verdicts, strict=True) if v]
    points = sum(w * share for w, (share, _) in given)
    fits = tuple(words for _, (share, words) in given if share >= 0.9)
    differs = tuple(words for _, (share, words) in given if share < 0.9)
    return Match(case, points, fits, differs)


def _industry(case: Case, industry: str) -> tuple[float, str]:
    kin = case_kin(industry)
    if kin.known and case in kin.own:
        return 1.0, f"同做{case.industry}" if _named(case, industry) else f"同属{case.subsector}，做{case.industry}"
    if kin.known:
        return (0.4, f"不是同行，做{case.industry}") if case in kin.near else (0.0, "")
    return (1.0, f"同做{case.industry}") if _named(case, industry) else (0.0, f"行业不同，做{case.industry}")


def _named(case: Case, industry: str) -> bool:
    """Whether what a case makes bears the name that was said."""
    text = squeeze(f"{case.industry} {case.company}")
    return squeeze(industry) in text or any(word in text for word in _stems(squeeze(industry)))


def _stems(said: str) -> list[str]:
    """阀门厂 → 阀门; words of two characters and more that an everyday industry name is made of."""
    for ending in ("制造业", "行业", "企业", "工厂", "厂", "业"):
        said = said.removesuffix(ending)
    return [said] if len(said) >= 2 or said in {"阀", "泵", "鞋"} else []


def _scenario(case: Case, scenario: str, asked: Scenario | None) -> tuple[float, str]:
    if asked and case.scenario == asked.name:
        return 1.0, f"同一场景：{case.scenario}"
    said = squeeze(scenario)
    if said in squeeze(f"{case.label_in_source}{case.practice}{''.join(case.tools)}") and len(said) > 1:
        if asked and asked.area != case.area:
            return 0.5, f"做法里有“{scenario}”，但用在{case.area}"
        return 0.9, f"做法里有“{scenario}”"
    if (asked and case.area == asked.area) or said == squeeze(case.area):
        return (0.9 if said == squeeze(case.area) else 0.6), f"场景相近，是{case.scenario}（同属{case.area}）"
    return 0.0, f"场景不同，是{case.scenario}"


def _tool(case: Case, tool: str) -> tuple[float, str]:
    said = squeeze(tool)
    if any(said in squeeze(t) for t in case.tools) or said in squeeze(case.practice):
        return 1.0, f"用了{tool}"
    twins = {"plm": "pdm", "pdm": "plm"}
    if said in twins and twins[said] in squeeze("".join(case.tools)):
        return 0.5, f"用的是{twins[said].upper()}"
    return 0.0, f"没用{tool[:12]}，用的是{'、'.join(case.tools)}"


def _region(case: Case, region: str) -> tuple[float, str]:
    asked, own = place_named(region) or next(iter(places(region)), None), _own_place(case)
    if own is None:
        return 0.0, "原文没写地方"
    if asked and asked.within(own):
        return (1.0 if case.place else 0.9), f"在{case.place or case.province}"
    if asked and own.within(asked):
        return 1.0, f"在{case.place or case.province}"
    if asked and asked.province and asked.province == own.province:
        return 0.5, f"地区不同，同在{case.province or own.province}"
    return 0.0, f"地区不同，在{case.place or case.province}"


@cache
def _own_place(case: Case) -> Place | None:
    return place_named(case.place or "") or place_named(case.province or "")


@cache
def scenario_of(words: str) -> Scenario | None:
    """The one of the 42 scenarios that words mean: by name, alias or everyday word, else by likeness; None when none."""
    said = squeeze(words)
    if not said:
        return None
    table = load_tables().scenarios
    named = [
        (len(w), s)
        for s in table
        for w in (s.name, *s.aliases)
        if squeeze(w) in said or (len(said) > 2 and said in squeeze(w))
    ]
    if named:
        return max(named, key=lambda pair: pair[0])[1]
    everyday = max((w for w in _WORDS if w in said), key=len, default=None)
    if everyday:
        return next(s for s in table if s.name == _WORDS[everyday])
    score, best = max(
        ((fuzz.ratio(said, squeeze(w)), s) for s in table for w in (s.name, *s.aliases)), key=lambda pair: pair[0]
    )
    return best if score >= _ALIKE else None


def has_figure(case: Case) -> bool:
    """Whether the source gives a figure for the effect."""
    return any(c.isdigit() for effect in case.effects for c in effect) and "未给" not in "".join(case.effects)


def as_data(case: Case) -> dict[str, Any]:
    """What of a case goes into results."""
    keys = ("id", "company", "anonymous", "vendor", "place", "province", "subsector", "industry", "scenario", "area", "before",
            "practice", "tools", "effects", "note")  # fmt: skip
    return {**case.model_dump(mode="json", include=set(keys)), "has_figure": has_figure(case)}


def _lead(args: Arguments, exact: list[Match], shown: list[Match]) -> str:
    asked = " · ".join(v for v in (args.industry, args.scenario, args.tool, args.region) if v)
    if exact:
        more = f"，先列{len(shown)}个" if len(exact) > len(shown) else ""
        return f"**找到{len(exact)}个对得上“{shorten(asked, 40)}”的案例**{more}。"
    kin = case_kin(args.industry)
    if kin.known and not any(m.case in kin.own for m in shown):
        return (
            f"**没有“{shorten(args.industry, 20)}”同行的案例**，最接近的是下面{len(shown)}个：{kin.why}（非官方归法）。"
        )
    return f"**没有完全对得上“{shorten(asked, 40)}”的案例**，最接近的是下面{len(shown)}个，差在哪写明了。"


def _list(rows: list[tuple[Match, int]]) -> str:
    lines = []
    for order, (m, n) in enumerate(rows, 1):
        case = m.case
        where = f"（{case.place or case.province}）" if case.place or case.province else ""
        differs = f" **差别**：{'；'.join(m.differs)}。" if m.differs else ""
        vendor = f"，服务商{case.vendor}" if case.vendor else ""
        lines.append(
            f"{order}. **{case.company}**{where}，做{case.industry}：{case.practice}{vendor}。效果：{'；'.join(case.effects)} [{n}]{differs}"
        )
    return "\n".join(lines)


def _caveat(shown: list[Match]) -> str:
    without = sum(not has_figure(m.case) for m in shown)
    names = "点名的服务商是报告所写，不是推荐。" if any(m.case.vendor for m in shown) else ""
    figures = f"其中{without}个原文没给效果数字。" if without else ""
    return figures + names


def _none(args: Arguments) -> Outcome:
    asked = " · ".join(v for v in (args.industry, args.scenario, args.tool, args.region) if v)
    fields = "、".join(row.name for row in load_tables().subsectors)
    text = (
        f"**没有“{shorten(asked, 40)}”同行或相近行业的案例**，我不拿别的充数。\n\n"
        f"收录的{len(load_tables().cases)}个案例分在：{fields}。只看做法，就单说要解决的事（排产、质检、库存）再找。"
    )
    return Outcome(
        text,
        {"asked": args.model_dump(by_alias=True), "exact": 0, "cases": [], "kept": len(load_tables().cases)},
        asks=("场景", "行业"),
    )
