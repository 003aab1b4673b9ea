"""The 31 questions of the 2024 indicators: their order, what an on-site check looks at, and answers as people give them."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from core.errors import BadInput
from core.text import squeeze
from corpus.rows import Item, Option, Scene
from corpus.tables import load_tables
from tools.practice import Reading, read_scene

QUICK = (
    "scene-production", "scene-warehouse", "scene-purchase", "scene-sales", "scene-finance", "scene-design",
    "item-systems", "item-data_collection", "item-planning", "item-network",
)  # fmt: skip
"""The ten of the quick screen: six scenes that count for the level, and the four items with the most to tell."""
LETTERS = "ABCDEFGHIJKLMN"
_SKIP = {"", "不知道", "不清楚", "不确定", "跳过", "说不好", "没数", "skip", "unknown"}
_NONE = {"无", "没有", "都没有", "一个没有", "一样没有", "没", "none", "0", "全无"}
_ALL = {"全部", "都有", "全有", "all", "全都有"}
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

    skipped: keys of the questions passed over, in that order.
    """

    items: Mapping[str, tuple[str, ...]]
    scenes: Mapping[str, Reading]
    skipped: tuple[str, ...] = ()

    @property
    def keys(self) -> set[str]:
        """The keys of the questions settled; a scene known only as a range is not."""
        return {f"item-{id}" for id in self.items} | {f"scene-{id}" for id, r in self.scenes.items() if r.low == r.high}

    def as_json(self) -> dict[str, Any]:
        """To give again as 答案 and go on from there."""
        scenes = {f"scene-{id}": r.low if r.low == r.high else f"{r.low}到{r.high}" for id, r in self.scenes.items()}
        return {f"item-{id}": list(chosen) for id, chosen in self.items.items()} | scenes


@cache
def questions() -> tuple[Question, ...]:
    """All 31, the ten of the quick screen first, then in the order of the indicators."""
    tables = load_tables()
    every = [Question(f"item-{row.id}", row) for row in tables.items]
    every += [Question(f"scene-{row.id}", row) for row in tables.scenes]
    return tuple(sorted(every, key=lambda q: QUICK.index(q.key) if q.key in QUICK else len(QUICK)))


def unanswered(answers: Answers, told: Collection[str] = ()) -> list[Question]:
    """The questions still open, in the order in which they are asked; of the quick ones those already told of come last.

    Those skipped come after all others, the longest ago first. told: ids of scenes on which something was said.
    """
    left = [question for question in questions() if question.key not in answers.keys]
    later = {f"scene-{id}" for id in told}
    skipped = {key: at for at, key in enumerate(answers.skipped, 1)}
    return sorted(left, key=lambda q: (skipped.get(q.key, 0), q.key not in QUICK, q.key in QUICK and q.key in later))


def read_answers(given: Mapping[str, Any]) -> Answers:
    """Answers by key, name or number (网络建设, item-network, q1, s6); skipped ones are left out.

    BadInput names the question and what may be chosen.
    """
    items, scenes, skipped = dict[str, tuple[str, ...]](), dict[str, Reading](), list[str]()
    for name, value in given.items():
        found = find(str(name))
        row = found.row
        if value is None or (isinstance(value, str) and squeeze(value) in _SKIP):
            skipped.append(found.key)
            continue
        if isinstance(row, Item):
            items[row.id] = _choice(row, value)
        else:
            scenes[row.id] = _scene_level(row, value)
    return Answers(items, scenes, tuple(skipped))


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
    raise BadInput(f"答案里的“{name[:20]}”不是评测的题目。", offer)


@cache
def _by_name() -> dict[str, Question]:
    names: dict[str, Question] = {}
    for q in questions():
        for name in (q.key, q.row.name, f"{'q' if q.is_item else 's'}{q.row.number}"):
            names[squeeze(name)] = q
    bare = [q.row.id for q in questions()]
    return names | {q.row.id: q for q in questions() if bare.count(q.row.id) == 1}


def _choice(item: Item, value: Any) -> tuple[str, ...]:
    """The options chosen; no other than one for a single choice."""
    parts = value if isinstance(value, (list, tuple, set)) else _split(item, value)
    chosen: list[Option] = []
    for part in parts:
        said = squeeze(str(part))
        if item.type == "multi" and said in _ALL:
            chosen += [option for option in item.options if option.points]
        elif item.type == "multi" and said in _NONE:
            chosen += [option for option in item.options if option.id == "none"]
        else:
            chosen.append(_option(item, part))
    ids = tuple(option.id for option in item.options if option in chosen)
    if "none" in ids and len(ids) > 1:
        raise BadInput(f"“{item.name}”又选了没有、又选了别的，前后矛盾，请只留一种。")
    if item.type == "single" and (len(ids) != 1 or len(parts) != 1):
        raise BadInput(f"“{item.name}”只能选一个。", f"可选：{options_text(item)}。")
    return ids


