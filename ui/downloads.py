"""Files made for one person to fetch: kept in memory for a while, each under a name that cannot be guessed."""

from __future__ import annotations

import secrets
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field

KEPT = 40
KEPT_S = 900.0
MEDIA = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pdf": "application/pdf",
    "json": "application/json",
    "csv": "text/csv; charset=utf-8",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True)
class Download:
    """A file to fetch. name: as the browser saves it."""

    name: str
    data: bytes = field(repr=False)
    until: float

    @property
    def media(self) -> str:
        return MEDIA.get(self.name.rpartition(".")[2], "application/octet-stream")


class Downloads:
    """The files offered at this moment; the oldest make room."""

    def __init__(self) -> None:
        self._files: OrderedDict[str, Download] = OrderedDict()
        self._lock = threading.Lock()

    def offer(self, name: str, data: bytes) -> str:
        """Keep a file to be fetched and give its path below the page's address."""
        token = secrets.token_urlsafe(24)
        with self._lock:
            self._files[token] = Download(name, data, time.monotonic() + KEPT_S)
            while len(self._files) > KEPT:
                self._files.popitem(last=False)
        return f"files/{token}"

    def get(self, token: str) -> Download | None:
        """The file, None where there is none or its time is over."""
        with self._lock:
            for old in [key for key, file in self._files.items() if file.until < time.monotonic()]:
                del self._files[old]
            return self._files.get(token)
