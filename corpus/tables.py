"""The tables that the tools compute on, read from corpus/data/*.yaml and checked.

`load_tables()` reads nothing: each table is read when it is first asked for, and kept for the process.
`check_tables()` reads all of them and checks that they fit each other, the cards and the sources.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import BadKnowledge
from corpus import rows
from corpus.cards import CORPUS, load_cards, load_sources, meaning, read_yaml_list

KINDS: dict[str, Any] = {
    "size_classes.yaml": rows.SizeRow,
    "maturity_2024.yaml": rows.MaturityRow,
    "programmes.yaml": rows.Programme,
    "pilot_cities.yaml": rows.PilotCity,
    "titles.yaml": rows.TitleCondition,
    "levels.yaml": rows.LevelRow,
    "scenarios.yaml": rows.Scenario,
    "cases.yaml": rows.Case,
    "subsectors.yaml": rows.Subsector,
    "sector_path.yaml": rows.SectorCell,
    "vendors.yaml": rows.ToolVendors,
    "survey.yaml": rows.SurveyFigure,
    "glossary.yaml": rows.Term,
    "industries.yaml": rows.Industry,
    "regions.yaml": rows.Province,
    "systems.yaml": rows.System,
}
"""Every data file with the kind of its rows."""

_R = TypeVar("_R", bound=rows.Row)


def _bad(path: Path, line: int, name: object, field: str, what: str) -> BadKnowledge:
    return BadKnowledge(
        f"{path.name} 第 {line} 行起的一行（{name or '没有 id'}）字段 {field} 不对：{what}。",
        "字段的写法见 corpus/rows.py。",
    )


def _refusal(path: Path, line: int, raw: dict[str, Any], exc: ValidationError) -> BadKnowledge:
    error = exc.errors()[0]
    where = [str(part) for part in error["loc"] if part != raw.get("row")]
    return _bad(path, line, raw.get("id") or raw.get("city"), ".".join(where) or "row", meaning(error))


@cache
def read_table(path: Path) -> tuple[Any, ...]:
    """The checked rows of one data file; BadKnowledge names file, line and field."""
    adapter: TypeAdapter[Any] = TypeAdapter(KINDS[path.name])
    table: list[rows.Row] = []
    for line, raw in read_yaml_list(path):
        try:
            row = adapter.validate_python(raw)
        except ValidationError as exc:
            raise _refusal(path, line, raw, exc) from exc
        row._line = line
        table.append(row)
    return tuple(table)


class Tables:
    """All tables of one corpus folder, each read on first use."""

    def __init__(self, corpus: Path = CORPUS) -> None:
        self.corpus = corpus

    def path(self, name: str) -> Path:
        return self.corpus / "data" / name

    def _of(self, name: str, kind: type[_R]) -> tuple[_R, ...]:
        return tuple(row for row in read_table(self.path(name)) if isinstance(row, kind))

    @property
    def size_rule(self) -> rows.SizeRule:
        return self._of("size_classes.yaml", rows.SizeRule)[0]

    @property
    def size_sectors(self) -> tuple[rows.SizeSector, ...]:
        return self._of("size_classes.yaml", rows.SizeSector)

    @property
    def size_not_covered(self) -> tuple[rows.SizeNotCovered, ...]:
        return self._of("size_classes.yaml", rows.SizeNotCovered)

    @property
    def items(self) -> tuple[rows.Item, ...]:
        return self._of("maturity_2024.yaml", rows.Item)

    @property
    def scenes(self) -> tuple[rows.Scene, ...]:
        return self._of("maturity_2024.yaml", rows.Scene)

    @property
    def level_rules(self) -> tuple[rows.LevelRule, ...]:
        return self._of("maturity_2024.yaml", rows.LevelRule)

    @property
    def levels_2022(self) -> tuple[rows.Level2022, ...]:
        return self._of("maturity_2024.yaml", rows.Level2022)

    @property
    def programmes(self) -> tuple[rows.Programme, ...]:
        return self._of("programmes.yaml", rows.Programme)

    @property
    def pilot_cities(self) -> tuple[rows.PilotCity, ...]:
        return self._of("pilot_cities.yaml", rows.PilotCity)

    @property
    def titles(self) -> tuple[rows.TitleCondition, ...]:
        return self._of("titles.yaml", rows.TitleCondition)

    @property
    def stages(self) -> tuple[rows.Stage, ...]:
        return self._of("levels.yaml", rows.Stage)

    @property
    def distributions(self) -> tuple[rows.LevelDistribution, ...]:
        return self._of("levels.yaml", rows.LevelDistribution)

    @property
    def scenarios(self) -> tuple[rows.Scenario, ...]:
        return self._of("scenarios.yaml", rows.Scenario)

    @property
    def cases(self) -> tuple[rows.Case, ...]:
        return self._of("cases.yaml", rows.Case)

    @property
    def subsectors(self) -> tuple[rows.Subsector, ...]:
        return self._of("subsectors.yaml", rows.Subsector)

    @property
    def sector_path(self) -> tuple[rows.SectorCell, ...]:
        return self._of("sector_path.yaml", rows.SectorCell)

    @property
    def vendors(self) -> tuple[rows.ToolVendors, ...]:
        return self._of("vendors.yaml", rows.ToolVendors)

    @property
    def survey(self) -> tuple[rows.SurveyFigure, ...]:
        return self._of("survey.yaml", rows.SurveyFigure)

    @property
    def glossary(self) -> tuple[rows.Term, ...]:
        return self._of("glossary.yaml", rows.Term)

    @property
    def industries(self) -> tuple[rows.Industry, ...]:
        return self._of("industries.yaml", rows.Industry)

    @property
    def provinces(self) -> tuple[rows.Province, ...]:
        return self._of("regions.yaml", rows.Province)

    @property
    def systems(self) -> tuple[rows.System, ...]:
        return self._of("systems.yaml", rows.System)


def load_tables(corpus: Path = CORPUS) -> Tables:
    """The tables of a corpus folder; nothing is read yet."""
    return Tables(corpus)


def check_tables(tables: Tables) -> None:
    """Check every table, and that every name one row gives of another exists; BadKnowledge at the first fault."""
    sources = {*load_sources(tables.corpus), rows.COMMON}
    cards = {card.id for card in load_cards(tables.corpus)}
    for name in KINDS:
        path = tables.path(name)
        for row in read_table(path):
            _known(path, row, "source", [row.source], sources)
            _known(path, row, "card", [row.card] if row.card else [], cards)
        _unique(path, read_table(path))
    for name, row, field, given, known in _references(tables):
        _known(tables.path(name), row, field, given, known)
    _check_counts(tables)


def _known(path: Path, row: rows.Row, field: str, given: Iterable[str], known: Collection[str]) -> None:
    for value in given:
        if value not in known:
            raise _bad(path, row.line, getattr(row, "id", None), field, f"“{value}”不存在")


def _unique(path: Path, table: Sequence[rows.Row]) -> None:
    seen: set[tuple[str, str]] = set()
    for row in table:
        key = (getattr(row, "row", ""), getattr(row, "id", "") or f"{row.model_dump(exclude={'text'})}")
        if key in seen:
            raise _bad(path, row.line, key[1], "id", "和前面的重复")
        seen.add(key)


def _references(tables: Tables) -> Iterator[tuple[str, rows.Row, str, Iterable[str], Collection[str]]]:
    """(file, row, field, the names given there, the names that exist)."""
    scenes = {scene.name for scene in tables.scenes}
    scenarios = {scenario.name for scenario in tables.scenarios}
    areas = {scenario.area for scenario in tables.scenarios}
    subsectors = {subsector.name for subsector in tables.subsectors}
    terms = {term.term for term in tables.glossary}
    sources = set(load_sources(tables.corpus))
    for scenario in tables.scenarios:
        yield "scenarios.yaml", scenario, "official_scenes", scenario.official_scenes, scenes
        yield "scenarios.yaml", scenario, "subsectors_with_case", scenario.subsectors_with_case, subsectors
    for case in tables.cases:
        yield "cases.yaml", case, "scenario", [case.scenario], scenarios
        yield "cases.yaml", case, "area", [case.area], areas
    for subsector in tables.subsectors:
        yield "subsectors.yaml", subsector, "scenarios", subsector.scenarios, scenarios
    for term in tables.glossary:
        yield "glossary.yaml", term, "related", term.related, terms
        yield "glossary.yaml", term, "used_in", [term.used_in] if term.used_in else [], sources
    yield from _own_references(tables)


def _own_references(tables: Tables) -> Iterator[tuple[str, rows.Row, str, Iterable[str], Collection[str]]]:
    """Those of the project's own lists."""
    subsectors = {subsector.name for subsector in tables.subsectors}
    sizes = {sector.id for sector in tables.size_sectors}
    paths = {cell.sector for cell in tables.sector_path}
    peers = {row.id for row in tables.distributions}
    scenes = {scene.id for scene in tables.scenes}
    for industry in tables.industries:
        yield "industries.yaml", industry, "size_sector", [industry.size_sector], sizes
        yield "industries.yaml", industry, "subsectors", industry.subsectors, subsectors
        yield "industries.yaml", industry, "caict", [industry.caict] if industry.caict else [], paths
        yield (
            "industries.yaml",
            industry,
            "distribution",
            [industry.distribution] if industry.distribution else [],
            peers,
        )
    for province in tables.provinces:
        yield "regions.yaml", province, "counties", province.counties.values(), province.cities
        yield "regions.yaml", province, "weak", province.weak, {*province.cities, *province.counties}
    for system in tables.systems:
        yield "systems.yaml", system, "scenes", system.scenes, scenes


