"""Which documents are versions of one another or change one another: as one says, alike in text, or of one yearly series.

What a document says of others (ingest.amendments) is kept with it and by the names that it uses, so that it does not matter which
of two comes first: a link is made when the second one comes, from what both say then.

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
from corpus.naming import names, number_key
from ingest.amendments.amendment import CLAUSES, Amendment, Change
from ingest.amendments.meant import amendments_of, identity_of, info_of, meant

Kind = Literal["replaces", "same", "ends", "amends", "extends"]
DOES: dict[str, str] = {"replaces": "替代", "ends": "废止", "amends": "修改", "extends": "延长"}
"""What a link says that the one document does to the other."""
RUN = 6
KEPT = 64
SAME = 0.85
COMMON = 20
"""A run of text that stands in more documents than this is a phrase of the trade."""
"""From this likeness on, two texts are one document or two versions of it."""
_BY_OTHER = "CREATE INDEX IF NOT EXISTS link_other ON link (other_id, kind)"
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
    "CREATE TABLE IF NOT EXISTS named (key TEXT NOT NULL, space TEXT NOT NULL, document_id TEXT NOT NULL, own INTEGER NOT NULL)",
    "CREATE INDEX IF NOT EXISTS named_key ON named (key, space)",
    "CREATE INDEX IF NOT EXISTS named_document ON named (document_id)",
    _BY_OTHER,
)
"""Of `named` the rows with own = 1 are the names and the number of a document itself, the others those that it uses of others."""
_YEARS = re.compile(
    r"[(（](?:19|20)\d{2}年?(?:修订|修正|修改|新)[版本稿]?[)）]|(?:19|20)\d{2}(?:[—–-](?:19|20)\d{2})?年?度?版?|\(试行\)|（试行）|\(?修订版?\)?|修改版|[(（](?:征求意见稿|最新)[)）]"
)
_REVISED = re.compile(r"关于(?:修订|重新)(?:后的)?印发(?:修订后的)?")
_ISSUED = re.compile(r"^[\u4e00-\u9fff、()]{2,60}?(?=关于)")
_LISTS = re.compile(
    r"名单|公示|公告|通报|结果|关于(?:修改|调整|更正|废止|宣布失效|停止执行|延长|延期)|有效期|继续有效|补充通知|清理"
)
_ORDER: dict[str, int] = {"replaces": 3, "ends": 3, "amends": 2, "extends": 1}


@dataclass(frozen=True)
class Link:
    """document_id replaces, ends, amends or extends other_id, or is the same document again; reason: in Chinese."""

    document_id: str
    other_id: str
    kind: Kind
    reason: str
    confidence: float


def prepare(db: sqlite3.Connection) -> None:
    """Make the tables where there are none; documents that were there before get their names."""
    there = {
        row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE name IN ('named_document', 'link_other')")
    }
    if "named_document" in there:
        if "link_other" not in there:
            db.execute(_BY_OTHER)
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        for statement in _TABLES:
            db.execute(statement)
        for row in db.execute("SELECT document_id, space, title, doc_no FROM identity").fetchall():
            db.execute(
                "UPDATE identity SET series = ? WHERE document_id = ?", (series(row["title"]), row["document_id"])
            )
            _name(db, row["document_id"], row["space"], {*names(row["title"]), number_key(row["doc_no"])}, own=True)
        db.execute("COMMIT")
    except BaseException:
        db.execute("ROLLBACK")
        raise


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
    """A title without years, edition marks and its organ's name: what a document of each year has in common."""
    return _ISSUED.sub("", _YEARS.sub("", _REVISED.sub("关于印发", bare(title))))


