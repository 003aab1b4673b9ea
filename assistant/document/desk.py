"""The one document that is asked, and an answer from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from assistant.answer.caveats import changes
from assistant.cite import Citations, reference_list
from assistant.document.clauses import Asked
from assistant.document.kinds import DAYS, UNDER
from assistant.summary import Summary, standing
from core.types import Hit, Source
from corpus.ledger import Document, Ledger

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder


@dataclass(frozen=True)
class Desk:
    document: Document
    ledger: Ledger
    sources: Mapping[str, Source]
    day: date

    @property
    def state(self) -> str:
        """When the document was taken in, and what has changed it since."""
        return f"{self.document.added_at}{self.document.info.get('changes') or ''}"

    def asked(self, text: str, kind: str, encoder: Encoder | None) -> Asked:
        """A question of a kind as the document's clauses are held against it."""
        document, fitting = self.document, UNDER.get("deadline" if kind in DAYS else kind)
        return Asked(text, self.ledger, document.document_id, document.title, self.state, encoder, fitting)


def summary_of(text: str, book: Citations, desk: Desk, **data: Any) -> Summary:
    """An answer with what must be said first of the document, and which others changed the clauses it stands on."""
    cited = [p for row in book.rows if (p := desk.ledger.passage(row.passage_id))]
    first = standing(desk.document, desk.sources, desk.day)
    changed = [f"> {told}" for told in changes([Hit(passage, 1.0) for passage in cited])]
    whole = "\n".join([*first, text, *changed])
    whole += f"\n\n出处 {reference_list(book.rows, desk.sources)}" if book.rows else ""
    told = {"document_id": desk.document.document_id, "title": desk.document.title, **data}
    return Summary(whole, book.rows, told)
