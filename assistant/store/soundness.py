"""The store's file read whole: whether it is sound, and what can still be read of one that is not."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import JSON

from assistant.store import digests
from assistant.store.tables import Table
from core import mending

_TABLES = Table.metadata.sorted_tables
_JSON = {table.name: [column.name for column in table.columns if isinstance(column.type, JSON)] for table in _TABLES}
_COVERED = {table.name: digests.covered(table) for table in _TABLES}
_COLUMNS = {table.name: [column.name for column in table.columns] for table in _TABLES}


def wrong(path: Path, wait_s: float, version: str) -> str:
    """What is wrong with a file, in English for the log; empty where nothing is, or where another program holds it."""
    if said := mending.wrong(path, {}, wait_s):
        return said
    if not path.exists() or not path.stat().st_size:
        return ""
    kept = _version(path, wait_s)
    if kept is None:
        return _without_version(path, wait_s)
    if not kept.isdecimal():
        return "no such version"
    if kept != version:
        return ""  # the migrations know what to do with another
    return mending.wrong(path, _JSON, wait_s) or _changed(path, wait_s)


def _changed(path: Path, wait_s: float) -> str:
    """The first row that does not say what was written."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=wait_s)) as db:
        for table, columns in _COLUMNS.items():
            for rowid, *row in db.execute(f"SELECT rowid, {','.join(columns)} FROM {table} WHERE digest != ''"):
                if not _fits(table, row):
                    return f"row {rowid} of {table} is not as it was written"
    return ""


def _fits(table: str, row: Sequence[Any]) -> bool:
    """Whether a row says what was written; of one that has no digest that is not known."""
    values = dict(zip(_COLUMNS[table], row, strict=True))
    wanted = values[digests.COLUMN]
    try:
        return not wanted or wanted == digests.of_stored(_COVERED[table], [values[c.name] for c in _COVERED[table]])
    except (ValueError, TypeError):
        return False


def _version(path: Path, wait_s: float) -> str | None:
    """The version of a store's tables; None where it has none."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=wait_s)) as db:
        row = db.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None
    return None


def _without_version(path: Path, wait_s: float) -> str:
    """What is wrong with a file that names no version: one of before there were any has turns alone."""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=wait_s)) as db:
        there = {row[0] for row in db.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if "person" in there or (there and "turn" not in there):
            return "no version, or another program's tables"
    return ""


def take_over(path: Path, aside: Path) -> int:
    """Copy into a new file every row of the old one that can be read and fits; how many they were."""
    return mending.take_over(path, aside, _JSON, _COLUMNS, _fits)
