"""What all SQLite files of the product share."""

from __future__ import annotations

import sqlite3
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote


def write_ahead(db: sqlite3.Connection, wait_s: float) -> None:
    """Enter the mode in which readers and a writer do not wait for each other.

    SQLite refuses at once where another connection is just writing, however long its timeout; so this waits.

    Raises sqlite3.OperationalError where the file stays locked for `wait_s` seconds.
    """
    until = time.monotonic() + wait_s
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as exc:
            if "locked" not in str(exc) or time.monotonic() > until:
                raise
        time.sleep(0.02)


def opened(path: Path, wait_s: float) -> tuple[sqlite3.Connection, bool]:
    """A connection to a file in that mode, and whether it can write.

    Even reading needs a little file beside it. Where none can be made, on a disk that is full or may only be read, what
    stands in the file is read as it is: nobody else has it open then, or that little file would be there.
    """
    db = _connected(str(path), wait_s)
    try:
        write_ahead(db, wait_s)
        db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
        return db, True
    except sqlite3.OperationalError as exc:
        db.close()
        if "locked" in str(exc) or not path.exists():
            raise
        with suppress(sqlite3.OperationalError):
            return _read_as_it_is(path, wait_s), False
        raise


def _read_as_it_is(path: Path, wait_s: float) -> sqlite3.Connection:
    """A connection that only reads, also what a program that was killed left in the log beside the file."""
    log = path.with_name(f"{path.name}-wal")
    how = "mode=ro" if log.exists() and log.stat().st_size else "mode=ro&immutable=1"
    db = _connected(f"file:{quote(str(path))}?{how}", wait_s, uri=True)
    try:
        db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone()
    except sqlite3.OperationalError:
        db.close()
        raise
    return db


def _connected(where: str, wait_s: float, uri: bool = False) -> sqlite3.Connection:
    return sqlite3.connect(where, timeout=wait_s, isolation_level=None, check_same_thread=False, uri=uri)
