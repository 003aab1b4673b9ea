"""Which documents are versions of one another: named as replaced, alike in text, or of one yearly series.

Likeness is the Jaccard similarity of the sets of six-character runs, estimated from their smallest hashes (bottom-k
sketches, Cohen and Kaplan 2007). Only documents of one space are linked; nothing is said across spaces.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from core.text import bare
from core.types import Source

Kind = Literal["replaces", "same"]
RUN = 6
KEPT = 64
SAME = 0.85
COMMON = 20
"""A run of text that stands in more documents than this is a phrase of the trade."""
"""From this likeness on, two texts are one document or two versions of it."""
_TABLES = (
    "CREATE TABLE IF NOT EXISTS identity (document_id TEXT PRIMARY KEY, space TEXT NOT NULL, title TEXT NOT NULL, series TEXT NOT NULL,"
    " doc_no TEXT NOT NULL, issuer TEXT NOT NULL, published TEXT NOT NULL, kind TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS identity_series ON identity (space, series)",
    "CREATE INDEX IF NOT EXISTS identity_number ON identity (space, doc_no)",
    "CREATE TABLE IF NOT EXISTS sketch (hash INTEGER NOT NULL, document_id TEXT NOT NULL, space TEXT NOT NULL)",
    "CREATE INDEX IF NOT EXISTS sketch_hash ON sketch (hash, space)",
    "CREATE INDEX IF NOT EXISTS sketch_document ON sketch (document_id)",
    "CREATE TABLE IF NOT EXISTS link (document_id TEXT NOT NULL, other_id TEXT NOT NULL, kind TEXT NOT NULL, reason TEXT NOT NULL,"
    " confidence REAL NOT NULL, PRIMARY KEY (document_id, other_id))",
)
_YEARS = re.compile(
    r"(?:19|20)\d{2}(?:[—–-](?:19|20)\d{2})?年?度?版?|\(试行\)|（试行）|\(?修订版?\)?|修改版|[(（](?:征求意见稿|最新)[)）]"
)
_LISTS = re.compile(r"名单|公示|公告|通报|结果")


@dataclass(frozen=True)
class Link:
    """document_id is the newer version of other_id, or the same document again; reason: in Chinese."""

    document_id: str
    other_id: str
    kind: Kind
    reason: str
    confidence: float


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables where there are none."""
    if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'link'").fetchone():
        for statement in _TABLES:
            db.execute(statement)


