"""The queue of files to take in: jobs and their tasks, kept in the ledger's database so that a killed program loses none.

A task's end is written in the transaction that writes its document: it is either there and done, or queued again.
The queue is written in short SQLite transactions of its own and never waits for the writer's lock, so that a file can
be handed in while an index is being built.
"""

from __future__ import annotations

import os
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal

from core.disk import full, is_full
from corpus.ledger import Ledger, now

TaskState = Literal["queued", "running", "added", "replaced", "unchanged", "failed", "cancelled", "skipped"]
JobState = Literal["queued", "running", "indexing", "done", "cancelled"]
OPEN = ("queued", "running")
ENDED = ("added", "replaced", "unchanged", "failed", "cancelled", "skipped")
_TABLES = """
CREATE TABLE IF NOT EXISTS job (
    job_id TEXT PRIMARY KEY, user TEXT NOT NULL, space TEXT NOT NULL, created_at TEXT NOT NULL,
    cancelled INTEGER NOT NULL DEFAULT 0, indexed INTEGER NOT NULL DEFAULT 0);
CREATE TABLE IF NOT EXISTS task (
    task_id INTEGER PRIMARY KEY AUTOINCREMENT, job_id TEXT NOT NULL, place TEXT NOT NULL, name TEXT NOT NULL,
    source_id TEXT NOT NULL, state TEXT NOT NULL, stage TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
    total INTEGER NOT NULL DEFAULT 0, message TEXT NOT NULL DEFAULT '', document_id TEXT NOT NULL DEFAULT '',
    passages INTEGER NOT NULL DEFAULT 0, attempts INTEGER NOT NULL DEFAULT 0, updated_at TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS task_job ON task (job_id, source_id);
CREATE INDEX IF NOT EXISTS task_state ON task (state);
CREATE INDEX IF NOT EXISTS task_next ON task (state, attempts, task_id);
CREATE INDEX IF NOT EXISTS task_of_job ON task (job_id, state);
CREATE INDEX IF NOT EXISTS task_place ON task (job_id, place);
"""
_LAST_MADE = "task_place"


@dataclass(frozen=True)
class Entry:
    """A file to be queued. place: its path or web address; message: why it has failed already, else empty.

    skipped: what stands in a folder and is not taken in, message saying why.
    """

    place: str
    name: str
    source_id: str
    message: str = ""
    skipped: bool = False


@dataclass(frozen=True)
class Task:
    """One file of a job. stage: what is being done with it; done, total: pages of that stage, 0 where not told."""

    task_id: int
    job_id: str
    place: str
    name: str
    source_id: str
    state: TaskState
    stage: str
    done: int
    total: int
    message: str
    document_id: str
    passages: int
    attempts: int
    updated_at: str


@dataclass(frozen=True)
class Job:
    """What was handed in at one time. counts: tasks by state."""

    job_id: str
    user: str
    space: str
    created_at: str
    state: JobState
    counts: dict[str, int]
    running: Task | None = None

    @property
    def total(self) -> int:
        """How many files are to be taken in; what a folder holds besides does not count."""
        return sum(count for state, count in self.counts.items() if state != "skipped")

    @property
    def finished(self) -> int:
        """How many tasks have come to an end."""
        return self.total - sum(self.counts.get(state, 0) for state in OPEN)

    @property
    def is_over(self) -> bool:
        return self.state in {"done", "cancelled"}


def _first_state(entry: Entry) -> TaskState:
    return "skipped" if entry.skipped else "failed" if entry.message else "queued"


