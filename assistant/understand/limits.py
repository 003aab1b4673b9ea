"""The limits of confidence that stages decide by; they stand in the fitted file beside the heads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Confidences 0-1. Of the verdict on passages, and of the heads.

    card: so sure an answer goes before a half-meant tool, and before a message is turned away; card_beside: the same where the
    message rather asks the knowledge. tool: below it a tool is one of several things that may be meant. alone: so sure an answer
    leaves a question as it stands. surer: by how much the reading that goes on from before must answer better; told, less_told:
    how well what it finds must answer the message's own words, at least and against what they find alone. surely: from this probability of going on only that reading is looked up; below, against: by how much
    surer the message must be answered as it stands.
    """

    card: float = 0.85
    card_beside: float = 0.6
    tool: float = 0.6
    alone: float = 0.9
    surer: float = 0.05
    told: float = 0.5
    less_told: float = 0.1
    surely: float = 0.85
    against: float = 0.2
