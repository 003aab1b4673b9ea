"""Whether the ledger's file holds what was written to it: its pages, its tables, and each row.

A change that nobody of us made leaves its mark on the file's size or time; then, and for `doctor`, all of it is read.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from core import sums
from core.disk import is_out_of_handles
from core.types import Passage

DOUBTED = [0, 0]
NOTE = ".seen"
"""Behind the ledger's name: how the file looked when it was last known to be sound."""
READ_AT_ONCE = 64 * 2**20
"""A larger ledger is read whole by `doctor` alone: at a start nobody waits for it."""
_TABLES = ("document", "passage", "space", "sound", "passage_fts", "passage_terms")
_NUMBERS = ("generation", "vectors_row", "vectors_generation")


def seems_sound(path: Path) -> bool:
    """Whether the file is as it was last seen, or too large to be read while somebody waits."""
    try:
        noted = _noted(path)[:2]
        return noted == _stat(path) or (path.stat().st_size > READ_AT_ONCE and noted != DOUBTED)
    except OSError:
        return False


def generation_seen(path: Path) -> int:
    """The generation that the ledger had already reached; 0 where that is not known."""
    noted = _noted(path)
    return int(noted[2]) if len(noted) == 3 and str(noted[2]).isdecimal() else 0


def note(path: Path, generation: int) -> None:
    """The file is sound as it is."""
    with suppress(OSError):
        if _noted(path) != (now := [*_stat(path), generation]):
            path.with_name(path.name + NOTE).write_text(json.dumps(now), "utf-8")


def doubt(path: Path) -> None:
    """Something unforeseen has happened: the next who opens the ledger reads all of it."""
    with suppress(OSError):
        if path.exists():
            noted = [*DOUBTED, generation_seen(path)]
            path.with_name(path.name + NOTE).write_text(json.dumps(noted), "utf-8")


def _noted(path: Path) -> list[Any]:
    try:
        noted = json.loads(path.with_name(path.name + NOTE).read_text("utf-8"))
    except (OSError, ValueError):
        return []
    return noted if isinstance(noted, list) else []


def _stat(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def damage(path: Path, wait_s: float = 60.0) -> str:
    """What is wrong with a ledger, in English for the log; empty where nothing is."""
    try:
        with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as db:
            db.execute("BEGIN")  # one state of the file, also while somebody writes
            return next(_wrong(db), "")
    except sqlite3.OperationalError as exc:
        if "locked" in str(exc) or is_out_of_handles(exc):
            return ""
        return str(exc)
    except (sqlite3.Error, ValueError, TypeError, KeyError, AttributeError, OverflowError) as exc:
        return f"{type(exc).__name__}: {exc}"


def _wrong(db: sqlite3.Connection) -> Iterator[str]:
    said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        yield str(said)
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master")}
    yield from (f"no table {name}" for name in _TABLES if name not in there)
    meta = dict(db.execute("SELECT key, value FROM meta"))
    yield from (f"meta {key} is no number" for key in _NUMBERS if not str(meta.get(key, "0")).isdecimal())
    yield from _wrong_rows(db)
    yield from _wrong_words(db)
    for name in ("typed_table",):
        if name in there:
            for (body,) in db.execute(f"SELECT body FROM {name}"):
                if isinstance(json.loads(body), dict) and not sums.holds(body):
                    yield name


def _wrong_rows(db: sqlite3.Connection) -> Iterator[str]:
    known: dict[str, int] = {}
    for document_id, *beside, info in db.execute("SELECT * FROM document"):
        if not isinstance(json.loads(info), dict) or not sums.holds(info, str((document_id, *beside))):
            yield f"document {document_id}"
        known[document_id] = 0
    for row, passage_id, document_id, space, source_id, origin, body in db.execute(
        "SELECT row, passage_id, document_id, space, source_id, origin, body FROM passage"
    ):
        p = read(body)
        same = (p.passage_id, p.space, p.source_id, p.origin) == (passage_id, space, source_id, origin)
        if not same or not sums.holds(body) or not is_as_written(p) or document_id not in known:
            yield f"passage {row}"
        known[document_id] = known.get(document_id, 0) + 1


def _wrong_words(db: sqlite3.Connection) -> Iterator[str]:
    """The full-text tables: as many rows as passages, and each index agreeing with its own rows."""
    counted = dict(db.execute("SELECT space, count(*) FROM passage GROUP BY space"))
    for number, name, passages in db.execute("SELECT number, name, passages FROM space").fetchall():
        table = f"passage_fts_{int(number)}" if number else "passage_fts"
        rows = db.execute(f"SELECT count(*) FROM {table}_docsize").fetchone()[0]
        if not rows == passages == counted.pop(name, 0):
            yield f"{table} has {rows} rows"
        db.execute(f"SELECT rowid, length(head || body || questions) FROM {table}").fetchall()
        db.execute(f"SELECT count(*), sum(cnt) FROM passage_terms{f'_{int(number)}' if number else ''}").fetchall()
    yield from (f"space {name!r} is not known" for name in counted)


def read(body: str) -> Passage:
    """A passage as a row keeps it. Raises ValueError, TypeError or KeyError where it is none."""
    raw = sums.opened(body)
    lists = {name: tuple(raw.get(name) or ()) for name in ("section", "questions", "not_answered")}
    return Passage(**{**raw, **lists})


def is_as_written(passage: Passage) -> bool:
    """Whether a passage's text is the one that its digest was taken of."""
    of_card = f"{passage.title}\n{passage.text}"
    texts = (passage.text, of_card, f"{of_card}\n")
    return not passage.sha256 or passage.sha256 in (hashlib.sha256(text.encode()).hexdigest() for text in texts)