def sketch(text: str) -> list[int]:
    """The smallest hashes of a text's six-character runs, sorted; at most `KEPT`."""
    codes = np.frombuffer(bare(text).encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < RUN:
        return []
    hashes = np.zeros(len(codes) - RUN + 1, dtype=np.uint64)
    for at in range(RUN):
        hashes = (hashes + codes[at : len(codes) - RUN + 1 + at]) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(29)
    hashes >>= np.uint64(2)
    least = np.partition(hashes, 4 * KEPT)[: 4 * KEPT] if len(hashes) > 4 * KEPT else hashes
    smallest = np.unique(least)
    return [int(h) for h in (smallest if len(smallest) >= KEPT else np.unique(hashes))[:KEPT]]


def sketch_of(db: sqlite3.Connection, document_id: str) -> list[int]:
    """The sketch of a noted document, sorted; empty where there is none."""
    rows = db.execute("SELECT hash FROM sketch WHERE document_id = ? ORDER BY hash", (document_id,))
    return [row[0] for row in rows]


def likeness(one: Sequence[int], other: Sequence[int]) -> float:
    """The Jaccard similarity that two sketches tell, 0-1."""
    union = sorted({*one, *other})[:KEPT]
    both = {*one} & {*other}
    return sum(h in both for h in union) / len(union) if union else 0.0


def series(title: str) -> str:
    """A title without years and edition marks: what a document of each year has in common."""
    return _YEARS.sub("", bare(title))


def note(db: sqlite3.Connection, document_id: str, space: str, source: Source, hashes: Iterable[int]) -> None:
    """Keep what a document is recognised by, inside the transaction that writes it."""
    forget(db, document_id, links=False)
    db.execute(
        "INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (document_id, space, bare(source.title), series(source.title), source.doc_no or "", source.issuer, source.published, source.kind),
    )  # fmt: skip
    db.executemany("INSERT INTO sketch VALUES (?, ?, ?)", [(h, document_id, space) for h in hashes])


def forget(db: sqlite3.Connection, document_id: str, links: bool = True) -> None:
    """Drop what a document is recognised by, and its links."""
    db.execute("DELETE FROM identity WHERE document_id = ?", (document_id,))
    db.execute("DELETE FROM sketch WHERE document_id = ?", (document_id,))
    if links:
        db.execute("DELETE FROM link WHERE ? IN (document_id, other_id)", (document_id,))


def connect(db: sqlite3.Connection, document_id: str, replaces: Iterable[tuple[str, str]]) -> set[str]:
    """Find a noted document's links anew and keep them; the documents whose standing that may change."""
    touched = {
        link.other_id if link.document_id == document_id else link.document_id for link in links(db, document_id)
    }
    db.execute("DELETE FROM link WHERE ? IN (document_id, other_id)", (document_id,))
    own = db.execute("SELECT * FROM identity WHERE document_id = ?", (document_id,)).fetchone()
    found: dict[str, Link] = {}
    for link in (*_named(db, own, replaces), *_alike(db, own), *_of_series(db, own)):
        other = link.other_id if link.document_id == document_id else link.document_id
        if other not in found or found[other].confidence < link.confidence:
            found[other] = link
    rows = [(x.document_id, x.other_id, x.kind, x.reason, x.confidence) for x in found.values()]
    db.executemany("INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?)", rows)
    return touched | set(found)


def links(db: sqlite3.Connection, document_id: str) -> list[Link]:
    """A document's links, the surest first."""
    rows = db.execute("SELECT * FROM link WHERE ? IN (document_id, other_id) ORDER BY confidence DESC", (document_id,))
    return [Link(*row) for row in rows]


def successor(db: sqlite3.Connection, document_id: str) -> Link | None:
    """The link to the document that replaces this one."""
    row = db.execute(
        "SELECT * FROM link WHERE other_id = ? AND kind = 'replaces' ORDER BY confidence DESC LIMIT 1", (document_id,)
    ).fetchone()
    return Link(*row) if row else None


def _named(db: sqlite3.Connection, own: sqlite3.Row, replaces: Iterable[tuple[str, str]]) -> Iterable[Link]:
    """Documents that this one says it ends."""
    for title, number in replaces:
        rows = db.execute(
            "SELECT document_id FROM identity WHERE space = ? AND document_id != ? AND ((doc_no != '' AND doc_no = ?) OR title = ?"
            " OR title LIKE ?)",
            (own["space"], own["document_id"], number, bare(title), f"%印发《{bare(title)}》%"),
        )
        for row in rows.fetchall():
            yield Link(own["document_id"], row[0], "replaces", f"文中写明《{title}》废止", 0.95)


def _alike(db: sqlite3.Connection, own: sqlite3.Row) -> Iterable[Link]:
    """Documents whose text is nearly this one's: the later one is the new version.

    Runs that stand in many documents, such as phrases of the trade, are not followed: those that do not are shared as well.
    """
    hashes = sketch_of(db, own["document_id"])
    some = "SELECT 1 FROM sketch WHERE hash = own.hash AND space = own.space LIMIT ?"
    found = db.execute(
        f"SELECT hash FROM sketch AS own WHERE document_id = ? AND (SELECT count(*) FROM ({some})) <= ?",
        (own["document_id"], COMMON + 1, COMMON),
    )
    rare = [r[0] for r in found]
    marks = ",".join("?" * len(rare))
    rows = db.execute(
        f"SELECT document_id, count(*) AS shared FROM sketch WHERE hash IN ({marks}) AND space = ? AND document_id != ?"
        " GROUP BY document_id HAVING shared * 2 >= ? ORDER BY shared DESC LIMIT 20",
        (*rare, own["space"], own["document_id"], len(rare)),
    ).fetchall()  # fmt: skip
    for document_id, _ in rows:
        alike = likeness(hashes, sketch_of(db, document_id))
        if alike >= SAME:
            other = db.execute("SELECT * FROM identity WHERE document_id = ?", (document_id,)).fetchone()
            yield _ordered(own, other, f"正文有{alike:.0%}相同", round(alike, 2))


def _of_series(db: sqlite3.Connection, own: sqlite3.Row) -> Iterable[Link]:
    """Documents of the same title but for the year, from the same authority, and those of the same number."""
    rows = db.execute(
        "SELECT * FROM identity WHERE space = ? AND document_id != ? AND ((series = ? AND length(series) >= 8) OR (doc_no != '' AND doc_no = ?))",
        (own["space"], own["document_id"], own["series"], own["doc_no"]),
    ).fetchall()
    for other in rows:
        if other["doc_no"] and other["doc_no"] == own["doc_no"] and other["issuer"] == own["issuer"]:
            yield Link(own["document_id"], other["document_id"], "same", f"发文字号相同（{own['doc_no']}）", 0.9)
        elif _is_series(own) and _year(own) and _year(other) and _year(own) != _year(other):
            same = bool(own["issuer"]) and own["issuer"] == other["issuer"]
            link = _ordered(own, other, "标题只差年份", 0.8 if same else 0.65)
            if same or not (own["issuer"] and other["issuer"]):
                yield link


def _is_series(row: sqlite3.Row) -> bool:
    """A list of one year does not end that of the year before."""
    return row["kind"] in {"notice", "policy", "guide", "standard"} and not _LISTS.search(row["title"])


def _year(row: sqlite3.Row) -> str:
    """The year that a document is for, from its title, else the year it was issued in."""
    found = re.search(r"(?:19|20)\d{2}", row["title"])
    return found[0] if found else row["published"][:4]


def _when(row: sqlite3.Row) -> str:
    return row["published"] or _year(row)


def _ordered(own: sqlite3.Row, other: sqlite3.Row, reason: str, confidence: float) -> Link:
    """The later one replaces the earlier; the same document where nothing tells them apart in time."""
    mine, theirs = _when(own), _when(other)
    if not mine or not theirs or mine == theirs:
        return Link(own["document_id"], other["document_id"], "same", reason, confidence)
    newer, older = (own, other) if mine > theirs else (other, own)
    years = f"{_year(newer)}年的替代{_year(older)}年的，" if _year(newer) != _year(older) else ""
    return Link(newer["document_id"], older["document_id"], "replaces", years + reason, confidence)
