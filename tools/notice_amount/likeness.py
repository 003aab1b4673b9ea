"""What a question and a clause have in common: runs of characters that both have, words that say nothing left out."""

from __future__ import annotations

import re
from functools import lru_cache

from core.text import bare
from tools.notice_amount.vocabulary import concepts, data, group

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


@lru_cache(maxsize=2048)
def objects(text: str) -> frozenset[str]:
    """What a text says that money is spent on."""
    rest, found = bare(_JOINT.sub(r"\1费、\2费", text)), set[str]()
    for fee in _FEE.findall(rest):
        hit = next((concept for word, concept in concepts() if word in fee), None)
        if hit or fee not in group("plain_fees"):
            found.add(hit or f"{fee}费")
    for word, concept in concepts():
        if word in rest:
            rest = rest.replace(word, "|")
            found.add(concept)
    return frozenset(found)
