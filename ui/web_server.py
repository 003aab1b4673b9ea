"""The page's HTTP side: which addresses and paths are served, what the browser may load, which port is taken."""

from __future__ import annotations

import asyncio
import logging
import re
import socket
import sys
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.staticfiles import StaticFiles

from core.disk import is_out_of_handles
from core.errors import NotAvailable, XiangdaoError
from ingest.load import LARGEST
from ui import web_text as say
from ui.web_index import folders, index_page

if TYPE_CHECKING:
    from fastapi import FastAPI
    from gradio import Blocks

    from ui.pages.site import Site

UPLOAD = "/upload"
"""The one address that takes files, with limits of its own, and never holds one in memory."""
GRADIO = "/gradio_api/"
LARGEST_BODY = 2 * 2**20
"""Bytes of any other request: a question, a form, whatever the longest may be."""
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS_TRIED = 20
AGAIN_S = 2.0
"""How long it is waited, where no file can be opened, until the page is made again."""
FONTS = ("PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", "system-ui", "sans-serif")

_SERVED = re.compile(
    r"/(?:config/?|theme\.css|favicon\.ico|(?:assets|static|xiangdao)/.*|files/[\w-]{20,64}|upload"
    r"|gradio_api/(?:queue/(?:join|data)|heartbeat/\w+|startup-events|cancel|reset/?|app_id|info))?"
)
"""What the page needs of Gradio. Uploads, the file server, the proxy and the rest are not reachable."""

_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline';"
    " img-src 'self' data: blob:; font-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'self';"
    " form-action 'none'; frame-ancestors 'none'"
)
"""Nothing from another host. Gradio's front end compiles its templates, hence unsafe-eval."""

_HEADERS = {
    "content-security-policy": _POLICY,
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
log = logging.getLogger(__name__)
Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]


