"""The rows of corpus/data/*.yaml, one class for each kind of row; corpus/tables.py reads them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PrivateAttr, model_validator

Certainty = Literal["full", "snippet", "third_party"]
ISODate = Annotated[str, BeforeValidator(str), Field(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Texts = tuple[str, ...]
ProfileField = Literal[
    "region_city", "region_province", "size_class", "titles", "industry", "level",
    "spend_wan", "loan_wan", "purpose", "completed_on", "is_pilot_firm",
]  # fmt: skip
COMMON = "common"
"""`source` of a glossary row that no document defines."""


class Row(BaseModel):
    """What every row of every table carries; `line` is where it starts in its file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    source: str
    certainty: Certainty
    as_of: Annotated[str, BeforeValidator(str), Field(pattern=r"^\d{4}")]
    card: str | None = None
    section: Texts | str = ()
    _line: int = PrivateAttr(default=0)

    @property
    def line(self) -> int:
        return self._line


class Part(BaseModel):
    """A piece of a row."""

    model_config = ConfigDict(extra="forbid", frozen=True)


# ---- size_classes.yaml


class SizeRule(Row):
    row: Literal["rule"]
    id: str
    text: str
    inclusive_lower_bound: bool
    classes: Texts
    units: dict[str, str]
    self_test: str


class SizeSector(Row):
    """`bounds`: for each indicator the lower bounds of large, medium and small; below small is micro."""

    row: Literal["sector"]
    id: str
    sector: str
    aliases: Texts
    bounds: dict[Literal["employees", "revenue_wan", "assets_wan"], tuple[float, float, float]] = Field(min_length=1)
    note: str | None

    @model_validator(mode="after")
    def _falling(self) -> SizeSector:
        for name, (large, medium, small) in self.bounds.items():
            if not large > medium > small > 0:
                raise ValueError(f"bounds.{name} 应当依次变小")
        return self


class SizeNotCovered(Row):
    row: Literal["not_covered"]
    id: str
    sector: str
    aliases: Texts
    regulated_by: str | None
    note: str | None


# ---- maturity_2024.yaml


class Option(Part):
    """text: short, after the official wording; plain: as it is asked. `low` and `high` bound a band in percent.

    effort is our own rough weight from 1 to 5, 0 for doing nothing.
    """

    id: str
    text: str
    plain: str
    points: float = Field(ge=0)
    effort: int = Field(ge=0, le=5)
    low: float | None = None
    high: float | None = None


class Item(Row):
    row: Literal["item"]
    number: int
    id: str
    dimension: str
    sub: str
    name: str
    points: float
    type: Literal["single", "multi"]
    options: tuple[Option, ...] = Field(min_length=2)
    question: str
    explanation: str
    none: str = ""
    not_applicable: str
    brings: str
    evidence: Texts
    conflict: str | None

    @property
    def best(self) -> float:
        points = [option.points for option in self.options]
        return round(sum(points), 4) if self.type == "multi" else max(points)

    @model_validator(mode="after")
    def _adds_up(self) -> Item:
        if abs(self.best - self.points) > 1e-6:
            raise ValueError(f"points 写的是 {self.points:g}，选项合计最多 {self.best:g}")
        return self


class SceneLevel(Part):
    level: int = Field(ge=1, le=4)
    text: str
    plain: str
    keywords: Texts


class Scene(Row):
    """`effort`: our own rough weights for reaching level 1, 2, 3 and 4, each from the level below.

    none: what a firm below level 1 looks like, with the words that show it; not_applicable: when there is no such scene;
    brings: what it is good for, in our own words.
    """

    row: Literal["scene"]
    number: int
    id: str
    group: str
    name: str
    constraint: bool
    conflict: str | None
    plain: str
    levels: tuple[SceneLevel, SceneLevel, SceneLevel, SceneLevel]
    question: str
    none: str
    none_keywords: Texts
    not_applicable: str
    brings: str
    evidence: Texts
    effort: tuple[int, int, int, int]
    effort_note: str


