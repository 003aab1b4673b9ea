"""Starts the web page for the browser tests; any connection that would leave this machine is refused and reported."""

from __future__ import annotations

import socket
import sys

LOCAL = ("127.0.0.1", "::1", "localhost")
_connect, _resolve = socket.socket.connect, socket.getaddrinfo


def connect(self: socket.socket, address: object) -> None:
    if self.family in (socket.AF_INET, socket.AF_INET6) and address[0] not in LOCAL:  # type: ignore[index]
        print(f"LEAVING {address!r}", file=sys.stderr, flush=True)
        raise OSError("no network in tests")
    return _connect(self, address)  # type: ignore[arg-type]


def resolve(host: object, *rest: object, **more: object) -> object:
    if host not in (*LOCAL, None, b"127.0.0.1", b"localhost"):
        print(f"LEAVING {host!r}", file=sys.stderr, flush=True)
        raise socket.gaierror("no network in tests")
    return _resolve(host, *rest, **more)  # type: ignore[arg-type]


socket.socket.connect = connect  # type: ignore[method-assign, assignment]
socket.getaddrinfo = resolve  # type: ignore[assignment]  # here, so that it holds in the process that answers, too

if __name__ == "__main__":
    from core.settings import load_settings
    from ui.web import serve

    serve(load_settings(), open_browser=False)
