"""A plan of transformation for one enterprise: path, scenarios, phases with time, money, measures, risks, programmes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ModelWrapValidatorHandler,
    PrivateAttr,
    field_validator,
    model_validator,
)

from core.clock import today
from core.cut import beginning, shorten
from core.errors import BadInput, NeedsArgument, XiangdaoError
from core.numbers import read_number
from core.text import squeeze
from corpus.rows import Scenario, SectorCell
from tools.arguments import LEVEL_NAMES, Level, Words, lower_level
from tools.firm.amounts import People, Wan
from tools.firm.kinship import Kin, sector_kin
from tools.outcome import Book, Outcome
from tools.roadmap import paths, spending
from tools.roadmap.data import as_data
from tools.roadmap.pains import pains
from tools.roadmap.plan import Plan, at_once, make_plan
from tools.roadmap.wording import asks_of, steps_of, write_text
from tools.scenarios.compute import Pick, Size, pick, size_of
from tools.sector_path.compute import AREAS, cells_of

MONTHS_PER_LEVEL = {2: 12.0, 3: 18.0, 4: 24.0}
"""How long reaching a level takes where no time is given; this project's own rule of thumb."""
LEAST_MONTHS = {2: 3.0, 3: 9.0, 4: 12.0}
"""The least time for reaching a level; below it the plan stops at a lower one. This project's own rule of thumb."""
BASE = ("shopfloor-transparency", "warehouse-info")
"""What a factory at level 1 begins with: progress and stock."""
CORE = ("scheduling", "procurement", "process-mgmt", "quality-analysis", "traceability", "finance", "mrp")
"""What integration from level 3 on builds on."""
NICHE = ("hazmat", "supply-finance", "people-monitoring", "weighing", "emission-monitoring", "special-equipment")
"""Left out where nothing says that the firm needs them."""
COUNT: dict[Size | None, int] = {"微型": 3, "小型": 4, "中型": 5, "大型": 6, None: 4}
"""How many scenarios a firm takes on for one level."""
MOST = 9
"""No plan takes on more."""
DONE = {
    2: frozenset({"network", "coding", "shopfloor-transparency", "warehouse-info", "inspection"}),
    3: frozenset({"network", "coding", "shopfloor-transparency", "warehouse-info", "inspection", "scheduling", "procurement",
                  "traceability", "equipment-lifecycle", "equipment-monitoring", "energy-monitoring", "plm", "finance"}),
}  # fmt: skip
"""What a firm at a level has in all likelihood; this project's own reading of the level descriptions."""
ANY_FACTORY = "制造业"
UNKNOWN_TRADE = "没认出您是做什么的，先按一般工厂排；说一声做什么产品，我按那一行再排。"
LEAST_YEARS, MOST_YEARS = 0.25, 10
"""The time that a plan can be drawn up for."""
_YES, _NO = {"是", "有", "对", "true", "1", "没有", "无", "没"}, {"否", "不是", "false", "0"}


def read_years(value: Any) -> Any:
    """A time in years: 2, 两年, 一年半, 半年, 18个月; ValueError in Chinese otherwise, also for one too short or too long."""
    years = _years_in(value)
    if isinstance(years, bool) or not isinstance(years, (int, float)) or LEAST_YEARS <= years <= MOST_YEARS:
        return years
    if not 0 < years < MOST_YEARS:
        raise ValueError(f"要填多久做完，至少三个月、最多{MOST_YEARS}年，没看懂“{shorten(str(value), 20)}”")
    raise ValueError(f"至少三个月才排得出来，{round(years * 12, 1):g}个月太短，请放宽到三个月以上")


def _years_in(value: Any) -> Any:
    if isinstance(value, bool) or not isinstance(value, str):
        return value
    said = squeeze(beginning(value, 40))
    if said in {"半年", "半"}:
        return 0.5
    found = re.fullmatch(
        r"(?:约|大约)?([\d.]+|[一二两三四五六七八九十]+)(个月|年半|年|季度|个季度)?(?:内|以内|左右)?", said
    )
    number = read_number(found[1]) if found else None
    if found is None or number is None:
        raise ValueError(f"没看懂“{shorten(value, 20)}”，请写几年，例如 2 或“18个月”")
    return {"个月": number / 12, "年半": number + 0.5, "季度": number / 4, "个季度": number / 4}.get(
        found[2] or "", number
    )


