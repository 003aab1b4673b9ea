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
from tools.assessment import item_points, scene_counts
from tools.practice import LEVEL_WORDS
from tools.questionnaire import Answers

RESULTS = ("energy", "quality", "market", "cost")
"""Items that are outcomes: they come of themselves and are no step, unless the level cannot be reached without."""
DOUBTFUL = ("investment",)
"""Items whose bands are doubted (10 to 60 % of revenue): taken only where nothing else is left."""


@dataclass(frozen=True)
class Step:
    """One thing to do: an item's options or a scene's next levels. effort: sum of the weights."""

    key: str
    name: str
    before: str
    after: str
    effort: int
    points: float
    evidence: tuple[str, ...]
    result: bool = False

    def as_json(self) -> dict[str, Any]:
        return {
            "key": self.key, "name": self.name, "from": self.before, "to": self.after, "effort": self.effort,
            "points": self.points, "evidence": list(self.evidence), "is_result": self.result,
        }  # fmt: skip


@dataclass(frozen=True)
class Gap:
    """What lacks for a level: points, scenes and constraint scenes at the level; steps None where no set reaches it."""

    level: int
    points: float
    scenes: int
    constraint_scenes: int
    steps: tuple[Step, ...] | None

    @property
    def effort(self) -> int:
        return sum(step.effort for step in self.steps or ())

    def as_json(self) -> dict[str, Any]:
        steps = None if self.steps is None else [step.as_json() for step in self.steps]
        return {
            "level": self.level, "points": self.points, "scenes": self.scenes, "constraint_scenes": self.constraint_scenes,
            "effort": self.effort, "steps": steps,
        }  # fmt: skip


def gap(answers: Answers, level: int, ask_points: bool = True) -> Gap:
    """What lacks for a level and the cheapest steps; what is not answered counts as not there.

    ask_points: False leaves the points out, for when the items were not asked.
    """
    rule = next(rule for rule in load_tables().level_rules if rule.level == level)
    scenes: dict[str, float] = {
        s.id: answers.scenes[s.id].low if s.id in answers.scenes else 0 for s in load_tables().scenes
    }
    counted, constraint = scene_counts(rule, scenes)
    have = sum(item_points(item, answers.items.get(item.id, ())) for item in load_tables().items)
    lacking = max(0.0, round(rule.score - have, 4)) if ask_points else 0.0
    more, more_constraint = max(0, rule.scenes - counted), max(0, rule.constraint_scenes - constraint)
    by_points = cheapest_points(answers, lacking)
    by_scenes = cheapest_scenes(scenes, rule, more, more_constraint)
    steps = None if by_points is None else tuple(sorted((*by_scenes, *by_points), key=lambda s: (s.result, s.effort)))
    return Gap(level, lacking, more, more_constraint, steps)


def cheapest_scenes(scenes: Mapping[str, float], rule: LevelRule, more: int, constraint: int) -> list[Step]:
    """The scenes to raise to the rule's level with the least effort; every split into constraint and other is tried."""
    below = [scene for scene in load_tables().scenes if scenes[scene.id] < rule.scene_level]
    costs = {scene.id: sum(scene.effort[int(scenes[scene.id]) : rule.scene_level]) for scene in below}
    ranked = sorted(below, key=lambda scene: (costs[scene.id], not scene.constraint, scene.number))
    must, may = [s for s in ranked if s.constraint], [s for s in ranked if not s.constraint]
    picks = [[*must[:n], *may[: max(0, more - n)]] for n in range(constraint, len(must) + 1) if n + len(may) >= more]
    best = min(picks, key=lambda pick: (sum(costs[s.id] for s in pick), -sum(s.constraint for s in pick)), default=[])
    return [_scene_step(scene, int(scenes[scene.id]), rule.scene_level, costs[scene.id]) for scene in best]


def _scene_step(scene: Scene, low: int, level: int, effort: int) -> Step:
    target = scene.levels[level - 1].text
    return Step(
        f"scene-{scene.id}",
        scene.name,
        LEVEL_WORDS[low],
        f"{LEVEL_WORDS[level]}：{target}",
        effort,
        0.0,
        scene.evidence,
    )


def cheapest_points(answers: Answers, lacking: float) -> list[Step] | None:
    """The items to improve for the points lacking with the least effort, exactly; None where even all do not suffice.

    A table over effort: the most points that each sum of effort can bring, item by item.
    """
    if lacking <= 0:
        return []
    items = load_tables().items
    for left_out in ((*RESULTS, *DOUBTFUL), DOUBTFUL, ()):
        allowed = [item for item in items if item.id not in left_out]
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
        "已有" + "、".join(o.text for o in item.options if o.id in chosen and o.points)
        if chosen and chosen != ("none",)
        else "还没有"
    )
    picks = _subsets(free)
    return [
        Step(
            f"item-{item.id}", item.name, before, f"补上{'、'.join(o.text for o in pick)}", sum(o.effort for o in pick),
            round(sum(o.points for o in pick), 4), item.evidence, item.id in RESULTS + DOUBTFUL,
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
            f"item-{item.id}", item.name, before.text, option.text, effort, round(option.points - before.points, 4),
            item.evidence, item.id in RESULTS + DOUBTFUL,
        )
        for option, effort in zip(item.options[at + 1 :], efforts, strict=True)
    ]  # fmt: skip
