"""A process that hands files in and works on them until it is killed in the middle; run by test_jobs."""

from __future__ import annotations

import os
import signal
from pathlib import Path

from core.settings import Settings
from corpus.index import Index
from ingest.jobs import Jobs


def run(home: str, corpus: str, files: list[str], handed_in: str, die_after: int) -> None:
    """Hand in `files`, say so in the file `handed_in`, work; kill oneself at SQL statement number `die_after` (0: never)."""
    index = Index(Settings(home=Path(home)), corpus=Path(corpus))
    seen = 0

    def count(statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == die_after:
            os.kill(os.getpid(), signal.SIGKILL)

    jobs = Jobs(index)
    if die_after:
        index.ledger.connection.set_trace_callback(count)
    if files:
        jobs.submit(files, "public", "li")
        with Path(handed_in).open("a", encoding="utf-8") as log:
            log.writelines(f"{name}\n" for name in files)
    jobs.work()
