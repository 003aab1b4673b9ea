"""A streamed answer between llama-cpp-python and its server: where it is computed, in what pieces it is sent, how it ends.

Each step is a chat handler around a chat handler, llama-cpp-python's own seam: its server streams past whatever else is put in
the place of the model's methods.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from assistant.engine.read_prompts import ReadPrompts

GULP_S = 0.4
"""The words of so long are sent together: each sending costs the processor what it needs for the next word."""
Chunk = dict[str, Any]
Handler = Callable[..., Any]
"""A whole answer as a dictionary, or an iterator of chunks where it is streamed."""


def handler_of(llama: Any) -> Handler:
    """What a model answers with now."""
    from llama_cpp.llama_chat_format import get_chat_completion_handler

    own: Handler | None = llama.chat_handler or llama._chat_handlers.get(llama.chat_format)
    return own or get_chat_completion_handler(llama.chat_format)


def streamed_by(handler: Handler, pieces: Callable[[Iterator[Chunk]], Iterator[Chunk]]) -> Handler:
    """A handler whose streamed answers go through a function."""

    def answered(*args: Any, **options: Any) -> Any:
        answer = handler(*args, **options)
        return answer if isinstance(answer, dict) else pieces(answer)

    return answered


def with_usage(handler: Handler, prompts: ReadPrompts) -> Handler:
    """The last piece says how much of the prompt was read, and how much stood there already."""

    def pieces(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        for chunk in chunks:
            ended = chunk["choices"][0].get("finish_reason")
            yield {**chunk, "usage": prompts.usage} if ended else chunk

    return streamed_by(handler, pieces)


def in_gulps(handler: Handler) -> Handler:
    """Larger pieces than single words."""
    return streamed_by(handler, gulps)


def on_one_thread(handler: Handler) -> Handler:
    """One thread does all computing. The server takes any of its own for each piece; OpenMP would then keep a team of threads
    for every one of them, more than there are cores, and would let all of them sleep between two operations.
    """
    pool = ThreadPoolExecutor(1, thread_name_prefix="compute")

    def answered(*args: Any, **options: Any) -> Any:
        answer = pool.submit(handler, *args, **options).result()
        return answer if isinstance(answer, dict) else pieces(answer)

    def pieces(chunks: Any) -> Iterator[Chunk]:
        try:
            while chunk := pool.submit(next, chunks, None).result():
                yield chunk
        finally:
            pool.submit(chunks.close)

    return answered


def ended_by_failures(handler: Handler) -> Handler:
    """An answer that fails ends with the reason: the server itself would break the connection, as a crash does."""

    def pieces(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
        try:
            yield from chunks
        except Exception as exc:
            print(f"{type(exc).__name__}: {exc}", file=sys.stderr, flush=True)
            code = "context_length_exceeded" if "exceed context window" in str(exc) else "failed"
            yield {"error": {"message": str(exc), "code": code}}

    return streamed_by(handler, pieces)


def gulps(chunks: Iterator[Chunk]) -> Iterator[Chunk]:
    """The chunks of a streamed answer, the first words at once, later ones gathered over GULP_S."""
    held: Chunk | None = None
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
