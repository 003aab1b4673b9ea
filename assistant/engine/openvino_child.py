"""Runs in a process of its own: OpenVINO GenAI over one model, behind the part of OpenAI's protocol that our client speaks.

Started as a file by `python -I`; the frame (one line of JSON in, one out, the end with the parent) is that of child.py.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

from assistant.engine.child import main
from assistant.engine.llama_answers import GULP_S
from assistant.engine.openvino_model import Model, TooLong, opened, prepared, wanted_devices

PING_S = 5.0
Piece = str | dict[str, Any] | Exception | None
"""Text, the usage at the end, what went wrong, or a sign of life."""


def serve(options: dict[str, Any]) -> tuple[Any, dict[str, Any]]:
    """The server's application, and what is known of the model. options: see OpenVinoEngine._options."""
    import openvino
    import openvino_genai

    core = openvino.Core()
    devices = wanted_devices(options["device"], core.available_devices)
    source, converted = prepared(Path(options["model"]), options["converted"])
    model, failures = opened(source, devices, options)
    facts = {
        "device": model.device,
        "device_name": str(core.get_property(model.device, "FULL_DEVICE_NAME")).strip(),
        "devices": list(core.available_devices),
        "failures": failures,
        "template": model.template,
        "context_tokens": model.context,
        "converted": converted,
        "version": openvino_genai.__version__,
    }
    return application(model, options["key"]), facts


def application(model: Model, key: str) -> Any:
    """POST /v1/chat/completions (streamed or whole) and POST /stop, for whoever knows the key."""
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import JSONResponse, Response, StreamingResponse
    from starlette.routing import Route

    stops: list[None] = []

    def allowed(request: Request) -> bool:
        return secrets.compare_digest(request.headers.get("authorization", "").encode(), f"Bearer {key}".encode())

    async def stop(request: Request) -> Response:
        if not allowed(request):
            return Response(status_code=401)
        stops.append(None)
        return Response(status_code=204)

    async def complete(request: Request) -> Response:
        if not allowed(request):
            return Response(status_code=401)
        try:
            body = json.loads(await request.body())
            tokens = model.tokens([{"role": str(m["role"]), "content": str(m["content"])} for m in body["messages"]])
        except TooLong as exc:
            said = {"message": f"{exc} tokens do not fit into the context", "code": "context_length_exceeded"}
            return JSONResponse({"error": said}, 400)
        except (ValueError, KeyError, TypeError, RuntimeError) as exc:
            return JSONResponse({"error": {"message": f"not a chat request: {exc}"}}, 400)
        pieces = streamed(model, tokens, body, stops)
        if body.get("stream"):
            return StreamingResponse(events(pieces), media_type="text/event-stream")
        told = [piece async for piece in pieces]
        if isinstance(told[-1], Exception):
            return JSONResponse({"error": {"message": str(told[-1])}}, 500)
        message = {"role": "assistant", "content": "".join(piece for piece in told if isinstance(piece, str))}
        return JSONResponse({"choices": [{"index": 0, "message": message, "finish_reason": "stop"}], "usage": told[-1]})

    return Starlette(
        routes=[Route("/v1/chat/completions", complete, methods=["POST"]), Route("/stop", stop, methods=["POST"])]
    )


async def events(pieces: AsyncIterator[Piece]) -> AsyncIterator[str]:
    """An answer as server-sent events."""

    def event(data: dict[str, Any]) -> str:
        return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"

    async for piece in pieces:
        if piece is None:
            yield ": still reading\n\n"
        elif isinstance(piece, str):
            yield event({"choices": [{"index": 0, "delta": {"content": piece}, "finish_reason": None}]})
        elif isinstance(piece, dict):
            yield event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": piece})
            yield "data: [DONE]\n\n"
        else:
            yield event({"error": {"message": str(piece)}})


async def streamed(model: Model, tokens: list[int], body: dict[str, Any], stops: list[None]) -> AsyncIterator[Piece]:
    """One answer's pieces. A reader that goes away ends it, and so does a stop."""
    loop, queue = asyncio.get_running_loop(), asyncio.Queue[Piece]()
    before, gone = len(stops), threading.Event()

    def put(piece: Piece) -> None:
        loop.call_soon_threadsafe(queue.put_nowait, piece)

    def work() -> None:
        gulps = Gulps(put)
        try:
            usage = model.answer(tokens, body, gulps.say, lambda: gone.is_set() or len(stops) > before)
            gulps.send()
            put(usage)
        except Exception as exc:
            put(exc)

    threading.Thread(target=work, daemon=True).start()
    try:
        while True:
            try:
                piece = await asyncio.wait_for(queue.get(), PING_S)
            except asyncio.TimeoutError:
                piece = None
            yield piece
            if isinstance(piece, dict | Exception):
                return
    finally:
        gone.set()


class Gulps:
    """Text on its way to the reader: the first piece at once, those of GULP_S together after it."""

    def __init__(self, put: Callable[[Piece], None]) -> None:
        self._put, self._held, self._sent = put, "", -GULP_S

    def say(self, text: str) -> None:
        self._held += text
        if time.monotonic() - self._sent >= GULP_S:
            self.send()

    def send(self) -> None:
        """Send what is held, if anything is."""
        if self._held:
            self._put(self._held)
        self._held, self._sent = "", time.monotonic()


if __name__ == "__main__":
    main(serve)
