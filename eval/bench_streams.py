"""What many streams that are opened and left leave behind: python -m eval.bench_streams [--streams 1000] [--rounds 2]

Each round opens so many streams at once, half of them heartbeats of sessions and half the events of sessions that nobody has joined,
and then lets go of all of them without a word. Told are memory and open files of the server's processes before, with all of them
open, and after; and whether the page answers meanwhile and afterwards.
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from eval.bench_web import RUN, family, memory_mb, serving

SETTLED_S = 30.0


def opened(host: str, port: int, number: int) -> socket.socket:
    """One stream as a browser opens it, of which nothing is read."""
    session = uuid.uuid4().hex[:11]
    path = f"heartbeat/{session}" if number % 2 else f"queue/data?session_hash={session}"
    stream = socket.create_connection((host, port), timeout=30)
    stream.sendall(f"GET /gradio_api/{path} HTTP/1.1\r\nHost: {host}:{port}\r\n\r\n".encode())
    return stream


def files(process: subprocess.Popen[bytes]) -> int:
    """How many files the server's processes have open; 0 where the system does not tell it this way."""
    try:
        return sum(len(list(Path(f"/proc/{pid}/fd").iterdir())) for pid in family(process.pid))
    except OSError:
        return 0


def answers(url: str) -> str:
    """What the page says of itself, and how long that took."""
    begun = time.perf_counter()
    try:
        status = str(httpx.get(f"{url}config", timeout=60, trust_env=False).status_code)
    except httpx.HTTPError as exc:
        status = type(exc).__name__
    return f"{status} in {time.perf_counter() - begun:.2f} s"


def tell(when: str, process: subprocess.Popen[bytes], url: str) -> None:
    print(f"{when:24} {memory_mb(process):7.0f} MB {files(process):6} files   {answers(url)}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(prog="python -m eval.bench_streams")
    options.add_argument("--streams", type=int, default=1000)
    options.add_argument("--rounds", type=int, default=2)
    given = options.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        build = [sys.executable, "-I", "-c", RUN, "docs", "list"]
        subprocess.run(build, env={**os.environ, "XIANGDAO_HOME": str(home)}, check=True, stdout=subprocess.DEVNULL)
        with serving(home) as (url, process, _):
            place = urlsplit(url)
            answers(url)  # which waits until all is loaded
            tell("before", process, url)
            for number in range(1, given.rounds + 1):
                held = [opened(place.hostname or "", place.port or 0, n) for n in range(given.streams)]
                time.sleep(2)
                tell(f"{given.streams} open, round {number}", process, url)
                for stream in held:
                    stream.close()
                time.sleep(SETTLED_S)
                tell(f"{SETTLED_S:.0f} s after", process, url)


if __name__ == "__main__":
    main()
