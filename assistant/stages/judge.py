"""Stage 6: what stands for each part: the tool or the knowledge, a card that answers for sure before a tool only half meant."""

from __future__ import annotations

from dataclasses import replace

from assistant.route import KNOWLEDGE
from assistant.stages.understand import CARD
from assistant.state import Part, State

CARD_BESIDE = 0.6
"""How sure a card must be where the message is rather a question for the knowledge."""
HALF_SURE = 0.6
"""Below this confidence a tool is one of several things that may be meant."""


def judge(state: State) -> State:
    """Each part with what it is to be answered from."""
    parts = tuple(weighed(part) for part in state.parts)
    lines = []
    for part in parts:
        assert part.looked
        verdict = part.looked.verdict
        lines.append(f"{verdict.kind} {verdict.confidence:.2f} {verdict.reason} {'、'.join(verdict.missing)}".rstrip())
    return state.deciding("判断", "；".join(lines), parts=parts)


def weighed(part: Part) -> Part:
    """A part whose half-meant tool gives way to a card that answers it, or that alone can be told."""
    looked, computed, means = part.looked, part.computed, part.means
    if not part.route.half or looked is None or not looked.told:
        return part
    beside = means is None or means.label != part.route.tool or means.confidence < HALF_SURE
    sure = looked.verdict.confidence >= (CARD_BESIDE if beside else CARD)
    if sure or computed is None or "error" in computed.tool.result:
        return replace(part, route=KNOWLEDGE, computed=None)
    return part
