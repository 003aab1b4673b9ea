"""The page's HTTP side: which addresses and paths are served, what the browser may load, which port is taken."""

from __future__ import annotations

import re
import socket
import sys
from collections.abc import Awaitable, Callable
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

from core.errors import NotAvailable, XiangdaoError
from ui import web_text as say
from ui.downloads import Downloads
from ui.uploads import Uploads

ASSETS = Path(__file__).parent / "assets"
LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORTS_TRIED = 20
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
_UNWANTED = re.compile(r'\s*<(?:meta\s+(?:property="og:|name="twitter:)[^>]*|link\s+rel="manifest"[^>]*)>')
_HEAD = (
    "<script>for (const [name, value] of [['language', 'zh-CN'], ['languages', ['zh-CN', 'zh']]])"
    " Object.defineProperty(navigator, name, {get: () => value});</script>"
    f"<title>{escape(say.TITLE)}</title>"
    '<meta name="color-scheme" content="light dark" />'
    '<link rel="icon" type="image/svg+xml" href="xiangdao/icon.svg" />'
)
_LAST = '<link rel="stylesheet" href="xiangdao/style.css" /><script defer src="xiangdao/page.js"></script>'
"""Our style sheet comes after Gradio's, whose reset is otherwise as strong."""
_SPLASH = (
    f'<div id="splash" data-lost-title="{say.LOST_TITLE}" data-lost="{say.LOST}" data-name="{say.NAME}" data-title="{say.TITLE}"><span>{say.OPENING}</span>'
    f"<noscript>{say.NO_SCRIPT}</noscript></div>"
)

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]


def localise(html: str) -> str:
    """Gradio's index page in Chinese, with our assets and without the tags that name other hosts."""
    html = _UNWANTED.sub("", html).replace('lang="en"', 'lang="zh-CN"', 1)
    html = html.replace("<head>", "<head>" + _HEAD, 1).replace("</head>", _LAST + "</head>", 1)
    return re.sub(r"(<body[^>]*>)", lambda m: m[1] + _SPLASH, html, count=1)


class Guard:
    """ASGI middleware: only the paths the page uses, only the host names meant, and the headers above."""

    def __init__(self, app: Callable[[Scope, Receive, Send], Awaitable[None]], hosts: tuple[str, ...] | None) -> None:
        self.app = app
        self.hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
        elif scope["type"] != "http" or not self._meant(scope) or not _SERVED.fullmatch(scope["path"]):
            await self._refuse(scope, send)
        elif scope["path"] == "/":
            await self._page(scope, receive, send)
        else:
            await self.app(scope, receive, _with_headers(send))

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

    async def _page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Collect the index page, change it, send it whole."""
        plain = {**scope, "headers": [(k, v) for k, v in scope["headers"] if k != b"accept-encoding"]}
        start: dict[str, Any] = {}
        body = bytearray()

        async def collect(message: dict[str, Any]) -> None:
            if message["type"] == "http.response.start":
                start.update(message)
                return
            body.extend(message.get("body", b""))
            if not message.get("more_body"):
                html = localise(body.decode("utf-8")).encode("utf-8") if body else b""
                kept = [(k, v) for k, v in start["headers"] if k.lower() != b"content-length"]
                start["headers"] = [*kept, (b"content-length", str(len(html)).encode())]
                await _with_headers(send)(start)
                await send({"type": "http.response.body", "body": html})

        await self.app(plain, receive, collect)


def _with_headers(send: Send) -> Send:
    async def sending(message: dict[str, Any]) -> None:
        if message["type"] == "http.response.start":
            extra = [(k.encode(), v.encode()) for k, v in _HEADERS.items()]
            message = {**message, "headers": [*message["headers"], *extra]}
        await send(message)

    return sending


def build_app(blocks: Any, host: str, downloads: Downloads, uploads: Uploads) -> Guard:
    """The ASGI application that serves the page, the files it offers, and nothing else."""
    import gradio as gr
    from fastapi import FastAPI, Response
    from fastapi.staticfiles import StaticFiles

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)
    app.mount("/xiangdao", StaticFiles(directory=ASSETS))

    @app.get("/files/{token}")
    def file(token: str) -> Response:
        found = downloads.get(token)
        if found is None:
            return Response(say.FILE_GONE, 404, media_type="text/plain; charset=utf-8")
        named = f"attachment; filename*=UTF-8''{quote(found.name)}"
        return Response(found.data, media_type=found.media, headers={"content-disposition": named})

    async def upload(request: Any) -> Response:
        try:
            token = await uploads.receive(request.query_params.get("name", ""), request.stream())
            return Response(token, media_type="text/plain")
        except XiangdaoError as exc:
            return Response(str(exc), 422, media_type="text/plain; charset=utf-8")

    app.add_route("/upload", upload, methods=["POST"])
    theme = gr.themes.Base(
        primary_hue="teal", neutral_hue="stone", font=list(FONTS), font_mono=["Consolas", "monospace"]
    )
    gr.mount_gradio_app(
        app, blocks, "/", server_name=host, footer_links=[], run_history=False, show_error=False, theme=theme,
        enable_monitoring=False, mcp_server=False, ssr_mode=False, pwa=False, max_file_size=1,
    )  # fmt: skip
    return Guard(app, LOOPBACK if host in LOOPBACK else None)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket on the port, or on the next free one. Raises NotAvailable, and for any but this machine's address."""
    if host not in LOOPBACK:
        raise NotAvailable(say.NOT_LOOPBACK.format(host=host), say.NOT_LOOPBACK_HINT)
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
            raise NotAvailable(say.BAD_HOST.format(host=host), say.BAD_HOST_HINT) from exc
        except OSError as exc:
            listener.close()
            if exc.errno in _NO_SUCH_ADDRESS:
                raise NotAvailable(say.BAD_HOST.format(host=host), say.BAD_HOST_HINT) from exc
    raise NotAvailable(say.NO_PORT.format(first=port, last=last), say.NO_PORT_HINT)


_NO_SUCH_ADDRESS = {99, 49, 10049}
"""EADDRNOTAVAIL on Linux, macOS and Windows."""
