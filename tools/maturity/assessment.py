"""Scores and levels under the 2024 indicators: exact for what was answered, a range for what was not.

What does not fit the firm (不适用) is not in the rule as far as it is known. So both ways of treating it are reckoned: a
scored item counts 0 points at the least, and at the most it leaves the full points and the rest is put to 100; a scene
counts as not reached, since the rule asks for a number of scenes.

Source: 中小企业数字化水平评测指标（2024年版）, as read by third parties; the level rule is in corpus/data/maturity_2024.yaml.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from corpus.rows import Item, LevelRule
from corpus.tables import load_tables
from tools.maturity.practice import Reading
from tools.maturity.questionnaire import Answers

LIKELY_SHARE = ((0.0, 0.2), (0.1, 0.45), (0.25, 0.65), (0.45, 0.85), (0.6, 1.0))
"""Least and most share of an unasked item's points that a firm with scenes at level 0 to 4 may have: our own estimate."""
SYSTEM_COUNT_POINTS = ((0.0, 2.5), (2.5, 5.0), (5.0, 7.5))
"""Points of 信息系统覆盖业务面 suggested by 0, 1, 2 or more systems named: our own estimate."""
_NOT_SYSTEMS = {"Excel", "纸质单据", "微信群", "CAD", "CAE", "CAM"}


@dataclass(frozen=True)
class Span:
    """A figure that lies between two, equal where it is certain."""

    low: float
    high: float

    @property
    def exact(self) -> bool:
        return self.low == self.high

    def __add__(self, other: Span) -> Span:
        return Span(round(self.low + other.low, 4), round(self.high + other.high, 4))


@dataclass(frozen=True)
class Evaluation:
    """What the answers come to. points: item id → points; scenes: scene id → level; a span where not answered.

    level: 0 for below the first. complete: all 31 answered with one level each. left_out: ids of the items that do not fit.
    """

    points: Mapping[str, Span]
    scenes: Mapping[str, Span]
    score: Span
    level: Span
    complete: bool
    left_out: frozenset[str] = frozenset()

    @property
    def dimensions(self) -> dict[str, tuple[Span, float]]:
        """Dimension → (points, full points)."""
        found: dict[str, tuple[Span, float]] = {}
        for item in load_tables().items:
            span, full = found.get(item.dimension, (Span(0, 0), 0.0))
            found[item.dimension] = (span + self.points[item.id], round(full + item.points, 4))
        return found


def item_points(item: Item, chosen: tuple[str, ...]) -> float:
    """The points of the options chosen."""
    return round(sum(option.points for option in item.options if option.id in chosen), 4)


def reached(rule: LevelRule, score: float, scenes: Mapping[str, float]) -> bool:
    """Whether a score and the scenes' levels meet the rule of a level."""
    counted, constraint = scene_counts(rule, scenes)
    return score + 1e-9 >= rule.score and counted >= rule.scenes and constraint >= rule.constraint_scenes


def scene_counts(rule: LevelRule, scenes: Mapping[str, float]) -> tuple[int, int]:
    """(scenes, constraint scenes among them) at the rule's level or above."""
    there = [scene for scene in load_tables().scenes if scenes[scene.id] >= rule.scene_level]
    return len(there), sum(scene.constraint for scene in there)


def level_of(score: float, scenes: Mapping[str, float]) -> int:
    """The highest level whose rule is met; 0 where none is."""
    return max((rule.level for rule in load_tables().level_rules if reached(rule, score, scenes)), default=0)


def evaluate(answers: Answers) -> Evaluation:
    """The bounds that hold whatever the unanswered questions would bring; exact where all are answered.

    A scene known only as a range is not settled: its question is put again and may be answered otherwise.
    """
    tables, absent = load_tables(), set(answers.not_applicable)
    settled = {id: reading for id, reading in answers.scenes.items() if reading.low == reading.high}
    points = {
        item.id: Span(p := item_points(item, answers.items.get(item.id, ())), p)
        if item.id in answers.items or f"item-{item.id}" in absent
        else Span(0, item.points)
        for item in tables.items
    }
    scenes = {scene.id: _known_level(scene.id, answers, settled, Span(0, 4)) for scene in tables.scenes}
    return _evaluation(points, scenes, absent)


def _known_level(id: str, answers: Answers, known: Mapping[str, Reading], otherwise: Span) -> Span:
    if f"scene-{id}" in answers.not_applicable:
        return Span(0, 0)
    return Span(known[id].low, known[id].high) if id in known else otherwise


