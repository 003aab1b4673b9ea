"""A small GGUF file, and a server on loopback that gives it out well or badly."""

from __future__ import annotations

import hashlib
import struct
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from assistant.engine.catalogue import Model, ModelFile


def gguf_bytes(
    values: int = 40_000, architecture: str = "qwen3", chat_template: str = "{{ messages }}", **numbers: int
) -> bytes:
    """A whole GGUF file (version 3) with one tensor of that many 32-bit values. Layout: ggml docs/gguf.md.

    numbers: further fields of the architecture.
    """
    head = b"".join(
        [
            b"GGUF",
            struct.pack("<IQQ", 3, 1, 6 + len(numbers)),
            _text_field("general.architecture", architecture),
            _number_field(f"{architecture}.context_length", 4096),
            _number_field(f"{architecture}.block_count", 2),
            _number_field(f"{architecture}.attention.head_count_kv", 8),
            _number_field(f"{architecture}.attention.key_length", 128),
            *(_number_field(f"{architecture}.{name}", number) for name, number in numbers.items()),
            _text_field("tokenizer.chat_template", chat_template),
            _string("blk.0.weight"),
            struct.pack("<IQIQ", 1, values, 0, 0),
        ]
    )
    data = (b"%08d" * (values // 2 + 1) % tuple(range(values // 2 + 1)))[: values * 4]
    return head + bytes(-len(head) % 32) + data


def _string(text: str) -> bytes:
    return struct.pack("<Q", len(text)) + text.encode()


def _text_field(name: str, value: str) -> bytes:
    return _string(name) + struct.pack("<I", 8) + _string(value)


def _number_field(name: str, value: int) -> bytes:
    return _string(name) + struct.pack("<II", 4, value)


def model_of(files: dict[str, bytes], known_hash: bool = True, **fields: Any) -> Model:
    """A catalogue entry that describes these files."""
    described = tuple(
        ModelFile(path=path, bytes=len(data), sha256=hashlib.sha256(data).hexdigest() if known_hash else None)
        for path, data in files.items()
    )
    given = {"name": "tiny", "title": "小", "role": "chat", "format": "gguf", "licence": "MIT", "working_bytes": 0}
    return Model(files=described, **{**given, **fields})


@dataclass
class Mirror:
    """What the server has and how it behaves.

    breaks: after how many bytes of a body the connection is cut, one number for each of the next answers that have a body;
    statuses: what the next requests are answered with instead; quirk: `ignores_range`, `says_200` or `no_length`;
    headers: given with each file.
    """

    files: dict[str, bytes]
    breaks: list[int] = field(default_factory=list)
    statuses: list[int] = field(default_factory=list)
    quirk: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = '"one"'
    ranges: list[str | None] = field(default_factory=list)
    sent: int = 0
    url: str = ""
    on_request: Callable[[], None] = lambda: None

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        asked = request.headers.get("Range")
        self.ranges.append(asked)
        self.on_request()
        status = self.statuses.pop(0) if self.statuses else 200
        data = self.files.get(request.path.lstrip("/"))
        if status != 200 or data is None:
            request.send_response(404 if data is None else status)
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        start = self._start(request, asked)
        if start >= len(data) and start:
            request.send_response(416)
            request.send_header("Content-Range", f"bytes */{len(data)}")
            request.send_header("Content-Length", "0")
            request.end_headers()
            return
        self._send(request, data, start, partial=asked is not None and start > 0)

    def _start(self, request: BaseHTTPRequestHandler, asked: str | None) -> int:
        newer = request.headers.get("If-Range", self.etag) != self.etag
        if asked is None or newer or self.quirk == "ignores_range":
            return 0
        return int(asked.removeprefix("bytes=").rstrip("-"))

    def _send(self, request: BaseHTTPRequestHandler, data: bytes, start: int, partial: bool) -> None:
        body = data[start:]
        request.send_response(206 if partial and self.quirk != "says_200" else 200)
        request.send_header("ETag", self.etag)
        for name, value in self.headers.items():
            request.send_header(name, value)
        if partial:
            request.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        if self.quirk != "no_length":
            request.send_header("Content-Length", str(len(body)))
        request.end_headers()
        cut = self.breaks.pop(0) if self.breaks else len(body)
        request.wfile.write(body[:cut])
        self.sent += min(cut, len(body))
        request.close_connection = True


@contextmanager
def serving(mirror: Mirror) -> Iterator[Mirror]:
    """The mirror on a free port of 127.0.0.1, at `mirror.url`."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            mirror.answer(self)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    mirror.url = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield mirror
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)
