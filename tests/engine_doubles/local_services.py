"""Services on loopback that speak OpenAI's protocol as Lemonade, Foundry Local, LM Studio and Ollama each do.

Written after their documentation and bug reports (November 2026), not after the programs themselves, which are not run here:
lemonade docs/api/openai.md; microsoft/Foundry-Local issues 299, 383, 399, 423; lmstudio.ai docs (API changelog, structured
output); ollama openai/openai.go.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Body = dict[str, Any]


@dataclass
class LocalService:
    """What one service lists, takes and streams. port is chosen when it serves; requests are kept.

    models: what GET /models gives. thinking: what it thinks before it answers. refuses: names of parameters that it answers
    with 400; formats: kinds of response_format that it takes, where it looks at them; done: whether [DONE] ends its stream.
    """

    name: str
    models: list[Body]
    path: str = "/v1"
    answer: str = "先做评测。"
    thinking: str = ""
    refuses: tuple[str, ...] = ()
    formats: tuple[str, ...] | None = None
    done: bool = True
    whole: bool = False
    url: str = ""
    requests: list[Body] = field(default_factory=list)

    def chunks(self, body: Body) -> Iterator[Body]:
        """The pieces of an answer, as this service names its parts."""
        quiet = body.get("reasoning_effort") == "none" or body.get("chat_template_kwargs") == {"enable_thinking": False}
        thinking = "" if quiet and self.name in {"ollama", "lemonade"} else self.thinking
        half = len(self.answer) // 2
        words = [self.answer[:half], self.answer[half:]]
        if self.name == "foundry":
            for word in words:
                said = {"role": "assistant", "content": word, "tool_calls": []}
                yield {"choices": [{"delta": said, "message": said, "index": 0}], "IsDelta": False, "Successful": True}
        elif self.name == "ollama":
            for thought in filter(None, [thinking]):
                yield _chunk({"role": "assistant", "content": "", "reasoning": thought})
            yield from (_chunk({"role": "assistant", "content": word}) for word in words)
            yield _chunk({"role": "assistant", "content": ""}, "stop")
        elif self.name == "lmstudio":
            inside = [f"<think>{thinking}", "</think>\n\n"] if thinking else []
            yield from (_chunk({"role": "assistant", "content": word}) for word in (*inside, *words))
            yield _chunk({}, "stop")
        else:
            yield _chunk({"role": "assistant", "content": None})
            for thought in filter(None, [thinking]):
                yield _chunk({"reasoning_content": thought})
            yield from (_chunk({"content": word}) for word in words)
            yield _chunk({}, "stop")
            yield {"choices": [], "usage": {"prompt_tokens": 9, "completion_tokens": 4}}

    def refusal(self, body: Body) -> tuple[int, Body] | None:
        """The status and error that a request gets instead of an answer."""
        if body.get("model") not in {row["id"] for row in self.models}:
            return 404, {"error": {"message": f"model '{body.get('model')}' not found", "type": "not_found_error"}}
        for name in self.refuses:
            if name in body:
                return 400, {"error": {"message": f"Unrecognized request argument supplied: {name}"}}
        kind = (body.get("response_format") or {}).get("type")
        if kind and self.formats is not None and kind not in self.formats:
            return 400, {"error": f"'response_format.type' must be {' or '.join(map(repr, self.formats))}"}
        return None


def _chunk(delta: Body, finish: str | None = None) -> Body:
    return {"object": "chat.completion.chunk", "choices": [{"index": 0, "delta": delta, "finish_reason": finish}]}


@contextmanager
def serving(service: LocalService) -> Iterator[LocalService]:
    """The service on a free port of 127.0.0.1, at `service.url`."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            there = self.path == f"{service.path}/models"
            self._json(200 if there else 404, {"object": "list", "data": service.models if there else []})

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            service.requests.append(body)
            if refused := service.refusal(body):
                self._json(*refused)
            elif service.whole:
                self._json(
                    200, {"choices": [{"index": 0, "message": {"content": service.answer}, "finish_reason": "stop"}]}
                )
            else:
                self._stream(body)

        def _json(self, status: int, data: Body) -> None:
            raw = json.dumps(data).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(raw)))
            self.end_headers()
            self.wfile.write(raw)

        def _stream(self, body: Body) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            with suppress(OSError):  # a reader that has its answer leaves
                for data in (*map(json.dumps, service.chunks(body)), *(["[DONE]"] if service.done else [])):
                    raw = f"data: {data}\n\n".encode()
                    self.wfile.write(f"{len(raw):x}\r\n".encode() + raw + b"\r\n")
                self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    service.url = f"http://127.0.0.1:{server.server_address[1]}{service.path}"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield service
    finally:
        server.shutdown()
        server.server_close()


def lemonade(**more: Any) -> LocalService:
    """llama.cpp behind it: thoughts apart, usage in a chunk without choices; labels in the list."""
    models = [
        {"id": "Qwen3-0.6B-GGUF", "recipe": "llamacpp", "labels": ["reasoning"]},
        {"id": "nomic-embed-text-v1-GGUF", "recipe": "llamacpp", "labels": ["embeddings"]},
    ]
    return LocalService("lemonade", models, **more)


def foundry(**more: Any) -> LocalService:
    """Versions before 1.0: no finish_reason, the same piece as `delta` and as `message`, and response_format is not looked at."""
    return LocalService("foundry", [{"id": "qwen2.5-1.5b-instruct-generic-cpu:4", "object": "model"}], **more)


def lm_studio(**more: Any) -> LocalService:
    """Thoughts in the text where its switch for that is off; only json_schema and text as response_format."""
    models = [
        {"id": "qwen3-1.7b", "object": "model"},
        {"id": "text-embedding-nomic-embed-text-v1.5", "object": "model"},
    ]
    return LocalService("lmstudio", models, formats=("json_schema", "text"), **more)


def ollama(**more: Any) -> LocalService:
    """Thoughts as `reasoning`, until reasoning_effort is none; the last piece is empty and names the reason."""
    return LocalService("ollama", [{"id": "qwen3:1.7b", "object": "model", "owned_by": "library"}], **more)
