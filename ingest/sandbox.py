"""Files are parsed in a process of their own, with limits of time, memory and output: what breaks there breaks nothing here."""

from __future__ import annotations

import contextlib
import json
import logging
import os
import queue
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import IO, Any

from core import errors
from core.errors import BadFile, XiangdaoError
from ingest.child import OUT_OF_MEMORY, OUT_OF_TIME
from ingest.parsed import Parsed

Progress = Callable[[int, int], None]
FILES_EACH = 200
"""A process that has read this many files gives way to a fresh one."""
GRACE_S = 5.0
_KEPT = ("PATH", "SYSTEMROOT", "WINDIR", "TEMP", "TMP", "TMPDIR", "LANG", "LC_ALL", "LC_CTYPE", "HOME", "USERPROFILE")
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """step_s: for a file, or for each page where pages are told; total_s: for a file with all its pages."""

    step_s: float = 60.0
    total_s: float = 1800.0
    memory_mb: int = 2048
    output_bytes: int = 64 * 1024 * 1024


class Stopped(Exception):
    """Whoever ordered the work has taken it back."""


class Sandbox:
    """One parser process, started when first needed and again after every death. Callers wait for each other."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.limits = limits or Limits()
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._frames: queue.Queue[tuple[dict[str, Any], bytes] | None] = queue.Queue()
        self._files = 0
        self.deaths = 0
        """How often the process ended before it had answered."""

    def parse(
        self,
        data: bytes,
        suffix: str,
        name: str = "",
        progress: Progress | None = None,
        stop: threading.Event | None = None,
    ) -> Parsed:
        """Read a file's bytes. Raises BadFile or NotAvailable as the reader does, and Stopped once `stop` is set."""
        with self._lock:
            try:
                return self._parse(data, suffix, name, progress, stop)
            except XiangdaoError:
                raise
            except (OSError, ValueError, TypeError, KeyError) as exc:
                self.close()
                log.warning("parser of %s failed: %s", name, exc)
                raise _broken() from exc
            except BaseException:  # whoever is told of the progress may raise; the process is then still at work
                self.close()
                raise

    def close(self) -> None:
        """End the process; the next file starts another."""
        process, self._process = self._process, None
        if process:
            with contextlib.suppress(OSError):
                process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                with contextlib.suppress(OSError):
                    pipe and pipe.close()

    def _parse(
        self, data: bytes, suffix: str, name: str, progress: Progress | None, stop: threading.Event | None
    ) -> Parsed:
        process = self._running()
        header = json.dumps({"suffix": suffix, "name": name, "bytes": len(data)}).encode() + b"\n"
        threading.Thread(target=_write, args=(process.stdin, header + data), daemon=True).start()
        ends = time.monotonic() + self.limits.total_s
        while True:
            header_in, body = self._next(ends, stop)
            if header_in["kind"] == "progress":
                if progress:
                    progress(int(header_in["done"]), int(header_in["total"]))
                continue
            self._files += 1
            if header_in["kind"] == "parsed":
                return Parsed.from_json(json.loads(body))
            if header_in["kind"] == "refused":
                kind = getattr(errors, str(header_in["error"]), BadFile)
                raise kind(str(header_in["message"]), str(header_in["hint"]), command=str(header_in.get("command", "")))
            log.info("cannot read %s: %s", name, header_in.get("what"))
            raise _broken()

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process and self._process.poll() is None and self._files < FILES_EACH:
            return self._process
        self.close()
        command = [sys.executable, "-I", "-m", "ingest.child", str(self.limits.step_s), str(self.limits.memory_mb)]
        environment = {k: os.environ[k] for k in _KEPT if k in os.environ} | {"OMP_NUM_THREADS": "2"}
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment
        )
        self._files, self._frames = 0, queue.Queue()
        reader = threading.Thread(
            target=_read, args=(self._process.stdout, self._frames, self.limits.output_bytes), daemon=True
        )
        reader.start()
        return self._process

    def _next(self, ends: float, stop: threading.Event | None) -> tuple[dict[str, Any], bytes]:
        """The next frame; on time, death or too much output the process is ended and BadFile raised."""
        step_ends = time.monotonic() + self.limits.step_s + GRACE_S
        while True:
            try:
                frame = self._frames.get(timeout=0.2)
            except queue.Empty:
                if stop and stop.is_set():
                    self.close()
                    raise Stopped from None
                if time.monotonic() > min(ends, step_ends):
                    self.deaths += 1
                    self.close()
                    raise _slow(self.limits) from None
                continue
            if frame is None:
                raise self._death()
            if frame[0]["kind"] == "too much":
                self.close()
                raise BadFile("文件里的文字多得不正常，没有录入。", "拆成几个小文件再录入。")
            return frame

    def _death(self) -> BadFile:
        process = self._process
        status = process.wait() if process else 0
        self.deaths += 1
        self.close()
        log.info("the parser ended with status %s", status)
        if status == OUT_OF_MEMORY:
            return BadFile("文件展开以后太大，超出了内存限制，没有录入。", "拆成几个小文件，或把图片压小后再录入。")
        if status == OUT_OF_TIME or status == -24:  # SIGXCPU
            return _slow(self.limits)
        return _broken()


def _write(pipe: IO[bytes] | None, data: bytes) -> None:
    with contextlib.suppress(OSError, ValueError):
        if pipe:
            pipe.write(data)
            pipe.flush()


def _read(pipe: IO[bytes] | None, frames: queue.Queue[tuple[dict[str, Any], bytes] | None], limit: int) -> None:
    """Frames from the process into the queue, None at its end."""
    with contextlib.suppress(OSError, ValueError):
        while pipe and (line := pipe.readline(10_000)):
            header = json.loads(line)
            if header["bytes"] > limit:
                frames.put(({"kind": "too much"}, b""))
                return
            frames.put((header, pipe.read(header["bytes"])))
    frames.put(None)


def _slow(limits: Limits) -> BadFile:
    return BadFile(f"这个文件处理了 {limits.step_s:.0f} 秒还没有读完，已停止。", "拆成几个小文件，或另存一份再录入。")


def _broken() -> BadFile:
    return BadFile("文件已损坏，读不出来。", "重新下载，或用原来的软件打开后另存一份再录入。")
