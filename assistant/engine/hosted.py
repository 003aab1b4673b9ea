"""An engine whose model runs in a child process: started on first use, kept warm, started again when it dies."""

from __future__ import annotations

import secrets
import socket
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage, SystemMessage

from assistant.engine.budget import Reading
from assistant.engine.contract import Endpoint, EngineSettings, Status
from assistant.engine.process import Child
from assistant.engine.remote import EndpointChat
from assistant.engine.stream import STANDS, NothingSaid
from core.errors import EngineFailed, XiangdaoError
from prompts import load

PAUSES_S = (0.0, 3.0, 15.0)
"""How long after the first, second and third crash the model is started again; after one more it is given up."""
DYING_S = 2.0
"""How long a process whose connection broke may take to be gone (a core dump)."""
FORGET_CRASHES_S = 900.0
WAIT_FOR_TURN_S = 30.0
CLOSING_S = 5.0
"""How long closing waits for a start that is under way to notice."""
SILENCE_S = 25.0
"""The server sends a sign of life every 15 s, also while it reads."""


class HostedEngine(ABC):
    """Speaks to one child; one answer at a time. What is served, and by what, the heirs say."""

    name: str
    title: str
    """What the user calls it."""
    chat_type: type[EndpointChat] = EndpointChat
    patience: float = 1.0
    """Loading may take this many times the setting."""

    def __init__(self, settings: EngineSettings, command: tuple[str, ...]) -> None:
        """command: the child, which keeps the protocol of assistant/engine/child.py."""
        self.settings = settings
        self.reading = Reading()
        self._command = command
        self._child: Child | None = None
        self._starting: Child | None = None
        self._facts: dict[str, object] = {}
        self._endpoint: Endpoint | None = None
        self._turn_lock, self._start_lock = threading.Lock(), threading.Lock()
        self._crashes: list[float] = []
        self._not_before = self._last_used = 0.0
        self._reason = ""
        self._given_up = self._warned = False
        self._closed = threading.Event()
        self._chat = self.chat_type(
            turn=self._turn, settings=settings, reading=self.reading, failed=self._failed, quit_=self._stop_reading,
            where=self.title, silence_s=SILENCE_S, retries=1,
        )  # fmt: skip

    @property
    def chat(self) -> BaseChatModel:
        return self._chat

    @contextmanager
    def _turn(self) -> Iterator[Endpoint]:
        """One request's use of the child, which is started where it does not run."""
        if not self._turn_lock.acquire(timeout=WAIT_FOR_TURN_S):
            raise EngineFailed("模型正在回答别的问题。", STANDS)
        try:
            yield self.started()
        finally:
            self._last_used = time.monotonic()
            self._turn_lock.release()

    def started(self) -> Endpoint:
        """The endpoint of a running child. Raises EngineFailed, with the reason, where there is none to be had now."""
        with self._start_lock:
            if self._child and self._endpoint and self._child.alive and listens(self._endpoint):
                return self._endpoint
            if self._closed.is_set() or self._given_up:
                raise EngineFailed(
                    self._reason or "模型已经关掉。", "换模型或重新启动后再试。", command="详情：xiangdao doctor"
                )
            if child := self._child:
                child.ends_within(DYING_S)
                child.kill()
                self._crashed(child.ended_how())
            if (wait := self._not_before - time.monotonic()) > 0:
                raise EngineFailed(f"模型刚出过错（{self._reason}），{wait:.0f} 秒后重新启动。", STANDS)
            return self._start()

    @abstractmethod
    def _options(self) -> dict[str, Any]:
        """What the child is told, with the model's name as `model_alias`. Raises where the model cannot be served."""

    @abstractmethod
    def _explain(self, error: str, log: str) -> EngineFailed:
        """Why the model could not be loaded, in one sentence. error, log: what the child said."""

    @abstractmethod
    def _notes(self) -> list[str]:
        """What the user should know of a child that runs."""

    def _model_path(self) -> Path:
        model = self.settings.model_path
        if model is None or not model.exists():
            self._reason = "没有选好的模型文件。"
            raise EngineFailed(
                self._reason, "先下载一个。", command="看有哪些：xiangdao model list；下载：xiangdao model pull 模型名"
            )
        return model

    def _start(self) -> Endpoint:
        try:
            options = self._options()
        except OSError as exc:
            raise EngineFailed("模型文件读不了。", "看文件还在不在、有没有权限，再问一次。") from exc
        key, alias = secrets.token_urlsafe(24), str(options["model_alias"])
        log = self.settings.log_folder and self.settings.log_folder / "engine.log"
        self._starting = child = Child(self._command, {**options, "key": key}, log)
        try:
            answer = child.start(self.settings.start_timeout_s * self.patience)
        except EngineFailed as exc:
            self._crashed(exc.message)
            raise
        finally:
            self._starting = None
        if self._closed.is_set():
            child.end()
            raise EngineFailed("模型已经关掉。", "重新启动后再试。")
        if "error" in answer:
            why = self._explain(str(answer["error"]), child.said())
            self._given_up, self._reason = True, why.message
            raise why
        self._child, self._facts, self._warned = child, answer, False
        self._endpoint = Endpoint(f"http://127.0.0.1:{answer['port']}/v1", key, alias)
        self._last_used = time.monotonic()
        self.reading.forgot()
        threading.Thread(target=self._stop_when_idle, args=(child,), daemon=True).start()
        return self._endpoint

    def warm(self) -> None:
        """Start the child and let it read the rules that begin every prompt; measures how fast it reads."""
        from itertools import islice

        with suppress(NothingSaid):  # one token may be a blank or the beginning of a mark
            list(islice(self._chat.stream([SystemMessage(load("system")), HumanMessage("你好")], max_tokens=1), 1))

    def _failed(self, exc: Exception) -> None:
        """A request went wrong: a dead child is started again, one that hangs is killed first."""
        with self._start_lock:
            child = self._child
            if child is None or self._closed.is_set():
                return
            broke = isinstance(exc.__cause__, httpx.TransportError | EOFError)
            if child.alive and not broke and "太久" not in str(exc):
                return
            hung = not child.ends_within(DYING_S if broke else 0.0)
            how = "没有回应" if hung else child.ended_how()
            child.kill()
            self._crashed(how)
            if not self._given_up:
                threading.Thread(target=self._start_again, daemon=True).start()

    def _crashed(self, how: str) -> None:
        """Count a crash and decide when to start again."""
        now = time.monotonic()
        self._child = self._endpoint = None
        self._crashes = [*(t for t in self._crashes if now - t < FORGET_CRASHES_S), now]
        self._reason = how
        if len(self._crashes) > len(PAUSES_S):
            self._given_up = True
            self._reason = f"模型程序连续 {len(self._crashes)} 次出错（{how}），不再重启。"
        else:
            self._not_before = now + PAUSES_S[len(self._crashes) - 1]

    def _start_again(self) -> None:
        if self._closed.wait(max(0.0, self._not_before - time.monotonic())):
            return
        try:
            self.started()
        except XiangdaoError:
            return

    def interrupt(self, owner: str = "") -> None:
        """Stop the present answer, also while the child still reads; it stays warm. An answer of another owner goes on."""
        if self._chat.interrupt(owner):
            self._stop_reading()

    def _stop_reading(self) -> None:
        """The user has left before the first token: let the child give up the prompt."""
        endpoint = self._endpoint
        if endpoint is None:
            return
        headers = {"Authorization": f"Bearer {endpoint.key}"}
        try:
            httpx.post(f"{endpoint.url.removesuffix('/v1')}/stop", headers=headers, timeout=1.0, trust_env=False)
        except httpx.HTTPError:
            return

    def _stop_when_idle(self, child: Child) -> None:
        """Free the memory when nobody asks for a while."""
        while child.alive and not self._closed.wait(min(5.0, self.settings.idle_stop_s / 4)):
            if time.monotonic() - self._last_used > self.settings.idle_stop_s and self._turn_lock.acquire(
                blocking=False
            ):
                try:
                    with self._start_lock:
                        if self._child is child:
                            self._child = self._endpoint = None
                        child.end()
                finally:
                    self._turn_lock.release()

    def status(self) -> Status:
        """How the child stands; starts nothing."""
        alive = bool(self._child and self._child.alive)
        model = self.settings.model_path.name if self.settings.model_path else "没有模型"
        state = "正在运行" if alive else self._reason if self._given_up else "用到时启动"
        notes = self._notes() if alive else []
        details = {
            **self._facts, "pid": self._child.pid if self._child else None, "crashes": len(self._crashes), "last_failure": self._reason,
            "characters_a_second": round(self.reading.speed), "measured": self.reading.measured,
        }  # fmt: skip
        return Status(
            self.name, not self._given_up, "；".join([f"{self.title} {model}，{state}", *notes]), details=details
        )

    def _fallen_back(self) -> str:
        """What could not be used of the machine, in one sentence; empty where nothing failed."""
        return ""

    def warning(self) -> str:
        """What the user should know of where the running child computes; told once for each start."""
        told = "" if self._warned or not self._child else self._fallen_back()
        self._warned = self._warned or bool(told)
        return told

    def close(self) -> None:
        """End the child, also one that is still being started; the engine is not used after."""
        self._closed.set()
        patient_until = time.monotonic() + CLOSING_S
        while not (ours := self._start_lock.acquire(timeout=0.05)) and time.monotonic() < patient_until:
            if starting := self._starting:
                starting.end()
        try:
            if child := self._child:
                child.end()
            self._child = self._endpoint = None
        finally:
            if ours:
                self._start_lock.release()


def listens(endpoint: Endpoint) -> bool:
    """Whether somebody takes connections there; a killed child may look alive for a moment."""
    url = httpx.URL(endpoint.url)
    try:
        socket.create_connection((url.host, url.port or 80), timeout=1.0).close()
    except OSError:
        return False
    return True
