"""Another program under limits, for files from anywhere: a process of its own that is ended with all that it has started.

Run as a module it sets the limits on itself, where the system has such, and becomes the program.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

POLL_S = 0.1


@dataclass(frozen=True)
class Bounds:
    """time_s: on the clock, and of one processor; file_mb: the largest file that may be written."""

    time_s: float = 60.0
    memory_mb: int = 4096
    file_mb: int = 400


class OutOfTime(Exception):
    """The program was ended because it took too long."""


def run(
    command: Sequence[str],
    bounds: Bounds,
    environment: Mapping[str, str],
    folder: Path,
    stop: threading.Event | None = None,
) -> int | None:
    """Run a program to its end; its status, None where `stop` was set before. Raises OutOfTime, and OSError where it cannot start."""
    if os.name == "posix":
        limits = (str(int(bounds.time_s)), str(bounds.memory_mb), str(bounds.file_mb))
        command = [sys.executable, "-I", "-m", "ingest.limited", *limits, *command]
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=dict(environment),
        cwd=folder,
        start_new_session=os.name == "posix",
        creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
    )
    ends = time.monotonic() + bounds.time_s
    try:
        while True:
            with contextlib.suppress(subprocess.TimeoutExpired):
                return process.wait(POLL_S)
            if stop and stop.is_set():
                return None
            if time.monotonic() > ends:
                raise OutOfTime
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """End a process and what it has started, which may outlive it."""
    if sys.platform != "win32":
        with contextlib.suppress(OSError):
            os.killpg(process.pid, signal.SIGKILL)
    elif process.poll() is None:
        tree = ["taskkill", "/F", "/T", "/PID", str(process.pid)]
        subprocess.run(tree, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
    with contextlib.suppress(OSError):
        process.kill()
    process.wait()


def main() -> None:
    """Set the limits in argv on this process and become the program that follows them."""
    if sys.platform == "win32":
        return
    import resource

    time_s, memory_mb, file_mb = map(int, sys.argv[1:4])
    wanted = (
        (resource.RLIMIT_CPU, time_s),
        (resource.RLIMIT_AS, memory_mb * 1024**2),
        (resource.RLIMIT_FSIZE, file_mb * 1024**2),
        (resource.RLIMIT_CORE, 0),
    )
    for kind, limit in wanted:
        with contextlib.suppress(OSError, ValueError):  # macOS knows some of them by name only
            resource.setrlimit(kind, (limit, limit))
    os.execv(sys.argv[4], sys.argv[4:])


if __name__ == "__main__":
    main()
