"""What a question and a clause have in common: runs of characters that both have, words that say nothing left out."""

from __future__ import annotations

import re
from functools import lru_cache

from core.text import bare
from tools.notice_amount.vocabulary import concepts, data, group

_NO_WORD = re.compile(r"[0-9a-z.%]+(?:万|亿|元)?|[^\u4e00-\u9fffa-z0-9]+")
_FEE = re.compile(r"([\u4e00-\u9fff]{2})费")
_JOINT = re.compile(r"([\u4e00-\u9fff]{2})[和及、]([\u4e00-\u9fff]{2})费用?")
SHORTEST = 2


@lru_cache(maxsize=2048)
def content(text: str) -> tuple[str, ...]:
    """The runs of a text that may name something, its general words and figures taken out."""
    told = with_aliases(re.sub(r"[（()）、]", "", bare(text)))
    for word in (*group("generic"), *group("received"), *group("earlier"), *group("how_much")):
        told = told.replace(word, "|")
    return tuple(
        run
        for run in re.split(r"[^\u4e00-\u9fffa-z]+|[的了吗呢都是我们在和与把被也又还有能就个这那上去年月日给到]", told)
        if len(run) >= SHORTEST
    )


def with_aliases(text: str) -> str:
    for name, words in data()["aliases"].items():
        for word in sorted(words, key=len, reverse=True):
            text = text.replace(word, name)
    return text


@lru_cache(maxsize=8192)
def shared(question: str, clause: str) -> tuple[str, ...]:
    """The longest runs of the question's content that stand in the clause as well."""
    other = with_aliases(re.sub(r"[（()）、]", "", bare(clause)))
    found: list[str] = []
    for run in content(question):
        at = 0
        while at < len(run) - 1:
            size = next((n for n in range(len(run) - at, SHORTEST - 1, -1) if run[at : at + n] in other), 0)
            if size:
                found.append(run[at : at + size])
            at += size or 1
    return tuple(dict.fromkeys(found))


def telling(runs: tuple[str, ...]) -> tuple[str, ...]:
    """The runs that tell one thing from another: without 设备, 软件, 项目 and the like alone."""
    return tuple(run for run in runs if run not in group("broad"))


def weight(runs: tuple[str, ...]) -> int:
    return sum(map(len, runs))


@lru_cache(maxsize=2048)
def named(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a text says money is spent on (objects), and what it is the sum of (deals)."""
    rest, objects, deals = bare(_JOINT.sub(r"\1费、\2费", text)), set[str](), set[str]()
    for fee in _FEE.findall(rest):
        hit = next((concept for word, kind, concept in concepts() if kind == "object" and word in fee), None)
        if hit or fee not in group("plain_fees"):
            objects.add(hit or f"{fee}费")
    for word, kind, concept in concepts():
        if word in rest:
            rest = rest.replace(word, "|")
            (objects if kind == "object" else deals).add(concept)
    if "利息" in deals or "余额" in deals:
        deals -= {"已付"}
    if deals & {"利息"} and "余额" in deals and "余额" not in text and "本金" not in text:
        deals -= {"余额"}
    return frozenset(objects), frozenset(deals)
