"""What the chance that a passage answers a question is computed from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant import values
from assistant.question import Question
from assistant.understand.kinds import shares
from core.text import bare
from core.types import Hit
from corpus.query import Concept, Query
from corpus.words import lexicon

ESSENTIAL = 3.0
"""From which weight a noun is one without which a passage is about something else."""
MOST_UNKNOWN = 2
MESSAGE = "message"
"""The layer of the heads that reads what a message is."""
OUTSIDE, UNKNOWABLE = ("out", "dishonest"), "unknowable"
"""Labels of messages that no knowledge answers."""
SAID = "said"
"""The feature of a message that is looked up with those before it."""
_COMPANY = ("公司", "集团", "科技", "电器", "股份", "银行", "大学", "协会")


@dataclass(frozen=True)
class Asked:
    """A question with what is read from it once for all passages. means: the probability of each label of messages."""

    question: Question
    query: Query
    wanted: values.Wanted
    means: Mapping[str, float]

    @classmethod
    def of(cls, question: Question, query: Query) -> Asked:
        return cls(question, query, values.wanted(question.text, query), shares(MESSAGE, question.text))

    def holds(self, hit: Hit) -> bool:
        """Whether a passage holds a value of the kind asked for beside words of the question."""
        return values.held(self.wanted, self.query, hit) > 0


def features(asked: Asked, hits: Sequence[Hit], at: int, year: bool) -> dict[str, float]:
    """By name, mostly 0-1, of one of the hits, which are best first. year: whether it lacks a year that is asked for."""
    hit, query, others = hits[at], asked.query, [h for h in hits if h is not hits[at]]
    parts, squeezed = hit.parts, bare(whole(hit))
    held = values.held(asked.wanted, query, hit)
    found = {
        "one": 1.0,
        "score": hit.score,
        "ahead": hit.score - max((h.score for h in others), default=0.0),
        "passage": parts.get("passage", 0.0),
        "lost": 1 - query.coverage(squeezed),
        "concepts": min(len(query.concepts), 10) / 10,
        "named": float(bool(query.sources)),
        SAID: float(bool(query.said)),
        "unknown": min(MOST_UNKNOWN, sum(_unknown(c) for c in query.concepts)) / MOST_UNKNOWN,
        "keyword": float(asked.question.form == "keyword"),
        "english": float(asked.question.english),
        "year": float(year),
        "name": float(missing_name(query, squeezed) is not None),
        "value": asked.wanted.chance * (held == 0),
        "held": asked.wanted.chance * held if asked.wanted.given else 0.0,
        "text": 0.0 if asked.wanted.given else asked.wanted.chance,
        "outside": sum(asked.means.get(label, 0.0) for label in OUTSIDE),
        "unknowable": asked.means.get(UNKNOWABLE, 0.0),
    }
    if "dense" in parts:
        found |= {"dense": parts["dense"], "nearer": parts["dense"] - _best(others, "dense")}
    if parts.get("asked"):
        like, other = parts["asked"], parts.get("near_miss", 0.0)
        found |= {
            "asked": like,
            "near_miss": other,
            "rather": like - other,
            "likeliest": like - _best(others, "asked"),
            "both": min(like, parts.get("dense", 0.0)),
        }
    return found


def _best(hits: Sequence[Hit], part: str) -> float:
    return max((h.parts.get(part, 0.0) for h in hits), default=0.0)


def whole(hit: Hit) -> str:
    """All that a passage is found by."""
    p = hit.passage
    return "\n".join((p.title, *p.section, p.text, *p.questions))


def essential(concept: Concept) -> bool:
    """Whether a word is one without which a passage is about something else."""
    return concept.weight >= ESSENTIAL and concept.pos[0] in "njeb"


def missing_name(query: Query, squeezed: str) -> str | None:
    """A place, company or other name that does not stand in a squeezed text."""
    names = lexicon().names
    for concept in query.concepts:
        if concept.word not in names and not _is_name(concept):
            continue
        evidence = squeezed
        for other in (n for n in names if concept.word in n and n != concept.word):
            evidence = evidence.replace(other, "")
        if not any(variant in evidence for variant, factor in concept.variants if factor >= 0.7):
            return concept.word
    return None


def _is_name(concept: Concept) -> bool:
    """A place or a company that no list holds: 某某县, 某某电器."""
    return (concept.pos == "ns" and concept.word[-1] in "省市县区州国") or (
        concept.seen == 0 and (concept.pos == "nt" or concept.word.endswith(_COMPANY)) and len(concept.word) > 2
    )


def _unknown(concept: Concept) -> bool:
    """A noun that stands nowhere in the knowledge, under no other name either."""
    return concept.seen == 0 and (concept.pos[0] == "n" or concept.pos == "eng") and len(concept.word) > 1
