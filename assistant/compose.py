"""The grounded answer without a model: chosen from cards and passages, answer first, then points, then where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from assistant.cite import Citations, reference_list
from assistant.compute import LOOK_UPS, Computed
from assistant.guard import Verdict, nearest_sentences
from assistant.question import Question
from core.text import sentences, shorten, squeeze
from core.types import Citation, Hit, Source
from corpus.query import Query

LEAD_CHARACTERS = 330
EXTRA_CHARACTERS = 200
MOST = 4
ENOUGH = 400
NEAR = 0.75
GAIN = 0.15
PART = 0.3
Search = Callable[[str, tuple[str, ...]], list[Hit]]


@dataclass(frozen=True)
class Composed:
    """A finished composed answer. evidence: the hits it stands on, best first."""

    text: str
    citations: tuple[Citation, ...]
    evidence: tuple[Hit, ...]
    refused: bool = False
    suggestions: tuple[str, ...] = ()


def compose(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    verdict: Verdict,
    sources: Mapping[str, Source],
    search: Search,
    computed: Computed | None = None,
) -> Composed:
    """Word the answer from the evidence; refuse or correct where the verdict says so. A tool's result comes first."""
    if computed:
        return _with_tool(question, query, hits, verdict, sources, computed)
    if verdict.kind == "refuse":
        return _refusal(question, query, hits, verdict, sources)
    chosen = choose(question, query, hits, search)
    book = Citations(sources)
    lines = []
    if verdict.kind == "correct":
        lines.append(_correction(question, verdict))
    elif question.english:
        lines.append("From the documents (text in Chinese):")
    for position, hit in enumerate(chosen):
        limit = LEAD_CHARACTERS if position == 0 else EXTRA_CHARACTERS
        text = excerpt(query, hit.passage.text, limit, figure=question.form == "figure")
        if not text:
            continue
        n = book.number(hit, _quote(query, hit.passage.text))
        lines.append(("- " if position and "\n" not in text else "") + f"{text} [{n}]")
    body = "\n".join(lines)
    notes = _notes(chosen)
    body += "".join(f"\n> {note}" for note in notes)
    text = f"{body}\n\n{'Source' if question.english else '出处'} {reference_list(book.rows, sources)}"
    return Composed(text, book.rows, tuple(chosen), suggestions=_suggestions(question, hits, chosen))


def _with_tool(
    question: Question, query: Query, hits: Sequence[Hit], verdict: Verdict, sources: Mapping[str, Source], computed: Computed
) -> Composed:
    """A tool's result, with the best passage beside a look-up that does not rest on it already."""
    text, citations, evidence = computed.text, computed.citations, list[Hit]()
    best = hits[0] if hits else None
    if best and computed.tool.name in LOOK_UPS and verdict.kind == "answer" and not _rests_on(citations, best):
        book = Citations(sources, start=len(citations))
        told = excerpt(query, best.passage.text, EXTRA_CHARACTERS, figure=question.form == "figure")
        text += f"\n\n资料里还有：{told} [{book.number(best, _quote(query, best.passage.text))}]"
        citations, evidence = (*citations, *book.rows), [best]
    if computed.steps:
        text += "\n\n接下来：" + "；".join(computed.steps[:2]) + "。"
    if citations:
        text += f"\n\n出处 {reference_list(citations, sources)}"
    return Composed(text, citations, tuple(evidence), suggestions=_suggestions(question, hits, evidence))


def _rests_on(citations: Sequence[Citation], hit: Hit) -> bool:
    """Whether a tool's result rests on a passage, by its card or by its section."""
    p = hit.passage
    return any(c.passage_id == p.passage_id or (c.source_id == p.source_id and c.quote[:20] in p.text) for c in citations)


def choose(question: Question, query: Query, hits: Sequence[Hit], search: Search) -> list[Hit]:
    """The passages an answer is made of: the best one, one for each part of the question, and what they leave open."""
    hits = _without_doubles(hits)
    chosen = [hits[0]]
    for found in (*_of_named_sources(hits, query, search), *_of_parts(question, chosen, search)):
        if _is_new(found, chosen):
            chosen.append(found)
    sources = {c.passage.source_id for c in chosen}
    for hit in hits[1:6]:
        if len(chosen) >= MOST or sum(len(c.passage.text) for c in chosen) >= ENOUGH:
            break
        near = hit.score >= NEAR * hits[0].score and hit.passage.source_id in sources
        if (near or (_gain(query, hit, chosen) >= GAIN and hit.passage.source_id in sources)) and _is_new(hit, chosen):
            chosen.append(hit)
    return chosen[:MOST]


def _of_named_sources(hits: Sequence[Hit], query: Query, search: Search) -> list[Hit]:
    """Where a question names several documents, the best passage of each."""
    named = [s for s in query.sources if s != hits[0].passage.source_id]
    if len(query.sources) < 2:
        return []
    return [found[0] for source in named if (found := search(query.text, (source,)))]


def _of_parts(question: Question, chosen: Sequence[Hit], search: Search) -> list[Hit]:
    """For each part of the question that the chosen passages hold badly, the passage that holds it well."""
    extra: list[Hit] = []
    if len(question.parts) < 2:
        return extra
    for position, part in enumerate(question.parts):
        found = _without_doubles(search(part if position == 0 else f"{part} {question.topic}", ()))
        if not found or found[0].query is None:
            continue
        if found[0].query.coverage(squeeze(_told(found[0]))) >= PART:
            extra.append(found[0])
    return extra


