"""Stage 3: the message as a question that stands alone."""

from __future__ import annotations

from assistant.condense import LONGEST, bare_of_subject, condense
from assistant.moved import moved
from assistant.stages.retrieve import confidence
from assistant.stages.understand import meaning
from assistant.state import Part, State

GOES_ON = 0.05
"""By how much surer the answer must be for a question to be taken as going on from the one before."""
SURE = 0.9
"""From this confidence on a question is taken as it stands."""
TOLD, LESS_TOLD = 0.5, 0.1
"""How well what is found with the turn before must answer the question's own words, at least and against what they find alone."""


def resolve(state: State) -> State:
    """The message made complete from the conversation, and understood once more where that changed it."""
    spoken, means = state.spoken, state.means
    whole = moved(spoken, state.turns, not means or means.goes_on > 0.5) or _whole(state)
    if means and whole != spoken:
        means = meaning(state, spoken, whole)
    return state.deciding("接上文", whole, means=means, parts=(Part(state.text, whole, means=means),))


def _whole(state: State) -> str:
    """The question made complete from the turn before; where it is not clear that it goes on, only if that finds more."""
    text, means, desk = state.spoken, state.means, state.desk
    condensed = condense(text, state.turns)
    if condensed == text or len(text) > LONGEST:
        return condensed
    low, high = desk.understander.heads.goes_on if desk.understander else (0.0, 1.0)
    if bare_of_subject(text) or (means and means.goes_on >= high):
        return condensed
    sure = confidence(desk, text, text)
    if sure >= SURE or (means and means.goes_on <= low):
        return text
    if confidence(desk, condensed, condensed) <= sure + GOES_ON:
        return text
    told = confidence(desk, condense(text, ()), condensed)
    return condensed if told >= max(TOLD, sure - LESS_TOLD) else text
