"""Vectors made while documents are still being written, in a process of its own: the second core does half of the work.

The process adds what it finds in the ledger to the vectors in use and ends with its input. What it has not come to is left
to Index.sync_vectors, and so is everything where it fails.
"""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from core.settings import Settings
from corpus.dense import Dense
from corpus.embedder import BUILT_IN
from corpus.ledger import Ledger
from corpus.vectors import FEW

PORTION = 500
POLL_S = 0.2
END_S = 60.0


@contextmanager
def following(settings: Settings, embedder: str | None) -> Iterator[None]:
    """Have the vectors follow the ledger for as long as this lasts; only those of the encoder in the package."""
    if settings.chroma_url or not (embedder or "").startswith(BUILT_IN):
        yield
        return
    command = [sys.executable, "-I", "-c", "from corpus.follow import main; main()"]
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert child.stdin
        with suppress(OSError):
            child.stdin.write(settings.model_dump_json(include={"home", "lock_timeout_s"}).encode() + b"\n")
            child.stdin.flush()
        yield
    finally:
        with suppress(OSError):
            child.stdin and child.stdin.close()
        try:
            child.wait(END_S)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()


def main() -> None:
    """The child process: the data folder on the first line of its input, whose end means to stop."""
    gc.set_threshold(100_000, 50, 50)
    given, ended = json.loads(sys.stdin.buffer.readline()), threading.Event()

    def listen() -> None:
        sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    with suppress(Exception):  # whatever it is, the parent makes the vectors that are missing
        settings = Settings(**given)
        _follow(Dense(Ledger(settings.ledger_path), settings, [], lambda message: None), ended)
    os._exit(0)  # the listening thread may hold the input


def _follow(dense: Dense, ended: threading.Event) -> None:
    name, last = dense.ledger.meta("vectors"), dense.ledger.last_row()
    if not name:
        return
    store = dense.opened(name)
    while not ended.is_set():
        rows = dense.ledger.rows_after(last)[: PORTION * 4]
        space = next((p.space for _, p in dense.passages(rows[:1])), "")
        least = PORTION if store.cheap and store.cheap.is_for(space) else FEW
        if len(rows) < least:
            ended.wait(POLL_S)
            continue
        rows = rows if least == PORTION else rows[:FEW]
        with dense.writing():
            if dense.ledger.meta("vectors") != name:
                return
            store.add(dense.passages(rows))
        last = rows[-1]
