"""Hybrid retrieval: lexical and dense lists fused by reciprocal rank, then scored by what of the question they hold.

A passage is scored by its best short window and returned whole. Reciprocal rank fusion: Cormack et al. (2009).
"""

from __future__ import annotations

import re
import sys
import threading
from collections import Counter, OrderedDict, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Any, TypeVar

from core.text import bare
from core.types import PUBLIC_SPACE, Hit, Passage
from corpus.embedder import BUILT_IN
from corpus.index import Index
from corpus.ledger import Filters
from corpus.places import Place, of_regions, places
from corpus.query import Query, analyse
from corpus.rerank import Reranking
from corpus.row_names import named, row_name
from corpus.standing import standing_on

T = TypeVar("T")
RRF_K = 10
WINDOW = 120
STEP = 60
CANDIDATES = 60
LEXICAL_LIST = 200
DENSE_LIST = 100
PREPARED = 4_000
LATELY = 8
"""How many questions and searches a thread remembers."""
REPLACED = 0.4
"""How far a rule out of force stands back where the question does not say of when it asks."""
OWN = 0.5
"""How much of an ingested passage's score is what it holds beyond its document's title."""


@dataclass(frozen=True)
class Weights:
    """How much each part counts in a passage's score.

    Fitted (softmax regression over the candidates) on one question held out of each card, then on the open question set and
    our own, held near the first fit.
    """

    wide: float = 2.3
    near: float = 2.7
    dense: float = 2.2
    window: float = 6.9
    passage: float = 0.8
    title: float = 2.5
    heading: float = 3.8
    question: float = 0.3
    likeness: float = 1.5
    number: float = 0.5
    source: float = 2.0
    kind: float = 0.6
    current: float = 2.0
    place: float = 3.0
    level: float = 2.0


TOTAL = sum(f.default for f in fields(Weights) if isinstance(f.default, float) and f.name != "level")
"""The weights of what speaks for a passage; level only speaks against one."""


@dataclass(frozen=True)
class Prepared:
    """A passage made ready for scoring: squeezed texts and character pairs."""

    passage: Passage
    head: str
    head_pairs: frozenset[str]
    windows: tuple[tuple[str, str], ...]
    questions: tuple[tuple[str, frozenset[str]], ...]
    whole: str


@dataclass(frozen=True)
class Asked:
    """What every passage is scored against: the question, its character pairs, the places and documents it names.

    abroad: countries and other places that the regions table does not hold.
    """

    query: Query
    pairs: frozenset[str]
    places: tuple[Place, ...]
    abroad: tuple[str, ...]
    named: frozenset[str]
    weights: tuple[tuple[str, float], ...]
    day: date | None = None

    @classmethod
    def of(cls, query: Query, weights: Weights, day: date | None = None) -> Asked:
        home = places(query.text)
        abroad = tuple(
            c.word
            for c in query.concepts
            if len(c.word) > 1 and c.pos == "ns" and not any(c.word in p.text for p in home)
        )
        counted = tuple((f.name, getattr(weights, f.name)) for f in fields(Weights))
        return cls(query, _pairs(bare(_plainly(query.text))), home, abroad, frozenset(query.sources), counted, day)


