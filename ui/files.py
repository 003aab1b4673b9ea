"""Files that a command reads from or writes to, each way of failing as one sentence."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, TextIO

from core.disk import MEGABYTE, full, is_full
from core.errors import BadFile
from core.output import ELSEWHERE, drop_half_line, open_lines, write_whole

LARGEST = 100 * MEGABYTE
"""Bytes of a file that a command reads whole."""


def text_of(path: Path, what: str) -> str:
    """The text of a file in UTF-8, UTF-16 or GB18030; BadFile says what could not be read, in which `what` names it."""
    from ingest.readers.text import decode

    try:
        if path.is_dir():
            raise BadFile(f"{path} 是文件夹，这里要的是{what}。", "写上里面那个文件的名字。")
        if path.exists() and not path.is_file():  # a device or a pipe may have no end, or never begin
            raise BadFile(f"{path} 不是普通文件，这里要的是{what}。", "先存成文件，再写上它的名字。")
        if (size := path.stat().st_size) > LARGEST:
            raise BadFile(
                f"{what}太大（{size // MEGABYTE} MB，最多 {LARGEST // MEGABYTE} MB）：{path}。",
                "拆成几个小文件，一个一个来。",
            )
        with path.open("rb") as file:
            data = file.read(LARGEST)  # also of a file that grows meanwhile
    except (FileNotFoundError, NotADirectoryError) as exc:
        raise BadFile(f"找不到{what}：{path}。", "检查路径和文件名；路径里有空格时要加引号。") from exc
    except (OSError, ValueError) as exc:
        raise BadFile(f"{what}读不出来：{path}。", "确认有权限读，文件没有被别的程序独占。") from exc
    if not data.strip():
        raise BadFile(f"{what}是空的：{path}。", "写好内容再用。")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return decode(data)


def write_text(path: Path | None, text: str) -> None:
    """Write all that a command gives out at once, to a file or to stdout where there is none. Raises DiskFull and BadFile."""
    if path is None:
        sys.stdout.write(text)
        return
    try:
        write_whole(path, text.encode("utf-8", "replace"))
    except OSError as exc:
        raise _unwritable(path) from exc


class Output:
    """The output file of a command that gives out line by line, or stdout where there is none.

    Where it has no more room, the lines that are whole stay.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path

    def __enter__(self) -> TextIO:
        self._file = sys.stdout
        if self._path:
            try:
                self._file = open_lines(self._path)
            except OSError as exc:
                raise _unwritable(self._path) from exc
        return self._file

    def __exit__(self, kind: Any, exc: BaseException | None, trace: Any) -> None:
        try:
            if self._path:
                self._file.close()
        except OSError as closing:
            exc = exc or closing
        if isinstance(exc, OSError) and is_full(exc) and self._path:
            drop_half_line(self._path)
            raise full(self._path.absolute().parent, hint=f"写完的几行留着。{ELSEWHERE}") from exc


def _unwritable(path: Path) -> BadFile:
    return BadFile(f"写不了文件：{path}。", "确认文件夹存在、有权限写，或换一个位置。")
