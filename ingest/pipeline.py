"""Documents into the index: loaded, cleaned, cut, kept as originals and written, one transaction a file."""

from __future__ import annotations

import hashlib
import logging
import re
import threading
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from core.disk import full, is_full
from core.errors import BadFile, BadInput, DiskFull, XiangdaoError
from core.spaces import checked_space
from core.types import PUBLIC_SPACE, Passage, Source
from corpus import typed_tables
from corpus.cards import load_sources
from corpus.index import Index
from corpus.ledger import Document, now
from ingest import identity, load, rereading, versions, web
from ingest.ahead import Ahead
from ingest.amendments.in_force import as_read
from ingest.amendments.meant import amendments_of
from ingest.amendments.reading import read as read_amendments
from ingest.asides import OnlyAsides, struck_facts, without_asides
from ingest.frame import ABOUT, about, is_framed, without_frame
from ingest.metadata import lines_of, read_metadata
from ingest.originals import Original, Originals
from ingest.parsed import Parsed
from ingest.records import (
    checked_edits,
    kept_edits,
    known_of,
    metadata_of,
    restate,
    settle,
    source_of,
    titled,
)
from ingest.rereading import AS_READ, READING
from ingest.sandbox import Stopped
from ingest.split import ChineseStructureSplitter, Piece

Status = Literal["added", "replaced", "unchanged", "failed", "would_add"]
Progress = Callable[[int, int, str], None]
Report = Callable[[str, int, int], None]
_REMOVING = "removing:"
_SLIDES = frozenset({".pptx", ".ppt", ".dps"})

_UNSAFE = re.compile(r"[^\w.\-·（）《》]+")
NAME_CHARACTERS = 80
MANY = 20
"""From so many files on, one works ahead."""
__all__ = ["Ingestor", "Outcome", "Stopped", "restore", "safe_id"]
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Outcome:
    """What became of one file. document_id is empty and passages 0 where it failed; message is for the user."""

    path: Path | str
    status: Status
    document_id: str = ""
    passages: int = 0
    message: str = ""


def _silent(done: int, total: int, name: str) -> None:
    log.debug("%d/%d %s", done, total, name)


