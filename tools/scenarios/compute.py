"""Which of the 42 scenarios suit an enterprise: by area, by sub-sector with evidence, and by size."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from core.cut import shorten
from core.text import squeeze
from corpus.rows import Case, Scenario
from corpus.tables import load_tables
from tools.cases.kin import CaseKin, case_kin
from tools.firm import industries
from tools.firm.kinship import Kin, subsector_kin
from tools.outcome import Book, Outcome, weakest
from tools.sector_path.compute import as_list

SHOWN = 6
_OF_THE_MARKET = ("产品营销", "产品服务", "经营管理")
"""Areas in which a trade with a like process says nothing of another one."""
Weight = Literal["轻", "中", "重"]
Size = Literal["微型", "小型", "中型", "大型"]
Evidence = Literal["case", "near", "named", "starter", "common"]
REPORT = "aii_report_2023"
HEAVY = {
    "simulation-test", "equipment-upgrade", "smart-equipment", "nonstandard-automation", "special-equipment", "quality-visual",
    "quality-performance", "warehouse-automation", "people-monitoring", "smart-product", "supply-collab",
}  # fmt: skip
LIGHT = {
    "shopfloor-transparency", "inspection", "equipment-lifecycle", "warehouse-info", "office-collab", "after-sales", "finance",
    "hazmat", "ecommerce", "supply-finance", "energy-monitoring", "work-instruction", "traceability",
}  # fmt: skip
"""How much a scenario asks of a firm: 轻 phones, codes and subscriptions; 中 one system across departments; 重 machines,
instruments or links to other firms. This project's own rating, after the report's “有条件” and “中型” marks."""
STARTERS = ("现场透明化管理", "仓储信息管理", "设备巡点检管理")
"""What the report advises micro firms to begin with (card micro-toolkit)."""
LINKS = {
    "研发设计": ("产品研发", "工艺设计"),
    "生产制造": ("生产作业", "计划调度", "设备管理", "质量管理", "能源管理", "安全管理", "环保管理"),
    "采购供应": ("供应链管理", "仓储管理"),
    "市场营销": ("产品营销",),
    "产品服务": ("产品服务",),
    "经营管理": ("经营管理",),
}
_OFFICE = ("marketing-data", "office-collab", "finance", "hr")
SERVICES: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(
        ("wholesale", "retail"), ("warehouse-info", "ecommerce", "marketing-data", "procurement", "finance")
    ),
    "storage": ("warehouse-info", "weighing", "marketing-data", "finance", "hr"),
    **dict.fromkeys(("hotel", "catering"), ("warehouse-info", "procurement", "hr", "marketing-data", "finance")),
    "construction": ("procurement", "warehouse-info", "office-collab", "finance", "hr"),
    "farming": ("warehouse-info", "weighing", "ecommerce", "marketing-data", "finance"),
}
"""The scenarios of the report, which writes of factories, that a firm outside industry has a use for, by the row of the
size table; any other row has those of an office. This project's own reading."""
_WORDS = {
    "研发": "研发设计", "设计": "研发设计", "图纸": "研发设计", "生产": "生产制造", "制造": "生产制造", "车间": "生产制造",
    "采购": "采购供应", "供应": "采购供应", "营销": "市场营销", "销售": "市场营销", "卖": "市场营销", "服务": "产品服务", "售后": "产品服务",
    "管理": "经营管理", "财务": "经营管理", "办公": "经营管理", "人事": "经营管理", "质量": "质量管理", "质检": "质量管理", "检测": "质量管理",
    "设备": "设备管理", "能源": "能源管理", "能耗": "能源管理", "用电": "能源管理", "安全": "安全管理", "环保": "环保管理", "排放": "环保管理",
    "仓": "仓储管理", "库存": "仓储管理", "物流": "仓储管理", "计划": "计划调度", "排产": "计划调度", "工艺": "工艺设计",
}  # fmt: skip


