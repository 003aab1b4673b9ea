"""The settings, the index and the assistant of this machine, as the commands open them."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

from core.errors import CannotWrite, XiangdaoError
from core.settings import Settings, load_settings, writable_home
from ui.screen import tell

if TYPE_CHECKING:
    from assistant.chat import Assistant
    from corpus.index import Index
    from tools.firm.profile import Profile

GIVE_BACK_S = 5.0
HANDLES = 8192
"""A page that is open holds two or three."""


def settings() -> Settings:
    """The settings, over a data folder that can be written to, or that at least has an index to be read."""
    found = load_settings()
    try:
        writable_home(found)
    except CannotWrite as exc:
        from corpus.index import is_built

        if not is_built(found):
            raise
        tell(f"{exc.message}照常可以查和问，新的存不下来。")
    return found


@contextlib.contextmanager
def loading() -> Iterator[None]:
    """While modules and tables are loaded garbage is not looked for, a fifth of the time; what is there then stays."""
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def more_handles() -> None:
    """Let this process and those that it starts open as many files as many open pages take, where the system lets it."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = HANDLES if hard == resource.RLIM_INFINITY else min(HANDLES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


_giving = threading.Lock()


def give_back_soon() -> None:
    """Return freed memory to the system a little later; who asks meanwhile is served by the same return."""
    if _giving.acquire(blocking=False):
        later = threading.Timer(GIVE_BACK_S, _give_back)
        later.daemon = True
        later.start()


def _give_back() -> None:
    _giving.release()
    gc.collect()  # and what the C library keeps for itself (glibc)
    with contextlib.suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)


def opened_index() -> Index:
    """The index; what there is to say about opening it goes to the user."""
    from assistant.build import open_index

    return _told(open_index(settings(), progress=tell))


def open_assistant(
    remember: bool = True, profile: Profile | None = None, engine: str | None = None, strict: bool = True
) -> Assistant:
    """The assistant. remember: keep the conversation on disk; profile: what is known of the firm; engine: over the settings.

    strict: DeviceAbsent where the settings name a device that is not there.
    """
    from assistant.build import build_assistant

    chosen = settings().model_copy(update={"engine": engine} if engine else {})
    assistant = build_assistant(chosen, progress=tell, remember=remember, profile=profile, strict=strict)
    _told(assistant.retriever.index)
    return assistant


def warm_up(assistant: Assistant) -> None:
    """Start a model on this machine in the background, so that the first answer need not wait for it.

    Vectors of another model, where the settings ask for one, are begun as well, and documents that an earlier version read.
    """
    engine, settings = assistant.engine, assistant.settings
    if told := assistant.retriever.index.switch_in_background():
        tell(told)
    _read_again(assistant.retriever.index)
    if engine is None and not (settings.embedding_model or settings.reranker_model):
        return

    def start() -> None:
        with contextlib.suppress(XiangdaoError):
            if engine:
                engine.warm()
            assistant.retriever.open_models()
            if engine:
                from assistant.wording.entry import try_out

                try_out(settings.home, engine)

    threading.Thread(target=start, name="warm-up", daemon=True).start()


def _read_again(index: Index) -> None:
    """Begin to read again, in the background, what an earlier version took in."""
    from ingest.rereading import is_due

    if is_due(index.ledger):
        from ui.ingest_commands import work_apart

        work_apart()


def _told(index: Index) -> Index:
    for notice in index.notices:
        tell(notice)
    return index


def build_apart(settings: Settings) -> None:
    """Build the index, where it is not ready, in a process of its own: what that needs for a moment is not kept by this one."""
    from corpus.index import is_built

    if is_built(settings):
        return
    script = "import sys; from ui.terminal import main; sys.exit(main(['docs', 'list']))"
    place = {**os.environ, "XIANGDAO_HOME": str(settings.home)}
    subprocess.run([sys.executable, "-I", "-c", script], env=place, stdout=subprocess.DEVNULL, check=False)
