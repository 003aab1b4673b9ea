"""A text that sentences may stand on, and whether a sentence's figures stand there in their places."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.wording.stated import Stated, agrees, stated
from core.cut import sentences
from core.text import squeeze
from core.types import Citation, Hit
from corpus.words import lexicon

BETTER = 0.2
"""By how much the words around a rival figure must fit better for a figure to count as taken from elsewhere."""
SAME = 0.97
"""Above this two clauses say the same in the same words."""
BESIDE = 3
"""By how many characters the words right beside a rival figure must fit better."""
NEARLY_SAME = 0.7
FURTHER = 0.25
"""A sentence of the evidence that holds so much more of a sentence decides which figure is the right one."""
COMMA = 3
FEW = 4
"""A clause of fewer pairs of characters is read together with the one before it."""
_DENIAL = re.compile("[不没别勿未无][要用有能会是必得了]")
"""Denials, which assistant.wording.polarity compares."""
_BREAKS = frozenset("，,、。；;！？!?\n")
_ISSUED = re.compile("发布|印发|出台|施行|报告|调查|调研|文件")
_SENTENCE = re.compile(r"[；;。！？!?\n]")
_CLAUSE = re.compile(r"(?:[^，,：:、（）()]|、(?!.{0,12}\d)|(?<!\d)、)+")
Weights = dict[str, float]


@dataclass(frozen=True)
class Ground:
    """A text that sentences may stand on: a passage, or a line of a tool's result with the citations it carries."""

    text: str
    hit: Hit | None = None
    cited: tuple[Citation, ...] = ()

    @cached_property
    def squeezed(self) -> str:
        return squeeze(self.text)

    @cached_property
    def stated(self) -> tuple[Stated, ...]:
        return stated(self.text)

    @cached_property
    def clauses(self) -> tuple[tuple[Weights, tuple[Stated, ...]], ...]:
        """Each clause's pairs of characters with their weights, and the figures in it."""
        return tuple((weights, stated(clause)) for weights, clause in _clauses(self.text))

    @cached_property
    def sentences(self) -> tuple[Ground, ...]:
        return tuple(Ground(s) for s in sentences(self.text))

    def share(self, words: Mapping[str, float]) -> float:
        """The weighted share of words, or of their synonyms, that stand here."""
        held = sum(weight for word, weight in words.items() if self._holds(word))
        return held / (sum(words.values()) or 1)

    def _holds(self, word: str) -> bool:
        return word in self.squeezed or any(other in self.squeezed for other in lexicon().same.get(word, ()))


def content(text: str) -> dict[str, float]:
    """The words of a sentence that say something, each with its weight; figures are checked elsewhere."""
    words = lexicon()
    kept = (w for w in words.cut(text) if w not in words.stopwords and not w[0].isdigit())
    return {
        squeeze(w): float(min(len(w), 4))
        for w in kept
        if len(w) > 1
        and not _DENIAL.fullmatch(w)
        and not re.fullmatch(r"[零〇一二两三四五六七八九十百千万亿]+.?|百分之.*", w)
    }


def stands(said: Stated, ground: Ground) -> bool:
    """Whether one figure, date or name stands in a ground."""
    if said.kind in {"name", "title"} and squeeze(str(said.value)) in ground.squeezed:
        return True
    return any(agrees(said, held) for held in ground.stated)


def misplaced(sentence: str, grounds: Sequence[Ground]) -> bool:
    """Whether a figure of a sentence belongs, in the evidence, to something else than what the sentence says it of."""
    held = [clause for g in grounds for clause in g.clauses]
    known = {gram for weights, _ in held for gram in weights}
    for weights, clause in _clauses(sentence):
        asked = {gram: weight for gram, weight in weights.items() if gram in known}
        for said in stated(clause):
            if said.kind != "figure" or not asked:
                continue
            own = max(
                (_fit(asked, w) for w, values in held if any(agrees(said, v) for v in values)), default=(0.0, 0.0)
            )
            rival = max((_fit(asked, w) for w, values in held if _rivals(said, values)), default=(0.0, 0.0))
            if rival[0] - own[0] >= max(BETTER * sum(asked.values()), 2) or (
                rival[1] > SAME > own[1] and len(asked) > 2
            ):
                return True
    figures = [said for said in stated(sentence) if said.kind == "figure"]
    return any(_elsewhere(said, grounds) for said in figures) or _of_another_sentence(sentence, figures, grounds)