def estimate(answers: Answers, inferred: Mapping[str, Reading], systems: list[str] | None) -> Evaluation | None:
    """A narrower range that is likely, never sure, from what was told beside the answers; None where no scene is known.

    Scenes not spoken of are taken to lie near those that were, items not asked to go with the scenes' levels.
    systems: names of the systems in use; None where not told.
    """
    known = {**inferred, **answers.scenes}
    if not known:
        return None
    lows, highs = fmean(r.low for r in known.values()), fmean(r.high for r in known.values())
    near = Span(max(0, math.floor(lows) - 1), math.floor(highs + 0.5))
    tables = load_tables()
    scenes = {scene.id: _known_level(scene.id, answers, known, near) for scene in tables.scenes}
    low = _share(fmean(span.low for span in scenes.values()), 0)
    high = _share(fmean(span.high for span in scenes.values()), 1)
    points = dict[str, Span]()
    for item in tables.items:
        if item.id in answers.items:
            exact = item_points(item, answers.items[item.id])
            points[item.id] = Span(exact, exact)
        elif f"item-{item.id}" in answers.not_applicable:
            points[item.id] = Span(0, 0)
        elif item.id == "systems" and systems is not None:
            count = len([name for name in systems if name not in _NOT_SYSTEMS])
            points[item.id] = Span(*SYSTEM_COUNT_POINTS[min(count, 2)])
        else:
            points[item.id] = Span(_possible(item, item.points * low), _possible(item, item.points * high))
    return _evaluation(points, scenes, set(answers.not_applicable))


def _possible(item: Item, points: float) -> float:
    """The points nearest to a number that the item's options can bring."""
    sums = {0.0}
    for option in item.options:
        sums |= {round(s + option.points, 4) for s in sums} if item.type == "multi" else {option.points}
    return min(sums, key=lambda s: (abs(s - points), s))


def _evaluation(points: Mapping[str, Span], scenes: Mapping[str, Span], absent: Collection[str] = ()) -> Evaluation:
    left_out = frozenset(item.id for item in load_tables().items if f"item-{item.id}" in absent)
    score = sum(points.values(), Span(0, 0))
    full = 100 - sum(item.points for item in load_tables().items if item.id in left_out)
    score = Span(score.low, round(min(100.0, 100 * score.high / full), 4) if full > 1e-9 else 0.0)
    level = Span(
        level_of(score.low, {id: span.low for id, span in scenes.items()}),
        level_of(score.high, {id: span.high for id, span in scenes.items()}),
    )
    complete = all(span.exact for span in (*points.values(), *scenes.values()))
    return Evaluation(points, scenes, score, level, complete, left_out)


def score_text(score: Span) -> str:
    """33.375, or 25到33: as fine as the points for what was answered, whole points for a range.

    The upper end of a range is not rounded up onto the line of a level that it does not reach.
    """
    if score.exact:
        return f"{round(score.low, 3):g}"
    lines = [rule.score for rule in load_tables().level_rules]
    high = math.ceil(round(score.high, 4))
    high -= any(score.high < line <= high for line in lines)
    return f"{math.floor(score.low)}到{high}" if high > math.floor(score.low) else f"{high}"


def _share(level: float, end: int) -> float:
    """LIKELY_SHARE between two levels, in proportion."""
    below = min(int(level), 3)
    a, b = LIKELY_SHARE[below][end], LIKELY_SHARE[below + 1][end]
    return a + (b - a) * (level - below)


def as_data(evaluation: Evaluation, absent: Collection[str] = ()) -> dict[str, Any]:
    """Score, level, points by dimension and item, and scene levels, each with its bounds. absent: keys that do not fit."""
    tables = load_tables()
    return {
        "score_low": evaluation.score.low, "score_high": evaluation.score.high, "score_shown": score_text(evaluation.score),
        "level_low": int(evaluation.level.low), "level_high": int(evaluation.level.high), "complete": evaluation.complete,
        "dimensions": [
            {"name": name, "low": span.low, "high": span.high, "full": full}
            for name, (span, full) in evaluation.dimensions.items()
        ],
        "items": [
            {"id": item.id, "name": item.name, "dimension": item.dimension, "low": evaluation.points[item.id].low,
             "high": evaluation.points[item.id].high, "full": item.points}
            for item in tables.items
        ],
        "scenes": [
            {"id": scene.id, "name": scene.name, "group": scene.group, "constraint": scene.constraint,
             "low": int(evaluation.scenes[scene.id].low), "high": int(evaluation.scenes[scene.id].high),
             "not_applicable": f"scene-{scene.id}" in absent}
            for scene in tables.scenes
        ],
    }  # fmt: skip
