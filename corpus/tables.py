"""The tables that the tools compute on, read from corpus/data/*.yaml and checked.

`load_tables()` reads nothing: each table is read when it is first asked for, and kept for the process.
corpus/check.py checks that they fit each other, the cards and the sources.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from core.errors import BadKnowledge
from corpus import rows, spare
from corpus.cards import CORPUS, meaning, read_yaml_list

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
    "case_kin.yaml": rows.CaseKin,
    "regions.yaml": rows.Province,
    "systems.yaml": rows.System,
}
"""Every data file with the kind of its rows."""

_R = TypeVar("_R", bound=rows.Row)


_MORE_MEANING = {
    "tuple_type": "要写成列表",
    "bool_type": "要写 true 或 false",
    "int_type": "要写整数",
    "int_from_float": "要写整数",
    "float_type": "要写数字",
    "model_type": "要写成“名称: 值”",
    "greater_than": "要大于 {gt:g}",
    "greater_than_equal": "不能小于 {ge:g}",
    "less_than": "要小于 {lt:g}",
    "less_than_equal": "不能大于 {le:g}",
}


def said(error: Any) -> str:
    """One of pydantic's errors in Chinese, as corpus.cards.meaning has it, its lists and dates written out."""
    context = dict(error.get("ctx") or {})
    if str(context.get("pattern", "")).startswith(r"^\d{4}"):
        return "要写成 2026-11-20 这样的日期"
    if error["type"] in _MORE_MEANING:
        return _MORE_MEANING[error["type"]].format_map(context)
    for key in ("expected", "expected_tags"):
        if allowed := re.findall(r"'([^']*)'", str(context.get(key, ""))):
            context[key] = "、".join(allowed)
    if error["type"] == "union_tag_invalid":
        return f"不是允许的取值，可选 {context['expected_tags']}"
    return meaning({**error, "ctx": context})


def fault(path: Path, line: int, name: object, field: str, what: str) -> BadKnowledge:
    """What is wrong in one field of one row."""
    return BadKnowledge(
        f"{path.name} 第 {line} 行起的一行（{name or '没有 id'}）字段 {field} 不对：{what}。",
        "字段的写法见 corpus/rows.py。",
    )


def field_of(error: Any, tag: object = None) -> str:
    """The field that one of pydantic's errors is about: terms.0, interest.years; without the kinds it tried."""
    parts = [str(part) for part in error["loc"] if part != tag]
    plain = [part for part in parts if re.fullmatch(r"\w+", part) and part not in {"str", "int", "float", "bool"}]
    return ".".join(plain) or "row"


def _faults_of(path: Path, line: int, raw: dict[str, Any], exc: ValidationError) -> list[BadKnowledge]:
    """One fault a field."""
    found: dict[str, BadKnowledge] = {}
    for error in exc.errors():
        field = field_of(error, raw.get("row"))
        found.setdefault(field, fault(path, line, raw.get("id") or raw.get("city"), field, said(error)))
    return list(found.values())


@dataclass(frozen=True)
class Reading:
    """A data file as read: the sound rows, every row as it stands with its line, and the faults of the unsound ones."""

    rows: tuple[Any, ...]
    raw: tuple[tuple[int, dict[str, Any]], ...]
    faults: tuple[BadKnowledge, ...]


def read_file(path: Path) -> Reading:
    """Read one data file; never raises."""
    try:
        listed = read_yaml_list(path)
    except BadKnowledge as exc:
        return Reading((), (), (exc,))
    adapter: TypeAdapter[Any] = TypeAdapter(KINDS[path.name])
    sound: list[rows.Row] = []
    faults: list[BadKnowledge] = []
    for line, raw in listed:
        try:
            row = adapter.validate_python(raw)
        except ValidationError as exc:
            faults += _faults_of(path, line, raw, exc)
            continue
        row._line = line
        sound.append(row)
    return Reading(tuple(sound), tuple(listed), tuple(faults))


@cache
def read_table(path: Path) -> tuple[Any, ...]:
    """The checked rows of one data file, or of its last sound copy; BadKnowledge names file, line and field."""
    return spare.read(path, rows_of)


def rows_of(path: Path) -> tuple[Any, ...]:
    """The checked rows of one data file as it is there. Raises BadKnowledge."""
    reading = read_file(path)
    if reading.faults:
        raise reading.faults[0]
    return reading.rows


class Tables:
    """All tables of one corpus folder, each read on first use."""

    def __init__(self, corpus: Path = CORPUS) -> None:
        self.corpus = corpus

    def path(self, name: str) -> Path:
        return self.corpus / "data" / name

    def table(self, name: str) -> tuple[Any, ...]:
        """The rows of one file; BadKnowledge where any is wrong."""
        return read_table(self.path(name))

    def _of(self, name: str, kind: type[_R]) -> tuple[_R, ...]:
        return tuple(row for row in self.table(name) if isinstance(row, kind))

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
    def case_kin(self) -> tuple[rows.CaseKin, ...]:
        return self._of("case_kin.yaml", rows.CaseKin)

    @property
    def provinces(self) -> tuple[rows.Province, ...]:
        return self._of("regions.yaml", rows.Province)

    @property
    def systems(self) -> tuple[rows.System, ...]:
        return self._of("systems.yaml", rows.System)


def load_tables(corpus: Path = CORPUS) -> Tables:
    """The tables of a corpus folder; nothing is read yet."""
    return Tables(corpus)
