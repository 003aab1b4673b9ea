"""Runs in a process of its own: llama-cpp-python's OpenAI-compatible server for one model, on a free loopback port.

Started as a file by `python -I`. Reads one line of JSON from standard input, answers with one line on standard output ({"port": …} or
{"error": …}), and ends when standard input is closed: also when the parent was killed.
"""

from __future__ import annotations

import ctypes
import json
import os
import socket
import sys
import threading
import time
from collections.abc import Callable
from typing import Any

from assistant.engine.llama_answers import ended_by_failures, handler_of, in_gulps, on_one_thread, with_usage
from assistant.engine.read_prompts import watch_reading

LEAST_STEP, MOST_STEP = 64, 512
"""Tokens read between two looks at whether the reader has gone; chosen so that a step takes about STEP_S."""
STEP_S = 0.5


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
    sleep_while_waiting()
    options = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=end_with_parent, daemon=True).start()
    try:
        port, facts = listen(options)
    except Exception as exc:
        print(json.dumps({"error": f"{type(exc).__name__}: {exc}"}), file=answer, flush=True)
        os._exit(3)
    print(json.dumps({"port": port, **facts}), file=answer, flush=True)


def sleep_while_waiting() -> None:
    """Have OpenMP's threads sleep while they wait for each other; called before llama.cpp is loaded.

    By default they spin. Where other programs want the processor too, that takes the very time that the one waited for needs:
    on two cores shared with five programs, SmolLM2-135M wrote 2-9 tokens a second spinning and 32-58 sleeping.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "passive")


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
    answered = with_usage(handler_of(llama), watch_reading(llama))
    llama.chat_handler = ended_by_failures(on_one_thread(in_gulps(answered)))
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
