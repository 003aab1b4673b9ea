"""What separates a firm from a level, and the set of steps to it with the least effort.

Effort weights are this project's own, from 1 to 5, and stand in corpus/data/maturity_2024.yaml: an item's option counts what it takes
from the option before it (several options of a multiple choice count each), a scene's four numbers one level each.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from corpus.rows import Item, LevelRule, Scene
from corpus.tables import load_tables
from tools.maturity.assessment import Evaluation, Span, evaluate, item_points, scene_counts
from tools.maturity.practice import LEVEL_WORDS
from tools.maturity.questionnaire import Answers, questions

RESULTS = ("energy", "quality", "market", "cost")
"""Items that are outcomes: they come of themselves and are no step, unless the level cannot be reached without."""
DOUBTFUL = ("investment",)
"""Items whose bands are doubted (10 to 60 % of revenue): taken only where nothing else is left."""


@dataclass(frozen=True)
class Step:
    """One thing to do: an item's options or a scene's next levels. effort: sum of the weights; brings: what for."""

    key: str
    name: str
    before: str
    after: str
    effort: int
    points: float
    evidence: tuple[str, ...]
    result: bool = False
    brings: str = ""

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "name": self.name, "from": self.before, "to": self.after, "effort": self.effort,
            "points": self.points, "evidence": list(self.evidence), "is_result": self.result, "brings": self.brings,
        }  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """What lacks for a level: points, scenes and constraint scenes at the level, each a span where answers are open.

    steps: the cheapest that close it, None where no set does; while answers are open, the first among what was answered
    (`whole` is False then).
    """

    level: int
    points: Span
    scenes: Span
    constraint_scenes: Span
    steps: tuple[Step, ...] | None
    whole: bool

    @property
    def effort(self) -> int:
        return sum(step.effort for step in self.steps or ())

    def as_json(self) -> dict[str, Any]:
        """points, scenes and constraint_scenes: what lacks at the most; *_low: what lacks at the least."""
        steps = None if self.steps is None else [step.as_json() for step in self.steps]
        return {
            "level": self.level, "points": self.points.high, "points_low": self.points.low,
            "scenes": int(self.scenes.high), "scenes_low": int(self.scenes.low),
            "constraint_scenes": int(self.constraint_scenes.high), "constraint_scenes_low": int(self.constraint_scenes.low),
            "effort": self.effort, "steps": steps, "whole": self.whole,
        }  # fmt: skip


def gap(answers: Answers, level: int, shown: Evaluation | None = None) -> Gap:
    """What lacks for a level, and what to do first.

    shown: the evaluation whose bounds count, that of the answers where None.
    """
    shown = shown or evaluate(answers)
    rule = next(rule for rule in load_tables().level_rules if rule.level == level)
    points = _lacking(rule.score, shown.score)
    few, few_constraint = scene_counts(rule, {id: span.low for id, span in shown.scenes.items()})
    many, many_constraint = scene_counts(rule, {id: span.high for id, span in shown.scenes.items()})
    scenes = _lacking(rule.scenes, Span(few, many))
    constraint = _lacking(rule.constraint_scenes, Span(few_constraint, many_constraint))
    whole = len(answers.keys) == len(questions())
    by_points = cheapest_points(answers, points.high if whole else _within_reach(answers, points.high))
    known = {id: reading.low for id, reading in answers.scenes.items() if reading.low == reading.high}
    by_scenes = cheapest_scenes(known, rule, int(scenes.high), int(constraint.high), whole)
    steps = None if by_points is None or by_scenes is None else tuple(sorted((*by_scenes, *by_points), key=_order))
    return Gap(level, points, scenes, constraint, steps, whole)


def _order(step: Step) -> tuple[bool, bool, int]:
    """The constraint scenes first, since no other makes up for them; then the least effort; outcomes last."""
    constraint = {f"scene-{scene.id}" for scene in load_tables().scenes if scene.constraint}
    return step.result, step.key not in constraint, step.effort


def _lacking(needed: float, there: Span) -> Span:
    return Span(max(0.0, round(needed - there.high, 4)), max(0.0, round(needed - there.low, 4)))


def _within_reach(answers: Answers, lacking: float) -> float:
    """As many of the points lacking as the answered items, outcomes left out, can still bring."""
    answered = [item for item in load_tables().items if item.id in answers.items and item.id not in RESULTS + DOUBTFUL]
    return min(lacking, round(sum(item.points - item_points(item, answers.items[item.id]) for item in answered), 4))


def cheapest_scenes(
    scenes: Mapping[str, float], rule: LevelRule, more: int, constraint: int, whole: bool = True
) -> list[Step] | None:
    """The scenes to raise to the rule's level with the least effort; every split into constraint and other is tried.

    scenes: the levels known; what is not in it is no candidate. None where too few are left; without `whole` as many as
    there are.
    """
    below = [scene for scene in load_tables().scenes if scenes.get(scene.id, rule.scene_level) < rule.scene_level]
    costs = {scene.id: sum(scene.effort[int(scenes[scene.id]) : rule.scene_level]) for scene in below}
    ranked = sorted(below, key=lambda scene: (costs[scene.id], not scene.constraint, scene.number))
    must, may = [s for s in ranked if s.constraint], [s for s in ranked if not s.constraint]
    if not whole:
        more, constraint = min(more, len(ranked)), min(constraint, len(must))
    picks = [[*must[:n], *may[: max(0, more - n)]] for n in range(constraint, len(must) + 1) if n + len(may) >= more]
    best = min(picks, key=lambda pick: (sum(costs[s.id] for s in pick), -sum(s.constraint for s in pick)), default=None)
    if best is None:
        return None
    return [_scene_step(scene, int(scenes[scene.id]), rule.scene_level, costs[scene.id]) for scene in best]


def _scene_step(scene: Scene, low: int, level: int, effort: int) -> Step:
    target = scene.levels[level - 1].plain
    return Step(
        f"scene-{scene.id}",
        scene.name,
        LEVEL_WORDS[low],
        f"{LEVEL_WORDS[level]}：{target}",
        effort,
        0.0,
        scene.evidence,
        brings=scene.brings,
    )


def cheapest_points(answers: Answers, lacking: float) -> list[Step] | None:
    """The answered items to improve for the points lacking with the least effort, exactly; None where all do not suffice.

    A table over effort: the most points that each sum of effort can bring, item by item.
    """
    if lacking <= 0:
        return []
    items = load_tables().items
    for left_out in ((*RESULTS, *DOUBTFUL), DOUBTFUL, ()):
        allowed = [item for item in items if item.id not in left_out and item.id in answers.items]
        best: dict[int, tuple[float, tuple[Step, ...]]] = {0: (0.0, ())}
        for item in allowed:
            best = _extended(best, _moves(item, answers.items.get(item.id, ())))
        enough = [(effort, -points, steps) for effort, (points, steps) in best.items() if points + 1e-9 >= lacking]
        if enough:
            return list(min(enough, key=lambda row: row[:2])[2])
    return None


def _extended(
    best: dict[int, tuple[float, tuple[Step, ...]]], moves: list[Step]
) -> dict[int, tuple[float, tuple[Step, ...]]]:
    new = dict(best)
    for effort, (points, steps) in best.items():
        for move in moves:
            key, gained = effort + move.effort, round(points + move.points, 4)
            if key not in new or gained > new[key][0]:
                new[key] = gained, (*steps, move)
    return new


def _moves(item: Item, chosen: tuple[str, ...]) -> list[Step]:
    """Every worthwhile improvement of one item: a higher option, or the n cheapest further options per point."""
    if item.type == "single":
        return _climbs(item, chosen)
    free = sorted(
        (o for o in item.options if o.points and o.id not in chosen), key=lambda o: (o.effort / o.points, o.effort)
    )
    before = (
        "已做到：" + "；".join(o.plain for o in item.options if o.id in chosen and o.points)
        if chosen and chosen != ("none",)
        else "还没做"
    )
    picks = _subsets(free)
    return [
        Step(
            f"item-{item.id}", item.name, before, f"再补：{'；'.join(o.plain for o in pick)}", sum(o.effort for o in pick),
            round(sum(o.points for o in pick), 4), item.evidence, item.id in RESULTS + DOUBTFUL, item.brings,
        )
        for pick in picks
    ]  # fmt: skip


def _subsets(free: list[Any]) -> list[list[Any]]:
    """For each effort the options with the most points; exact, since few efforts differ."""
    best: dict[int, list[Any]] = {0: []}
    for option in free:
        for effort, pick in sorted(best.items(), reverse=True):
            key = effort + option.effort
            if key not in best or sum(o.points for o in pick) + option.points > sum(o.points for o in best[key]) + 1e-9:
                best[key] = [*pick, option]
    return [pick for effort, pick in best.items() if effort]


def _climbs(item: Item, chosen: tuple[str, ...]) -> list[Step]:
    at = next((n for n, option in enumerate(item.options) if option.id in chosen), 0)
    efforts = list(accumulate(option.effort for option in item.options[at + 1 :]))
    before = item.options[at]
    return [
        Step(
            f"item-{item.id}", item.name, before.plain, option.plain, effort, round(option.points - before.points, 4),
            item.evidence, item.id in RESULTS + DOUBTFUL, item.brings,
        )
        for option, effort in zip(item.options[at + 1 :], efforts, strict=True)
    ]  # fmt: skip
