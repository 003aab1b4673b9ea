"""Whether a clause denies what the composed answer affirms, or the other way round."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.wording import limits
from assistant.wording.likeness import plain, run, share, weight
from assistant.wording.stated import BOUND
from core.cut import split_after
from corpus.words import lexicon

FEW = 2.0
"""A clause whose words weigh less is too short to be compared."""
_DENIES = re.compile(r"^[勿莫别甭非]|[不没未无]")
"""The characters with which Chinese denies; a closed class of its grammar."""
_DENIED = re.compile(r"[不没未无勿莫别甭非]\w")
"""A denial with the character after it: what is denied."""
_DENIED_WORD = re.compile(r"[不没未无勿莫别甭非](?=([\u4e00-\u9fff]{2}))")
_DENIAL = re.compile(r"[不没未无勿莫别甭非]")
_JOINS = frozenset("cnzrta")
"""Kinds of words that begin with one of them and deny nothing: 不过, 无线网, 别的."""
_DENY_YET = frozenset({"不是", "无法"})
"""Words that the segmenter takes for such ones."""


def denials(clause: str) -> int:
    """How often a clause denies; 不超过 and the like are bounds of figures, which wording.stated reads."""
    return _denials(BOUND.sub("", clause))


@lru_cache(maxsize=2048)
def _denials(clause: str) -> int:
    words = [(word, tag) for word, tag in lexicon().tagged(clause) if _DENIES.search(word)]
    return sum(len(word) < 2 or tag[0] not in _JOINS or (tag[0] in "nc" and word in _DENY_YET) for word, tag in words)


def clauses(text: str) -> list[str]:
    """The clauses of a text that say enough to be compared."""
    return [c for c in split_after(text, "，；：。！？,;:\n", enclosed=False) if weight(c) >= FEW]


def turned(sentence: str, told: Sequence[str]) -> bool:
    """Whether a sentence has a clause that stands in one of the texts as well, but for a negation."""
    known, every = [clause for text in told for clause in clauses(text)], "".join(told)
    near = [text for text in told if min(run(text, sentence), run(sentence, text)) >= limits.NEARLY]
    return _turned(sentence, sentence, near, every) or any(
        _turned(clause, sentence, known, every) for clause in clauses(sentence)
    )


def against(sentence: str, told: str) -> bool:
    """Whether a sentence denies what a text denies nowhere, or affirms a word that it only denies: what no verdict may do."""
    said, held = plain(BOUND.sub("", sentence)), plain(BOUND.sub("", told))
    if any(denied not in held for denied in _DENIED.findall(said)):
        return True
    words = {match[1] for match in _DENIED_WORD.finditer(held)}
    return any(_affirms(said, word) and not _affirms(held, word) for word in words)


def _affirms(text: str, word: str) -> bool:
    """Whether a word stands somewhere without a denial before it."""
    return re.search(rf"(?<![不没未无勿莫别甭非]){word}", text) is not None


def _turned(clause: str, sentence: str, known: Sequence[str], told: str) -> bool:
    like = [other for other in known if _same(clause, other)]
    if not like:
        return False
    closest = max(like, key=lambda other: run(clause, other, 2) + run(other, clause, 2))
    odd = denials(clause) % 2
    if odd == denials(closest) % 2 or any(odd == denials(o) % 2 for o in like if plain(o) == plain(clause)):
        return False
    denying, other = (clause, told) if denials(clause) > denials(closest) else (closest, sentence)
    return any(denied not in plain(other) for denied in _DENIED.findall(plain(BOUND.sub("", denying))))


def _same(clause: str, other: str) -> bool:
    clause, other = _DENIAL.sub("", clause), _DENIAL.sub("", other)
    return share(clause, other) >= limits.SAME_CLAUSE and share(other, clause) >= limits.SAME_CLAUSE