class Ingestor:
    """Writes the user's documents into one index."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.originals = Originals(index.settings.originals_path)
        self.splitter = ChineseStructureSplitter()
        self._known = load_sources(index.corpus)
        self._ahead: Ahead | None = None
        versions.prepare(index.ledger.connection)
        typed_tables.prepare(index.ledger.connection)

    def ingest(
        self,
        paths: Iterable[Path | str],
        space: str = PUBLIC_SPACE,
        dry_run: bool = False,
        progress: Progress = _silent,
    ) -> list[Outcome]:
        """Take in files and folders; one bad file does not stop the others. Raises BadInput for a bad space name."""
        checked_space(space)
        outcomes: list[Outcome] = []
        files = self._files(paths, outcomes)
        try:
            with self._working_ahead(space, len(files) >= MANY and not dry_run):
                for at, path in enumerate(files):
                    progress(at, len(files), Path(path).name)
                    if self._ahead:
                        self._ahead.go_on(files[at + 1] if at + 1 < len(files) else None)
                    outcomes.append(self.take(path, space, dry_run=dry_run))
            progress(len(files), len(files), "")
        finally:
            if any(o.status in {"added", "replaced"} for o in outcomes):
                self.index.sync_vectors()
        return outcomes

    @contextmanager
    def _working_ahead(self, space: str, many: bool) -> Iterator[None]:
        """With many files, parse the next one and make vectors of those written while the present one is written."""
        if not many:
            yield
            return

        def is_known(place: Path | str, sha256: str) -> bool:
            found = identity.namesakes(self.index.ledger, space, self.source_id_of(place))
            return any(document.sha256 == sha256 for document in found)

        with self.index.vectors_following(), Ahead(is_known) as self._ahead:
            try:
                yield
            finally:
                self._ahead = None

    def remove(self, document_id: str) -> int:
        """Remove an ingested document and its kept original; how many passages went. BadInput where there is none."""
        document = self.index.ledger.document(document_id)
        if document is None or document.origin != "document":
            raise BadInput(f"没有这份资料：{document_id}。", "先看看录了哪些资料。", command="运行：xiangdao docs list")
        with self.index.ledger.transaction() as db:
            gone = self.index.ledger.remove(db, document_id)
            naming, links = versions.namers(db, document_id), versions.links(db, document_id)
            versions.forget(db, document_id)
            typed_tables.forget(db, document_id)
            touched = {x for link in links for x in (link.document_id, link.other_id)}
            settle(self.index, db, touched | versions.connect(db, document_id, naming), self._known)
            db.execute("INSERT OR REPLACE INTO meta VALUES (?, '')", (_REMOVING + document_id,))
        self.tidy()
        self.index.sync_vectors()
        return gone

    def tidy(self) -> None:
        """Drop the originals of documents that were removed, also where a program ended before it came to that."""
        db = self.index.ledger.connection
        for (key,) in db.execute("SELECT key FROM meta WHERE key LIKE ?", (f"{_REMOVING}%",)).fetchall():
            _, space, source_id = self._parts(key.removeprefix(_REMOVING))
            if self.index.ledger.document(key.removeprefix(_REMOVING)) is None:
                self.originals.drop_all(space, source_id)
            db.execute("DELETE FROM meta WHERE key = ?", (key,))

    @staticmethod
    def _parts(document_id: str) -> tuple[str, str, str]:
        """doc, space and source id of a document; a space may hold colons, a source id none."""
        kind, _, rest = document_id.partition(":")
        space, _, source_id = rest.rpartition(":")
        return kind, space, source_id

    def find(self, place: Path | str, left_out: load.LeftOut = load.nobody) -> Iterable[Path | str]:
        """The files that a path names; a web address names itself. left_out: as of load.find."""
        return [place] if isinstance(place, str) and web.is_address(place) else load.find(Path(place), left_out)

    def reads(self, path: Path) -> bool:
        """Whether a file is of a kind that can be taken in."""
        return not path.name.startswith((".", "~$")) and load.takes(path)

    def name_of(self, place: Path | str) -> str:
        return web.name_of(place) if isinstance(place, str) and web.is_address(place) else Path(place).name

    def source_id_of(self, place: Path | str) -> str:
        """The source id that a file gets, as far as its path tells."""
        return safe_id(Path(self.name_of(place)).stem)

    def _files(self, paths: Iterable[Path | str], outcomes: list[Outcome]) -> list[Path | str]:
        """The files and web addresses meant, each once; a path that names none becomes an outcome at once."""
        found: dict[Path | str, None] = {}
        for path in paths:
            try:
                found.update(dict.fromkeys(self.find(path)))
            except XiangdaoError as exc:
                outcomes.append(Outcome(path, "failed", message=str(exc)))
        return list(found)

    def take(
        self,
        place: Path | str,
        space: str,
        report: Report = lambda stage, done, total: None,
        stop: threading.Event | None = None,
        written: Callable[[Outcome], None] = lambda outcome: None,
        dry_run: bool = False,
    ) -> Outcome:
        """Take in one file; a failure is an outcome. The vectors are left to Index.sync_vectors.

        report: is told the stage and how far it is, and may raise Stopped;
        written: is called inside the transaction that writes the document.
        """
        try:
            report("读取", 0, 0)
            loaded = load.load(place)
            digest = hashlib.sha256(loaded.data).hexdigest()
            origin = identity.place_of(place, self.index.settings.home)
            original = Original(digest, loaded.suffix, loaded.name, space, "", now(), place=origin)
            return self._store(place, loaded, original, dry_run, report, written, stop)
        except DiskFull:  # the file is not to blame, and the next one fares no better
            raise
        except XiangdaoError as exc:
            return Outcome(place, "failed", message=str(exc))
        except OSError as exc:
            if is_full(exc):
                raise full(self.index.settings.home) from exc
            log.exception("cannot ingest %s", place)
            message = f"录入时磁盘读写出错：{exc.strerror or exc}。检查磁盘空间和权限后再试。"
            return Outcome(place, "failed", message=message)

    def _store(
        self,
        path: Path | str,
        loaded: load.Loaded,
        original: Original,
        dry_run: bool = False,
        report: Report = lambda stage, done, total: None,
        written: Callable[[Outcome], None] = lambda outcome: None,
        stop: threading.Event | None = None,
    ) -> Outcome:
        """Write one document, unless the same bytes are already there under this name."""
        ledger, base = self.index.ledger, original.source_id or safe_id(Path(original.name).stem)
        found = identity.namesakes(ledger, original.space, base)
        if original.source_id:
            before = next((d for d in found if d.source_id == base), None)
        else:
            before = identity.kept_as(found, original.place, original.sha256)
        same = before is not None and before.sha256 == original.sha256
        if before and same and before.info.get(READING, 1) == AS_READ:
            return Outcome(path, "unchanged", before.document_id, before.passages, "内容没有变，跳过。")
        ready = self._ahead.parsed(original.sha256) if self._ahead else None
        parsed = ready or load.parse(loaded, lambda done, total: report("读取", done, total), stop)
        report("整理", 0, 0)
        heard = without_asides(parsed, Path(original.name).stem)
        parsed = heard.parsed
        metadata = read_metadata(parsed, heard.stem)
        amendments = read_amendments(lines_of(parsed), metadata)
        elements = without_frame(parsed.elements, metadata)
        pieces, tables = self.splitter.passages(elements), self.splitter.typed_tables(elements)
        if not original.source_id:
            told = versions.sketch("\n".join(piece.text for piece in pieces))
            before = before or identity.older_self(ledger.connection, found, original.place, original.name, told)
            original = replace(original, source_id=before.source_id if before else identity.free_id(found, base))
        document_id = f"doc:{original.space}:{original.source_id}"
        kept = (before.info.get("edits") if before else None) or original.edits
        edits = kept_edits(kept, metadata)
        known = known_of(metadata, original.source_id, self._known)
        source = source_of(original.source_id, metadata, edits, known)
        if pieces and is_framed(metadata) and not known:
            pieces.append(Piece(about(source, metadata), (ABOUT,), ABOUT))
        passages = [self._passage(document_id, at, piece, source, original) for at, piece in enumerate(pieces)]
        if not passages and heard.struck:
            raise OnlyAsides(heard.struck)
        if not passages:
            raise BadFile("文件里没有可以录入的正文。", "它可能只有目录、页码或图片；换一个有正文的文件。")
        notes = "".join(f"  {note}" for note in parsed.notes)
        if before is None and original.source_id != base:
            notes = f"  和已有的《{found[0].title}》（{found[0].name}）文件同名，两份都留着，这份编号 {original.source_id}。{notes}"
        if dry_run:
            note = "会替换它原来的内容。" if before else ""
            return Outcome(path, "would_add", document_id, len(passages), f"《{source.title}》{note}{notes}")
        document = Document(
            document_id, original.source_id, "document", original.space, source.title, original.sha256, original.name,
            sum(len(p.text) for p in passages), before.added_at if before and same else now(),
            _facts(loaded, parsed) | {"place": original.place, "metadata": metadata.as_json(), "edits": edits, READING: AS_READ}
            | struck_facts(heard.struck)
            | {"amendments": [one.as_json() for one in amendments]} | ({"lures": heard.lures} if heard.lures else {}),
        )  # fmt: skip
        report("写入", 0, 0)
        status: Status = "replaced" if before else "added"
        hashes = versions.sketch("\n".join(p.text for p in passages))
        self.originals.keep(replace(original, edits=edits), loaded.data)
        try:
            with self.index.ledger.transaction() as db:
                rereading.note_first(db)
                gone = versions.namers(db, document_id)
                self.index.ledger.put(db, document, passages, source)
                versions.note(db, document_id, original.space, source, hashes, amendments)
                typed_tables.keep(db, document_id, tables)
                touched = versions.connect(db, document_id, gone)
                settle(self.index, db, {document_id, *touched}, self._known)
                message = f"《{source.title}》{self._linked(document_id)}{notes}"
                outcome = Outcome(path, status, document_id, len(passages), message)
                written(outcome)
        except BaseException:
            if not same:
                self.originals.drop(original.sha256, original.space, original.source_id)
            raise
        if before and not same:
            self.originals.drop(before.sha256, original.space, original.source_id)
        return outcome

    def again(self, original: Original, address: str = "", stop: threading.Event | None = None) -> Outcome:
        """Take a kept original in once more. address: where it came from, a web page. Raises XiangdaoError and Stopped."""
        loaded = load.Loaded(self.originals.read(original), original.suffix, original.name, address)
        return self._store(original.name, loaded, original, stop=stop)

    def _linked(self, document_id: str) -> str:
        """What a document's surest link means, in words."""
        for link in versions.links(self.index.ledger.connection, document_id)[:1]:
            newer = link.document_id == document_id
            other = self.index.ledger.document(link.other_id if newer else link.document_id)
            if other and link.kind == "same":
                return f"，和已有的《{other.title}》像是同一份（{link.reason}）"
            if other:
                does = versions.DOES[link.kind]
                return f"，{does if newer else '已被'}《{other.title}》{'' if newer else does}（{link.reason}）"
        return ""

    def correct(self, document_id: str, changes: Mapping[str, str]) -> Document:
        """Correct what is known of a document, by field name; an empty value means that it has no such thing.

        Raises BadInput for a document or a value that cannot be.
        """
        document = self.index.ledger.document(document_id)
        if document is None:
            raise BadInput(f"没有这份资料：{document_id}。", "先看看录了哪些资料。", command="运行：xiangdao docs list")
        edits = checked_edits(document, changes)
        metadata = metadata_of(document)
        known = known_of(metadata, document.source_id, self._known)
        source = source_of(document.source_id, metadata, edits, known)
        corrected = replace(document, info={**document.info, "edits": edits})
        ledger = self.index.ledger
        with ledger.transaction() as db:
            gone = versions.namers(db, document_id)
            restate(self.index, db, replace(corrected, info={**corrected.info, "changes": ""}), source)
            hashes = versions.sketch("\n".join(p.text for p in as_read(ledger.passages_of(document_id, gone=True))))
            amendments = amendments_of(document.info)
            versions.note(db, document_id, document.space, source, hashes, amendments)
            touched = versions.connect(db, document_id, gone)
            settle(self.index, db, {document_id, *touched}, self._known)
        self.originals.correct(document.sha256, document.space, document.source_id, edits)
        self.index.sync_vectors()
        found = ledger.document(document_id)
        return found or corrected

    def _passage(self, document_id: str, ordinal: int, piece: Piece, source: Source, original: Original) -> Passage:
        return Passage(
            passage_id=f"{document_id}#{ordinal:04d}",
            source_id=original.source_id,
            title=titled(source.title, piece.title),
            text=piece.text,
            origin="document",
            section=piece.section,
            page=piece.page,
            tags={"place": place} if (place := _place(piece, original.suffix)) else {},
            kind="document",
            region="" if source.region == "全国" else source.region,
            valid_from=source.valid_from,
            valid_until=source.valid_until,
            status=source.status,
            space=original.space,
            certainty="full" if original.source_id in self._known else "user",
            as_of=source.published,
            sha256=hashlib.sha256(piece.text.encode()).hexdigest(),
        )


