"""Any OpenAI-compatible endpoint as a LangChain chat model, over httpx.

httpx is in the base set already; langchain-openai would add openai and tiktoken (a tokenizer that loads its tables from the
network) for one POST, and hides the time between two tokens, which the time-outs and the reading speed need.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, PrivateAttr, SkipValidation

from assistant.engine.budget import Reading
from assistant.engine.contract import Endpoint, EngineSettings, Status
from assistant.engine.control import without_marks
from core.errors import EngineFailed

_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
STANDS = "上面的答案不受影响。"
LONGEST_LINE = 1_000_000


class _Request:
    """One answer under way. owner: who may end it."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.ended = self.sent = self.answered = False
        self.socket: socket.socket | None = None

    def end(self) -> None:
        self.ended = True
        if self.socket:
            with suppress(OSError):
                self.socket.shutdown(socket.SHUT_RDWR)


class EndpointChat(BaseChatModel):
    """Streams a chat completion; every failure is EngineFailed.

    turn: entered for each request, so that a server may be started then. failed: told of each failure. quit_: called when the
    reader stops before the first token. silence_s: longest time without any sign of life from the server.
    retries: how often to ask again where nobody listened, or the listener was gone before it answered at all.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    turn: SkipValidation[Callable[[], AbstractContextManager[Endpoint]]]
    settings: SkipValidation[EngineSettings]
    reading: SkipValidation[Reading]
    failed: Callable[[Exception], None] = lambda exc: None
    quit_: Callable[[], None] = lambda: None
    where: str = "模型服务"
    silence_s: float = 0.0
    retries: int = 0
    _requests: list[_Request] = PrivateAttr(default_factory=list)

    def interrupt(self, owner: str = "") -> bool:
        """End answers from another thread: those streamed with `owner=`, all where it is empty. Their readers get EngineFailed.

        Returns whether one that the server works on was among them.
        """
        met = [request for request in list(self._requests) if not owner or request.owner == owner]
        for request in met:
            request.end()
        return any(request.sent for request in met)

    @property
    def _llm_type(self) -> str:
        return "openai-compatible"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        text = "".join(str(chunk.message.content) for chunk in self._stream(messages, stop, run_manager, **kwargs))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(text))])

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        request = _Request(str(kwargs.pop("owner", "")))
        self._requests.append(request)
        try:
            for tries_left in range(self.retries, -1, -1):
                try:
                    with self.turn() as endpoint:
                        for text in self._pieces(request, endpoint, messages, stop, kwargs):
                            if run_manager:
                                run_manager.on_llm_new_token(text)
                            yield ChatGenerationChunk(message=AIMessageChunk(content=text))
                    return
                except EngineFailed as exc:
                    if request.ended:
                        raise EngineFailed("已停止。", STANDS) from exc
                    self.failed(exc)
                    if (
                        not tries_left
                        or request.answered
                        or not isinstance(exc.__cause__, httpx.NetworkError | httpx.ProtocolError)
                    ):
                        raise
        finally:
            self._requests.remove(request)

    def _pieces(
        self,
        request: _Request,
        endpoint: Endpoint,
        messages: Sequence[BaseMessage],
        stop: list[str] | None,
        extra: dict[str, Any],
    ) -> Iterator[str]:
        body = {
            "model": endpoint.model,
            "messages": [
                {"role": _ROLES.get(m.type, "user"), "content": without_marks(str(m.content))} for m in messages
            ],
            "stream": True,
            "max_tokens": self.settings.answer_tokens,
            "temperature": 0.2,
            **({"stop": stop} if stop else {}),
            **extra,
        }
        prompt = flat(messages)
        began, first = time.monotonic(), 0.0
        try:
            for piece in self._lines(request, endpoint, body, began):
                if not first:
                    first = time.monotonic() - began
                    self.reading.saw(prompt, first)
                yield piece
        except GeneratorExit:
            if not first:
                self.quit_()
            raise
        except httpx.TimeoutException as exc:
            raise EngineFailed(f"{self.where}太久没有回应。", STANDS) from exc
        except httpx.ConnectError as exc:
            raise EngineFailed(f"连不上{self.where}。", STANDS) from exc
        except httpx.HTTPError as exc:
            raise EngineFailed(f"{self.where}的连接断了。", STANDS) from exc
        except (httpx.InvalidURL, UnicodeEncodeError) as exc:
            raise EngineFailed(f"{self.where}的地址或密钥写得不对。", "改 remote_url、remote_key 再试。") from exc
        if not first:
            raise EngineFailed(f"{self.where}没有给出内容。", STANDS)

    def _lines(self, request: _Request, endpoint: Endpoint, body: dict[str, Any], began: float) -> Iterator[str]:
        s, request.sent = self.settings, True
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        secure = not endpoint.url.startswith(
            "http://"
        )  # else the list of authorities, 30 ms to read, is never looked at
        timeout = httpx.Timeout(self.silence_s or s.first_token_timeout_s, connect=10.0)
        with (
            httpx.Client(timeout=timeout, trust_env=not _here(endpoint.url), verify=secure) as client,
            client.stream("POST", f"{endpoint.url.rstrip('/')}/chat/completions", json=body, headers=headers) as answer,
        ):
            request.answered = True
            request.socket = answer.extensions["network_stream"].get_extra_info("socket")
            if request.ended:
                raise EngineFailed("已停止。", STANDS)
            if answer.status_code != 200:
                raise EngineFailed(f"{self.where}{_refused(answer.status_code)}。", STANDS)
            seen = began
            for line in _bounded(answer.iter_text()):
                now = time.monotonic()
                allowed = s.first_token_timeout_s if seen == began else s.stall_timeout_s
                if now - seen > allowed or now - began > s.answer_timeout_s:
                    raise EngineFailed(f"{self.where}太久没有写出新内容。", STANDS)
                told, ended = read_line(line, self.where)
                if told:
                    seen = now
                    yield told
                if ended:
                    return
        raise EngineFailed(f"{self.where}的连接断了。", STANDS) from EOFError()


class RemoteEngine:
    """An endpoint that somebody else runs; text leaves this machine, or at least this program."""

    name = "remote"

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings
        self.reading = Reading(speed=1000.0)
        self._last_failure = ""
        endpoint = Endpoint(settings.remote_url, settings.remote_key, settings.remote_model or "default")
        self._chat = EndpointChat(
            turn=lambda: nullcontext(endpoint),
            settings=settings,
            reading=self.reading,
            failed=self._failed,
            where="远程模型",
        )

    @property
    def chat(self) -> BaseChatModel:
        return self._chat

    def _failed(self, exc: Exception) -> None:
        self._last_failure = str(exc)

    def status(self) -> Status:
        """Where text goes, and what went wrong last; asks nothing of the endpoint."""
        host, outside = httpx.URL(self.settings.remote_url).host, not _here(self.settings.remote_url)
        went = f"；上次出错：{self._last_failure}" if self._last_failure else ""
        summary = (
            f"远程模型 {self.settings.remote_model or '（默认）'}，{host}"
            + ("，文字会离开本机" if outside else "")
            + went
        )
        return Status(self.name, not self._last_failure, summary, leaves_machine=outside)

    def warning(self) -> str:
        """Nothing: where it runs is the other side's matter."""
        return ""

    def warm(self) -> None:
        """Nothing: somebody else runs it, and nothing is sent before a question."""

    def interrupt(self, owner: str = "") -> None:
        """Stop the present answers of an owner."""
        self._chat.interrupt(owner)

    def close(self) -> None:
        """Nothing runs here."""


