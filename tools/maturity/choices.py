"""Which choices of a question an answer means: letters, places, percentages, the words of a choice or words like them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from core.errors import BadInput
from core.numbers import read_number
from core.text import squeeze
from corpus.examples import examples
from corpus.rows import Item, Scene
from tools.firm.extraction import NEGATED, system_words
from tools.maturity.replies import bare, kind_of

LETTERS = "ABCDEFGHIJKLMNO"
NONE = "none"
ONLY_ONE = "只能选一个"
EXACT, NEARLY, LIKE = 2.0, 0.85, 0.5
"""What share of an answer's pairs of characters a choice must have to be meant: never, nearly all, or half of them."""
APART, LONG = 0.25, 6
ALIKE = 0.8
"""By how much more it must have than the next one; how long an answer must be to be nearly a choice."""
_LETTER_LIST = re.compile(
    rf"(?:我?选|答)?([{LETTERS}](?:[、,，;；和跟与及\s]*[{LETTERS}])*)(?:项|都有|都选)?[。.]?", re.I
)
_COUNT = r"([一二两三四五六七八九十]{1,3}|[0-9]{1,2})"
_PLACE = re.compile(
    rf"(?:(倒数)?第{_COUNT}|([前后]){_COUNT}|最后(?:面|头)?(?:那|的)?一?)(?:个|项|条|种|档|样)(?:选项)?"
)
_PERCENT = re.compile(
    r"(?:百分之|约|大概|差不多)*(\d{1,3}(?:\.\d{1,4})?|[一二三四五六七八九十]{1,3})(%|成(半)?)?(?:左右|吧|多)?"
)
_JOINTS = re.compile(r"[、,，;；]|和|以及|还有")
_CLAUSES = re.compile(r"[,，;；。!！]")


@dataclass(frozen=True)
class Choice:
    """One choice. id: of an item's option, or a scene's level as digits; phrases: by which it is known."""

    letter: str
    id: str
    text: str
    phrases: tuple[str, ...]
    low: float | None = None
    high: float | None = None


def choices(row: Item | Scene) -> tuple[Choice, ...]:
    """The choices of a question; of several that hold the last is 都没有, where the indicators have none of their own."""
    if isinstance(row, Scene):
        levels = [("0", row.none, row.none)] + [(str(s.level), s.plain, s.text) for s in row.levels]
        return tuple(Choice(LETTERS[n], id, plain, (plain, text)) for n, (id, plain, text) in enumerate(levels))
    found = [Choice(LETTERS[n], o.id, o.plain, (o.plain, o.text), o.low, o.high) for n, o in enumerate(row.options)]
    if row.type == "multi" and not any(o.id == NONE for o in row.options):
        found.append(Choice(LETTERS[len(found)], NONE, row.none or "一样都没有", (row.none,)))
    return tuple(found)


def shown(row: Item | Scene) -> str:
    """The choices in one line: A. 还没建网络；B. 车间里有…"""
    return "；".join(f"{choice.letter}. {choice.text}" for choice in choices(row))


def chosen(row: Item | Scene, value: object, like: float = LIKE) -> tuple[Choice, ...]:
    """The choices that an answer means, in the order of the question; empty where it means none.

    like: how alike words must be that are not those of a choice: EXACT, NEARLY or LIKE. BadInput where it contradicts itself, or names a choice that is not there.
    """
    several = isinstance(row, Item) and row.type == "multi"
    if isinstance(value, (list, tuple, set)):
        parts: Sequence[object] = list(value)
        found = _all_of([_one(row, part, like) for part in parts])
    else:
        found = list(_said(row, value, several, like))
    picked = tuple(choice for choice in choices(row) if choice in found)
    if len(picked) > 1 and any(choice.id == NONE for choice in picked):
        raise BadInput(f"“{row.name}”又选了没有、又选了别的，对不上，请只留一种。")
    if not several and (len(picked) > 1 or (isinstance(value, (list, tuple, set)) and len(value) > 1)):
        raise BadInput(f"“{row.name}”{ONLY_ONE}。", f"可选：{shown(row)}。")
    return picked


