"""The vectors in step with the ledger: opened, patched, built anew, and never another embedder's than the one recorded.

A folder of vectors is named in the ledger's meta table last, so that a process killed at any point leaves the old ones
in use. Where the encoder cannot be used nothing is built, and the words alone find.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from core.arrays import UNREADABLE
from core.disk import check_room, full, is_full
from core.errors import Busy, CannotWrite, IndexDamaged, NotAvailable
from core.settings import Settings
from core.types import PUBLIC_SPACE, Passage
from corpus import embedder, scale, seal
from corpus.cheap import Cheap
from corpus.encoder.encoder import Encoder
from corpus.ledger import Ledger
from corpus.scale import Scale
from corpus.sentence import SentenceEmbeddings
from corpus.vectors import FEW, Vectors, embedded_text

log = logging.getLogger(__name__)
FIT_DOCUMENTS = 6_000
"""At most so many passages of documents join the cards when the embedder of large spaces is fitted."""
CHUNK = 1000
AT_ONCE = 500
"""So many passages of documents are embedded anew while somebody waits: seconds; more of them in the background."""
PASSAGE_BYTES = 4000
"""What a passage's vector takes on the disk while the files are written anew."""
LAYOUT = "2"
"""Which collections hold what; vectors of another layout are built anew."""
DAMAGED = "向量索引已损坏，已从台账重建。"
WORDS_MEANWHILE = "检索索引坏了，建好新的之前只按字词查。"
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


class _Stopped(Exception):
    """Whoever ordered the work wants it to end."""


