"""The index over the bundled knowledge and the user's documents: opened, built, repaired, kept in step.

Building is atomic. The ledger changes in one transaction; vectors are built in a folder of their own and named in the
ledger's meta table last. Killed at any point, the next start finds the old index or builds the new one.
"""

from __future__ import annotations

import logging
import sqlite3
import subprocess
import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager, closing, suppress
from pathlib import Path

from core.disk import MEGABYTE, check_room
from core.errors import BadKnowledge, CannotWrite, DiskFull, IndexDamaged, NotAvailable
from core.settings import Settings
from core.sqlite import opened
from core.types import PUBLIC_SPACE, Source
from corpus import cards as cards_module
from corpus import own_questions, seal, shipped, sound, soundness
from corpus.cards import Card
from corpus.dense import Dense, Steps, Stop, never, no_steps
from corpus.encoder.encoder import built_in
from corpus.ledger import Document, Ledger, now
from corpus.naming import with_what_is_said
from corpus.own_questions import OwnQuestions
from corpus.vectors import Vectors
from corpus.words import lexicon

FIRST_BYTES = 120 * MEGABYTE
"""What a data folder takes in which there is nothing yet, so that a first start without room says at once how much is missing."""
CARD_BYTES = 20_000
"""What a card takes in the data folder, with its words and vectors, while all of them are written."""
LOOK_S = 5.0
RECOVER = "recover"
"""In the ledger's meta table: the name of the file that was set aside, or lost, until the documents are back."""
LOST = "台账不见了，或少了已经写进去的内容；您的资料从保存的原件重新录入。"
WORDS_ONLY = "检索索引要能写才打得开，这次只按字词查。"
log = logging.getLogger(__name__)
Progress = Callable[[str], None]


def _silent(message: str) -> None:
    log.info(message)


def is_built(settings: Settings, corpus: Path = cards_module.CORPUS) -> bool:
    """Whether the index of this knowledge stands ready, found without opening it; a damaged file counts as not ready."""
    try:
        if not settings.ledger_path.is_file():
            return False
        with closing(opened(settings.ledger_path, LOOK_S)[0]) as db:
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
        self.aside: Path | None = None
        self._progress = progress or _silent
        self._sources: dict[tuple[str, ...], dict[str, Source]] = {}
        self._sources_generation = -1
        self.background: subprocess.Popen[bytes] | None = None
        self.ledger = self._open_ledger()
        if told := shipped.look(corpus, settings.home).sentence:
            self.notices.append(told)
        cards = self._sync_cards()
        self._dense = Dense(self.ledger, settings, self.notices, self._progress)
        self._own: OwnQuestions | None = None
        if searching:
            self._make_ready(cards)
            del cards
            with suppress(NotAvailable):
                built_in().forget()
        self.note_sound()

    def _make_ready(self, cards: list[Card] | None) -> None:
        """What is searched in, in step with the ledger; where that cannot be written, what was there goes on answering."""
        try:
            self._make_own_questions(cards)
            self.sync_vectors()
        except CannotWrite as exc:
            self.notices.append(
                f"{exc.message}检索索引没有更新，先用已有的作答。{exc.hint}"
                if isinstance(exc, DiskFull)
                else WORDS_ONLY
            )

    # ---- the ledger

    def _open_ledger(self) -> Ledger:
        path = self.settings.ledger_path
        if not path.exists():
            check_room(self.settings.home, FIRST_BYTES)
        lost = self._is_lost(path)
        try:
            ledger = self._sound(path)
            if lost or ledger.generation < soundness.generation_seen(path):
                self.notices.append(LOST)
                ledger.set_meta(RECOVER, "lost")
            self._take_up(ledger)
            return ledger
        except IndexDamaged as exc:
            log.warning("%s %s", exc, exc.__cause__ or "")
            aside = path.with_name(f"ledger.damaged-{uuid.uuid4().hex[:8]}.db")
            for suffix in ("", "-wal", "-shm"):
                part = path.with_name(path.name + suffix)
                if part.exists():
                    part.replace(aside.with_name(aside.name + suffix))
            seal.remove(self.settings.vectors_path)
            self.notices.append(f"台账文件已损坏，移到 {aside.name}；自带知识已重建，您的资料会从保存的原件重新录入。")
            ledger = Ledger(path, self.settings.lock_timeout_s)
            ledger.set_meta(RECOVER, aside.name)
            self._take_up(ledger)
            return ledger

    def _take_up(self, ledger: Ledger) -> None:
        """Whether documents are still to be brought back, also where a process ended before it had."""
        if told := ledger.meta(RECOVER):
            self.recovered, self.aside = True, self.settings.home / told if told.endswith(".db") else None

    def brought_back(self) -> None:
        """All documents are there again that could be brought back."""
        self.ledger.set_meta(RECOVER, "")
        self.note_sound()

    def _is_lost(self, path: Path) -> bool:
        """Whether there is no ledger although documents have been taken in; also frees its place and its lock's of folders."""
        for name in (f"{path.name}.lock", f"{path.name}{soundness.NOTE}", f"{path.name}-wal", f"{path.name}-shm"):
            if (there := path.with_name(name)).is_dir():
                seal.make_way(there)
        filled = path.is_file() and path.stat().st_size > 0
        return not filled and not path.is_dir() and any(self.settings.originals_path.glob("*.json"))

    def _sound(self, path: Path) -> Ledger:
        """The ledger, read whole where it does not look as it was left. Raises IndexDamaged."""
        looks = soundness.seems_sound(path) or not path.exists()
        ledger = Ledger(path, self.settings.lock_timeout_s)
        if not looks and (wrong := soundness.damage(path)):
            ledger.close()
            raise IndexDamaged("台账文件里有坏的内容。", f"文件：{path}") from ValueError(wrong)
        return ledger

    def note_sound(self) -> None:
        """Remember how the ledger looks, so that the next start sees whether anybody else has changed it."""
        with suppress(sqlite3.Error):
            soundness.note(self.settings.ledger_path, self.ledger.generation)

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
            shipped.check(self.corpus)
            sources = cards_module.load_sources(self.corpus)
            cards = cards_module.load_cards(self.corpus)
        except BadKnowledge as exc:
            if self.ledger.meta("cards_hash") is None:
                raise
            self._keep_last(wanted, exc.message)
            return None
        self._progress(f"正在整理自带知识（{len(cards)} 条）…")
        try:
            check_room(self.settings.home, len(cards) * CARD_BYTES)
            self._put_cards(cards, sources, wanted)
        except CannotWrite as exc:
            if self.ledger.meta("cards_hash") is None:
                raise
            self.notices.append(f"{exc.message}自带知识没有更新，先用上一次的。{exc.hint}")
            return None
        return cards

    def _put_cards(self, cards: list[Card], sources: dict[str, Source], wanted: str) -> None:
        """Write the cards in place of those that are there."""
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
