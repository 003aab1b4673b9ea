"""A question over the document on the desk, read as a sheet of figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from assistant.document.clauses import clauses, ranked
from assistant.document.desk import Desk
from assistant.document.worked.sheet import Sheet, sheet_of

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder


def sheet_on(text: str, desk: Desk, encoder: Encoder | None) -> Sheet:
    """The figures of a question and of the document's lines, those that are nearest to it shown."""
    near = [one.clause for one in ranked(desk.asked(text, "amount", encoder))]
    return sheet_of(text, clauses(desk.ledger.passages_of(desk.document.document_id)), near)