class Retriever:
    """Searches one index."""

    def __init__(self, index: Index, weights: Weights | None = None, reranking: Reranking | None = None) -> None:
        self.index = index
        self.weights = weights or Weights()
        self.reranking = reranking
        self._prepared: OrderedDict[int, Prepared] = OrderedDict()
        self._aliases: list[tuple[str, re.Pattern[str]]] = []
        self._generation = -1
        self._thread = threading.local()

    def analyse(self, text: str, spaces: tuple[str, ...] = (PUBLIC_SPACE,)) -> Query:
        """The question's concepts, weighted by how often words stand in the spaces it is asked of."""
        self._refresh()
        return self._lately("queries", (text, spaces, self._generation), lambda: self._analysed(text, spaces))

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
        asked, given = Asked.of(query, self._weights(), filters.day), ranks | scores
        hits = []
        for row, prepared in self._prepare(rows).items():
            hits.append(_scored(asked, prepared, {name: by_row.get(row, 0.0) for name, by_row in given.items()}))
        hits = _by_their_own_words(sorted(hits, key=lambda h: -h.score))
        return _rows_by_name(self.reranking.reordered(text, hits) if self.reranking else hits, text)

    def open_models(self) -> None:
        """Load what searching needs, so that the first question does not wait for it."""
        if vectors := self.index.vectors:
            vectors.search("数字化", 1, (PUBLIC_SPACE,))
        if self.reranking:
            self.reranking.open()

    def _weights(self) -> Weights:
        """The weights, those of the vectors times the setting where a sentence model makes them."""
        factor = self.index.settings.dense_weight
        vectors = self.index.vectors
        if factor == 1 or vectors is None or vectors.embedder.startswith(BUILT_IN):
            return self.weights
        return replace(self.weights, near=self.weights.near * factor, dense=self.weights.dense * factor)

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

    def _lists(self, query: Query, filters: Filters) -> tuple[dict[str, list[int]], dict[str, dict[int, float]]]:
        """Ranked passage rows of each retriever; and by row the cosine similarity."""
        ledger = self.index.ledger
        wide = ledger.match(query.expanded, LEXICAL_LIST, filters)
        near: list[tuple[int, float]] = []
        if vectors := self.index.vectors:
            found = vectors.search(query.text, DENSE_LIST, filters.spaces)
            allowed = ledger.allowed((row for row, _ in found), filters)
            near = [f for f in found if f[0] in allowed]
        return {"wide": [row for row, _ in wide], "near": [row for row, _ in near]}, {"dense": dict(near)}

    def _prepare(self, rows: Sequence[int]) -> dict[int, Prepared]:
        """Prepared passages by row, from the cache where they are there."""
        missing = [r for r in rows if r not in self._prepared]
        if missing:
            for row, passage in self.index.ledger.passages(missing).items():
                self._prepared[row] = prepare(passage)
            while len(self._prepared) > PREPARED:
                self._prepared.popitem(last=False)
        return {r: self._prepared[r] for r in rows if r in self._prepared}


def _scored(asked: Asked, prepared: Prepared, given: Mapping[str, float]) -> Hit:
    """A passage with its score. given: the parts that come from the lists it was found in."""
    query, passage = asked.query, prepared.passage
    whole, coverage = query.coverages(prepared.whole)
    best, window = 0.0, ""
    for body, squeezed in prepared.windows:
        covered = coverage(squeezed)
        if covered > best:
            best, window = covered, body
    place = _place_fits(asked, prepared)
    parts = {
        **given,
        "window": best,
        "passage": whole,
        "title": coverage(prepared.head),
        "question": max([coverage(q) for q, _ in prepared.questions], default=0.0),
        "likeness": max([_dice(asked.pairs, p) for _, p in prepared.questions], default=0.0) ** 4,
        "heading": _dice(asked.pairs, prepared.head_pairs),
        "number": sum([n in prepared.whole for n in query.numbers]) / len(query.numbers) if query.numbers else 0.0,
        "kind": _kind_fits(query.text, passage.kind),
        "place": place,
        "current": current_fits(query.text, passage, asked.day) if place <= 0 else 0.0,
        "level": level_fits(query.text, passage.title),
        "source": 0.0 if not asked.named else 1.0 if passage.source_id in asked.named else -1.0,
    }
    score = sum([weight * parts[name] for name, weight in asked.weights]) / TOTAL
    return Hit(passage, score, parts, window or passage.text[:120], query)


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


_EXPECTS = (
    (
        re.compile(
            r"案例|例子|谁.{0,6}(做|用|搞|试)过|有没有.{0,12}(企业|厂|公司|做过|用过|搞过)|哪些(企业|厂)|\bcases?\b|example",
            re.I,
        ),
        "case",
    ),
    (
        re.compile(
            r"占(了|到)?多少|几成|百分之几|比例|占比|比重|多少(家|个)?(企业|小厂|厂子)|what (share|percentage)", re.I
        ),
        "statistic",
    ),
    (re.compile(r"是什么意思|啥意思|什么是|什么叫|啥叫|是啥|含义|定义|全称|what is|meaning", re.I), "term"),
)
_ABROAD = re.compile(
    r"国外|海外|外国|国际|全球|世界|欧|美国|日本|德国|法国|英国|韩国|巴西|西班牙|新加坡|马来|意大利|以色列|印|abroad|foreign|\b(eu|us|usa|uk|europe\w*|japan\w*|german\w*|brazil\w*|spain|spanish|singapore|malaysia\w*|korea\w*|france|french|america\w*)\b",
    re.I,
)
_NOW = re.compile(r"现在|目前|如今|最新|现行|今年|眼下|还(看|要|需|算|有效|能|管)")
_PAST = re.compile(r"(?<!\d)(19|20)\d\d|[老旧]|以前|原来|原先|当时|过去|替代|废止|变化|改了|新版|新办法|不同|区别")
_GOAL = re.compile(r"目标|要?达到|(?:到|至|截至)?20(?:2[6-9]|3\d)年|打算|计划|力争|争取")
_CURRENT = {"in_force": 1.0, "superseded": -1.0, "expired": -1.0}
_LEVEL = re.compile(r"([一二三四])级")
_DOUBTS = re.compile(r"靠谱|可信|矛盾|不一样|对不上|出入|错|准不准|能信|注意|局限|reliable|caveat|typo")


