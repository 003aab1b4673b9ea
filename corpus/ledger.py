"""The ledger: one SQLite database of documents and passages, with a full-text index over segmented text.

The ledger is the truth; the vectors are derived from it. Readers never wait (WAL); writers hold `writing()`'s lock.
The full-text index (corpus.fulltext) has one row a passage: its head (title, headings), text and questions.
"""

from __future__ import annotations

import math
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import cache
from pathlib import Path
from typing import Any

from core.disk import full, is_full, is_out_of_handles, is_shut, no_handles, room_in
from core.errors import Busy, IndexDamaged
from core.settings import not_writable
from core.sqlite import opened
from core.sums import opened as opened_row
from core.sums import summed
from core.types import PUBLIC_SPACE, Passage, Source
from corpus import fulltext, sound
from corpus.fulltext import Filters
from corpus.words import Lexicon, lexicon

SCHEMA = 2
AGAIN_S = 3.0
"""For how long a connection that can only read is used before one that writes is tried again."""
ABOUT = " · "
"""Between a document's title and what a passage is about."""

_TABLES = f"""
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE document (
    document_id TEXT PRIMARY KEY, source_id TEXT NOT NULL, origin TEXT NOT NULL, space TEXT NOT NULL, title TEXT NOT NULL,
    sha256 TEXT NOT NULL, name TEXT NOT NULL, characters INTEGER NOT NULL, added_at TEXT NOT NULL, info TEXT NOT NULL);
CREATE TABLE passage (
    row INTEGER PRIMARY KEY AUTOINCREMENT, passage_id TEXT NOT NULL UNIQUE, document_id TEXT NOT NULL, source_id TEXT NOT NULL, origin TEXT NOT NULL,
    space TEXT NOT NULL, region TEXT NOT NULL, status TEXT NOT NULL, valid_until TEXT, body TEXT NOT NULL);
CREATE INDEX passage_document ON passage (document_id);
CREATE INDEX passage_source ON passage (source_id, origin);
{fulltext.TABLES}CREATE TABLE sound (key TEXT NOT NULL, word TEXT NOT NULL, passages INTEGER NOT NULL);
CREATE INDEX sound_key ON sound (key);
"""
__all__ = ["Document", "Filters", "Ledger", "now"]


@dataclass(frozen=True)
class Document:
    """A document in the ledger: the cards of one source, or one ingested file."""

    document_id: str
    source_id: str
    origin: str
    space: str
    title: str
    sha256: str
    name: str
    characters: int
    added_at: str
    info: dict[str, Any]
    passages: int = 0