def note(
    db: sqlite3.Connection,
    document_id: str,
    space: str,
    source: Source,
    hashes: Iterable[int],
    amendments: Sequence[Amendment] = (),
) -> None:
    """Keep what a document is recognised by, and what it calls others, inside the transaction that writes it."""
    forget(db, document_id, links=False)
    db.execute(
        "INSERT INTO identity VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        (document_id, space, bare(source.title), series(source.title), source.doc_no or "", source.issuer, source.published, source.kind),
    )  # fmt: skip
    db.executemany("INSERT INTO sketch VALUES (?, ?, ?)", [(h, document_id, space) for h in hashes])
    _name(db, document_id, space, {*names(source.title), number_key(source.doc_no or "")}, own=True)
    others = {name for one in amendments for name in (*names(one.title), number_key(one.number))}
    _name(db, document_id, space, others, own=False)


def _name(db: sqlite3.Connection, document_id: str, space: str, keys: Iterable[str], own: bool) -> None:
    db.executemany("INSERT INTO named VALUES (?, ?, ?, ?)", [(key, space, document_id, own) for key in keys if key])


def forget(db: sqlite3.Connection, document_id: str, links: bool = True) -> None:
    """Drop what a document is recognised by, and its links."""
    for table in ("identity", "sketch", "named"):
        db.execute(f"DELETE FROM {table} WHERE document_id = ?", (document_id,))
    if links:
        _unlink(db, document_id)


def connect(db: sqlite3.Connection, document_id: str, gone: Iterable[str] = ()) -> set[str]:
    """Find a noted document's links anew and keep them; the documents whose standing that may change.

    Those that name it are looked at as well: it may be the one that they mean rather than another. gone: those that name one
    that was forgotten.
    """
    touched = _connected(db, document_id)
    for other in dict.fromkeys((*gone, *namers(db, document_id))):
        before = set(links(db, other))
        _connected(db, other)
        touched |= {one for link in before ^ set(links(db, other)) for one in (link.document_id, link.other_id)}
    return touched - {document_id}


def namers(db: sqlite3.Connection, document_id: str) -> list[str]:
    """The documents that say something of a document of this one's names or number."""
    rows = db.execute(
        "SELECT DISTINCT other.document_id FROM named AS own JOIN named AS other ON other.key = own.key AND other.space = own.space"
        " WHERE own.document_id = ? AND own.own AND NOT other.own AND other.document_id != own.document_id ORDER BY 1",
        (document_id,),
    )
    return [row[0] for row in rows]


def _connected(db: sqlite3.Connection, document_id: str) -> set[str]:
    """Find the links of one document; the others that it had and has."""
    touched = {
        link.other_id if link.document_id == document_id else link.document_id for link in links(db, document_id)
    }
    _unlink(db, document_id)
    own = identity_of(db, document_id)
    if own is None:
        return touched
    named_by = (link for other in namers(db, document_id) for link in _named(db, other) if link.other_id == document_id)
    found: dict[str, Link] = {}
    for link in (*_named(db, document_id), *named_by, *_alike(db, own), *_of_series(db, own)):
        other = link.other_id if link.document_id == document_id else link.document_id
        if other not in found or found[other].confidence < link.confidence:
            found[other] = link
    rows = [(x.document_id, x.other_id, x.kind, x.reason, x.confidence) for x in found.values()]
    db.executemany("INSERT OR REPLACE INTO link VALUES (?, ?, ?, ?, ?)", rows)
    return touched | set(found)


def _unlink(db: sqlite3.Connection, document_id: str) -> None:
    """Drop a document's links. Two conditions with an index each: `? IN (one, other)` would read the whole table."""
    db.execute("DELETE FROM link WHERE document_id = ? OR other_id = ?", (document_id, document_id))


def links(db: sqlite3.Connection, document_id: str) -> list[Link]:
    """A document's links, the surest first."""
    rows = db.execute(
        "SELECT * FROM link WHERE document_id = ? OR other_id = ? ORDER BY confidence DESC", (document_id, document_id)
    )
    return [Link(*row) for row in rows]


def successor(db: sqlite3.Connection, document_id: str) -> Link | None:
    """The link to the document that replaces this one."""
    row = db.execute(
        "SELECT * FROM link WHERE other_id = ? AND kind = 'replaces' ORDER BY confidence DESC LIMIT 1", (document_id,)
    ).fetchone()
    return Link(*row) if row else None


