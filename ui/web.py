"""The web page: started here, on this machine's own address unless told otherwise."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import signal
import sys
import threading
import time
import webbrowser
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any

from core.errors import XiangdaoError
from core.settings import Settings
from ui import web_text as say
from ui.answering import Answering
from ui.errors_log import keep_errors
from ui.gradio_import import import_gradio
from ui.machine import build_apart, loading, more_handles
from ui.machine import settings as of_this_machine
from ui.screen import tell

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.engine.contract import Engine
    from ui.pages.site import Site
    from ui.web_server import Opening

_QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "GRADIO_ANALYTICS_MAX_EVENTS": "1",  # else Gradio keeps statistics of its events, worked out anew, with pandas, at each
    "GRADIO_ANALYTICS_CACHE_FREQUENCY": str(10**12),
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "OPENBLAS_NUM_THREADS": "1",  # small matrices: threads that wait for each other cost more than they bring
}
SWITCH_S = 0.0005
"""How long one thread computes before another may, while it loads: what serves the page must not wait for it."""
FEW_CORES = 2
"""With so few the process that answers is started after the page, which would have to wait for it."""


def ui(args: argparse.Namespace) -> int:
    """The command."""
    serve(of_this_machine(), host=args.host, port=args.port, open_browser=not args.no_browser)
    return 0


def serve(settings: Settings, host: str | None = None, port: int | None = None, open_browser: bool = True) -> None:
    """Serve the page until interrupted. Raises NotAvailable where no port is free.

    The browser is let in at once: it loads the page while what answers is loaded.
    host, port: as in the settings where None; port 0 takes any free one.
    """
    os.environ.update(_QUIET)
    keep_errors(settings.home)
    from ui.web_server import Opening, bind, guarded

    more_handles()
    host, wanted = host or settings.host, settings.port if port is None else port
    listener = bind(host, wanted)
    taken = listener.getsockname()[1]
    if wanted and taken != wanted:
        tell(say.PORT_TAKEN.format(wanted=wanted, port=taken))
    answering = Answering(settings)
    opening = Opening(lambda: _page(settings, host, answering, opening.fail))
    url = f"http://{f'[{host}]' if ':' in host else host}:{taken}/"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # as after Ctrl-C, what was started is ended
    try:
        _run(opening, guarded(opening, host), listener, url, open_browser)
    finally:
        answering.close()
    if opening.failed:
        raise opening.failed


def _page(settings: Settings, host: str, answering: Answering, failed: Callable[[Exception], None]) -> FastAPI:
    """Gradio's page, beside it the process that answers, and then, in a thread, what the other pages need."""
    from assistant.build import chosen_engine

    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    with loading():
        engine, trouble = chosen = chosen_engine(settings, tell, strict=False)
        beside = (os.cpu_count() or 1) > FEW_CORES
        if engine is None and beside:
            answering.start(trouble)
        import_gradio()
        from ui.web_page import build_blocks
        from ui.web_server import build_app

        site: Future[Site] = Future()
        app = build_app(build_blocks(settings, engine, answering, site), host, site)
        if engine is None and not beside:
            answering.start(trouble)

    def load() -> None:
        try:
            with loading():
                answering.wait()
                site.set_result(_when_files_open(lambda: _site(settings, chosen)))
        except Exception as exc:
            site.set_exception(exc)
            failed(exc)
            return
        if engine:
            with contextlib.suppress(XiangdaoError):
                engine.warm()
        sys.setswitchinterval(usual)
        site.result().jobs.start()
        if engine:
            from assistant.wording.entry import try_out

            with contextlib.suppress(XiangdaoError):
                try_out(settings.home, engine)

    threading.Thread(target=load, name="load", daemon=True).start()
    return app


def _when_files_open(make: Callable[[], Site]) -> Site:
    """What can be made once files can be opened again, where others hold them all just now."""
    from core.disk import is_out_of_handles
    from ui.web_server import AGAIN_S

    while True:
        try:
            return make()
        except Exception as exc:
            if not is_out_of_handles(exc):
                raise
            logging.getLogger(__name__).error("the pages wait until files can be opened again: %r", exc)
            time.sleep(AGAIN_S)


def _site(settings: Settings, chosen: tuple[Engine | None, str]) -> Site:
    """The pages over an assistant, which answers itself only where a model words its answers."""
    from assistant.build import build_assistant
    from ui.pages.site import Site

    answers = chosen[0] is not None
    if answers:
        build_apart(settings)
    assistant = build_assistant(settings, progress=tell, strict=False, chosen=chosen, searching=answers)
    index = assistant.retriever.index
    if switching := index.switch_in_background():
        tell(switching)
    if answers:  # else the process that does has told them
        for notice in index.notices:
            tell(notice)
        with contextlib.suppress(XiangdaoError):
            assistant.retriever.search(say.EXAMPLES[0])
    return Site(assistant)


def _run(opening: Opening, app: Any, listener: Any, url: str, open_browser: bool) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                tell(say.READY.format(url=url))
                if open_browser:
                    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

        async def shutdown(self, sockets: list[Any] | None = None) -> None:
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # open tabs are cut off: nothing to report
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    server = Server(config)
    opening.end = lambda: setattr(server, "should_exit", True)
    server.run(sockets=[listener])
