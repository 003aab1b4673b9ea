"""Which of the user's own documents a question means: by the place it is of, its title, what was talked of, where the firm is."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.locality import leading_place
from core.text import bare
from corpus.ledger import Document
from corpus.places import INSIDE_A_NAME, places

NAMED = 0.6
"""How much of a document's distinguishing words a question must hold to name it."""
LEAST_SHARED = 4
"""Runs of so many characters are taken for words of a title."""
_FIRM_IS = re.compile(r"(?:在|位于|搬[到去]|迁[到去]|(?:我们?|咱们?|俺们?|厂子?|公司|注册地)是?)$")
"""What stands before the place where the firm is, rather than the place whose notice is asked about."""


def place_of(document: Document) -> str:
    """The city, county or district that a document is of, by its title, issuer or file name, with its suffix; else empty."""
    source = document.info.get("source") or {}
    for text in (document.title, source.get("issuer") or "", document.source_id):
        if found := leading_place(str(text)):
            return found
    return ""


def asked_by_place(text: str, documents: Sequence[Document]) -> list[Document]:
    """The documents of the places that a question asks about; of those where the firm is only where it names no other."""
    asked: list[Document] = []
    at_home: list[Document] = []
    for document in documents:
        roles = [bool(_FIRM_IS.search(text[:at])) for at in _named_at(text, place_of(document))]
        if not roles:
            continue
        (at_home if all(roles) else asked).append(document)
    return asked or ([] if asks_of_another(text) else at_home)


def asks_of_another(text: str) -> bool:
    """Whether a question names a place that is not where the firm is."""
    named = [p for p in places(text) if p.strength > INSIDE_A_NAME]
    return any(not _FIRM_IS.search(text[: place.start]) for place in named)


def _named_at(text: str, place: str) -> list[int]:
    """Where a place stands in a text: with its suffix, or by its bare name that no other suffix follows."""
    if not place:
        return []
    name = re.escape(place[:-1]) if len(place) > 2 else re.escape(place)
    return [hit.start() for hit in re.finditer(rf"{name}(?:{place[-1]}|(?![市县区州省]))", text)]


def titled(text: str, documents: Sequence[Document]) -> Document | None:
    """The document whose title or name a question gives."""
    best = max(documents, key=lambda d: overlap(text, d), default=None)
    return best if best is not None and overlap(text, best) >= NAMED else None


def overlap(text: str, document: Document) -> float:
    """How much of a document's title or name a question holds, 0-1, by runs of three characters."""
    asked = bare(text)
    best = 0.0
    for name in (bare(document.title), bare(document.source_id)):
        if len(name) >= 3 and name in asked:
            return 1.0
        runs = {name[i : i + 3] for i in range(len(name) - 2)}
        if len(runs) >= 4:
            best = max(best, sum(run in asked for run in runs) / len(runs))
    return best


def without_title(text: str, title: str) -> str:
    """A question without the runs that it shares with a document's title, its place included; whole where hardly anything is left.

    They tell what of the document is asked no more: its 第7号 is no seventh row.
    """
    told, rest = bare(title), bare(text).replace(leading_place(title) or "\0", "")
    at = 0
    while at < len(rest):
        size = next((n for n in range(len(rest) - at, LEAST_SHARED - 1, -1) if rest[at : at + n] in told), 0)
        rest = rest[:at] + rest[at + size :]
        at += not size
    return rest if len(rest) >= LEAST_SHARED else text
