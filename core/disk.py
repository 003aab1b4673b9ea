"""The disk under a folder: how much is free, which errors mean that nothing more can be written, and that as a sentence."""

from __future__ import annotations

import errno
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from core.errors import DiskFull, NotAvailable

MEGABYTE = 2**20
SPARE = 2 * MEGABYTE
"""What is left free beside what a piece of work needs, so that the old index can still be opened and the log be written."""
_ERRNOS = frozenset({errno.ENOSPC, errno.EFBIG, getattr(errno, "EDQUOT", errno.ENOSPC)})
_SAID = (
    "disk is full",
    "No space left",
    "os error 28",
    "File too large",
    "os error 27",
    "Disk quota exceeded",
    "IO_ENOSPC",
    "IO_EFBIG",
    "IO_EDQUOT",
)
"""How SQLite, libxml and libraries written in Rust say it."""
_UNSURE = ("disk I/O error", "unable to open database file", "readonly database")
_NO_HANDLES = frozenset({errno.EMFILE, errno.ENFILE})
CAUSES = 10
"""So many errors that led to one another are looked at."""
AS_BEFORE = "清理这个盘上不用的文件再试；已有的资料和索引没有动，照常可以查和问。"


def is_full(exc: BaseException, folder: Path | None = None) -> bool:
    """Whether an error, or what led to it, says that a disk, a quota or the size a file may have is used up.

    folder: where it was written to, asked about its free space where the error alone does not tell.
    """
    seen: set[int] = set()
    one: BaseException | None = exc
    while one is not None and id(one) not in seen:
        seen.add(id(one))
        if isinstance(one, DiskFull) or (isinstance(one, OSError) and one.errno in _ERRNOS):
            return True
        said = str(one)
        if not isinstance(one, OSError) and any(words in said for words in _SAID):
            return True
        if folder and isinstance(one, sqlite3.Error) and any(words in said for words in _UNSURE):
            return free(folder) < SPARE or (file_limit() is not None and "readonly" not in said)
        one = one.__cause__ or one.__context__
    return False


def is_out_of_handles(exc: BaseException) -> bool:
    """Whether an error, or what led to it, says that this process, or the system, has too many files open."""
    one: BaseException | None = exc
    for _ in range(CAUSES):
        if one is None:
            return False
        said = str(one)
        if "Too many open files" in said or "os error 24" in said or getattr(one, "errno", None) in _NO_HANDLES:
            return True
        if isinstance(one, sqlite3.OperationalError) and "unable to open database file" in said:
            return not _handles_left()
        one = one.__cause__ or one.__context__
    return False


def _handles_left() -> bool:
    """Whether as many files can be opened as SQLite needs for one of its own."""
    opened: list[int] = []
    try:
        opened += (os.open(os.devnull, os.O_RDONLY) for _ in range(4))
    except OSError as exc:
        return exc.errno not in _NO_HANDLES
    finally:
        for handle in opened:
            os.close(handle)
    return True


def no_handles() -> NotAvailable:
    """The error that says that no file can be opened at this moment."""
    return NotAvailable("打开的文件太多，系统不让再开。", "关掉一些程序，过一会儿再试。")


def is_shut(exc: BaseException, folder: Path) -> bool:
    """Whether an error says that what lies in a folder may be read and not written."""
    if isinstance(exc, OSError) and exc.filename:
        where = Path(os.fsdecode(exc.filename))
        return exc.errno in {errno.EACCES, errno.EPERM, errno.EROFS} and where.is_relative_to(folder)
    return isinstance(exc, sqlite3.OperationalError) and "readonly" in str(exc)


def free(folder: Path) -> int:
    """Bytes that may still be written below a folder, which need not be there yet."""
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    return shutil.disk_usage(place).free


def file_limit() -> int | None:
    """How many bytes a file of this process may have (`ulimit -f`); None where that is not limited."""
    try:
        import resource
    except ImportError:  # Windows
        return None
    soft = resource.getrlimit(resource.RLIMIT_FSIZE)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def full(folder: Path, needed: int = 0, hint: str = AS_BEFORE) -> DiskFull:
    """The error that says where the disk is full. needed: bytes that the work takes, 0 where that is not known."""
    left, limit = free(folder), file_limit()
    if limit is not None and left > SPARE + needed:
        return DiskFull(
            f"文件写不下去：系统不让一个文件超过 {_shown(limit)}，{folder} 里的文件要更大。",
            "请管这台电脑的人放宽单个文件的大小限制。" + ("" if hint == AS_BEFORE else hint),
            command="在终端里看和改：ulimit -f",
        )
    if left > SPARE + needed:  # a quota, no more entries in the file system, a device
        return DiskFull(
            f"磁盘满了：{folder} 所在的盘还有 {_shown(left)}，但系统不让再写，多半是配额或文件个数用完了。", hint
        )
    wanted = max(needed + SPARE - left, SPARE)
    return DiskFull(f"磁盘满了：{folder} 所在的盘只剩 {_shown(left)}，还要再腾出约 {_shown(wanted)}。", hint)


def check_room(folder: Path, needed: int) -> None:
    """DiskFull where less is free than a piece of work needs, which then is better not begun. needed: bytes."""
    if free(folder) < needed + SPARE:
        raise full(folder, needed)


@contextmanager
def room_in(folder: Path, needed: int = 0, hint: str = AS_BEFORE) -> Iterator[None]:
    """Whatever fails in here for want of room fails as DiskFull; any other error as it is. needed, hint: as of `full`."""
    try:
        yield
    except DiskFull:
        raise
    except Exception as exc:
        if is_full(exc, folder):
            raise full(folder, needed, hint) from exc
        raise


def _shown(size: int) -> str:
    """Bytes in words."""
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / MEGABYTE:.1f} MB"