@dataclass(frozen=True)
class _Asks:
    """What a question asks for beyond its words. kinds: of cards; levels: of maturity, by name."""

    now: bool
    past: bool
    goal: bool
    doubts: bool
    abroad: bool
    kinds: frozenset[str]
    levels: frozenset[str]


@lru_cache(maxsize=64)
def _asks(question: str) -> _Asks:
    now, past, goal, doubts, abroad = (bool(p.search(question)) for p in (_NOW, _PAST, _GOAL, _DOUBTS, _ABROAD))
    kinds = frozenset(kind for pattern, kind in _EXPECTS if pattern.search(question))
    return _Asks(now, past, goal, doubts, abroad, kinds, frozenset(_LEVEL.findall(question)))


def current_fits(question: str, passage: Passage, day: date | None = None) -> float:
    """1 where the question asks for what holds now and the passage does, -1 for a rule out of force, or for a goal.

    A rule that was replaced stands back a little also where the question does not say when.
    """
    asks = _asks(question)
    if not asks.now:
        replaced = standing_on(passage.status, passage.valid_until, day) == "superseded"
        return -REPLACED if replaced and not asks.past else 0.0
    if passage.kind == "target" and not asks.goal:
        return -1.0
    return _CURRENT.get(standing_on(passage.status, passage.valid_until, day), 0.0)


def _kind_fits(question: str, kind: str) -> float:
    """1 where the question asks for this kind of card, -1 for a card on flaws that nobody asked about."""
    asks = _asks(question)
    if kind == "caveat":
        return 0.0 if asks.doubts else -1.0
    if kind == "international":
        return 0.0 if asks.abroad else -1.0
    return float(kind in asks.kinds)


def level_fits(question: str, title: str) -> float:
    """-1 where a heading is about other maturity levels than the one that the question names; else 0."""
    asked = _asks(question).levels
    if len(asked) != 1:
        return 0.0
    headed = set(_LEVEL.findall(title))
    return -1.0 if headed and not asked & headed and "到" not in title else 0.0


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
    questions = [bare(q) for q in passage.questions]
    return Prepared(
        passage,
        head,
        _pairs(head),
        tuple((b, head + "\n" + bare(b)) for b in bodies),
        tuple((q, _pairs(q)) for q in questions),
        bare("\n".join((passage.title, *passage.section, passage.text, *passage.questions))),
    )


_DEFINES = re.compile(
    r"^(?:(?:什么|啥)叫做?|什么是|啥是)(?P<thing>[^，,。？?]{2,12})[？?]?$|^(?P<it>[^，,。？?]{2,12}?)是(?:什么|啥)(?:意思)?[？?]?$"
)


def _plainly(text: str) -> str:
    """A question for a meaning as headings put it: 啥叫X, X是啥意思 → X是什么."""
    match = _DEFINES.match(text)
    return f"{match['thing'] or match['it']}是什么" if match else text


def _pairs(text: str) -> frozenset[str]:
    """The pairs of neighbouring characters; one that comes again bears a number, so that it counts again."""
    seen: Counter[str] = Counter()
    out = set()
    for pair in (sys.intern(text[i : i + 2]) for i in range(len(text) - 1)):  # thousands of texts share them
        seen[pair] += 1
        out.add(pair if seen[pair] == 1 else f"{pair}{seen[pair]}")
    return frozenset(out)


def _dice(a: frozenset[str], b: frozenset[str]) -> float:
    """Overlap of two bags of character pairs, 0-1."""
    return 2 * len(a & b) / max(len(a) + len(b), 1)
