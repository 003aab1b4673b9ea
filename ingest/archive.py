"""Zip archives, read in place: nothing is ever unpacked to the disk, so no member's name can lead anywhere.

Refused: passwords, more than MOST members or TOTAL bytes, members that unpack to absurd sizes, archives within archives
within archives.
"""

from __future__ import annotations

import io
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import count
from pathlib import Path, PurePosixPath

from core.errors import BadFile

MEGABYTE = 1024 * 1024
MOST = 2000
TOTAL = 1000 * MEGABYTE
DEPTH = 2
LARGEST_RATIO = 200
SMALL = 10 * MEGABYTE
"""Below this size a member may be compressed as tightly as it likes."""
DIRECTORY_BYTES = 4 * MEGABYTE
UTF8_NAME, ENCRYPTED = 0x800, 0x1
_END = b"PK\x05\x06"


def inside(path: Path) -> bool:
    """Whether a path goes through an archive."""
    return _archive_of(path) is not None


def members(path: Path) -> Iterator[Path]:
    """The paths of an archive's members, those of archives in it included; BadFile where it cannot be opened."""
    with _file(path) as file:
        yield from _members(file, path, 1)


def read_member(path: Path, largest: int) -> bytes:
    """The bytes of one member, at most `largest`; BadFile where it is not there or cannot be read."""
    archive = _archive_of(path)
    if archive is None:
        raise BadFile("找不到这个文件。", "检查路径和文件名。")
    with _file(archive) as file:
        return _read(file, path.relative_to(archive).as_posix(), largest, 1)


def _archive_of(path: Path) -> Path | None:
    return next((p for p in reversed(path.parents) if p.suffix.lower() == ".zip" and p.is_file()), None)


@contextmanager
def _file(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        with path.open("rb") as raw:
            yield _opened(raw)
    except OSError as exc:
        raise BadFile("压缩包读不出来。", "确认文件完整、有权限读、没有被别的程序独占。") from exc


def _opened(raw: io.BufferedIOBase | io.BufferedReader) -> zipfile.ZipFile:
    _check_directory(raw)
    try:
        file = zipfile.ZipFile(raw)
    except (zipfile.BadZipFile, NotImplementedError, ValueError, UnicodeDecodeError, struct.error, EOFError) as exc:
        raise BadFile("压缩包已损坏，或不是真正的 .zip 文件。", "重新下载，或解压以后录入整个文件夹。") from exc
    if sum(i.file_size for i in file.infolist()) > TOTAL:
        raise BadFile("压缩包展开以后太大，没有录入。", f"展开后最多 {TOTAL // MEGABYTE} MB；分成几个压缩包再录入。")
    return file


def _check_directory(raw: io.BufferedIOBase | io.BufferedReader) -> None:
    """Refuse an archive with too many members before they are listed."""
    size = raw.seek(0, io.SEEK_END)
    raw.seek(max(0, size - 65_557))
    tail = raw.read()
    raw.seek(0)
    at = tail.rfind(_END)
    if at < 0 or len(tail) < at + 22:
        return
    count, directory = struct.unpack_from("<HI", tail, at + 10)
    if count > MOST or directory > DIRECTORY_BYTES:
        raise BadFile(f"压缩包里的文件太多（最多 {MOST} 个），没有录入。", "分成几个压缩包再录入。")


def _members(file: zipfile.ZipFile, path: Path, depth: int) -> Iterator[Path]:
    for name, info in _named(file).items():
        member = path / name
        if member.suffix.lower() != ".zip" or depth >= DEPTH:
            yield member
            continue
        try:
            yield from _members(_inner(file, info), member, depth + 1)
        except BadFile:
            yield member


def _read(file: zipfile.ZipFile, name: str, largest: int, depth: int) -> bytes:
    named = _named(file)
    if name in named:
        return _bytes(file, named[name], largest)
    outer = next((n for n in named if n.lower().endswith(".zip") and name.startswith(n + "/")), None)
    if outer is None or depth >= DEPTH:
        raise BadFile("压缩包里找不到这个文件。", "压缩包可能换过了；重新录入它。")
    return _read(_inner(file, named[outer]), name[len(outer) + 1 :], largest, depth + 1)


def _inner(file: zipfile.ZipFile, info: zipfile.ZipInfo) -> zipfile.ZipFile:
    return _opened(io.BytesIO(_bytes(file, info, TOTAL // 10)))


def _named(file: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """Files by a harmless form of their names: no root, no drive, no step upwards; links and folders are left out."""
    found: dict[str, zipfile.ZipInfo] = {}
    for info in file.infolist():
        kind = stat.S_IFMT(info.external_attr >> 16)
        if info.is_dir() or kind not in {0, stat.S_IFREG}:
            continue
        parts = [
            p.replace(":", "_") for p in PurePosixPath(name_of(info).replace("\\", "/")).parts if p not in {"/", ".."}
        ]
        name = "/".join("".join(c if c.isprintable() else "_" for c in p) for p in parts)
        if name:
            found[_free(name, found)] = info
    return found


def _free(name: str, taken: Mapping[str, zipfile.ZipInfo]) -> str:
    """A name, numbered where another member has it already."""
    path = PurePosixPath(name)
    numbered = (path.with_name(f"{path.stem}（{at}）{path.suffix}").as_posix() for at in count(2))
    return name if name not in taken else next(other for other in numbered if other not in taken)


def name_of(info: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes GBK without saying so, which the standard reads as code page 437."""
    if info.flag_bits & UTF8_NAME:
        return info.filename
    raw = info.filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return info.filename


def _bytes(file: zipfile.ZipFile, info: zipfile.ZipInfo, largest: int) -> bytes:
    if info.flag_bits & ENCRYPTED:
        raise BadFile("压缩包有密码，打不开。", "用解压软件输入密码解开，再录入解开的文件。")
    if info.file_size > largest:
        raise BadFile(
            f"文件太大（{info.file_size // MEGABYTE} MB，最多 {largest // MEGABYTE} MB）。", "拆小以后再录入。"
        )
    if info.file_size > SMALL and info.file_size > LARGEST_RATIO * max(info.compress_size, 1):
        raise BadFile("这个文件压缩得不正常（可能是压缩炸弹），没有录入。", "解压看看内容，再录入里面的文件。")
    try:
        with file.open(info) as member:
            return member.read(largest + 1)[:largest]
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, OSError, LookupError) as exc:
        raise BadFile("压缩包里的这个文件已损坏。", "重新下载压缩包，或解压以后录入。") from exc
    except Exception as exc:  # zlib.error, lzma.LZMAError: damaged data, in the codec's own words
        raise BadFile("压缩包里的这个文件已损坏。", "重新下载压缩包，或解压以后录入。") from exc
