"""The index over the bundled knowledge and the user's documents: opened, built, repaired, kept in step.

Building is atomic. The ledger changes in one transaction; vectors are built in a folder of their own and named in the
ledger's meta table last. Killed at any point, the next start finds the old index or builds the new one.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import threading
import uuid
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from core.errors import BadKnowledge, IndexDamaged
from core.settings import Settings
from core.types import PUBLIC_SPACE, Source
from corpus import cards as cards_module
from corpus import sound
from corpus.embed import NgramEmbeddings
from corpus.ledger import Document, Ledger, now
from corpus.vectors import Vectors, embedded_text
from corpus.words import lexicon

log = logging.getLogger(__name__)
FIT_PASSAGES = 20_000
Progress = Callable[[str], None]


def _silent(message: str) -> None:
    log.info(message)


def is_built(settings: Settings, corpus: Path = cards_module.CORPUS) -> bool:
    """Whether the index of this knowledge stands ready, found without opening it; a damaged file counts as not ready."""
    try:
        with closing(sqlite3.connect(f"file:{settings.ledger_path}?mode=ro", uri=True)) as db:
            meta = dict(db.execute("SELECT key, value FROM meta"))
    except sqlite3.Error:
        return False
    wanted = cards_module.knowledge_hash(corpus)
    return bool(meta.get("vectors")) and wanted in {meta.get("cards_hash"), (meta.get("cards_bad") or "").split(" ")[0]}


class Index:
    """The ledger with its vectors. `notices` holds what a user should be told about opening it."""

    def __init__(self, settings: Settings, corpus: Path = cards_module.CORPUS, progress: Progress = _silent) -> None:
        self.settings = settings
        self.corpus = corpus
        self.notices: list[str] = []
        self.recovered = False
        self._progress = progress
        self._lock = threading.Lock()
        self._sources: dict[tuple[str, ...], dict[str, Source]] = {}
        self._sources_generation = -1
        self._vectors: Vectors | None = None
        self._vectors_state: tuple[str | None, int] = (None, -1)
        self.ledger = self._open_ledger()
        self._sync_cards()
        self.sync_vectors()

    # ---- the ledger

    def _open_ledger(self) -> Ledger:
        path = self.settings.ledger_path
        try:
            return Ledger(path, self.settings.lock_timeout_s)
        except IndexDamaged:
            aside = path.with_name(f"ledger.damaged-{uuid.uuid4().hex[:8]}.db")
            for suffix in ("", "-wal", "-shm"):
                part = path.with_name(path.name + suffix)
                if part.exists():
                    part.replace(aside.with_name(aside.name + suffix))
            shutil.rmtree(self.settings.vectors_path, ignore_errors=True)
            self.recovered = True
            self.notices.append(f"台账文件已损坏，移到 {aside.name}；自带知识已重建，您的资料会从保存的原件重新录入。")
            return Ledger(path, self.settings.lock_timeout_s)

    def _sync_cards(self) -> None:
        wanted = cards_module.knowledge_hash(self.corpus)
        if self.ledger.meta("cards_hash") == wanted:
            return
        bad, _, message = (self.ledger.meta("cards_bad") or "").partition(" ")
        if bad == wanted:
            self._keep_last(wanted, message)
            return
        try:
            sources = cards_module.load_sources(self.corpus)
            cards = cards_module.load_cards(self.corpus)
        except BadKnowledge as exc:
            if self.ledger.meta("cards_hash") is None:
                raise
            self._keep_last(wanted, exc.message)
            return
        self._progress(f"正在整理自带知识（{len(cards)} 条）…")
        with self.ledger.transaction() as db:
            if self.ledger.meta("cards_hash") == wanted:
                return
            for document in self.ledger.documents(origin="card"):
                self.ledger.remove(db, document.document_id)
            for source in sources.values():
                own = [c for c in cards if c.source == source.id]
                if own:
                    passages = [cards_module.as_passage(c, source) for c in own]
                    size = sum(len(p.text) for p in passages)
                    document = Document(
                        f"card:{source.id}",
                        source.id,
                        "card",
                        PUBLIC_SPACE,
                        source.title,
                        wanted,
                        source.id,
                        size,
                        now(),
                        {},
                    )
                    self.ledger.put(db, document, passages, source)
            sound.rebuild(db, lexicon())
            db.execute("INSERT OR REPLACE INTO meta VALUES ('cards_hash', ?)", (wanted,))
            db.execute("INSERT OR REPLACE INTO meta VALUES ('vectors', '')")

    def _keep_last(self, wanted: str, message: str) -> None:
        """Go on with the last good knowledge; what is wrong is kept, so that the next start need not read it all again."""
        if self.ledger.meta("cards_bad") != f"{wanted} {message}":
            self.ledger.set_meta("cards_bad", f"{wanted} {message}")
        self.notices.append(f"知识卡片有错，先用上一次的知识：{message}")

    def sources(self, spaces: tuple[str, ...] = (PUBLIC_SPACE,)) -> dict[str, Source]:
        """What is known of the documents of these spaces, by document id and by source id.

        Of several with one source id the bundled entry wins, then the public one.
        """
        generation = self.ledger.generation
        if self._sources_generation != generation:
            self._sources, self._sources_generation = {}, generation
        if spaces not in self._sources:
            found: dict[str, Source] = {}
            for document, source in self.ledger.sources(spaces):
                found[document.document_id] = source
                if document.space == PUBLIC_SPACE:
                    found.setdefault(document.source_id, source)
            for document, source in self.ledger.sources(spaces):
                found.setdefault(document.source_id, source)
            self._sources[spaces] = found
        return self._sources[spaces]

    # ---- the vectors

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of the present generation, reopened when another process has changed them."""
        state = (self.ledger.meta("vectors"), self.ledger.generation)
        if state != self._vectors_state:
            with self._lock:
                self._open_vectors(state)
        return self._vectors

    def _open_vectors(self, state: tuple[str | None, int]) -> None:
        name = state[0]
        if self._vectors and self._vectors_state[0] == name and not self.settings.chroma_url:
            self._vectors.close()
        self._vectors, self._vectors_state = None, state
        if name:
            folder = self.settings.vectors_path / name
            try:
                embeddings = NgramEmbeddings.load(folder / "embedder")
                self._vectors = Vectors(folder / "chroma", embeddings, self.settings.chroma_url, f"passages-{name}")
            except (IndexDamaged, OSError, ValueError) as exc:
                log.warning("vectors cannot be opened: %s", exc)

    def sync_vectors(self) -> None:
        """Bring the vectors in step with the ledger: add and remove what differs, or build anew."""
        if self._in_step():
            return
        with self.ledger.writing():
            if self._in_step():
                return
            generation = self.ledger.generation
            if not self._patch_vectors():
                self._build_vectors()
            self.ledger.set_meta("vectors_generation", str(generation))

    def _in_step(self) -> bool:
        name = self.ledger.meta("vectors")
        return (
            bool(name)
            and self.ledger.meta("vectors_generation") == str(self.ledger.generation)
            and self._files_of(str(name))
            and self.vectors is not None
            and self.vectors.embedder == self.ledger.meta("embedder")
            and self.vectors.readable()
        )

    def _files_of(self, name: str) -> bool:
        """Whether the files of a vector folder are there; those of a Chroma server are not looked at."""
        folder = self.settings.vectors_path / name
        stored = bool(self.settings.chroma_url) or (folder / "chroma" / "chroma.sqlite3").exists()
        return stored and (folder / "embedder" / "projection.npy").exists()

    def _patch_vectors(self) -> bool:
        """Add and remove what changed; False where there is nothing sound to patch."""
        name = self.ledger.meta("vectors")
        if not name or not self._files_of(name) or (store := self.vectors) is None:
            return False
        if store.embedder != self.ledger.meta("embedder"):
            self.notices.append("向量模型变了，向量索引已从台账重建。")
            return False
        if not store.readable():
            self.notices.append("向量索引已损坏，已从台账重建。")
            return False
        try:
            have, want = store.rows(), self.ledger.rows()
            store.delete(have - want)
            store.add(self.ledger.passages(want - have).items())
        except Exception as exc:  # whatever Chroma says about a damaged folder, the ledger can make a new one
            log.warning("vectors cannot be patched: %s", exc)
            self.notices.append("向量索引已损坏，已从台账重建。")
            return False
        return True

    def _build_vectors(self) -> None:
        """Fit the embedder on the passages that everyone may see and build a new folder of vectors."""
        passages = list(self.ledger.all_passages())
        if not passages:
            return
        shared = [passage for _, passage in passages if passage.space == PUBLIC_SPACE]
        self._progress(f"正在建立检索索引（{len(shared)} 段）…")
        name = uuid.uuid4().hex[:12]
        folder = self.settings.vectors_path / name
        sample = shared[:: max(1, len(shared) // FIT_PASSAGES)]
        embeddings = NgramEmbeddings.fit([embedded_text(p) for p in sample])
        embeddings.save(folder / "embedder")
        store = Vectors(folder / "chroma", embeddings, self.settings.chroma_url, f"passages-{name}")
        store.add(passages)
        self.ledger.set_meta("embedder", f"{embeddings.id} {embeddings.dimension}")
        self.ledger.set_meta("vectors", name)
        for old in self.settings.vectors_path.iterdir():
            if old.name != name:
                shutil.rmtree(old, ignore_errors=True)
