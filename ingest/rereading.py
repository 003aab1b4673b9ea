"""Documents that an earlier version took in, read once more as this one reads: in the background, while nothing else waits.

The ledger notes of each document by which number it was read, and of all when none is left to be read again.
"""

from __future__ import annotations

import json
import logging
import sqlite3
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

from core.disk import full, is_full
from core.errors import CannotWrite, XiangdaoError
from core.sums import summed
from corpus import typed_tables
from corpus.ledger import Document, Ledger, beside_info
from ingest import versions
from ingest.asides import OnlyAsides, struck_facts
from ingest.sandbox import Stopped

if TYPE_CHECKING:
    from ingest.pipeline import Ingestor

READING = "reading"
AS_READ = 3
"""Raised where files are read so differently that what is in has to be read again. 2: orders to an assistant are left out."""
EMPTIED = "全文是写给助手的指令或推销，没有收进来；要看就打开原件。"
log = logging.getLogger(__name__)


def is_due(ledger: Ledger) -> bool:
    """Whether documents may be left that an earlier version read; told without looking at each."""
    if ledger.meta(READING) == str(AS_READ):
        return False
    return ledger.connection.execute("SELECT 1 FROM document WHERE origin = 'document' LIMIT 1").fetchone() is not None


def due(ledger: Ledger) -> list[str]:
    """The ids of the documents that an earlier version read."""
    rows = ledger.connection.execute("SELECT document_id, info FROM document WHERE origin = 'document'")
    return [row[0] for row in rows if json.loads(row[1]).get(READING, 1) != AS_READ]


def note_first(db: sqlite3.Connection) -> None:
    """Inside a transaction that writes a document: a ledger without any has none that an earlier version read."""
    if db.execute("SELECT 1 FROM document WHERE origin = 'document' LIMIT 1").fetchone() is None:
        _note(db)


def note_all(ledger: Ledger) -> None:
    """No document is left that an earlier version read."""
    with ledger.transaction() as db:
        _note(db)


def _note(db: sqlite3.Connection) -> None:
    db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (READING, str(AS_READ)))


def reread(ingestor: Ingestor, document_id: str, stop: threading.Event) -> None:
    """Read one document again from its original; one that cannot be stays as it is, and is not tried again.

    Raises CannotWrite, and Stopped once `stop` is set.
    """
    ledger = ingestor.index.ledger
    document = ledger.document(document_id)
    if document is None:  # removed meanwhile
        return
    original = ingestor.originals.of(document.sha256, document.space, document.source_id)
    try:
        if original:
            ingestor.again(original, str(document.info.get("address", "")), stop)
        else:
            log.warning("%s has no original to be read again", document_id)
            _keep(ledger, document)
    except OnlyAsides as exc:
        _empty(ledger, document, exc.struck)
    except (Stopped, CannotWrite):
        raise
    except Exception as exc:  # whatever is wrong with one, the others have to come to their turn
        if is_full(exc, ingestor.index.settings.home):
            raise full(ingestor.index.settings.home) from exc
        log.warning("%s cannot be read again: %s", document_id, exc, exc_info=not isinstance(exc, XiangdaoError))
        _keep(ledger, document)


def _keep(ledger: Ledger, document: Document) -> None:
    """Leave a document as it is, as one that was read."""
    info = summed({**document.info, READING: AS_READ}, str(beside_info(document)))
    with ledger.transaction() as db:
        db.execute("UPDATE document SET info = ? WHERE document_id = ?", (info, document.document_id))


def _empty(ledger: Ledger, document: Document, struck: tuple[str, ...]) -> None:
    """Leave a document without a passage: it is still listed with what was left out, and its original can be had."""
    info = {**document.info, READING: AS_READ, "notes": [EMPTIED], "amendments": [], **struck_facts(struck)}
    with ledger.transaction() as db:
        ledger.put(db, replace(document, info=info, characters=0), [])
        versions.forget(db, document.document_id)
        typed_tables.forget(db, document.document_id)
