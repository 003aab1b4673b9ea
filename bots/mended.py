"""The mailbox's file read whole before it is used: set aside where it is damaged, and what can still be read of it taken over."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from core import mending
from core.sums import holds

log = logging.getLogger(__name__)
_JSON = {
    "letter": ("body",), "part": (), "menu": ("entries",), "talk": (), "step": (), "joined": (), "passing": (),
    "trace": ("documents", "answer"),
}  # fmt: skip
"""The tables of a mailbox, in the order in which they refer to each other, each with its columns of JSON."""


def set_damaged_aside(path: Path, wait_s: float) -> None:
    """Move a damaged mailbox out of the way."""
    if said := mending.wrong(path, _JSON if _is_filled(path, wait_s) else {}, wait_s) or _changed(path, wait_s):
        log.warning("%s: %s", path, said)
        mending.set_aside(path)


def mended(path: Path) -> list[str]:
    """A sentence about each damaged mailbox, of which what can be read is taken over into the present one."""
    with closing(sqlite3.connect(path)) as db:
        columns = {name: [row[1] for row in db.execute(f"PRAGMA table_info({name})")] for name in _JSON}

    def fits(table: str, row: Sequence[Any]) -> bool:
        body = row[columns[table].index("body")] if table == "letter" else ""
        return not body or holds(body)

    return mending.mended(
        path, "机器人存消息的文件", lambda aside: mending.take_over(path, aside, _JSON, columns, fits)
    )


def _changed(path: Path, wait_s: float) -> str:
    """The first message that does not say what came in."""
    if not _is_filled(path, wait_s):
        return ""
    with suppress(sqlite3.OperationalError), closing(sqlite3.connect(path, timeout=wait_s)) as db:
        for id, body in db.execute("SELECT id, body FROM letter WHERE body != ''"):
            if not holds(body):
                return f"message {id} is not as it came in"
    return ""


def _is_filled(path: Path, wait_s: float) -> bool:
    """Whether a mailbox has tables: a file of before its first message need have none."""
    if not path.is_file():
        return False
    try:
        with closing(sqlite3.connect(path, timeout=wait_s)) as db:
            return db.execute("SELECT 1 FROM sqlite_master LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return True
