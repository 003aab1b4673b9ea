"""The clauses of a document with what they are about, and which of them a question means."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from assistant.document.references import named_in, names_of
from assistant.notices import without_title
from core.cut import sentences, unmarked
from core.text import bare
from core.types import Passage
from corpus.ledger import Ledger
from corpus.row_names import SEPARATOR, row_name, told

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

ABOUT = "文件信息"
MOST = 400
"""Of a document with more clauses only those that share words with the question are compared by meaning."""
LONGEST_OPENER = 40
LONGEST_HEAD = 16
"""A numbered first sentence that is no longer is the heading of its paragraph: 四、报名方式。"""
WORDS = 0.3
"""The weight of shared words beside the likeness of meaning."""
FOUND = 0.5
"""A clause that is less near than this does not say what is asked: what the encoder learnt as its bound is put there."""
FITTING = 0.15
"""What a clause under a heading of the kind asked for is ahead."""
_SHORT_FOR = {
    "经开区": "经济开发区",
    "高新区": "高新技术产业开发区",
    "市监局": "市场监督管理局",
    "人社局": "人力资源和社会保障局",
}
_ARTICLE = re.compile(r"第[一二三四五六七八九十百\d]{1,4}条\s*[（(【]([^）)】]{2,16})[）)】]")
"""An article with its name: 第七条（时间节点）."""
_NOTE = re.compile(r"注\d*[:：]")


@dataclass(frozen=True)
class Clause:
    """A sentence, an item of a list or a row of a table. under: the headings and the line that opens its list; means: what the
    things are called that it names by number.
    """

    text: str
    under: str
    passage: Passage
    means: str = ""

    @property
    def whole(self) -> str:
        """The clause as it is compared: under its heading."""
        return f"{self.under} {self.text} {self.means}".strip()


@dataclass(frozen=True)
class Ranked:
    """A clause and how near it is to a question, about 0 to 1.3."""

    clause: Clause
    score: float


def clauses(passages: Sequence[Passage]) -> list[Clause]:
    """The clauses of a document in their order, each once."""
    found: dict[tuple[str, str], Clause] = {}
    names = names_of(passages)
    for passage in passages:
        if passage.section == (ABOUT,):
            continue
        for under, text in _lines(passage):
            found.setdefault((under, text), Clause(text, under, passage, named_in(text, names)))
    return list(found.values())


def is_item(heading: str) -> bool:
    """Whether what a reader took for a heading is the first item of a list: it ends as such items do."""
    return heading.rstrip().endswith(("；", ";"))


def _lines(passage: Passage) -> list[tuple[str, str]]:
    """(under, text) of each clause of a passage."""
    headings = [name for name in passage.section if name and not is_item(name)]
    near = " ".join(headings[-2:])
    items = [(near, name) for name in passage.section if is_item(name)]
    if SEPARATOR in passage.text:
        is_row = bool(row_name(passage.text))
        rows = [line for line in told(passage.text).split("\n") if line.strip()] if is_row else []
        return [*items, *((near, line) for line in rows if line not in headings)]
    out = items
    opener = ""
    for raw in passage.text.split("\n"):
        line = raw.strip()
        if not line or line in headings:
            continue
        if line.endswith(("：", ":")) and len(line) <= LONGEST_OPENER:
            opener = unmarked(line)
            continue
        under = f"{near} {opener}".strip() if unmarked(line) != line else near
        if _NOTE.match(line) and out:
            out[-1] = (out[-1][0], f"{out[-1][1]}（{line.rstrip('。')}）")
            continue
        article = _ARTICLE.match(line)
        told_here = [sentence.strip() for sentence in sentences(line) if sentence.strip()]
        if len(told_here) > 1 and len(told_here[0]) <= LONGEST_HEAD and unmarked(told_here[0]) != told_here[0]:
            under = f"{near} {unmarked(told_here.pop(0)).rstrip('。：:')}".strip()
        out += [(f"{under} {article[1]}".strip() if article and at else under, one) for at, one in enumerate(told_here)]
    return out


@dataclass(frozen=True)
class Asked:
    """A question as the clauses of a document are held against it.

    state: what changes with the document, to know it again; fitting: headings of the kind asked for.
    """

    text: str
    ledger: Ledger
    document_id: str
    title: str
    state: str
    encoder: Encoder | None
    fitting: re.Pattern[str] | None = None


def ranked(asked: Asked) -> list[Ranked]:
    """All clauses by how near they are to a question: by meaning and shared words; by words alone where there is no encoder."""
    found, _, _ = _read(asked.ledger, asked.document_id, asked.state)
    return ranked_of(asked, [one for one in found if bare(one.text) != bare(asked.title)])


def ranked_of(asked: Asked, found: Sequence[Clause]) -> list[Ranked]:
    """The same for some clauses of the document, or stretches of them."""
    if not found:
        return []
    every, grams, shares = _read(asked.ledger, asked.document_id, asked.state)
    encoder, fitting = asked.encoder, asked.fitting
    question = without_title(asked.text, asked.title) + "".join(
        whole for short, whole in _SHORT_FOR.items() if short in asked.text
    )
    by_words = _shared(question, [grams.get(one.whole) or _grams(one.whole) for one in found], shares, len(every))
    near = sorted(range(len(found)), key=lambda at: -by_words[at])[:MOST]
    likeness = _likeness(question, [found[at].whole for at in near], encoder)
    reading = encoder.reading if encoder else None
    words, behind = (reading.words, FOUND - reading.none) if reading else (WORDS, 0.0)
    scores = [like + words * by_words[at] + behind for like, at in zip(likeness, near, strict=True)]
    return sorted(
        (
            Ranked(found[at], score + FITTING * bool(fitting and fitting.search(found[at].under)))
            for score, at in zip(scores, near, strict=True)
        ),
        key=lambda one: -one.score,
    )


def shared_words(question: str, found: Sequence[Clause]) -> list[float]:
    """What each clause of a document shares of a question's words, rare ones counting more: 0 to 1."""
    grams = [_grams(one.whole) for one in found]
    return _shared(question, grams, Counter(gram for own in grams for gram in own), len(found))


