"""A package registry on this machine: a folder of files behind the simple API, as JSON or as older mirrors' HTML."""

from __future__ import annotations

import hashlib
import json
import threading
import zipfile
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

JSON = "application/vnd.pypi.simple.v1+json"


class Registry:
    """Serves /simple/PROJECT/ and /files/NAME. links: how a page writes addresses; lies: names whose bytes are others; asked: the paths that were got."""

    def __init__(self, folder: Path, speaks_json: bool = True, links: str = "/files/{name}") -> None:
        self.folder, self.speaks_json, self.links = folder, speaks_json, links
        self.lies: set[str] = set()
        self.asked: list[str] = []
        registry = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                registry.asked += [self.path] if self.command == "GET" else []
                registry.answer(self)

            do_HEAD = do_GET  # noqa: N815 - the name that http.server calls

            def log_message(self, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.root = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.index = f"{self.root}/simple"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        parts = [part for part in handler.path.split("/") if part not in ("", "..")]
        if parts[0] == "simple" and "files" not in parts:
            files = sorted(path for path in self.folder.iterdir() if project_of(path.name) == parts[1])
            body, kind = self.page(files) if files else (b"", "")
        else:
            path = self.folder / parts[-1]
            body = (b"something else" if path.name in self.lies else path.read_bytes()) if path.exists() else b""
            kind = "application/octet-stream"
        handler.send_response(200 if body else 404)
        handler.send_header("Content-Type", kind or "text/plain")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        if handler.command == "GET":
            handler.wfile.write(body)

    def page(self, files: list[Path]) -> tuple[bytes, str]:
        hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
        urls = {path.name: self.links.format(name=path.name, root=self.root) for path in files}
        if self.speaks_json:
            entries = [
                {
                    "filename": path.name,
                    "url": urls[path.name],
                    "hashes": {"sha256": hashes[path.name]},
                    "size": path.stat().st_size,
                }
                for path in files
            ]
            return json.dumps({"files": entries}).encode(), JSON
        links = [f'<a href="{urls[name]}#sha256={sha256}">{name}</a><br/>' for name, sha256 in hashes.items()]
        return ("<!DOCTYPE html><html><body>\n" + "\n".join(links) + "</body></html>").encode(), "text/html"


def project_of(file_name: str) -> str:
    return file_name.split("-")[0].replace("_", "-").lower()


def make_wheel(folder: Path, name: str, content: str = "", padding: int = 0) -> Path:
    """A wheel that pip installs: one module with this content."""
    project, version = name.split("-")[:2]
    info = f"{project}-{version}.dist-info"
    tags = "-".join(name.removesuffix(".whl").split("-")[2:])
    place = folder / name
    with zipfile.ZipFile(place, "w") as wheel:
        wheel.writestr(f"{project}.py", content + "#" * padding)
        wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {project}\nVersion: {version}\n")
        lines = [f"Tag: {python}-{abi}-{platform}" for python, abi, platform in expanded(tags)]
        wheel.writestr(f"{info}/WHEEL", "\n".join(["Wheel-Version: 1.0", "Root-Is-Purelib: true", *lines, ""]))
        wheel.writestr(f"{info}/RECORD", "")
    return place


def expanded(tags: str) -> list[tuple[str, str, str]]:
    pythons, abis, platforms = (part.split(".") for part in tags.split("-"))
    return [(python, abi, platform) for python in pythons for abi in abis for platform in platforms]