class Arguments(BaseModel):
    """What scenarios is asked with; nothing at all gives the map of the 14 areas."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: str = Field(default="", alias="行业", max_length=60, description="行业或产品，日常说法即可")
    areas: list[str] = Field(
        default=[], alias="环节", max_length=14, description="研发、生产、采购、营销、服务，或14个领域之一"
    )
    employees: int | None = Field(default=None, alias="从业人员", ge=1, le=1_000_000, description="人数")

    @field_validator("areas", mode="before")
    @classmethod
    def _listed(cls, value: object) -> object:
        return as_list(value)

    @field_validator("areas")
    @classmethod
    def _known(cls, value: list[str]) -> list[str]:
        for word in value:
            areas_of(word)
        return value


@dataclass(frozen=True)
class Pick:
    """A scenario with why it is offered; `evidence`: case of the trade, near (a case of a near trade), named, starter, common.

    cases: those of the trade first, then near ones.
    """

    scenario: Scenario
    evidence: Evidence
    weight: Weight
    points: float
    cases: tuple[Case, ...]


def areas_of(word: str) -> tuple[str, ...]:
    """The application areas (of 14) that a word means; ValueError when none."""
    said = squeeze(word)
    areas = {s.area for s in load_tables().scenarios}
    exact = next((a for a in areas if a in said), None) or next((k for k in LINKS if k in said), None)
    hit = exact or _WORDS.get(max((w for w in _WORDS if w in said), key=len, default=""))
    if hit is None:
        raise ValueError(
            f"没有“{shorten(word, 20)}”这个环节，可以说{'、'.join(LINKS)}，或质量、设备、能源、安全、仓储、计划。"
        )
    return (hit,) if hit in areas else LINKS[hit]


def service_scenarios(industry: str) -> tuple[str, ...]:
    """The ids of the scenarios that a firm outside industry has a use for."""
    match = industries.find(industry, said=True)
    return SERVICES.get(match.size.id, _OFFICE) if match else _OFFICE


def size_of(employees: int | None) -> Size | None:
    """A rough size by head count alone (industry: 20, 300, 1000 people). Not the official class, which needs revenue too."""
    if employees is None:
        return None
    names: tuple[Size, ...] = ("大型", "中型", "小型")
    bounds = next(s for s in load_tables().size_sectors if s.id == "industry").bounds["employees"]
    return next((name for name, bound in zip(names, bounds, strict=True) if employees >= bound), "微型")


def weight_of(scenario: Scenario) -> Weight:
    return "重" if scenario.id in HEAVY else "轻" if scenario.id in LIGHT else "中"


def pick(industry: str, areas: tuple[str, ...] = (), employees: int | None = None) -> tuple[Kin, list[Pick]]:
    """The scenarios that suit, best first: those with a case in the sub-sector, those named for it, starters, the rest."""
    kin, size = subsector_kin(industry) if industry else Kin(""), size_of(employees)
    ids = None if kin.industrial else service_scenarios(industry)
    firms = case_kin(industry)
    picks = [
        _pick(s, kin, firms, size)
        for s in load_tables().scenarios
        if (s.area in areas if areas else ids is None or s.id in ids)
    ]
    return kin, sorted(picks, key=lambda p: -p.points)


def _pick(scenario: Scenario, kin: Kin, firms: CaseKin, size: Size | None) -> Pick:
    weight = weight_of(scenario)
    own = tuple(c for c in firms.own if c.scenario == scenario.name)
    near = tuple(c for c in firms.near if c.scenario == scenario.name)
    points: dict[Evidence, float] = {
        "case": 6.0,
        "near": 3.5,
        "named": 4.0 if kin.name else 2.5,
        "starter": 3.0,
        "common": 1.0,
    }
    borrowed = kin.near in scenario.subsectors and scenario.area not in _OF_THE_MARKET
    evidence: Evidence = (
        "case" if own
        else "named" if kin.name and kin.name in scenario.subsectors
        else "near" if near
        else "named" if borrowed
        else "starter" if scenario.name in STARTERS
        else "common"
    )  # fmt: skip
    return Pick(scenario, evidence, weight, points[evidence] + _size_points(scenario, weight, size), (*own, *near))


def _size_points(scenario: Scenario, weight: Weight, size: Size | None) -> float:
    starter = 4.0 if scenario.name in STARTERS else 0.0
    if size == "微型":
        return {"轻": 1.5, "中": -1.0, "重": -4.0}[weight] + starter
    if size == "小型":
        return {"轻": 0.5, "中": 0.0, "重": -1.0}[weight] + starter / 2
    return {"轻": 0.0, "中": 0.3, "重": 0.0}[weight]


def run(args: Arguments, day: date | None = None) -> Outcome:
    """List the scenarios that suit, with evidence, cases and what each asks of the firm."""
    if not (args.industry or args.areas or args.employees):
        return _map()
    areas = tuple(dict.fromkeys(a for word in args.areas for a in areas_of(word)))
    kin, picks = pick(args.industry, areas, args.employees)
    size, book = size_of(args.employees), Book()
    rows = [(p, book.cite(p.scenario, quote=p.scenario.what)) for p in picks[: _limit(size)]]
    for p, _ in rows:
        for case in p.cases[:1] if p.evidence in {"case", "near"} else ():
            book.cite(case, quote=case.practice)
    text = "\n\n".join([_lead(kin, args, rows), _list(rows, kin, book), _advice(size, book)])
    certainty = weakest(book.certainty, "full" if kin.name or not args.industry else "own")
    asks = tuple(n for n, v in (("行业", args.industry), ("从业人员", args.employees), ("环节", args.areas)) if not v)
    data = {
        "subsector": kin.best, "covered": kin.name is not None, "near_because": kin.why, "size_by_headcount": size,
        "areas": list(areas), "scenarios": [as_data(p, n) for p, n in rows], "total": len(picks),
    }  # fmt: skip
    return Outcome(text, data, book.rows, certainty, ("挑最痛的一项先做，说“路线图”我来排先后",), asks)


def _limit(size: Size | None) -> int:
    return {"微型": 4, "小型": 6}.get(size or "", SHOWN)


def _lead(kin: Kin, args: Arguments, rows: list[tuple[Pick, int]]) -> str:
    first = "".join(f"“{p.scenario.name}”" for p, _ in rows[:3])
    if not args.industry:
        return f"**可以先看这{len(rows)}个场景**，最靠前的是{first}。告诉我行业，就能挑出同行真做过的。"
    if kin.name:
        return f"**{kin.name}先看这{len(rows)}个场景**：{first}排在前面，因为同行有人做过或规模合适。"
    if kin.near:
        return f"**报告没有单列“{shorten(args.industry, 20)}”**，按最接近的{kin.near}挑了{len(rows)}个（{kin.why}；非官方归法），先看{first}。"
    if not kin.industrial:
        return f"**“{shorten(args.industry, 20)}”不是工业，报告只写制造业**，下面{len(rows)}个是各行都用得上的，先看{first}。"
    return f"**报告没有“{shorten(args.industry, 20)}”，也没有很接近的细分领域**，下面{len(rows)}个是各行通用的，先看{first}。"


def _why(p: Pick, kin: Kin, book: Book) -> str:
    if p.evidence == "case":
        case = p.cases[0]
        return f"同行有案例：{case.company} [{book.cite(case)}]"
    if p.evidence == "near":
        case = p.cases[0]
        return f"相近的有案例：{case.company}（做{case.industry}） [{book.cite(case)}]"
    if p.evidence == "named":
        return f"报告点名{kin.best}适合"
    return "小微企业适合先做" if p.evidence == "starter" else "通用场景，报告没有点名你这一行"


def _list(rows: list[tuple[Pick, int]], kin: Kin, book: Book) -> str:
    lines = ["| 场景（领域） | 做什么 | 为什么 | 轻重 |", "| --- | --- | --- | --- |"]
    lines += [
        f"| {p.scenario.name}（{p.scenario.area}） | {p.scenario.what} [{n}] | {_why(p, kin, book)} | {p.weight} |"
        for p, n in rows
    ]
    return "\n".join(lines)


def _advice(size: Size | None, book: Book) -> str:
    n = book.cite(REPORT, "四、中小企业数字化转型模型", f"{REPORT}/how-to-use-scenarios")
    weights = (
        "轻：手机、扫码、订阅软件就能做；中：要上一套系统；重：要加设备或和外部系统对接（轻重是本项目的分法，非官方）。"
    )
    if size in {"微型", "小型"}:
        m = book.cite(REPORT, "（五）总结：中小企业数字化转型主要受三大类因素影响", f"{REPORT}/micro-toolkit")
        return f"{weights}不必全做，一次挑一项 [{n}]；小微企业适合先从报工、仓库、设备点检的扫码登记做起 [{m}]。"
    return f"{weights}不是必做清单，按自己的情况挑，一次挑一项 [{n}]。"


def _map() -> Outcome:
    book = Book()
    areas: dict[str, list[str]] = {}
    for s in load_tables().scenarios:
        areas.setdefault(s.area, []).append(s.name)
    n = book.cite(REPORT, "（二）中小企业数字化转型场景", f"{REPORT}/scenario-map")
    lines = ["| 领域 | 场景 |", "| --- | --- |", *[f"| {a} | {'、'.join(names)} |" for a, names in areas.items()]]
    text = (
        f"**一共14个领域、42个场景** [{n}]，不必全做，按行业和规模挑。\n\n"
        + "\n".join(lines)
        + "\n\n告诉我行业和人数，我挑出适合的几个。"
    )
    return Outcome(text, {"areas": areas}, book.rows, book.certainty, asks=("行业", "从业人员", "环节"))


def as_data(p: Pick, n: int) -> dict[str, Any]:
    """What of a pick goes into results."""
    s = p.scenario
    return {
        "id": s.id, "name": s.name, "area": s.area, "what": s.what, "tools": list(s.tools), "evidence": p.evidence, "weight": p.weight,
        "cases": [{"id": c.id, "company": c.company, "subsector": c.subsector} for c in p.cases], "n": n,
        "official_scenes": list(s.official_scenes), "mapping_note": s.mapping_note,
    }  # fmt: skip
