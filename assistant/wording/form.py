"""Whether a worded sentence is well formed: finished, in the answer's script, not said before."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from assistant.wording import limits
from assistant.wording.likeness import longest_run, plain, run, share
from core.cut import split_after
from corpus.words import lexicon

_END = re.compile(r"[。！？!?；;：:.…]+[”’」』）)\]]*$|[”’」』）)\]]+[。；]?$")
_LEADS = frozenset("cp")
"""Kinds of words that something must follow: conjunctions and prepositions."""
_LINKS = frozenset({"uj", "uv", "ud"})
"""Particles that link to what follows (的, 地, 得), where they do so in the composed answer."""
_TAIL = 4
"""How many last characters of a sentence are looked for in the composed answer, to see what follows them there."""
_PAIRS = tuple(map(tuple, ("（）", "《》", "“”", "「」", "【】", "〔〕", "()")))
_UNKNOWN = "\ufffd"


def unfinished(sentence: str, rest: str, told: str, last: bool) -> bool:
    """Whether a sentence breaks off. rest: what was worded after it; told: the composed answer; last: whether it ends the answer."""
    bare = _END.sub("", sentence.strip())
    if not re.search(r"\w", bare):
        return True
    if last and not _END.search(sentence.strip()) and not _ended_so(bare, told):
        return True
    if any(sentence.count(a) != sentence.count(b) for a, b in _PAIRS):
        return True
    return _leads_on(bare, told) or _cut(bare, f"{bare}\n{rest}", told)


def _ended_so(bare: str, told: str) -> bool:
    """Whether a text without a full stop ends where a line or a clause of the composed answer ends."""
    tail = plain(bare)[-_TAIL:]
    return any(plain(part).endswith(tail) for part in split_after(told, "，。；：！？、\n", enclosed=False))


def _leads_on(bare: str, told: str) -> bool:
    """Whether a sentence ends in a word that leads on, where no sentence of the composed answer does."""
    if bare.endswith(("、", "，", ",")):
        return True
    words = _tagged(bare[-12:])
    if not words or _ended_so(bare, told):
        return False
    if words[-1][1] == "uj" and len(words) > 1 and words[-2][1][0] in "nj" and "是" not in bare:
        return True  # 企业数字化转型的: a noun is still to come
    return words[-1][1][0] in _LEADS or (words[-1][1] in _LINKS and plain(bare)[-_TAIL:] in plain(told))


@lru_cache(maxsize=1024)
def _tagged(text: str) -> tuple[tuple[str, str], ...]:
    return tuple(lexicon().tagged(text))


def _cut(bare: str, said: str, told: str) -> bool:
    """Whether the composed answer goes on where a sentence ends, and what follows there is said nowhere else."""
    tail = re.sub(r"\s", "", bare)[-_TAIL:]
    if re.search(r"\d", tail):
        tail = re.sub(r"\s", "", bare)[-2 * _TAIL :]
    if len(tail) < _TAIL or _ended_so(bare, told):
        return False
    flat = re.sub(r"[ \t]", "", told)
    places = [m.end() for m in re.finditer(re.escape(tail), flat)]
    ends = [re.split(r"[，。；：！？、,;:\n（]", flat[at:], maxsplit=1)[0] for at in places]
    verbatim, every = plain(bare) in plain(told), plain(said)

    def goes_on(at: int, end: str) -> bool:
        if _in_a_word(flat, at):
            return True
        if verbatim:
            return len(end) > 1 and plain(tail + end[:2]) not in every
        return len(end) > 1 and run(end, said, 3) < limits.SAID

    gone = [end for at, end in zip(places, ends, strict=True) if end and goes_on(at, end)]
    return bool(ends) and len(gone) == len(ends)


def _in_a_word(text: str, at: int) -> bool:
    """Whether a place lies inside a word."""
    start = max(0, at - 12)
    for word in lexicon().jieba.cut(text[start : at + 12]):
        start += len(word)
        if start >= at:
            return start > at
    return False


def foreign(text: str, told: str) -> bool:
    """Whether a text holds letters of a script that neither the composed answer nor the question has, or no character at all."""
    known = {_script(c) for c in told} | {"CJK", "LATIN", "DIGIT", "FULLWIDTH"}
    return _UNKNOWN in text or any(_script(c) not in known for c in text if c.isalpha())


@lru_cache(maxsize=4096)
def _script(c: str) -> str:
    return unicodedata.name(c, "").partition(" ")[0]


def repeated(sentence: str, before: Sequence[str]) -> bool:
    """Whether a sentence was said already."""
    text = plain(sentence)
    return any(text == plain(other) or (len(text) > 8 and _again(sentence, other)) for other in before)


def _again(sentence: str, other: str) -> bool:
    same = share(sentence, other) >= limits.TWICE and share(other, sentence) >= limits.TWICE
    return same and longest_run(sentence, other) >= limits.TWICE * 0.7 * len(plain(sentence))
