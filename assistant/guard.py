"""Whether the evidence covers what was asked: answer, correct a premise, or say that nothing was found."""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from assistant.question import Question
from core.text import chinese_number, sentences, squeeze
from core.types import Hit
from corpus.query import Concept, Query

_YEAR = re.compile(r"(?<!\d)((?:19|20)\d{2})(?!\d)年?")
_AMOUNT = r"\d[\d.,]*\s*(?:多|余)?\s*(?:千|百)?(?:万|亿)?(?:亿)?\s*(?:元|美元|欧元|日元|英镑|雷亚尔|韩元|林吉特|令吉)"


@dataclass(frozen=True)
class Slot:
    """A kind of value a question asks for, and what evidence must hold to give it."""

    name: str
    asked: re.Pattern[str]
    given: re.Pattern[str]


SLOTS = (
    Slot("金额", re.compile(r"多少钱|什么价|啥价|价格|报价|怎么收费|收费标准|年费|花多少|要花多少|费用多少|费用是多少|多少元|工资|租金"), re.compile(_AMOUNT + r"|\d+(?:\.\d+)?%|上云券|算力券")),
    Slot("日期", re.compile(r"几月几号|几号|截止|哪一?天|最后期限|什么时候(截止|申报|开始报)|申报时间"), re.compile(r"\d{1,2}月(\d{1,2}日|底|初|前)|\d{4}[-年]\d{1,2}|截止|截至")),
    Slot("时长", re.compile(r"多久|几个月|多长时间|几天|跑多久|几年(能|才|可以|后)"), re.compile(r"(\d|[一二两三四五六七八九十半几])+\s*(多|余|来)?(个)?(天|日|周|月|年|小时|分钟|工作日)")),
    Slot("数量", re.compile(r"多少(家|个|户|项|种|人|台|次|城市|企业)|几(家|个|户|成|项|种|级)|百分之几|比例(是|各)?(是)?多少|占(比)?多少"), re.compile(r"\d|[一二两三四五六七八九十]+(个|家|类|种|项|成|批|级|条|大)")),
)  # fmt: skip

_ABSOLUTE = re.compile(r"全包|全额|全部由|所有.{0,8}都(要|得|必须)|一律|强制|必须都|不能超过|禁止|取消|完全免费|一分钱不用|包办|硬性")
_PREMISE = re.compile(r"既然|不是说|说是|要求|规定|说.{2,30}(，|,)|为什么|为啥|为何|吧[？?]?$|是不是|对吧|怎么还")
_CLAIM = re.compile(r"(\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)\s*(%|成|个|家|批|倍|万家|万个|亿|项|类|级|步|条|章|年)(多|以上|以内|左右)?")
_ASKED_NUMBER = re.compile(r"[几多少]")


@dataclass(frozen=True)
class Verdict:
    """What may be said. missing: words of the question that no evidence holds; asked: the slot without a value."""

    kind: Literal["answer", "refuse", "correct"]
    confidence: float
    missing: tuple[str, ...] = ()
    reason: str = ""
    claims: tuple[str, ...] = field(default=())


def judge(question: Question, query: Query, hits: Sequence[Hit]) -> Verdict:
    """Decide from the best passages; hits are best first."""
    if not hits or not query.concepts:
        return Verdict("refuse", 0.0, tuple(c.word for c in query.concepts), "nothing")
    evidence = [squeeze(_whole(h)) for h in hits[:3]]
    missing = [c for c in query.concepts if _essential(c) and max(c.found_in(e) for e in evidence) < 0.45]
    years = [y for y in _YEAR.findall(question.text) if not any(y in e for e in evidence)]
    confidence = score(query, hits, missing, bool(years))
    claims = false_claims(question, query, hits)
    if claims and confidence >= 0.3:
        return Verdict("correct", confidence, claims=tuple(claims))
    if years and re.search(rf"(到|至|在)?{years[0]}", question.text) and not _names_document(question.text, years[0]):
        return Verdict("refuse", min(confidence, 0.3), (f"{years[0]}年",), "year")
    for slot in SLOTS:
        if slot.asked.search(question.text) and not any(slot.given.search(h.passage.text) for h in hits[:3]):
            return Verdict("refuse", min(confidence, 0.35), (slot.name,), "slot")
    if confidence < 0.5:
        return Verdict("refuse", confidence, tuple(c.word for c in missing), "cover")
    return Verdict("answer", confidence)