def said_of(db: sqlite3.Connection, document_id: str) -> list[Change]:
    """What other documents do to a document, in the order of their days."""
    by = [link.document_id for link in links(db, document_id) if link.other_id == document_id and link.kind in _ORDER]
    own = {row[0] for row in db.execute("SELECT key FROM named WHERE document_id = ? AND own", (document_id,))}
    found: list[tuple[str, str, list[Change]]] = []
    for other in by:
        info = info_of(db, other)
        source = Source(**{**info["source"], "aliases": tuple(info["source"]["aliases"])})
        changes = [
            Change(source, one, one.since or source.valid_from or source.published)
            for one in amendments_of(info)
            if own.intersection((*names(one.title), number_key(one.number))) and document_id in meant(db, other, one)
        ]
        found.append((source.published, other, changes))
    return [change for _, _, changes in sorted(found, key=lambda one: one[:2]) for change in changes]


def _named(db: sqlite3.Connection, document_id: str) -> Iterable[Link]:
    """Documents of which this one says something: the weightiest thing that it says of each."""
    said: dict[str, list[Amendment]] = {}
    for one in amendments_of(info_of(db, document_id)):
        for other in meant(db, document_id, one):
            said.setdefault(other, []).append(one)
    for other, several in said.items():
        kinds = {one.kind if one.kind in _ORDER else "amends": one for one in several}
        kind = max(kinds, key=lambda kind: _ORDER[kind])
        yield Link(document_id, other, kind, _reason(kind, kinds[kind], several), 0.95)  # type: ignore[arg-type]


def _reason(kind: str, one: Amendment, several: Sequence[Amendment]) -> str:
    whom = f"《{one.title}》" if one.title else one.number
    if kind in {"replaces", "ends"}:
        return f"文中写明{whom}{one.new or '废止'}"
    changed = [a for a in several if a.kind in CLAUSES]
    longer = [a for a in several if a.kind == "extends"]
    parts = []
    if changed:
        count = f"，{len(changed)}处" if changed[0].kind != "unclear" else ""
        parts.append(f"文中写明修改{whom}{count}")
    if longer:
        what = "申报时间" if longer[0].clause else "有效期"
        parts.append(f"文中写明{whom}{what}延长" if longer[0].new else f"文中写明{whom}继续有效")
    return "；".join(parts)


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
            other = identity_of(db, document_id)
            assert other
            yield _ordered(own, other, f"正文有{alike:.0%}相同", round(alike, 2))


def _of_series(db: sqlite3.Connection, own: sqlite3.Row) -> Iterable[Link]:
    """Documents of the same title but for the year, from the same authority, and those of the same number."""
    rows = db.execute(  # the space stands in both halves, so that each has an index
        "SELECT * FROM identity WHERE document_id != ? AND ((space = ? AND series = ? AND length(series) >= 8)"
        " OR (space = ? AND doc_no != '' AND doc_no = ?))",
        (own["document_id"], own["space"], own["series"], own["space"], own["doc_no"]),
    ).fetchall()
    for other in rows:
        if other["doc_no"] and other["doc_no"] == own["doc_no"] and other["issuer"] == own["issuer"]:
            yield Link(own["document_id"], other["document_id"], "same", f"发文字号相同（{own['doc_no']}）", 0.9)
        elif _is_series(own) and _year(own) and _year(other) and _year(own) != _year(other):
            same = bool(own["issuer"]) and own["issuer"] == other["issuer"]
            alike = _organ(own) == _organ(other)
            if same or (alike and not (own["issuer"] and other["issuer"])):
                yield _ordered(own, other, "标题只差年份", 0.8 if same else 0.65)


def _organ(row: sqlite3.Row) -> str:
    """The organ that a title begins with: 样例市工业和信息化局 of 样例市工业和信息化局关于…."""
    found = _ISSUED.match(row["title"])
    return found[0] if found else ""


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