class Ledger:
    """Documents, passages and their full-text index in one file."""

    def __init__(self, path: Path, lock_timeout_s: float = 60.0) -> None:
        self.path = path
        self._lock_timeout_s = lock_timeout_s
        self._local = threading.local()
        self._counts = fulltext.Counts()
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists() or path.stat().st_size == 0:
            with self.writing() as db:
                if not db.execute("SELECT 1 FROM sqlite_master WHERE name = 'meta'").fetchone():
                    db.executescript(
                        "BEGIN;"
                        + _TABLES
                        + f"INSERT INTO meta VALUES ('schema', '{SCHEMA}'), ('generation', '0');COMMIT;"
                    )
        try:
            schema = self._upgraded()
            self._db.execute("SELECT count(*) FROM passage_fts WHERE passage_fts MATCH 'x'").fetchone()
        except sqlite3.DatabaseError as exc:
            if is_full(exc, path.parent):
                raise full(path.parent) from exc
            if is_out_of_handles(exc):
                raise no_handles() from exc
            raise IndexDamaged("台账文件损坏，打不开。", f"文件：{path}") from exc
        if schema != str(SCHEMA):
            raise IndexDamaged("台账是另一个版本写的，这个版本不认识。", f"文件：{path}")

    def _upgraded(self) -> str | None:
        """The schema's number, after a ledger of the version before was brought up to this one."""
        if self.meta("schema") == "1":
            with self.writing() as db:
                if self.meta("schema") == "1":
                    db.execute("BEGIN IMMEDIATE")
                    try:
                        _from_1(db)
                        db.execute("COMMIT")
                    except BaseException:
                        db.execute("ROLLBACK")
                        raise
        return self.meta("schema")

    @property
    def connection(self) -> sqlite3.Connection:
        """This thread's connection, for tables that others keep in the same file."""
        return self._db

    @property
    def _db(self) -> sqlite3.Connection:
        db: sqlite3.Connection | None = getattr(self._local, "db", None)
        if db is None or time.monotonic() > self._local.until:
            db, writes = opened(self.path, self._lock_timeout_s)
            db.row_factory = sqlite3.Row
            db.execute("PRAGMA synchronous = NORMAL")
            db.execute("PRAGMA mmap_size = 268435456")
            self._local.db = db
            self._local.until = math.inf if writes else time.monotonic() + AGAIN_S
        return db

    @contextmanager
    def writing(self, timeout_s: float | None = None) -> Iterator[sqlite3.Connection]:
        """Hold the writer's lock across processes; Busy after `timeout_s`, else the settings' `lock_timeout_s`."""
        from filelock import FileLock, Timeout

        try:
            lock = FileLock(str(self.path) + ".lock", timeout=self._lock_timeout_s, is_singleton=True)
            with room_in(self.path.parent), lock.acquire(timeout=timeout_s):
                yield self._db
        except Timeout as exc:
            raise Busy("另一个向导程序正在写入资料库，等了很久还没写完。", "稍后再试，或先关掉另一个程序。") from exc
        except (OSError, sqlite3.OperationalError) as exc:
            if is_shut(exc, self.path.parent):
                raise not_writable(self.path.parent) from exc
            raise

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """The writer's lock and one atomic transaction that raises the generation."""
        with self.writing() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                yield db
                db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:  # where the disk is full, SQLite has ended it
                    db.execute("ROLLBACK")
                raise

    def close(self) -> None:
        db = getattr(self._local, "db", None)
        if db is not None:
            db.close()
            self._local.db = None

    def meta(self, key: str) -> str | None:
        row = self._db.execute("SELECT value FROM meta WHERE key = ?", (key,)).fetchone()
        return row[0] if row else None

    def set_meta(self, key: str, value: str) -> None:
        with self.writing() as db:
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def set_metas(self, values: Mapping[str, str]) -> None:
        """Set several, all or none."""
        with self.writing() as db:
            db.execute("BEGIN IMMEDIATE")
            try:
                db.executemany("INSERT OR REPLACE INTO meta VALUES (?, ?)", values.items())
                db.execute("COMMIT")
            except BaseException:
                if db.in_transaction:
                    db.execute("ROLLBACK")
                raise

    @property
    def generation(self) -> int:
        return int(self.meta("generation") or 0)

    # ---- writing

    def put(
        self, db: sqlite3.Connection, document: Document, passages: Sequence[Passage], source: Source | None = None
    ) -> None:
        """Store a document with its passages inside `transaction()`, replacing what it had. All lie in the document's space."""
        if any(p.space != document.space for p in passages):
            raise ValueError(f"a passage of {document.document_id} lies in another space")
        self.remove(db, document.document_id)
        info = document.info | ({"source": source.__dict__} if source else {})
        db.execute(
            "INSERT INTO document VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (*(columns := beside_info(document)), summed(info, str(columns))),
        )  # fmt: skip
        words, indexed = lexicon(), []
        of_heading = cache(words.tokens)
        for p in passages:
            row = db.execute(
                "INSERT INTO passage (passage_id, document_id, source_id, origin, space, region, status, valid_until, body)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (p.passage_id, document.document_id, p.source_id, p.origin, p.space, p.region, p.status, p.valid_until, _dump(p)),
            ).lastrowid  # fmt: skip
            parts = (*p.title.split(ABOUT), *p.section)
            head = " ".join(token for part in parts for token in of_heading(part))
            body, questions = (" ".join(words.tokens(text)) for text in (p.text, "\n".join(p.questions)))
            indexed.append((row or 0, head, body, questions))
        fulltext.add(db, document.space, indexed)

    def remove(self, db: sqlite3.Connection, document_id: str) -> int:
        """Remove a document inside `transaction()`; the number of passages that went."""
        of_document = "SELECT space, row FROM passage WHERE document_id = ?"
        rows: dict[str, list[int]] = {}
        for space, row in db.execute(of_document, (document_id,)):
            rows.setdefault(space, []).append(row)
        for space, own in rows.items():
            fulltext.remove(db, space, own)
        gone = db.execute("DELETE FROM passage WHERE document_id = ?", (document_id,)).rowcount
        db.execute("DELETE FROM document WHERE document_id = ?", (document_id,))
        return gone

    # ---- reading

    def documents(self, spaces: Sequence[str] | None = None, origin: str | None = None) -> list[Document]:
        """Documents in the given spaces (None: all), each with its number of passages."""
        where, values = _where(spaces, origin)
        rows = self._db.execute(
            "SELECT d.*, (SELECT count(*) FROM passage p WHERE p.document_id = d.document_id) AS passages"
            f" FROM document d WHERE {where} ORDER BY origin, space, source_id",
            values,
        )
        return [Document(**{**dict(r), "info": opened_row(r["info"])}) for r in rows]

    def document(self, document_id: str) -> Document | None:
        row = self._db.execute(
            "SELECT d.*, (SELECT count(*) FROM passage p WHERE p.document_id = d.document_id) AS passages"
            " FROM document d WHERE document_id = ?",
            (document_id,),
        ).fetchone()
        return Document(**{**dict(row), "info": opened_row(row["info"])}) if row else None

    def sources(self, spaces: Sequence[str]) -> Iterator[tuple[Document, Source]]:
        """The documents of these spaces that know their source, bundled knowledge first; `passages` is not counted."""
        where, values = _where(spaces, None)
        for row in self._db.execute(
            f"SELECT * FROM document d WHERE {where} ORDER BY origin, space, source_id", values
        ):
            info = opened_row(row["info"])
            if raw := info.get("source"):
                yield Document(**{**dict(row), "info": info}), Source(**{**raw, "aliases": tuple(raw["aliases"])})

    def passages_of(self, document_id: str, gone: bool = False) -> list[Passage]:
        """A document's passages in their order. gone: also those of clauses that another document took out of it."""
        rows = self._db.execute("SELECT body FROM passage WHERE document_id = ? ORDER BY row", (document_id,))
        found = (_load(r[0]) for r in rows)
        return [p for p in found if gone or not p.tags.get("gone")]

    def passage(self, passage_id: str) -> Passage | None:
        row = self._db.execute("SELECT body FROM passage WHERE passage_id = ?", (passage_id,)).fetchone()
        return _load(row[0]) if row else None

    def passages(self, rows: Iterable[int]) -> dict[int, Passage]:
        """Passages by ledger row."""
        wanted = list(rows)
        marks = ",".join("?" * len(wanted))
        found = self._db.execute(f"SELECT row, body FROM passage WHERE row IN ({marks})", wanted)
        return {r[0]: _load(r[1]) for r in found}

    def all_passages(self) -> Iterator[tuple[int, Passage]]:
        """Every passage with its row, in order."""
        for row, body in self._db.execute("SELECT row, body FROM passage ORDER BY row"):
            yield row, _load(body)

    def rows(self) -> set[int]:
        """The rows of all passages."""
        return {r[0] for r in self._db.execute("SELECT row FROM passage")}

    def rows_after(self, last: int) -> list[int]:
        """The rows of the passages that were written after a row, in order."""
        return [r[0] for r in self._db.execute("SELECT row FROM passage WHERE row > ? ORDER BY row", (last,))]

    def last_row(self) -> int:
        """The row of the passage written last; 0 where there is none."""
        return int(self._db.execute("SELECT coalesce(max(row), 0) FROM passage").fetchone()[0])

    def count(self, what: str) -> int:
        """How many rows `document` or `passage` has."""
        assert what in {"document", "passage"}
        return int(self._db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

    def match(self, tokens: Sequence[str], limit: int, filters: Filters) -> list[tuple[int, float]]:
        """(row, BM25 score, higher is better) of the passages with any of the tokens, best first."""
        return fulltext.match(self._db, tokens, limit, filters, self._counts)

    def allowed(self, rows: Iterable[int], filters: Filters) -> set[int]:
        """Which of these passage rows pass the filters."""
        wanted = list(rows)
        where, values = filters.sql()
        marks = ",".join("?" * len(wanted))
        return {
            r[0]
            for r in self._db.execute(
                f"SELECT row FROM passage p WHERE row IN ({marks}) AND {where}", (*wanted, *values)
            )
        }

    def alike(self, words: Lexicon, stretch: str, whole: bool) -> str | None:
        """The word of the knowledge that a mistyped stretch was meant to be."""
        return sound.alike(self._db, words, stretch, whole)

    def frequencies(self, tokens: Iterable[str], spaces: Sequence[str] = (PUBLIC_SPACE,)) -> dict[str, int]:
        """In how many passages of these spaces each token stands; a token that stands nowhere is left out."""
        return fulltext.frequencies(self._db, tokens, spaces, self._counts)

    def size(self, spaces: Sequence[str] = (PUBLIC_SPACE,)) -> int:
        """How many passages these spaces hold."""
        return fulltext.passages(self._db, spaces)


def beside_info(document: Document) -> tuple[str | int, ...]:
    """The columns of a document that stand before its info."""
    return (
        document.document_id,
        document.source_id,
        document.origin,
        document.space,
        document.title,
        document.sha256,
        document.name,
        document.characters,
        document.added_at,
    )


def now() -> str:
    return datetime.now(timezone.utc).isoformat(timespec="seconds")


def _where(spaces: Sequence[str] | None, origin: str | None) -> tuple[str, list[str]]:
    parts: list[str] = ["1"]
    values: list[str] = []
    if spaces is not None:
        parts.append(f"space IN ({','.join('?' * len(spaces))})")
        values += spaces
    if origin:
        parts.append("origin = ?")
        values.append(origin)
    return " AND ".join(parts), values


def _dump(passage: Passage) -> str:
    return summed(passage.__dict__)


def _load(body: str) -> Passage:
    raw = opened_row(body)
    lists = {name: tuple(raw.get(name) or ()) for name in ("section", "questions", "not_answered")}
    return Passage(**{**raw, **lists})


def _from_1(db: sqlite3.Connection) -> None:
    """A ledger of schema 1 had one full-text table of all spaces, and the words of all in the table of sounds."""
    kept = db.execute(
        "SELECT p.space, p.row, f.head, f.body, f.questions FROM passage p JOIN passage_fts f ON f.rowid = p.row"
    ).fetchall()
    db.execute("DROP TABLE passage_terms")
    db.execute("DROP TABLE passage_fts")
    for statement in filter(str.strip, fulltext.TABLES.split(";")):
        db.execute(statement)
    for space in {row[0] for row in kept}:
        fulltext.add(db, space, (tuple(row[1:]) for row in kept if row[0] == space))
    sound.rebuild(db, lexicon())
    db.execute("UPDATE meta SET value = '2' WHERE key = 'schema'")
    db.execute("UPDATE meta SET value = CAST(value AS INTEGER) + 1 WHERE key = 'generation'")
    db.execute("UPDATE meta SET value = '' WHERE key = 'vectors'")
