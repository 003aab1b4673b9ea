"""An OpenAI-compatible endpoint on loopback that follows a script."""

from __future__ import annotations

import json
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Step = str | bytes | float | int | None
"""A piece of text, raw bytes, seconds to wait, an HTTP status to answer with (first only), or None: break the connection."""


class ScriptedEndpoint:
    """Answers each request with the next script, the last one for ever; keeps the requests. Use as a context manager."""

    def __init__(self, *scripts: list[Step]) -> None:
        self.scripts = list(scripts) or [["好的。"]]
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left_early = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/v1"

    def __enter__(self) -> ScriptedEndpoint:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        double = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"{}")
                double.requests.append(body)
                double.headers.append(dict(self.headers))
                script = double.scripts.pop(0) if len(double.scripts) > 1 else double.scripts[0]
                try:
                    self._follow(list(script))
                except (BrokenPipeError, ConnectionResetError):
                    double.left_early.set()

            def _follow(self, script: list[Step]) -> None:
                status = script.pop(0) if script and isinstance(script[0], int) else 200
                self.send_response(int(status))  # type: ignore[arg-type]
                self.send_header("Content-Type", "text/event-stream")
                self.end_headers()
                for step in script:
                    if step is None:
                        self.connection.close()
                        return
                    if isinstance(step, int | float):
                        time.sleep(step)
                        continue
                    self.wfile.write(step if isinstance(step, bytes) else event(step))
                    self.wfile.flush()
                if status == 200:
                    self.wfile.write(b"data: [DONE]\n\n")

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def event(text: str) -> bytes:
    """One piece of an answer as it goes over the wire."""
    return b"data: " + json.dumps({"choices": [{"index": 0, "delta": {"content": text}}]}).encode() + b"\n\n"
