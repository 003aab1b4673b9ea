"""What each place that a text names is to the firm that speaks: where it works, where it is registered, or somebody else's.

A message often names several places (厂在龙岩，客户在佛山). Which one counts is told by the word beside each name: 词在某地,
某地的词, 从某地搬到某地. The words are a table, `lexicon/place_roles.yaml`; what stands between word and name is grammar.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

from core.errors import BadKnowledge
from corpus import spare
from corpus.places import INSIDE_A_NAME, Place, joins_a_list, places
from corpus.words import LEXICON

SITE, SEAT, PLAIN, KIN, LEFT, OTHER, EXCEPT = "site", "seat", "plain", "kin", "left", "other", "except"
_WEIGHT = {SITE: 4, SEAT: 4, PLAIN: 3, KIN: 2, LEFT: 0, OTHER: 0, EXCEPT: 0}
"""What counts before what; 0 never counts."""
_PATH = LEXICON / "place_roles.yaml"
_CUT = re.compile(r"[，,。；;：:！!？?（）()\n]")
_GAP = re.compile(r"[地址所都也是就还主要大多部分全一直现目前如今实际则却另外开设建办放落位坐搬迁在于到了去往户]{0,8}")
"""What may stand between the word and the place: 客户[大多都在]佛山."""
_MOVED_TO = re.compile(r"(?:搬|迁|落户)(?:家|厂|移|址)?(?:到|去|来|往|至|进|回)?了?$")
_MOVED_FROM = re.compile(r"[^，,]{0,4}?(?:搬|迁)")
_FROM = re.compile(r"(?:从|由|离开)$")
_NOT_IN = re.compile(r"(?<![是在算按问开设])(?:不|没|未|非|别)(?:再|是|在|开|设|按|问|算|要|说|指)*$")
_CLOSED = re.compile(r"[^，,]{0,4}?(?:关|停|撤|卖)[掉走]?了")
DENIED = "不是"
"""The word of a place that was said not to be the one: 不是深圳，是佛山."""
_TOWARDS = re.compile(r"(?:[给向替]|(?:卖|销|发|供|运|送|出口)(?:到|往|给|去))$")
_PASSING = re.compile(r"(?:这边|那边)?(?:来?问|咨询|打听|出差|参展|开会|看展|上学|读书)")
_ALSO = re.compile(r"[也还又](?:有|在)*")
_BETWEEN = re.compile(r"[^在投补给有是花能拿\d]{0,8}")
"""What may stand between the place and the word: 中山[的灯具]厂."""


@dataclass(frozen=True)
class Placed:
    """A place with its role; word: the word that tells it (供应商), empty where none does."""

    place: Place
    role: str = PLAIN
    word: str = ""

    @property
    def told(self) -> str:
        """The role in a few words: 供应商在中山."""
        label = self.place.label
        if self.role == LEFT:
            return f"{label}是以前的地方"
        if self.role == EXCEPT:
            return f"你说的是{label}以外"
        if self.word == DENIED:
            return f"你说不是{label}"
        if self.word == "人":
            return f"老家在{label}"
        return f"{self.word}在{label}" if self.word else f"提到了{label}"


@lru_cache(maxsize=512)
def placed(text: str) -> tuple[Placed, ...]:
    """Every place that a text names, with its role, in the order of the text; one that is named again, once."""
    named = [p for p in places(text) if p.strength > INSIDE_A_NAME]
    found: list[Placed] = []
    for run in _runs(text, named):
        before, after, next_to = _around(text, named, run)
        role, word = _role(before, after, next_to)
        if role == PLAIN and found and before and _ALSO.fullmatch(before):
            role, word = found[-1].role, found[-1].word
        found += (Placed(place, role, word) for place in run)
    return _once(found)


def counted(text: str) -> tuple[Placed, ...]:
    """The places where the firm of a text is, or may be; several where it has several, or where it is not sure which counts.

    A place beside no word counts with a factory's only where it has money of its own: 龙岩投60万，中山的厂投80万.
    """
    found = placed(text)
    most = max((_WEIGHT[each.role] for each in found), default=0)
    spans = dict(parts(text, [each.place for each in found]))
    return tuple(
        each
        for each in found
        if most
        and (_WEIGHT[each.role] == most or (each.role == PLAIN and most == _WEIGHT[SITE] and "万" in spans[each.place]))
    )


def set_aside(text: str) -> tuple[Placed, ...]:
    """The places that a text names and that do not count, because another one does."""
    kept = counted(text)
    return tuple(each for each in placed(text) if each not in kept)


def parts(text: str, named: Sequence[Place]) -> list[tuple[Place, str]]:
    """The part of a text that tells of each place: from its clause, or from the place before in the same one, to the next."""
    if not named:
        return []
    named, starts = sorted(named, key=lambda place: place.start), [0]
    for one, other in pairwise(named):
        cuts = [m.end() for m in _CUT.finditer(text, one.end, other.start)]
        starts.append(cuts[-1] if cuts else one.end)
    return [(place, text[at:end]) for place, at, end in zip(named, starts, [*starts[1:], len(text)], strict=True)]


def _runs(text: str, named: Sequence[Place]) -> list[list[Place]]:
    """The places, those that are listed one after the other together: 上海、杭州."""
    runs: list[list[Place]] = []
    for place in named:
        if runs and joins_a_list(text[runs[-1][-1].end : place.start]):
            runs[-1].append(place)
        else:
            runs.append([place])
    return runs


def _around(text: str, named: Sequence[Place], run: Sequence[Place]) -> tuple[str, str, bool]:
    """What stands before and after a run within its clause, up to the next place, and whether it reaches up to that place."""
    first, last = run[0].start, run[-1].end
    begins = max([m.end() for m in _CUT.finditer(text, 0, first)] + [p.end for p in named if p.end <= first] + [0])
    cut, following = _CUT.search(text, last), [p.start for p in named if p.start >= last]
    ends = min([cut.start() if cut else len(text), *following])
    return text[begins:first], text[last:ends], bool(following) and ends == following[0]


def _role(before: str, after: str, next_to: bool) -> tuple[str, str]:
    """The role of a run by what stands before and after it."""
    if _NOT_IN.search(before) and not after.startswith(("吗", "么")):
        return OTHER, DENIED
    if _CLOSED.match(after):
        return LEFT, ""
    if _FROM.search(before) and _MOVED_FROM.match(after):
        return LEFT, ""
    if _MOVED_TO.search(before):
        return SITE, "厂"
    if _TOWARDS.search(before):
        return OTHER, ""
    if role := _before(before):
        return role
    if _PASSING.match(after):
        return OTHER, ""
    return _after(after, next_to) or (PLAIN, "")


def _before(text: str) -> tuple[str, str] | None:
    """The role by the word before: 客户都在. Of words joined to each other, the least counts: 客户的厂在."""
    words = list(_pattern("before").finditer(text))
    if not words or not _GAP.fullmatch(text, words[-1].end()):
        return None
    found = [words[-1]]
    for word in reversed(words[:-1]):
        if text[word.end() : found[-1].start()] not in {"", "的"} and _table()[word[0]] != LEFT:
            break
        found.append(word)
    least = min(found, key=lambda word: _WEIGHT[_table()[word[0]]])
    return _table()[least[0]], least[0]


def _after(text: str, next_to: bool) -> tuple[str, str] | None:
    """The role by the word after: 的灯具厂; an owner's where the place of what it owns follows: 苏州企业的龙岩分公司."""
    word = _pattern("after").search(text)
    if not word or not _BETWEEN.fullmatch(text, 0, word.start()):
        return None
    role = _table()[word[0]]
    if word[0] == "人" and word.start():
        return None
    if next_to and text[word.end() :] == "的":
        return KIN, word[0]
    return role, word[0]


