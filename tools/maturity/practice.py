"""What a firm does in words, read into levels of the 16 scenes: 车间就靠Excel和微信群 → 生产管控 一级, with the reason."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from core.cut import beginning, shorten
from core.text import normalise
from corpus.rows import Scene
from corpus.tables import load_tables
from tools.firm.extraction import clauses, system_words
from tools.firm.in_use import NOT_USED, standing
from tools.firm.scenes import AREA_SCENES, scene_told
from tools.maturity.choices import choices

LEVEL_WORDS = ("不到一级", "一级", "二级", "三级", "四级")
_CUES = {
    "process": r"工艺", "planning": r"排产|排程|计划|插单", "quality": r"质检|检验|质量|追溯|视觉", "equipment": r"设备|点检|保养|机台|机床",
    "energy": r"能耗|电表|用电|水电", "safety": r"安全|隐患|消防", "warehouse": r"仓|库存|出入库|盘点", "service": r"售后|报修|维修",
    "hr": r"考勤|工资|薪酬|人事|人力|花名册", "office": r"审批|报销|请假|办公", "decision": r"看数|决策|月报|经营数据",
}  # fmt: skip
_GENERIC = {"采集", "联网", "集成", "打通", "连着", "互通", "ai", "人工智能", "模型"}
_NO_SYSTEM = re.compile(
    r"(?:没有?|无|未)(?:上|用|装|任何|什么|啥)*(?:系统|软件)|^(?:无|没有?|啥都没有?|什么都没有?|没上|都没有?)$|全靠人|人工|口头|凭经验|老师傅"
)
_PAPER = re.compile(r"纸|手写|手抄|本子|流转卡|手工")
_CHAT = re.compile(r"微信|qq群", re.I)
_SYSTEM = re.compile(r"系统|软件|平台|扫码|小程序", re.I)
_PARTLY = re.compile(r"还是|还靠|还在|仍|大部分|多数|主要靠|有的|有些|一部分|没打通|不通|没用起来|用得少")
_ALONE = re.compile(r"没有?(?:和|跟|与)?[^，,。；;]{0,6}(?:打通|集成|对接)|(?:数据|系统)?不通|没用起来")
"""Systems that stand alone: below level 3, which asks for integration."""


@dataclass(frozen=True)
class Reading:
    """Which level (0 to 4) of a scene some words show, at least and at most, and why; `sure` for a plain answer."""

    low: int
    high: int
    reason: str
    sure: bool = False

    @property
    def words(self) -> str:
        """一级, or 一级到二级."""
        low, high = LEVEL_WORDS[self.low], LEVEL_WORDS[self.high]
        return low if self.low == self.high else f"{low}到{high}"


def read_scene(scene: Scene, text: str) -> Reading | None:
    """The level of a scene that a description shows; None where nothing in it tells."""
    said = beginning(normalise(text), 300).strip()
    found = [*_by_keywords(scene, said), *_by_systems(scene, said), *_by_habit(said)]
    if not found:
        return None
    best = max(found, key=lambda r: (r.high, r.low))
    low = min(r.low for r in found) if _PARTLY.search(said) else best.low
    high = min(best.high, max(low, 2)) if _ALONE.search(said) else best.high
    why = [best.reason, *(r.reason for r in found if r.low == low and low < best.low)]
    return Reading(low, high, "；".join(dict.fromkeys(why[:2])))


def _by_keywords(scene: Scene, said: str) -> list[Reading]:
    found = []
    for row in scene.levels:
        for word in row.keywords:
            if not _stands(word, said):
                continue
            low = row.level - 1 if row.level > 2 else row.level
            if word.lower() in _GENERIC:
                low = min(low, 2)
            found.append(Reading(low, row.level, f"{LEVEL_WORDS[row.level]}的样子是：{row.text}"))
    low_words = [word for word in scene.none_keywords if word in said]
    return [*found, Reading(0, 1, f"这是{scene.none}的样子，一级要用表格或软件")] if low_words and not found else found


def _by_systems(scene: Scene, said: str) -> list[Reading]:
    found = []
    for words, rows in system_words(said):
        for row in rows:
            if scene.id in row.scenes and _stands(words, said):
                low, high = row.scenes[scene.id]
                found.append(Reading(low, high, f"用{words}：{row.note}"))
    return found


def _by_habit(said: str) -> list[Reading]:
    """What is plain in any scene: paper, chat groups, no system, some system."""
    if _NO_SYSTEM.search(said):
        return [Reading(0, 1, "没有系统，靠人管；用表格或单机软件辅助才到一级")]
    found = [Reading(0, 1, "纸单、手工记，还没用表格或软件，一级都悬")] if _PAPER.search(said) else []
    if _CHAT.search(said):
        found.append(Reading(0, 1, "微信群只能传消息，不留数据"))
    if (hit := _SYSTEM.search(said)) and _stands(hit.group(), said):
        found.append(Reading(1, 2, f"说到用{hit.group()}，流程规范地在系统里走才算二级"))
    return found


def _stands(word: str, said: str) -> bool:
    """Whether a word is said of what is there, not denied and not planned; Latin words only whole."""
    pattern = re.escape(word)
    if re.search(r"[A-Za-z]", word):
        pattern = rf"(?<![A-Za-z]){pattern}(?![A-Za-z])"
    for hit in re.finditer(pattern, said, re.I):
        before = re.split(r"[，,。；;、]|但|不过|只有|就", said[: hit.start()])[-1]
        after = re.split(r"[，,。；;、]|但|不过|还是", said[hit.end() :])[0]
        if standing(before, after) != NOT_USED:
            return True
    return False


def read_area(area: str, text: str) -> dict[str, Reading]:
    """Scene id → reading of what is said of a business area; a clause that names a scene counts for that one."""
    scenes, found = {scene.id: scene for scene in load_tables().scenes}, dict[str, Reading]()
    for part in clauses(text):
        for id, reading in _read_clause(area, part, scenes):
            found[id] = _joined(found[id], reading) if id in found else reading
    alone = _ALONE.search(text)
    return {
        id: replace(r, reason=f"“{_short(text)}”——{r.reason}", high=min(r.high, max(r.low, 2)) if alone else r.high)
        for id, r in found.items()
    }


def _read_clause(area: str, part: str, scenes: Mapping[str, Scene]) -> Iterator[tuple[str, Reading]]:
    """Scene ids with what a clause tells of each: by its meaning where that is sure, else by its words."""
    if (learnt := scene_told(part)) and learnt.area == area:
        like = choices(scenes[learnt.scene])[learnt.low].text
        meant = Reading(learnt.low, learnt.high, f"像{LEVEL_WORDS[learnt.low]}的样子：{like}")
        worded = read_scene(scenes[learnt.scene], part)
        yield learnt.scene, _joined(meant, worded) if worded else meant
        return
    main, *others = AREA_SCENES[area]
    for id in [id for id in others if re.search(_CUES[id], part)] or [main]:
        if reading := read_scene(scenes[id], part):
            yield id, reading


def read_systems(systems: Iterable[str]) -> tuple[dict[str, Reading], list[str], list[str]]:
    """(scene id → reading, names of the systems known, words not known) of a list of systems in use."""
    found: dict[str, Reading] = {}
    known, unknown = list[str](), list[str]()
    for said in systems:
        named = system_words(normalise(said)[:60])
        if not named:
            unknown.append(said)
        for words, rows in named:
            for row in rows:
                known.append(row.name)
                for id, (low, high) in row.scenes.items():
                    reading = Reading(low, high, f"用{words}：{row.note}")
                    found[id] = _higher(found[id], reading) if id in found else reading
    return found, list(dict.fromkeys(known)), unknown


def combine(told: Mapping[str, Reading], by_system: Mapping[str, Reading]) -> tuple[dict[str, Reading], list[str]]:
    """(readings, notes on contradictions): what was told of a scene wins over what a system suggests.

    A range that was told, lower than what a system suggests, is widened up to that and noted.
    """
    names = {scene.id: scene.name for scene in load_tables().scenes}
    found, notes = {**by_system, **told}, []
    for id in told.keys() & by_system.keys():
        if told[id].low < told[id].high < by_system[id].low:
            found[id] = Reading(told[id].low, by_system[id].high, f"{told[id].reason}；但{by_system[id].reason}")
            notes.append(
                f"{names[id]}两处说法对不上（{told[id].words}，可是{by_system[id].reason.partition('：')[0]}），先按{found[id].words}算"
            )
    return found, notes


def _joined(a: Reading, b: Reading) -> Reading:
    return Reading(min(a.low, b.low), max(a.high, b.high), "；".join(dict.fromkeys((a.reason, b.reason))))


def _higher(a: Reading, b: Reading) -> Reading:
    return Reading(max(a.low, b.low), max(a.high, b.high), (b if (b.high, b.low) > (a.high, a.low) else a).reason)


def _short(text: str) -> str:
    text = normalise(text).strip()
    return shorten(text, 24)
