"""The limits of confidence that stages decide by; they stand in the fitted file beside the heads."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Confidences 0-1. Of the verdict on passages, and of the heads.

    card: so sure an answer goes before a message is turned away; card_first: before a tool that is likelier meant than not;
    card_beside: before a tool that is one of several things that may be meant. tool: below it a tool is that; tool_alone, row_alone:
    from it on no card is heard beside a computing tool, and beside a look-up that has a row. These were chosen by a grid over single questions of the open sets, and tell nothing of others.
    alone: so sure an answer leaves a question as it stands. surer: by how much the reading that goes on from before must answer
    better; told, less_told: how well what it finds must answer the message's own words, at least and against what they find alone;
    likely: from this probability that it goes on that is not asked of a message that finds nothing alone.
    surely: from this probability on a message with a subject of its own, understood as well as `tool` asks, is taken as going on;
    below, both readings are looked up. alike: from which likeness a phrase of the question before may stand for what a message
    says. grave: below it a message that is weary and asks something is answered as a question. together: how much the reading together with the message before counts where a message surely goes on from it.
    replies: from this probability on a message goes on from what was asked back, though alone it would be out of the field, as the name of a district is.
    kind: how likely a kind of a tool's question must be. plainly: from which probability on a tool that would only begin to ask is asked for.
    """

    card: float = 0.85
    card_first: float = 0.8
    card_beside: float = 0.5
    tool: float = 0.5
    tool_alone: float = 0.7
    row_alone: float = 0.7
    alone: float = 0.9
    surer: float = 0.05
    told: float = 0.5
    less_told: float = 0.1
    likely: float = 0.4
    surely: float = 0.7
    alike: float = 0.2
    grave: float = 0.9
    together: float = 0.85
    replies: float = 0.9
    kind: float = 0.5
    plainly: float = 0.95
