"""Messages that were edited after they were answered: what changed, and what of the conversation is taken back for it."""

from __future__ import annotations

import time

from bots.asking import BACK, Asking
from bots.mailbox import Letter, Mailbox
from bots.message import Incoming
from bots.traces import Trace

EDITABLE_S = 2 * 86400
"""For how long a message may be edited and is then answered anew; Telegram allows its users two days."""


class Edits:
    """What is known of edited messages."""

    def __init__(self, asking: Asking, mailbox: Mailbox) -> None:
        self.asking, self.mailbox = asking, mailbox

    def trace(self, message: Incoming) -> Trace | None:
        """How a message was answered before it was edited; None where it was not."""
        trace = self.mailbox.traces.of(message.conversation, message.reply_to)
        return trace if trace and trace.digest else None

    def is_unchanged(self, message: Incoming) -> bool:
        """Whether an edit changes nothing that is answered: the preview of a link, a live location; or nothing here, in a group."""
        trace = self.trace(message)
        return trace.digest == message.digest if trace else message.group and is_old(message)

    def in_place_of(self, letter: Letter) -> str:
        """The id of the answer in whose place that to an edited message comes; empty where it is sent anew.

        In its place where it is the last thing that was said: further up nobody would see that it has changed.
        """
        message = letter.message
        if not message.edited or letter.beyond or letter.stopped:
            return ""
        trace = self.trace(message)
        is_last = trace and len(trace.answer) == 1 and self.mailbox.traces.is_last(message.conversation, trace)
        return trace.answer[0] if trace and is_last else ""

    def take_back(self, message: Incoming, trace: Trace) -> bool:
        """Take the turn of an edited message out of the conversation where it is the last.

        False where it answered a question of an assessment that has gone on since: its answer cannot be changed so.
        """
        session, turns = self.asking.session(message), self.asking.turns(message, BACK) if trace.turn else []
        at = next((n for n, turn in enumerate(turns) if turn.id == trace.turn), None)
        if at is None or session is None:
            return True
        if at == len(turns) - 1:
            if self.mailbox.traces.is_last(message.conversation, trace):
                self.asking.person(message).history.take_back(session, trace.turn)
            return True
        before = turns[at - 1].call if at else None
        return not (before and before.pending)


def is_old(message: Incoming) -> bool:
    """Whether a message was sent too long ago to be answered anew."""
    return bool(message.sent_at) and time.time() - message.sent_at > EDITABLE_S