class LevelRule(Row):
    """Least score, and least number of scenes (of which constraint scenes) at `scene_level` or above."""

    row: Literal["level_rule"]
    id: str
    level: int = Field(ge=1, le=4)
    official_name: str
    stage_name: str
    score: float
    scenes: int = Field(ge=0, le=16)
    constraint_scenes: int = Field(ge=0, le=16)
    scene_level: int = Field(ge=1, le=4)
    note: str


class Level2022(Row):
    row: Literal["level_2022"]
    id: str
    level: int = Field(ge=1, le=4)
    official_name: str
    score_low: float
    score_high: float | None
    meaning: str


# ---- programmes.yaml, pilot_cities.yaml, titles.yaml


class Condition(Part):
    """A condition on the profile; one without `field` has to be asked."""

    id: str
    text: str
    field: ProfileField | None
    op: Literal["eq", "in", "any_of", "gte", "lte"] | None
    value: str | float | bool | Texts | None

    @model_validator(mode="after")
    def _whole(self) -> Condition:
        if (self.field is None) != (self.op is None) or (self.field is None) != (self.value is None):
            raise ValueError("field、op、value 要么都写，要么都空")
        return self


class Tier(Part):
    """What holds for one level or for completion between two dates (inclusive); empty means any.

    bonus_wan: 万元 on top of the capped share.
    """

    text: str
    level: int | None = Field(ge=1, le=4)
    completed_from: ISODate | None
    completed_until: ISODate | None
    rate: float | None = Field(ge=0, le=1)
    cap_wan: float | None = Field(gt=0)
    bonus_wan: float | None = Field(default=None, gt=0)


class Interest(Part):
    """Interest support: percentage points, most years, cap on the loan and on the support (万元)."""

    points: float | None
    years: float | None
    loan_cap_wan: float | None
    cap_wan: float | None


class Region(Part):
    province: str | None
    city: str | None


class Programme(Row):
    """`rate` is a share of the spend (0 to 1), `cap_wan` the most for one enterprise; tiers refine both."""

    id: str
    name: str
    level: Literal["national", "province", "city"]
    region: Region
    kind: Literal["subsidy", "loan", "interest", "voucher", "guarantee", "tax", "insurance", "service"]
    giver: str
    doc_no: str | None
    published: str | None
    gives: str
    amount_known: bool
    conditions: tuple[Condition, ...]
    rate: float | None = Field(ge=0, le=1)
    cap_wan: float | None = Field(gt=0)
    tiers: tuple[Tier, ...]
    interest: Interest | None
    eligible: Texts
    excluded: Texts
    valid_from: ISODate | None
    valid_until: ISODate | None
    validity_note: str | None
    status: Literal["in_force", "expired", "closed", "superseded", "unknown"] | None
    double_funding: str | None
    materials: Texts
    materials_note: str | None
    steps: Texts
    ask: str
    note: str | None

    @model_validator(mode="before")
    @classmethod
    def _standing_from_dates(cls, raw: Any) -> Any:
        """Where the last day is known, whether a programme is open is reckoned for the day of asking, not written down."""
        if isinstance(raw, dict) and raw.get("valid_until") and raw.get("status") in {"in_force", "expired", "unknown"}:
            return {**raw, "status": None}
        return raw

    @model_validator(mode="after")
    def _standing_known(self) -> Programme:
        if self.valid_until is None and self.status is None:
            raise ValueError("没有写到哪天有效的，要写明状态")
        return self


class PilotCity(Row):
    city: str
    province: str
    aliases: Texts
    batch: Literal[1, 2, 3] | None
    batch_inferred: bool
    note: str | None


class TitleCondition(Row):
    """One condition of a title; rows of one `any_group` are alternatives."""

    id: str
    title: Literal["科技和创新型", "专精特新", "小巨人"]
    edition: Literal[2022, 2026]
    text: str
    field: str | None
    op: Literal["eq", "any_of", "gte", "lte"] | None
    value: str | float | bool | Texts | None
    any_group: str | None
    note: str | None


# ---- levels.yaml


class Stage(Row):
    """A level or stage of one of three models; `official_levels` is our own mapping."""

    row: Literal["official", "caict_stage", "lenovo_stage"]
    id: str
    order: int
    name: str
    stage_name: str | None
    meaning: str
    looks_like: str | None
    share: float | None
    n: int | None
    official_levels: tuple[int, ...]
    mapping_note: str | None