def _once(found: Sequence[Placed]) -> tuple[Placed, ...]:
    """Each place once, by its weightiest naming; one that others lie in gives them its role: 我厂在广东，佛山那边.

    One that is left out of another stands by itself: 湖北除了武汉.
    """
    kept: list[Placed] = []
    for each in found:
        together = [o for o in kept if EXCEPT not in {o.role, each.role}]
        same = next((o for o in together if o.place.within(each.place) or each.place.within(o.place)), None)
        if same is None:
            kept.append(each)
            continue
        inner = each.place if each.place.within(same.place) else same.place
        better = max(same, each, key=lambda o: _WEIGHT[o.role] if o.word else 1)
        kept[kept.index(same)] = replace(better, place=inner)
    return tuple(kept)


@cache
def _rows() -> dict[str, dict[str, str]]:
    """The words by where they stand, each with its role. BadKnowledge where the table is not as it should be."""
    return spare.read(_PATH, read)


def read(path: Path) -> dict[str, dict[str, str]]:
    """The words of one file, by where they stand."""
    import yaml

    found: dict[str, dict[str, str]] = {"before": {}, "after": {}}
    for row in yaml.safe_load(path.read_text("utf-8")):
        if row.get("role") not in _WEIGHT:
            raise BadKnowledge("place_roles.yaml 有一行的 role 不对。", "只能是 site、seat、kin、left、other、except。")
        for side in found:
            found[side] |= dict.fromkeys((*row.get("both", ()), *row.get(side, ())), row["role"])
    return found


@cache
def _table() -> dict[str, str]:
    return _rows()["before"] | _rows()["after"]


@cache
def _pattern(side: str) -> re.Pattern[str]:
    words = sorted(_rows()[side], key=len, reverse=True)
    return re.compile("|".join(map(re.escape, words)))