def _shared(question: str, grams: Sequence[set[str]], shares: Mapping[str, int], count: int) -> list[float]:
    """shares: in how many of a document's count clauses each pair of characters stands."""
    asked = _grams(question)
    weights = {gram: log(1 + count / shares[gram]) for gram in asked if shares.get(gram)}
    whole = sum(weights.values()) or 1.0
    return [sum(weights.get(gram, 0.0) for gram in asked & own) / whole for own in grams]


def _likeness(question: str, texts: Sequence[str], encoder: Encoder | None) -> list[float]:
    if encoder is None:
        return [0.0] * len(texts)
    import numpy as np

    asked = encoder.asked_of(question)
    kept = _vectors(encoder, tuple(texts))
    return [float(x) for x in kept @ (asked / (np.linalg.norm(asked) or 1.0))]


@lru_cache(maxsize=8)
def _vectors(encoder: Encoder, texts: tuple[str, ...]) -> np.ndarray:
    """Unit vectors of texts, shape (texts, dimensions)."""
    import numpy as np

    made = encoder.clauses(texts)
    return made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9)


@lru_cache(maxsize=16)
def _read(ledger: Ledger, document_id: str, state: str) -> tuple[list[Clause], dict[str, set[str]], Counter[str]]:
    """The clauses of a document in a state of it, the pairs of characters of each, and how many have each pair."""
    found = clauses(ledger.passages_of(document_id))
    grams = {one.whole: _grams(one.whole) for one in found}
    return found, grams, Counter(gram for one in found for gram in grams[one.whole])


def _grams(text: str) -> set[str]:
    told_text = bare(re.sub(r"[^\w]", "", text))
    return {told_text[at : at + 2] for at in range(len(told_text) - 1)}
