"""The store's file read whole: whether it is sound, and what can still be read of one that is not."""

from __future__ import annotations

import json
import logging
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import JSON

from assistant.store.tables import Table

log = logging.getLogger(__name__)
ASIDE = "damaged-"
_JSON = {
    table.name: [column.name for column in table.columns if isinstance(column.type, JSON)]
    for table in Table.metadata.sorted_tables
}


def wrong(path: Path, wait_s: float, version: str) -> str:
    """What is wrong with a file, in English for the log; empty where nothing is, or where another program holds it."""
    if path.is_dir():
        return "a folder stands in its place"
    if not path.exists() or not path.stat().st_size:
        return ""
    try:
        with closing(sqlite3.connect(path, timeout=wait_s, isolation_level=None)) as db:
            return next(_wrong(db, version), "")
    except sqlite3.Error as exc:
        said = str(exc)
        return said if "malformed" in said or "not a database" in said or "no such" in said else ""


def _wrong(db: sqlite3.Connection, version: str) -> Iterator[str]:
    said = db.execute("PRAGMA quick_check(1)").fetchone()[0]
    if said != "ok":
        yield str(said)
    there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    if "alembic_version" not in there:
        if there & _JSON.keys() and "person" in there:
            yield "no version"
        return
    if db.execute("SELECT version_num FROM alembic_version").fetchall() != [(version,)]:
        return  # the migrations know what to do with it
    for name, columns in _JSON.items():
        if name not in there:
            yield f"no table {name}"
        for column in columns:
            if db.execute(
                f"SELECT 1 FROM {name} WHERE {column} IS NOT NULL AND NOT json_valid({column}) LIMIT 1"
            ).fetchone():
                yield f"{name}.{column} is no JSON"


def set_aside(path: Path) -> Path:
    """Move a damaged file out of the way, with what lies beside it."""
    aside = path.with_name(f"{path.stem}.{ASIDE}{uuid.uuid4().hex[:8]}{path.suffix}")
    for suffix in ("", "-wal", "-shm"):
        part = path.with_name(path.name + suffix)
        if part.exists():
            part.replace(aside.with_name(aside.name + suffix))
    return aside


def take_over(path: Path, aside: Path) -> int:
    """Copy into a new file every row of the old one that can be read and fits; how many they were."""
    count = 0
    if not aside.is_file():
        return 0
    with closing(sqlite3.connect(path, isolation_level=None)) as new, closing(sqlite3.connect(aside)) as old:
        new.execute("PRAGMA foreign_keys = ON")
        for table in Table.metadata.sorted_tables:
            names = [column.name for column in table.columns]
            marks, columns = ",".join("?" * len(names)), ",".join(f'"{name}"' for name in names)
            for row in _rows(old, table.name, columns):
                with suppress(sqlite3.Error, ValueError, TypeError):
                    for name, value in zip(names, row, strict=True):
                        if name in _JSON[table.name] and value is not None:
                            json.loads(value)
                    new.execute(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', row)
                    count += 1
    return count


def _rows(db: sqlite3.Connection, table: str, columns: str) -> Iterator[Any]:
    """The rows of a table that can be read, first in the order they lie in, then singly behind what is damaged."""
    last, most = 0, 0
    with suppress(sqlite3.Error):
        most = db.execute(f'SELECT max(rowid) FROM "{table}"').fetchone()[0] or 0
    try:
        for rowid, *row in db.execute(f'SELECT rowid, {columns} FROM "{table}" ORDER BY rowid'):
            last = rowid
            yield row
    except (sqlite3.Error, TypeError) as exc:
        log.warning("%s cannot be read whole: %s", table, exc)
        for rowid in range(last + 1, min(most, last + 100_000) + 1):
            with suppress(sqlite3.Error):
                for row in db.execute(f'SELECT {columns} FROM "{table}" WHERE rowid = ?', (rowid,)).fetchall():
                    yield row
