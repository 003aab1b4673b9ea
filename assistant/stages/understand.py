"""Stage 2: what the message means; small talk, despair, what is out of the field and the last answer in another form end here."""

from __future__ import annotations

from assistant import acts, assessing
from assistant.answer.forms import Shelf
from assistant.moved import spelled_out
from assistant.stages.retrieve import confidence
from assistant.state import Desk, Reply, State
from assistant.understand.meaning import Understanding

PASSAGES = 8
"""How many passages are looked through for the reason of the last answer."""
CARD = 0.85
"""A card so sure goes before a tool that is half meant, and before a message is turned away."""


def understand(state: State) -> State:
    """The message understood, with the message before it."""
    spoken = spelled_out(state.text, state.turns, state.known.region)
    means = meaning(state, spoken)
    if means is None:
        return state.deciding("理解", "没有能读懂话的文件", spoken=spoken)
    said = None if assessing.plain_reply(state.text, state.turns) is not None else _reply(state, means)
    return state.deciding("理解", means.as_text(), spoken=spoken, means=means, said=said)


def meaning(state: State, text: str, whole: str = "") -> Understanding | None:
    """What a text means in the conversation; whole: as it is made complete. None where nothing can tell."""
    reader = state.desk.understander
    return reader.read(text, state.turns[-1].question if state.turns else "", whole) if reader else None


def _reply(state: State, means: Understanding) -> Reply | None:
    """The whole answer to a message that asks nothing of the knowledge; None where it does."""
    if not means.sure:
        return None
    if means.label in acts.TALK_ONLY and not (means.label == "out" and answered(state.desk, state.text)):
        talked = acts.talk(means, state.text, state.turns)
        return Reply(talked.text, talked.refused)
    if means.label == "meta":
        changed = acts.changed(means.kind, state.turns, _shelf(state.desk))
        return Reply(
            changed.text, changed.refused, changed.citations, state.turns[-1].standalone if state.turns else ""
        )
    return None


def _shelf(desk: Desk) -> Shelf:
    """Where the passages of the last answers stand."""
    return Shelf(
        desk.retriever.index.ledger, desk.sources, lambda text: desk.retriever.search(text, PASSAGES, desk.filters)
    )


def answered(desk: Desk, text: str) -> bool:
    """Whether a message that would be turned away has a card that answers it for sure."""
    return confidence(desk, text, text) >= CARD