def _split(item: Item, value: Any) -> list[Any]:
    whole = {squeeze(option.text) for option in item.options} | _ALL | _NONE
    if item.type == "single" or not isinstance(value, str) or squeeze(value) in whole:
        return [value]
    letters = re.fullmatch(rf"[{LETTERS}{LETTERS.lower()}]{{2,}}", value.strip())
    return list(value.strip()) if letters else [part for part in re.split(r"[、,，;；\s]+", value) if part]


def _option(item: Item, value: Any) -> Option:
    """The option that a value names: its id, text, letter, place from 1, or a percentage for banded ones."""
    said, options = squeeze(str(value))[:60], item.options
    banded = options[-1].high is not None
    if (number := _number(said)) is not None and not isinstance(value, bool):
        if banded and 0 <= number <= 100:
            return next((o for o in options if (o.low or 0) <= number < (o.high or 0)), options[-1])
        if not banded and not said.endswith("%") and number in range(1, len(options) + 1):
            return options[int(number) - 1]
        raise _no_option(item, value)
    letter = LETTERS.find(said.upper()) if len(said) == 1 else -1
    if 0 <= letter < len(options):
        return options[letter]
    exact = [o for o in options if said in {squeeze(o.id), squeeze(o.text)}]
    near = exact or [o for o in options if len(said) > 1 and (said in squeeze(o.text) or squeeze(o.text) in said)]
    if len(near) != 1:
        raise _no_option(item, value)
    return near[0]


def _no_option(item: Item, value: Any) -> BadInput:
    return BadInput(f"“{item.name}”没有“{str(value)[:20]}”这个选项。", f"可选：{options_text(item)}。")


def _number(said: str) -> float | None:
    return float(said.rstrip("%")) if re.fullmatch(r"-?\d{1,6}(?:\.\d{1,6})?%?", said) else None


def _scene_level(scene: Scene, value: Any) -> Reading:
    """A level from 0 to 4 as said (3, 三级, L3, 集成级, 没有, 1到2), a letter, or a description."""
    said = squeeze(str(value))[:300].removeprefix("l")
    if span := re.fullmatch(r"([0-4])(?:级)?[到至~-]([0-4])级?", said):
        low, high = sorted((int(span[1]), int(span[2])))
        return Reading(low, high, "自己选的", sure=low == high)
    bare = said.removesuffix("级")
    level = _SCENE_LEVELS.get(bare)
    if level is None and re.fullmatch(r"[0-4](?:\.0)?", bare) and not isinstance(value, bool):
        level = int(float(bare))
    if level is None and re.fullmatch(r"[a-e]", said):
        level = "abcde".index(said)
    level = next((row.level for row in scene.levels if squeeze(row.text) == said), level)
    if level is not None:
        return Reading(level, level, "自己选的", sure=True)
    reading = None if re.fullmatch(r"[-\d.%]*(?:级)?", said) else read_scene(scene, str(value))
    if reading is None:
        raise BadInput(f"“{scene.name}”看不出几级：{str(value)[:20]}。", f"填 0 到 4，或选：{options_text(scene)}。")
    return Reading(reading.low, reading.high, reading.reason)


def options_of(row: Item | Scene) -> list[dict[str, Any]]:
    """The choices with letter, id, text and points or level."""
    if isinstance(row, Item):
        return [
            {"letter": LETTERS[n], "id": o.id, "text": o.text, "points": o.points, "effort": o.effort}
            for n, o in enumerate(row.options)
        ]
    steps = [{"letter": "A", "id": 0, "text": "还没做，或只靠口头和纸单", "level": 0, "effort": 0}]
    return steps + [
        {"letter": LETTERS[s.level], "id": s.level, "text": s.text, "level": s.level, "effort": row.effort[s.level - 1]}
        for s in row.levels
    ]


def options_text(row: Item | Scene) -> str:
    """The choices in one line: A. 没有建网络；B. 车间有工控网络；…"""
    return "；".join(f"{option['letter']}. {option['text']}" for option in options_of(row))


def as_data(question: Question) -> dict[str, Any]:
    """A question for a page or a chat to ask."""
    row = question.row
    return {
        "key": question.key, "name": row.name, "question": row.question, "quick": question.key in QUICK,
        "explanation": row.explanation if isinstance(row, Item) else f"{row.plain}；看做到哪一级，不直接给分。",
        "multiple": isinstance(row, Item) and row.type == "multi", "options": options_of(row),
        "evidence": list(row.evidence), "conflict": row.conflict,
    }  # fmt: skip
