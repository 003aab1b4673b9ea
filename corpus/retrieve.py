"""Hybrid retrieval: lexical and dense lists fused by reciprocal rank, then scored by what of the question they hold.

A passage is scored by its best short window and returned whole. Reciprocal rank fusion: Cormack et al. (2009).
"""

from __future__ import annotations

import logging
import re
import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, TypeVar

from core.errors import NotAvailable
from core.text import bare
from core.types import PUBLIC_SPACE, Hit, Passage
from corpus.embedder import BUILT_IN
from corpus.encoder.encoder import built_in
from corpus.index import Index
from corpus.ledger import Filters
from corpus.own_questions import OwnQuestions
from corpus.places import Place, of_regions, places
from corpus.query import Query, analyse
from corpus.ranker import Weights, load_weights
from corpus.rerank import Reranking
from corpus.row_names import named, row_name

T = TypeVar("T")
log = logging.getLogger(__name__)
RRF_K = 10
WINDOW = 120
STEP = 60
CANDIDATES = 60
LEXICAL_LIST = 200
DENSE_LIST = 100
PREPARED = 4_000
LATELY = 8
"""How many questions and searches a thread remembers."""
OF_VECTORS = ("near", "dense", "own", "asked", "near_miss")
"""The parts that need vectors."""
PRACTICE = "practice"
"""The certainty of advice, before which goes what a document says where either would do."""
OWN = 0.5
"""How much of an ingested passage's score is what it holds beyond its document's title."""


@dataclass(frozen=True)
class Prepared:
    """A passage made ready for scoring: squeezed texts."""

    passage: Passage
    head: str
    windows: tuple[tuple[str, str], ...]
    whole: str


