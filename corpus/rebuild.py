"""Vectors of another embedder, made beside those in use and taken into use when they are whole.

Meanwhile the old ones serve and follow the ledger. The work is done in small portions, so that a process that was killed
or closed is gone on from; only the last step, which changes over, holds the writer's lock.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import subprocess
import sys
import threading
import time
import uuid
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from core.errors import Busy, IndexDamaged, NotAvailable, XiangdaoError
from core.settings import Settings
from corpus import embedder, seal
from corpus.dense import Dense, Rebuild, Steps, Stop
from corpus.encoder.encoder import Encoder
from corpus.sentence import SentenceEmbeddings
from corpus.vectors import Vectors

log = logging.getLogger(__name__)
PORTION = 64
"""Passages embedded between two looks at whether to stop; a slow machine does so many in seconds."""
NOTED_S = 2.0
_SETTINGS = ("home", "chroma_url", "lock_timeout_s", "embedding_model", "embedding_device")


def rebuild(dense: Dense, progress: Steps, stop: Stop) -> bool:
    """Change over to the embedder that the settings name; False where `stop` said to end before that.

    progress: (passages done, passages in all, the embedder's name). Raises NotAvailable where the embedder cannot be had
    or used, Busy where another process is at it already.
    """
    from filelock import FileLock, Timeout

    wanted = embedder.chosen(dense.settings)
    try:
        with FileLock(str(dense.settings.home / "rebuild.lock"), timeout=0):
            state = _begun(dense, wanted)
            try:
                return _rebuilt(dense, wanted, state, progress, stop)
            except NotAvailable as exc:
                dense.ledger.set_meta("rebuild", replace(state, error=exc.message).dump())
                raise
    except Timeout as exc:
        raise Busy("另一个向导程序正在换向量模型。", "等它换完。", command="进度：xiangdao doctor") from exc


def _rebuilt(dense: Dense, wanted: Encoder | SentenceEmbeddings, state: Rebuild, progress: Steps, stop: Stop) -> bool:
    if stop():
        return False
    if not embedder.is_saved(dense.folder(state.folder) / "embedder"):
        _make_embedder(dense, wanted, state.folder)
    store = _resumed(dense, state)
    if not _filled(dense, store, state, progress, stop):
        return False
    with dense.ledger.writing(), dense.writing():
        dense.catch_up(store)
        dense.use(state.folder, store)
        dense.ledger.set_meta("vectors_generation", str(dense.ledger.generation))
    return True


def _begun(dense: Dense, wanted: Encoder | SentenceEmbeddings) -> Rebuild:
    """The rebuild that an earlier process left, where it was for the same embedder; else a new one."""
    target = embedder.id_of(wanted)
    before = dense.under_way()
    if before and before.embedder == target and dense.folder(before.folder).exists():
        state = replace(before, error="")
    else:
        if before:
            shutil.rmtree(dense.folder(before.folder), ignore_errors=True)
        state = Rebuild(target, uuid.uuid4().hex[:12])
    dense.ledger.set_meta("rebuild", state.dump())
    return state


def _make_embedder(dense: Dense, wanted: Encoder | SentenceEmbeddings, name: str) -> None:
    """Put the embedder beside its vectors to be, whole or not at all."""
    folder = dense.folder(name)
    part = folder / "embedder.part"
    shutil.rmtree(part, ignore_errors=True)
    dense.save_embedder(wanted, part)
    part.replace(folder / "embedder")


def _resumed(dense: Dense, state: Rebuild) -> Vectors:
    """The store begun earlier, or an empty one where that cannot be read any more."""
    with suppress(Exception):  # chromadb raises its own, sqlite's and Rust's panics
        folder = dense.folder(state.folder)
        if not dense.settings.chroma_url and (folder / seal.STORE).exists() and not seal.holds(folder):
            raise IndexDamaged("做到一半的向量打不开。", "从头做。")
        store = dense.opened(state.folder)
        store.rows()
        if store.readable():
            return store
    seal.remove(dense.folder(state.folder) / seal.STORE)
    return dense.opened(state.folder)


def _filled(dense: Dense, store: Vectors, state: Rebuild, progress: Steps, stop: Stop) -> bool:
    """Embed what the ledger holds, also what comes meanwhile; False where it was stopped."""
    have, noted = store.rows(), 0.0
    name = embedder.name_of(store.embeddings)
    while missing := sorted(dense.ledger.rows() - have):
        total = len(missing) + len(have)
        for at in range(0, len(missing), PORTION):
            progress(len(have), total, name)
            if time.monotonic() - noted > NOTED_S:
                dense.ledger.set_meta("rebuild", replace(state, done=len(have), total=total).dump())
                noted = time.monotonic()
            if stop():
                return False
            portion = missing[at : at + PORTION]
            store.add(dense.passages(portion))
            have |= set(portion)
        progress(len(have), total, name)
    return True


# ---- in the background


def start(settings: Settings, corpus: Path) -> subprocess.Popen[bytes]:
    """Change the embedder in a process of its own, at low priority. It ends when this process ends, or closes its input."""
    script = "from corpus.rebuild import main; main()"
    child = subprocess.Popen(
        [sys.executable, "-I", "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    assert child.stdin
    given = {"settings": settings.model_dump(mode="json", include=set(_SETTINGS)), "corpus": str(corpus)}
    child.stdin.write(json.dumps(given).encode() + b"\n")
    child.stdin.flush()
    return child


def main() -> None:
    """The child process: settings on the first line of its input, whose end means to stop."""
    from corpus.index import Index

    given = json.loads(sys.stdin.buffer.readline())
    ended = threading.Event()

    def listen() -> None:
        sys.stdin.buffer.read()
        ended.set()

    threading.Thread(target=listen, daemon=True).start()
    if hasattr(os, "nice"):
        os.nice(10)
    with suppress(XiangdaoError):  # what went wrong stands in the ledger
        index = Index(Settings(**given["settings"]), Path(given["corpus"]))
        index.rebuild_vectors(stop=ended.is_set)
    os._exit(0)  # the listening thread may hold the input
