"""The index over the bundled knowledge and the user's documents: opened, built, repaired, kept in step.

Building is atomic. The ledger changes in one transaction; vectors are built in a folder of their own and named in the
ledger's meta table last. Killed at any point, the next start finds the old index or builds the new one.
"""

from __future__ import annotations

import logging
import shutil
import sqlite3
import subprocess
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

from core.errors import BadKnowledge, IndexDamaged, NotAvailable
from core.settings import Settings
from core.types import PUBLIC_SPACE, Source
from corpus import cards as cards_module
from corpus import own_questions, sound
from corpus.cards import Card
from corpus.dense import Dense, Steps, Stop, never, no_steps
from corpus.encoder.encoder import built_in
from corpus.ledger import Document, Ledger, now
from corpus.naming import with_what_is_said
from corpus.own_questions import OwnQuestions
from corpus.vectors import Vectors
from corpus.words import lexicon

log = logging.getLogger(__name__)
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

    def __init__(
        self,
        settings: Settings,
        corpus: Path = cards_module.CORPUS,
        progress: Progress | None = None,
        searching: bool = True,
    ) -> None:
        """searching: False where another process searches: the vectors are not looked at before this one does, too."""
        self.settings = settings
        self.corpus = corpus
        self.notices: list[str] = []
        self.recovered = False
        self._progress = progress or _silent
        self._sources: dict[tuple[str, ...], dict[str, Source]] = {}
        self._sources_generation = -1
        self.background: subprocess.Popen[bytes] | None = None
        self.ledger = self._open_ledger()
        cards = self._sync_cards()
        self._dense = Dense(self.ledger, settings, self.notices, self._progress)
        self._own: OwnQuestions | None = None
        if searching:
            self._make_own_questions(cards)
            del cards
            self.sync_vectors()
            with suppress(NotAvailable):
                built_in().forget()

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

    def _sync_cards(self) -> list[Card] | None:
        """Bring the ledger in step with the cards; they themselves where they had to be read."""
        wanted = cards_module.knowledge_hash(self.corpus)
        if self.ledger.meta("cards_hash") == wanted:
            return None
        bad, _, message = (self.ledger.meta("cards_bad") or "").partition(" ")
        if bad == wanted:
            self._keep_last(wanted, message)
            return None
        try:
            sources = cards_module.load_sources(self.corpus)
            cards = cards_module.load_cards(self.corpus)
        except BadKnowledge as exc:
            if self.ledger.meta("cards_hash") is None:
                raise
            self._keep_last(wanted, exc.message)
            return None
        self._progress(f"正在整理自带知识（{len(cards)} 条）…")
        with self.ledger.transaction() as db:
            if self.ledger.meta("cards_hash") == wanted:
                return cards
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
        return cards

    def _keep_last(self, wanted: str, message: str) -> None:
        """Go on with the last good knowledge; what is wrong is kept, so that the next start need not read it all again."""
        if self.ledger.meta("cards_bad") != f"{wanted} {message}":
            self.ledger.set_meta("cards_bad", f"{wanted} {message}")
        self.notices.append(f"知识卡片有错，先用上一次的知识：{message}")

    def sources(self, spaces: tuple[str, ...] = (PUBLIC_SPACE,)) -> dict[str, Source]:
        """What is known of the documents of these spaces, by document id and by source id.

        Of several with one source id the bundled entry wins, then the public one. A bundled one that a document of these spaces
        ends or changes says so.
        """
        generation = self.ledger.generation
        if self._sources_generation != generation:
            self._sources, self._sources_generation = {}, generation
        if spaces not in self._sources:
            found: dict[str, Source] = {}
            every = list(self.ledger.sources(spaces))
            read = [
                (source, document.info["amendments"]) for document, source in every if document.info.get("amendments")
            ]
            said = with_what_is_said([s for d, s in every if d.origin == "card"], read) if read else {}
            for document, source in every:
                source = said.get(source.id, source) if document.origin == "card" else source
                found[document.document_id] = source
                if document.space == PUBLIC_SPACE:
                    found.setdefault(document.source_id, source)
            for document, source in every:
                found.setdefault(document.source_id, source)
            self._sources[spaces] = found
        return self._sources[spaces]

    # ---- the vectors

    @property
    def own_questions(self) -> OwnQuestions | None:
        """The cards' own questions as vectors; None where the encoder cannot be used, or other cards are just being taken in."""
        wanted = self.ledger.meta("cards_hash") or ""
        if self._own is None or self._own.knowledge != wanted:
            with suppress(NotAvailable):
                self._own = own_questions.load(self.settings.home, built_in().id, wanted)
        return self._own

    def _make_own_questions(self, cards: list[Card] | None) -> None:
        """Bring them in step with the cards that are in use. cards: where they have just been read."""
        wanted = self.ledger.meta("cards_hash")
        if self.own_questions or not wanted or wanted != cards_module.knowledge_hash(self.corpus):
            return
        try:
            encoder, read = built_in(), cards or cards_module.load_cards(self.corpus)
            with self.ledger.writing():
                self._own = own_questions.make(encoder, read, wanted, self.settings.home)
        except (NotAvailable, BadKnowledge) as exc:  # the words alone find; opening the vectors says what is wrong
            log.warning("no vectors of the cards' questions: %s", exc.message)

    @property
    def vectors(self) -> Vectors | None:
        """The vectors of the present generation, reopened when another process has changed them."""
        return self._dense.vectors

    @property
    def switching(self) -> str:
        """The embedder that the settings ask for while another one's vectors still serve; empty where they agree."""
        return self._dense.switching

    @property
    def switch_refused(self) -> str:
        """Why the embedder that the settings ask for is not in use; empty where nothing stands in its way."""
        return self._dense.refused

    def sync_vectors(self, steps: Steps = no_steps, stop: Stop = never) -> bool:
        """Bring the vectors in step with the ledger: add and remove what differs, or build anew; False where stopped."""
        return self._dense.sync(steps, stop)

    def vectors_following(self) -> AbstractContextManager[None]:
        """While this lasts, vectors are made of what is written, in a process of its own; sync_vectors does the rest."""
        from corpus.follow import following

        return following(self.settings, self.ledger.meta("embedder"))

    def rebuild_vectors(self, progress: Steps = no_steps, stop: Stop = never) -> bool:
        """Make the vectors of the embedder that the settings ask for, beside those in use; see corpus/rebuild.py."""
        from corpus.rebuild import rebuild

        return rebuild(self._dense, progress, stop)

    def switch_state(self) -> str:
        """How far the change of embedder has come, in words."""
        state = self._dense.under_way()
        if state and state.total:
            return f"已做 {state.done}/{state.total} 段，换好之前照常用原来的。接着做：xiangdao docs reindex"
        return "还没有开始，照常用原来的。现在就换：xiangdao docs reindex"

    def switch_in_background(self) -> str:
        """Begin to change to the embedder that the settings ask for, where it is not in use; a sentence about it, or ""."""
        name = self.switching
        if not name:
            return ""
        from corpus.rebuild import start

        self.background = start(self.settings, self.corpus)
        return f"正在后台把检索换成 {name}，换好之前照常用原来的。进度：xiangdao doctor"