class LevelDistribution(Row):
    """Shares (%) of surveyed firms at each level and their mean, for one industry or group."""

    row: Literal["distribution"]
    id: str
    group: Literal["overall", "sector", "type", "industry"]
    label: str
    aliases: Texts
    mean: float | None
    level_1: float | None
    level_2: float | None
    level_3: float | None
    level_4: float | None
    below_level_2: float | None
    n: int | None
    n_note: str | None
    note: str | None


# ---- industries.yaml, regions.yaml, systems.yaml: this project's own lists


class Industry(Row):
    """An industry and its everyday names; `weak` ones count in running text only with a context.

    size_sector: id of the size table's row. subsectors: near ones of the ten, the nearest first. caict: a sector of
    sector_path.yaml. distribution: id of a levels.yaml row.
    """

    id: str
    code: str
    name: str
    aliases: Texts = Field(min_length=1)
    weak: Texts
    size_sector: str
    subsectors: Texts
    caict: str | None
    distribution: str | None


class CaseKin(Row):
    """Which cases are of an industry's own trade, and which are the nearest where there are none.

    industry: id of an industries.yaml row. words: parts of a name for which this row counts; none: for every other name.
    cases, near: ids of cases.yaml rows. why: in what the near ones are close and in what not.
    """

    id: str
    industry: str
    words: Texts
    cases: Texts
    near: Texts
    why: str | None


class Province(Row):
    """A province, region or municipality; what lies in them stands in regions.tsv, which corpus/regions.py reads."""

    code: str = Field(pattern=r"^\d{2}0000$")
    province: str
    full: str
    english: str
    also: Texts


class System(Row):
    """A kind of software; scenes: scene id → (cautious, hopeful) level that using it suggests."""

    id: str
    name: str
    aliases: Texts = Field(min_length=1)
    scenes: dict[str, tuple[int, int]]
    note: str


# ---- scenarios, cases, subsectors, sector_path, vendors, survey, glossary


class Scenario(Row):
    id: str
    name: str
    area: str
    aliases: Texts
    what: str
    tools: Texts
    subsectors: Texts
    subsectors_with_case: Texts
    official_scenes: Texts
    mapping_note: str


class Case(Row):
    id: str
    company: str
    anonymous: bool
    vendor: str | None
    place: str | None
    province: str | None
    subsector: str
    industry: str
    scenario: str
    label_in_source: str
    area: str
    before: str
    practice: str
    tools: Texts
    effects: Texts
    note: str | None


class Subsector(Row):
    id: str
    name: str
    official_name: str
    group: str
    group_note: str
    aliases: Texts
    traits: str
    pains: Texts
    scenarios: Texts


class SectorCell(Row):
    sector: str
    area: str
    level: int = Field(ge=1, le=4)
    level_name: str
    text: str
    tools: Texts


class Rank(Part):
    rank: int
    vendors: Texts = Field(min_length=1)


class ToolVendors(Row):
    """The most used vendors of one kind of tool among surveyed firms; those of equal use share a rank."""

    id: str
    tool: str
    abbreviation: str | None
    group: str
    aliases: Texts
    ranks: tuple[Rank, ...]
    quirk: str | None
    reading: str


class Answer(Part):
    name: str
    value: float


class SurveyFigure(Row):
    id: str
    question: str
    metric: str
    unit: str
    population: str
    n: int | None
    year: int | None
    options: tuple[Answer, ...] = Field(min_length=1)
    breakdown: str | None
    note: str | None


class Term(Row):
    """A word in plain language; `source` is "common" where no document defines it, `used_in` then names one."""

    id: str
    term: str
    full: str
    aliases: Texts
    category: str
    plain: str = Field(max_length=90)
    meaning_for_you: str
    related: Texts
    used_in: str | None


SizeRow = Annotated[SizeRule | SizeSector | SizeNotCovered, Field(discriminator="row")]
MaturityRow = Annotated[Item | Scene | LevelRule | Level2022, Field(discriminator="row")]
LevelRow = Annotated[Stage | LevelDistribution, Field(discriminator="row")]
