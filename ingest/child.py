"""The parser's process: reads frames from stdin, answers on stdout. It can open no connection, start nothing, write nothing.

A frame is a header line of JSON and as many bytes as it says. Started by ingest.sandbox only.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from pathlib import Path
from typing import Any, BinaryIO

OUT_OF_MEMORY = 86
OUT_OF_TIME = 87
WATCH_S = 0.25
ADDRESS_SPACE_SLACK = 2 * 1024**3
"""Threads and models reserve addresses that they never use."""

_FORBIDDEN = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.getaddrinfo", "socket.gethostbyname", "subprocess.Popen", "os.system", "os.exec",
    "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn", "os.startfile", "os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link",
    "os.symlink", "os.chmod", "os.chown", "os.truncate", "os.kill", "shutil.", "ftplib.", "smtplib.", "urllib.", "winreg.",
)  # fmt: skip
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def _guard(event: str, args: tuple[Any, ...]) -> None:
    if event == "open":
        if isinstance(args[2], int) and args[2] & _WRITES and args[0] != os.devnull:
            raise PermissionError("the parser writes no files")
    elif event.startswith(_FORBIDDEN):
        raise PermissionError(f"the parser does not do {event}")


def main() -> None:
    """Serve until stdin ends. argv: the limits in seconds and megabytes."""
    time_s, memory_mb = float(sys.argv[1]), int(sys.argv[2])
    requests, answers = sys.stdin.buffer, _own_stdout()
    sys.dont_write_bytecode = True
    _limit_memory(memory_mb)
    deadline = _Deadline(time_s, memory_mb)
    deadline.start()
    sys.addaudithook(_guard)
    while header := requests.readline():
        request = json.loads(header)
        data = requests.read(request["bytes"])
        deadline.begin()
        _answer(answers, request, data, deadline)
        deadline.end()


def _own_stdout() -> BinaryIO:
    """Stdout for the answers alone: what a library prints goes nowhere."""
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    null = os.open(os.devnull, os.O_WRONLY)
    os.dup2(null, sys.stdout.fileno())
    return answers


def _answer(answers: BinaryIO, request: dict[str, Any], data: bytes, deadline: _Deadline) -> None:
    from core.errors import XiangdaoError
    from ingest.readers import read

    def told(done: int, total: int) -> None:
        deadline.begin()
        _send(answers, {"kind": "progress", "done": done, "total": total})

    try:
        parsed = read(data, request["suffix"], request["name"], told)
        _send(answers, {"kind": "parsed"}, json.dumps(parsed.as_json(), ensure_ascii=False).encode("utf-8", "replace"))
    except XiangdaoError as exc:
        _send(
            answers,
            {
                "kind": "refused",
                "error": type(exc).__name__,
                "message": exc.message,
                "hint": exc.hint,
                "command": exc.command,
            },
        )
    except MemoryError:
        os._exit(OUT_OF_MEMORY)
    except RecursionError:
        _send(answers, {"kind": "broken", "what": "nested too deeply"})
    except Exception as exc:
        _send(answers, {"kind": "broken", "what": f"{type(exc).__name__}: {exc}"[:500]})


def _send(answers: BinaryIO, header: dict[str, Any], body: bytes = b"") -> None:
    answers.write(json.dumps(header | {"bytes": len(body)}).encode() + b"\n" + body)
    answers.flush()


def _limit_memory(memory_mb: int) -> None:
    try:
        import resource
    except ImportError:
        return
    limit = memory_mb * 1024 * 1024 + ADDRESS_SPACE_SLACK
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


class _Deadline(threading.Thread):
    """Ends the process when a step takes too long, memory grows too large, or whoever started it is gone."""

    def __init__(self, time_s: float, memory_mb: int) -> None:
        super().__init__(daemon=True)
        self.time_s, self.memory_mb = time_s, memory_mb
        self._until: float | None = None
        self._parent = os.getppid()

    def begin(self) -> None:
        """A step begins: the time counts anew. Processor time as well, where the system counts it."""
        self._until = time.monotonic() + self.time_s
        if sys.platform != "win32":
            import resource

            used = resource.getrusage(resource.RUSAGE_SELF)
            hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
            cores = os.cpu_count() or 1
            soft = int(used.ru_utime + used.ru_stime + self.time_s * cores) + 2
            resource.setrlimit(resource.RLIMIT_CPU, (soft, hard))

    def end(self) -> None:
        self._until = None

    def run(self) -> None:
        while True:
            time.sleep(WATCH_S)
            if os.name == "posix" and os.getppid() != self._parent:
                os._exit(0)
            if self._until is not None and time.monotonic() > self._until:
                os._exit(OUT_OF_TIME)
            if resident_mb() > self.memory_mb:
                os._exit(OUT_OF_MEMORY)


def resident_mb() -> float:
    """Memory in use by this process, in megabytes; the largest so far where only that is known, 0 where nothing is."""
    if sys.platform == "linux":
        return int(Path("/proc/self/statm").read_bytes().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1024**2
    if sys.platform == "win32":
        return _windows_resident_mb()
    import resource

    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def _windows_resident_mb() -> float:
    import ctypes

    class Counters(ctypes.Structure):
        _fields_ = [("size", ctypes.c_uint32), ("faults", ctypes.c_uint32)] + [
            (f"n{i}", ctypes.c_size_t) for i in range(8)
        ]

    counters = Counters(size=ctypes.sizeof(Counters))
    windll = ctypes.windll  # type: ignore[attr-defined,unused-ignore]
    windll.psapi.GetProcessMemoryInfo(windll.kernel32.GetCurrentProcess(), ctypes.byref(counters), counters.size)
    return float(counters.n1) / 1024**2


if __name__ == "__main__":
    main()
