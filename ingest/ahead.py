"""The next file read and parsed while the present one is written: parsing runs in a process of its own anyway."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from core.errors import XiangdaoError
from ingest import load, web
from ingest.parsed import Parsed

Known = Callable[[Path | str, str], bool]
_Parsing = Future[tuple[str, Parsed] | None]


class Ahead:
    """Parses one file ahead. is_known: whether a file of this place and sha256 is there already and need not be parsed."""

    def __init__(self, is_known: Known) -> None:
        self._is_known = is_known
        self._pool = ThreadPoolExecutor(1, thread_name_prefix="ahead")
        self._ready: _Parsing | None = None
        self._next: _Parsing | None = None

    def __enter__(self) -> Ahead:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._pool.shutdown(wait=kind is None, cancel_futures=True)

    def go_on(self, following: Path | str | None) -> None:
        """The file begun before is now the present one; begin with the following. A web page would be fetched twice."""
        self._ready, self._next = self._next, None
        if following is not None and not (isinstance(following, str) and web.is_address(following)):
            self._next = self._pool.submit(self._parsed, following)

    def parsed(self, sha256: str) -> Parsed | None:
        """The present file, where it was parsed ahead; None where it could not be, which the file's turn will tell."""
        with suppress(XiangdaoError, OSError):
            if self._ready and (found := self._ready.result()) and found[0] == sha256:
                return found[1]
        return None

    def _parsed(self, place: Path | str) -> tuple[str, Parsed] | None:
        loaded = load.load(place)
        digest = hashlib.sha256(loaded.data).hexdigest()
        return None if self._is_known(place, digest) else (digest, load.parse(loaded))
