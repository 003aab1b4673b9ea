"""Which table of the user's own documents a question is about, and the answer that is reckoned over it, cited."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from assistant.cite import Citations, reference_list
from assistant.history import Turn
from assistant.notices import NAMED, asked_by_place, asks_of_another, overlap, place_of, without_title
from assistant.summary import Summary
from assistant.tables.query import Query
from assistant.tables.read import SURE, names_enough, read
from assistant.tables.reckon import Reckoned, reckon
from assistant.tables.table import Table
from core.text import bare
from core.types import Hit, Passage, Source
from corpus.ledger import Document, Ledger
from corpus.row_names import row_name, stem
from corpus.typed_tables import tables_of

_THE_TABLE = re.compile(
    r"(?:这|那|此|上传|我)(?:份|个|张|的|传的)?.{0,4}(?:表|名单|清单|台账|明细|汇总)|表(?:里|中|上)|名单(?:里|中|上)|清单(?:里|中)|台账(?:里|中)|明细(?:里|中)"
)
MANY = 50
"""Of more documents only those are looked through that a question names."""
ENOUGH_NAMED = 4
"""A row or a value of so many characters that a question gives says which table is meant."""
CERTAIN, MEANT, LIKELY, SURELY_ABSENT = 0.8, 0.7, 0.15, 0.5
"""From which trust on an answer is told as it is, from which a notice's table is asked rather than its text, and from which
an answer is told as what the question was taken for; measured by eval.train.tables."""
_TAKEN = "（这句话我没有十足把握，下面是我的理解，请对一下是不是您要问的。）"
ABOUT = 0.34
"""The share of a table's title that a question must hold to be about it."""


@dataclass(frozen=True)
class _Read:
    document: Document
    table: Table
    query: Query
    score: float


def about_table(
    text: str,
    turns: Sequence[Turn],
    ledger: Ledger,
    spaces: Sequence[str],
    sources: Mapping[str, Source],
    day: date,
    only: str | None = None,
    surely: bool = False,
) -> Summary | None:
    """The answer that code reckons over a table of an own document; None where no such is asked.

    only: the source id of the one document asked; surely: only where a row, a value or a column of the table is named.
    """
    documents = [d for d in ledger.documents(spaces, "document") if only in {None, d.source_id}]
    documents = _named(text, documents)
    if only is None and asks_of_another(text):
        documents = [d for d in documents if not place_of(d) or asked_by_place(text, [d])]
    if len(documents) > MANY:
        documents = [d for d in documents if _meant(text, turns, d, documents, only)]
    found = [one for document in documents for one in _readings(text, turns, document, documents, ledger, day, only)]
    if (
        only is None or surely
    ):  # what may well be asked of the text, or of something else, must be a question of the table for sure
        least = CERTAIN if only is None else MEANT
        found = [one for one in found if one.query.sure >= least and (_is_named(one.query) or _names_table(text, one))]
    for one in sorted(found, key=lambda one: (one.query.operation == "absent", -one.score)):
        reckoned = reckon(one.query, one.table)
        if reckoned and (not reckoned.absent or (only is not None and not surely)):
            return _told(one, reckoned, ledger, sources)
    return None


def _named(text: str, documents: Sequence[Document]) -> list[Document]:
    """The documents whose title a question gives, more of it than of any other; all where it gives none."""
    held = [overlap(text, document) for document in documents]
    best = max(held, default=0.0)
    return [d for d, share in zip(documents, held, strict=True) if best < NAMED or share == best]


def _names_table(text: str, one: _Read) -> bool:
    """Whether a question speaks of the table as such: 名单里一共几家, or its title."""
    return bool(_THE_TABLE.search(text)) or _share_of(one.table.typed.title, text) >= ABOUT


def _is_named(query: Query) -> bool:
    """Whether a question names a row, a value or a column of a table, or the column that is reckoned with."""
    if query.operation == "absent" or (query.missing and not any(map(stem, query.missing))):
        return False
    return bool(query.where) or (query.like >= SURE and query.operation not in {"count", "member"})


def _readings(
    text: str,
    turns: Sequence[Turn],
    document: Document,
    documents: Sequence[Document],
    ledger: Ledger,
    day: date,
    only: str | None,
) -> list[_Read]:
    """The tables of a document that a question is about, each with what is asked of it."""
    meant = _meant(text, turns, document, documents, only)
    out = []
    beyond = without_title(text, document.title) if overlap(text, document) >= NAMED else text
    for table in _tables(ledger, document.document_id, document.added_at, document.title):
        title = _share_of(table.typed.title, text)
        if not meant and title < ABOUT and not names_enough(beyond, table, ENOUGH_NAMED):
            continue
        query = read(beyond, table, day)
        if query is None or query.sure < LIKELY:
            continue
        if query.operation == "absent" and (not meant or query.sure < SURELY_ABSENT):
            continue
        score = 2 * meant + query.named / 10 + title + query.like / 5 + 0.2 * bool(query.where)
        if meant or query.named >= ENOUGH_NAMED or title >= ABOUT:
            out.append(_Read(document, table, query, score))
    return out


@lru_cache(maxsize=MANY)
def _tables(ledger: Ledger, document_id: str, added_at: str, title: str) -> tuple[Table, ...]:
    """The tables of a document as it was taken in then."""
    return tuple(Table(typed, title) for typed in tables_of(ledger.connection, document_id))


def _meant(
    text: str, turns: Sequence[Turn], document: Document, documents: Sequence[Document], only: str | None
) -> float:
    """How surely a question is about a document: it alone is asked, its title or place is given, it was talked of last."""
    if only:
        return 1.0
    if asked_by_place(text, [document]) and overlap(text, document) > 0:
        return 1.0
    if (held := overlap(text, document)) >= NAMED / 2:
        return held
    talked = turns[-1].citations if turns else ()
    if any(c.passage_id.rpartition("#")[0] == document.document_id for c in talked):
        return 0.6
    return 0.5 if _THE_TABLE.search(text) and len(documents) == 1 else 0.0


def _share_of(title: str, text: str) -> float:
    told, asked = bare(title), bare(text)
    runs = {told[at : at + 3] for at in range(len(told) - 2)}
    return sum(run in asked for run in runs) / len(runs) if len(runs) >= 3 else 0.0


def _told(one: _Read, reckoned: Reckoned, ledger: Ledger, sources: Mapping[str, Source]) -> Summary:
    book = Citations(sources)
    passages = ledger.passages_of(one.document.document_id)
    cited = _passages(one, reckoned, passages)
    marks = "".join(f"[{book.number(Hit(p, 1.0), p.text[:60])}]" for p in cited)
    taken = _TAKEN if one.query.sure < CERTAIN else ""
    text = f"{reckoned.text} {marks}{taken}\n\n由程序按表里的行算出，不是估的。\n\n出处 {reference_list(book.rows, sources)}"
    data = {"document_id": one.document.document_id, "title": one.document.title, "operation": one.query.operation}
    return Summary(text, book.rows, data)


def _passages(one: _Read, reckoned: Reckoned, passages: Sequence[Passage]) -> list[Passage]:
    """The passages of the rows that an answer names, else the one that the table begins with."""
    names = [one.table.name(row) for row in reckoned.rows]
    by_row = {row_name(p.text)[-1:]: p for p in reversed(passages) if row_name(p.text)}
    found = [by_row[name,] for name in names if (name,) in by_row]
    if found:
        return list({p.passage_id: p for p in found}.values())
    head = [name for name in one.table.typed.names if name]
    return [next((p for p in passages if all(name.rpartition("·")[2] in p.text for name in head)), passages[0])]
