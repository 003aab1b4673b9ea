"""Files of a chat into a user's space, by the same queue and worker as everything that is taken in."""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.chat import Assistant
from bots import wording as say
from bots.library import shown
from bots.message import File
from bots.photos import joined
from bots.progress import Progress
from core.errors import BadInput
from core.spaces import private_space
from ingest.jobs import WATCHED_S, Jobs
from ingest.pipeline import safe_id
from ingest.queue import Task


@dataclass(frozen=True)
class Taken:
    """What became of a file. document: its id, empty where it did not get in; told: that in a sentence.

    pending: it is still being taken in.
    """

    document: str = ""
    told: str = ""
    pending: bool = False


class Intake:
    """Takes files in for all users of one index. fetch: gets the content of a file that a user sent."""

    def __init__(self, assistant: Assistant, fetch: Callable[[str], bytes]) -> None:
        self._assistant, self._fetch = assistant, fetch
        self._jobs: Jobs | None = None
        self._lock = threading.Lock()

    def open(self) -> None:
        """Go on with what an earlier process was handed in and did not get in."""
        inbox = self._assistant.settings.home / "inbox"
        if inbox.exists() and any(inbox.iterdir()):
            self.jobs.start()

    def close(self) -> None:
        """Stop working; what is not in is taken up by the next process."""
        with self._lock:
            if self._jobs:
                self._jobs.stop()

    @property
    def jobs(self) -> Jobs:
        """The queue of what is handed in; made at the first file."""
        with self._lock:
            self._jobs = self._jobs or Jobs(self._assistant.retriever.index)
            return self._jobs

    def hand_in(self, user: str, files: Sequence[File], name: str) -> str:
        """Fetch a file, or the pages of one, and put it in the queue of what is taken in for a user; the job's id. Raises BadFile."""
        data, *pages = [self._fetch(file.ref) for file in files]
        if pages:
            data = joined([data, *pages])
        with tempfile.TemporaryDirectory(prefix="xiangdao-bot-") as folder:
            path = Path(folder) / (safe_id(Path(name).stem) + Path(name).suffix.lower())
            path.write_bytes(data)
            return self.jobs.submit([path], private_space(user), user, copy=True)

    def knows(self, user: str, job: str) -> bool:
        """Whether there is a job of this id."""
        try:
            return bool(job and self.jobs.job(job, user))
        except BadInput:
            return False

    def follow(self, user: str, job: str, name: str, progress: Progress) -> Taken:
        """Wait until a file is in, showing how far it is; pending where the time is over before, taken back on a stop."""
        name = shown(name)
        self.jobs.start()
        shown_last = ""
        while not (state := self.jobs.job(job, user)).is_over:
            if (stage := _stage(name, state.running)) != shown_last:
                progress.show(stage)
                shown_last = stage
            if progress.timed_out:
                return Taken(pending=True)
            if progress.stop.is_set() and state.state != "cancelled":
                self.jobs.cancel(job, user)
            time.sleep(WATCHED_S)
        (task, *_) = self.jobs.tasks(job, user)
        for over in self.jobs.jobs(user):  # its own, and what a process left that died while it handed in
            if over.finished == over.total:
                self.jobs.drop(over.job_id, user)
        if task.state == "cancelled":
            return Taken(told=say.FILE_STOPPED.format(name=name))
        if task.state == "failed":
            return Taken(told=say.FILE_FAILED.format(name=name, reason=task.message))
        known = say.FILE_SAME if task.state == "unchanged" else say.FILE_IN
        return Taken(task.document_id, known.format(name=name))

    def forget(self, user: str) -> None:
        """Remove what a user's space holds, and what is on its way there."""
        self.jobs.forget(user)


def _stage(name: str, task: Task | None) -> str:
    if task is None or not task.stage:
        return say.FILE_QUEUED.format(name=name)
    pages = f"（第 {task.done}/{task.total} 页）" if task.total else ""
    return say.FILE_STAGE.format(name=name, stage=task.stage, pages=pages)
