"""What can still be read of a damaged ledger that was set aside, for documents of which no original is left."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from core.errors import BadFile
from core.mending import lengthen, rows
from core.sums import holds, opened
from core.types import Passage, Source
from corpus import typed_tables
from corpus.index import Index
from corpus.ledger import Document, beside_info
from corpus.soundness import is_as_written, read
from ingest import versions
from ingest.originals import Originals

log = logging.getLogger(__name__)
_UNREADABLE = (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError)


def salvage(index: Index, aside: Path) -> int:
    """Take over the documents that this ledger lacks and that are whole in the one set aside; how many they are."""
    ledger, count = index.ledger, 0
    versions.prepare(ledger.connection)
    typed_tables.prepare(ledger.connection)
    try:
        lengthen(aside)
        with closing(sqlite3.connect(f"file:{quote(str(aside))}?mode=ro", uri=True)) as db:
            db.row_factory = sqlite3.Row
            listed = rows(db, "document", "document_id, origin")
            for document_id in [str(id) for id, origin in listed if origin == "document"]:
                if ledger.document(document_id) is None and (found := _whole(db, document_id)):
                    document, passages, source = found
                    with ledger.transaction() as own:
                        ledger.put(own, document, passages, source)
                        typed_tables.keep(own, document_id, _tables(db, document_id))
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
        bodies = [body for (body,) in rows]
        passages = [read(body) for body in bodies]
        info = opened(row["info"])
        raw = info.get("source")
        source = Source(**{**raw, "aliases": tuple(raw["aliases"])}) if raw else None
    except _UNREADABLE as exc:
        log.warning("%s cannot be salvaged: %s", document_id, exc)
        return None
    document = Document(**{**row, "info": info})
    if not passages or not all(map(is_as_written, passages)) or not all(map(holds, bodies)):
        return None
    return (document, passages, source) if holds(row["info"], str(beside_info(document))) else None


def _tables(db: sqlite3.Connection, document_id: str) -> list[typed_tables.TypedTable]:
    """A document's tables as they were read; none where one of them cannot be."""
    try:
        return typed_tables.tables_of(db, document_id)
    except _UNREADABLE as exc:
        log.warning("the tables of %s cannot be salvaged: %s", document_id, exc)
        return []


def originals_at_fault(index: Index) -> list[str]:
    """The names of documents of which no original, or the note of it, is kept as it was."""
    originals = Originals(index.settings.originals_path)
    noted = {(one.sha256, one.space, one.source_id): one for one in originals.all()}
    names = []
    for document in index.ledger.documents(origin="document"):
        one = noted.get((document.sha256, document.space, document.source_id))
        try:
            if one is None:
                raise BadFile(document.name)
            originals.read(one)
        except (BadFile, OSError):
            names.append(document.name)
    return names
