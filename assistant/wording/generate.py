"""The worded answer: what a model is given to read, and its words as they come, cut where they run away."""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from assistant.answer.composed import Composed
from assistant.engine.contract import Engine
from assistant.history import Turn
from assistant.wording.bind import body_of, framing
from assistant.wording.limits import LONGEST
from core.cut import shorten
from core.text import squeeze
from core.types import ToolCall
from prompts import fill, load

if TYPE_CHECKING:
    from langchain_core.messages import BaseMessage

    from assistant.engine.mask import Mask

HISTORY_CHARACTERS = 700
"""Most that earlier turns may take of a prompt."""
TURN_CHARACTERS = 100
"""Of an earlier answer: it is the only old text that an engine reads once more."""
EARLIER = 3
"""How many questions before the remembered ones are named."""
ANCHOR = 3
"""About every how many turns the remembered conversation may begin anew."""
COMPUTED_CHARACTERS = 900
MOST_CHARACTERS = 900
"""A worded answer longer than this has run away."""
LOOP = 3
"""How often the same words may end an answer before it counts as a loop."""
_CITATION = re.compile(r"\s*\[\d+\]")
_THINKING = ("<think>", "</think>")
_SPECIAL = re.compile(r"<\|[^|>]{1,30}\|>|</?s>|<end_of_turn>")


def generate(
    question: str,
    composed: Composed,
    turns: Sequence[Turn],
    engine: Engine,
    tool_result: ToolCall | None = None,
    owner: str = "",
    mask: Mask | None = None,
) -> Generator[str, None, None]:
    """A model's words for a composed answer, in pieces; nothing where code's own words must stand. Raises EngineFailed.

    Closing the iterator ends the request and frees the engine; so does engine.interrupt(owner) from another thread.
    mask: what the engine's machine is not to be told.
    """
    if not wordable(question, composed):
        return
    messages = prompt(question, composed, turns, tool_result)
    if mask:
        messages = [m.model_copy(update={"content": mask.hide(str(m.content))}) for m in messages]
    stream = engine.chat.stream(messages, max_tokens=engine.settings.answer_tokens, owner=owner)
    told = (str(chunk.content) for chunk in stream)
    pieces = held_short(spoken(mask.show(told) if mask else told))
    try:
        yield from pieces
    finally:
        close = getattr(stream, "close", None)
        if close:
            close()


def wordable(question: str, composed: Composed) -> bool:
    """Whether a model may word this answer: no refusal, no table, no longer than it can keep whole, asked in Chinese."""
    if composed.refused or composed.fixed or not re.search(r"[\u4e00-\u9fff]", question):
        return False
    body = body_of(composed.text)
    return len(body) <= LONGEST and not any(line.startswith("|") for line in body.split("\n"))


def prompt(
    question: str, composed: Composed, turns: Sequence[Turn], tool_result: ToolCall | None = None
) -> list[BaseMessage]:
    """The messages: the rules, the conversation, and last, since they change, what is to be worded and the question.

    All before the last message stays the same bytes from turn to turn, so that an engine need not read it again.
    """
    from langchain_core.messages import HumanMessage

    messages = opening(turns)
    begun = [line for line in framing(composed)[0] if line.strip()]
    said = f"{fill('opening', text=inert(chr(10).join(begun)))}\n" if begun and not tool_result else ""
    if tool_result:
        around = fill("computed", text=inert(shorten(_CITATION.sub("", body_of(composed.text)), COMPUTED_CHARACTERS)))
    else:
        points = "\n".join(line for line in _lines(composed) if line.strip())
        around = fill("points", text=inert(points))
    messages.append(HumanMessage(fill("answer", given=around, opening=said, question=inert(question))))
    return messages


def _lines(composed: Composed) -> list[str]:
    """A composed answer's own lines without citations."""
    around = {line for part in framing(composed) for line in part}
    return [_CITATION.sub("", line) for line in body_of(composed.text).split("\n") if line not in around]


def opening(turns: Sequence[Turn]) -> list[BaseMessage]:
    """How every prompt of a conversation begins: the rules, what was asked long ago, and the turns that are remembered."""
    from langchain_core.messages import AIMessage, HumanMessage, SystemMessage

    messages: list[BaseMessage] = [SystemMessage(load("system"))]
    kept = remembered(turns)
    before = turns[: len(turns) - len(kept)][-EARLIER:]
    earlier = fill("earlier", questions="；".join(shorten(turn.question, 40) for turn in before)) if before else ""
    for turn in kept:
        messages += [HumanMessage(inert(earlier + turn.question)), AIMessage(inert(short_answer(turn)))]
        earlier = ""
    return messages


def remembered(turns: Sequence[Turn]) -> list[Turn]:
    """The last turns that fit, beginning where it would also begin one turn later, so that the beginning seldom moves."""
    total, start = 0, len(turns)
    while (
        start
        and (total := total + len(turns[start - 1].question) + len(short_answer(turns[start - 1])))
        <= HISTORY_CHARACTERS
    ):
        start -= 1
    if start == 0:
        return list(turns)
    anchors = [at for at in range(start, len(turns)) if sum(map(ord, turns[at].question)) % ANCHOR == 0]
    return list(turns[anchors[0] if anchors else len(turns) - 1 :])


def short_answer(turn: Turn) -> str:
    """An earlier answer as it is remembered: its beginning, without citations."""
    return shorten(_CITATION.sub("", body_of(turn.answer)).strip(), TURN_CHARACTERS)


def spoken(pieces: Iterable[str]) -> Iterator[str]:
    """A model's words without what it thinks aloud and without its control marks."""
    kept, thinking = "", False
    for piece in pieces:
        kept += piece
        while True:
            mark = _THINKING[thinking]
            if mark in kept:
                before, _, kept = kept.partition(mark)
                if not thinking and before:
                    yield _SPECIAL.sub("", before)
                thinking = not thinking
                continue
            break
        if thinking:
            kept = kept[-len(mark) :]
        elif "<" not in kept[-40:]:
            if kept:
                yield kept
            kept = ""
        elif len(kept) > 80:
            head, kept = kept[:-40], kept[-40:]
            yield _SPECIAL.sub("", head)
    if not thinking and (rest := _SPECIAL.sub("", kept)):
        yield rest


def held_short(pieces: Iterable[str]) -> Iterator[str]:
    """Pieces until the answer loops or has run away."""
    told = ""
    for piece in pieces:
        told += piece
        yield piece
        if len(told) > MOST_CHARACTERS or loops(told):
            return


def loops(text: str) -> bool:
    """Whether a text ends in the same 4 to 60 characters several times over."""
    end = squeeze(text[-60 * LOOP - 40 :])
    for size in range(4, 61):
        if len(end) < size * LOOP:
            return False
        if end.endswith(end[-size:] * LOOP) and (size >= 8 or end.endswith(end[-size:] * 6)):
            return True
    return False


def inert(text: str) -> str:
    """Text that cannot close or open one of the prompt's marks."""
    return text.replace("<", "〈").replace(">", "〉")