class Dense:
    """The vectors of one data folder."""

    def __init__(self, ledger: Ledger, settings: Settings, notices: list[str], progress: Callable[[str], None]) -> None:
        self.ledger = ledger
        self.settings = settings
        self.notices = notices
        self.progress = progress
        self._lock = threading.Lock()
        self._vectors: Vectors | None = None
        self._state: tuple[str | None, int, str | None] = (None, -1, None)
        self.damaged = False

    # ---- reading

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of the present generation, reopened when another process has changed them."""
        state = (self.ledger.meta("vectors"), self.ledger.generation, self.ledger.meta("vectors_generation"))
        if state != self._state:
            with self._lock:
                if state != self._state:
                    self._open(state)
        return self._vectors

    def _open(self, state: tuple[str | None, int, str | None]) -> None:
        name, before = state[0], self._vectors if self._state[0] == state[0] else None
        if before and not self.settings.chroma_url:
            before.close()
        self._vectors, self._state = None, state
        self.damaged = bool(name) and not self._is_sound(str(name))
        if name and not self.damaged:
            try:
                self._vectors = self._opened_and_tried(name, before)
            except (IndexDamaged, NotAvailable, *UNREADABLE) as exc:
                log.warning("vectors cannot be opened: %s", exc)

    def _is_sound(self, name: str) -> bool:
        """Whether the store of a folder may be opened in this process; what cannot be told is tried in a child."""
        folder = self.folder(name)
        if self.settings.chroma_url or not os.access(self.settings.home, os.W_OK):
            return True
        crashes = seal.ended(folder)
        if crashes < seal.TRIES and seal.look(folder, thorough=crashes > 0) == "whole":
            return True
        try:
            with self.writing(timeout_s=0):  # whoever holds this has broken the seal, and sets it again
                standing = seal.look(folder, thorough=True) if crashes < seal.TRIES else "damaged"
                if standing == "unknown" and seal.holds(folder):
                    seal.write(folder)
                    return True
                return standing == "whole"
        except Busy:
            return True

    def _opened_and_tried(self, name: str, before: Vectors | None) -> Vectors:
        folder = self.folder(name)
        if self.settings.chroma_url or not os.access(folder, os.W_OK):
            return self.opened(name, before)
        with seal.opening(folder):
            store = self.opened(name, before)
            store.readable()
        seal.opened_well(folder)
        seal.note_opening(folder)
        return store

    def sealed(self, store: Vectors) -> None:
        """Seal the folder of a store that was written to. Called under the lock on the vectors' files."""
        folder = store.folder.parent
        if not self.settings.chroma_url and not seal.is_sealed(folder) and store.readable():
            seal.write(folder)

    def opened(self, name: str, before: Vectors | None = None) -> Vectors:
        """The vectors of a folder that is there, with the embedder that made them; `before` has it loaded."""
        folder = self.folder(name)
        embeddings, scale = (
            (before.embeddings, before.scale) if before else embedder.load(folder / "embedder", self.settings)
        )
        cheap = Cheap(folder / "cheap", lambda space: self.ledger.size((space,)), self.shared)
        return Vectors(
            folder / "chroma",
            embeddings,
            self.settings.chroma_url,
            f"passages-{name}",
            scale,
            cheap if isinstance(embeddings, Encoder) else None,
        )

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
        agreed = not recorded or (recorded == embedder.id_of(wanted) and not self.damaged)
        return "" if agreed or self.refused else embedder.name_of(wanted)

    @property
    def refused(self) -> str:
        """Why the embedder of the settings is not in use, in a sentence; empty where nothing stands in its way."""
        try:
            wanted, under_way = embedder.chosen(self.settings), self.under_way()
        except NotAvailable as exc:
            other = "检索先用别的向量。" if self.settings.embedding_model else ""
            return f"{exc.message}{other}{exc.terminal_hint}"
        failed = under_way and under_way.error and under_way.embedder == embedder.id_of(wanted)
        return f"{under_way.error}检索先用别的向量。再试：xiangdao docs reindex" if failed and under_way else ""

    def under_way(self) -> Rebuild | None:
        """The change of embedder that was begun and is not in use yet."""
        try:
            return Rebuild(**json.loads(self.ledger.meta("rebuild") or ""))
        except (ValueError, TypeError):
            return None

    # ---- writing

    def sync(self, steps: Steps = no_steps, stop: Stop = never) -> bool:
        """Bring the vectors in step with the ledger: add and remove what differs, or build anew.

        stop: is asked between portions; False where it was told to, and what is left the next time goes on from there.
        """
        if (refused := self.refused) and refused not in self.notices:
            self.notices.append(refused)
        if self._in_step():
            with suppress(Busy):
                if self._left_over():
                    with self.ledger.writing(timeout_s=0):
                        self._sweep()
            return True
        with self.ledger.writing(), self.writing():
            if self._in_step() or self._left_to_background():
                return True
            generation = self.ledger.generation
            try:
                if self._patched(steps, stop) or self._built():
                    self.ledger.set_meta("vectors_generation", str(generation))
            except _Stopped:
                return False
        return True

    def _left_to_background(self) -> bool:
        """Whether another version's vectors cannot be searched, and there is too much to make anew while somebody waits."""
        if not self.switching or self.vectors is not None or self.ledger.meta("vectors") is None:
            return False
        documents = sum(document.passages for document in self.ledger.documents(origin="document"))
        if documents > AT_ONCE and self.damaged and WORDS_MEANWHILE not in self.notices:
            self.notices.append(WORDS_MEANWHILE)
        return documents > AT_ONCE

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

    def _patched(self, steps: Steps, stop: Stop) -> bool:
        """Add and remove what changed; False where there is nothing sound to patch."""
        name, store = self.ledger.meta("vectors"), self.vectors
        if not name or not self._has_files(name) or store is None:
            if self.damaged and self.ledger.meta("vectors_layout") == LAYOUT:
                self.notices.append(DAMAGED)
            return False
        if store.embedder != self.ledger.meta("embedder"):
            self.notices.append("向量模型变了，向量索引已从台账重建。")
            return False
        if not store.readable():
            self.notices.append(DAMAGED)
            return False
        try:
            self.patch(store, steps, stop)
        except (_Stopped, CannotWrite):
            raise
        except Exception as exc:  # whatever Chroma says about a damaged folder, the ledger can make a new one
            if is_full(exc, self.settings.home):  # the folder is sound, and a new one would have no room either
                raise full(self.settings.home) from exc
            log.warning("vectors cannot be patched: %s", exc)
            self.notices.append(DAMAGED)
            return False
        return True

    def patch(self, store: Vectors, steps: Steps = no_steps, stop: Stop = never) -> None:
        """Give a store the passages of the ledger that it lacks, and take out those that are gone.

        Where nothing is gone only what was written since the last time is looked at.
        """
        last, newest = int(self.ledger.meta("vectors_row") or 0), self.ledger.last_row()
        added = self.ledger.rows_after(last)
        if last and store.count() == self.ledger.count("passage") - len(added):
            self._add(store, added, steps, stop)
        else:
            self.catch_up(store, steps, stop)
        self.sealed(store)
        self.ledger.set_meta("vectors_row", str(newest))

    def catch_up(self, store: Vectors, steps: Steps = no_steps, stop: Stop = never) -> None:
        """As `patch`, by comparing all rows."""
        have, want = store.rows(), self.ledger.rows()
        store.delete(have - want)
        self._add(store, sorted(want - have), steps, stop)

    def _add(self, store: Vectors, rows: list[int], steps: Steps, stop: Stop) -> None:
        """Add passages in portions, each of which stays; _Stopped between two where it is told to."""
        at = 0
        while at < len(rows):
            if stop():
                raise _Stopped
            cheap = store.cheap is not None and store.cheap.is_for(PUBLIC_SPACE)
            portion = rows[at : at + (CHUNK if cheap else FEW)]
            store.add(self.passages(portion))
            at += len(portion)
            steps(at, len(rows), "")

    @contextmanager
    def writing(self, timeout_s: float | None = None) -> Iterator[None]:
        """Hold the lock on the vectors' files; taken after the ledger's where both are held. Busy as of the ledger's."""
        from filelock import FileLock, Timeout

        try:
            path, wait_s = str(self.settings.home / "vectors.lock"), self.settings.lock_timeout_s
            with FileLock(path, timeout=wait_s, is_singleton=True).acquire(timeout=timeout_s):
                yield
        except Timeout as exc:
            raise Busy("另一个向导程序正在写检索索引，等了很久还没写完。", "稍后再试，或先关掉另一个程序。") from exc

    def passages(self, rows: list[int]) -> Iterator[tuple[int, Passage]]:
        """The passages of ledger rows, read in portions."""
        for at in range(0, len(rows), CHUNK):
            yield from self.ledger.passages(rows[at : at + CHUNK]).items()

    def _built(self) -> bool:
        """Build a new folder of vectors with the encoder; False where it cannot be used, and the words alone find."""
        if not self.ledger.count("passage"):
            return True
        check_room(self.settings.home, self.ledger.count("passage") * PASSAGE_BYTES)
        self.progress(f"正在建立检索索引（{self.ledger.size()} 段）…")
        name = uuid.uuid4().hex[:12]
        if not self.settings.vectors_path.is_dir():
            seal.remove(self.settings.vectors_path)
        try:
            self.save_embedder(embedder.built_in(), self.folder(name) / "embedder")
            store = self.opened(name)
            store.add(self.ledger.all_passages())
        except NotAvailable as exc:
            shutil.rmtree(self.folder(name), ignore_errors=True)
            told = f"{exc.message}{exc.terminal_hint}"
            self.notices += [told] if told not in self.notices else []
            return False
        except BaseException:
            shutil.rmtree(self.folder(name), ignore_errors=True)
            raise
        self.use(name, store)
        return True

    def save_embedder(self, made: Encoder | SentenceEmbeddings, folder: Path) -> None:
        """Keep an embedder in a folder with its scale. Raises NotAvailable where its cosines tell nothing."""
        pairs = scale.pairs([p for _, p in self.ledger.all_passages() if p.origin == "card"])
        found: Scale | None = scale.SAME
        if len(pairs) > 1:
            found = scale.fitted(scale.cosines(made, [q for q, _ in pairs], [embedded_text(p) for _, p in pairs]))
        if found is None and isinstance(made, SentenceEmbeddings):
            raise NotAvailable(
                f"模型 {made.name} 分不出相关和无关的段落，没有换上。",
                "换一个模型。",
                command="看有哪些：xiangdao model list",
            )
        embedder.save(made, folder, found or scale.SAME)

    def shared(self) -> list[Passage]:
        """What everyone may see, for an embedder to be fitted on: every card, and documents evenly spread."""
        step = -(-max(1, self.ledger.count("passage")) // FIT_DOCUMENTS)
        passages = enumerate(p for _, p in self.ledger.all_passages() if p.space == PUBLIC_SPACE)
        return [p for at, p in passages if p.origin == "card" or at % step == 0]

    def use(self, name: str, store: Vectors) -> None:
        """Name a finished folder as the one in use, and remove the others. Called under the writer's lock."""
        under_way = self.under_way()
        finished = {"rebuild": ""} if under_way and under_way.folder == name else {}
        self.sealed(store)
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
            seal.remove(path)
