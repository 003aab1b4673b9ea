"""Taking many files in through the queue, and handing them in again: python -m eval.bench_jobs [--files N]

Generated notices, as text files, in a data folder of its own that is removed afterwards. Building the bundled index is not
counted. Seconds are wall-clock of one process that does nothing else.
"""

from __future__ import annotations

import argparse
import shutil
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from core.settings import load_settings
from corpus.index import Index
from eval.notices import notices
from ingest.jobs import Jobs


def _timed(what: str, act: Callable[[], object], files: int) -> float:
    started = time.perf_counter()
    act()
    seconds = time.perf_counter() - started
    print(f"{what:28} {seconds:7.2f} s  {files / seconds:8.0f} files/s", flush=True)
    return seconds


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m eval.bench_jobs")
    options.add_argument("--files", type=int, default=1000)
    count = options.parse_args().files
    with tempfile.TemporaryDirectory() as folder:
        inbox = Path(folder) / "in"
        inbox.mkdir()
        for n, notice in enumerate(notices(count)):
            (inbox / f"{n:05d}-{notice.name}.txt").write_text(notice.text, "utf-8")
        jobs = Jobs(Index(load_settings().model_copy(update={"home": Path(folder) / "home"})))

        def take_in() -> None:
            jobs.submit([inbox], "public", "bench")
            jobs.work()

        _timed("first time", take_in, count)
        _timed("again, nothing changed", take_in, count)
        first, again = jobs.jobs("bench")[::-1]
        print(f"first {first.counts}, again {again.counts}, {jobs.index.ledger.size()} passages")
        jobs.index.ledger.close()
        shutil.rmtree(Path(folder) / "home", ignore_errors=True)


if __name__ == "__main__":
    main()
