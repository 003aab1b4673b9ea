"""Every fault of the cards and the data tables at once, for whoever edits them."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from core.errors import BadKnowledge
from core.text import squeeze
from core.types import Source
from corpus import rows
from corpus.asides import asides_faults
from corpus.cards import CORPUS, Card, card_files, load_cards, load_sources, read_yaml_list, sources_in
from corpus.dated import HINT, relative_fields
from corpus.places import place_named
from corpus.table_questions import table_question_faults
from corpus.tables import KINDS, Reading, Tables, fault, field_of, load_tables, read_file, said
from corpus.utterances import utterance_faults


@dataclass(frozen=True)
class Checked:
    """How many cards and rows there are, and what is wrong with them, one sentence a fault."""

    cards: int
    rows: int
    errors: tuple[str, ...]


def check(corpus: Path = CORPUS, tools: Sequence[str] = ()) -> Checked:
    """Check all sources, cards, tables and utterances; never raises. tools: the names that utterances may be labelled with."""
    errors: list[str] = []
    try:
        sources = sources_in(corpus / "sources.yaml")
        errors += _source_faults(corpus)
    except BadKnowledge as exc:
        errors.append(exc.message)
        sources = {}
    count, ids = _check_cards(corpus, sources, errors)
    readings = {name: read_file(corpus / "data" / name) for name in KINDS}
    found = table_faults(load_tables(corpus), readings, sources, ids)
    errors += [exc.message for exc in found]
    errors += utterance_faults(corpus, tools, ids)
    errors += table_question_faults(corpus)
    errors += asides_faults()
    return Checked(count, sum(len(reading.raw) for reading in readings.values()), tuple(errors))


def check_tables(tables: Tables) -> None:
    """Check every table, and that every name one row gives of another exists; BadKnowledge at the first fault."""
    readings = {name: read_file(tables.path(name)) for name in KINDS}
    ids = {card.id for card in load_cards(tables.corpus)}
    for exc in table_faults(tables, readings, load_sources(tables.corpus), ids):
        raise exc


def _source_faults(corpus: Path) -> Iterator[str]:
    """Notes of sources that hold only on the day of writing."""
    for line, raw in read_yaml_list(corpus / "sources.yaml"):
        for field, word in relative_fields({"note": raw.get("note") or ""}):
            yield f"sources.yaml 第 {line} 行起的来源字段 {field} 里的“{word}”只在写的那天说得通：{HINT}。"


# ---- cards


def _check_cards(corpus: Path, sources: dict[str, Source], errors: list[str]) -> tuple[int, set[str]]:
    """How many cards there are, and the ids of all; what is wrong goes to `errors`."""
    count = 0
    first: dict[str, str] = {}
    for path in card_files(corpus):
        try:
            listed = read_yaml_list(path)
        except BadKnowledge as exc:
            errors.append(exc.message)
            continue
        for line, raw in listed:
            count += 1
            name = str(raw.get("id") or "")
            errors += _card_faults(path, line, raw, sources)
            if name in first:
                errors.append(f"{_place(path, line)}：卡片 {name} 和 {first[name]} 的重复。")
            elif name:
                first[name] = _place(path, line)
    return count, set(first)


LEAST_RESTS = 2
"""So many independent sources advice from practice rests on."""
_COUNTS = frozenset(map(str, range(13)))
"""Small numbers that count the items of a list."""
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_TOLD = ("title", "short", "text")
"""The fields of a card that are shown."""


def _place(path: Path, line: int) -> str:
    return f"{path.parent.name}/{path.name} 第 {line} 行"


def _card_faults(path: Path, line: int, raw: dict[str, Any], sources: dict[str, Source]) -> Iterator[str]:
    """One sentence a field of a card that is wrong."""
    where = f"{_place(path, line)}起的卡片（{raw.get('id', '没有 id')}）"
    try:
        Card.model_validate(raw)
    except ValidationError as exc:
        told = {field_of(error): said(error) for error in reversed(exc.errors())}
        yield from (f"{where}字段 {field} 不对：{what}。" for field, what in reversed(told.items()))
    source = raw.get("source")
    if sources and isinstance(source, str) and source not in sources:
        yield f"{where}字段 source 不对：来源 {source} 不在 sources.yaml 里。"
    yield from (f"{where}{what}" for what in _answer_faults(raw))
    for field, word in relative_fields({name: raw.get(name) for name in _TOLD}):
        yield f"{where}字段 {field} 里的“{word}”只在写的那天说得通：{HINT}。"


def _answer_faults(raw: dict[str, Any]) -> Iterator[str]:
    """What is wrong with the short form and the near questions of a card, and with the figures of one of practice."""
    own = {key for name in ("title", "text", "derived") for key in _figures_of(raw.get(name))}
    for number in sorted(_figures_of(raw.get("short")) - own):
        yield f"字段 short 里的 {number} 在标题和正文里没有：短句里的数要和正文一字不差。"
    asked = {squeeze(str(question)) for question in raw.get("questions") or ()}
    for near in raw.get("not_answered") or ():
        if squeeze(str(near)) in asked:
            yield f"字段 not_answered 里的“{near}”也在 questions 里：同一句不能又答又不答。"
    if raw.get("certainty") == "practice":
        if len(raw.get("rests_on") or ()) < LEAST_RESTS:
            yield f"字段 rests_on 不对：实践经验至少要有 {LEAST_RESTS} 个互不相干的依据，写明名称。"
        for number in sorted(_figures_of(raw.get("text")) - _figures_of(raw.get("figures")) - _COUNTS):
            yield f"正文里的 {number} 在 figures 里没有：实践经验的每个数都要写来源、年份和范围。"


def _figures_of(told: object) -> set[str]:
    """The numbers that stand in a field."""
    return {number.replace(",", "").rstrip(".") for number in _NUMBER.findall(str(told or ""))}


# ---- tables


class _Sound(Tables):
    """The tables without the rows that are wrong."""

    def __init__(self, corpus: Path, readings: dict[str, Reading]) -> None:
        super().__init__(corpus)
        self._readings = readings

    def table(self, name: str) -> tuple[Any, ...]:
        return self._readings[name].rows


def table_faults(
    tables: Tables, readings: dict[str, Reading], sources: Collection[str], cards: Collection[str]
) -> Iterator[BadKnowledge]:
    """Every fault of the tables.

    What leans on a table that has faults of its own is not looked at: a name may be missing only because of them.
    """
    broken = {name for name, reading in readings.items() if reading.faults}
    for name, reading in readings.items():
        yield from reading.faults
        yield from _row_faults(tables.path(name), reading, {*sources, rows.COMMON} if sources else (), cards)
    sound = _Sound(tables.corpus, readings)
    for name, row, field, given, target, known in _references(sound, sources):
        if target not in broken:
            yield from _unknown(tables.path(name), row.line, getattr(row, "id", None), field, given, known)
    yield from _count_faults(sound, broken)


def _row_faults(
    path: Path, reading: Reading, sources: Collection[str], cards: Collection[str]
) -> Iterator[BadKnowledge]:
    """Sources and cards that do not exist, of sound and unsound rows alike, and rows that are there twice."""
    seen: set[str] = set()
    for line, raw in reading.raw:
        name = raw.get("id")
        for field, known in (("source", sources), ("card", cards)):
            if known and isinstance(raw.get(field), str):
                yield from _unknown(path, line, name, field, [raw[field]], known)
        for field, word in relative_fields(raw):
            yield fault(path, line, name, field, f"“{word}”只在写的那天说得通：{HINT}")
        key = f"{raw.get('row', '')} {name or {k: v for k, v in raw.items() if k != 'text'}}"
        if key in seen:
            yield fault(path, line, name, "id", "和前面的重复")
        seen.add(key)


def _unknown(
    path: Path, line: int, name: object, field: str, given: Iterable[str], known: Collection[str]
) -> Iterator[BadKnowledge]:
    yield from (fault(path, line, name, field, f"“{value}”不存在") for value in given if value not in known)


_Reference = tuple[str, rows.Row, str, Iterable[str], str, Collection[str]]
"""File, row, field, the names given there, the file that has them, and the names that exist in it."""


def _references(tables: Tables, sources: Collection[str]) -> Iterator[_Reference]:
    scenes = {scene.name for scene in tables.scenes}
    scenarios = {scenario.name for scenario in tables.scenarios}
    areas = {scenario.area for scenario in tables.scenarios}
    subsectors = {subsector.name for subsector in tables.subsectors}
    terms = {term.term for term in tables.glossary}
    for row in tables.scenarios:
        yield "scenarios.yaml", row, "official_scenes", row.official_scenes, "maturity_2024.yaml", scenes
        yield "scenarios.yaml", row, "subsectors_with_case", row.subsectors_with_case, "subsectors.yaml", subsectors
    for case in tables.cases:
        yield "cases.yaml", case, "scenario", [case.scenario], "scenarios.yaml", scenarios
        yield "cases.yaml", case, "area", [case.area], "scenarios.yaml", areas
    for subsector in tables.subsectors:
        yield "subsectors.yaml", subsector, "scenarios", subsector.scenarios, "scenarios.yaml", scenarios
    for term in tables.glossary:
        yield "glossary.yaml", term, "related", term.related, "glossary.yaml", terms
        if term.used_in and sources:
            yield "glossary.yaml", term, "used_in", [term.used_in], "sources.yaml", sources
    yield from _own_references(tables, subsectors)


def _own_references(tables: Tables, subsectors: Collection[str]) -> Iterator[_Reference]:
    """Those of the project's own lists."""
    sizes = {sector.id for sector in tables.size_sectors}
    paths = {cell.sector for cell in tables.sector_path}
    peers = {row.id for row in tables.distributions}
    scenes = {scene.id for scene in tables.scenes}
    for row in tables.industries:
        yield "industries.yaml", row, "size_sector", [row.size_sector], "size_classes.yaml", sizes
        yield "industries.yaml", row, "subsectors", row.subsectors, "subsectors.yaml", subsectors
        yield "industries.yaml", row, "caict", filter(None, [row.caict]), "sector_path.yaml", paths
        yield "industries.yaml", row, "distribution", filter(None, [row.distribution]), "levels.yaml", peers
    industries, cases = {row.id for row in tables.industries}, {case.id for case in tables.cases}
    for kin in tables.case_kin:
        yield "case_kin.yaml", kin, "industry", [kin.industry], "industries.yaml", industries
        yield "case_kin.yaml", kin, "cases", kin.cases, "cases.yaml", cases
        yield "case_kin.yaml", kin, "near", kin.near, "cases.yaml", cases
    yield from _places_named(tables)
    for system in tables.systems:
        yield "systems.yaml", system, "scenes", system.scenes, "maturity_2024.yaml", scenes


