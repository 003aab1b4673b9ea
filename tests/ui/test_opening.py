"""The page's server before what answers is there: the page at once, the rest when it is made, the end where it cannot be."""

from __future__ import annotations

import asyncio
import errno
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI

from core.errors import NotAvailable
from ui.web_server import Opening


def made(begun: list[str]) -> FastAPI:
    @asynccontextmanager
    async def life(app: FastAPI) -> AsyncIterator[None]:
        begun.append("start")
        yield
        begun.append("end")

    app = FastAPI(lifespan=life)

    @app.get("/config")
    def config() -> dict[str, bool]:
        return {"there": begun == ["start"]}

    return app


async def got(opening: Opening, path: str) -> tuple[int, bytes]:
    sent: list[dict[str, Any]] = []

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    body = iter([{"type": "http.request", "body": b""}])

    async def receive() -> dict[str, Any]:
        return next(body, None) or await asyncio.Event().wait()  # type: ignore[return-value]

    scope = {"type": "http", "method": "GET", "path": path, "root_path": "", "query_string": b"", "headers": []}
    await opening(scope, receive, send)
    return sent[0]["status"], b"".join(message.get("body", b"") for message in sent)


async def lived(opening: Opening, inside: Callable[[], Any]) -> list[str]:
    """The messages of the server's life, with `inside` done in the middle."""
    told: list[str] = []
    messages: asyncio.Queue[dict[str, str]] = asyncio.Queue()

    async def send(message: dict[str, str]) -> None:
        told.append(message["type"])

    life = asyncio.create_task(opening({"type": "lifespan"}, messages.get, send))
    await messages.put({"type": "lifespan.startup"})
    await asyncio.sleep(0)
    await inside()
    await messages.put({"type": "lifespan.shutdown"})
    await life
    return told


def test_the_page_is_there_before_what_answers_and_the_rest_waits_for_it() -> None:
    begun: list[str] = []
    loading = threading.Event()

    def make() -> FastAPI:
        loading.wait(10)
        return made(begun)

    opening = Opening(make)

    async def inside() -> None:
        status, page = await got(opening, "/")
        assert status == 200 and "正在打开向导".encode() in page and begun == []
        assert (await got(opening, "/xiangdao/page.js"))[0] == 200
        for missing in ("/xiangdao/none.js", "/assets/none.js", "/static/", "/xiangdao/../web.py"):
            assert (await got(opening, missing))[0] == 404
        waiting = asyncio.create_task(got(opening, "/config"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
        loading.set()
        assert await waiting == (200, b'{"there":true}')

    told = asyncio.run(lived(opening, inside))
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert begun == ["start", "end"] and opening.failed is None


def test_where_it_cannot_be_made_the_server_ends_and_says_why() -> None:
    def make() -> FastAPI:
        raise NotAvailable("资料文件夹打不开。", "换一个文件夹。")

    opening, ended = Opening(make), asyncio.Event()
    opening.end = ended.set
    asyncio.run(lived(opening, ended.wait))
    assert isinstance(opening.failed, NotAvailable)


def test_where_no_file_can_be_opened_it_is_made_as_soon_as_one_can(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[str] = []
    tried: list[int] = []
    monkeypatch.setattr("ui.web_server.AGAIN_S", 0.01)

    def make() -> FastAPI:
        tried.append(1)
        if len(tried) == 1:
            raise OSError(errno.EMFILE, "Too many open files")
        if len(tried) == 2:
            raise ImportError("x.so: cannot open shared object file: Too many open files")
        return made(begun)

    opening = Opening(make)

    async def inside() -> None:
        assert await got(opening, "/config") == (200, b'{"there":true}')

    asyncio.run(lived(opening, inside))
    assert len(tried) == 3 and opening.failed is None


def test_a_page_that_is_closed_while_it_waits_for_files_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.web_server.AGAIN_S", 0.2)
    waits = threading.Event()

    def make() -> FastAPI:
        waits.set()
        raise OSError(errno.EMFILE, "Too many open files")

    async def inside() -> None:
        await asyncio.to_thread(waits.wait, 10)

    opening = Opening(make)
    assert asyncio.run(lived(opening, inside))[-1] == "lifespan.shutdown.complete"
