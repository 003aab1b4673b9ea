"""The 31 questions of the 2024 indicators: their order, what an on-site check looks at, and answers as people give them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.cut import shorten
from core.errors import BadInput
from core.text import squeeze
from corpus.rows import Item, Scene
from corpus.tables import load_tables
from tools.maturity.choices import NEARLY, choices, chosen, does_not_fit, enclosed, not_denied, shown
from tools.maturity.practice import Reading, read_scene
from tools.maturity.replies import bare, kind_of

QUICK = (
    "scene-production", "scene-warehouse", "scene-purchase", "scene-sales", "scene-finance", "scene-design",
    "item-systems", "item-data_collection", "item-planning", "item-network",
)  # fmt: skip
"""The ten of the quick screen: six scenes that count for the level, and the four items with the most to tell."""
CHOSEN = "自己选的"
UNKNOWN, SKIP, NOT_APPLICABLE = "不知道", "跳过", "不适用"
"""What an answer may be instead of a choice."""
_INSTEAD = {"unknown": UNKNOWN, "skip": SKIP, "not_applicable": NOT_APPLICABLE}
_SCENE_LEVELS = {
    "无": 0, "没有": 0, "没开展": 0, "未开展": 0, "零": 0, "不到一": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4,
    "初始": 1, "规范": 2, "集成": 3, "协同": 4,
}  # fmt: skip


@dataclass(frozen=True)
class Question:
    """One scored item or one scene; key: item-network, scene-design."""

    key: str
    row: Item | Scene

    @property
    def is_item(self) -> bool:
        return isinstance(self.row, Item)


@dataclass(frozen=True)
class Answers:
    """What was answered. items: item id → ids of the options chosen; scenes: scene id → reading.

    skipped: keys of the questions passed over, in that order; unknown: of those nobody could answer; not_applicable: of
    those that do not fit the firm.
    """

    items: Mapping[str, tuple[str, ...]]
    scenes: Mapping[str, Reading]
    skipped: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    not_applicable: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """The keys of the questions settled; a scene known only as a range is not, what does not fit the firm is."""
        items, scenes = self.items.keys(), [id for id, r in self.scenes.items() if r.low == r.high]
        return {*(f"item-{id}" for id in items), *(f"scene-{id}" for id in scenes), *self.not_applicable}

    @property
    def open(self) -> tuple[str, ...]:
        """The keys of the questions that were put and stayed open."""
        return (*self.unknown, *self.skipped)

    def as_json(self) -> dict[str, Any]:
        """To give again as 答案 and go on from there."""
        scenes = {f"scene-{id}": r.low if r.low == r.high else f"{r.low}到{r.high}" for id, r in self.scenes.items()}
        items = {f"item-{id}": list(chosen) for id, chosen in self.items.items()}
        instead = ((self.not_applicable, NOT_APPLICABLE), (self.unknown, UNKNOWN), (self.skipped, SKIP))
        return items | scenes | {key: word for keys, word in instead for key in keys}


@cache
def questions() -> tuple[Question, ...]:
    """All 31, the ten of the quick screen first, then in the order of the indicators."""
    tables = load_tables()
    every = [Question(f"item-{row.id}", row) for row in tables.items]
    every += [Question(f"scene-{row.id}", row) for row in tables.scenes]
    return tuple(sorted(every, key=lambda q: QUICK.index(q.key) if q.key in QUICK else len(QUICK)))


def unanswered(answers: Answers, told: Collection[str] = ()) -> list[Question]:
    """The questions still open, in the order in which they are asked; of the quick ones those already told of come last.

    Those skipped come after all others, the longest ago first, and last those nobody could answer. told: ids of scenes
    on which something was said.
    """
    left = [question for question in questions() if question.key not in answers.keys]
    later = {f"scene-{id}" for id in told}
    passed = {key: at for at, key in enumerate((*answers.skipped, *answers.unknown), 1)}
    return sorted(left, key=lambda q: (passed.get(q.key, 0), q.key not in QUICK, q.key in QUICK and q.key in later))


def read_answers(given: Mapping[str, Any]) -> Answers:
    """Answers by key, name or number (网络建设, item-network, q1, s6), or 不知道, 跳过, 不适用 instead of one.

    BadInput names the question and what may be chosen.
    """
    items, scenes = dict[str, tuple[str, ...]](), dict[str, Reading]()
    instead: dict[str, list[str]] = {UNKNOWN: [], SKIP: [], NOT_APPLICABLE: []}
    for name, value in given.items():
        found = find(str(name))
        row = found.row
        word = SKIP if value in (None, "") else _INSTEAD.get(kind_of(value) if isinstance(value, str) else "")
        if not word and isinstance(value, str) and does_not_fit(row, value):
            word = NOT_APPLICABLE
        if word:
            instead[word].append(found.key)
        elif isinstance(row, Item):
            items[row.id] = _choice(row, value)
        else:
            scenes[row.id] = _scene_level(row, value)
    return Answers(items, scenes, *(tuple(instead[word]) for word in (SKIP, UNKNOWN, NOT_APPLICABLE)))


def find(name: str) -> Question:
    """The question that a name means; BadInput where none does."""
    known, said = _by_name(), squeeze(name)[:60]
    if said in known:
        return known[said]
    from rapidfuzz import process

    near = [hit[0] for hit in process.extract(said, [q.row.name for q in questions()], limit=3, score_cutoff=40)]
    offer = (
        f"是不是{'、'.join(near)}？"
        if near
        else "题目的编号在结果的 questions 里，例如 item-network、scene-production。"
    )
    raise BadInput(f"答案里的“{shorten(name, 20)}”不是评测的题目。", offer)


@cache
def _by_name() -> dict[str, Question]:
    names: dict[str, Question] = {}
    for q in questions():
        for name in (q.key, q.row.name, f"{'q' if q.is_item else 's'}{q.row.number}"):
            names[squeeze(name)] = q
    bare = [q.row.id for q in questions()]
    return names | {q.row.id: q for q in questions() if bare.count(q.row.id) == 1}


def _choice(item: Item, value: Any) -> tuple[str, ...]:
    """The ids of the options chosen; no other than one for a single choice, none for 都没有."""
    found = chosen(item, value)
    if not found and not (item.type == "multi" and isinstance(value, (list, tuple, set)) and not value):
        raise BadInput(f"“{item.name}”没有“{shorten(str(value), 20)}”这个选项。", f"可选：{shown(item)}。")
    own = {option.id for option in item.options}
    return tuple(choice.id for choice in found if choice.id in own)


def _scene_level(scene: Scene, value: Any) -> Reading:
    """A level from 0 to 4 as said (3, 三级, L3, 集成级, 没有, 1到2), a letter, a choice, or a description."""
    if isinstance(value, (list, tuple)) and len(value) == 1:
        value = value[0]
    value = not_denied(value) if isinstance(value, str) else value
    odd = [c for c in str(value) if c.isdigit() and not c.isdecimal()]
    said = "" if odd else squeeze(str(value))[:300].removeprefix("l")  # ① is the first choice, ² no level
    if span := re.fullmatch(r"([0-4])(?:级)?[到至~-]([0-4])级?", said):
        low, high = sorted((int(span[1]), int(span[2])))
        return Reading(low, high, CHOSEN, sure=low == high)
    level_word = bare(said).removesuffix("级")
    level = _SCENE_LEVELS.get(level_word)
    if level is None and re.fullmatch(r"[0-4](?:\.0)?", level_word) and not isinstance(value, bool):
        level = int(float(level_word))
    if level is None and (enclosed(str(value)) or (not odd and not re.fullmatch(r"[-\d.%]*(?:级)?", said))):
        exact = chosen(scene, value, NEARLY)
        reading = None if exact else read_scene(scene, str(value))
        picked = exact or (() if reading else chosen(scene, value))
        if picked:
            level = int(picked[0].id)
        elif reading:
            return Reading(reading.low, reading.high, reading.reason)
    if level is None:
        raise BadInput(f"“{scene.name}”看不出几级：{str(value)[:20]}。", f"填 0 到 4，或选：{shown(scene)}。")
    return Reading(level, level, CHOSEN, sure=True)


def options_of(row: Item | Scene) -> list[dict[str, Any]]:
    """The choices with letter, id, everyday text and points or level."""
    if isinstance(row, Item):
        known = {o.id: o for o in row.options}
        return [
            {"letter": c.letter, "id": c.id, "text": c.text, "points": known[c.id].points if c.id in known else 0,
             "effort": known[c.id].effort if c.id in known else 0}
            for c in choices(row)
        ]  # fmt: skip
    return [
        {"letter": c.letter, "id": int(c.id), "text": c.text, "level": int(c.id), "effort": (0, *row.effort)[int(c.id)]}
        for c in choices(row)
    ]


def as_data(question: Question) -> dict[str, Any]:
    """A question for a page or a chat to ask. instead: what may be said in place of a choice."""
    row = question.row
    return {
        "key": question.key, "name": row.name, "question": row.question, "quick": question.key in QUICK,
        "explanation": row.explanation if isinstance(row, Item) else f"{row.plain}；看做到哪一步，不直接给分。",
        "multiple": isinstance(row, Item) and row.type == "multi", "options": options_of(row),
        "instead": [{"id": UNKNOWN, "text": "不知道，说不准"}, {"id": NOT_APPLICABLE, "text": f"不适用：{row.not_applicable}"}],
        "evidence": list(row.evidence), "conflict": row.conflict,
    }  # fmt: skip
