"""The grounded answer without a model: one card whole, what it leaves open beside it, then where it stands."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from assistant.answer.caveats import before, ended_mark, notes
from assistant.answer.choice import Search, choose
from assistant.answer.composed import Composed
from assistant.answer.passages import brief, quote, says_more, whole
from assistant.answer.refusal import other_firms, refuse
from assistant.answer.suggestions import next_questions
from assistant.cite import Citations, reference_list, source_of
from assistant.compute import Computed
from assistant.guard import Verdict
from assistant.question import Question
from assistant.years import asked_years, title_years
from core.clock import today
from core.types import Hit, Source
from corpus.query import Query
from tools.spec import specs


def compose(
    question: Question,
    query: Query,
    hits: Sequence[Hit],
    verdict: Verdict,
    sources: Mapping[str, Source],
    search: Search,
    computed: Computed | None = None,
    day: date | None = None,
    whose: str = "",
    start: int = 0,
    of_parts: Sequence[Hit] = (),
) -> Composed:
    """Word the answer from the evidence; refuse or correct where the verdict says so. A tool's result comes first.

    whose: what is to be said first of whose rule it is; start: how many citations stand before it; of_parts: what answers each of
    several things that are asked.
    """
    if computed:
        return _with_tool(hits, verdict, sources, computed)
    if verdict.reason == "firm":
        return other_firms(hits, verdict, sources)
    day = day or today()
    if verdict.kind == "refuse":
        return refuse(question, query, hits, verdict, sources, day)
    chosen = choose(question, query, hits, search, of_parts)
    told = [one.hit for one in chosen]
    book = Citations(sources, start)
    caveat, over = before(question, told[0], sources, day)
    lines = [*([f"> 先说明：{whose}"] if whose else []), *([caveat] if caveat else []), *_premise(question, verdict)]
    for position, one in enumerate(chosen):
        passage = one.hit.passage
        n = book.number(one.hit, quote(query, passage.text))
        mark = ended_mark(passage, day) if position else ""
        lines.append(("- " if position and "\n" not in one.text else "") + f"{mark}{one.text} [{n}]")
    shown = "\n".join(one.text for one in chosen)
    said = notes(told[1:] if over else told, told, sources, day, shown)
    lines += [f"> {note}" for note in said if note.rstrip("。") not in caveat]
    text = "\n".join(lines) + f"\n\n{'Source' if question.english else '出处'} {reference_list(book.rows, sources)}"
    return Composed(text, book.rows, tuple(told), suggestions=next_questions(told, hits))


def _premise(question: Question, verdict: Verdict) -> list[str]:
    """What stands before the answer: years that nothing was found of, a premise that does not hold, the language."""
    lines = []
    if verdict.absent:
        lines.append(f"**没查到{'、'.join(verdict.absent)}的数**，下面只是查到的那些年的。")
    if verdict.kind == "correct":
        said = "、".join(f"“{claim}”" for claim in verdict.claims)
        lines.append(f"不是这样，资料里没有{said}的说法。查到的是：")
    elif verdict.kind == "partly":
        lines.append("**资料里没有正好说这一条。**最接近的是：")
    elif question.english:
        lines.append("From the documents (text in Chinese):")
    return lines


def _with_tool(hits: Sequence[Hit], verdict: Verdict, sources: Mapping[str, Source], computed: Computed) -> Composed:
    """A tool's result, with the best passage beside a look-up that does not rest on it already."""
    text, citations, evidence = computed.text, computed.citations, list[Hit]()
    best = hits[0] if hits else None
    spec = specs()[computed.tool.name]
    table = next((h for h in hits if h.passage.source_id == spec.source), None)
    if table and not citations:
        book = Citations(sources)
        text += f"\n\n{brief(table.passage, table.query) or whole(table)} [{book.number(table, quote(table.query, table.passage.text))}]"
        citations, evidence = book.rows, [table]
    alone = any(computed.tool.arguments.get(name) for name in spec.alone_with)
    joined_by = not spec.own and not alone  # a passage on cases speaks of every trade
    if best and joined_by and verdict.kind == "answer" and says_more(best.passage.text, [text]):
        cited = next((c.n for c in citations if c.passage_id == best.passage.passage_id), None)
        book = Citations(sources, start=len(citations))
        n = cited or book.number(best, quote(best.query, best.passage.text))
        text += f"\n\n资料里的说法：{brief(best.passage, best.query) or whole(best)} [{n}]"
        citations, evidence = (*citations, *book.rows), [best]
    if computed.steps:
        text += "\n\n接下来：" + "；".join(computed.steps[:2]) + "。"
    used = {int(n) for n in re.findall(r"\[(\d+)\]", text)}
    citations = tuple(c for c in citations if c.n in used)
    if citations:
        text += f"\n\n出处 {reference_list(citations, sources)}"
    return Composed(text, citations, tuple(evidence), suggestions=next_questions(evidence, hits))


def without_doubles(hits: Sequence[Hit]) -> list[Hit]:
    """Cards before the originals they were written from: an original's passage gives way to a card of the same source."""
    carded = {h.passage.source_id for h in hits if h.passage.origin == "card"}
    kept = [h for h in hits if h.passage.origin == "card" or h.passage.source_id not in carded]
    return kept or list(hits)


def without_replaced(hits: Sequence[Hit], sources: Mapping[str, Source], question: str) -> list[Hit]:
    """The version in force before the one it replaced: that one stays only where the question names its year."""
    named = {year for period in asked_years(question, today()) for year in period.years}
    there = {h.passage.passage_id.rpartition("#")[0] for h in hits}
    kept = []
    for hit in hits:
        source = source_of(sources, hit.passage.passage_id, hit.passage.source_id)
        newer = sources.get(source.superseded_by or "") if source and hit.passage.origin == "document" else None
        if source and newer and source.superseded_by in there and not title_years(source) & named - title_years(newer):
            continue
        kept.append(hit)
    return kept


def nearest_told(hits: Sequence[Hit], query: Query, sources: Mapping[str, Source], day: date, start: int) -> Composed:
    """What passages tell that do not answer a question but are of the place asked about; start: of how many citations before."""
    book, lines, told = Citations(sources, start), list[str](), list[str]()
    for hit in hits:
        if not says_more(hit.passage.text, told):
            continue
        told.append(hit.passage.text)
        n = book.number(hit, quote(query, hit.passage.text))
        lines.append(f"- {ended_mark(hit.passage, day)}{whole(hit)} [{n}]")
    return Composed("\n".join(lines), book.rows, tuple(hits), refused=True)
