"""Which errors mean that nothing more can be written, and how that is said."""

from __future__ import annotations

import errno
import sqlite3
from pathlib import Path

import pytest

from core.disk import SPARE, check_room, free, full, is_full, is_out_of_handles, is_shut, room_in
from core.errors import DiskFull


@pytest.mark.parametrize(
    "exc",
    [
        OSError(errno.ENOSPC, "x"),
        OSError(errno.EFBIG, "x"),
        sqlite3.OperationalError("database or disk is full"),
        RuntimeError("error returned from database: (code: 13) database or disk is full"),
        RuntimeError("No space left on device (os error 28)"),
    ],
)
def test_every_way_to_say_that_the_disk_is_full_is_known(exc: Exception, tmp_path: Path) -> None:
    assert is_full(exc)
    with pytest.raises(DiskFull, match="磁盘满了"), room_in(tmp_path):
        raise exc


@pytest.mark.parametrize(
    "exc", [OSError(errno.EACCES, "x"), sqlite3.OperationalError("database is locked"), ValueError()]
)
def test_another_error_stays_what_it_is(exc: Exception, tmp_path: Path) -> None:
    assert not is_full(exc, tmp_path)
    with pytest.raises(type(exc)), room_in(tmp_path):
        raise exc


def test_what_led_to_an_error_counts() -> None:
    outer = ValueError("wrapped")
    outer.__cause__ = OSError(errno.ENOSPC, "x")
    assert is_full(outer)


def test_the_sentence_says_where_and_how_much_is_needed(tmp_path: Path) -> None:
    needed = free(tmp_path) + 3 * 2**30
    said = full(tmp_path, needed).message
    assert str(tmp_path) in said and "还要再腾出约 3.0 GB" in said
    with pytest.raises(DiskFull):
        check_room(tmp_path, needed)
    check_room(tmp_path / "not" / "there", SPARE)


def test_a_folder_that_may_only_be_read_is_told_apart(tmp_path: Path) -> None:
    assert is_shut(PermissionError(errno.EACCES, "x", str(tmp_path / "a")), tmp_path)
    assert is_shut(sqlite3.OperationalError("attempt to write a readonly database"), tmp_path)
    assert not is_shut(PermissionError(errno.EACCES, "x", "/elsewhere"), tmp_path)


def test_too_many_open_files_are_told_apart() -> None:
    assert is_out_of_handles(OSError(errno.EMFILE, "x")) and not is_out_of_handles(OSError(errno.ENOSPC, "x"))
