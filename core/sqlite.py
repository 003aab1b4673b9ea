"""What all SQLite files of the product share."""

from __future__ import annotations

import sqlite3
import time


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
