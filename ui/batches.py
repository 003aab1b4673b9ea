"""Many files and whole folders that a browser sends: written one by one, kept together, handed in as one job.

What is not taken in is noted with its reason, so that the job's report tells of every file that was chosen.
"""

from __future__ import annotations

import re
import shutil
import threading
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from core.errors import BadFile, BadInput, XiangdaoError
from ingest.jobs import Jobs
from ingest.load import unwanted_name
from ingest.queue import Entry
from ingest.readers import refusal
from ui.uploads import KEPT_S, endings, plain_name, written

MOST = 20_000
MOST_BYTES = 20 * 2**30
BATCHES = 20
_ID = re.compile(r"[0-9a-f]{32}")
SHOWN_CHARACTERS = 300


@dataclass
class Batch:
    """What was sent so far. files: where each lies and its path as it was chosen; refused: paths with why."""

    folder: Path
    files: list[tuple[Path, str]] = field(default_factory=list)
    refused: list[tuple[str, str, bool]] = field(default_factory=list)
    size: int = 0
    sent: int = 0
    at: float = 0.0


class Batches:
    """The batches that are being sent. What a page that has ended left behind goes at a later start."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._kept: dict[str, Batch] = {}
        self._lock = threading.Lock()
        for left in folder.glob("*"):
            with suppress(OSError):
                if left.stat().st_mtime < time.time() - KEPT_S:
                    shutil.rmtree(left)

    async def receive(self, number: str, name: str, pieces: AsyncIterator[bytes], announced: int = 0) -> None:
        """Write one file of a batch. name: its path below the folder that was chosen; announced: as of `written`.

        Raises BadFile for what is not taken in, which is noted as well.
        """
        batch = self._batch(number)
        shown = shown_path(name)
        try:
            batch.sent += 1
            if batch.sent > MOST or batch.size >= MOST_BYTES:
                raise BadFile(f"一次最多 {MOST} 个文件、{MOST_BYTES // 2**30} GB。", "分几次放进来。")
            plain = _wanted(name)
            path = batch.folder / str(batch.sent) / plain
            batch.size += await written(path, pieces, announced)
        except _NotMeant as exc:
            batch.refused.append((shown, exc.message, True))
            raise
        except XiangdaoError as exc:
            if len(batch.refused) < MOST:
                batch.refused.append((shown, str(exc), False))
            raise
        batch.files.append((path, shown))

    def hand_in(self, number: str, jobs: Jobs, space: str, user: str) -> tuple[int, int]:
        """Give a batch to be taken in; how many files it had, and how many more were not taken.

        Raises BadInput where it is gone, and what the queue raises; then the batch is kept to be given once more.
        """
        with self._lock:
            batch = self._kept.pop(number, None)
        if batch is None or not (batch.files or batch.refused):
            raise BadInput("传上来的文件已经过期。", "重新选一次文件。")
        besides = [
            Entry(shown, PurePosixPath(shown).name, "", reason, skipped=meant) for shown, reason, meant in batch.refused
        ]
        try:
            jobs.submit_moved(batch.files, besides, space, user)
        except XiangdaoError:
            with self._lock:
                self._kept[number] = batch
            raise
        shutil.rmtree(batch.folder, ignore_errors=True)
        return len(batch.files), len(batch.refused)

    def _batch(self, number: str) -> Batch:
        if not _ID.fullmatch(number):
            raise BadInput("这一批文件的编号不对。", "刷新页面，重新选一次文件。")
        with self._lock:
            for old in [n for n, b in self._kept.items() if b.at < time.monotonic() - KEPT_S]:
                shutil.rmtree(self._kept.pop(old).folder, ignore_errors=True)
            if number not in self._kept:
                if len(self._kept) >= BATCHES:
                    raise BadInput("同时在传的文件太多。", "等前面的传完再试。")
                self._kept[number] = Batch(self._folder / number)
            self._kept[number].at = time.monotonic()
            return self._kept[number]


class _NotMeant(BadFile):
    """What stands in a folder beside documents and nobody means to take in."""


def _wanted(name: str) -> str:
    """A file's own name, where it is of a kind that is taken in."""
    parts = PurePosixPath(name.replace("\\", "/")).parts
    plain = plain_name(name)
    for part in parts[:-1]:
        if part.startswith((".", "__MACOSX")):
            raise _NotMeant("在隐藏的文件夹里。")
    if reason := unwanted_name(parts[-1] if parts else ""):
        raise _NotMeant(f"{reason}。")
    ending = Path(plain).suffix.lower()
    if not plain or any(ord(c) < 32 for c in plain) or ending not in endings():
        raise refusal(ending)
    return plain


def shown_path(name: str) -> str:
    """A path as it was chosen, fit to be shown and kept."""
    text = "".join(c if c.isprintable() else "_" for c in name.replace("\\", "/"))
    return text.encode("utf-8", "replace").decode()[-SHOWN_CHARACTERS:].lstrip("/") or "文件"
