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
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bots.mended import mended, set_damaged_aside
from bots.message import Incoming, Part, incoming_from_json, part_from_row, part_to_row
from bots.traces import Traces
from core.mending import told
from core.sqlite import write_ahead
from core.sums import opened, summed

WAIT_S = 30
REMEMBERED_S = 3 * 86400
"""How long the ids of answered messages are kept; Telegram delivers none that is older than a day."""
MENUS_KEPT_S = 30 * 86400
SENT, TURN, DOCUMENT = "sent", "turn", "document"
"""Steps of which a trace stays: the messages sent, the turn of the conversation, the document asked."""
SPENT = "!spent"
"""What a button says that has done its work."""
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
CREATE TABLE IF NOT EXISTS step (letter INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (letter, name));
CREATE TABLE IF NOT EXISTS joined (letter INTEGER PRIMARY KEY, first INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS passing (user TEXT PRIMARY KEY);
"""


@dataclass(frozen=True)
class Letter:
    """A message in the mailbox. holder: the id of the message that stands for its answer until that is there.

    before: how the conversation stood when its answering began first. stopped: a later 停 of the same conversation waits.
    beyond: it came when too many waited. joined: its file is dealt with together with an earlier one of the same album.
    """

    id: int
    message: Incoming
    state: str
    attempts: int
    holder: str | None
    before: str | None
    stopped: bool
    beyond: bool
    joined: bool = False


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
        set_damaged_aside(path, WAIT_S)
        self._lock = threading.RLock()
        self._db = sqlite3.connect(path, timeout=WAIT_S, isolation_level=None, check_same_thread=False)
        write_ahead(self._db, WAIT_S)
        self._db.execute("PRAGMA synchronous = NORMAL")
        self._db.execute("PRAGMA secure_delete = ON")
        self._db.executescript(_TABLES)
        self.traces = Traces(self._run)
        self._path, self._notices = path, mended(path)
        self.prune()

    def close(self) -> None:
        self._db.close()

    def told(self) -> list[str]:
        """What is to be said of the file, as that it was damaged; who asks says it."""
        sentences, self._notices = self._notices, []
        if sentences:
            told(self._path)
        return sentences

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
            if on_disk:  # into the file itself: the log beside it may be lost or damaged alone
                with suppress(sqlite3.Error):
                    self._db.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def _run(self, query: str, *given: Any) -> list[Any]:
        with self._lock:
            if not self._db.in_transaction:
                self._db.execute("PRAGMA synchronous = NORMAL")
            return self._db.execute(query, given).fetchall()

    # ---- in

    def accept(self, messages: Sequence[tuple[Incoming, bool]]) -> list[Incoming]:
        """Keep messages, each with whether it ends what its conversation is doing; those that were not known before.

        An edit of a message whose answering has not begun takes its place in the queue.
        """
        fresh = []
        with self._transaction(on_disk=True) as db:
            for message, ends in messages:
                waits = _waiting_self(db, message) if message.edited else None
                waiting = db.execute(
                    "SELECT count(*) FROM letter WHERE conversation = ? AND state != 'done'", (message.conversation,)
                ).fetchone()[0]
                done = db.execute(
                    "INSERT OR IGNORE INTO letter (app, message, conversation, body, received, state, ends, beyond)"
                    " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                    (message.app, message.id, message.conversation, "" if waits else _kept(message), time.time(),
                     "done" if waits else "waiting", ends, waiting >= PER_CONVERSATION and not ends),
                )  # fmt: skip
                if not done.rowcount:
                    continue
                if waits:
                    body = _kept(replace(message, edited=False))
                    db.execute("UPDATE letter SET body = ?, ends = ? WHERE id = ?", (body, ends, waits))
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
            " later.conversation = letter.conversation AND later.id > letter.id AND later.ends AND later.state != 'done'),"
            " EXISTS (SELECT 1 FROM joined WHERE joined.letter = letter.id)"
            " FROM letter WHERE conversation = ? AND state != 'done' ORDER BY id LIMIT 1",
            conversation,
        )
        if not rows:
            return None
        id, body, state, attempts, holder, before, beyond, stopped, joined = rows[0]
        message = _message(body)
        return Letter(id, message, state, attempts, holder, before, bool(stopped), bool(beyond), bool(joined))

    def begin(self, letter: Letter) -> None:
        """Note that the answering of a message begins once more."""
        self._run("UPDATE letter SET attempts = attempts + 1 WHERE id = ?", letter.id)

    def set_before(self, letter: Letter, state: str) -> None:
        """Note how the conversation stands before a message is answered."""
        self._run("UPDATE letter SET before = ? WHERE id = ?", state, letter.id)

    def step(self, letter: Letter, name: str) -> str:
        """What was noted of the way of a message through its answering; "" where nothing was."""
        rows = self._run("SELECT value FROM step WHERE letter = ? AND name = ?", letter.id, name)
        return str(rows[0][0]) if rows else ""

    def set_step(self, letter: Letter, name: str, value: str) -> None:
        """Note a step, so that a process that takes the message up again goes on from there."""
        self._run("INSERT OR REPLACE INTO step VALUES (?, ?, ?)", letter.id, name, value)

    # ---- albums

    def join(self, letter: Letter) -> None:
        """Let a message deal with whatever of its album waits behind it."""
        with self._transaction() as db:
            for id, message in _open(db, letter.message.conversation):
                if id > letter.id and message.album == letter.message.album:
                    db.execute("INSERT OR IGNORE INTO joined VALUES (?, ?)", (id, letter.id))

    def album(self, letter: Letter) -> list[Incoming]:
        """A message and those that it deals with, in their order."""
        with self._transaction() as db:
            own = {row[0] for row in db.execute("SELECT letter FROM joined WHERE first = ?", (letter.id,))}
            rest = [message for id, message in _open(db, letter.message.conversation) if id in own]
        return [letter.message, *rest]

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

    def sent(self, letter: Letter, ordinal: int, message: str = "") -> None:
        """A part was sent. message: the id that it has in its chat."""
        self._run("UPDATE part SET state = 'sent', data = NULL WHERE letter = ? AND ordinal = ?", letter.id, ordinal)
        if message:
            self.set_step(letter, f"{SENT}{ordinal:04d}", message)

    def done(self, letter: Letter) -> None:
        """A message is answered: only ids stay, of itself, of its answer and of what that was about."""
        with self._transaction() as db:
            steps = dict(db.execute("SELECT name, value FROM step WHERE letter = ? ORDER BY name", (letter.id,)))
            told = tuple(value for name, value in steps.items() if name.startswith(SENT))
            self.traces.answered(letter.id, letter.message, told, int(steps.get(TURN) or 0), steps.get(DOCUMENT, ""))
            db.execute("DELETE FROM part WHERE letter = ?", (letter.id,))
            db.execute("DELETE FROM step WHERE letter = ?", (letter.id,))
            db.execute("UPDATE letter SET state = 'done', body = '', before = NULL WHERE id = ?", (letter.id,))
            for id, entries in db.execute("SELECT id, entries FROM menu WHERE used = ?", (letter.id,)).fetchall():
                spent = [(label, SPENT) for label, _ in json.loads(entries)]
                db.execute("UPDATE menu SET entries = ? WHERE id = ?", (json.dumps(spent, ensure_ascii=False), id))

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

    def last_menu(self, conversation: str, key: str = "") -> Menu | None:
        """The newest buttons of a conversation, or of a key in it."""
        query = "SELECT max(id) FROM menu WHERE conversation = ? AND (? = '' OR key = ?)"
        id = self._run(query, conversation, key, key)[0][0]
        return self.menu(conversation, id) if id else None

    def spend(self, conversation: str, key: str) -> None:
        """Let the buttons of a key work no more."""
        self._run("UPDATE menu SET used = -1 WHERE conversation = ? AND key = ? AND used = 0", conversation, key)

    def reword(self, menu: Menu, entries: Sequence[tuple[str, str]]) -> None:
        """Let the buttons of a menu say something else."""
        self._run("UPDATE menu SET entries = ? WHERE id = ?", json.dumps([*entries], ensure_ascii=False), menu.id)

    def withdraw(self, conversation: str, key: str) -> None:
        """Delete the buttons of a key."""
        self._run("DELETE FROM menu WHERE conversation = ? AND key = ?", conversation, key)

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
        """Delete buttons and what messages were about; the count of conversations stays, so that no number is used twice."""
        self._run("DELETE FROM menu WHERE conversation = ?", conversation)
        self.traces.forget(conversation)

    def set_passing(self, user: str, here: bool) -> None:
        """Note that a user's space holds a document only until an answer from it is there, or that it does no more."""
        self._run("INSERT OR IGNORE INTO passing VALUES (?)" if here else "DELETE FROM passing WHERE user = ?", user)

    def passing(self) -> list[str]:
        """The users of such spaces."""
        return [row[0] for row in self._run("SELECT user FROM passing")]

    def prune(self) -> None:
        """Drop the ids of messages answered long ago, and old buttons."""
        with self._transaction() as db:
            db.execute("DELETE FROM letter WHERE state = 'done' AND received < ?", (time.time() - REMEMBERED_S,))
            db.execute("DELETE FROM step WHERE letter NOT IN (SELECT id FROM letter WHERE state != 'done')")
            db.execute("DELETE FROM joined WHERE letter NOT IN (SELECT id FROM letter)")
            db.execute("DELETE FROM menu WHERE made < ?", (time.time() - MENUS_KEPT_S,))
            self.traces.prune(time.time() - MENUS_KEPT_S)


def _open(db: sqlite3.Connection, conversation: str) -> list[tuple[int, Incoming]]:
    """The messages of a conversation that wait, with their places, in their order."""
    query = "SELECT id, body FROM letter WHERE conversation = ? AND state != 'done' ORDER BY id"
    return [(id, _message(body)) for id, body in db.execute(query, (conversation,))]


def _kept(message: Incoming) -> str:
    """A message as it is kept, with a digest of itself."""
    return summed(json.loads(message.as_json()))


def _message(body: str) -> Incoming:
    return incoming_from_json(json.dumps(opened(body)))


def _waiting_self(db: sqlite3.Connection, edited: Incoming) -> int | None:
    """The place of a message of which another is an edit, where its answering has not begun."""
    query = "SELECT id FROM letter WHERE conversation = ? AND state != 'done' AND (state != 'waiting' OR attempts > 0)"
    begun = {row[0] for row in db.execute(query, (edited.conversation,))}
    ids = [id for id, message in _open(db, edited.conversation) if message.reply_to == edited.reply_to]
    return ids[-1] if ids and ids[-1] not in begun and edited.reply_to else None
