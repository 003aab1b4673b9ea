"""What a question is about: weighted concepts, each with the words that count as the same."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property

from core.numbers import read_number
from core.text import bare, normalise
from corpus.row_names import firms
from corpus.sound import suspects
from corpus.words import Lexicon, lexicon

Frequencies = Callable[[Iterable[str]], Mapping[str, int]]
Alike = Callable[[Lexicon, str, bool], str | None]

_FIRM = re.compile(r"我们?|咱|俺|厂|公司|作坊|小店|企业|单位")
_STAFF = re.compile(
    r"(?<![\d\-到至过])(\d+|[一二两三四五六七八九十百]+)\s*(?:来|多|几)?\s*(?:个|名|号|口)?\s*(?:人|员工|工人)(?!以|[上下]|才|工[智作]|次|民|均|[到至\-])"
)
SIZES = ((20, "微型企业"), (300, "小型企业"), (1000, "中型企业"))
"""Headcounts of industry in the 2017 rule (划型办法); revenue would count as well."""
_NUMBER = re.compile(r"\d+(?:\.\d+)?%?")
_POS_WEIGHT = {
    "n": 1.0,
    "eng": 1.0,
    "t": 0.6,
    "v": 0.7,
    "a": 0.6,
    "b": 0.8,
    "j": 1.0,
    "l": 0.9,
    "i": 0.7,
    "s": 0.6,
    "f": 0.3,
    "m": 0.3,
    "q": 0.2,
    "r": 0.1,
    "d": 0.2,
    "c": 0.1,
    "p": 0.1,
    "u": 0.1,
    "y": 0.1,
}
_UNKNOWN_VERB = 0.35
SYNONYM, EVERYDAY, SOUND, PART = 0.9, 0.8, 0.8, 0.45


@dataclass(frozen=True)
class Concept:
    """A word of the question, its weight, and in how many passages it stands.

    variants: words that stand for it, each with a factor 0-1, the best first.
    """

    word: str
    weight: float
    variants: tuple[tuple[str, float], ...]
    pos: str = "n"
    seen: int = 1

    def found_in(self, squeezed: str) -> float:
        """How well a squeezed text holds this concept, 0-1; parts of a long word count a little."""
        for variant, factor in self.variants:
            if variant in squeezed:
                return factor
        pairs = self.pairs
        return 0.6 * sum([p in squeezed for p in pairs]) / len(pairs) if pairs else 0.0

    @cached_property
    def pairs(self) -> list[str]:
        """The character pairs of a long Chinese word."""
        word = self.word
        return [] if len(word) < 3 or word.isascii() else [word[i : i + 2] for i in range(len(word) - 1)]


@dataclass(frozen=True)
class Query:
    """An analysed question. tokens: what it says; expanded: what documents may call it; sources: documents that it names.

    said: the message with those before it, where it can be understood only with them: its vector is looked up instead of the text's.
    """

    text: str
    concepts: tuple[Concept, ...]
    tokens: tuple[str, ...]
    expanded: tuple[str, ...]
    numbers: tuple[str, ...]
    sources: tuple[str, ...] = ()
    said: str = ""

    @property
    def meaning(self) -> str:
        """The text whose vector is looked up."""
        return self.said or self.text

    @cached_property
    def weight(self) -> float:
        return sum(c.weight for c in self.concepts) or 1.0

    def coverage(self, squeezed: str) -> float:
        """The weighted share of the concepts that a squeezed text holds, 0-1."""
        return sum(c.weight * c.found_in(squeezed) for c in self.concepts) / self.weight

    def coverages(self, whole: str) -> tuple[float, Callable[[str], float]]:
        """The coverage of a squeezed text, and a function that gives that of its parts: what the whole lacks they lack too."""
        covered, held = 0.0, []
        for concept in self.concepts:
            variants = [held for held in concept.variants if held[0] in whole]
            pairs = [pair for pair in concept.pairs if pair in whole]
            if variants or pairs:
                many = len(concept.pairs)
                covered += concept.weight * (variants[0][1] if variants else 0.6 * len(pairs) / many)
                held.append((concept.weight, variants, pairs, many))

        def coverage(part: str) -> float:
            covered = 0.0
            for weight, variants, pairs, many in held:
                for variant, factor in variants:
                    if variant in part:
                        covered += weight * factor
                        break
                else:
                    if pairs:
                        covered += weight * (0.6 * sum([pair in part for pair in pairs]) / many)
            return covered / self.weight

        return covered / self.weight, coverage


def analyse(
    text: str,
    frequencies: Frequencies,
    total: int,
    alike: Alike = lambda words, stretch, whole: None,
    words: Lexicon | None = None,
) -> Query:
    """Cut a question into concepts. frequencies: passages a token stands in; total: passages in all; alike: homophones."""
    words = words or lexicon()
    text = corrected(sized(normalise(text)), frequencies, alike, words)
    lower = text.lower()
    found: dict[str, tuple[str, dict[str, float]]] = {}

    def add(word: str, pos: str, variants: Mapping[str, float]) -> None:
        if word not in found:
            found[word] = (pos, {word: 1.0})
        for variant, factor in variants.items():
            found[word][1][variant] = max(factor, found[word][1].get(variant, 0))

    def same(word: str, factor: float = SYNONYM) -> dict[str, float]:
        return dict.fromkeys(words.same.get(word, ()), factor)

    spoken = words.everyday_in(text)
    for saying, formals in spoken:
        variants = dict.fromkeys(formals, EVERYDAY)
        for formal in formals:
            variants |= same(formal, EVERYDAY * SYNONYM)
        add(saying, "v", same(saying) | variants)
    for phrase, chinese in words.english_in(text):
        variants = dict.fromkeys(chinese, SYNONYM)
        for c in chinese:
            variants |= same(c, SYNONYM * 0.9)
        add(phrase, "eng", variants)
    covered = "".join(s for s, _ in spoken)
    for word, pos in words.tagged(lower):
        if word in words.stopwords or (len(word) == 1 and not word.isascii() and pos[0] not in "nj") or word in covered:
            continue
        if word.isascii() and word.isalpha() and any(word in p.split() for p in found if " " in p):
            continue
        parts = {p: PART for p in words.tokens(word) if p != word and len(p) > 1}
        add(word, pos, parts | same(word) | _digits(word))

    every = {v for _, variants in found.values() for v in variants} | set(found)
    counts = frequencies({t for v in every for t in words.tokens(v)})
    concepts = []
    for word, (pos, variants) in found.items():
        seen = max(
            (min((counts.get(t, 0) for t in words.tokens(v)), default=0) for v, f in variants.items() if f >= 0.6),
            default=0,
        )
        idf = math.log((total + 1) / (seen + 1)) + 0.3
        weight = idf * (
            1.0 if any(c.isdigit() for c in word) else _POS_WEIGHT.get(pos if pos == "eng" else pos[:1], 0.5)
        )
        if seen == 0 and pos[0] in "vadilz":
            weight *= _UNKNOWN_VERB
        if seen == 0 and pos == "eng" and word not in words.chinese_of and word.isalpha() and word.islower():
            weight *= 0.3
        ordered = tuple(sorted(((bare(v), f) for v, f in variants.items()), key=lambda p: -p[1]))
        concepts.append(Concept(bare(word), weight, ordered, pos, seen))
    tokens = tuple(dict.fromkeys(t for word in found for t in words.tokens(word) if t not in words.stopwords))
    expanded = tuple(
        dict.fromkeys(
            t
            for _, variants in found.values()
            for v, f in variants.items()
            if f >= 0.6
            for t in words.tokens(v)
            if len(t) > 1
        )
    )
    named = "".join(firms(text))
    expanded += tuple(t for t in words.tokens(named) if t not in expanded and t not in words.stopwords)
    return Query(text, tuple(concepts), tokens, expanded, tuple(_NUMBER.findall(lower)))


def sized(text: str) -> str:
    """The question with the firm's headcount as a size word: 我厂12个人 → 我厂微型企业. A class's bounds (300人以下) stay."""

    def word(match: re.Match[str]) -> str:
        people = read_number(match[1]) or 0
        return match[0] if people < 3 else next((name for most, name in SIZES if people < most), match[0])

    return _STAFF.sub(word, text) if _FIRM.search(text) else text


def _digits(word: str) -> dict[str, float]:
    """A number written out, as digits: 十八 → 18, 百分之七十五 → 75%."""
    share = word.startswith("百分之")
    number = read_number(word.removeprefix("百分之")) if not word.isascii() else None
    if number is None or number < 10 or number != int(number):
        return {}
    return {f"{int(number)}{'%' if share else ''}": SYNONYM}


def corrected(text: str, frequencies: Frequencies, alike: Alike, words: Lexicon) -> str:
    """The question with stretches that no passage holds replaced by the known word that sounds like them."""
    tokens = set(words.cut(text))
    stretches = [s for s in suspects(words, text, frequencies) if s not in words.same and s not in words.formal_of]
    for stretch in sorted(stretches, key=len, reverse=True):
        if stretch in text and (meant := alike(words, stretch, stretch in tokens)):
            text = text.replace(stretch, meant)
    return text