def _place(piece: Piece, suffix: str) -> str:
    """Where in its file a passage stands, in words; empty where the file has no pages."""
    first, last = piece.page, piece.last_page or piece.page
    if first is None or last is None:
        return ""
    return f"第{first}{f'–{last}' if last > first else ''}{'张幻灯片' if suffix in _SLIDES else '页'}"


def _facts(loaded: load.Loaded, parsed: Parsed) -> dict[str, Any]:
    """What the ledger keeps of a file beside its passages."""
    facts = {
        "suffix": loaded.suffix,
        "address": loaded.address,
        "pages": parsed.pages,
        "attachments": [asdict(a) for a in parsed.attachments],
        "notes": list(parsed.notes),
    }
    return {name: value for name, value in facts.items() if value}


def restore(index: Index, progress: Progress = _silent) -> int:
    """Take every kept original in again, as after the loss of the ledger; how many documents that gave back."""
    ingestor = Ingestor(index)
    kept = list(ingestor.originals.all())
    count = 0
    try:
        for at, original in enumerate(kept):
            progress(at, len(kept), original.name)
            try:
                outcome = ingestor.again(original)
            except (XiangdaoError, OSError) as exc:
                log.warning("cannot restore %s: %s", original.name, exc)
                continue
            count += outcome.status in {"added", "replaced"}
        progress(len(kept), len(kept), "")
    finally:
        if count:
            index.sync_vectors()
    return count


def safe_id(stem: str) -> str:
    """A file's stem as an identifier without separators or control characters; a long one ends in a short hash."""
    name = unicodedata.normalize("NFC", "".join(c for c in stem if unicodedata.category(c)[0] != "C"))
    name = _UNSAFE.sub("_", name).strip("._ ")
    if name and len(name) <= NAME_CHARACTERS:
        return name
    digest = hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:8]
    return f"{name[:NAME_CHARACTERS] or 'document'}-{digest}"