def _of_another_sentence(sentence: str, figures: Sequence[Stated], grounds: Sequence[Ground]) -> bool:
    """Whether the evidence says the same sentence with another figure, and this figure only where it says less of it."""
    words = content(sentence)
    rated = [(told.share(words), told.stated) for g in grounds for told in g.sentences]
    for said in figures:
        if said.unit == "年度" and _ISSUED.search(sentence):
            continue
        own = max((share for share, values in rated if any(agrees(said, v) for v in values)), default=0.0)
        rival = max((share for share, values in rated if _rivals(said, values)), default=0.0)
        if rival >= NEARLY_SAME and rival >= own + FURTHER:
            return True
    return False


def _elsewhere(said: Stated, grounds: Sequence[Ground]) -> bool:
    """Whether the words right beside a figure stand, in the evidence, beside another one."""
    like = [v for g in grounds for v in g.stated if v.kind == "figure" and v.unit == said.unit]
    own = max((_beside(said, v) for v in like if agrees(said, v)), default=0)
    return max((_beside(said, v) for v in like if not agrees(said, v)), default=0) >= own + BESIDE


def _beside(a: Stated, b: Stated) -> int:
    """How many characters next to two figures are the same, on both sides; reaching a comma together counts more."""
    return _same(a.before[::-1], b.before[::-1]) + _same(a.after, b.after)


def _same(a: str, b: str) -> int:
    count = 0
    for x, y in zip(f"{a}，", f"{b}，", strict=False):
        if x in _BREAKS and y in _BREAKS:
            return count + (COMMA if count else 0)
        if x != y:
            break
        count += 1
    return count


def _rivals(said: Stated, values: Sequence[Stated]) -> bool:
    """Whether a clause states another figure of the same unit, and not this one."""
    like = [v for v in values if v.kind == "figure" and v.unit == said.unit]
    return bool(like) and not any(agrees(said, v) for v in values)


def _clauses(text: str) -> Iterator[tuple[Weights, str]]:
    """The clauses of a text with the weights of their pairs: full for its own, half for its label and the clause before."""
    for line in _SENTENCE.split(text):
        label, before = "", ""
        for match in _CLAUSE.finditer(line):
            clause = match[0]
            if not clause.strip():
                continue
            about = f"{label}，{before}" if len(_grams(clause)) < FEW else label
            yield {**dict.fromkeys(_grams(about), 0.5), **dict.fromkeys(_grams(clause), 1.0)}, clause
            before = clause
            if line[match.end() : match.end() + 1] in {"：", ":"}:
                label = clause


def _grams(text: str) -> frozenset[str]:
    """Pairs of neighbouring Chinese characters and Latin words, without figures."""
    runs = re.findall(r"[\u4e00-\u9fff]+|[A-Za-z]+", re.sub(r"\d[\d.,]*\s*[万亿%]*[个家项年]?", "，", text))
    out = set()
    for run in runs:
        out |= {run.lower()} if run.isascii() else {run[i : i + 2] for i in range(len(run) - 1)}
    return frozenset(out)


def _fit(asked: Weights, held: Weights) -> tuple[float, float]:
    """How much of what is said stands in a clause, by weight; and how alike the two are, 0-1."""
    common = sum(weight * held.get(gram, 0.0) for gram, weight in asked.items())
    return common, common / (sum(asked.values()) + sum(held.values()) - common or 1)
