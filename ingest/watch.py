"""A watched folder: what is put into it or changed is handed in, once it has stopped changing."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ingest.jobs import Jobs

EACH_S = 2.0
"""How often the folder is looked through. Polling works on network drives and in every folder-syncing program."""
Stamp = tuple[int, int]
_TABLE = """CREATE TABLE IF NOT EXISTS watched (
    space TEXT NOT NULL, place TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, PRIMARY KEY (space, place))"""


class Watcher:
    """Looks through folders and hands in what is new. What was handed in is remembered in the ledger's database."""

    def __init__(self, jobs: Jobs, folders: Sequence[Path], space: str, user: str) -> None:
        self._jobs = jobs
        self._folders = folders
        self._space, self._user = space, user
        self._before: dict[str, Stamp] = {}
        jobs.index.ledger.connection.execute(_TABLE)

    def run(self, ending: threading.Event, each_s: float = EACH_S) -> Iterator[str]:
        """The ids of the jobs handed in, as they are, until `ending` is set."""
        while not ending.is_set():
            if job_id := self.scan():
                yield job_id
            ending.wait(each_s)

    def scan(self) -> str | None:
        """Look through the folders once; the id of the job handed in, None where nothing is new.

        A file is handed in when it looks as it did at the scan before: until then it is being written.
        """
        found = self._found()
        settled = {place for place, stamp in found.items() if self._before.get(place) == stamp}
        self._before = found
        new = [place for place in sorted(settled) if self._known(place) != found[place]]
        if not new:
            return None
        job_id = self._jobs.submit(new, self._space, self._user)
        self._jobs.index.ledger.connection.executemany(
            "INSERT OR REPLACE INTO watched VALUES (?, ?, ?, ?)",
            [(self._space, place, *found[place]) for place in new],
        )
        return job_id

    def _known(self, place: str) -> Stamp | None:
        row = self._jobs.index.ledger.connection.execute(
            "SELECT size, mtime_ns FROM watched WHERE space = ? AND place = ?", (self._space, place)
        ).fetchone()
        return (row[0], row[1]) if row else None

    def _found(self) -> dict[str, Stamp]:
        """The files of kinds that can be read, each with its size and time; no hidden ones, no links that lead out."""
        found: dict[str, Stamp] = {}
        for folder in self._folders:
            root = folder.resolve()
            for parent, folders, names in os.walk(folder, followlinks=False):
                folders[:] = [f for f in folders if not f.startswith(".")]
                for name in names:
                    path = Path(parent) / name
                    if self._jobs.ingestor.reads(path) and path.resolve().is_relative_to(root):
                        try:
                            state = path.stat()
                        except OSError:
                            continue
                        found[str(path)] = (state.st_size, state.st_mtime_ns)
        return found
