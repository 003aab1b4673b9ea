"""A child process that serves: started, asked whether it is ready, watched and ended; it never outlives this process."""

from __future__ import annotations

import atexit
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import weakref
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from core.errors import EngineFailed

LOG_TAIL = 4000
REINSTALL = "运行：python3 start.py setup llm；或设 XIANGDAO_REMOTE_URL"
END_S = 3.0
_children: weakref.WeakSet[Child] = weakref.WeakSet()


class Child:
    """One process. It reads a line of JSON, answers with a line of JSON when it is ready, and ends when its input closes."""

    def __init__(self, command: Sequence[str], options: dict[str, Any], log: Path | None = None) -> None:
        self._command = list(command)
        self._options = options
        self._log = log
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, timeout_s: float) -> dict[str, Any]:
        """Start, and wait for the ready line. Raises EngineFailed."""
        if not _children:
            atexit.register(end_all)
        _children.add(self)
        apart: dict[str, Any] = {"start_new_session": True}
        if sys.platform == "win32":
            apart = {"creationflags": subprocess.CREATE_NEW_PROCESS_GROUP | subprocess.CREATE_NO_WINDOW}
        try:
            with self._open_log() as log:
                process = self._process = subprocess.Popen(
                    self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log, **apart
                )
            assert process.stdin
            process.stdin.write(json.dumps(self._options).encode() + b"\n")
            process.stdin.flush()
        except (OSError, ValueError) as exc:  # ValueError: ended from another thread at this very moment
            self.end()
            raise EngineFailed("模型程序启动不了。", "要重新安装，或改用远程模型。", command=REINSTALL) from exc
        return self._ready(timeout_s)

    def _ready(self, timeout_s: float) -> dict[str, Any]:
        process = self._process
        assert process and process.stdout
        lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        threading.Thread(target=_pass_on, args=(process.stdout, lines), daemon=True).start()
        try:
            line = lines.get(timeout=timeout_s)
        except queue.Empty:
            self.end()
            raise EngineFailed(
                f"模型 {timeout_s:.0f} 秒还没有载入。", "换一个小些的模型，或调大 start_timeout_s。"
            ) from None
        if not line:
            process.wait(END_S)
            raise EngineFailed(
                f"模型程序载入时退出了：{self.ended_how()}。", "换一个小些的模型。", command="详情：xiangdao doctor"
            )
        try:
            answer = json.loads(line)
        except ValueError as exc:
            self.end()
            raise EngineFailed("模型程序的回应看不懂。", "要重新安装，或改用远程模型。", command=REINSTALL) from exc
        if "error" in answer:
            self.end()
        return answer

    def _open_log(self) -> IO[bytes]:
        if self._log is None:
            return Path(os.devnull).open("wb")
        self._log.parent.mkdir(parents=True, exist_ok=True)
        return self._log.open("wb")

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def ended_how(self) -> str:
        """Why the process is no longer there, in plain words."""
        code = self._process.poll() if self._process else None
        if code is None:
            return "没有回应"
        if code == -getattr(signal, "SIGKILL", 9):
            return "被系统结束，多半是内存不够"
        if code < 0 or code in {0xC0000005, 0xC000001D}:
            return f"程序崩了（{signal.Signals(-code).name if -65 < code < 0 else hex(code)}）"
        return f"退出码 {code}"

    def said(self) -> str:
        """The end of its log."""
        try:
            return self._log.read_bytes()[-LOG_TAIL:].decode("utf-8", "replace") if self._log else ""
        except OSError:
            return ""

    def end(self) -> None:
        """End the process: by closing its input, then by force."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(OSError):
            if process.stdin:
                process.stdin.close()
        try:
            process.wait(END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(END_S)

    def ends_within(self, seconds: float) -> bool:
        """Wait for the process to end by itself."""
        if self._process is None:
            return True
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(seconds)
        return not self.alive

    def kill(self) -> None:
        """End a process that hangs, at once."""
        if self._process and self.alive:
            self._process.kill()
            self._process.wait(END_S)


def end_all() -> None:
    """End every child; called when this process exits."""
    for child in list(_children):
        child.end()


def _pass_on(pipe: IO[bytes], lines: queue.SimpleQueue[bytes]) -> None:
    """Hand on the first line, then read and drop the rest, so that the child never waits for a reader."""
    with pipe:
        lines.put(pipe.readline())
        while pipe.read(65536):
            pass
