"""Runs in a process of its own: llama-cpp-python's OpenAI-compatible server for one model, on a free loopback port.

Started as a file by `python -I`, so it imports nothing of this project. Reads one line of JSON from standard input, answers with one
line on standard output ({"port": …} or {"error": …}), and ends when standard input is closed: also when the parent was killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable, Generator, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

LEAST_STEP, MOST_STEP = 64, 512
"""Tokens read between two looks at whether the reader has gone; chosen so that a step takes about STEP_S."""
STEP_S = 0.5
GULP_S = 0.4
"""The words of so long are sent together: each sending costs the processor what it needs for the next word."""


Served = tuple[Any, dict[str, Any]]


def main(serve: Callable[[dict[str, Any]], Served]) -> None:
    """Load the model, tell the port, serve until the parent is gone. serve: the options to the application and its facts."""
    listeners: list[tuple[Any, socket.socket]] = []

    def listen(options: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        app, facts = serve(options)
        listeners.append((app, socket.create_server(("127.0.0.1", 0))))
        return listeners[0][1].getsockname()[1], facts

    tell_port(listen)
    import uvicorn

    [(app, listener)] = listeners
    uvicorn.Server(uvicorn.Config(app, log_level="warning", access_log=False)).run(sockets=[listener])


def tell_port(listen: Callable[[dict[str, Any]], tuple[int, dict[str, Any]]]) -> None:
    """Read the options, tell the parent the port or what went wrong, and end with it. listen: the options to the port and the facts."""
    answer = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    options = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        port, facts = listen(options)
    except Exception as exc:
        print(json.dumps({"error": f"{type(exc).__name__}: {exc}"}), file=answer, flush=True)
        os._exit(3)
    print(json.dumps({"port": port, **facts}), file=answer, flush=True)


def end_with_parent() -> None:
    """Wait for the end of standard input, which comes when the parent closes it or is gone."""
    while os.read(0, 4096):
        pass
    os._exit(0)


def serve(options: dict[str, Any]) -> Served:
    """The server's application, and what is known of the model. options: `key`, and ModelSettings' own fields."""
    import llama_cpp
    from llama_cpp.server import app as server
    from llama_cpp.server.settings import ModelSettings, ServerSettings

    key = options.pop("key")
    settings = ModelSettings(
        **options, logits_all=False, use_mlock=False, chat_template_kwargs={"enable_thinking": False}
    )
    app = server.create_app(
        server_settings=ServerSettings(api_key=key, interrupt_requests=False), model_settings=[settings]
    )
    llama = server._llama_proxy()
    template = "tokenizer.chat_template" in llama.metadata
    if not template:
        llama.chat_handler, llama.chat_format = None, "chatml"
    stops = Stops()
    if settings.n_gpu_layers:
        read_in_steps(llama, stops)
    else:
        read_watched(llama, stops)
    send_in_gulps(llama)
    compute_on_one_thread(llama)
    facts = {
        "template": template,
        "context_tokens": llama.n_ctx(),
        "name": llama.metadata.get("general.name", ""),
        "gpu": bool(llama_cpp.llama_supports_gpu_offload()),
        "build": llama_cpp.llama_print_system_info().decode("utf-8", "replace").strip(),
        "version": llama_cpp.__version__,
    }
    return with_stop(app, stops, f"Bearer {key}".encode()), facts


class Stops(list[None]):
    """Grows by one with every stop; native code sees its flag: a text that is empty until then."""

    def __init__(self) -> None:
        super().__init__()
        self.flag = ctypes.create_string_buffer(2)

    def append(self, stop: None) -> None:
        super().append(stop)
        self.flag[0] = b"1"


def read_watched(llama: Any, stops: Stops) -> None:
    """Let the reading of a prompt be given up at once, by llama.cpp's own abort callback; only processors look at it.

    The callback gets a pointer and returns whether to stop, before every operation: C's strlen, of a text that is empty
    until the stop, does that without a step into Python.
    """
    import llama_cpp

    library = ctypes.CDLL("msvcrt" if sys.platform == "win32" else None)
    stopped = ctypes.cast(library.strlen, llama_cpp.ggml_abort_callback)
    llama_cpp.llama_set_abort_callback(llama._ctx.ctx, stopped, ctypes.cast(stops.flag, ctypes.c_void_p))
    read = llama.eval

    def watched(tokens: Any) -> None:
        stops.flag[0] = b"\0"
        read(tokens)

    llama.eval = watched


def send_in_gulps(llama: Any) -> None:
    """Let the server send a streamed answer in larger pieces than single words."""
    create = llama.create_chat_completion

    def created(*args: Any, **options: Any) -> Any:
        answer = create(*args, **options)
        return answer if isinstance(answer, dict) else gulps(answer)

    llama.create_chat_completion = created


def compute_on_one_thread(llama: Any) -> None:
    """Have one thread do all computing. The server takes any of its own for each piece; OpenMP would then keep a team of threads
    for every one of them, more than there are cores, and would let all of them sleep between two operations.
    """
    create, pool = llama.create_chat_completion, ThreadPoolExecutor(1, thread_name_prefix="compute")

    def created(*args: Any, **options: Any) -> Any:
        answer = pool.submit(create, *args, **options).result()
        return answer if isinstance(answer, dict) else pieces(answer)

    def pieces(chunks: Generator[dict[str, Any], None, None]) -> Iterator[dict[str, Any]]:
        try:
            while chunk := pool.submit(next, chunks, None).result():
                yield chunk
        finally:
            pool.submit(chunks.close)

    llama.create_chat_completion = created


def gulps(chunks: Iterator[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The chunks of a streamed answer, the first words at once, later ones gathered over GULP_S."""
    held: dict[str, Any] | None = None
    sent = 0.0
    for chunk in chunks:
        choice = chunk["choices"][0]
        text = choice["delta"].get("content")
        if text and held:
            held["choices"][0]["delta"]["content"] += text
        elif text:
            held = chunk
        if held and (choice.get("finish_reason") or time.monotonic() - sent >= GULP_S):
            yield held
            held, sent = None, time.monotonic()
        if not text:
            if held:
                yield held
                held = None
            yield chunk
    if held:
        yield held


def read_in_steps(llama: Any, stops: list[None]) -> None:
    """Let a long prompt be given up between two steps: the server itself looks only between two tokens of the answer.

    stops: grows by one with every stop; the prompt that is being read then is given up, the next one is not.
    """
    read = llama.eval

    def in_steps(tokens: Any) -> None:
        before, at, step = len(stops), 0, LEAST_STEP
        while at < len(tokens):
            if len(stops) > before:
                raise RuntimeError("the reader has gone")
            began = time.perf_counter()
            read(tokens[at : at + step])
            at += step
            fits = int(STEP_S * step / (time.perf_counter() - began + 1e-6)) // LEAST_STEP * LEAST_STEP
            step = min(max(fits, LEAST_STEP), MOST_STEP)

    llama.eval = in_steps


def with_stop(app: Any, stops: list[None], key: bytes) -> Any:
    """The application with POST /stop, which ends the reading of the present prompt."""

    async def wrapped(scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "") if scope["type"] == "http" else ""
        if path == "/stop" and dict(scope["headers"]).get(b"authorization") == key:
            stops.append(None)
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body", "body": b""})
            return
        await app(scope, receive, send)

    return wrapped


if __name__ == "__main__":
    main(serve)
