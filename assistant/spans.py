"""What a text names, by kind: places, levels, years, trades, terms, documents, and things of one kind from a table.

A follow-up that names nothing but such things asks the question before it about them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

from core.clock import today
from core.periods import periods
from core.text import normalise
from corpus import spare
from corpus.cards import load_sources
from corpus.places import INSIDE_A_NAME, places
from corpus.tables import load_tables
from corpus.words import LEXICON, lexicon
from tools.firm import industries
from tools.firm.aims import levels_said

PLACE, ABROAD, LEVEL, YEAR, TRADE, TERM, DOCUMENT = "place", "abroad", "level", "year", "trade", "term", "document"
AROUND = {"province": "province", "prefecture": "prefecture", "nation": "nation"}
"""Kinds that name a place by what it is around the one spoken of."""
PARTICLES = 4
"""Up to so many characters beside what is named say nothing: 那…呢, 换成…呢; 是什么意思 asks by itself."""
KEYWORD = 12
"""Up to so many characters a text may be nothing but the name of a trade."""
_SUBSTANCE = "nvjelbm"
"""How tags of words begin that say something by themselves."""
_NOUNS = "njelb"


@dataclass(frozen=True)
class Span:
    """A thing that a normalised text names at start:end; name: by which it is the same under another word."""

    kind: str
    text: str
    start: int
    end: int
    name: str


@lru_cache(maxsize=512)
def spans(text: str) -> tuple[Span, ...]:
    """Everything that a text names, in its order; of two that overlap the longer one."""
    text = normalise(text)
    found: list[Span] = []
    for span in sorted(_every(text), key=lambda each: (-(each.end - each.start), each.start)):
        if all(span.end <= other.start or other.end <= span.start for other in found):
            found.append(span)
    return tuple(sorted(found, key=lambda span: span.start))


def of_kind(text: str, kind: str) -> list[Span]:
    """What a text names of one kind."""
    return [span for span in spans(text) if span.kind == kind]


def has_rest(text: str) -> bool:
    """Whether a text says something besides what it names."""
    rest, at = "", 0
    for span in spans(text):
        rest, at = f"{rest}{text[at : span.start]}，", span.end
    rest += text[at:]
    return sum(map(str.isalnum, rest)) > PARTICLES or bool(substance(rest, longest=1))


def names_only(text: str) -> bool:
    """Whether a text names something and says nothing else."""
    return bool(spans(text)) and not has_rest(text)


def substance(text: str, longest: int = 0) -> list[str]:
    """The words of a text that say something by themselves. longest: Chinese words of up to so many characters do not."""
    words = lexicon()
    return [
        word
        for word, tag in words.tagged(text)
        if tag[0] in _SUBSTANCE and word not in words.stopwords and (len(word) > longest or word.isascii())
    ]


def subject(text: str) -> list[str]:
    """The nouns of a text: what a later message silently refers to."""
    words = lexicon()
    tagged = words.tagged(text)
    return [word for word, tag in tagged if tag[0] in _NOUNS and len(word) > 1 and word not in words.stopwords]


def phrases(text: str, longest: int = 4) -> list[str]:
    """The runs of up to so many neighbouring words of a text that may name a thing: each has a noun or a foreign word."""
    found, tokens = dict[str, None](), list(_tokens(text))
    stopwords = lexicon().stopwords
    for first in range(len(tokens)):
        for last in range(first, min(first + longest, len(tokens))):
            run = tokens[first : last + 1]
            start, end = run[0][2], run[-1][2] + len(run[-1][0])
            whole = sum(len(word) for word, _, _ in run) == end - start
            says = all(tag[0] in _SUBSTANCE + "a" and word not in stopwords for word, tag, _ in run)
            if whole and says and any(tag[0] in _NOUNS for _, tag, _ in run):
                found[text[start:end]] = None
    return list(found)


def _every(text: str) -> Iterator[Span]:
    home = [place for place in places(text) if place.strength > INSIDE_A_NAME]
    yield from (Span(PLACE, place.text, place.start, place.end, place.label) for place in home)
    for said in levels_said(text):
        yield Span(LEVEL, text[said.start : said.end], said.start, said.end, f"{said.low}-{said.high}")
    for period in periods(text, today()):
        if period.years:
            yield Span(YEAR, period.words, period.start, period.end, str(period.years))
    trade = industries.find(text, said=len(text) <= KEYWORD)
    start = text.lower().find(trade.word.lower()) if trade and not trade.generic else -1
    if trade and start >= 0:
        yield Span(TRADE, trade.word, start, start + len(trade.word), trade.name)
    for source, pattern in _documents():
        yield from (Span(DOCUMENT, hit[0], hit.start(), hit.end(), source) for hit in pattern.finditer(text) if hit[0])
    tokens = list(_tokens(text))
    for word, tag, start in tokens:
        if tag == "ns" and len(word) > 1 and not any(p.start < start + len(word) and start < p.end for p in home):
            yield Span(ABROAD, word, start, start + len(word), word)
    yield from _listed(text, {start for _, _, start in tokens}, {start + len(word) for word, _, start in tokens})


def _listed(text: str, starts: set[int], ends: set[int]) -> Iterator[Span]:
    """Names of the glossary, of systems and of the table, where they stand as whole words."""
    low = text.lower()
    for start in starts:
        for end in ends:
            if start < end and (named := _names().get(low[start:end])):
                yield Span(named[0], text[start:end], start, end, named[1])


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    """The words of a text with their tags and where they begin."""
    low, at = text.lower(), 0
    for word, tag in lexicon().tagged(text):
        start = low.find(word, at)
        if start >= 0:
            yield word, tag, start
            at = start + len(word)


@cache
def _documents() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The bundled documents with how they are named."""
    named = ((s.id, s.aliases) for s in load_sources().values() if s.aliases)
    return tuple((id, re.compile("|".join(aliases), re.I)) for id, aliases in named)


def _alike(path: Path) -> dict[str, list[list[str]]]:
    import yaml

    found: dict[str, list[list[str]]] = yaml.safe_load(path.read_text("utf-8"))
    if not all(isinstance(thing, list) and thing for things in found.values() for thing in things):
        raise ValueError(f"{path.name} holds something without names")
    return found


@cache
def _names() -> Mapping[str, tuple[str, str]]:
    """Every listed name in lower case → its kind and the thing that it names."""
    tables, found = load_tables(), dict[str, tuple[str, str]]()
    for kind, things in spare.read(LEXICON / "alike.yaml", _alike).items():
        for alike in things:
            found.update({str(name).lower(): (kind, str(alike[0])) for name in alike})
    named: list[tuple[str, tuple[str | None, ...]]] = [
        (term.term, (term.term, term.full, *term.aliases)) for term in tables.glossary
    ]
    named += [(tool.tool, (tool.tool, tool.abbreviation, *tool.aliases)) for tool in tables.vendors]
    named += [(system.name, (system.name, *system.aliases)) for system in tables.systems]
    for thing, names in named:
        for name in names:
            if name and len(name) > 1:
                found.setdefault(name.lower(), (TERM, thing))
    return found