def read_yes(value: Any) -> Any:
    """Whether there is nobody for IT: true, 是, 没有人; ValueError in Chinese otherwise."""
    if isinstance(value, str):
        said = squeeze(beginning(value, 20))
        if said in _YES or said.startswith(("没", "无")):
            return True
        if said in _NO or said.startswith("有"):
            return False
        raise ValueError(f"答有或没有就行，没看懂“{shorten(value, 12)}”")
    return value


class Arguments(BaseModel):
    """What roadmap is asked with; the industry or something else of the firm has to be there."""

    model_config = ConfigDict(populate_by_name=True, extra="forbid")

    industry: Words = Field(default="", alias="行业", max_length=60, description="行业或产品，日常说法即可")
    employees: People | None = Field(default=None, alias="从业人员", description="人数")
    level: Level | None = Field(default=None, alias="当前等级", description="现在的数字化水平等级，一级到四级")
    target_level: Level | None = Field(default=None, alias="目标等级", description="想做到的等级")
    years: Annotated[float, BeforeValidator(read_years)] | None = Field(
        default=None, alias="周期年", description="多少年内做完，可写“18个月”"
    )
    budget_wan: Wan | None = Field(default=None, alias="预算万元", description="一共能花多少，万元")
    complexity: Words = Field(default="", alias="产品复杂度", max_length=60, description="成品、部件、基础加工")
    driver: Words = Field(
        default="", alias="动因", max_length=100, description="为什么要转：客户要求、缺订单、园区要求、降本"
    )
    region: Words = Field(default="", alias="地区", max_length=60, description="省、市")
    pains: Words = Field(default="", alias="痛点", max_length=200, description="最头疼的事：交期、质量、库存、设备")
    no_it: Annotated[bool, BeforeValidator(read_yes)] | None = Field(
        default=None, alias="无IT人员", description="没有懂IT的人填 true"
    )

    costs: Annotated[bool, BeforeValidator(read_yes)] = Field(
        default=False, alias="问花费", description="问到要花多少钱填 true"
    )
    _level_said: str = PrivateAttr(default="")

    @property
    def told(self) -> bool:
        """Whether anything is told of the firm beside its trade."""
        given = (self.employees, self.level, self.target_level, self.years, self.budget_wan, self.region, self.pains)
        return any(value not in (None, "") for value in given)

    @property
    def level_said(self) -> str:
        """The present level as it was said where that was a range, of which the lower end counts; else ""."""
        return self._level_said

    @model_validator(mode="wrap")
    @classmethod
    def _lower(cls, given: Any, checked: ModelWrapValidatorHandler[Arguments]) -> Arguments:
        key = next(
            (k for k in ("当前等级", "level") if isinstance(given, Mapping) and isinstance(given.get(k), str)), ""
        )
        low = lower_level(given[key]) if key else None
        made = checked({**given, key: low} if low else given)
        made._level_said = squeeze(given[key][:20]) if low else ""
        return made

    @field_validator("complexity")
    @classmethod
    def _known(cls, value: str) -> str:
        paths.read_complexity(value)
        return value


@dataclass(frozen=True)
class Draft:
    """Everything that was worked out, before it is worded."""

    args: Arguments
    day: date
    level: int
    target: int
    wanted: int
    size: Size | None
    sector: Kin
    kin: Kin
    choice: paths.Choice
    picks: tuple[Pick, ...]
    plan: Plan
    cells: tuple[SectorCell, ...]

    @property
    def no_it(self) -> bool:
        return bool(self.args.no_it)

    @property
    def kept(self) -> tuple[Scenario, ...]:
        """The chosen scenarios that fit into the time, most wanted first."""
        return tuple(p.scenario for p in self.picks if p.scenario not in self.plan.deferred)


def run(args: Arguments, day: date | None = None) -> Outcome:
    """Draw up the plan, as for any factory where the trade is not known; NeedsArgument where nothing at all is told of the firm,
    BadInput where levels contradict or a name is unknown.
    """
    unknown = not squeeze(args.industry)
    if unknown and not args.told:
        raise NeedsArgument("行业", "先告诉我你们做什么产品，才能排路线图。", "例如：注塑、五金冲压、服装、机加工。")
    args = args.model_copy(update={"industry": ANY_FACTORY}) if unknown else args
    draft = work_out(args, day or today())
    book = Book()
    support = programmes(draft)
    text = write_text(draft, book, support)
    text = f"{UNKNOWN_TRADE}\n\n{text}" if unknown else text
    data = as_data(draft, book, support)
    asks = (*(("行业",) if unknown else ()), *asks_of(draft))
    return Outcome(text, data, book.rows, "own", steps_of(draft, support), asks)


