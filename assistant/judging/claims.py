"""What a question takes for granted that the evidence contradicts."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.question import Question
from core.figures import Figure, figures
from core.text import bare
from core.types import Hit
from corpus.query import Concept, Query

_ABSOLUTE = re.compile(
    r"全包|全额|全部由|所有.{0,8}都(要|得|必须)|一律|强制|必须都|不能超过|禁止|取消|完全免费|一分钱不用|包办|硬性"
)
_PREMISE = re.compile(r"既然|不是说|说是|要求|规定|说.{2,30}(，|,)|为什么|为啥|为何|吧[？?]?$|是不是|对吧|怎么还")
_CLAIMED = frozenset({"%", "‰", "个百分点", "个", "家", "批", "倍", "项", "类", "步", "条", "章"})
"""Units of figures that a question may claim of the documents; of years, levels, people and money it tells its own."""


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
