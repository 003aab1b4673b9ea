"""What came in and what goes out, kept in the data folder so that a process killed at any moment loses and doubles nothing.

A message is accepted in one transaction before the app is told that it arrived; its reply is written down whole before its
first part is sent. What has been answered is emptied at once and its id forgotten after some days.
"""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bots.message import Incoming, Part, incoming_from_json, part_from_row, part_to_row
from core.sqlite import write_ahead

WAIT_S = 30
REMEMBERED_S = 3 * 86400
"""How long the ids of answered messages are kept; Telegram delivers none that is older than a day."""
MENUS_KEPT_S = 30 * 86400
PER_CONVERSATION = 20
"""How many messages of one conversation may wait; those beyond are answered with a request to wait."""

_TABLES = """
CREATE TABLE IF NOT EXISTS letter (
    id INTEGER PRIMARY KEY AUTOINCREMENT, app TEXT NOT NULL, message TEXT NOT NULL, conversation TEXT NOT NULL,
    body TEXT NOT NULL, received REAL NOT NULL, state TEXT NOT NULL DEFAULT 'waiting', attempts INTEGER NOT NULL DEFAULT 0,
    holder TEXT, before TEXT, ends INTEGER NOT NULL DEFAULT 0, beyond INTEGER NOT NULL DEFAULT 0, UNIQUE (app, message));
CREATE INDEX IF NOT EXISTS letter_open ON letter (conversation, id) WHERE state != 'done';
CREATE TABLE IF NOT EXISTS part (
    letter INTEGER NOT NULL REFERENCES letter (id), ordinal INTEGER NOT NULL, body TEXT NOT NULL, data BLOB,
    state TEXT NOT NULL DEFAULT 'ready', PRIMARY KEY (letter, ordinal));
CREATE TABLE IF NOT EXISTS menu (
    id INTEGER PRIMARY KEY AUTOINCREMENT, conversation TEXT NOT NULL, key TEXT NOT NULL, kind TEXT NOT NULL,
    entries TEXT NOT NULL, made REAL NOT NULL, used INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS talk (conversation TEXT PRIMARY KEY, number INTEGER NOT NULL);
"""


@dataclass(frozen=True)
class Letter:
    """A message in the mailbox. holder: the id of the message that stands for its answer until that is there.

    before: how the conversation stood when its answering began first. stopped: a later 停 of the same conversation waits.
    beyond: it came when too many waited.
    """

    id: int
    message: Incoming
    state: str
    attempts: int
    holder: str | None
    before: str | None
    stopped: bool
    beyond: bool


@dataclass(frozen=True)
class Menu:
    """Buttons that were offered. kind: once, again or several (choices to tick). entries: (label, what it says).

    key: the question they belong to, or empty. used: how often one was pressed.
    """

    id: int
    key: str
    kind: str
    entries: tuple[tuple[str, str], ...]
    used: int = 0


