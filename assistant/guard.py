"""Whether the evidence covers what was asked: answer, correct a premise, or say that nothing was found."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from assistant import years
from assistant.question import Question
from assistant.values import value_held
from assistant.years import Asked
from core.clock import today
from core.figures import Figure, figures
from core.text import bare
from core.types import Hit, Source
from corpus import row_names
from corpus.query import Concept, Query
from corpus.words import lexicon

ANSWER = 0.5
CORRECT = 0.3
OWN = 0.95
"""The confidence that a card answers a question that stands among its own."""
FOUND = 0.45
MODEL = {
    "one": -10.25, "score": 2.71, "passage": 3.21, "dense": 3.51, "lost": 0.00, "concepts": 5.82, "named": 3.39, "unknown": -0.78, "focus": 0.55,
    "keyword": 0.76, "english": 1.35, "year": -3.35, "name": -2.39, "value": -1.85, "held": 3.60, "claims": 0.46,
}  # fmt: skip

_COMPANY = ("公司", "集团", "科技", "电器", "股份", "银行", "大学", "协会")
_ABSOLUTE = re.compile(
    r"全包|全额|全部由|所有.{0,8}都(要|得|必须)|一律|强制|必须都|不能超过|禁止|取消|完全免费|一分钱不用|包办|硬性"
)
_PREMISE = re.compile(r"既然|不是说|说是|要求|规定|说.{2,30}(，|,)|为什么|为啥|为何|吧[？?]?$|是不是|对吧|怎么还")
_CLAIMED = frozenset({"%", "‰", "个百分点", "个", "家", "批", "倍", "项", "类", "步", "条", "章"})
"""Units of figures that a question may claim of the documents; of years, levels, people and money it tells its own."""
_ASKED_NUMBER = re.compile(r"[几多少]")


@dataclass(frozen=True)
class Verdict:
    """What may be said. missing: words of the question that no evidence holds; absent: years of several that it lacks."""

    kind: Literal["answer", "refuse", "correct"]
    confidence: float
    missing: tuple[str, ...] = ()
    reason: str = ""
    claims: tuple[str, ...] = field(default=())
    absent: tuple[str, ...] = ()


def judge(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    sources: Mapping[str, Source] | None = None,
    day: date | None = None,
) -> Verdict:
    """Decide from the best passages; hits are best first. sources: the documents, some of which are named by a year; day: of asking."""
    if not hits or not query.concepts:
        return Verdict("refuse", 0.0, tuple(c.word for c in query.concepts), "nothing")
    if any(bare(own) == bare(question.text) for own in hits[0].passage.questions):
        return Verdict("answer", OWN)
    found = signs(question, query, hits, sources, day)
    claims, year, name, value = found.claims, found.year, found.name, found.value
    confidence = score(question, query, hits, found)
    if other := other_firm(question.text, hits[0]):
        return Verdict("refuse", confidence, (other,), "firm")
    if year and found.years.all_missing:
        return Verdict("refuse", confidence, (year,), "year")
    if claims and confidence >= CORRECT:
        return Verdict("correct", confidence, claims=claims)
    if confidence >= ANSWER:
        return Verdict("answer", confidence, absent=found.years.missing)
    for reason, what in (("year", year), ("name", name), ("slot", value)):
        if what:
            return Verdict("refuse", confidence, (what,), reason)
    evidence = [bare(_whole(h)) for h in hits[:3]]
    missing = [c for c in query.concepts if _essential(c) and max(c.found_in(e) for e in evidence) < FOUND]
    return Verdict("refuse", confidence, tuple(c.word for c in missing), "cover")


def other_firm(question: str, hit: Hit) -> str | None:
    """The firm that a question names where a passage is of a table of others; else None."""
    p = hit.passage
    return row_names.other_firm(question, p.text) if p.origin == "document" else None


def without_other_firms(hits: Sequence[Hit], question: str) -> list[Hit]:
    """Without the rows of other firms, where a passage holds the firm that the question names."""
    others = [other_firm(question, hit) for hit in hits]
    asked = {bare(other) for other in others if other}
    if not any(name in bare(_whole(hit)) for name in asked for hit in hits):
        return list(hits)
    return [hit for hit, other in zip(hits, others, strict=True) if not other]


@dataclass(frozen=True)
class Signs:
    """What speaks against an answer: a year, a name or a kind of value that the evidence lacks; a wrong premise.

    held: how much of the question stands around the best value of the kind asked for, 0-1; 1 where none is asked for.
    """

    year: str | None
    name: str | None
    value: str | None
    claims: tuple[str, ...]
    held: float
    years: Asked


def signs(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    sources: Mapping[str, Source] | None = None,
    day: date | None = None,
) -> Signs:
    """What speaks against an answer from these passages."""
    asked = years.check(question, query, hits, sources or {}, day or today())
    value, held = value_held(question.text, query, hits)
    return Signs(
        "、".join(asked.missing) if asked.missing and years.decide(question, asked.lacking) else None,
        _missing_name(query, hits),
        value if held == 0 else None,
        tuple(false_claims(question, query, hits)),
        held,
        asked,
    )


def features(question: Question, query: Query, hits: Sequence[Hit], signs: Signs) -> dict[str, float]:
    """What the confidence is computed from."""
    parts = hits[0].parts
    evidence = [bare(_whole(h)) for h in hits[:3]]
    lost = sum(c.weight * (1 - max(c.found_in(e) for e in evidence)) for c in query.concepts) / query.weight
    return {
        "one": 1.0,
        "score": hits[0].score,
        "passage": parts["passage"],
        "dense": parts["dense"],
        "lost": lost,
        "concepts": min(len(query.concepts), 10) / 10,
        "named": float(bool(query.sources)),
        "unknown": min(2.0, float(sum(_unknown(c) for c in query.concepts))),
        "focus": _focus(question.text, query, evidence[:2]),
        "keyword": float(question.form == "keyword"),
        "english": float(question.english),
        "year": float(bool(signs.year)),
        "name": float(bool(signs.name)),
        "value": float(bool(signs.value)),
        "held": signs.held,
        "claims": float(bool(signs.claims)),
    }


_ASKS = re.compile(r"多[少大高长久重远快]|几|啥|什么|哪|谁|怎么|怎样|咋|如何|吗|么|呢")


def _focus(text: str, query: Query, evidence: Sequence[str]) -> float:
    """How well the evidence holds the words next to the question word: what is asked of the thing, 0-1."""
    shares = []
    for asked in _ASKS.finditer(text):
        around = bare(text[max(0, asked.start() - 8) : asked.end() + 6])
        near = [c for c in query.concepts if c.word in around and c.pos[0] in "njebv"]
        if total := sum(c.weight for c in near):
            shares.append(max(sum(c.weight * c.found_in(e) for c in near) / total for e in evidence))
    return min(shares, default=1.0)


def score(question: Question, query: Query, hits: Sequence[Hit], signs: Signs) -> float:
    """Confidence 0-1 that the evidence answers: a logistic model fitted on answerable and unanswerable questions."""
    value = sum(MODEL[name] * x for name, x in features(question, query, hits, signs).items())
    return 1 / (1 + math.exp(-value))


def _is_name(concept: Concept) -> bool:
    """A place or a company that no list holds: 某某县, 某某电器."""
    return (concept.pos == "ns" and concept.word[-1] in "省市县区州国") or (
        concept.seen == 0 and (concept.pos == "nt" or concept.word.endswith(_COMPANY)) and len(concept.word) > 2
    )


def _missing_name(query: Query, hits: Sequence[Hit]) -> str | None:
    """A place, company or other name that stands in neither of the two best passages."""
    names = lexicon().names
    evidence = [bare(_whole(h)) for h in hits[:2]]
    for concept in query.concepts:
        if concept.word not in names and not _is_name(concept):
            continue
        longer = [n for n in names if concept.word in n and n != concept.word]
        for other in longer:
            evidence = [e.replace(other, "") for e in evidence]
        if not any(v in e for v, factor in concept.variants if factor >= 0.7 for e in evidence):
            return concept.word
    return None


def false_claims(question: Question, query: Query, hits: Sequence[Hit]) -> list[str]:
    """Statements in the question that the evidence contradicts: another number for the same thing, or an absolute word."""
    found = []
    premise = bool(_PREMISE.search(question.text))
    for figure in figures(question.text) if premise else ():
        if figure.keys[-1][1] not in _CLAIMED:
            continue
        clause = bare(_clause_around(question.text, figure.start))
        subject = [
            c
            for c in query.concepts
            if c.word in clause and c.weight > 0 and not c.word[0].isdigit() and c.pos[0] not in "mt"
        ]
        if subject and _contradicted(figure, subject, hits[:3]):
            found.append(figure.text)
    absolute = _ABSOLUTE.search(question.text) if premise else None
    if absolute and not any(bare(absolute[0]) in bare(h.passage.text) for h in hits[:2]):
        found.append(absolute[0])
    return found


def _contradicted(claim: Figure, subject: Sequence[Concept], hits: Sequence[Hit]) -> bool:
    """True where a clause about the subject gives another figure of this unit, and none gives this one."""
    slack = 5 if "成" in claim.text else 0
    other = False
    total = sum(c.weight for c in subject)
    for hit in hits:
        for clause in re.split(r"[，。；;\n]", f"{hit.passage.title}。{hit.passage.text}"):
            values = _values(figures(clause), claim.keys[-1][1])
            if not values:
                continue
            about = sum(c.weight for c in subject if c.found_in(bare(clause)) >= 0.45) / total
            if about < 0.5:
                continue
            if all(any(abs(v - said) <= slack for v in values) for said in _values((claim,), claim.keys[-1][1])):
                return False
            other = True
    return other


def _values(found: Sequence[Figure], unit: str) -> list[float]:
    """The values of the figures of one unit; those that are only roughly told (两三家) have none."""
    keys = [key for figure in found for key in figure.keys if key[1] == unit]
    return [float(value) for value, _ in keys if re.fullmatch(r"-?\d+(?:\.\d+)?", value)]


def _clause_around(text: str, at: int) -> str:
    start = max((text.rfind(c, 0, at) for c in "，,。；;？?"), default=-1) + 1
    ends = [e for e in (text.find(c, at) for c in "，,。；;？?") if e >= 0]
    return text[start : min(ends, default=len(text))]


def _unknown(concept: Concept) -> bool:
    """A noun that stands nowhere in the knowledge, under no other name either."""
    return concept.seen == 0 and (concept.pos[0] == "n" or concept.pos == "eng") and len(concept.word) > 1


def _essential(concept: Concept) -> bool:
    return concept.weight >= 3.0 and concept.pos[0] in "njeb"


def _whole(hit: Hit) -> str:
    p = hit.passage
    return "\n".join((p.title, *p.section, p.text, *p.questions))
