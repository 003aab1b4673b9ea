"""The web page: started here, on this machine's own address unless told otherwise."""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import webbrowser
from typing import TYPE_CHECKING, Any

from assistant.build import build_assistant
from core.errors import XiangdaoError
from core.settings import Settings
from corpus.index import is_built
from ui import web_text as say
from ui.machine import build_apart

if TYPE_CHECKING:
    import gradio as gr

    from assistant.chat import Assistant
    from ui.pages.site import Site

_QUIET = {
    "GRADIO_ANALYTICS_ENABLED": "False",
    "GRADIO_RUN_HISTORY": "False",
    "GRADIO_SHARE": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
    "OPENBLAS_NUM_THREADS": "1",  # small matrices: threads that wait for each other cost more than they bring
}


def serve(settings: Settings, host: str | None = None, port: int | None = None, open_browser: bool = True) -> None:
    """Serve the page until interrupted. Raises NotAvailable where no port is free.

    host, port: as in the settings where None; port 0 takes any free one.
    """
    from ui.web_server import bind, build_app

    host, wanted = host or settings.host, settings.port if port is None else port
    listener = bind(host, wanted)
    taken = listener.getsockname()[1]
    if wanted and taken != wanted:
        _tell(say.PORT_TAKEN.format(wanted=wanted, port=taken))
    os.environ.update(_QUIET)
    if not is_built(settings):
        build_apart()
    assistant = build_assistant(settings, progress=_tell, strict=False)
    for notice in assistant.retriever.index.notices:
        _tell(notice)
    if switching := assistant.retriever.index.switch_in_background():
        _tell(switching)
    site = _site(assistant)
    app = build_app(build_page(site), host, site.downloads, site.uploads)
    threading.Thread(target=_warm_up, args=(site,), name="warm-up", daemon=True).start()
    _run(app, listener, f"http://{f'[{host}]' if ':' in host else host}:{taken}/", open_browser)


def _site(assistant: Assistant) -> Site:
    from ui.pages.site import Site

    return Site(assistant)


def build_page(site: Site) -> gr.Blocks:
    """The Gradio page over an assistant's pages."""
    _skip_stubs()
    from ui.web_page import build_blocks

    return build_blocks(site)


def _warm_up(site: Site) -> None:
    """Load what answers need while the browser opens; then take in, for as long as the page runs, what is handed in."""
    with contextlib.suppress(XiangdaoError):
        site.assistant.retriever.search(say.EXAMPLES[0])
        if site.assistant.engine:
            site.assistant.engine.warm()
    site.jobs.start()


def _run(app: Any, listener: Any, url: str, open_browser: bool) -> None:
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
    Server(config).run(sockets=[listener])


def _skip_stubs() -> None:
    """Keep Gradio from writing .pyi stubs into its own folder at import: a third of its import time."""
    from importlib.machinery import ModuleSpec, PathFinder

    class NoStubs(PathFinder):
        @classmethod
        def find_spec(cls, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
            if fullname != "gradio.component_meta":
                return None
            spec = PathFinder.find_spec(fullname, path, target)
            if spec and spec.loader:
                run = spec.loader.exec_module

                def execute(module: Any) -> None:
                    run(module)
                    module.create_or_modify_pyi = lambda *_: None

                spec.loader.exec_module = execute  # type: ignore[method-assign]
            return spec

    if "gradio" not in sys.modules:
        sys.meta_path.insert(0, NoStubs)


def _tell(message: str) -> None:
    print(message, file=sys.stderr, flush=True)
