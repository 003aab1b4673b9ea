"""The web page: started here, on this machine's own address unless told otherwise."""

from __future__ import annotations

import argparse
import contextlib
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import XiangdaoError
from core.settings import Settings
from ui import web_text as say
from ui.gradio_import import import_gradio
from ui.machine import build_apart
from ui.machine import settings as of_this_machine

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.engine.contract import Engine
    from ui.pages.site import Site
    from ui.web_server import Opening

_QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "OPENBLAS_NUM_THREADS": "1",  # small matrices: threads that wait for each other cost more than they bring
}
SWITCH_S = 0.0005
"""How long one thread computes before another may, while it loads: what serves the page must not wait for it."""


def ui(args: argparse.Namespace) -> int:
    """The command."""
    serve(of_this_machine(), host=args.host, port=args.port, open_browser=not args.no_browser)
    return 0


def serve(settings: Settings, host: str | None = None, port: int | None = None, open_browser: bool = True) -> None:
    """Serve the page until interrupted. Raises NotAvailable where no port is free.

    The browser is let in at once: it loads the page while this process loads what answers.
    host, port: as in the settings where None; port 0 takes any free one.
    """
    os.environ.update(_QUIET)
    keep_errors(settings.home)
    from ui.web_server import Opening, bind, guarded

    host, wanted = host or settings.host, settings.port if port is None else port
    listener = bind(host, wanted)
    taken = listener.getsockname()[1]
    if wanted and taken != wanted:
        _tell(say.PORT_TAKEN.format(wanted=wanted, port=taken))
    opening = Opening(lambda: _page(settings, host, opening.fail))
    _run(
        opening,
        guarded(opening, host),
        listener,
        f"http://{f'[{host}]' if ':' in host else host}:{taken}/",
        open_browser,
    )
    if opening.failed:
        raise opening.failed


def keep_errors(home: Path) -> None:
    """Have what the page logs as an error, with its traceback, added to errors.log, which is made when there is one."""
    kept = logging.FileHandler(home / "errors.log", encoding="utf-8", delay=True)
    kept.setLevel(logging.ERROR)
    kept.setFormatter(logging.Formatter("--- %(asctime)s %(message)s"))
    logging.getLogger().addHandler(kept)


def _page(settings: Settings, host: str, failed: Callable[[Exception], None]) -> FastAPI:
    """Gradio's page first, since a browser waits for it; what answers is loaded after, in a thread, and waited for."""
    from assistant.build import chosen_engine

    usual = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_S)
    chosen = chosen_engine(settings, _tell, strict=False)
    import_gradio()
    from ui.web_page import build_blocks
    from ui.web_server import build_app

    site: Future[Site] = Future()

    def load() -> None:
        try:
            site.set_result(_site(settings, chosen))
        except Exception as exc:
            site.set_exception(exc)
            failed(exc)
            return
        _warm_up(site.result())
        sys.setswitchinterval(usual)

    app = build_app(build_blocks(settings, chosen[0], site), host, site)
    threading.Thread(target=load, name="load", daemon=True).start()
    return app


def _site(settings: Settings, chosen: tuple[Engine | None, str]) -> Site:
    from assistant.build import build_assistant
    from corpus.index import is_built
    from ui.pages.site import Site

    if not is_built(settings):
        build_apart()
    assistant = build_assistant(settings, progress=_tell, strict=False, chosen=chosen)
    for notice in assistant.retriever.index.notices:
        _tell(notice)
    if switching := assistant.retriever.index.switch_in_background():
        _tell(switching)
    return Site(assistant)


def _warm_up(site: Site) -> None:
    """Load what answers need while the browser opens; then take in, for as long as the page runs, what is handed in."""
    with contextlib.suppress(XiangdaoError):
        site.assistant.retriever.search(say.EXAMPLES[0])
        if site.assistant.engine:
            site.assistant.engine.warm()
    site.jobs.start()


def _run(opening: Opening, app: Any, listener: Any, url: str, open_browser: bool) -> None:
    import uvicorn

    class Server(uvicorn.Server):
        async def startup(self, sockets: list[Any] | None = None) -> None:
            await super().startup(sockets)
            if self.started:
                _tell(say.READY.format(url=url))
                if open_browser:
                    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()

        async def shutdown(self, sockets: list[Any] | None = None) -> None:
            logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # open tabs are cut off: nothing to report
            await super().shutdown(sockets)

    config = uvicorn.Config(app, log_level="warning", access_log=False, timeout_graceful_shutdown=1)
    server = Server(config)
    opening.end = lambda: setattr(server, "should_exit", True)
    server.run(sockets=[listener])


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