def _check_counts(tables: Tables) -> None:
    """The sizes that the documents state."""
    rules = [rule.level for rule in tables.level_rules]
    stated: list[tuple[str, str, float, float]] = [
        ("maturity_2024.yaml", "计分项", len(tables.items), 15),
        ("maturity_2024.yaml", "计分项满分合计", round(sum(item.points for item in tables.items), 4), 100),
        ("maturity_2024.yaml", "场景", len(tables.scenes), 16),
        ("maturity_2024.yaml", "定级规则", len(set(rules)), 4),
        ("scenarios.yaml", "场景", len(tables.scenarios), 42),
        ("scenarios.yaml", "应用领域", len({scenario.area for scenario in tables.scenarios}), 14),
        ("sector_path.yaml", "格", len({(c.sector, c.area, c.level) for c in tables.sector_path}), 60),
        ("cases.yaml", "案例", len(tables.cases), 54),
        ("subsectors.yaml", "细分领域", len(tables.subsectors), 10),
        ("vendors.yaml", "工具", len(tables.vendors), 29),
    ]
    for name, what, found, wanted in stated:
        if found != wanted:
            raise BadKnowledge(f"{name} 的{what}应当是 {wanted:g}，现在是 {found:g}。", "有行被删掉、重复或写错了。")
