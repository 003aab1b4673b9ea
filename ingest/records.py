"""What is known of a document, as read and as corrected, and the passages that say so.

What other documents do to it is done anew from the passages as they were read, whenever one of them comes, goes or is corrected;
which passages keep both, as read and as in force, ingest.amendments.in_force tells.
"""

from __future__ import annotations

import hashlib
import json
import re
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, timedelta
from typing import Any

from core.clock import today
from core.dates import last_day, later
from core.errors import BadInput
from core.types import Passage, Source
from corpus.index import Index
from corpus.ledger import Document
from corpus.naming import is_named, number_key
from ingest import versions
from ingest.amendments.amendment import DEADLINE, Change, sentence
from ingest.amendments.in_force import as_read, in_force
from ingest.frame import ABOUT, about
from ingest.metadata import Metadata

LABELS = {
    "title": "标题", "doc_no": "发文字号", "issuer": "发文机关", "published": "日期", "valid_from": "生效日", "valid_until": "失效日",
    "deadline": "申报截止", "region": "地区", "status": "状态",
}  # fmt: skip
"""The fields that are shown and may be corrected."""
STATUSES = {"现行": "in_force", "过期": "expired", "被替代": "superseded", "参考": "reference"}
PASSAGE_TITLE_CHARACTERS = 140
VALUE_CHARACTERS = 200
_DATES = ("published", "valid_from", "valid_until", "deadline")


@dataclass(frozen=True)
class Field:
    """A field as it counts. origin: read | corrected | known (from the bundled sources); confidence: 0-1."""

    value: str
    origin: str
    confidence: float
    words: str = ""


def source_of(source_id: str, metadata: Metadata, edits: Mapping[str, Any], known: Source | None) -> Source:
    """A document's source entry: the bundled one of the same id or number, else what was read; corrections win."""
    until = metadata.value("valid_until") or metadata.value("deadline")
    official = bool(metadata.value("doc_no") or metadata.value("issuer")) and metadata.kind in {
        "notice",
        "policy",
        "guide",
    }
    read = Source(
        source_id,
        title=metadata.value("title"),
        issuer=metadata.value("issuer"),
        doc_no=metadata.value("doc_no") or None,
        published=metadata.value("published"),
        kind=metadata.kind,
        status="expired" if metadata.ended else "in_force" if official else "reference",
        valid_from=metadata.value("valid_from") or None,
        valid_until=until or None,
        region=metadata.value("region"),
    )
    if known:
        read = replace(known, id=source_id, aliases=known.aliases if known.id == source_id else ())
    values = {name: edit["value"] for name, edit in edits.items() if name != "deadline"}
    if "deadline" in edits and "valid_until" not in edits and not metadata.value("valid_until"):
        values["valid_until"] = edits["deadline"]["value"]
    for name in ("doc_no", "valid_from", "valid_until"):
        if name in values:
            values[name] = values[name] or None
    return replace(read, **values)


def kept_edits(edits: Mapping[str, Any], metadata: Metadata) -> dict[str, Any]:
    """The corrections that still hold for a new version of a file: those of fields that read as they did before."""
    return {name: edit for name, edit in edits.items() if name == "status" or edit["was"] == metadata.value(name)}


def fields_of(document: Document) -> dict[str, Field]:
    """The fields of an ingested document as they count, with where each comes from."""
    source, read = document.info.get("source") or {}, (document.info.get("metadata") or {}).get("fields", {})
    edits = document.info.get("edits") or {}
    found: dict[str, Field] = {}
    for name in LABELS:
        value = source.get(name) if name != "deadline" else read.get(name, {}).get("value")
        if name in edits:
            found[name] = Field(edits[name]["value"], "corrected", 1.0)
        elif name in read and read[name]["value"] == value:
            found[name] = Field(value, "read", read[name]["confidence"], read[name]["words"])
        elif value:
            found[name] = Field(value, "known" if name != "status" else "read", 0.8)
    return found


def checked_edits(document: Document, changes: Mapping[str, str]) -> dict[str, Any]:
    """The corrections after some more; an empty value means that the document has no such thing. BadInput for a bad one."""
    if document.origin != "document":
        raise BadInput("自带知识不能这样改。", "改自带知识看 docs/knowledge.md；这里只能改自己录入的资料。")
    read = (document.info.get("metadata") or {}).get("fields", {})
    edits = dict(document.info.get("edits") or {})
    for name, given in changes.items():
        value = " ".join(given.split())
        if len(value) > VALUE_CHARACTERS or any(ord(c) < 32 for c in value):
            raise BadInput(f"“{LABELS[name]}”太长或有不能用的字符。", f"最多 {VALUE_CHARACTERS} 字。")
        if name in _DATES and value:
            value = _day(name, value)
        if name == "status":
            if value not in STATUSES:
                raise BadInput(f"状态只能是{'、'.join(STATUSES)}，不能是“{value}”。")
            value = STATUSES[value]
        if name == "title" and not value:
            raise BadInput("标题不能空。", "写上这份资料叫什么。")
        edits[name] = {"value": value, "was": read.get(name, {}).get("value", "")}
    return edits


def _day(name: str, value: str) -> str:
    found = re.fullmatch(r"(\d{4})[-./年](\d{1,2})[-./月](\d{1,2})日?", value)
    try:
        return date(*(int(part) for part in found.groups())).isoformat() if found else _bad_day(name, value)
    except ValueError:
        return _bad_day(name, value)


def _bad_day(name: str, value: str) -> str:
    raise BadInput(f"“{LABELS[name]}”要写成 2026-06-18 这样的日期，不能是“{value[:30]}”。")


