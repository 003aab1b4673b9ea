"""Answers composed in a process of their own: it loads beside the page's, and serving and answering take a core each.

For an assistant without a model; with one, the model's own process does the work and its words are passed on as they come.
"""

from __future__ import annotations

import contextlib
import logging
import os
import signal
import threading
from concurrent.futures import CancelledError, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import active_children, get_context, parent_process
from typing import TYPE_CHECKING

from core.errors import XiangdaoError
from core.settings import Settings
from ui import web_text as say
from ui.screen import tell
from ui.web_chat import Exchange, reply

if TYPE_CHECKING:
    from assistant.chat import Assistant

log = logging.getLogger(__name__)
TRIES = 3
"""How many processes may end, one after the other, before this one goes on alone."""


class Answering:
    """The process that answers; where it ends, another is started."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._trouble = ""
        self._lock = threading.Lock()
        self._ended = 0
        self._pool: ProcessPoolExecutor | None = None
        self._opened: Future[None] | None = None

    def start(self, trouble: str = "") -> None:
        """Begin to load, without waiting for it. trouble: why there is no model although the settings ask for one."""
        self._trouble = trouble
        if self._pool:  # begun already, where the page beside it is made once more
            return
        pool = ProcessPoolExecutor(1, get_context("spawn"), _start)
        try:
            self._opened = pool.submit(_open, self._settings, self._trouble)
        except OSError:
            pool.shutdown(wait=False)
            raise
        self._pool = pool

    @property
    def loading(self) -> bool:
        return self._opened is not None and not self._opened.done()

    def wait(self) -> None:
        """Until it can answer, or has failed to."""
        why = None
        with contextlib.suppress(CancelledError):  # the page has ended meanwhile
            why = self._opened.exception() if self._opened else None
        told = isinstance(why, XiangdaoError)  # by the page's process, which meets it too
        if why and not told and self._pool:
            log.error("the process that answers could not open", exc_info=why)

    def answer(self, user: str, exchange: Exchange, document: str | None = None) -> bool:
        """Answer the exchange unless it was stopped meanwhile; False where the process cannot, and this one has to."""
        pool = self._pool
        if pool is None:
            return False
        try:
            answered = pool.submit(_answer, user, exchange, document).result()
        except (BrokenProcessPool, RuntimeError):  # the latter where another thread has just shut it down
            self._replace(pool)
            return False
        if answered is None:
            return False
        self._ended = 0
        if exchange.state == "working":
            vars(exchange).update(vars(answered))
        return True

    def close(self) -> None:
        """End the process, also one that is still loading."""
        pool, self._pool = self._pool, None
        if pool:
            pool.shutdown(wait=False, cancel_futures=True)
            for child in active_children():
                child.terminate()

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        """Start another process in place of one that ended; of several who notice it, the first does."""
        with self._lock:
            if self._pool is not broken:
                return
            self._pool = None
            self._ended += 1
            log.error("the process that answers ended (%d)", self._ended)
            if self._ended < TRIES:
                self.start(self._trouble)
        broken.shutdown(wait=False)


# ---- in the process

_assistant: Assistant | None = None


def _start() -> None:
    """Interrupting is the page's business; where its process ends, however it does, this one ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = parent_process()
    assert parent

    def watch() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=watch, name="watch", daemon=True).start()


def _open(settings: Settings, trouble: str) -> None:
    global _assistant
    from assistant.build import build_assistant
    from ui.errors_log import keep_errors
    from ui.machine import build_apart, loading

    keep_errors(settings.home)
    with loading():
        build_apart(settings)
        assistant = build_assistant(settings, progress=tell, strict=False, chosen=(None, trouble))
        for notice in assistant.retriever.index.notices:
            tell(notice)
        with contextlib.suppress(XiangdaoError):
            assistant.retriever.search(say.EXAMPLES[0])
    _assistant = assistant


def _answer(user: str, exchange: Exchange, document: str | None) -> Exchange | None:
    """The exchange with its answer; None where the assistant could not be opened."""
    if _assistant is None:
        return None
    own = _assistant.for_user(user)
    sources = own.retriever.index.sources(own.filters().spaces)
    for _ in reply(own, exchange, sources, document, worded=False):
        pass
    return exchange