class Guard:
    """ASGI middleware: only the paths the page uses, only the host names meant, and the headers above."""

    def __init__(self, app: Application, hosts: tuple[str, ...] | None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http" or not self._meant(scope) or not _SERVED.fullmatch(scope["path"]):
            await self._refuse(scope, send)
        elif scope["path"] == UPLOAD or scope["method"] in {"GET", "HEAD", "OPTIONS"}:
            await self._passed(scope, receive, _with_headers(send))
        elif (body := await _body(scope, receive)) is None:
            await PlainTextResponse(say.BODY_TOO_LARGE, 413)(scope, receive, send)
        else:
            await self._passed(scope, _again(body, receive), _with_headers(send))

    async def _passed(self, scope: Scope, receive: Receive, send: Send) -> None:
        """On to the application; with an answer also where no file can be opened, until some are closed again."""
        begun = False

        async def sending(message: dict[str, Any]) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as exc:
            if not begun and is_out_of_handles(exc):
                await PlainTextResponse(say.NO_HANDLES, 503, headers={"retry-after": "2"})(scope, receive, send)
            elif begun and scope["path"].startswith(GRADIO):
                log.error(
                    "%s %s: %r", scope["method"], scope["path"], exc
                )  # what no page of ours sends; once, in one line
            else:
                raise

    def _meant(self, scope: Scope) -> bool:
        """Asked by our own page: no other origin, and a Host header that names this machine.

        The latter keeps out a page elsewhere whose host name has been pointed at 127.0.0.1 (DNS rebinding).
        """
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        host = headers.get(b"host", "")
        if (origin := headers.get(b"origin")) and origin.partition("://")[2] != host:
            return False
        return self.hosts is None or re.sub(r":\d+$", "", host).strip("[]") in self.hosts

    async def _refuse(self, scope: Scope, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        await send({"type": "http.response.start", "status": 404, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"not found"})


async def _body(scope: Scope, receive: Receive) -> list[dict[str, Any]] | None:
    """The parts of a request's body; None as soon as they are more than is taken, whatever the request says of itself."""
    said = dict(scope["headers"]).get(b"content-length", b"0")
    if said.isdigit() and int(said) > LARGEST_BODY:
        return None
    parts: list[dict[str, Any]] = []
    size = 0
    while size <= LARGEST_BODY:
        parts.append(part := await receive())
        size += len(part.get("body", b""))
        if not part.get("more_body"):
            return parts if size <= LARGEST_BODY else None
    return None


def _again(parts: list[dict[str, Any]], receive: Receive) -> Receive:
    """The parts once more, and then what still comes."""
    left = iter(parts)

    async def receiving() -> Any:
        return next(left, None) or await receive()

    return receiving


def _with_headers(send: Send) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            extra = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending


class Opening:
    """ASGI application: the index page and what stands in files at once, everything else as soon as it is made.

    make: makes the application, in a thread, while the browser loads the page. Where it fails, the server ends and `failed` says why.
    """

    def __init__(self, make: Callable[[], FastAPI]) -> None:
        self.failed: Exception | None = None
        self.end: Callable[[], None] = lambda: None
        self._make = make
        self._over = threading.Event()
        self._made: asyncio.Future[FastAPI] | None = None
        self._index = index_page()
        self._files = {name: StaticFiles(directory=folder) for name, folder in folders().items()}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
        elif scope["type"] == "http" and scope["path"] == "/":
            await HTMLResponse(self._index)(scope, receive, send)
        elif scope["type"] == "http" and (files := self._files.get(scope["path"].split("/")[1])):
            rest = scope["path"].split("/", 2)[2]
            try:
                await files({**scope, "path": f"/{rest}"}, receive, send)
            except HTTPException as exc:  # a missing file, or a way of asking that no file answers to
                await PlainTextResponse("not found", exc.status_code)(scope, receive, send)
        elif self._made:
            await (await asyncio.shield(self._made))(scope, receive, send)

    async def _live(self, receive: Receive, send: Send) -> None:
        """The server's start and end; the made application's own start and end lie between."""
        await receive()
        loop = asyncio.get_running_loop()
        self._made = loop.create_future()
        making = loop.run_in_executor(None, self._make_at_last)
        making.add_done_callback(lambda over: over.cancelled() or over.exception())  # also where nobody waits any more
        await send({"type": "lifespan.startup.complete"})
        ended = asyncio.ensure_future(receive())
        try:
            await asyncio.wait([making, ended], return_when=asyncio.FIRST_COMPLETED)
            if making.done():
                app = making.result()
                async with app.router.lifespan_context(app):
                    self._made.set_result(app)
                    await ended
        except Exception as exc:
            self.fail(exc)
        await ended
        self._over.set()
        await send({"type": "lifespan.shutdown.complete"})

    def _make_at_last(self) -> FastAPI:
        """Make the application, again and again as long as no file can be opened: those who hold them all let them go some time."""
        while True:
            try:
                return self._make()
            except Exception as exc:
                if not is_out_of_handles(exc) or self._over.wait(AGAIN_S):
                    raise
                log.error("the page waits until files can be opened again: %r", exc)

    def fail(self, why: Exception) -> None:
        """End the server."""
        self.failed = self.failed or why
        self.end()


def build_app(blocks: Blocks, host: str, site: Future[Site]) -> FastAPI:
    """Gradio's side of the page, the files that it offers and those that it takes."""
    import gradio as gr
    from fastapi import FastAPI

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/files/{token}")
    def file(token: str) -> Response:
        found = site.result().downloads.get(token)
        if found is None:
            return Response(say.FILE_GONE, 404, media_type="text/plain; charset=utf-8")
        named = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return Response(found.data, media_type=found.media, headers={"content-disposition": named})

    app.add_route("/upload", receiving(site), methods=["POST"])
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=list(FONTS), font_mono=["Consolas", "monospace"]
    )
    gr.mount_gradio_app(
        app, blocks, "/", server_name=host, footer_links=[], run_history=False, show_error=False, theme=theme,
        enable_monitoring=False, mcp_server=False, ssr_mode=False, pwa=False, max_file_size=1,
    )  # fmt: skip
    return app


def receiving(site: Future[Site]) -> Callable[[Request], Awaitable[Response]]:
    """What takes the files that the browser sends, and says why where one is not taken."""

    async def upload(request: Request) -> Response:
        pieces = request.stream()
        try:
            there, asked = await asyncio.wrap_future(site), request.query_params
            said = request.headers.get("content-length", "")
            announced = int(said) if said.isdecimal() else 0
            if batch := asked.get("batch"):
                await there.batches.receive(batch, asked.get("name", ""), pieces, announced)
                return Response("", media_type="text/plain")
            token = await there.uploads.receive(asked.get("name", ""), pieces, announced)
            return Response(token, media_type="text/plain")
        except XiangdaoError as exc:
            await _let_pass(pieces)
            return Response(str(exc), 422, media_type="text/plain; charset=utf-8")

    return upload


async def _let_pass(pieces: AsyncIterator[bytes]) -> None:
    """Take what is still sent and keep nothing of it: a browser that may not end its sending does not read why."""
    passed = 0
    async for piece in pieces:
        passed += len(piece)
        if passed > LARGEST:
            return


def guarded(app: Application, host: str) -> Guard:
    """The application behind the guard; on this machine's addresses only its own names are answered to."""
    return Guard(app, LOOPBACK if host in LOOPBACK else None)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one. Raises NotAvailable, and for any but this machine's address."""
    if host not in LOOPBACK:
        raise NotAvailable(say.NOT_LOOPBACK.format(host=host), say.NOT_LOOPBACK_HINT, command=say.NOT_LOOPBACK_COMMAND)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    last = port + PORTS_TRIED if port else port
    for candidate in range(port, min(last, 65535) + 1):
        listener = socket.socket(family, socket.SOCK_STREAM)
        try:
            if sys.platform != "win32":  # there the option would let two programs share the port
                listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((host, candidate))
            listener.listen(128)
            return listener
        except (OverflowError, socket.gaierror) as exc:
            listener.close()
            raise NotAvailable(say.BAD_HOST.format(host=host), say.BAD_HOST_HINT, command=say.BAD_HOST_COMMAND) from exc
        except OSError as exc:
            listener.close()
            if exc.errno in _NO_SUCH_ADDRESS:
                raise NotAvailable(
                    say.BAD_HOST.format(host=host), say.BAD_HOST_HINT, command=say.BAD_HOST_COMMAND
                ) from exc
    raise NotAvailable(say.NO_PORT.format(first=port, last=last), say.NO_PORT_HINT, command=say.NO_PORT_COMMAND)


_NO_SUCH_ADDRESS = {99, 49, 10049}
"""EADDRNOTAVAIL on Linux, macOS and Windows."""
