"""What a tool gives back: text, data, numbered citations, and how sure it is of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from core.cut import shorten
from core.types import Citation, Source
from corpus.cards import load_sources
from corpus.rows import COMMON, Row

CERTAINTIES = ("full", "snippet", "third_party", "own")
"""From the surest to the weakest; "own" is this project's own estimate or mapping."""
AS_FILE = "要文件版，可导出 Word、PDF、Excel"
"""A next step that no file need tell."""
NOT_OFFICIAL = "未见官方原文，请以主管部门发布为准"
_NOTES = {"snippet": NOT_OFFICIAL, "third_party": NOT_OFFICIAL, "own": "本项目的估计或归法，非官方"}


@dataclass(frozen=True)
class Outcome:
    """What a tool computed. text: Markdown with [n]; data: JSON-able; citations numbered from 1.

    certainty: full | snippet | third_party | own, the weakest used. asks: arguments (Chinese names) that would make
    the result better, most useful first. begins: whether nothing is computed yet and it only begins to ask.
    """

    text: str
    data: dict[str, Any] = field(default_factory=dict)
    citations: tuple[Citation, ...] = ()
    certainty: str = "full"
    next_steps: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    begins: bool = False

    def as_json(self) -> dict[str, Any]:
        """The outcome as the command line, the HTTP API and MCP give it."""
        return {
            "text": self.text,
            "data": self.data,
            "citations": [citation.as_json() for citation in self.citations],
            "certainty": self.certainty,
            "next_steps": list(self.next_steps),
            "asks": list(self.asks),
        }


class Book:
    """Collects the citations of one outcome; the same place is numbered once."""

    def __init__(self) -> None:
        self._rows: dict[tuple[str, str, str], Citation] = {}

    def cite(self, what: Row | str, section: str = "", card: str = "", quote: str = "", certainty: str = "") -> int:
        """The [n] of a table row, or of a source id with section, card, quote and certainty.

        What is given beside a row wins over what the row says of itself.
        """
        if isinstance(what, Row):
            source_id = (getattr(what, "used_in", None) or COMMON) if what.source == COMMON else what.source
            section = section or (what.section if isinstance(what.section, str) else " › ".join(what.section))
            card, certainty = card or what.card or "", certainty or what.certainty
        else:
            source_id, certainty = what, certainty or "full"
        key = (source_id, section, card)
        if key not in self._rows:
            title = known.title if (known := _sources().get(source_id)) else source_id
            quoted = shorten(quote.strip(), 160)
            self._rows[key] = Citation(len(self._rows) + 1, source_id, title, section, card, quoted, "card", certainty)
        return self._rows[key].n

    @property
    def rows(self) -> tuple[Citation, ...]:
        return tuple(self._rows.values())

    @property
    def certainty(self) -> str:
        """The weakest certainty cited so far; "full" where nothing is."""
        return weakest(*(row.certainty for row in self._rows.values()))


def weakest(*certainties: str) -> str:
    """The least sure of several certainties; one that is not known counts as the least sure."""
    ranks = [CERTAINTIES.index(c) if c in CERTAINTIES else len(CERTAINTIES) - 1 for c in certainties]
    return CERTAINTIES[max(ranks, default=0)]


def source_line(citations: Sequence[Citation]) -> str:
    """出处 [1] 《…》（文号，日期）章节〔…〕, one line a place; empty without citations."""
    lines: dict[str, list[int]] = {}
    for citation in citations:
        lines.setdefault(_reference(citation, _sources().get(citation.source_id)), []).append(citation.n)
    return "\n".join("出处 " + "".join(f"[{n}]" for n in numbers) + f" {text}" for text, numbers in lines.items())


def _reference(citation: Citation, source: Source | None) -> str:
    details = "，".join(d for d in (source.doc_no, source.published) if d) if source else ""
    note = _NOTES.get(citation.certainty, "")
    line = f"《{citation.title}》" + (f"（{details}）" if details else "") + citation.section
    return line + (f"〔{note}〕" if note else "")


@cache
def _sources() -> dict[str, Source]:
    return load_sources()