def metadata_of(document: Document) -> Metadata:
    """What was read when the document was taken in."""
    from ingest.letterhead import Reading

    raw = document.info.get("metadata") or {"fields": {}, "kind": "report"}
    fields = {name: Reading(**reading) for name, reading in raw["fields"].items()}
    return Metadata(fields, raw["kind"], raw.get("ended", False), tuple(raw.get("attachments", ())))


def restate(
    index: Index, db: sqlite3.Connection, document: Document, source: Source, changes: Sequence[Change] = ()
) -> None:
    """Write a document and its passages again under another source entry, inside a transaction.

    changes: what other documents do to it, done in the passages as they were read.
    """
    before = str((document.info.get("source") or {}).get("title", ""))
    told = about(source, _moved(metadata_of(document), document.info.get("deadline")))
    kept = as_read(index.ledger.passages_of(document.document_id, gone=True))
    passages = in_force([_under(p, source, before, told) for p in kept], changes, today().isoformat())
    index.ledger.put(db, replace(document, title=source.title), passages, source)


def _moved(metadata: Metadata, deadline: str | None) -> Metadata:
    """The metadata with another last day to apply, where one was set later."""
    if not deadline or "deadline" not in metadata.fields:
        return metadata
    read = metadata.fields["deadline"]
    return replace(metadata, fields={**metadata.fields, "deadline": replace(read, value=deadline)})


def standing(db: sqlite3.Connection, document: Document, source: Source, changes: Sequence[Change] = ()) -> Source:
    """A source entry with the standing that follows from what other documents say; what was corrected stays."""
    edits = document.info.get("edits") or {}
    for change in changes:
        source = _after(source, change, edits)
    if "status" in edits:
        return replace(source, status=edits["status"]["value"], told="")
    link = versions.successor(db, document.document_id)
    if link:
        return replace(source, status="superseded", superseded_by=link.document_id)
    return source


def _after(source: Source, change: Change, edits: Mapping[str, Any]) -> Source:
    """A source entry after one more thing that a document says of how long it holds."""
    one, until = change.amendment, source.valid_until
    if one.kind == "ends":
        if len(change.since) == 10:
            last = (date.fromisoformat(change.since) - timedelta(days=1)).isoformat()
            until = min(until, last) if until else last
        else:
            until = None
        until = source.valid_until if "valid_until" in edits else until
        return replace(source, status="expired", valid_until=until, told=sentence(change))
    if one.kind != "extends" or one.clause or "valid_until" in edits:
        return source
    if one.new.startswith("+"):
        until = later(last_day(until), int(one.new)).isoformat() if until else None
    elif one.new:
        until = one.new
    elif until and change.by.published and until < change.by.published:
        until = None
    return replace(
        source, status="in_force" if source.status == "expired" else source.status, valid_until=until, told=""
    )


def _deadline(changes: Sequence[Change]) -> str:
    """The last day to apply that was set latest; empty where none was."""
    set_later = [c.amendment.new for c in changes if c.amendment.clause == DEADLINE and c.amendment.new]
    return set_later[-1] if set_later else ""


def settle(index: Index, db: sqlite3.Connection, document_ids: set[str], known: Mapping[str, Source]) -> None:
    """Bring the standing of documents, and what they say, in line with what others say of them, inside a transaction."""
    for document_id in sorted(document_ids):
        document = index.ledger.document(document_id)
        if document is None or document.origin != "document":
            continue
        edits = document.info.get("edits") or {}
        metadata, changes = metadata_of(document), versions.said_of(db, document_id)
        source = source_of(document.source_id, metadata, edits, known_of(metadata, document.source_id, known))
        deadline = _deadline(changes)
        if deadline and source.valid_until and source.valid_until == metadata.value("deadline"):
            source = replace(source, valid_until=deadline)
        wanted = standing(db, document, source, changes)
        present = Source(**{**document.info["source"], "aliases": tuple(document.info["source"]["aliases"])})
        mark = _mark(changes)
        if (wanted, mark, deadline) != (present, document.info.get("changes", ""), document.info.get("deadline", "")):
            told = {name: value for name, value in (("changes", mark), ("deadline", deadline)) if value}
            info = {name: value for name, value in document.info.items() if name not in {"changes", "deadline"}} | told
            restate(index, db, replace(document, info=info), wanted, changes)


def _mark(changes: Sequence[Change]) -> str:
    """By what it is known that passages have been made from these changes already; empty where there are none."""
    if not changes:
        return ""
    done = [[asdict(change), change.since <= today().isoformat()] for change in changes]
    return hashlib.sha256(json.dumps(done, ensure_ascii=False).encode()).hexdigest()[:16]


def known_of(metadata: Metadata, source_id: str, known: Mapping[str, Source]) -> Source | None:
    """The bundled entry of a document: of the same id, or of the same number."""
    number, title = metadata.value("doc_no"), metadata.value("title")
    by_id = known.get(source_id)
    if by_id and number_key(number or by_id.doc_no or "") == number_key(by_id.doc_no or number):
        return by_id
    # a number is easily copied: under another title it is another document
    by_number = (s for s in known.values() if number and s.doc_no == number)
    return next((s for s in by_number if not title or is_named(title, "", s)), None)


def _under(passage: Passage, source: Source, before: str, told: str) -> Passage:
    subject = passage.title.removeprefix(before).removeprefix(" · ") if before else passage.title
    return replace(
        passage,
        title=titled(source.title, subject if subject != before else ""),
        text=told if passage.section == (ABOUT,) else passage.text,
        region="" if source.region == "全国" else source.region,
        valid_from=source.valid_from,
        valid_until=source.valid_until,
        status=source.status,
        as_of=source.published,
    )


def titled(document: str, about: str) -> str:
    """A passage's title: the document's, as people name reports when they ask, and what it is about."""
    return " · ".join(dict.fromkeys(filter(None, (document, about))))[:PASSAGE_TITLE_CHARACTERS]
