"""Whether a worded sentence says what the composed answer says: nothing added, nothing jumbled, nothing turned round."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import pairwise

from assistant.wording import limits
from assistant.wording.likeness import alike, nearest, plain, share, weight
from assistant.wording.polarity import clauses, turned
from assistant.wording.stated import agrees, names, stated
from core.text import squeeze
from corpus.words import lexicon


def strange(sentence: str, told: Sequence[str], question: str) -> str:
    """Why a sentence does not stand on the sentences of a composed answer: added, jumbled, turned; "" where it does."""
    near = nearest(sentence, told)
    held = "\n".join(near)
    if _adds(sentence, [*told, question]):
        return "added"
    every = "\n".join([*told, question])
    if any(weight(c) >= limits.LONG_CLAUSE and share(c, every) < limits.HARDLY_HELD for c in clauses(sentence)):
        return "added"
    words = share(sentence, held)
    if jumbled(sentence, "\n".join(told)):
        return "jumbled"
    if words < limits.HELD and not (words >= limits.PARTLY_HELD and _alike(sentence, told)):
        return "added"
    return "turned" if turned(sentence, near) else ""


def _adds(sentence: str, told: Sequence[str]) -> bool:
    """Whether a sentence states a figure, date or name that nothing told does."""
    held = [value for text in told for value in stated(text)]
    every, spaced = squeeze("\n".join(told)), "\n".join(told).lower()

    def known(name: str) -> bool:
        if name.isascii():
            return bool(re.search(rf"(?<![a-z0-9]){re.escape(name.lower())}(?![a-z0-9])", spaced))
        return squeeze(name) in every

    new = [said for said in stated(sentence) if not any(agrees(said, other) for other in held)]
    named = [str(said.value) for said in new if said.kind in {"name", "title"}]
    return len(named) < len(new) or not all(map(known, (*named, *names(sentence))))


def _alike(sentence: str, told: Sequence[str]) -> bool:
    likeness = alike(sentence, told)
    return likeness is not None and likeness >= limits.ALIKE


def jumbled(sentence: str, told: str) -> bool:
    """Whether the words of a sentence are those of a text, as its words or anywhere in it, and mostly stand beside others than there."""
    text, words = plain(told), {word for run in _runs(told) for word in run}
    return _jumbled(sentence, text, words.__contains__) or _jumbled(sentence, text, text.__contains__)


def _jumbled(sentence: str, text: str, known: Callable[[str], bool]) -> bool:
    pairs = [(a, b) for run in _runs(sentence) for a, b in pairwise(run) if known(a) and known(b)]
    new = sum(a + b not in text for a, b in pairs)
    if len(pairs) < limits.JUMBLED_PAIRS:
        return new == len(pairs) >= limits.ALL_JUMBLED
    return new >= limits.JUMBLED * len(pairs)


@lru_cache(maxsize=1024)
def _runs(text: str) -> tuple[tuple[str, ...], ...]:
    """The words between the marks of a text."""
    return tuple(tuple(lexicon().jieba.cut(part)) for part in re.findall(r"[\w%]+", squeeze(text)))
