"""A second look at what a notice pays, once what is known without a model is shown: a model puts the sum together, code reckons it."""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from assistant.document.desk import Desk
from assistant.look_alikes import with_standing
from assistant.state import Reply, State

if TYPE_CHECKING:
    from assistant.document.worked.proposer import Proposer


def work_out(state: State, proposer: Proposer) -> State | None:
    """The state with the amount; None where what stands is not to be bettered."""
    from assistant.document.worked.proposer import SECONDS
    from assistant.document.worked.reading import sheet_on
    from assistant.document.worked.told import told

    until, ledger = time.monotonic() + SECONDS, state.desk.retriever.index.ledger
    document = ledger.document(state.said.unsettled) if state.said else None
    if document is None:
        return None
    desk = Desk(document, ledger, state.desk.sources, state.desk.day)
    encoder = state.desk.understander.encoder if state.desk.understander else None
    worked = proposer.worked(sheet_on(state.text, desk, encoder), state.session or "", until)
    if worked is None:
        return None
    found = told(worked, desk)
    standing = with_standing(found.text, found.citations, state.text, state.desk)
    return replace(state, said=Reply(standing.text, citations=standing.citations))