def _gain(query: Query, hit: Hit, chosen: Sequence[Hit]) -> float:
    """The weighted share of the question that a passage holds and the chosen ones do not."""
    held, text = squeeze("\n".join(map(_told, chosen))), squeeze(_told(hit))
    return sum(c.weight for c in query.concepts if c.found_in(text) - c.found_in(held) > 0.4) / query.weight


def _told(hit: Hit) -> str:
    return f"{hit.passage.title}\n{hit.passage.text}"


def excerpt(query: Query, text: str, limit: int, figure: bool = False) -> str:
    """The sentences of a text that answer, in their order, within about `limit` characters; lists stay whole."""
    text = text.strip()
    if len(text) <= limit:
        return text
    parts = sentences(text)
    rated = [
        (query.coverage(squeeze(s)) + (0.2 if figure and re.search(r"\d", s) else 0) + (0.25 if i == 0 else 0), i)
        for i, s in enumerate(parts)
    ]
    kept: set[int] = set()
    size = 0
    for _, i in sorted(rated, reverse=True):
        if size + len(parts[i]) > limit and kept:
            continue
        kept.add(i)
        size += len(parts[i])
    joined = ("\n" if "\n" in text else "").join(parts[i] for i in sorted(kept))
    return shorten(joined, limit + 80)


def _without_doubles(hits: Sequence[Hit]) -> list[Hit]:
    """Cards before the originals they were written from: an original's passage gives way to a card of the same source."""
    carded = {h.passage.source_id for h in hits if h.passage.origin == "card"}
    kept = [h for h in hits if h.passage.origin == "card" or h.passage.source_id not in carded]
    return kept or list(hits)


def _is_new(hit: Hit, chosen: Sequence[Hit]) -> bool:
    """Not already chosen, nor saying the same as a chosen passage."""
    if any(hit.passage.passage_id == c.passage.passage_id for c in chosen):
        return False
    mine = {squeeze(hit.passage.text)[i : i + 3] for i in range(len(squeeze(hit.passage.text)) - 2)}
    for c in chosen:
        theirs = squeeze(c.passage.text)
        if mine and sum(g in theirs for g in mine) / len(mine) > 0.6:
            return False
    return True


def _quote(query: Query, text: str) -> str:
    return max(sentences(text), key=lambda s: query.coverage(squeeze(s)), default=text)


def _notes(chosen: Sequence[Hit]) -> list[str]:
    notes = []
    if any(h.passage.status == "superseded" for h in chosen):
        notes.append("注意：其中有已被新规定替代的内容，申报前请以现行规定为准。")
    if any(h.passage.status == "expired" for h in chosen):
        notes.append("注意：其中有已经过期的政策，只作参考。")
    if any(h.passage.certainty in {"snippet", "third_party"} for h in chosen):
        notes.append("其中部分内容未见官方原文，请以主管部门发布为准。")
    return notes


def _suggestions(question: Question, hits: Sequence[Hit], chosen: Sequence[Hit]) -> tuple[str, ...]:
    """Questions the user may ask next: those of neighbouring cards."""
    taken = {h.passage.passage_id for h in chosen}
    rest = [h.passage.questions[0] for h in hits[:8] if h.passage.passage_id not in taken and h.passage.questions]
    return tuple(dict.fromkeys(rest))[:3]


def _correction(question: Question, verdict: Verdict) -> str:
    said = "、".join(f"“{c}”" for c in verdict.claims)
    return f"不是这样，资料里没有{said}的说法。查到的是："


_NOTHING = {
    "nothing": "**没查到。** 这个问题和中小企业数字化转型的资料对不上，我不乱说。",
    "cover": "**没查到。** 现有资料没有直接回答这个问题，我不猜。",
}


def _refusal(
    question: Question, query: Query, hits: Sequence[Hit], verdict: Verdict, sources: Mapping[str, Source]
) -> Composed:
    book = Citations(sources)
    what = "、".join(verdict.missing[:3])
    if verdict.reason == "year":
        lines = [f"**没查到。** 现有资料里没有关于{what}的这项内容，我不猜。"]
    elif verdict.reason == "slot":
        lines = [f"**没查到。** 资料里没有您问的{what}，我不猜。"]
    else:
        lines = [_NOTHING.get(verdict.reason, _NOTHING["cover"])]
        if what and verdict.reason == "cover":
            lines[0] = f"**没查到。** 现有资料里没有关于“{what}”的内容，我不猜。"
    near = nearest_sentences(query, hits) if verdict.confidence >= 0.12 else []
    for position, (hit, sentence) in enumerate(near):
        n = book.number(hit, sentence)
        lines.append(("已知的相近内容：\n" if position == 0 else "") + f"- {sentence} [{n}]")
    if near:
        lines.append("怎么办：可向当地中小企业主管部门（工信局）核实；有通知或文件就发给我，我替您查。")
    else:
        lines.append("我能帮的是：数字化水平评测、补贴政策、分行业怎么转、系统怎么选、同行案例。换个说法再问问？")
    text = "\n".join(lines)
    if near:
        text += f"\n\n出处 {reference_list(book.rows, sources)}"
    suggestions = tuple(h.passage.questions[0] for h in hits[:3] if h.passage.questions) if near else ()
    return Composed(text, book.rows, tuple(h for h, _ in near), refused=True, suggestions=suggestions)
