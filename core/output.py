"""Files that the user asked for, wherever she wants them: with the rights of her own files, whole or not at all.

All else that this process makes is private (`private`): the data folder is nobody else's to read. What she takes out of it is hers
to share, so it gets the rights that her system gives to new files.
"""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TextIO

from core.disk import room_in

PRIVATE = 0o077
ELSEWHERE = "清理这个盘上不用的文件，或换一个有空间的位置，再运行一次。"
_umask: int | None = None
"""What the system takes from the rights of the user's new files, while `private` takes more; a thread cannot have one of its own."""


@contextmanager
def private() -> Iterator[None]:
    """While this lasts, what this process makes is nobody else's to read, but for what is made with the functions below."""
    global _umask
    before, known = os.umask(PRIVATE), _umask
    _umask = before if known is None else known
    try:
        yield
    finally:
        os.umask(before)
        _umask = known


def make_folder(folder: Path) -> None:
    """A folder of the user's with those above it, where they are missing. Raises DiskFull and OSError."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    with room_in(folder, hint=ELSEWHERE):
        folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        _give_back(place, 0o777)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file of the user's; one that is there stays as it was until the new one is whole. Raises DiskFull and OSError."""
    target = path.resolve()  # a link goes on leading where it led
    with room_in(target.parent, len(data), ELSEWHERE):
        if target.exists() and not (target.is_file() and os.access(target.parent, os.W_OK)):
            target.write_bytes(data)  # a device or a pipe, or nothing may be put beside it
            return
        part = target.with_name(f".{uuid.uuid4().hex[:12]}.part")
        try:
            part.write_bytes(data)
            _as_before(target, part)
            part.replace(target)
        finally:
            with suppress(OSError):
                part.unlink(missing_ok=True)


def open_lines(path: Path) -> TextIO:
    """Open a file of the user's to be written line by line. Raises OSError."""
    new = not path.exists()
    file = path.open("w", encoding="utf-8", errors="replace")
    if new:
        _give_back(path, 0o666)
    return file


def drop_half_line(path: Path) -> None:
    """Take away what stands after the last line end of a file, as a full disk leaves it."""
    with suppress(OSError):
        if not path.is_file():
            return
        with path.open("rb+") as file:
            end = file.seek(0, os.SEEK_END)
            while end:
                begin = max(0, end - 65536)
                file.seek(begin)
                at = file.read(end - begin).rfind(b"\n")
                if at >= 0:
                    end = begin + at + 1
                    break
                end = begin
            file.truncate(end)


def _as_before(target: Path, part: Path) -> None:
    """Give a new file the rights of the one that it replaces, else those of a new file of the user's."""
    if target.exists():
        shutil.copymode(target, part)
    else:
        _give_back(part, 0o666)


def _give_back(path: Path, rights: int) -> None:
    """Give a file or folder that was just made the rights that it would have without `private`."""
    if _umask is not None and os.name == "posix":
        with suppress(OSError):  # a file system without rights
            path.chmod(rights & ~_umask)
