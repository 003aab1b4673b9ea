"""The level that follows from a score and from how many scenes reach a level, as a firm has them from a test elsewhere."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from core.errors import BadInput
from core.numbers import read_number
from corpus.rows import LevelRule
from corpus.tables import load_tables
from tools.outcome import Book, Outcome, weakest

_N = r"(\d{1,3}(?:\.\d+)?|[零一二两三四五六七八九十百点]{1,5})"
_SCORE = re.compile(rf"(?<![\d.第满])(?<!满分){_N}\s*分(?![之钟公厂店批期销析类级别成红散子支包工开布数])")
_SCENES = re.compile(
    rf"{_N}\s*个?(?:约束性?的?)?(?:场景)|(?:场景|约束性)[^\d一二两三四五六七八九十，,]{{0,3}}{_N}\s*个"
)
_LEVEL = re.compile(r"([一二三四1-4])级")
_PARTS = re.compile(r"[，,。；;、？?！!\n]")
FEW = 10
"""Fewer points are a score only in figures: 工资一分没涨 tells none."""
_VERY = {"十", "百", "一百"}
"""十分 is “very”, 百分 begins a share."""


@dataclass(frozen=True)
class Scored:
    """What a firm has been told. scenes: how many reach `level`; constraint: how many of those are constraint scenes."""

    score: float
    scenes: int | None = None
    level: int | None = None
    constraint: int | None = None

    def arguments(self) -> dict[str, Any]:
        """As the arguments of the tool, without what is not known."""
        given = {"得分": self.score, "场景数": self.scenes, "场景等级": self.level, "约束性场景数": self.constraint}
        return {name: value for name, value in given.items() if value is not None}


def read_scored(text: str) -> Scored | None:
    """The one score in a text with its scenes; None where there is none or more than one."""
    scores = [hit[1] for hit in _SCORE.finditer(text) if hit[1] not in _VERY]
    score = read_number(scores[0]) if len(scores) == 1 else None
    if score is None or (score < FEW and not scores[0].isdigit()):
        return None
    scenes = level = constraint = None
    for part in _PARTS.split(text):
        hit = _SCENES.search(part)
        count = read_number(hit[1] or hit[2]) if hit else None
        if "约束" in part:
            number = re.search(rf"{_N}\s*个", part)
            constraint = int(count or (read_number(number[1]) if number else None) or 0) or None
        elif count is not None:
            scenes, named = int(count), _LEVEL.search(part)
            level = int(read_number(named[1]) or 0) if named else None
    return Scored(score, scenes, level, constraint)


def judge(rule: LevelRule, known: Scored) -> bool | None:
    """Whether a rule is met; None where that depends on scenes that were not told."""
    if known.score + 1e-9 < rule.score:
        return False
    enough = _enough(rule.scenes, known.scenes, known.level, rule.scene_level)
    must = _enough(rule.constraint_scenes, known.constraint, known.level, rule.scene_level)
    return False if False in (enough, must) else None if None in (enough, must) else True


def _enough(wanted: int, count: int | None, level: int | None, scene_level: int) -> bool | None:
    """Whether so many scenes at a level are enough for another: a higher one has no more of them, a lower one no fewer."""
    if count is None or level is None:
        return None
    if count >= wanted:
        return True if level >= scene_level else None
    return False if level <= scene_level else None


def outcome(known: Scored) -> Outcome:
    """The level, what decides it, and what lacks for the next one. BadInput for a score that cannot be."""
    if not 0 <= known.score <= 100:
        raise BadInput(f"满分是100分，{known.score:g}分对不上。", "核对一下是不是评测得分。")
    book, rules = Book(), load_tables().level_rules
    states = {rule.level: judge(rule, known) for rule in rules}
    best = max((level for level, state in states.items() if state is not False), default=0)
    sure = max((level for level, state in states.items() if state), default=0)
    exact = best == sure and (best == 0 or states[best] is True)
    names = {0: "无等级"} | {rule.level: f"{rule.official_name}（{rule.stage_name}）" for rule in rules}
    lines = [f"**{names[best]}**。" if exact else f"**最高{names[best]}，还要看场景**。"]
    if rule := next((r for r in rules if r.level == best), None):
        lines[0] += f"{rule.official_name}要{_wanted(rule)} [{book.cite(rule)}]。你是{_given(known)}。"
    if higher := next((r for r in rules if r.level == best + 1), None):
        lines.append(f"到{names[higher.level]}要{_wanted(higher)} [{book.cite(higher)}]。{_lack(higher, known)}")
    if not exact:
        lines.append("有多少个场景到了几级、其中约束性场景（官方重点看的）几个？说了就能定。")
    lines.append("场景数的规则只见于第三方整理，未见官方原文；正式等级以官方评测系统的结果为准。")
    data = {
        "mode": "scored", "score": known.score, "scenes": known.scenes, "scene_level": known.level, "constraint_scenes": known.constraint,
        "level_high": best, "level_low": best if exact else sure,
    }  # fmt: skip
    return Outcome("\n\n".join(lines), data, book.rows, weakest(book.certainty, "third_party"))


def _wanted(rule: LevelRule) -> str:
    return f"{rule.score:g}分及以上，{rule.scenes}个场景到{'零一二三四'[rule.scene_level]}级、其中约束性{rule.constraint_scenes}个"


def _given(known: Scored) -> str:
    words = [f"{known.score:g}分"]
    if known.scenes is not None:
        words.append(f"{known.scenes}个场景到{'零一二三四'[known.level]}级" if known.level else f"{known.scenes}个场景")
    if known.constraint is not None:
        words.append(f"约束性{known.constraint}个")
    return "、".join(words)


def _lack(rule: LevelRule, known: Scored) -> str:
    """What lacks for a rule as far as it is known; empty where only scenes that were not told decide."""
    lacking = [f"差{round(rule.score - known.score, 4):g}分"] if known.score < rule.score else []
    if known.level == rule.scene_level:
        lacking += (
            [f"差{rule.scenes - known.scenes}个场景"]
            if (known.scenes or rule.scenes) < rule.scenes and known.scenes is not None
            else []
        )
        short = rule.constraint_scenes - (known.constraint if known.constraint is not None else rule.constraint_scenes)
        lacking += [f"约束性场景差{short}个"] if short > 0 else []
    return f"你**{'、'.join(lacking)}**。" if lacking else ""
