"""Files that a browser sends: written to the data folder piece by piece, each under a token, until a page takes them."""

from __future__ import annotations

import secrets
import shutil
import threading
import time
import unicodedata
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.disk import check_room, room_in
from core.errors import BadFile
from ingest.load import LARGEST
from ingest.readers import refusal, suffixes

if TYPE_CHECKING:
    from ingest.jobs import Jobs

KEPT_S = 3600.0
MOST = 50
LONGEST_NAME = 200
"""Bytes; file systems hold 255, and what is made of a name is a little longer."""
_UNSEEN = frozenset({"Cf", "Cs", "Cn"})


def endings() -> frozenset[str]:
    """Of the files that can be taken in on this machine."""
    return suffixes() | {".zip"}


def plain_name(name: str) -> str:
    """A file's own name: without folders, without marks that nobody sees and that turn or hide letters, not too long to be kept."""
    own = Path(name.replace("\\", "/")).name
    shown = "".join(c for c in own if unicodedata.category(c) not in _UNSEEN).strip().strip(".")
    stem, ending = Path(shown).stem, Path(shown).suffix
    while len(f"{stem}{ending}".encode("utf-8", "replace")) > LONGEST_NAME and stem:
        stem = stem[:-1]
    return f"{stem}{ending}"


async def written(path: Path, pieces: AsyncIterator[bytes], announced: int = 0) -> int:
    """Write what is sent to a file in a folder of its own; how many bytes. announced: how many the browser says they will be.

    Raises BadFile where it is empty or too large, DiskFull where there is no room for it; nothing of it stays then.
    """
    check_room(path.parent, min(announced, LARGEST))
    size = 0
    try:
        with room_in(path.parent, min(announced, LARGEST)):
            path.parent.mkdir(parents=True)
            with path.open("wb") as out:
                async for piece in pieces:
                    size += len(piece)
                    if size > LARGEST:
                        raise BadFile(f"{path.name[:40]} 太大，最多 {LARGEST // 2**20} MB。", "拆成几个小文件再传。")
                    out.write(piece)
        if not size:
            raise BadFile(f"{path.name[:40]} 是空的。", "选有内容的文件。")
    except BaseException:
        shutil.rmtree(path.parent, ignore_errors=True)
        raise
    return size


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

    async def receive(self, name: str, pieces: AsyncIterator[bytes], announced: int = 0) -> str:
        """Write what is sent and give its token; BadFile for a kind that cannot be taken in, and as of `written`."""
        plain = plain_name(name)
        ending = Path(plain).suffix.lower()
        if not plain or any(ord(c) < 32 for c in plain) or ending not in endings():
            raise refusal(ending)
        self._make_room()
        token = secrets.token_urlsafe(18)
        path = self._folder / token / plain
        await written(path, pieces, announced)
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

    def hand_in(self, tokens: Sequence[str], jobs: Jobs, space: str, user: str) -> str:
        """Give files to be taken in; the id of their job. BadFile where one of them is not there any more."""
        job_id = jobs.submit([self.path(token) for token in tokens], space, user, copy=True)
        for token in tokens:
            self.drop(token)
        return job_id

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
