"""Conversations: what was asked and answered, by session, in one SQLite file of the data folder."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

_TABLE = """CREATE TABLE IF NOT EXISTS turn (
    id INTEGER PRIMARY KEY AUTOINCREMENT, session TEXT NOT NULL, asked_at TEXT NOT NULL DEFAULT CURRENT_TIMESTAMP,
    question TEXT NOT NULL, standalone TEXT NOT NULL, answer TEXT NOT NULL, tool TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS turn_session ON turn (session, id);"""


@dataclass(frozen=True)
class Call:
    """A tool that ran in a turn. asks: what it asked back for, most useful first; asked: how often the user was asked.

    pending: the question of an assessment that waits for its answer.
    """

    tool: str
    arguments: dict[str, Any]
    asks: tuple[str, ...] = ()
    asked: int = 0
    pending: str = ""


@dataclass(frozen=True)
class Turn:
    """One question and its answer. standalone: the question as it was understood; call: the tool that ran."""

    question: str
    standalone: str
    answer: str
    call: Call | None = None


def _call(kept: str) -> Call | None:
    if not kept:
        return None
    raw = json.loads(kept)
    return Call(raw["tool"], raw["arguments"], tuple(raw["asks"]), raw["asked"], raw.get("pending", ""))


class History:
    """Turns by session. Without a path they live in memory only."""

    def __init__(self, path: Path | None = None) -> None:
        self._path = path
        self._memory: dict[str, list[Turn]] = {}

    def _open(self) -> sqlite3.Connection:
        assert self._path
        self._path.parent.mkdir(parents=True, exist_ok=True)
        db = sqlite3.connect(self._path, timeout=30)
        db.execute("PRAGMA journal_mode = WAL")
        db.executescript(_TABLE)
        return db

    def turns(self, session: str | None, limit: int = 8) -> list[Turn]:
        """The last turns of a session, oldest first."""
        if not session:
            return []
        if not self._path:
            return self._memory.get(session, [])[-limit:]
        with closing(self._open()) as db:
            query = "SELECT question, standalone, answer, tool FROM turn WHERE session = ? ORDER BY id DESC LIMIT ?"
            rows = db.execute(query, (session, limit)).fetchall()
        return [
            Turn(question, standalone, answer, _call(kept)) for question, standalone, answer, kept in reversed(rows)
        ]

    def add(self, session: str | None, turn: Turn) -> None:
        """Keep a turn; without a session nothing is kept."""
        if not session:
            return
        if not self._path:
            self._memory.setdefault(session, []).append(turn)
            return
        with closing(self._open()) as db, db:
            db.execute(
                "INSERT INTO turn (session, question, standalone, answer, tool) VALUES (?, ?, ?, ?, ?)",
                (
                    session,
                    turn.question,
                    turn.standalone,
                    turn.answer,
                    json.dumps(asdict(turn.call)) if turn.call else "",
                ),
            )

    def sessions(self) -> list[str]:
        """Every session that is kept, oldest first."""
        if not self._path:
            return list(self._memory)
        if not self._path.exists():
            return []
        with closing(self._open()) as db:
            return [row[0] for row in db.execute("SELECT session FROM turn GROUP BY session ORDER BY min(id)")]

    def forget(self, session: str) -> None:
        """Delete a session's turns."""
        self._memory.pop(session, None)
        if self._path and self._path.exists():
            with closing(self._open()) as db, db:
                db.execute("DELETE FROM turn WHERE session = ?", (session,))