def _here(url: str) -> bool:
    """Whether an address is this machine."""
    return httpx.URL(url).host in {"127.0.0.1", "localhost", "::1"}


def flat(messages: Sequence[BaseMessage]) -> str:
    """A prompt as one text, to compare with the one before it."""
    return "\n".join(f"{m.type}:{m.content}" for m in messages)


def read_line(line: str, where: str = "模型服务") -> tuple[str, bool]:
    """The text in one line of an event stream, and whether it is the last. Raises EngineFailed where it makes no sense."""
    if not line.startswith("data:"):
        if line and not line.startswith((":", "event:", "id:", "retry:")):
            raise EngineFailed(f"{where}返回的内容看不懂。", STANDS)
        return "", False
    data = line[5:].strip()
    if data in {"", "[DONE]"}:
        return "", bool(data)
    try:
        chunk = json.loads(data)
        if chunk.get("error"):
            raise EngineFailed(f"{where}中途报错。", STANDS)
        choice = (chunk.get("choices") or [{}])[0]
        text = (choice.get("delta") or {}).get("content") or ""
        if not isinstance(text, str):
            raise TypeError
        return text, bool(choice.get("finish_reason"))
    except (ValueError, AttributeError, TypeError, KeyError, IndexError, RecursionError) as exc:
        raise EngineFailed(f"{where}返回的内容看不懂。", STANDS) from exc


def _bounded(texts: Iterator[str]) -> Iterator[str]:
    """Lines of a stream; one without an end is EngineFailed instead of filling the memory."""
    rest = ""
    for text in texts:
        *whole, rest = (rest + text).split("\n")
        yield from (line.rstrip("\r") for line in whole)
        if len(rest) > LONGEST_LINE:
            raise EngineFailed("模型服务返回的内容看不懂。", STANDS)
    yield rest.rstrip("\r")


def _refused(status: int) -> str:
    if status in {401, 403}:
        return "不认这个密钥（检查 remote_key）"
    if status == 404:
        return "没有这个地址或模型（检查 remote_url 和 remote_model）"
    if status == 429:
        return "说请求太多，稍后再试"
    if status in {400, 413, 422}:
        return f"不接受这个请求（{status}），可能是内容太长"
    return f"出错了（{status}）"
