"""Stage 2: what the message means, and each of its parts; small talk, despair and what is out of the field end here."""

from __future__ import annotations

from assistant import acts, assessing
from assistant.answer.forms import Shelf
from assistant.own_documents import about_document
from assistant.question import QUESTION_WORD
from assistant.question import read as read_question
from assistant.stages.retrieve import confidence
from assistant.state import Desk, Part, Reply, State
from assistant.tables.answer import about_table
from assistant.understand.limits import Limits
from assistant.understand.meaning import Understanding
from assistant.understand.understander import READ_BACK
from core.cut import sentences
from tools.maturity.replies import kind_of
from tools.spec import computing

OF_ANY = frozenset({"chat", "dishonest", "meta", "complain"})
"""What is heard also where one document is asked; anything else is asked of that."""
PASSAGES = 8
"""How many passages are looked through for the reason of the last answer."""


def understand(state: State) -> State:
    """The message understood with the one before it, as one part or as several that want different things."""
    means = meaning(state, state.text)
    parts = _parts(state, means)
    if means is None:
        return state.deciding("理解", "没有能读懂话的文件", parts=parts)
    said = None if assessing.plain_reply(state.text, state.turns) is not None else _reply(state, means)
    lines = [part.means.as_text() for part in parts if part.means]
    return state.deciding("理解", "\n      ".join(lines), means=means, parts=parts, said=said)


def meaning(state: State, text: str) -> Understanding | None:
    """What a text means in the conversation; None where nothing can tell."""
    reader = state.desk.understander
    before = state.turns[: state.topic.turn + 1][-READ_BACK:] if state.topic else ()
    return reader.read(text, *(turn.question for turn in before)) if reader else None


def _parts(state: State, means: Understanding | None) -> tuple[Part, ...]:
    """The message whole; in parts where one surely wants a tool and another surely something else."""
    whole = (Part(state.text, state.text, means=means),)
    texts = [part for sentence in sentences(state.text) for part in read_question(sentence).parts]
    if means is None or len(texts) < 2 or state.desk.document or _of_document(state):
        return whole
    read = (Part(text, text, means=meaning(state, text)) for text in texts)
    parts = tuple(part for part in read if part.means and part.means.half and part.means.act == "ask")
    wanted = {part.means.label for part in parts if part.means}
    tools = {
        part.means.label
        for part in parts
        if part.means and part.means.label in computing() and _meant_apart(part.means, means, state.desk.limits)
    }
    return parts if tools and (wanted - tools or len(tools) > 1) else whole


def _meant_apart(part: Understanding, whole: Understanding, limits: Limits) -> bool:
    """Whether a part of a message surely wants a tool, or the message as a whole may want it."""
    return part.confidence >= limits.plainly or whole.of(part.label) >= whole.tool_meant


def _reply(state: State, means: Understanding) -> Reply | None:
    """The whole answer to a message that asks nothing of the knowledge; None where it does."""
    if state.turns and state.turns[-1].call and kind_of(state.text) == "end":
        return Reply(acts.CHAT["stop"], about=state.topic.question)
    if not means.sure or (state.desk.document and not _heard_anyhow(state, means)):
        return None
    if (
        means.label in acts.TALK_ONLY
        and not (means.label == "out" and (_answered(state, state.desk.limits.card) or _of_document(state)))
        and not _asks_wearily(state, means)
    ):
        talked = acts.talk(means, state.text, state.turns)
        return Reply(talked.text, talked.refused, about=state.topic.question)
    if means.label == "meta" and not assessing.free_reply(state.text, state.turns) and not _of_document(state):
        changed = acts.changed(means.kind, state.turns[: state.topic.turn + 1], _shelf(state.desk))
        return Reply(changed.text, changed.refused, changed.citations, state.topic.question)
    return None


def _heard_anyhow(state: State, means: Understanding) -> bool:
    """Whether a message is answered by itself also where one document is asked; 还剩几天了 is no despair there."""
    return means.label in OF_ANY or (means.label == "distress" and means.confidence >= state.desk.limits.grave)


def _asks_wearily(state: State, means: Understanding) -> bool:
    """Whether somebody who sounds worn out asks something, or tells of a trouble that the knowledge answers."""
    if not means.weary:
        return False
    asks = means.confidence < state.desk.limits.grave and bool(QUESTION_WORD.search(state.text))
    return asks or _answered(state, state.desk.limits.card_first)


def _of_document(state: State) -> bool:
    """Whether a message asks about a document of one's own as a whole, or several."""
    desk = state.desk
    ledger, spaces = desk.retriever.index.ledger, desk.filters.spaces
    asked = (state.text, state.turns, state.known, ledger, spaces, desk.sources, desk.day)
    if about_document(*asked, only=desk.document) is not None:
        return True
    return about_table(state.text, state.turns, ledger, spaces, desk.sources, desk.day, desk.document) is not None


def _shelf(desk: Desk) -> Shelf:
    """Where the passages of the last answers stand."""
    return Shelf(
        desk.retriever.index.ledger, desk.sources, lambda text: desk.retriever.search(text, PASSAGES, desk.filters)
    )


def _answered(state: State, surely: float) -> bool:
    """Whether a message that would be turned away has a card that answers it surely enough."""
    return confidence(state.desk, state.text, state.text) >= surely
