"""What a project is to reach by a message, and when it is finished: the level or levels it names, the days of its finish."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from core.numbers import quantities
from core.periods import periods
from tools.arguments import LEVEL_NAMES

_WRITTEN = re.compile(
    r"(?<![A-Za-z])(?:(?P<roman>I{1,3}|IV)\s*级|(?:level\s*|L)(?P<latin>[1-4])(?![A-Za-z\d])|(?P<name>初始|规范|集成|协同)级)",
    re.I,
)
_ROMAN = {"I": 1, "II": 2, "III": 3, "IV": 4}
_NAMES = {"初始": 1, "规范": 2, "集成": 3, "协同": 4}
_OTHER_AFTER = ("供应", "代理", "市场", "建造", "造价", "品", "城市", "分销", "等保", "经销", "节点", "域名", "资质")
_OTHER_BEFORE = ("等保", "地", "保护")
_JOINS = re.compile(r"[、~—-]|或者?|到|至|和|跟|还是")
_NOW = re.compile(r"(?:现在|目前|当前|才|从|处于|等级是|测出来?是?)[^，,。；;级]{0,4}$")
_FROM = re.compile(r"从[^，,。；;]{0,6}$")
_FINISHED = re.compile(r"[^，,。；;！!？?\d]{0,4}?(?:完工|完成|竣工|验收|做完|改完|上线|结项|交付)")
_FINISH_AT = re.compile(r"(?:完工|完成|竣工|验收|结项)(?:时间|日期|日|时|是|在|为|于|[:：\s]){0,3}$")


@dataclass(frozen=True)
class SaidLevel:
    """A level of the official four, or two of them in one breath (三四级), and where it stands."""

    low: int
    high: int
    start: int
    end: int


def levels_said(text: str) -> list[SaidLevel]:
    """Every level that a normalised text names, in any writing: 三级, 叁级, III级, L3, 集成级, 三到四级."""
    found = [
        SaidLevel(int(q.low), int(q.high), q.start, q.end)
        for q in quantities(text)
        if q.unit == "级" and 1 <= q.low <= q.high <= 4 and q.low == int(q.low)
    ]
    for hit in _WRITTEN.finditer(text):
        level = _ROMAN.get((hit["roman"] or "").upper()) or _NAMES.get(hit["name"] or "") or int(hit["latin"] or 0)
        found.append(SaidLevel(level, level, hit.start(), hit.end()))
    own = [s for s in found if not text.startswith(_OTHER_AFTER, s.end) and not text[: s.start].endswith(_OTHER_BEFORE)]
    return sorted(own, key=lambda said: said.start)


def target_said(text: str) -> str | None:
    """The level aimed at, or both ends of a choice, in words; None where none is named or several are apart from each other."""
    said = levels_said(text)
    moved = len(said) > 1 and _FROM.search(text[: said[0].start])
    aimed = [
        s
        for n, s in enumerate(said)
        if not (n == 0 and moved) and (s.low != s.high or not _NOW.search(text[: s.start]))
    ]
    if not aimed:
        return None
    low, high, end = aimed[0].low, aimed[0].high, aimed[0].end
    if _FROM.search(text[: aimed[0].start]):
        low = high  # 从二级到四级 is a way, not a choice
    for other in aimed[1:]:
        if not _JOINS.fullmatch(text[end : other.start].strip()) and other.low != low:
            return None
        low, high, end = min(low, other.low), max(high, other.high), other.end
    return LEVEL_NAMES[low] if low == high else f"{LEVEL_NAMES[low]}到{LEVEL_NAMES[high]}"


def finish_said(text: str, day: date) -> tuple[date, date] | None:
    """The first and the last day on which the project is said to be finished: 2026年3月完工; None where that is not said."""
    for span in periods(text, day):
        told = _FINISHED.match(text[span.end :]) or _FINISH_AT.search(text[: span.start])
        if told and span.first and span.last and not span.unsure:
            return span.first, span.last
    return None