def _places_named(tables: Tables) -> Iterator[_Reference]:
    """The places that rows name, which the regions table must know."""
    named: list[tuple[str, rows.Row, str, tuple[str | None, ...]]] = [
        *(("programmes.yaml", row, "region", (row.region.province, row.region.city)) for row in tables.programmes),
        *(("pilot_cities.yaml", row, "city", (row.city, row.province)) for row in tables.pilot_cities),
        *(("cases.yaml", row, "place", (row.place, row.province)) for row in tables.cases),
    ]
    for name, row, field, given in named:
        told = [place for place in given if place]
        yield name, row, field, told, "regions.yaml", {place for place in told if place_named(place)}


def _count_faults(tables: Tables, broken: Collection[str]) -> Iterator[BadKnowledge]:
    """The sizes that the documents state: exact ones, and least ones of the lists that users may add to."""
    exact: Sequence[tuple[str, str, float, float]] = [
        ("maturity_2024.yaml", "计分项", len(tables.items), 15),
        ("maturity_2024.yaml", "计分项满分合计", round(sum(item.points for item in tables.items), 4), 100),
        ("maturity_2024.yaml", "场景", len(tables.scenes), 16),
        ("maturity_2024.yaml", "定级规则", len({rule.level for rule in tables.level_rules}), 4),
        ("scenarios.yaml", "应用领域", len({scenario.area for scenario in tables.scenarios}), 14),
        ("sector_path.yaml", "格", len({(c.sector, c.area, c.level) for c in tables.sector_path}), 60),
    ]
    least: Sequence[tuple[str, str, int, int]] = [
        ("scenarios.yaml", "场景", len(tables.scenarios), 42),
        ("cases.yaml", "案例", len(tables.cases), 54),
        ("subsectors.yaml", "细分领域", len(tables.subsectors), 10),
        ("vendors.yaml", "工具", len(tables.vendors), 29),
    ]
    hint = "有行被删掉、重复或写错了。"
    for name, what, found, wanted in exact:
        if name not in broken and found != wanted:
            yield BadKnowledge(f"{name} 的{what}应当是 {wanted:g}，现在是 {found:g}。", hint)
    for name, what, found, wanted in least:
        if name not in broken and found < wanted:
            yield BadKnowledge(f"{name} 的{what}至少要有 {wanted}，现在是 {found}。", hint)
