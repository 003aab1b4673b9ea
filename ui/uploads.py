"""Files that a browser sends: written to the data folder piece by piece, each under a token, until a page takes them."""

from __future__ import annotations

import secrets
import shutil
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadFile
from ingest.load import LARGEST
from ingest.readers import refusal, suffixes

KEPT_S = 3600.0
MOST = 50


def endings() -> frozenset[str]:
    """Of the files that can be taken in on this machine."""
    return suffixes() | {".zip"}


@dataclass(frozen=True)
class Upload:
    """A file as it was sent. name: its own name, without folders."""

    path: Path
    name: str
    at: float


class Uploads:
    """The files that were sent and not yet taken. What a page that has ended left behind goes at a later start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Upload] = {}
        self._lock = threading.Lock()
        for left in folder.glob("*"):
            with suppress(OSError):  # another page may take it away at this moment
                if left.stat().st_mtime < time.time() - KEPT_S:  # a younger one may be another page's that still runs
                    shutil.rmtree(left)

    async def receive(self, name: str, pieces: AsyncIterator[bytes]) -> str:
        """Write what is sent and give its token; BadFile for a kind or a size that cannot be taken in."""
        plain = Path(name.replace("\\", "/")).name.strip().strip(".")[:150]
        ending = Path(plain).suffix.lower()
        if not plain or any(ord(c) < 32 for c in plain) or ending not in endings():
            raise refusal(ending)
        self._make_room()
        token = secrets.token_urlsafe(18)
        path = self._folder / token / plain
        path.parent.mkdir(parents=True)
        size = 0
        try:
            with path.open("wb") as out:
                async for piece in pieces:
                    size += len(piece)
                    if size > LARGEST:
                        raise BadFile(f"{plain[:40]} 太大，最多 {LARGEST // 2**20} MB。", "拆成几个小文件再传。")
                    out.write(piece)
            if not size:
                raise BadFile(f"{plain[:40]} 是空的。", "选有内容的文件。")
        except BaseException:
            shutil.rmtree(path.parent, ignore_errors=True)
            raise
        with self._lock:
            self._files[token] = Upload(path, plain, time.monotonic())
        return token

    def path(self, token: str) -> Path:
        """Where a file lies; BadFile where there is none of that token."""
        with self._lock:
            found = self._files.get(token)
        if found is None:
            raise BadFile("传上来的文件已经过期。", "重新选一次文件。")
        return found.path

    def drop(self, token: str) -> None:
        """Forget a file that was taken."""
        with self._lock:
            found = self._files.pop(token, None)
        if found:
            shutil.rmtree(found.path.parent, ignore_errors=True)

    def _make_room(self) -> None:
        old = [token for token, file in self._files.items() if file.at < time.monotonic() - KEPT_S]
        for token in old or (list(self._files)[:1] if len(self._files) >= MOST else []):
            self.drop(token)