def work_out(args: Arguments, day: date) -> Draft:
    """Levels, path, scenarios and schedule for the arguments."""
    level, wanted = levels(args)
    target = reachable(level, wanted, args.years)
    size = size_of(args.employees)
    sector, (kin, picks) = sector_kin(args.industry), pick(args.industry, (), args.employees)
    span = range(level + 1, target + 1)
    months = round(args.years * 12, 1) if args.years else sum(MONTHS_PER_LEVEL[n] for n in span)
    if size == "微型" and not args.years:
        months = months / 2
    chosen = choose(args, level, target, months, picks)
    hands, done = at_once(size, args.employees, bool(args.no_it)), DONE.get(level, frozenset())
    plan = make_plan([p.scenario for p in chosen], months, hands, target, done, bool(args.years), kin.industrial)
    cells = cells_of(sector.best, AREAS, tuple(span)) if sector.best else []
    choice = paths.choose(paths.read_complexity(args.complexity), args.driver, kin)
    return Draft(args, day, level, target, wanted, size, sector, kin, choice, tuple(chosen), plan, tuple(cells))


def levels(args: Arguments) -> tuple[int, int]:
    """The present and the target level; a missing one is taken as the lowest, and as one above."""
    if args.level == 4:
        raise BadInput("四级已经是最高等级，没有更高的可排。", "想巩固哪一块，问“适合我们的数字化场景”。")
    level = args.level or (min((args.target_level or 2) - 1, 1) or 1)
    target = args.target_level or level + 1
    if args.target_level == 1 and args.level is None:
        raise BadInput("一级是起点，目标要从二级起。", "例如说“想做到二级”。")
    if target <= level:
        raise BadInput(
            f"想做到的{LEVEL_NAMES[target]}没有高过现在的{LEVEL_NAMES[level]}，请核对。",
            f"例如说“想做到{LEVEL_NAMES[level + 1]}”。",
        )
    return level, target


def reachable(level: int, wanted: int, years: float | None) -> int:
    """The highest level up to the wanted one for which the time is enough; one above the present at least."""
    if years is None:
        return wanted
    fit = [
        n for n in range(level + 1, wanted + 1) if sum(LEAST_MONTHS[i] for i in range(level + 1, n + 1)) <= years * 12
    ]
    return max(fit, default=level + 1)


def choose(args: Arguments, level: int, target: int, months: float, picks: list[Pick]) -> list[Pick]:
    """The scenarios to take on: those that the money, the people and the pains leave, most wanted first."""
    size = size_of(args.employees)
    weights = spending.weights_for(args.budget_wan, bool(args.no_it), size in {"微型", "小型", None}, target)
    hurting, areas = pains(args.pains)
    done = DONE.get(level, frozenset())
    left = [p for p in picks if p.scenario.id not in done and p.weight in weights]
    answering = {next((p for p in left if p.scenario.area == area), None) for area in areas}
    points = {
        p.scenario.id: p.points
        + 8 * (p.scenario in hurting or p in answering)
        + 3 * (p.scenario.area in areas)
        + _bonus(p, level, target)
        for p in left
    }
    count = min(MOST, COUNT[size] + (target - level - 1) + max(0, round(months / 12) - 1))
    if args.budget_wan is not None and args.budget_wan < spending.LIGHT_ONLY_WAN:
        count = min(count, 3)
    chosen: list[Pick] = []
    while left and len(chosen) < count:
        taken = [p.scenario.area for p in chosen]
        best = max(left, key=lambda p: points[p.scenario.id] - 3 * taken.count(p.scenario.area))
        chosen.append(best)
        left.remove(best)
    return chosen


def _bonus(p: Pick, level: int, target: int) -> float:
    """Points for what a level needs first, against what few firms need."""
    id = p.scenario.id
    base = 6.0 if level == 1 and id in BASE else 2.0 if target >= 3 and id in CORE else 0.0
    return base - (5.0 if id in NICHE and p.evidence == "common" else 0.0)


def programmes(draft: Draft) -> Outcome | None:
    """What subsidy says of this plan; None without a place, or where the firm's figures do not suit it."""
    from tools.subsidy import compute as subsidy

    args = draft.args
    if not args.region:
        return None
    try:
        given = {"地区": args.region, "行业": args.industry, "从业人员": args.employees, "投入万元": args.budget_wan or None,
                 "等级": draft.level, "目标等级": draft.target, "用途": "软件、云服务"}  # fmt: skip
        asked = subsidy.Arguments.model_validate({k: v for k, v in given.items() if v is not None})
        return subsidy.run(asked, draft.day)
    except XiangdaoError:
        return None