def _said(row: Item | Scene, value: object, several: bool, like: float) -> Sequence[Choice]:
    """The choices of an answer in one piece, or in several that are joined: B和C, 扫码、联网."""
    if not isinstance(value, str):
        return _one(row, value, like)
    text = not_denied(value.strip())
    if (placed := _placed(row, text)) is not None:
        return placed
    if any(c.isdigit() and not c.isdecimal() for c in text):
        return ()  # ² is neither the second nor two
    if several and (kind_of(text) == "all" or _all_of_them(row, text)):
        return [choice for choice in choices(row) if choice.id != NONE]
    if whole := _one(row, text, like):
        return whole
    listed = _LETTER_LIST.fullmatch(text) or _LETTER_LIST.fullmatch(bare(text))
    if listed and (several or not system_words(text)):  # CAD answers a question of one choice as a word
        letters = [letter for letter in listed[1].upper() if letter in LETTERS]
        return _all_of([_one(row, letter, like) for letter in letters])
    if several:
        parts = [part for part in _JOINTS.split(text) if part.strip()]
        return _all_of([_one(row, part, like) for part in parts]) if len(parts) > 1 else ()
    return ()


def not_denied(text: str) -> str:
    """What is left of an answer that first says which choices it is not: A不对，B也不对，是C."""
    parts = [part for part in _CLAUSES.split(text) if part.strip()]
    left = [part for part in parts if not _denied(part.strip())]
    return "，".join(left) if left and len(left) < len(parts) else text


def _denied(part: str) -> bool:
    return part[:1].upper() in LETTERS and kind_of(part[1:]) == "denied"


def _placed(row: Item | Scene, text: str) -> Sequence[Choice] | None:
    """The choices named by their places: 第二种, 最后一个, 前两个, ①; empty for places that are not there, None for other words."""
    offered = choices(row)
    places = enclosed(text)
    if not places:
        hit = _PLACE.fullmatch(bare(text))
        if not hit:
            return None
        from_end, nth, side, count, last = hit[1], hit[2], hit[3], hit[4], len(offered)
        number = int(read_number(nth or count or "1") or 0)
        if side:
            places = list(range(1, number + 1) if side == "前" else range(last - number + 1, last + 1))
        else:
            places = [number if nth and not from_end else last + 1 - number]
    there = all(1 <= place <= len(offered) for place in places)
    return [offered[place - 1] for place in places] if there else ()


def enclosed(text: str) -> list[int]:
    """The numbers of a text that is nothing but numbers in circles, brackets or with a dot: ①, ⑵, ②③; else none."""
    signs = [c for c in text if c not in " 、,，和跟与及"]
    rings = [c for c in signs if unicodedata.category(c) == "No" and _is_enclosed(c)]
    return [int(unicodedata.numeric(c)) for c in rings] if rings and len(rings) == len(signs) else []


def _is_enclosed(c: str) -> bool:
    return unicodedata.decomposition(c).startswith(("<circle>", "<compat>")) or "CIRCLED" in unicodedata.name(c, "")


def _all_of_them(row: Item | Scene, text: str) -> bool:
    """Whether an answer says of all that is asked about what the question asks: 全都是自动的."""
    said = squeeze(text)
    heads = sorted(examples("replies")["all"], key=len, reverse=True)
    head = next((squeeze(one) for one in heads if said.startswith(squeeze(one))), "")
    rest = said[len(head) :].rstrip("的了。！!")
    return bool(head) and len(rest) > 1 and rest in squeeze(row.question)


def _all_of(found: Sequence[Sequence[Choice]]) -> list[Choice]:
    """All that the parts mean; nothing where one of them means nothing."""
    return [choice for part in found for choice in part] if all(found) else []


