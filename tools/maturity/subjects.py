"""Which questions of the assessment the parts of a message speak of: 仓库用表格 speaks of 仓储物流, 上上题 of the one before the last."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from core.numbers import read_number
from core.text import normalise
from corpus.examples import examples
from tools.firm.extraction import clauses
from tools.maturity.questionnaire import Question, find, questions

OPENERS = "openers"
DENIALS = ("没有", "没", "无", "不")
"""没有仓库 speaks of the store as well."""
_JOINED = re.compile(r"^\s*(?:和|跟|与|及|以及|、|还有)\s*")
_NUMBERED = re.compile(r"(?:回到|回)?第([一二三四五六七八九十]{1,3}|[0-9]{1,2})[道个]?题")
_BACK = re.compile(r"(上+)(?:一|个|一个|一道)?题")


def spoken_of(text: str) -> dict[str, list[str]]:
    """Question key → the clauses about it, each a clause as said; "" → those that name none, before any that does.

    A clause that names nothing goes with the one before it: 采购在ERP里做，跟仓库都连着.
    """
    found: dict[str, list[str]] = {}
    now: Sequence[str] = ("",)
    for part in clauses(normalise(text)):
        now = named_first(part) or now
        for key in now:
            found.setdefault(key, []).append(part)
    return found


def named_first(part: str) -> tuple[str, ...]:
    """The keys of the questions with whose names a clause begins: 采购和仓库都是表格."""
    rest, keys = _opened(part), list[str]()
    denied = next((word for word in DENIALS if rest.startswith(word) and _names_at(rest[len(word) :])), "")
    rest = rest[len(denied) :]
    while name := next((name for name in _names() if rest.startswith(name)), ""):
        keys.append(_names()[name])
        rest = rest[len(name) :]
        joined = _JOINED.match(rest)
        if not joined:
            break
        rest = rest[joined.end() :]
    return tuple(dict.fromkeys(keys))


def without_name(part: str) -> str:
    """A clause without the names that it begins with: 仓库是表格 → 是表格."""
    rest = _opened(part)
    name = next((name for name in _names() if rest.startswith(name)), "")
    return rest[len(name) :] if name else part


def numbered(text: str, asked: Sequence[str], now: int) -> tuple[Question, str] | None:
    """(question, what follows) of a message that tells a question by its place: 第一题答错了，应该是C; 上上题改成D.

    asked: keys of the questions put so far, in that order; now: the place of the question that waits.
    """
    if hit := _NUMBERED.search(text):
        at = int(read_number(hit[1]) or 0) - 1
    elif (hit := _BACK.search(text)) is not None:
        at = now - len(hit[1])
    else:
        return None
    return (find(asked[at]), text[hit.end() :]) if 0 <= at < len(asked) else None


def _opened(part: str) -> str:
    """A clause without what it opens with and what does not count: 其实我们."""
    words = sorted(examples("subjects")[OPENERS], key=len, reverse=True)
    rest = part.strip()
    while opener := next((word for word in words if rest.startswith(word) and not _names_at(rest)), ""):
        rest = rest[len(opener) :].strip()
    return rest


def _names_at(text: str) -> bool:
    return any(text.startswith(name) for name in _names())


@cache
def _names() -> Mapping[str, str]:
    """Name → key of its question, the longest first."""
    keys = {question.row.id: question.key for question in questions() if not question.is_item}
    found = {name: keys[id] for id, names in examples("subjects").items() if id != OPENERS for name in names}
    found |= {question.row.name: question.key for question in questions()}
    return dict(sorted(found.items(), key=lambda pair: -len(pair[0])))