class Queue:
    """Jobs and tasks in one ledger."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        if not self._db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (_LAST_MADE,)).fetchone():
            with self._writing() as db:
                for statement in filter(str.strip, _TABLES.split(";")):
                    db.execute(statement)

    @property
    def _db(self) -> sqlite3.Connection:
        return self._ledger.connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = self._db
        if db.in_transaction:
            yield db
            return
        db.execute("BEGIN IMMEDIATE")
        try:
            yield db
            db.execute("COMMIT")
        except BaseException as exc:
            if db.in_transaction:  # where the disk is full, SQLite has ended it
                db.execute("ROLLBACK")
            if is_full(exc, self._ledger.path.parent):
                raise full(self._ledger.path.parent) from exc
            raise

    # ---- writing

    def add(self, entries: Iterable[Entry], user: str, space: str, job_id: str | None = None) -> str:
        """Hand in a job; once this returns it is kept. The job's id."""
        job_id = job_id or uuid.uuid4().hex[:8]
        rows = [(job_id, e.place, e.name, e.source_id, _first_state(e), e.message, now()) for e in entries]
        with self._writing() as db:
            db.execute(
                "INSERT INTO job (job_id, user, space, created_at) VALUES (?, ?, ?, ?)", (job_id, user, space, now())
            )
            db.executemany(
                "INSERT INTO task (job_id, place, name, source_id, state, message, updated_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
                rows,
            )
        return job_id

    def claim(self) -> Task | None:
        """The oldest queued task, now running; one that a program ended over before comes after the others."""
        with self._writing() as db:
            row = db.execute(
                "SELECT task_id FROM task WHERE state = 'queued' ORDER BY attempts, task_id LIMIT 1"
            ).fetchone()
            if row is None:
                return None
            db.execute(
                "UPDATE task SET state = 'running', attempts = attempts + 1, stage = '', done = 0, total = 0, message = '',"
                " updated_at = ? WHERE task_id = ?",
                (now(), row[0]),
            )
        return self.task(row[0])

    def advance(self, task_id: int, stage: str, done: int = 0, total: int = 0) -> bool:
        """Note how far a task is; whether it should go on, its job not having been cancelled."""
        with self._writing() as db:
            db.execute(
                "UPDATE task SET stage = ?, done = ?, total = ? WHERE task_id = ?", (stage, done, total, task_id)
            )
            row = db.execute(
                "SELECT cancelled FROM job WHERE job_id = (SELECT job_id FROM task WHERE task_id = ?)", (task_id,)
            ).fetchone()
        return bool(row) and not row[0]

    def end(self, task_id: int, state: TaskState, message: str = "", document_id: str = "", passages: int = 0) -> None:
        """Write a task's end; inside a transaction of the ledger it becomes part of that."""
        with self._writing() as db:
            db.execute(
                "UPDATE task SET state = ?, stage = '', message = ?, document_id = ?, passages = ?, updated_at = ?"
                " WHERE task_id = ?",
                (state, message, document_id, passages, now(), task_id),
            )

    def resume(self) -> int:
        """Queue again what a program that is gone was working on; how many. Only for who holds the worker's lock."""
        with self._writing() as db:
            return db.execute("UPDATE task SET state = 'queued' WHERE state = 'running'").rowcount

    def cancel(self, job_id: str) -> int:
        """Take back what of a job has not been begun; the file at work stops at its next step. How many were open."""
        with self._writing() as db:
            db.execute("UPDATE job SET cancelled = 1 WHERE job_id = ?", (job_id,))
            open_tasks = self._count(db, job_id, OPEN)
            db.execute(
                "UPDATE task SET state = 'cancelled', updated_at = ? WHERE job_id = ? AND state = 'queued'",
                (now(), job_id),
            )
        return open_tasks

    def retry(self, job_id: str) -> int:
        """Queue again what of a job failed or was taken back; how many."""
        with self._writing() as db:
            count = db.execute(
                "UPDATE task SET state = 'queued', message = '', updated_at = ? WHERE job_id = ? AND state IN ('failed', 'cancelled')",
                (now(), job_id),
            ).rowcount
            if count:
                db.execute("UPDATE job SET cancelled = 0, indexed = 0 WHERE job_id = ?", (job_id,))
        return count

    def drop(self, job_id: str) -> None:
        """Forget a job and its tasks."""
        with self._writing() as db:
            db.execute("DELETE FROM task WHERE job_id = ?", (job_id,))
            db.execute("DELETE FROM job WHERE job_id = ?", (job_id,))

    def mark_indexed(self) -> None:
        """Note that the vectors hold what every job without open tasks has brought."""
        with self._writing() as db:
            db.execute(
                "UPDATE job SET indexed = 1 WHERE indexed = 0 AND NOT EXISTS"
                " (SELECT 1 FROM task WHERE task.job_id = job.job_id AND state IN ('queued', 'running'))"
            )

    # ---- reading

    def unindexed(self) -> bool:
        """Whether a job without open tasks waits for the vectors, as after a program that ended before they were made."""
        row = self._db.execute(
            "SELECT 1 FROM job WHERE indexed = 0 AND NOT EXISTS"
            " (SELECT 1 FROM task WHERE task.job_id = job.job_id AND state IN ('queued', 'running')) LIMIT 1"
        ).fetchone()
        return row is not None

    def task(self, task_id: int) -> Task:
        return Task(*self._db.execute("SELECT * FROM task WHERE task_id = ?", (task_id,)).fetchone())

    def reasons(self, job_id: str) -> list[tuple[str, str, int]]:
        """Of the files of a job that are not in: state, what was told, and how many there are of each."""
        rows = self._db.execute(
            "SELECT state, message, count(*) FROM task WHERE job_id = ? AND state IN ('failed', 'skipped')"
            " GROUP BY state, message",
            (job_id,),
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def tasks(self, job_id: str, *states: str, most: int = -1) -> list[Task]:
        """The tasks of a job in order; only those in the given states, where any are given. most: -1 for all."""
        where = f" AND state IN ({','.join('?' * len(states))})" if states else ""
        rows = self._db.execute(
            f"SELECT * FROM task WHERE job_id = ?{where} ORDER BY task_id LIMIT ?", (job_id, *states, most)
        )
        return [Task(*row) for row in rows]

    def ended_since(self, job_id: str, seen: set[int]) -> list[Task]:
        """The tasks of a job that have come to an end and are not among those seen, in order."""
        marks = ",".join("?" * len(ENDED))
        ended = self._db.execute(
            f"SELECT task_id FROM task WHERE job_id = ? AND state IN ({marks}) ORDER BY task_id", (job_id, *ENDED)
        )
        return [self.task(task_id) for (task_id,) in ended.fetchall() if task_id not in seen]

    def needs(self, job_id: str, folder: str) -> bool:
        """Whether a task of a job that is not in yet lies in a folder; also one that failed, which may be tried again."""
        row = self._db.execute(
            "SELECT 1 FROM task WHERE job_id = ? AND place > ? AND place < ?"
            " AND state IN ('queued', 'running', 'failed', 'cancelled') LIMIT 1",
            (job_id, folder + os.sep, folder + chr(ord(os.sep) + 1)),
        ).fetchone()
        return row is not None

    def waiting(self) -> int:
        """How many tasks of all jobs are open."""
        return self._count(self._db, None, OPEN)

    def jobs(self, user: str) -> list[Job]:
        """A user's jobs, the newest first."""
        rows = self._db.execute("SELECT job_id FROM job WHERE user = ? ORDER BY created_at DESC, rowid DESC", (user,))
        return [job for row in rows.fetchall() if (job := self.job(row[0]))]

    def job(self, job_id: str) -> Job | None:
        row = self._db.execute("SELECT * FROM job WHERE job_id = ?", (job_id,)).fetchone()
        if row is None:
            return None
        counts = dict(
            self._db.execute("SELECT state, count(*) FROM task WHERE job_id = ? GROUP BY state", (job_id,)).fetchall()
        )
        state: JobState = "done"
        if counts.get("running"):
            state = "running"
        elif counts.get("queued"):
            state = "running" if set(counts) - {"queued", "skipped"} else "queued"
        elif row["cancelled"]:
            state = "cancelled"
        elif not row["indexed"] and (counts.get("added") or counts.get("replaced")):
            state = "indexing"
        running = next(iter(self.tasks(job_id, "running", most=1)), None)
        return Job(row["job_id"], row["user"], row["space"], row["created_at"], state, counts, running)

    def _count(self, db: sqlite3.Connection, job_id: str | None, states: Sequence[str]) -> int:
        where = "" if job_id is None else " AND job_id = ?"
        marks = ",".join("?" * len(states))
        values = (*states, *([] if job_id is None else [job_id]))
        return int(db.execute(f"SELECT count(*) FROM task WHERE state IN ({marks}){where}", values).fetchone()[0])
