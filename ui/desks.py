"""What the server knows of each open tab; what a closed one held is given back."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from core.types import Citation
from ui.web_chat import Conversation

RESTING = 2000
"""Of how many closed tabs it is remembered who sat there and what they talked of, should they come back."""


@dataclass
class Desk:
    """One tab: who sits at it, the conversation, what the page shown cites."""

    user: str = ""
    conversation: Conversation = field(default_factory=Conversation)
    cited: tuple[Citation, ...] = ()

    def citation(self, exchange: int, n: int) -> Citation | None:
        """A citation that this tab was shown: of the page (exchange 0) or of the conversation; nothing else opens."""
        if exchange:
            return self.conversation.citation(exchange, n)
        return next((c for c in self.cited if c.n == n), None)


class Desks:
    """The desks by the tab's session."""

    def __init__(self) -> None:
        self._open: dict[str, Desk] = {}
        self._closed: OrderedDict[str, tuple[str, str, str]] = OrderedDict()
        self._lock = threading.Lock()

    def at(self, tab: str) -> tuple[Desk, str]:
        """The tab's desk, and the session of the conversation to be laid on it again where the tab comes back.

        Where nothing was said yet, its document alone is known, by its id; who may see it is for the caller to ask.
        """
        with self._lock:
            if tab in self._open:
                return self._open[tab], ""
            user, session, document = self._closed.pop(tab, ("", "", ""))
            self._open[tab] = Desk(user, Conversation(document=document))
            return self._open[tab], session

    def leave(self, tab: str) -> Desk | None:
        """The tab was closed, or its connection was lost for a while; its desk, empty from now on."""
        with self._lock:
            desk = self._open.pop(tab, None)
            if desk:
                talk = desk.conversation
                self._closed[tab] = (desk.user, talk.session, talk.document)
                while len(self._closed) > RESTING:
                    self._closed.popitem(last=False)
            return desk
