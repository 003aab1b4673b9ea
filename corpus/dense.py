"""The vectors in step with the ledger: opened, patched, built anew, and never another embedder's than the one recorded.

A folder of vectors is named in the ledger's meta table last, so that a process killed at any point leaves the old ones
in use. The built-in embedder is fitted on the cards and a sample of the documents; what comes later is folded in.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path

from core.errors import Busy, IndexDamaged, NotAvailable
from core.settings import Settings
from core.types import PUBLIC_SPACE, Passage
from corpus import embedder
from corpus.embed import NgramEmbeddings
from corpus.ledger import Ledger
from corpus.vectors import Vectors, embedded_text

log = logging.getLogger(__name__)
FIT_DOCUMENTS = 6_000
"""At most so many passages of documents join the cards when the built-in embedder is fitted."""
CHUNK = 1000
LAYOUT = "2"
"""Which collections hold what; vectors of another layout are built anew."""
DAMAGED = "向量索引已损坏，已从台账重建。"
Steps = Callable[[int, int, str], None]
Stop = Callable[[], bool]


def no_steps(done: int, total: int, what: str) -> None:
    log.debug("%s %d/%d", what, done, total)


def never() -> bool:
    return False


@dataclass(frozen=True)
class Rebuild:
    """A change of embedder under way, as the ledger's meta table keeps it. error: why it could not be done."""

    embedder: str
    folder: str
    done: int = 0
    total: int = 0
    error: str = ""

    def dump(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)


