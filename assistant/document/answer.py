"""What one document says to a question: a kind of question is told by examples, its clauses by meaning and words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.cite import Citations, reference_list
from assistant.document.bounds import held
from assistant.document.clauses import FOUND, Ranked, ranked
from assistant.document.dated import dated
from assistant.document.days import asked_day, missed
from assistant.document.desk import Desk, summary_of
from assistant.document.kinds import DAYS, OF_PROSE, OPEN, VERDICTS, kind_of
from assistant.document.told import ABSENT, ALSO, DOUBTED, lines_of, said
from assistant.history import Turn
from assistant.own_documents import asks_when
from assistant.question import read as read_question
from assistant.summary import Summary, check_fit, last_day_of, summarise
from assistant.tables.answer import about_table
from assistant.understand.understander import Understander
from core.cut import quoted
from core.types import Hit, Source
from corpus.ledger import Document, Ledger
from corpus.row_names import SEPARATOR
from corpus.typed_tables import tables_of
from tools.firm.profile import Profile, extract
from tools.notice_amount.asking import asks

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder

NEAREST = 6
LEAST_PROSE = 8
"""A document with fewer clauses outside of tables is a table, and any question is first asked of that."""


def of_document(
    text: str,
    turns: Sequence[Turn],
    document: Document,
    known: Profile,
    ledger: Ledger,
    spaces: Sequence[str],
    sources: Mapping[str, Source],
    day: date,
    understander: Understander | None,
) -> Summary:
    """The answer from one document; that it does not say so where none of its clauses does."""
    desk = Desk(document, ledger, sources, day)
    kind = kind_of(text, understander)
    if kind not in DAYS | OPEN and asks_when(text):
        kind = "deadline"
    if kind == "whole":
        return summarise(ledger, document, sources, day)
    encoder = understander.encoder if understander else None
    found = ranked(desk.asked(text, kind, encoder))
    prose = sum(SEPARATOR not in one.clause.passage.text for one in found)
    if (kind not in OF_PROSE or prose < LEAST_PROSE) and (
        counted := about_table(text, turns, ledger, spaces, sources, day, document.source_id, prose >= LEAST_PROSE)
    ):
        return counted
    if kind == "amount" and (computed := _amount(text, known, desk, encoder)):
        return computed
    deadline = last_day_of(document)
    if kind in OPEN and deadline and deadline < day and (closed := dated("left", text, found, desk, encoder)):
        return closed
    if kind == "eligible" and (fit := _fit(text, known, desk, found)):
        return fit
    if kind in VERDICTS and (judged := _held(text, found, desk)):
        return judged
    if kind in DAYS and (by_day := dated(kind, text, found, desk, encoder)):
        return by_day
    parts = read_question(text).parts
    kinds = [kind_of(part, understander) for part in parts] if len(parts) > 1 else []
    if len(set(kinds)) > 1 and not set(kinds) & {"amount", "eligible", "late", "whole"}:
        return _each([(part, each) for part, each in zip(parts, kinds, strict=True)], desk, encoder)
    told = said(kind, text, found, desk)
    open_amount = kind == "amount" and asks(text)
    return replace(told, data={**told.data, "unsettled": True}) if open_amount else told


def _each(asked: Sequence[tuple[str, str]], desk: Desk, encoder: Encoder | None) -> Summary:
    """The answers to the things that a message asks, one under the other, each clause once."""
    book, lines = Citations(desk.sources), list[str]()
    for text, kind in asked:
        found = ranked(desk.asked(text, kind, encoder))
        for line in lines_of(kind, found, desk, book):
            if line not in lines:
                lines.append(line)
    absent = any(line.startswith(ABSENT) for line in lines)
    return summary_of("\n".join(f"- {line}" for line in lines), book, desk, absent=absent)


def _amount(text: str, known: Profile, desk: Desk, encoder: Encoder | None) -> Summary | None:
    """What the document's own rule comes to on the question's figures; unsettled where something keeps it from being told.

    Such an answer is shown, and a model may better it afterwards (assistant/stages/work_out.py).
    """
    from tools.notice_amount.answer import amount

    passages = desk.ledger.passages_of(desk.document.document_id)
    tables = tables_of(desk.ledger.connection, desk.document.document_id)
    found = amount(passages, tables, text, known, encoder)
    if found is None:
        return None
    book = Citations(desk.sources)
    marks = "".join(f"[{book.number(Hit(passage, 1.0), passage.text[:80])}]" for passage in found.passages)
    notes = "".join(f"\n- 还要看：{quoted(note)}" for note in found.notes)
    absent = found.value_yuan is None
    return summary_of(f"{found.text} {marks}{notes}", book, desk, absent=absent, unsettled=absent)


def _fit(text: str, known: Profile, desk: Desk, found: Sequence[Ranked]) -> Summary | None:
    """The firm held against the conditions, where it tells something of itself; first what the question is nearest to."""
    told = extract(text, known)
    if not told:
        return None
    checked = check_fit(desk.ledger, desk.document, desk.sources, told, desk.day)
    if not checked.data.get("conditions") and checked.data.get("verdict") == "unknown":
        return None
    if checked.data.get("verdict") in {"no", "closed"} or not found or found[0].score < FOUND:
        return checked
    near = found[0].clause
    if near.text[:20] in checked.text:
        return checked
    beside = Citations(desk.sources, len(checked.citations))
    line = f"和您问的最近的一条：{quoted(near.text)} [{beside.number(Hit(near.passage, 1.0), near.text)}]"
    body, _, _ = checked.text.partition("\n\n出处")
    rows = (*checked.citations, *beside.rows)
    return Summary(f"{body}\n\n{line}\n\n出处 {reference_list(rows, desk.sources)}", rows, checked.data)


def _held(text: str, found: Sequence[Ranked], desk: Desk) -> Summary | None:
    """A figure of the question against the limits of the clauses that answer; no verdict where those differ."""
    judged = [(one, told) for one in found[:NEAREST] if one.score >= DOUBTED and (told := held(text, one.clause.whole))]
    if not judged:
        return None
    one, told = judged[0]
    if any(other.within != told.within for near, other in judged if near.score >= one.score - ALSO):
        return None
    book = Citations(desk.sources)
    quote = f"{quoted(one.clause.text)} [{book.number(Hit(one.clause.passage, 1.0), one.clause.text)}]"
    wanted = asked_day(text, desk.day)
    if told.within and (period := missed(one.clause.text, wanted)):
        lead = f"**不符合，不在这个期间里**：要求是{period.first}至{period.day}，您说的是{wanted}。"
    elif told.within:
        lead = f"**这一条符合，够得上**：您说的是{told.said}，要求是{told.limit}；别的条件还要一条条核对。"
    else:
        lead = f"**不够，这一条不符合**：您说的是{told.said}，要求是{told.limit}。"
    return summary_of(f"{lead}\n- {quote}", book, desk, absent=False)
