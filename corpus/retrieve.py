"""Hybrid retrieval: lexical and dense lists fused by reciprocal rank, then scored by what of the question they hold.

A passage is scored by its best short window and returned whole. Reciprocal rank fusion: Cormack et al. (2009).
"""

from __future__ import annotations

import re
from collections import Counter, OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields

from core.text import squeeze
from core.types import Hit, Passage
from corpus.index import Index
from corpus.ledger import Filters, Unit
from corpus.query import Query, analyse

RRF_K = 10
CANDIDATES = 60
LEXICAL_LIST = 200
DENSE_LIST = 100
PREPARED = 20_000


@dataclass(frozen=True)
class Weights:
    """How much each part counts in a passage's score.

    Fitted (softmax regression over the candidates) on one question held out of each card, and on the open question set.
    """

    wide: float = 2.9
    near: float = 0.8
    window: float = 8.1
    passage: float = 1.4
    title: float = 3.2
    heading: float = 5.6
    likeness: float = 2.0
    number: float = 0.9
    source: float = 1.6


TOTAL = sum(f.default for f in fields(Weights) if isinstance(f.default, float))


@dataclass(frozen=True)
class Prepared:
    """A passage made ready for scoring: squeezed texts and character pairs."""

    passage: Passage
    head: str
    head_pairs: Counter[str]
    windows: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, Counter[str]], ...]
    whole: str


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, weights: Weights | None = None) -> None:
        self.index = index
        self.weights = weights or Weights()
        self._prepared: OrderedDict[int, Prepared] = OrderedDict()
        self._aliases: list[tuple[str, re.Pattern[str]]] = []
        self._total = 0
        self._generation = -1

    def analyse(self, text: str) -> Query:
        """The question's concepts, weighted by this index's frequencies."""
        self._refresh()
        return analyse(text, self.index.ledger.frequencies, self._total)

    def search(self, text: str, k: int = 8, filters: Filters | None = None, query: Query | None = None) -> list[Hit]:
        """The k best passages, best first."""
        filters = filters or Filters()
        query = query or self.analyse(text)
        lists, similar = self._lists(query, filters)
        fused: Counter[int] = Counter()
        for rows in lists.values():
            for rank, row in enumerate(rows):
                fused[row] += 1 / (RRF_K + rank)
        rows = [row for row, _ in fused.most_common(CANDIDATES)]
        ranks = {name: {row: RRF_K / (RRF_K + rank) for rank, row in enumerate(found)} for name, found in lists.items()}
        pairs, named = _pairs(squeeze(query.text)), self._named(query.text)
        hits = []
        for row, prepared in self._prepare(rows).items():
            given = {name: ranks[name].get(row, 0.0) for name in ranks} | {"dense": similar.get(row, 0.0)}
            hits.append(self._score(query, pairs, named, prepared, given))
        hits.sort(key=lambda h: -h.score)
        return hits[:k]

    def _refresh(self) -> None:
        """Follow the index to its present generation."""
        generation = self.index.ledger.generation
        if generation != self._generation:
            self._prepared.clear()
            self._total = self.index.ledger.count("unit")
            self._aliases = [
                (source.id, re.compile("|".join(source.aliases), re.IGNORECASE))
                for source in self.index.sources().values()
                if source.aliases
            ]
            self._generation = generation

    def _named(self, text: str) -> set[str]:
        """The sources that a question names."""
        return {id for id, pattern in self._aliases if pattern.search(text)}

    def _lists(self, query: Query, filters: Filters) -> tuple[dict[str, list[int]], dict[int, float]]:
        """Ranked passage rows of each retriever, and the best cosine similarity of each row."""
        ledger = self.index.ledger
        lists = {
            "exact": _rows(ledger.match(query.tokens, LEXICAL_LIST, filters)),
            "wide": _rows(ledger.match(query.expanded, LEXICAL_LIST, filters)),
            "near": [],
        }
        similar: dict[int, float] = {}
        if vectors := self.index.vectors:
            found = vectors.search(query.text, DENSE_LIST, filters.spaces)
            allowed = ledger.allowed({row for _, row, _ in found}, filters)
            found = [f for f in found if f[1] in allowed]
            lists["near"] = _rows(found)
            for _, row, score in found:
                similar[row] = max(score, similar.get(row, 0.0))
        return lists, similar

    def _prepare(self, rows: Sequence[int]) -> dict[int, Prepared]:
        """Prepared passages by row, from the cache where they are there."""
        missing = [r for r in rows if r not in self._prepared]
        if missing:
            passages, units = self.index.ledger.passages(missing), self.index.ledger.units(missing)
            for row, passage in passages.items():
                self._prepared[row] = prepare(passage, units[row])
            while len(self._prepared) > PREPARED:
                self._prepared.popitem(last=False)
        return {r: self._prepared[r] for r in rows if r in self._prepared}

    def _score(
        self, query: Query, pairs: Counter[str], named: set[str], prepared: Prepared, given: Mapping[str, float]
    ) -> Hit:
        best, window = 0.0, ""
        for body, squeezed in prepared.windows:
            covered = query.coverage(squeezed)
            if covered > best:
                best, window = covered, body
        passage = prepared.passage
        parts = {
            **given,
            "window": best,
            "passage": query.coverage(prepared.whole),
            "title": query.coverage(prepared.head),
            "question": max((query.coverage(q) for q, _ in prepared.questions), default=0.0),
            "likeness": max((_dice(pairs, p) for _, p in prepared.questions), default=0.0) ** 4,
            "heading": _dice(pairs, prepared.head_pairs),
            "number": sum(n in prepared.whole for n in query.numbers) / len(query.numbers) if query.numbers else 0.0,
            "source": 0.0 if not named else 1.0 if passage.source_id in named else -1.0,
        }
        score = sum(getattr(self.weights, f.name) * parts[f.name] for f in fields(Weights)) / TOTAL
        return Hit(passage, score, parts, window or passage.text[:120])


def prepare(passage: Passage, units: Sequence[Unit]) -> Prepared:
    """Squeeze a passage's texts once."""
    head = squeeze(passage.title)
    bodies = [u.text.partition("\n")[2] for u in units if u.kind == "window"]
    questions = [squeeze(q) for q in passage.questions]
    return Prepared(
        passage,
        head,
        _pairs(head),
        tuple((b, head + "\n" + squeeze(b)) for b in bodies),
        tuple((q, _pairs(q)) for q in questions),
        squeeze("\n".join((passage.title, *passage.section, passage.text, *passage.questions))),
    )


def _rows(found: Sequence[tuple[int, int, float]]) -> list[int]:
    """Passage rows in the order of their best unit."""
    return list(dict.fromkeys(row for _, row, _ in found))


def _pairs(text: str) -> Counter[str]:
    return Counter(text[i : i + 2] for i in range(len(text) - 1))


def _dice(a: Counter[str], b: Counter[str]) -> float:
    """Overlap of two bags of character pairs, 0-1."""
    shared = sum(min(n, b[pair]) for pair, n in a.items() if pair in b)
    return 2 * shared / max(a.total() + b.total(), 1)