@dataclass(frozen=True)
class Asked:
    """What every passage is scored against: the question, the places and documents it names.

    abroad: countries and other places that the regions table does not hold.
    """

    query: Query
    places: tuple[Place, ...]
    abroad: tuple[str, ...]
    named: frozenset[str]
    weights: Weights

    @classmethod
    def of(cls, query: Query, weights: Weights) -> Asked:
        home = places(query.text)
        abroad = tuple(
            c.word
            for c in query.concepts
            if len(c.word) > 1 and c.pos == "ns" and not any(c.word in p.text for p in home)
        )
        return cls(query, home, abroad, frozenset(query.sources), weights)


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, weights: Weights | None = None, reranking: Reranking | None = None) -> None:
        self.index = index
        self.weights = weights or load_weights()
        self.reranking = reranking
        self._prepared: OrderedDict[int, Prepared] = OrderedDict()
        self._aliases: list[tuple[str, re.Pattern[str]]] = []
        self._generation = -1
        self._card_rows: tuple[OwnQuestions, dict[str, int]] | None = None
        self._thread = threading.local()

    def analyse(self, text: str, spaces: tuple[str, ...] = (PUBLIC_SPACE,), said: str = "") -> Query:
        """The question's concepts, weighted by how often words stand in the spaces it is asked of.

        said: the message with those before it, where it can be understood only with them.
        """
        self._refresh()
        query = self._lately("queries", (text, spaces, self._generation), lambda: self._analysed(text, spaces))
        return replace(query, said=said) if said else query

    def _analysed(self, text: str, spaces: tuple[str, ...]) -> Query:
        ledger = self.index.ledger
        total = ledger.size(spaces)

        def frequencies(tokens: Iterable[str]) -> Mapping[str, int]:
            return ledger.frequencies(tokens, spaces)

        named = tuple(id for id, pattern in self._aliases if pattern.search(text))
        bare = text
        for id, pattern in self._aliases:
            if id in named:
                bare = pattern.sub(" ", bare)
        query = analyse(bare, frequencies, total, ledger.alike)
        if not query.concepts:
            query = analyse(text, frequencies, total, ledger.alike)
        return replace(query, sources=named)

    def search(self, text: str, k: int = 8, filters: Filters | None = None, query: Query | None = None) -> list[Hit]:
        """The k best passages, best first."""
        filters = filters or Filters()
        query = query or self.analyse(text, filters.spaces)
        key = (text, query, filters, self._generation, self._weights(), id(self.index.vectors))
        return self._lately("hits", key, lambda: self._ranked(text, query, filters))[:k]

    def _lately(self, kind: str, key: Any, make: Callable[[], T]) -> T:
        """What this thread has made lately: one question is looked up several times on its way to an answer."""
        made: OrderedDict[Any, T] = vars(self._thread).setdefault(kind, OrderedDict())
        if key not in made:
            made[key] = make()
            while len(made) > LATELY:
                made.popitem(last=False)
        return made[key]

    def _ranked(self, text: str, query: Query, filters: Filters) -> list[Hit]:
        """Every candidate, best first."""
        lists, scores = self._lists(query, filters)
        fused: defaultdict[int, float] = defaultdict(float)
        for rows in lists.values():
            for rank, row in enumerate(rows):
                fused[row] += 1 / (RRF_K + rank)
        rows = sorted(fused, key=lambda row: -fused[row])[:CANDIDATES]
        ranks = {name: {row: RRF_K / (RRF_K + rank) for rank, row in enumerate(found)} for name, found in lists.items()}
        asked, given = Asked.of(query, self._weights()), ranks | scores
        hits = []
        for row, prepared in self._prepare(rows).items():
            hits.append(_scored(asked, prepared, {name: _of(by_row, row) for name, by_row in given.items()}))
        hits = _by_their_own_words(sorted(hits, key=lambda h: -h.score))
        return _apart(_rows_by_name(self.reranking.reordered(text, hits) if self.reranking else hits, text))

    def open_models(self) -> None:
        """Load what searching needs, so that the first question does not wait for it."""
        if vectors := self.index.vectors:
            vectors.search("数字化", 1, (PUBLIC_SPACE,))
        if self.reranking:
            self.reranking.open()

    def _weights(self) -> Weights:
        """The weights, those of the vectors times the setting where a sentence model makes them; without any, of the words."""
        factor = self.index.settings.dense_weight
        vectors = self.index.vectors
        if vectors is None:
            return self.weights.without(*OF_VECTORS)
        if factor == 1 or vectors.embedder.startswith(BUILT_IN):
            return self.weights
        return self.weights.times(factor, "near", "dense")

    def _refresh(self) -> None:
        """Follow the index to its present generation."""
        generation = self.index.ledger.generation
        if generation != self._generation:
            self._prepared.clear()
            self._aliases = [
                (source.id, re.compile("|".join(source.aliases), re.IGNORECASE))
                for source in {s.id: s for s in self.index.sources().values()}.values()
                if source.aliases
            ]
            self._generation = generation

    def _lists(self, query: Query, filters: Filters) -> tuple[dict[str, list[int]], dict[str, Mapping[int, float]]]:
        """Ranked passage rows of each retriever; and by row the likeness with the passage and with its own questions."""
        ledger = self.index.ledger
        wide = ledger.match(query.expanded, LEXICAL_LIST, filters)
        near: list[tuple[int, float]] = []
        if vectors := self.index.vectors:
            found = vectors.search(query.meaning, DENSE_LIST, filters.spaces)
            allowed = ledger.allowed((row for row, _ in found), filters)
            near = [f for f in found if f[0] in allowed]
        least = min((likeness for _, likeness in near), default=0.0)
        dense = defaultdict(lambda: least, near)  # what is not among the nearest is at most as near as the last of them
        ranked = {"wide": [row for row, _ in wide], "near": [row for row, _ in near]}
        own = self._own_questions() if PUBLIC_SPACE in filters.spaces else None
        asked, near_miss = self._asked(query.meaning, *own) if own else ({}, {})
        best = sorted(asked.items(), key=lambda pair: -pair[1])[:DENSE_LIST]
        allowed = ledger.allowed((row for row, _ in best), filters)
        ranked["own"] = [row for row, _ in best if row in allowed]
        return ranked, {"dense": dense, "asked": asked, "near_miss": near_miss}

    def _own_questions(self) -> tuple[OwnQuestions, dict[str, int]] | None:
        """The cards' own questions, with the row of each card by its id."""
        own = self.index.own_questions
        if own is None:
            return None
        if self._card_rows is None or self._card_rows[0] is not own:
            found = self.index.ledger.connection.execute("SELECT passage_id, row FROM passage WHERE origin = 'card'")
            self._card_rows = (own, {row["passage_id"]: row["row"] for row in found})
        return self._card_rows

    def _asked(
        self, text: str, own: OwnQuestions, rows: Mapping[str, int]
    ) -> tuple[dict[int, float], dict[int, float]]:
        """By row: the likeness of a question with what a card answers, and with what it says it does not answer."""
        try:
            found = own.likeness(built_in().query(text))
        except NotAvailable as exc:
            log.warning("questions are not compared: %s", exc.message)
            return {}, {}
        one, other = ({rows[i]: likeness for i, likeness in side.items() if i in rows} for side in found)
        return one, other

    def _prepare(self, rows: Sequence[int]) -> dict[int, Prepared]:
        """Prepared passages by row, from the cache where they are there."""
        missing = [r for r in rows if r not in self._prepared]
        if missing:
            for row, passage in self.index.ledger.passages(missing).items():
                self._prepared[row] = prepare(passage)
            while len(self._prepared) > PREPARED:
                self._prepared.popitem(last=False)
        return {r: self._prepared[r] for r in rows if r in self._prepared}


