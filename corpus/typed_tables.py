"""The tables of ingested documents as they were read, in the ledger's file: what is counted and summed, no passage holds whole."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, fields

from core.sums import summed

_TABLE = (
    "CREATE TABLE IF NOT EXISTS typed_table (document_id TEXT NOT NULL, ordinal INTEGER NOT NULL, body TEXT NOT NULL,"
    " PRIMARY KEY (document_id, ordinal))"
)


@dataclass(frozen=True)
class TypedTable:
    """A table. title: what stands above it, empty where nothing does; names, units: of its columns, empty where not known.

    labels: the columns that name a row; rows: equally long, without the header.
    """

    title: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    labels: tuple[int, ...]
    rows: tuple[tuple[str, ...], ...]


def prepare(db: sqlite3.Connection) -> None:
    """Make the table where there is none."""
    db.execute(_TABLE)


def keep(db: sqlite3.Connection, document_id: str, tables: Sequence[TypedTable]) -> None:
    """Keep a document's tables inside the transaction that writes it, in place of those it had."""
    forget(db, document_id)
    for ordinal, table in enumerate(tables):
        db.execute("INSERT INTO typed_table VALUES (?, ?, ?)", (document_id, ordinal, summed(table.__dict__)))


def forget(db: sqlite3.Connection, document_id: str) -> None:
    db.execute("DELETE FROM typed_table WHERE document_id = ?", (document_id,))


def tables_of(db: sqlite3.Connection, document_id: str) -> list[TypedTable]:
    """The tables of a document in their order; none where it was taken in before they were kept."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'typed_table'").fetchone():
        return []
    rows = db.execute("SELECT body FROM typed_table WHERE document_id = ? ORDER BY ordinal", (document_id,))
    return [_read(body) for (body,) in rows]


def _read(body: str) -> TypedTable:
    raw = json.loads(body)
    before = isinstance(raw, list)  # as they were written before they had a digest
    title, names, units, labels, rows = raw if before else [raw[field.name] for field in fields(TypedTable)]
    return TypedTable(title, tuple(names), tuple(units), tuple(labels), tuple(map(tuple, rows)))
