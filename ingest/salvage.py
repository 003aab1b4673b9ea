"""What can still be read of a damaged ledger that was set aside, for documents of which no original is left."""

from __future__ import annotations

import json
import logging
import sqlite3
from contextlib import closing
from pathlib import Path

from core.types import Passage, Source
from corpus.index import Index
from corpus.ledger import Document
from corpus.soundness import is_as_written, read
from ingest import versions

log = logging.getLogger(__name__)
_UNREADABLE = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)


def salvage(index: Index, aside: Path) -> int:
    """Take over the documents that this ledger lacks and that are whole in the one set aside; how many they are."""
    ledger, count = index.ledger, 0
    versions.prepare(ledger.connection)
    try:
        with closing(sqlite3.connect(f"file:{aside}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            ids = [row[0] for row in db.execute("SELECT document_id FROM document WHERE origin = 'document'")]
            for document_id in ids:
                if ledger.document(document_id) is None and (found := _whole(db, document_id)):
                    document, passages, source = found
                    with ledger.transaction() as own:
                        ledger.put(own, document, passages, source)
                    count += 1
    except _UNREADABLE as exc:
        log.warning("%s cannot be read any further: %s", aside, exc)
    if count:
        index.sync_vectors()
    return count


def _whole(db: sqlite3.Connection, document_id: str) -> tuple[Document, list[Passage], Source | None] | None:
    """A document with its passages; None where one of its rows cannot be read."""
    try:
        row = dict(db.execute("SELECT * FROM document WHERE document_id = ?", (document_id,)).fetchone())
        rows = db.execute("SELECT body FROM passage NOT INDEXED WHERE document_id = ? ORDER BY row", (document_id,))
        passages = [read(body) for (body,) in rows]
        info = json.loads(row["info"])
        raw = info.get("source")
        source = Source(**{**raw, "aliases": tuple(raw["aliases"])}) if raw else None
    except _UNREADABLE as exc:
        log.warning("%s cannot be salvaged: %s", document_id, exc)
        return None
    if not passages or not all(map(is_as_written, passages)):
        return None
    return Document(**{**row, "info": info}), passages, source
