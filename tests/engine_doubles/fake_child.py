"""A child that keeps the engine's protocol without a model; what it does is named by the model file's name.

ok answers; crash dies in the middle of every answer; hang goes silent in the middle; refuse tells that it cannot load; die ends while
loading; slow never becomes ready; long writes without end; leave goes without an answer, the first time.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path


def main() -> None:
    options = json.loads(sys.stdin.buffer.readline())
    threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
    mode = options["model_alias"]
    if mode == "refuse":
        print(json.dumps({"error": "ValueError: unknown model architecture: 'nonsense'"}), flush=True)
        time.sleep(60)
    if mode == "die":
        os.kill(os.getpid(), 11)
        time.sleep(10)
    if mode == "slow":
        time.sleep(60)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if self.headers.get("Authorization") != f"Bearer {options['key']}":
                self.send_response(401)
                self.end_headers()
                return
            if mode == "leave" and not (left := Path(options["model"]).with_suffix(".left")).exists():
                left.touch()
                os._exit(1)
            self.send_response(200)
            self.end_headers()
            for word in ("第一步", "先做评测。"):
                self.wfile.write(b"data: " + json.dumps({"choices": [{"delta": {"content": word}}]}).encode() + b"\n\n")
                self.wfile.flush()
                if mode == "crash":
                    os.kill(os.getpid(), 11)
                    time.sleep(10)
                if mode == "hang":
                    time.sleep(60)
                while mode == "long":
                    self.wfile.write(b'data: {"choices": [{"delta": {"content": "\xe5\xad\x97"}}]}\n\n')
                    time.sleep(0.05)
            self.wfile.write(b"data: [DONE]\n\n")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    print(json.dumps({"port": server.server_address[1], "template": True}), flush=True)
    server.serve_forever()


if __name__ == "__main__":
    main()
