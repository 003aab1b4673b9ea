"""Where files are and their bytes: folders, members of a .zip, web addresses; parsing is left to a process of its own.

A member of an archive has a path that goes through it: 资料.zip/通知/补贴.pdf.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from core.errors import BadFile
from ingest import archive, web
from ingest.parsed import Parsed
from ingest.readers import CONVERTED, REFUSED, SUFFIXES, office, refusal, suffixes
from ingest.sandbox import Progress, Sandbox, Stopped

MEGABYTE = 1024 * 1024
LARGEST = 100 * MEGABYTE
DEEPEST = 60
"""Folders within folders that are gone through; a loop that a file system makes without a link ends there."""
SYSTEM = frozenset({"thumbs.db", "desktop.ini", "icon\r"})
LeftOut = Callable[[Path, str], None]
"""Told of what a folder holds that is not taken in, and why."""


@dataclass(frozen=True)
class Loaded:
    """The bytes of one file. suffix: lower case, with its dot; address: where a web page came from, else empty."""

    data: bytes
    suffix: str
    name: str
    address: str = ""


def load(place: Path | str) -> Loaded:
    """The bytes of one file, member or web page; every way in which that can fail is a BadFile."""
    if isinstance(place, str) and web.is_address(place):
        page = web.fetch(place, LARGEST)
        return Loaded(_told(page.data), page.suffix, page.name, page.address)
    path = Path(place)
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES | CONVERTED.keys():
        raise refusal(suffix)
    if archive.inside(path):
        return Loaded(_told(archive.read_member(path, LARGEST)), suffix, path.name)
    return Loaded(_told(_read(path)), suffix, path.name)


def parse(loaded: Loaded, progress: Progress | None = None, stop: threading.Event | None = None) -> Parsed:
    """What a file holds. Raises BadFile, NotAvailable or sandbox.Stopped. progress: pages done, pages there are."""
    name = loaded.address or loaded.name
    data, suffix, note = _present(loaded, stop)
    parsed = _sandbox().parse(data, suffix, name, progress, stop)
    if not any(c.isalnum() for line in parsed.lines for c in line) and not parsed.characters:
        raise BadFile("文件里没有可以录入的文字。", "它可能是空的，或只有图片；换一个有正文的文件。")
    return replace(parsed, notes=(note, *parsed.notes)) if note else parsed


def _present(loaded: Loaded, stop: threading.Event | None) -> tuple[bytes, str, str]:
    """The bytes in a format that has a reader, that format's suffix, and what is to be told of the change."""
    if loaded.suffix not in CONVERTED:
        return loaded.data, loaded.suffix, ""
    suffix = office.told_apart(loaded.data, loaded.suffix)
    if suffix != loaded.suffix:
        return loaded.data, suffix, f"文件里其实是 {suffix} 的内容，照此录入。"
    data = office.converted(loaded.data, suffix, stop)
    if data is None:
        raise Stopped
    return data, CONVERTED[suffix], office.NOTE


@cache
def _sandbox() -> Sandbox:
    return Sandbox()


def _read(path: Path) -> bytes:
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadFile("这不是普通文件。", "请给出文件的路径；要录入整个文件夹，给出文件夹的路径。")
        if size > LARGEST:
            raise too_large(size)
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise BadFile("找不到这个文件。", "检查路径和文件名；路径里有空格时要加引号。") from exc
    except PermissionError as exc:
        raise BadFile("没有读取这个文件的权限。", "换一个有权限的用户，或把文件复制到自己的文件夹。") from exc
    except (OSError, ValueError) as exc:
        raise BadFile("文件读不出来。", "确认它是普通文件、磁盘正常、没有被别的程序独占。") from exc


def too_large(size: int) -> BadFile:
    """size: in bytes."""
    return BadFile(f"文件太大（{size // MEGABYTE} MB，最多 {LARGEST // MEGABYTE} MB）。", "拆成几个小文件再录入。")


def _told(data: bytes) -> bytes:
    if not data.strip():
        raise BadFile("文件是空的，没有可以录入的文字。", "换一个有正文的文件。")
    return data


def nobody(path: Path, reason: str) -> None:
    pass


