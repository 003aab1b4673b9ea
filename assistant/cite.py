"""Citations: numbered once a passage, quoted exactly, and listed with what they stand on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from core.cut import shorten
from core.types import Citation, Hit, Passage, Source

_STATUS = {"superseded": "已被替代", "expired": "已过期"}
_CERTAINTY = {
    "snippet": "未见官方全文，请向主管部门核对",
    "third_party": "来自第三方整理，请向主管部门核对",
    "practice": "实践经验，不是规定",
    "user": "您录入的资料",
}
UNCHECKED = "文号没有核对过"
"""What is said of the number of an uploaded document: nobody can look it up offline."""


class Citations:
    """Gives each passage its number, in the order of first use."""

    def __init__(self, sources: Mapping[str, Source], start: int = 0) -> None:
        self._sources = sources
        self._start = start
        self._rows: dict[str, Citation] = {}

    def number(self, hit: Hit, quote: str) -> int:
        """The [n] of a passage; the first quote is kept."""
        p = hit.passage
        if p.passage_id not in self._rows:
            source = source_of(self._sources, p.passage_id, p.source_id)
            self._rows[p.passage_id] = Citation(
                self._start + len(self._rows) + 1, p.source_id, source.title if source else p.title, _where(p), p.passage_id,
                shorten(quote.strip(), 160), p.origin, p.certainty,
            )  # fmt: skip
        return self._rows[p.passage_id].n

    @property
    def rows(self) -> tuple[Citation, ...]:
        return tuple(self._rows.values())


def _where(passage: Passage) -> str:
    """The headings that a passage stands under, and its page."""
    return "，".join(filter(None, (" › ".join(passage.section), passage.place)))


def source_of(sources: Mapping[str, Source], passage_id: str, source_id: str) -> Source | None:
    """What is known of the document that a passage stands in; two documents may share a source id."""
    return sources.get(passage_id.rpartition("#")[0]) or sources.get(source_id)


def reference(citation: Citation, source: Source | None, passage: Passage | None = None) -> str:
    """One line that tells where a citation stands: document, number, date, section, and its status where that matters."""
    details = [source.doc_no, source.published] if source else []
    extra = "，".join(d for d in details if d)
    line = f"[{citation.n}] 《{citation.title}》" + (f"（{extra}）" if extra else "")
    if citation.section:
        line += citation.section
    notes = [
        _STATUS.get(passage.status if passage else source.status if source else "", ""),
        _CERTAINTY["user"] if citation.origin == "document" else _CERTAINTY.get(citation.certainty, ""),
        UNCHECKED if citation.origin == "document" and source and source.doc_no else "",
    ]
    kept = "；".join(n for n in notes if n)
    return line + (f"〔{kept}〕" if kept else "")


def reference_list(citations: Sequence[Citation], sources: Mapping[str, Source]) -> str:
    """The lines under an answer; citations of the same section share one line."""
    lines: dict[str, list[int]] = {}
    for c in citations:
        key = reference(c, source_of(sources, c.passage_id, c.source_id)).partition("] ")[2]
        lines.setdefault(key, []).append(c.n)
    return "\n".join("".join(f"[{n}]" for n in numbers) + " " + text for text, numbers in lines.items())
