"""The survey figures: one by its id, how to tell its sample and answers, and the bands of a question as numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from corpus.rows import Answer, LevelDistribution, SurveyFigure
from corpus.tables import load_tables

_NONE = "未投入"


@dataclass(frozen=True)
class Band:
    """From low to high in the question's unit; share: percent of the firms asked; index: its place in the question."""

    index: int
    low: float
    high: float
    share: float
    label: str


@dataclass(frozen=True)
class Position:
    """The band of a value, and the percent of firms in the bands below and above it; band is None above all bands."""

    band: Band | None
    below: float
    above: float


def bands_of(row: SurveyFigure) -> tuple[Band, ...]:
    """The bands of a question whose answers are ranges; empty where an answer is not one."""
    found = []
    for index, option in enumerate(row.options):
        span = _span(option.name)
        if span is None:
            return ()
        found.append(Band(index, *span, option.value, _label(*span, unit="万元" if "万元" in option.name else "%")))
    return tuple(found)


def place(row: SurveyFigure, value: float) -> Position:
    """Where a value falls; percent bands hold their lower bound, bands of money their upper one, as the questions say."""
    bands, value = bands_of(row), round(value, 9)
    lower = "含" in "".join(option.name for option in row.options)
    inside = [
        b for b in bands if (b.low <= value < b.high if lower else b.low < value <= b.high or value == b.low == b.high)
    ]
    if not inside and lower and bands and value == bands[-1].high:
        inside = [bands[-1]]  # nothing lies above, so that the last band holds its upper bound as well
    if not inside:
        return Position(None, round(sum(b.share for b in bands), 1), 0.0)
    band = inside[0]
    below = sum(b.share for b in bands if b.low < band.low or (b.high <= band.low and b is not band))
    above = sum(b.share for b in bands if b.low >= band.high and b is not band)
    return Position(band, round(below, 1), round(above, 1))


def _span(name: str) -> tuple[float, float] | None:
    numbers = [float(n) for n in re.findall(r"\d+(?:\.\d+)?", name)]
    if name.startswith(_NONE):
        return 0.0, 0.0
    if len(numbers) == 2:
        return numbers[0], numbers[1]
    if len(numbers) != 1:
        return None
    if re.search("小于|及以下|以内", name):
        return 0.0, numbers[0]
    return (numbers[0], math.inf) if "以上" in name else None


def _label(low: float, high: float, unit: str) -> str:
    if high == 0:
        return "没投"
    if math.isinf(high):
        return f"{low:g}{unit}以上"
    if low == 0:
        return f"不到{high:g}%" if unit == "%" else f"{high:g}{unit}及以下"
    return f"{low:g}%到{high:g}%" if unit == "%" else f"{low:g}到{high:g}{unit}"


def figure(id: str) -> SurveyFigure:
    return next(row for row in load_tables().survey if row.id == id)


def sample(row: SurveyFigure | LevelDistribution) -> str:
    """How many were asked and when, as the source says it: N=494，2023年; 9400余家，2024年."""
    note, year = (row.note, row.year) if isinstance(row, SurveyFigure) else (row.n_note, None)
    n = f"N={row.n}" if row.n else "样本数没给"
    if row.n and (rough := re.search(rf"约{row.n}家|{row.n}余家", note or "")):
        n = rough.group()
    return f"{n}，{year}年" if year else n


def told(option: Answer, unit: str) -> str:
    """An answer in words: ERP(企业资源计划)73.8%; 中小微企业上云率超过30%."""
    name, rough = option.name, ""
    if found := re.search(r"[(,](约|超过|近|左右|以上)(?:,[^)]*)?\)", name):
        name, rough = name[: found.start()] + (")" if found.group().startswith(",") else ""), found[1]
    shown = f"{option.value:g}{unit if unit in {'%', '级', '点'} else ''}"
    return f"{name}{shown}{rough}" if rough in {"左右", "以上"} else f"{name}{rough}{shown}"


def figures_json(rows: Iterable[SurveyFigure]) -> list[dict[str, Any]]:
    return [
        {
            "id": row.id,
            "question": row.question,
            "unit": row.unit,
            "population": row.population,
            "n": row.n,
            "year": row.year,
            "options": [{"name": option.name, "value": option.value} for option in row.options],
            "note": row.note,
            "source": row.source,
            "card": row.card,
        }
        for row in rows
    ]