def _of(by_row: Mapping[int, float], row: int) -> float:
    """What a list gives a row; of the dense one, also where it does not hold it."""
    return by_row[row] if row in by_row or isinstance(by_row, defaultdict) else 0.0


def _apart(hits: Sequence[Hit]) -> list[Hit]:
    """The hits, each with how far its score is above the best other one: the `margin` among its parts."""
    if not hits:
        return []
    first, second = hits[0].score, hits[1].score if len(hits) > 1 else 0.0
    best = [second, *(first for _ in hits[1:])]
    return [replace(h, parts={**h.parts, "margin": h.score - other}) for h, other in zip(hits, best, strict=True)]


def _scored(asked: Asked, prepared: Prepared, given: Mapping[str, float]) -> Hit:
    """A passage with its score. given: the parts that come from the lists it was found in."""
    query, passage = asked.query, prepared.passage
    whole, coverage = query.coverages(prepared.whole)
    best, window = 0.0, ""
    for body, squeezed in prepared.windows:
        covered = coverage(squeezed)
        if covered > best:
            best, window = covered, body
    parts = {
        **given,
        "window": best,
        "passage": whole,
        "title": coverage(prepared.head),
        "place": _place_fits(asked, prepared),
        "published": float(passage.certainty != PRACTICE),
        "source": 0.0 if not asked.named else 1.0 if passage.source_id in asked.named else -1.0,
    }
    return Hit(passage, asked.weights.score(parts), parts, window or passage.text[:120], query)


def _by_their_own_words(hits: Sequence[Hit]) -> list[Hit]:
    """The hits with those of one ingested document in the order of what they hold beyond the document's title.

    Every passage bears that title, and the shortest would come first only for being hardly more than it.
    """
    places: dict[str, list[int]] = defaultdict(list)
    for at, hit in enumerate(hits):
        if hit.passage.origin == "document":
            places[hit.passage.passage_id.rpartition("#")[0]].append(at)
    out = list(hits)
    for own in places.values():
        least = min(hits[at].parts["title"] for at in own)
        best = sorted(own, key=lambda at: -(hits[at].score + OWN * (hits[at].parts["window"] - least)))
        for at, taken in zip(own, best, strict=True):
            out[at] = replace(hits[taken], score=hits[at].score)
    return out


def _rows_by_name(hits: Sequence[Hit], question: str) -> list[Hit]:
    """The hits with the rows of each document's tables in the order in which the question names them.

    A name that differs by one character (白沙戊模具, 白沙乙模具) scores almost the same, and is another's.
    """
    asked, out = bare(question), list(hits)
    rows: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for at, hit in enumerate(hits):
        if hit.passage.origin == "document" and (name := row_name(hit.passage.text)):
            rows[hit.passage.passage_id.rpartition("#")[0]].append((at, named(asked, name)))
    for found in rows.values():
        best = sorted(found, key=lambda row: -row[1])
        for (at, _), (taken, _) in zip(found, best, strict=True):
            out[at] = replace(hits[taken], score=hits[at].score)
    return out


def _place_fits(asked: Asked, prepared: Prepared) -> float:
    """1 where the heading names one of the places asked about, -1 where the passage is another place's own; else 0."""
    names = (*(place.region.spoken for place in asked.places), *asked.abroad)
    if not names:
        return 0.0
    if any(name in prepared.head for name in names):
        return 1.0
    region = prepared.passage.region
    if not region or any(name in prepared.whole for name in names):
        return 0.0
    return 0.0 if any(o.within(p) or p.within(o) for o in _of_region(region) for p in asked.places) else -1.0


@lru_cache(maxsize=1024)
def _of_region(region: str) -> tuple[Place, ...]:
    """The places of a passage's region: 浙江、宁波."""
    return of_regions(region.split("、"))


def windows(text: str, size: int = WINDOW, step: int = STEP) -> list[str]:
    """Overlapping stretches of about `size` characters; the whole text where it is not much longer."""
    if len(text) <= size * 3 // 2:
        return [text]
    return [text[at : at + size] for at in range(0, max(len(text) - step, 1), step)]


def prepare(passage: Passage) -> Prepared:
    """Squeeze a passage's texts once."""
    head = bare(passage.title)
    bodies = windows(" ".join(passage.text.split()))
    return Prepared(
        passage,
        head,
        tuple((b, head + "\n" + bare(b)) for b in bodies),
        bare("\n".join((passage.title, *passage.section, passage.text, *passage.questions))),
    )
