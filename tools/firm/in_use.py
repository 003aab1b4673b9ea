"""Whether what is named is in use or not: 没有ERP, MES停用了 and 打算上WMS are not; by the examples in corpus/utterances/in_use.yaml."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from corpus.examples import examples

NEAR = 10
"""How many characters beside a name may tell of it."""
USED, NOT_USED = "used", "not_used"


def standing(before: str, after: str) -> str:
    """used or not_used by what stands before a name, else by what follows it; empty where neither tells.

    A denial on either side counts against what seems to be in use on the other: 我们用的ERP停了.
    """
    said = [_told(before[-NEAR:], last=True), _told(after[:NEAR], last=False)]
    return NOT_USED if NOT_USED in said else USED if USED in said else ""


def _told(text: str, last: bool) -> str:
    """What the phrases in a text tell: before a name those that stand together nearest to it (还没 用), after it any denial."""
    hits = list(_pattern().finditer(text))
    if last:
        run = hits[-1:]
        while len(run) < len(hits) and hits[-len(run) - 1].end() == run[0].start():
            run = hits[-len(run) - 1 :]
        hits = run
    told = [_meanings()[hit.group().lower()] for hit in hits]
    return NOT_USED if NOT_USED in told else USED if told else ""


@cache
def _meanings() -> dict[str, str]:
    return {
        phrase.lower(): NOT_USED if meaning == NOT_USED else USED
        for meaning, phrases in examples("in_use").items()
        for phrase in phrases
    }


@cache
def _pattern() -> re.Pattern[str]:
    longest_first = sorted(_meanings(), key=len, reverse=True)
    return re.compile("|".join(re.escape(phrase) for phrase in longest_first), re.I)


def beside(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[str, str]]:
    """(what stands before, what follows) for each of several names in one clause, each piece of text given to one of them.

    What stands between two names goes to the first where nothing before that one tells of it, else to the second.
    """
    taken = 0
    for n, (start, end) in enumerate(spans):
        before = text[taken:start]
        until = spans[n + 1][0] if n + 1 < len(spans) else len(text)
        after = text[end:until]
        shared = n + 1 < len(spans) and bool(_told(before[-NEAR:], last=True))
        yield before, "" if shared else after
        taken = end if shared else until
