"""Stage 9: the finished answer with the citations bound to its sentences."""

from __future__ import annotations

import time

from assistant import assessing
from assistant.state import State
from core.types import Answer, Citation


def cite(state: State, text: str, citations: tuple[Citation, ...], engine: str, started: float) -> State:
    """The state with the answer. engine: what worded it; started: time.perf_counter() when the question came."""
    composed, computed = state.composed, state.computed
    assert composed
    answer = Answer(
        question=state.question,
        text=text,
        refused=composed.refused,
        citations=citations,
        tool=computed.tool if computed else None,
        engine=engine,
        confidence=1.0 if computed else state.found.verdict.confidence,
        suggestions=assessing.suggested(composed.suggestions, state.turns, computed.call if computed else None),
        timings_ms=since(started),
    )
    return state.deciding("出处", f"{len(citations)} 条", answer=answer)


def since(started: float) -> dict[str, float]:
    """The milliseconds that have passed."""
    return {"total": (time.perf_counter() - started) * 1000}