class Mailbox:
    """Letters, the parts of their replies, buttons offered, and which conversation of a chat is the present one."""

    def __init__(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        write_ahead(self._db, WAIT_S)
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(_TABLES)
        self.prune()

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def _transaction(self, on_disk: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction. on_disk: it outlives the loss of power too; else only the end of the process."""
        with self._lock:
            self._db.execute(f"PRAGMA synchronous = {'FULL' if on_disk else 'NORMAL'}")
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def _run(self, query: str, *given: Any) -> list[Any]:
        with self._lock:
            self._db.execute("PRAGMA synchronous = NORMAL")
            return self._db.execute(query, given).fetchall()

    # ---- in

    def accept(self, messages: Sequence[tuple[Incoming, bool]]) -> list[Incoming]:
        """Keep messages, each with whether it ends what its conversation is doing; those that were not known before."""
        fresh = []
        with self._transaction(on_disk=True) as db:
            for message, ends in messages:
                waiting = db.execute(
                    "SELECT count(*) FROM letter WHERE conversation = ? AND state != 'done'", (message.conversation,)
                ).fetchone()[0]
                done = db.execute(
                    "INSERT OR IGNORE INTO letter (app, message, conversation, body, received, ends, beyond)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?)",
                    (message.app, message.id, message.conversation, message.as_json(), time.time(), ends,
                     waiting >= PER_CONVERSATION and not ends),
                )  # fmt: skip
                if done.rowcount:
                    fresh.append(message)
        return fresh

    def waiting(self) -> int:
        """How many messages have no answer yet."""
        return int(self._run("SELECT count(*) FROM letter WHERE state != 'done'")[0][0])

    def conversations(self) -> list[str]:
        """The conversations with something to answer, the longest waiting first."""
        query = "SELECT conversation FROM letter WHERE state != 'done' GROUP BY conversation ORDER BY min(id)"
        return [row[0] for row in self._run(query)]

    def next(self, conversation: str) -> Letter | None:
        """The oldest message of a conversation that is not answered."""
        rows = self._run(
            "SELECT id, body, state, attempts, holder, before, beyond, EXISTS (SELECT 1 FROM letter later WHERE"
            " later.conversation = letter.conversation AND later.id > letter.id AND later.ends AND later.state != 'done')"
            " FROM letter WHERE conversation = ? AND state != 'done' ORDER BY id LIMIT 1",
            conversation,
        )
        if not rows:
            return None
        id, body, state, attempts, holder, before, beyond, stopped = rows[0]
        return Letter(id, incoming_from_json(body), state, attempts, holder, before, bool(stopped), bool(beyond))

    def begin(self, letter: Letter) -> None:
        """Note that the answering of a message begins once more."""
        self._run("UPDATE letter SET attempts = attempts + 1 WHERE id = ?", letter.id)

    def set_before(self, letter: Letter, state: str) -> None:
        """Note how the conversation stands before a message is answered."""
        self._run("UPDATE letter SET before = ? WHERE id = ?", state, letter.id)

    # ---- out

    def set_holder(self, letter: Letter, message: str) -> None:
        """Note which message stands for the answer."""
        self._run("UPDATE letter SET holder = ? WHERE id = ?", message, letter.id)

    def answer(self, letter: Letter, parts: Iterable[Part]) -> None:
        """Keep a reply; from here on the message is never worked out again."""
        with self._transaction() as db:
            for ordinal, part in enumerate(parts):
                db.execute("INSERT INTO part VALUES (?, ?, ?, ?, 'ready')", (letter.id, ordinal, *part_to_row(part)))
            db.execute("UPDATE letter SET state = 'answered' WHERE id = ?", (letter.id,))

    def parts(self, letter: Letter) -> list[tuple[int, Part]]:
        """What of a reply has not been sent, with its place."""
        query = "SELECT ordinal, body, data FROM part WHERE letter = ? AND state != 'sent' ORDER BY ordinal"
        return [(ordinal, part_from_row(body, data)) for ordinal, body, data in self._run(query, letter.id)]

    def sent(self, letter: Letter, ordinal: int) -> None:
        self._run("UPDATE part SET state = 'sent', data = NULL WHERE letter = ? AND ordinal = ?", letter.id, ordinal)

    def done(self, letter: Letter) -> None:
        """A message is answered: only its id stays."""
        with self._transaction() as db:
            db.execute("DELETE FROM part WHERE letter = ?", (letter.id,))
            db.execute("UPDATE letter SET state = 'done', body = '', before = NULL WHERE id = ?", (letter.id,))

    # ---- buttons

    def offer(self, conversation: str, entries: Sequence[tuple[str, str]], kind: str = "again", key: str = "") -> int:
        """Keep what buttons say; the id of the menu."""
        query = "INSERT INTO menu (conversation, key, kind, entries, made) VALUES (?, ?, ?, ?, ?) RETURNING id"
        rows = json.dumps(list(entries), ensure_ascii=False)
        return int(self._run(query, conversation, key, kind, rows, time.time())[0][0])

    def menu(self, conversation: str, id: int) -> Menu | None:
        """A menu that was offered in this conversation."""
        query = "SELECT key, kind, entries, used FROM menu WHERE id = ? AND conversation = ?"
        rows = self._run(query, id, conversation)
        if not rows:
            return None
        key, kind, entries, used = rows[0]
        return Menu(id, key, kind, tuple((label, said) for label, said in json.loads(entries)), used)

    def use(self, menu: Menu, letter: Letter) -> bool:
        """Take a menu that works once; False where another press took it. The same press may take it again."""
        self._run("UPDATE menu SET used = ? WHERE id = ? AND used = 0", letter.id, menu.id)
        return self._run("SELECT used FROM menu WHERE id = ?", menu.id) == [(letter.id,)]

    # ---- conversations

    def number(self, conversation: str) -> int:
        """Which of the conversations of this chat and user is the present one."""
        rows = self._run("SELECT number FROM talk WHERE conversation = ?", conversation)
        return int(rows[0][0]) if rows else 1

    def renew(self, conversation: str) -> None:
        """Begin a new conversation."""
        number = self.number(conversation) + 1
        self._run("INSERT OR REPLACE INTO talk VALUES (?, ?)", conversation, number)

    def forget(self, conversation: str) -> None:
        """Delete the buttons offered; the count of conversations stays, so that no number is used twice."""
        self._run("DELETE FROM menu WHERE conversation = ?", conversation)

    def prune(self) -> None:
        """Drop the ids of messages answered long ago, and old buttons."""
        with self._transaction() as db:
            db.execute("DELETE FROM letter WHERE state = 'done' AND received < ?", (time.time() - REMEMBERED_S,))
            db.execute("DELETE FROM menu WHERE made < ?", (time.time() - MENUS_KEPT_S,))