def score(query: Query, hits: Sequence[Hit], missing: Sequence[Concept], year_missing: bool) -> float:
    """Confidence 0-1 that the evidence answers the question: a logistic model over the parts of the best hit."""
    parts = hits[0].parts
    lost = sum(c.weight for c in missing) / query.weight
    value = -3.0 + 3.2 * parts["window"] + 1.6 * parts["passage"] + 2.6 * parts["question"] + 1.2 * parts["dense"] - 3.0 * lost - 1.5 * year_missing
    return 1 / (1 + math.exp(-value))


def false_claims(question: Question, query: Query, hits: Sequence[Hit]) -> list[str]:
    """Statements in the question that the evidence contradicts: another number for the same thing, or an absolute word."""
    found = []
    premise = bool(_PREMISE.search(question.text))
    for match in _CLAIM.finditer(question.text):
        number, unit = chinese_number(match[1]), match[2]
        clause = _clause_around(question.text, match.start())
        if number is None or not premise or unit in {"年", "级"}:
            continue
        subject = [c for c in query.concepts if c.word in squeeze(clause) and c.weight > 0 and not c.word[0].isdigit() and c.pos[0] not in "mt"]
        if subject and _contradicted(number, unit, subject, hits[:3]):
            found.append(match[0])
    if premise and (absolute := _ABSOLUTE.search(question.text)):
        if not any(squeeze(absolute[0]) in squeeze(h.passage.text) for h in hits[:2]):
            found.append(absolute[0])
    return found


def _contradicted(number: float, unit: str, subject: Sequence[Concept], hits: Sequence[Hit]) -> bool:
    """True where a clause about the subject gives another number of this unit, and none gives this one."""
    percent = number * 10 if unit == "成" else number
    wanted = "%" if unit == "成" else unit
    other = False
    total = sum(c.weight for c in subject)
    for hit in hits:
        for clause in re.split(r"[，。；;\n]", hit.passage.text):
            numbers = [chinese_number(n) for n in re.findall(rf"(\d+(?:\.\d+)?|[一二两三四五六七八九十百千]+)\s*{re.escape(wanted)}", clause)]
            values = [n for n in numbers if n is not None]
            if not values:
                continue
            about = sum(c.weight for c in subject if c.found_in(squeeze(clause)) >= 0.45) / total
            if about < 0.5:
                continue
            if any(abs(v - percent) <= (5 if unit == "成" else 0) for v in values):
                return False
            other = True
    return other


def _clause_around(text: str, at: int) -> str:
    start = max((text.rfind(c, 0, at) for c in "，,。；;？?"), default=-1) + 1
    ends = [e for e in (text.find(c, at) for c in "，,。；;？?") if e >= 0]
    return text[start : min(ends, default=len(text))]


def _names_document(text: str, year: str) -> bool:
    """A year that only names a document (2022年那本指南) is not what is asked for."""
    return bool(re.search(rf"{year}\s*年?\s*(那本|那份|的|版|起|—|-|这份|发布)", text))


def _essential(concept: Concept) -> bool:
    return concept.weight >= 3.0 and concept.pos[0] in "njeb"


def _whole(hit: Hit) -> str:
    p = hit.passage
    return "\n".join((p.title, *p.section, p.text, *p.questions))


def nearest_sentences(query: Query, hits: Sequence[Hit], count: int = 2) -> list[tuple[Hit, str]]:
    """The sentences nearest to a question that has no answer, at most one a passage."""
    rows = []
    for hit in hits[:6]:
        best = max(sentences(hit.passage.text), key=lambda s: query.coverage(squeeze(s)), default="")
        rows.append((query.coverage(squeeze(best)), hit, best))
    rows.sort(key=lambda r: -r[0])
    return [(hit, text) for covered, hit, text in rows[:count] if covered >= 0.25]