def find(path: Path, left_out: LeftOut = nobody) -> Iterator[Path]:
    """The files that a path names: itself, or what a folder or an archive holds, sorted.

    Nothing hidden, no link that leads out; files of kinds that nobody would take in are left out.
    left_out: is told of each file and folder in a folder that is not gone into, before the first file comes.
    """
    if not _is_unicode(path):
        raise BadFile("文件名或路径里有认不出的字符（不是 UTF-8 编码）。", "改个名字再录入。")
    try:
        if archive.inside(path):
            yield path
            return
        if not path.exists():
            raise BadFile("找不到这个文件或文件夹。", "检查路径和文件名；路径里有空格时要加引号。")
        if not path.is_dir():
            yield from _opened(path)
            return
        if not os.access(path, os.R_OK | os.X_OK):
            raise PermissionError
        found = sorted(_walk(path, left_out))
    except PermissionError as exc:
        raise BadFile("没有打开这个文件夹的权限。", "换一个有权限的用户，或把资料复制到自己的文件夹。") from exc
    except (OSError, ValueError) as exc:
        raise BadFile("这个路径打不开。", "检查路径里有没有不能用的字符，或换一个短一些的路径。") from exc
    if not found:
        raise BadFile("文件夹里没有能录入的文件。", refusal("").hint)
    yield from found


def _opened(path: Path) -> Iterator[Path]:
    """A file itself, or the members of an archive."""
    if path.suffix.lower() != ".zip" or not path.is_file():
        yield path
        return
    if (size := path.stat().st_size) > LARGEST:
        raise too_large(size)
    found = sorted(p for p in archive.members(path) if _is_wanted(p))
    if not found:
        raise BadFile("压缩包里没有能录入的文件。", refusal("").hint)
    yield from found


def _is_wanted(path: Path) -> bool:
    """Whether a file is of a kind that is read, or that its owner should hear about."""
    hidden = any(part.startswith((".", "~$", "__MACOSX")) for part in (path.name, path.parent.name))
    return not hidden and path.suffix.lower() in {*SUFFIXES, *REFUSED}


def takes(path: Path) -> bool:
    """Whether a file is of a kind that can be read."""
    return path.suffix.lower() in {*suffixes(), ".zip"}


def _walk(folder: Path, left_out: LeftOut) -> Iterable[Path]:
    root = folder.resolve()

    def closed(error: OSError) -> None:
        left_out(Path(error.filename or folder), "打不开这个文件夹，多半是没有权限")

    for parent, folders, names in os.walk(folder, onerror=closed, followlinks=False):
        here = Path(parent)
        kept = []
        for name in folders:
            if reason := _shut(here / name, len(here.parts) - len(folder.parts)):
                left_out(here / name, reason)
            else:
                kept.append(name)
        folders[:] = kept
        for name in names:
            file = here / name
            if reason := _unwanted(file, root):
                left_out(file, reason)
            else:
                yield from _of_archive(file) if file.suffix.lower() == ".zip" else [file]


def _is_unicode(path: Path) -> bool:
    """Whether a name can be written down: old archives and discs hold names in GBK, which Linux hands on as they are."""
    return path.as_posix().encode("utf-8", "replace").decode() == path.as_posix()


def _shut(folder: Path, depth: int) -> str:
    """Why a folder is not gone into; empty where it is. depth: how many folders lie between it and the one that was named."""
    if folder.name.startswith((".", "__MACOSX")):
        return "隐藏的文件夹"
    if not _is_unicode(folder):
        return "文件夹名里有认不出的字符，改个名字再录入"
    if folder.is_symlink():
        return "链接到别的文件夹，没有跟进去"
    return f"文件夹套得太深（超过 {DEEPEST} 层）" if depth >= DEEPEST else ""


def unwanted_name(name: str) -> str:
    """Why nobody means to take in a file of this name; empty where it may be meant."""
    if name.startswith("~$"):
        return "Office 打开文件时留下的临时文件"
    return "隐藏文件或系统文件" if name.startswith(".") or name.lower() in SYSTEM else ""


def _unwanted(file: Path, root: Path) -> str:
    """Why a file in a folder is not taken in; empty where it is."""
    suffix = file.suffix.lower()
    if not _is_unicode(file):
        return "文件名里有认不出的字符，改个名字再录入"
    if reason := unwanted_name(file.name):
        return reason
    if suffix not in {*SUFFIXES, *REFUSED, ".zip"}:
        return f"不认识的文件类型：{suffix[:20] or '没有扩展名'}"
    try:
        if not file.is_file():
            return "链接断了，或不是普通文件"
        if not file.resolve().is_relative_to(root):
            return "链接，指向这个文件夹外面"
    except (OSError, RuntimeError):  # RuntimeError: a link that leads to itself, before Python 3.13
        return "链接绕成了圈，或打不开"
    return ""


def _of_archive(path: Path) -> Iterable[Path]:
    """The members of an archive in a folder; one that cannot be opened stands for itself, to be told about."""
    try:
        return list(_opened(path))
    except BadFile:
        return [path]
