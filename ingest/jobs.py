"""Taking documents in, in the background: handed in, worked on by one worker of the data folder, watched, taken back.

Any program may hand in; whichever holds the worker's lock works on what all have handed in, so that only one writes.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import time
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

from core.disk import MEGABYTE, check_room, free, full, is_full, is_shut
from core.errors import BadInput, CannotWrite, DiskFull, XiangdaoError
from core.settings import not_writable
from core.spaces import private_space, space_for
from corpus.cheap import LARGE
from corpus.index import Index
from ingest import rereading
from ingest.pipeline import Ingestor, Outcome
from ingest.queue import Entry, Job, Queue, Task
from ingest.report import Report, report
from ingest.sandbox import Stopped

POLL_S = 1.0
"""How often an idle worker looks for what other programs have handed in."""
WATCHED_S = 0.2
INDEX_EACH_S = 20.0
"""While a long queue is worked on, the vectors follow about this often."""
INDEX_SHARE = 5
"""And not so often that it takes more than one part in this many of the time."""
MANY_WAITING = 500
"""So many files that are still to come make a large space."""
ROOM = 8 * MEGABYTE
"""What the log of a transaction and the files of the vectors take beside a document."""
ROOM_TIMES = 4
"""And a document, with its original, its passages, their words and vectors, so many times its own size."""
HALTED_S = 5.0
"""How long a worker without room waits until it looks again."""
STALLED_S = 10.0
log = logging.getLogger(__name__)


class Jobs:
    """Hand in, watch, cancel, retry; and work, once started. One for a program, usable from every thread.

    Whoever acts for a user gives the user's name; a job of another user's counts as one that does not exist.
    """

    def __init__(self, index: Index) -> None:
        self.index = index
        self.queue = Queue(index.ledger)
        self.ingestor = Ingestor(index)
        self._home = index.settings.home
        self._wake = threading.Event()
        self._ending = threading.Event()
        self._cancelled: dict[int, threading.Event] = {}
        self._thread: threading.Thread | None = None
        self.indexing = (0, 0)
        """Passages embedded and to be embedded, while this program's worker brings the vectors in step."""
        self.halted: CannotWrite | None = None
        """Why this program's worker waits with the queue as it is; it goes on by itself when there is room."""

    # ---- for the front ends

    def submit(self, places: Iterable[Path | str], space: str, user: str, copy: bool = False) -> str:
        """Hand in files, folders, archives and web addresses; the job's id. Once this returns, nothing of it gets lost.

        space: as the user names it. copy: the files will not stay where they are (uploads), so copies are kept until they
        are taken in. What cannot be found becomes a failed task of the job. Raises BadInput for a space that may not be used.
        """
        wanted = space_for(space, user)
        job_id = uuid.uuid4().hex[:8]
        with self._whole(job_id):
            entries: list[Entry] = []
            for number, place in enumerate(places):
                given = self._copied(job_id, number, Path(place)) if copy else place
                entries += self._entries(given)
            self.queue.add(entries, user, wanted, job_id)
        self._wake.set()
        return job_id

    @contextmanager
    def _whole(self, job_id: str) -> Iterator[None]:
        """A job is handed in whole, or what was copied of it goes again. Raises DiskFull where there is no room for it."""
        try:
            yield
        except BaseException as exc:
            for folder in (self._home / "inbox").glob(f"{job_id}-*"):
                shutil.rmtree(folder, ignore_errors=True)
            if is_full(exc, self._home):
                raise full(self._home) from exc
            raise

    def submit_moved(self, files: Iterable[tuple[Path, str]], besides: Iterable[Entry], space: str, user: str) -> str:
        """Hand in files that may be moved away, each with the path it is to be known by, and what else was chosen; the job's id.

        The files lie in the data folder, so that moving them copies nothing. Where the job cannot be kept they lie where they were.
        """
        wanted = space_for(space, user)
        job_id = uuid.uuid4().hex[:8]
        entries: list[Entry] = []
        moved: list[tuple[Path, Path]] = []
        with self._whole(job_id):
            try:
                for number, (path, shown) in enumerate(files):
                    folder = self._home / "inbox" / f"{job_id}-{number}"
                    folder.mkdir(parents=True, exist_ok=True)
                    there = path.rename(folder / path.name)
                    moved.append((path, there))
                    found = self._entries(there)
                    entries += [replace(found[0], name=shown)] if len(found) == 1 else found
                self.queue.add([*entries, *besides], user, wanted, job_id)
            except BaseException:
                for path, there in moved:
                    there.rename(path)
                raise
        self._wake.set()
        return job_id

    def job(self, job_id: str, user: str) -> Job:
        """A user's job as it stands; BadInput where there is none of this id."""
        job = self.queue.job(job_id)
        if job is None or job.user != user:
            raise BadInput(
                f"没有编号为 {job_id[:20]} 的录入任务。", "先看看有哪些任务。", command="运行：xiangdao jobs list"
            )
        return job

    def jobs(self, user: str) -> list[Job]:
        """A user's jobs, the newest first."""
        return self.queue.jobs(user)

    def tasks(self, job_id: str, user: str, *states: str, most: int = -1) -> list[Task]:
        """The files of a user's job, in order; only those in the given states, where any are given. most: -1 for all."""
        return self.queue.tasks(self.job(job_id, user).job_id, *states, most=most)

    def report(self, job_id: str, user: str) -> Report:
        """What became of the files of a user's job."""
        return report(self.job(job_id, user).counts, self.queue.reasons(job_id))

    def cancel(self, job_id: str, user: str) -> int:
        """Take back what of a job is not yet in; how many files that concerns. What is in stays."""
        job = self.job(job_id, user)
        count = self.queue.cancel(job.job_id)
        if job.running and (event := self._cancelled.get(job.running.task_id)):
            event.set()
        return count

    def retry(self, job_id: str, user: str) -> int:
        """Queue again what of a job failed or was taken back; how many files."""
        count = self.queue.retry(self.job(job_id, user).job_id)
        self._wake.set()
        return count

    def drop(self, job_id: str, user: str) -> None:
        """Forget a job that is over; what it took in stays. BadInput while it runs."""
        job = self.job(job_id, user)
        if not job.is_over and job.state != "indexing":
            raise BadInput("这个录入任务还没完。", "先停下它。", command=f"运行：xiangdao jobs cancel {job_id}")
        self.queue.drop(job.job_id)
        for folder in (self._home / "inbox").glob(f"{job.job_id}-*"):
            shutil.rmtree(folder, ignore_errors=True)

    def forget(self, user: str) -> int:
        """Remove every job and every private document of a user; how many documents that were."""
        for job in self.jobs(user):
            self.cancel(job.job_id, user)
            for left in self.follow(job.job_id, user) if job.running else ():
                log.debug("waiting for %s", left.job_id)
            self.drop(job.job_id, user)
        own = self.index.ledger.documents((private_space(user),), "document")
        for document in own:
            self.ingestor.remove(document.document_id)
        return len(own)

    def follow(self, job_id: str, user: str) -> Iterator[Job]:
        """The job each time it has moved on, until it is over; for a progress display in a thread of its own.

        Raises CannotWrite where the worker may not write, DiskFull where it, or another program's, has no room to go on.
        """
        last: tuple[Job, tuple[int, int]] | None = None
        moved = time.monotonic()
        while True:
            job = self.job(job_id, user)
            if (job, self.indexing) != last:
                yield job
                last, moved = (job, self.indexing), time.monotonic()
            if job.is_over:
                return
            if self.halted:
                raise self.halted
            if time.monotonic() - moved > STALLED_S and free(self._home) < MEGABYTE:
                raise full(self._home, ROOM)
            time.sleep(WATCHED_S)

    # ---- the worker

    def start(self) -> None:
        """Work in a background thread until `stop`, whenever no other program does."""
        if self._thread is None:
            self._ending.clear()
            self._thread = threading.Thread(target=self._serve, name="ingest", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """End the background thread; the file at work is queued again."""
        self._ending.set()
        self._wake.set()
        for event in list(self._cancelled.values()):
            event.set()
        if self._thread:
            self._thread.join()
            self._thread = None

    def work(self, until: str | None = None) -> bool:
        """Work here and now until the queue is empty, or the job `until` is over; False where another program does it."""
        with _worker_lock(self._home) as held:
            if not held:
                return False
            self.queue.resume()
            self.ingestor.tidy()
            try:
                self._drain(until)
            except (KeyboardInterrupt, DiskFull):  # whoever presses Ctrl+C does not want to wait for the vectors
                raise
            except BaseException:
                self._catch_up()
                raise
            self._catch_up()
            if until is None and self._reread():
                self._catch_up()
            return True

    def _reread(self) -> bool:
        """Read again what an earlier version took in, as long as nothing else waits; whether any was."""
        ledger = self.index.ledger
        if not rereading.is_due(ledger):
            return False
        found = rereading.due(ledger)
        with suppress(Stopped):
            for document_id in found:
                if self._ending.is_set() or self.queue.waiting():
                    return True
                check_room(self._home, ROOM)
                rereading.reread(self.ingestor, document_id, self._ending)
            rereading.note_all(ledger)
        return bool(found)

    def _serve(self) -> None:
        while not self._ending.is_set():
            try:
                if self.queue.waiting() or self.queue.unindexed() or rereading.is_due(self.index.ledger):
                    self.work()
                self.halted = None
            except CannotWrite as exc:
                self._halt(exc)
            except (
                Exception
            ) as exc:  # the thread must outlive a fault of one round; a task that ends it is not tried for ever
                if isinstance(exc, (OSError, sqlite3.OperationalError)) and is_shut(exc, self._home):
                    self._halt(not_writable(self._home))
                    continue
                log.exception("ingestion stopped for a moment")
                self._ending.wait(POLL_S)
            self._wake.wait(POLL_S)
            self._wake.clear()

    def _halt(self, exc: CannotWrite) -> None:
        """Wait for room, or for the right to write; who follows a job is told."""
        if self.halted is None:
            log.error("%s", exc.message)
        self.halted = exc
        self._ending.wait(HALTED_S)

    def _drain(self, until: str | None) -> None:
        indexed, pause = time.monotonic(), INDEX_EACH_S
        while not self._ending.is_set():
            if until and (job := self.queue.job(until)) and job.finished == job.total:
                return
            if self.queue.waiting():
                check_room(self._home, ROOM)
            task = self.queue.claim()
            if task is None:
                return
            self._one(task)
            if (begun := time.monotonic()) - indexed > pause and not self._grows_large():
                self._catch_up()
                indexed = time.monotonic()
                pause = max(
                    INDEX_EACH_S, INDEX_SHARE * (indexed - begun)
                )  # comparing all rows takes longer the more there are

    def _grows_large(self) -> bool:
        """Whether so much waits that its space will be one whose passages are embedded cheaply, and is none yet.

        Until it is, every passage would take the encoder a hundred times as long; the words find what is in already.
        """
        return self.index.ledger.count("passage") <= LARGE and self.queue.waiting() > MANY_WAITING

    def _one(self, task: Task) -> None:
        """Take one file in; every way in which that ends is written on the task."""
        job = self.queue.job(task.job_id)
        stop = self._cancelled[task.task_id] = threading.Event()
        shown = time.monotonic()

        def report(stage: str, done: int, total: int) -> None:
            nonlocal shown
            if stop.is_set():
                raise Stopped
            if time.monotonic() - shown < WATCHED_S:
                return
            shown = time.monotonic()
            if not self.queue.advance(task.task_id, stage, done, total) or self._ending.is_set():
                stop.set()
                raise Stopped

        def written(outcome: Outcome) -> None:
            if outcome.status != "would_add":
                self.queue.end(task.task_id, outcome.status, outcome.message, outcome.document_id, outcome.passages)

        try:
            if job is None:
                return
            check_room(self._home, ROOM + ROOM_TIMES * _size(task.place))
            outcome = self.ingestor.take(task.place, job.space, report, stop, written)
            if outcome.status in {"failed", "unchanged"}:
                written(outcome)
        except Stopped:
            self.queue.end(task.task_id, "queued" if self._ending.is_set() else "cancelled")
        except DiskFull:
            with suppress(DiskFull):  # it is queued again at the next start of work
                self.queue.end(task.task_id, "queued")
            raise
        except Exception as exc:  # a bug in one file must not hold up the others
            if is_full(exc, self._home):
                with suppress(DiskFull):
                    self.queue.end(task.task_id, "queued")
                raise full(self._home) from exc
            log.exception("cannot ingest %s", task.place)
            message = f"录入时程序出错（{type(exc).__name__}）。换一种格式另存后再试。"
            self.queue.end(task.task_id, "failed", message)
        finally:
            self._cancelled.pop(task.task_id, None)
            self._discard_copy(task)

    def _catch_up(self) -> None:
        def told(done: int, total: int, what: str) -> None:
            self.indexing = (done, total)

        try:
            if self.index.sync_vectors(told, self._ending.is_set):
                self.queue.mark_indexed()
        finally:
            self.indexing = (0, 0)

    # ---- what is handed in

    def _entries(self, place: Path | str) -> list[Entry]:
        """The files that a place names, and what else stands in its folders, with why that is not taken in."""
        besides: list[Entry] = []

        def left_out(path: Path, reason: str) -> None:
            besides.append(Entry(_writable(path), _writable(path.name), "", reason, skipped=True))

        try:
            found = [
                Entry(_writable(file), _writable(self.ingestor.name_of(file)), self.ingestor.source_id_of(file))
                for file in self.ingestor.find(place, left_out)
            ]
        except XiangdaoError as exc:
            found = [Entry(_writable(place), _writable(Path(place).name), "", str(exc))]
        return [*found, *besides]

    def _copied(self, job_id: str, number: int, path: Path) -> Path:
        """A copy of a file in the inbox, written to the disk."""
        folder = self._home / "inbox" / f"{job_id}-{number}"
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / (path.name or "文件")
        check_room(self._home, _size(str(path)))
        shutil.copyfile(path, kept)
        return kept

    def _copies_of(self, place: str) -> Path | None:
        """The folder of the inbox that a place lies in."""
        inbox = self._home / "inbox"
        path = Path(place)
        return inbox / path.relative_to(inbox).parts[0] if path.is_relative_to(inbox) else None

    def _discard_copy(self, task: Task) -> None:
        """Remove the copy that a task was read from, once all that it holds is in."""
        folder = self._copies_of(task.place)
        if folder is None:
            return
        if not self.queue.needs(task.job_id, str(folder)):
            shutil.rmtree(folder, ignore_errors=True)


def _size(place: str) -> int:
    """The bytes of a file; 0 where it is none that lies on this machine."""
    try:
        return Path(place).stat().st_size
    except (OSError, ValueError):
        return 0


def _writable(place: Path | str) -> str:
    """A path as text that can be kept and shown, also where its name is not Unicode."""
    return str(place).encode("utf-8", "replace").decode()


@contextmanager
def _worker_lock(home: Path) -> Iterator[bool]:
    """Hold the worker's lock of a data folder; whether it could be had."""
    from filelock import FileLock, Timeout

    lock = FileLock(str(home / "worker.lock"), timeout=0)
    try:
        lock.acquire()
    except Timeout:
        yield False
        return
    try:
        yield True
    finally:
        lock.release()
