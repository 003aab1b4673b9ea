"""Which scene of the digital-level assessment a clause tells of, and how far the firm is in it: 出入库有本子记.

By the examples in corpus/utterances/scenes.yaml, which name a scene and a level (0 to 4): warehouse-0.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache

from corpus.clauses import NONE, shares

SUBJECT = "scenes"
AREA_SCENES = {
    "研发设计": ("design", "process"),
    "生产制造": ("production", "planning", "quality", "equipment", "energy", "safety"),
    "采购供应": ("purchase", "warehouse"),
    "市场营销": ("sales", "service"),
    "经营管理": ("finance", "hr", "office", "decision"),
}
"""Scene ids of each business area, the main one first."""
SURE, SURE_OF_LEVEL = 0.6, 0.6
"""From which probability on a clause tells of a scene, and one level of it is taken alone rather than with the next likely one."""
LEVELS = range(5)
REMEMBERED = 1024


@dataclass(frozen=True)
class Scened:
    """A scene by its id, and the levels (0 to 4) that a clause shows of it, at least and at most."""

    scene: str
    low: int
    high: int

    @property
    def area(self) -> str:
        return next(area for area, scenes in AREA_SCENES.items() if self.scene in scenes)


@lru_cache(maxsize=REMEMBERED)
def scene_told(clause: str) -> Scened | None:
    """The scene that a clause surely tells of; None where it tells of none, or the model cannot be used."""
    said, by_scene = shares(SUBJECT, clause), defaultdict[str, float](float)
    for name, share in said.items():
        by_scene[name.rpartition("-")[0] or name] += share
    scene = max(by_scene, key=lambda name: by_scene[name], default=NONE)
    if scene == NONE or by_scene[scene] < SURE:
        return None
    of = [said.get(f"{scene}-{level}", 0.0) / by_scene[scene] for level in LEVELS]
    best = max(LEVELS, key=of.__getitem__)
    if of[best] >= SURE_OF_LEVEL:
        return Scened(scene, best, best)
    beside = max((level for level in (best - 1, best + 1) if level in LEVELS), key=of.__getitem__)
    return Scened(scene, min(best, beside), max(best, beside))
