"""An answer in the making, as the thread that works it out and the one that talks to the app share it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from bots import wording as say
from bots.message import Say


def _nothing(text: str) -> None:
    return None


@dataclass
class Progress:
    """An answer in the making. show: gets the text so far, for streaming; brief: what stands if there is no time for more.

    late: what is said where there is nothing yet when the time is over. stop: nothing more is wanted, because the user said so
    or because the time was over: timed_out.
    """

    show: Callable[[str], None] = _nothing
    stop: threading.Event = field(default_factory=threading.Event)
    brief: str = ""
    late: Say = field(default_factory=lambda: Say(say.TOO_SLOW))
    timed_out: bool = False
