"""Which kept document a file is: the older self that it replaces, the same bytes, or a namesake that keeps its own place.

A document's id comes from its file's name; of files with one name the first has it plain, the others end in -2, -3.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from corpus.ledger import Document, Ledger
from ingest import archive, versions, web

SELF = 0.3
"""From this likeness on, a file of the same name whose older self's place is gone is taken for its newer self."""
INBOX = "inbox/"


def place_of(place: Path | str, home: Path) -> str:
    """Where a file came from, as it is kept: a web address, a whole path, or its place among the uploads."""
    if isinstance(place, str) and web.is_address(place):
        return place
    path, inbox = (Path(os.path.normpath(p.absolute())) for p in (Path(place), home / "inbox"))
    return INBOX + path.relative_to(inbox).as_posix() if path.is_relative_to(inbox) else str(path)


def namesakes(ledger: Ledger, space: str, base: str) -> list[Document]:
    """The documents of a space whose id is `base`, or `base` with a number."""
    plain = f"doc:{space}:{base}"
    rows = ledger.connection.execute(
        "SELECT document_id FROM document WHERE document_id = ? OR (document_id > ? AND document_id < ?)",
        (plain, f"{plain}-", f"{plain}-:"),
    ).fetchall()
    ids = [row[0] for row in rows if row[0] == plain or row[0].removeprefix(f"{plain}-").isdecimal()]
    return [document for id in ids if (document := ledger.document(id))]


def kept_as(found: Sequence[Document], place: str, sha256: str) -> Document | None:
    """The document that came from this place, else the one of the same bytes."""
    by_place = (d for d in found if place and _place(d) == place)
    return next(by_place, None) or next((d for d in found if d.sha256 == sha256), None)


def older_self(
    db: sqlite3.Connection, found: Sequence[Document], place: str, name: str, hashes: Sequence[int]
) -> Document | None:
    """The document of the same file name that reads most like a file, where its own place is gone."""
    rated = [
        (versions.likeness(versions.sketch_of(db, d.document_id), hashes), d)
        for d in found
        if d.name == name and _is_gone(_place(d)) and not _handed_in_together(_place(d), place)
    ]
    best = max(rated, key=lambda pair: pair[0], default=None)
    return best[1] if best and best[0] >= SELF else None


def free_id(found: Sequence[Document], base: str) -> str:
    """The first id that no document has."""
    taken = {d.source_id for d in found}
    return next(id for n in range(1, len(taken) + 2) if (id := base if n == 1 else f"{base}-{n}") not in taken)


def _place(document: Document) -> str:
    return str(document.info.get("place") or "")


def _is_gone(place: str) -> bool:
    """Whether a place cannot be looked at again: an upload, a file that is not there, or none known (older data)."""
    if not place or place.startswith(INBOX):
        return True
    return not web.is_address(place) and not Path(place).exists() and not archive.inside(Path(place))


def _handed_in_together(one: str, other: str) -> bool:
    """Whether two places are uploads of one job: inbox/<job>-<number>/…"""
    jobs = [p.removeprefix(INBOX).partition("/")[0].rpartition("-")[0] for p in (one, other) if p.startswith(INBOX)]
    return len(jobs) == 2 and jobs[0] == jobs[1]
