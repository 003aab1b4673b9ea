"""The JSON shapes of the command line that core.types does not give."""

from __future__ import annotations

from typing import Any

from core.types import Hit
from corpus.ledger import Document
from corpus.standing import standing_on


def hit_json(hit: Hit) -> dict[str, Any]:
    """A hit in the shape of `search --json`."""
    p = hit.passage
    return {
        "passage_id": p.passage_id,
        "source_id": p.source_id,
        "title": p.title,
        "section": " › ".join(p.section),
        "text": p.text,
        "origin": p.origin,
        "score": round(hit.score, 4),
    }


def document_json(document: Document) -> dict[str, Any]:
    """A document in the shape of `docs list --json`."""
    source = document.info.get("source") or {}
    return {
        "id": document.document_id,
        "source_id": document.source_id,
        "title": document.title,
        "origin": document.origin,
        "space": document.space,
        "passages": document.passages,
        "added_at": document.added_at,
        "issuer": source.get("issuer") or "",
        "doc_no": source.get("doc_no") or "",
        "published": source.get("published") or "",
        "region": source.get("region") or "",
        "valid_until": source.get("valid_until"),
        "status": standing_on(source.get("status", "reference"), source.get("valid_until")),
    }
