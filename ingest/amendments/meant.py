"""Which of the documents taken in an amendment means."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from typing import Any

from corpus.naming import names, number_key
from ingest.amendments.amendment import Amendment


def amendments_of(info: Mapping[str, Any]) -> list[Amendment]:
    """What a document says of others, from what the ledger keeps of it; one taken in by an older version told only what it replaces."""
    if "amendments" in info:
        return [Amendment.from_json(one) for one in info["amendments"]]
    return [Amendment(title, number, "replaces") for title, number in (info.get("metadata") or {}).get("replaces", ())]


def info_of(db: sqlite3.Connection, document_id: str) -> dict[str, Any]:
    """What the ledger keeps of a document; empty where it is not there."""
    row = db.execute("SELECT info FROM document WHERE document_id = ?", (document_id,)).fetchone()
    return dict(json.loads(row[0])) if row else {}


def identity_of(db: sqlite3.Connection, document_id: str) -> sqlite3.Row | None:
    """What a document is recognised by; None where it is not noted."""
    row: sqlite3.Row | None = db.execute("SELECT * FROM identity WHERE document_id = ?", (document_id,)).fetchone()
    return row


def meant(db: sqlite3.Connection, document_id: str, one: Amendment) -> list[str]:
    """The documents that an amendment means: of its number; by title only the last edition before it, of a kindred authority."""
    own = identity_of(db, document_id)
    keys = [*names(one.title), *([number_key(one.number)] if one.number else [])]
    if own is None or not keys:
        return []
    rows = db.execute(
        f"SELECT DISTINCT identity.* FROM named JOIN identity USING (document_id) WHERE named.own AND named.space = ?"
        f" AND named.key IN ({','.join('?' * len(keys))}) AND document_id != ?",
        (own["space"], *keys, document_id),
    ).fetchall()
    rows = [row for row in rows if _may_bemeant(own, row, one)]
    by_number = [row for row in rows if one.number and number_key(row["doc_no"]) == number_key(one.number)]
    if not by_number and len({row["doc_no"] for row in rows}) > 1:
        last = max(rows, key=lambda row: str(row["published"]))
        rows = [row for row in rows if row["doc_no"] == last["doc_no"]]
    return [row["document_id"] for row in by_number or rows]


def _may_bemeant(own: sqlite3.Row, row: sqlite3.Row, one: Amendment) -> bool:
    """Whether a document of a name may be the one: not of another number, not later, not of another authority, not the own edition."""
    by_number = bool(one.number and row["doc_no"])
    if by_number and number_key(row["doc_no"]) != number_key(one.number):
        return False
    mine, theirs = own["published"], row["published"]
    size = min(len(mine), len(theirs))
    if theirs[:size] > mine[:size]:
        return False
    if (
        not by_number
        and not set(names(own["title"])).isdisjoint(names(row["title"]))
        and not (size and theirs[:size] < mine[:size])
    ):
        return False
    if by_number or not (own["issuer"] and row["issuer"]):
        return True
    first, second = (row_["issuer"].split("、") for row_ in (own, row))
    return any(a[:2] == b[:2] for a in first for b in second)
