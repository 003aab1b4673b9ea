"""Stage 8: with a language model, the composed answer in its words, where they keep all of it and add nothing.

Nothing of a model's words is shown before all of them are accepted; until then, and otherwise, the composed answer stands.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from assistant.engine.contract import Engine
from assistant.history import Turn
from assistant.state import State
from assistant.topic import known_of
from core.errors import EngineFailed
from core.types import Citation, Event, Notice, Piece, Wording
from corpus.query import Query
from tools.firm.profile import Profile, extract

if TYPE_CHECKING:
    from assistant.engine.mask import Mask

Worded = tuple[str, tuple[Citation, ...], str]
"""A text, its citations, and the name of what worded it."""


def word(state: State, engine: Engine | None, trouble: str, profile: Profile) -> Generator[Event, None, Worded]:
    """The answer in a model's words; as it was composed where there is no model or nothing of its words holds.

    trouble: why there is no model although one is wanted; profile: of the firm, as the caller named it.
    """
    composed = state.composed
    assert composed
    as_composed = (composed.text, composed.citations, "extractive")
    if engine is None:
        if trouble and not composed.refused:
            yield Notice(trouble)
        return as_composed
    from assistant.wording import entry
    from assistant.wording.accept import Acceptance
    from assistant.wording.generate import generate, wordable

    if not wordable(state.standalone, composed) or entry.refused(state.desk.settings.home, engine):
        return as_composed
    tool = state.computed.tool if state.computed else None
    mask = mask_of(engine, state.desk.settings.mask_remote, state.standalone, state.turns, profile)
    if mask and tool:
        return as_composed
    yield Wording(engine.name, engine.status().leaves_machine)
    heard = Acceptance(state.standalone, composed, tool, state.desk.sources, _query(state))
    words = generate(state.standalone, composed, state.turns, engine, tool, state.session or "", mask)
    try:
        with closing(words):
            all(map(heard.hear, words))  # what cannot be accepted any more is not waited for
    except EngineFailed as exc:
        yield Notice(f"模型没有答成，用的是不靠模型的答案。{exc}")
        return as_composed
    if warning := engine.warning():
        yield Notice(warning)
    worded = heard.finished()
    if not worded.text:
        return as_composed
    for sentence in worded.sentences:
        yield Piece(sentence)
    return worded.text, worded.citations, engine.name


def _query(state: State) -> Query | None:
    """As the question was looked up."""
    looked = state.parts[0].looked
    return looked.query if looked else None


def mask_of(engine: Engine, wanted: bool, question: str, turns: Sequence[Turn], profile: Profile) -> Mask | None:
    """What hides the firm from an engine on another machine, where there is one and the settings ask for it.

    A computed answer is not sent at all then: what was computed from the firm's figures tells them.
    """
    if not wanted or not engine.status().leaves_machine:
        return None
    from assistant.engine.mask import Mask

    return Mask(extract(question, known_of(turns, profile)))