class Dense:
    """The vectors of one data folder."""

    def __init__(self, ledger: Ledger, settings: Settings, notices: list[str], progress: Callable[[str], None]) -> None:
        self.ledger = ledger
        self.settings = settings
        self.notices = notices
        self.progress = progress
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None
        self._state: tuple[str | None, int] = (None, -1)

    # ---- reading

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of the present generation, reopened when another process has changed them."""
        state = (self.ledger.meta("vectors"), self.ledger.generation)
        if state != self._state:
            with self._lock:
                if state != self._state:
                    self._open(state)
        return self._vectors

    def _open(self, state: tuple[str | None, int]) -> None:
        name, before = state[0], self._vectors if self._state[0] == state[0] else None
        if before and not self.settings.chroma_url:
            before.close()
        self._vectors, self._state = None, state
        if name:
            try:
                self._vectors = self.opened(name, before)
            except (IndexDamaged, NotAvailable, OSError, ValueError, KeyError, TypeError) as exc:
                log.warning("vectors cannot be opened: %s", exc)

    def opened(self, name: str, before: Vectors | None = None) -> Vectors:
        """The vectors of a folder that is there, with the embedder that made them; `before` has it loaded."""
        folder = self.folder(name)
        embeddings, scale = (
            (before.embeddings, before.scale) if before else embedder.load(folder / "embedder", self.settings)
        )
        return Vectors(folder / "chroma", embeddings, self.settings.chroma_url, f"passages-{name}", scale)

    def folder(self, name: str) -> Path:
        return self.settings.vectors_path / name

    @property
    def switching(self) -> str:
        """The name of the embedder that the settings ask for while another's vectors serve; empty where they agree.

        One that cannot be had, or that failed before, is not asked for; `refused` says why.
        """
        recorded = self.ledger.meta("embedder") or ""
        try:
            wanted = embedder.chosen(self.settings)
        except NotAvailable:
            return ""
        if wanted is None:
            return "" if recorded.startswith(embedder.BUILT_IN) or not recorded else embedder.BUILT_IN_NAME
        return "" if self.refused or recorded == embedder.id_of(wanted) else wanted.name

    @property
    def refused(self) -> str:
        """Why the embedder of the settings is not in use, in a sentence; empty where nothing stands in its way."""
        try:
            wanted, under_way = embedder.chosen(self.settings), self.under_way()
        except NotAvailable as exc:
            return f"{exc.message}检索先用别的向量。{exc.terminal_hint}"
        failed = wanted and under_way and under_way.error and under_way.embedder == embedder.id_of(wanted)
        return f"{under_way.error}检索先用别的向量。再试：xiangdao docs reindex" if failed and under_way else ""

    def under_way(self) -> Rebuild | None:
        """The change of embedder that was begun and is not in use yet."""
        try:
            return Rebuild(**json.loads(self.ledger.meta("rebuild") or ""))
        except (ValueError, TypeError):
            return None

    # ---- writing

    def sync(self) -> None:
        """Bring the vectors in step with the ledger: add and remove what differs, or build anew."""
        if (refused := self.refused) and refused not in self.notices:
            self.notices.append(refused)
        if self._in_step():
            with suppress(Busy):
                if self._left_over():
                    with self.ledger.writing(timeout_s=0):
                        self._sweep()
            return
        with self.ledger.writing(), self.writing():
            if self._in_step():
                return
            generation = self.ledger.generation
            if not self._patched():
                self._build()
            self.ledger.set_meta("vectors_generation", str(generation))

    def _in_step(self) -> bool:
        name = self.ledger.meta("vectors")
        return (
            bool(name)
            and self.ledger.meta("vectors_generation") == str(self.ledger.generation)
            and self._has_files(str(name))
            and self.vectors is not None
            and self.vectors.embedder == self.ledger.meta("embedder")
            and self.vectors.readable()
        )

    def _has_files(self, name: str) -> bool:
        """Whether the files of a vector folder are there, as this version writes them; a Chroma server's are not looked at."""
        folder = self.folder(name)
        stored = bool(self.settings.chroma_url) or (folder / "chroma" / "chroma.sqlite3").exists()
        known = self.ledger.meta("vectors_layout") == LAYOUT
        return known and stored and embedder.is_saved(folder / "embedder")

    def _patched(self) -> bool:
        """Add and remove what changed; False where there is nothing sound to patch."""
        name = self.ledger.meta("vectors")
        if not name or not self._has_files(name) or (store := self.vectors) is None:
            return False
        if store.embedder != self.ledger.meta("embedder"):
            self.notices.append("向量模型变了，向量索引已从台账重建。")
            return False
        if not store.readable():
            self.notices.append(DAMAGED)
            return False
        try:
            self.patch(store)
        except Exception as exc:  # whatever Chroma says about a damaged folder, the ledger can make a new one
            log.warning("vectors cannot be patched: %s", exc)
            self.notices.append(DAMAGED)
            return False
        return True

    def patch(self, store: Vectors) -> None:
        """Give a store the passages of the ledger that it lacks, and take out those that are gone.

        Where nothing is gone only what was written since the last time is looked at.
        """
        last, newest = int(self.ledger.meta("vectors_row") or 0), self.ledger.last_row()
        added = self.ledger.rows_after(last)
        if last and store.count() == self.ledger.count("passage") - len(added):
            store.add(self.passages(added))
        else:
            self.catch_up(store)
        self.ledger.set_meta("vectors_row", str(newest))

    def catch_up(self, store: Vectors) -> None:
        """As `patch`, by comparing all rows."""
        have, want = store.rows(), self.ledger.rows()
        store.delete(have - want)
        store.add(self.passages(sorted(want - have)))

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Hold the lock on the vectors' files; taken after the ledger's where both are held."""
        from filelock import FileLock, Timeout

        try:
            with FileLock(str(self.settings.home / "vectors.lock"), timeout=self.settings.lock_timeout_s):
                yield
        except Timeout as exc:
            raise Busy("另一个向导程序正在写检索索引，等了很久还没写完。", "稍后再试，或先关掉另一个程序。") from exc

    def passages(self, rows: list[int]) -> Iterator[tuple[int, Passage]]:
        """The passages of ledger rows, read in portions."""
        for at in range(0, len(rows), CHUNK):
            yield from self.ledger.passages(rows[at : at + CHUNK]).items()

    def _build(self) -> None:
        """Fit the built-in embedder and build a new folder of vectors."""
        if not self.ledger.count("passage"):
            return
        self.progress(f"正在建立检索索引（{self.ledger.size()} 段）…")
        name = uuid.uuid4().hex[:12]
        embeddings = self.fitted()
        embedder.save(embeddings, self.folder(name) / "embedder")
        store = self.opened(name)
        store.add(self.ledger.all_passages())
        self.use(name, store)

    def fitted(self) -> NgramEmbeddings:
        """The built-in embedder, fitted on what everyone may see: every card, and documents evenly spread."""
        count = max(1, self.ledger.count("passage"))
        step = -(-count // FIT_DOCUMENTS)
        shared = ((at, p) for at, (_, p) in enumerate(self.ledger.all_passages()) if p.space == PUBLIC_SPACE)
        texts = [embedded_text(p) for at, p in shared if p.origin == "card" or at % step == 0]
        return NgramEmbeddings.fit(texts or [embedded_text(p) for _, p in islice(self.ledger.all_passages(), CHUNK)])

    def use(self, name: str, store: Vectors) -> None:
        """Name a finished folder as the one in use, and remove the others. Called under the writer's lock."""
        under_way = self.under_way()
        finished = {"rebuild": ""} if under_way and under_way.folder == name else {}
        done = {"vectors_row": str(self.ledger.last_row()), "vectors_layout": LAYOUT}
        self.ledger.set_metas({"embedder": store.embedder, "vectors": name, **done, **finished})
        self._sweep()

    def _left_over(self) -> list[Path]:
        """Folders of vectors that are neither in use nor being made, as after a kill."""
        under_way = self.under_way()
        kept = {self.ledger.meta("vectors"), under_way.folder if under_way else ""}
        folder = self.settings.vectors_path
        return [path for path in folder.iterdir() if path.name not in kept] if folder.is_dir() else []

    def _sweep(self) -> None:
        """Remove them; only under the writer's lock, as a folder that is just being built is not named yet."""
        for path in self._left_over():
            shutil.rmtree(path, ignore_errors=True)