def _one(row: Item | Scene, value: object, like: float) -> Sequence[Choice]:
    """The choice that one value names, in a list of one; empty where none or more than one."""
    offered = choices(row)
    if isinstance(value, bool):
        return ()
    said = squeeze(str(value))[:120]
    letter = LETTERS.find(short.upper()) if len(short := bare(said)) == 1 else -1
    if 0 <= letter < len(offered):
        return (offered[letter],)
    exact = [c for c in offered if said == squeeze(c.id) or said in {squeeze(p) for p in c.phrases}]
    if exact and not said.isdecimal():
        return exact[:1]
    if isinstance(row, Item) and offered[-1].high is not None and (percent := _percent(said)) is not None:
        return _banded(offered, percent)
    if isinstance(row, Item) and said.isdecimal():
        return (offered[int(said) - 1],) if 1 <= int(said[:6]) <= len(offered) else ()
    if kind_of(said) == "none":
        first = offered[0] if offered[0].id in {NONE, "0", "b0"} else None
        nothing = first or next((c for c in offered if c.id == NONE), None)
        return (nothing,) if nothing else ()
    return _like(offered, said, like)


def _banded(offered: Sequence[Choice], percent: float) -> Sequence[Choice]:
    """The band of a percentage: its lower end belongs to it, of the last one the upper end as well."""
    if not 0 <= percent <= 100:
        return ()
    return (next((c for c in offered if (c.low or 0) <= percent < (c.high or 0)), offered[-1]),)


def _percent(said: str) -> float | None:
    """35%, 百分之三十, 三成, 一半; a bare number as percent."""
    if said in {"一半", "一半左右", "对半"}:
        return 50.0
    hit = _PERCENT.fullmatch(said)
    number = read_number(hit[1]) if hit else None
    if hit is None or number is None:
        return None
    tenths = (hit[2] or "").startswith("成")
    return 10 * number + (5 if hit[3] else 0) if tenths else number


def _like(offered: Sequence[Choice], said: str, enough: float) -> Sequence[Choice]:
    """The one choice whose words are most like what was said; none where two are about as like, or where it is denied."""
    if len(said) < (2 if enough == LIKE else LONG):
        return ()
    ranked = sorted(((max(_share(said, p) for p in c.phrases), n) for n, c in enumerate(offered)), reverse=True)
    (best, at), (second, _) = ranked[0], ranked[1]
    if best < enough or best - second < APART:
        return ()
    denied = re.search(NEGATED, said) and not any(re.search(NEGATED, p) for p in offered[at].phrases)
    return () if denied else (offered[at],)


def _share(said: str, phrase: str) -> float:
    """The share of the pairs of characters in what was said that stand in a phrase, or the other way round.

    One pair in common is a chance, unless it is all that was said.
    """
    a, b = _pairs(said), _pairs(squeeze(phrase))
    common, least = len(a & b), min(len(a), len(b))
    return common / least if common > 1 or common == least > 0 else 0.0


def does_not_fit(row: Item | Scene, value: object) -> bool:
    """Whether an answer says in its own words why a question does not fit the firm: 没售后, 没改造过."""
    said, phrase = (squeeze(str(text)).replace("没有", "没") for text in (value, row.not_applicable))
    denied = [any(word in text for word in "没不") for text in (said, phrase)]
    pairs = _pairs(said)
    if denied == [True, True] and _same_clauses(said, phrase):
        return True
    return denied == [True, True] and len(pairs) > 1 and len(pairs & _pairs(phrase)) / len(pairs) >= NEARLY


def _same_clauses(said: str, phrase: str) -> bool:
    """Whether an answer of several clauses says the same in each, in about the same characters: 没设计，按客户图纸加工."""
    parts, others = ([part for part in _CLAUSES.split(text) if part] for text in (said, phrase))
    if len(parts) < 2 or len(parts) != len(others):
        return False
    return all(
        len(set(a) & set(b)) / len(set(a) - set("没不我们")) >= ALIKE for a, b in zip(parts, others, strict=True)
    )


def _pairs(text: str) -> set[str]:
    text = "".join(c for c in text if c.isalnum())
    return {text[n : n + 2] for n in range(len(text) - 1)}
