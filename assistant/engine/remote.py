"""Any OpenAI-compatible endpoint as a LangChain chat model, over httpx.

httpx is in the base set already; langchain-openai would add openai and tiktoken (a tokenizer that loads its tables from the
network) for one POST, and hides the time between two tokens, which the time-outs and the reading speed need.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence, Set
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from typing import Any

import httpx
from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from pydantic import ConfigDict, Field, PrivateAttr, SkipValidation

from assistant.engine.budget import Reading
from assistant.engine.contract import Endpoint, EngineSettings, Status
from assistant.engine.control import without_marks
from assistant.engine.served import chat_models, elsewhere, in_words
from assistant.engine.speech import Speech, ThoughtAloud
from assistant.engine.stream import STANDS, NothingSaid, Told, bounded, read_line, read_whole, refused, told_too_long
from core.errors import EngineFailed

_ROLES = {"system": "system", "human": "user", "ai": "assistant"}
LONGEST_REFUSAL = 4000
"""Most that is read of why an endpoint refuses."""
QUIET: dict[str, Any] = {"chat_template_kwargs": {"enable_thinking": False}, "reasoning_effort": "none"}
"""How thinking is switched off: the first is llama.cpp's (Lemonade) and vLLM's, the second Ollama's. What an endpoint
refuses is left out from then on."""


class _Request:
    """One answer under way. owner: who may end it."""

    def __init__(self, owner: str) -> None:
        self.owner = owner
        self.ended = self.sent = self.answered = False
        self.socket: socket.socket | None = None

    def traced(self, event: str, info: dict[str, Any]) -> None:
        """Take the connection as soon as it stands: a server that answers only with its first word can then be left before."""
        if event == "connection.connect_tcp.complete":
            self.socket = info["return_value"].get_extra_info("socket")
            if self.ended:
                self.end()

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
    switches: asked for with each request, as far as the endpoint takes them. offered: the models to name where one is missing.
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
    switches: SkipValidation[Mapping[str, Any]] = Field(default_factory=dict)
    offered: Callable[[], tuple[str, ...]] = tuple
    _requests: list[_Request] = PrivateAttr(default_factory=list)
    _refused: set[str] = PrivateAttr(default_factory=set)
    _thinks_first: bool = PrivateAttr(default=False)
    _taken: bool = PrivateAttr(default=False)

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
            **self.switches,
            **extra,
        }
        prompt = flat(messages)
        began, first, said = time.monotonic(), 0.0, False
        speech = Speech(self._thinks_first)
        try:
            with closing(self._lines(request, endpoint, body, began)) as told:
                for piece in told:
                    if not first:
                        first = time.monotonic() - began
                        self.reading.saw(prompt, first)
                    speech.thought = speech.thought or piece.thought
                    if shown := "" if piece.thought else speech.heard(piece.text):
                        said = True
                        yield shown
                    if speech.ended:
                        break
            if shown := speech.rest():
                said = True
                yield shown
        except GeneratorExit:
            if not first:
                self.quit_()
            raise
        except ThoughtAloud:
            self._thinks_first = True
            raise EngineFailed(
                f"{self.where}把思考过程写进了答案，这次不用它。", f"{STANDS}下一问起会把它藏好。"
            ) from None
        except httpx.TimeoutException as exc:
            raise EngineFailed(f"{self.where}太久没有回应。", STANDS) from exc
        except httpx.ConnectError as exc:
            raise EngineFailed(f"连不上{self.where}。", STANDS) from exc
        except httpx.HTTPError as exc:
            raise EngineFailed(f"{self.where}的连接断了。", STANDS) from exc
        except (httpx.InvalidURL, UnicodeEncodeError) as exc:
            raise EngineFailed(f"{self.where}的地址或密钥写得不对。", "改 remote_url、remote_key 再试。") from exc
        self._thinks_first = self._thinks_first and speech.thought
        if not said:
            raise self._silent(speech)

    def _silent(self, speech: Speech) -> NothingSaid:
        """Why nothing of an answer may be shown."""
        if speech.thought:
            return NothingSaid(
                f"{self.where}只写了思考过程，没有写到答案。",
                f"{STANDS}在模型服务里关掉“思考”，或换一个不带思考的模型。",
            )
        if speech.marks:
            return NothingSaid(
                f"{self.where}只写了控制符号，多半没有对话模板，是没有调过的基础模型。",
                f"{STANDS}换一个对话模型（名字里常带 instruct、chat 或 it）。",
            )
        return NothingSaid(f"{self.where}没有给出内容。", STANDS)

    def _lines(
        self, request: _Request, endpoint: Endpoint, body: dict[str, Any], began: float
    ) -> Generator[Told, None, None]:
        """What comes of one request; asked again without the switches that the endpoint refuses."""
        while True:
            try:
                yield from self._streamed(request, endpoint, _without(body, self._refused), began)
                return
            except _SwitchRefused as exc:
                self._refused |= exc.names

    def _streamed(
        self, request: _Request, endpoint: Endpoint, body: dict[str, Any], began: float
    ) -> Generator[Told, None, None]:
        s, request.sent = self.settings, True
        headers = {"Authorization": f"Bearer {endpoint.key}"} if endpoint.key else {}
        secure = not endpoint.url.startswith(
            "http://"
        )  # else the list of authorities, 30 ms to read, is never looked at
        timeout = httpx.Timeout(self.silence_s or s.first_token_timeout_s, connect=10.0)
        with (
            httpx.Client(timeout=timeout, trust_env=not _here(endpoint.url), verify=secure) as client,
            client.stream(
                "POST",
                f"{endpoint.url.rstrip('/')}/chat/completions",
                json=body,
                headers=headers,
                extensions={"trace": request.traced},
            ) as answer,
        ):
            request.answered = True
            request.socket = answer.extensions["network_stream"].get_extra_info("socket")
            if request.ended:
                raise EngineFailed("已停止。", STANDS)
            if answer.status_code != 200:
                raise self._turned_away(answer, self.switches.keys() & body.keys())
            self._taken = True
            if answer.headers.get("content-type", "").startswith("application/json"):
                yield read_whole("".join(bounded(answer.iter_text())), self.where)
                return
            seen, wrote = began, False
            for line in bounded(answer.iter_text()):
                now = time.monotonic()
                allowed = s.first_token_timeout_s if seen == began else s.stall_timeout_s
                if now - seen > allowed:
                    raise EngineFailed(f"{self.where}太久没有写出新内容。", STANDS)
                if now - began > s.answer_timeout_s:
                    slow = "换小一些的模型，或调大 answer_timeout_s。"
                    raise EngineFailed(
                        f"{self.where}写得太慢，{s.answer_timeout_s:.0f} 秒还没写完。", f"{STANDS}{slow}"
                    )
                told = read_line(line, self.where)
                if told.text:
                    seen, wrote = seen if told.thought else now, wrote or not told.thought
                    yield told
                if told.ended:
                    return
            if wrote and answer.headers.get("transfer-encoding", "") == "chunked":
                return  # the body came to its own end: Foundry Local before 1.0 names no reason, and may send no [DONE]
        raise EngineFailed(f"{self.where}的连接断了。", STANDS) from EOFError()

    def _turned_away(self, answer: httpx.Response, switches: Set[str]) -> Exception:
        """Why an endpoint refuses a request; _SwitchRefused where it names a switch, or took none so far and does not say why."""
        said = ""
        with suppress(httpx.HTTPError):
            said = next(answer.iter_text(LONGEST_REFUSAL), "")
        with suppress(ValueError):
            if too_long := told_too_long(json.loads(said), self.where):
                return too_long
        if answer.status_code in {400, 422} and switches:
            named = {name for name in switches if name in said}
            if named or not self._taken:
                return _SwitchRefused(named or set(switches))
        there = self.offered() if answer.status_code == 404 else ()
        hint = f"这个服务里有：{in_words(there)}；把 remote_model 设成其中一个。" if there else ""
        return EngineFailed(f"{self.where}{refused(answer.status_code)}。", f"{STANDS}{hint}")


class _SwitchRefused(Exception):
    """An endpoint does not take these switches."""

    def __init__(self, names: set[str]) -> None:
        super().__init__(", ".join(sorted(names)))
        self.names = names


def _without(body: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {key: value for key, value in body.items() if key not in names}


class RemoteEngine:
    """An endpoint that somebody else runs; text leaves this machine, or at least this program."""

    name = "remote"

    def __init__(self, settings: EngineSettings) -> None:
        self.settings = settings
        self.reading = Reading(speed=1000.0)
        self._last_failure = ""
        self._model = settings.remote_model
        self._chat = EndpointChat(
            turn=self._turn,
            settings=settings,
            reading=self.reading,
            failed=self._failed,
            where="远程模型",
            switches=QUIET,
            offered=self._offered,
        )

    @property
    def chat(self) -> BaseChatModel:
        return self._chat

    @contextmanager
    def _turn(self) -> Iterator[Endpoint]:
        """The endpoint, with the only model that it offers where none is named. Raises EngineFailed where it offers several."""
        if not self._model:
            there = self._offered()
            if len(there) > 1:
                raise EngineFailed(
                    "远程模型服务里不止一个模型，没有说用哪个。", f"把 remote_model 设成其中一个：{in_words(there)}。"
                )
            self._model = there[0] if there else "default"
        yield Endpoint(self.settings.remote_url, self.settings.remote_key, self._model)

    def _offered(self) -> tuple[str, ...]:
        """The models that the endpoint offers."""
        return chat_models(self.settings.remote_url, self.settings.remote_key, _here(self.settings.remote_url))

    def _failed(self, exc: Exception) -> None:
        self._last_failure = str(exc)

    def status(self) -> Status:
        """Where text goes, and what went wrong last; asks nothing of the endpoint."""
        host = httpx.URL(self.settings.remote_url).host
        outside = not _here(self.settings.remote_url) or elsewhere(self._model)
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
