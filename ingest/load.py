"""Files to text: which files there are, whether they can be read, and in what encoding they are written."""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from core.errors import BadFile
from ingest.clean import paragraphs
from ingest.parsed import Parsed
from ingest.structure import elements

MEGABYTE = 1024 * 1024
LARGEST = 50 * MEGABYTE
_BOMS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
_RESAVE = "用记事本或 WPS 打开它，另存为 UTF-8 编码的 .txt 再录入。"


@dataclass(frozen=True)
class Loaded:
    """A file as it was read. suffix: lower case, with its dot."""

    data: bytes
    parsed: Parsed
    suffix: str


def decode(data: bytes) -> str:
    """Text from bytes in UTF-8, UTF-16 or UTF-32 with a mark, or GB18030; BadFile where it is none of them."""
    for mark, encoding in _BOMS:
        if data.startswith(mark):
            return _checked(_strictly(data, encoding))
    if b"\x00" in data:
        raise BadFile("这不是文本文件，里面是二进制内容。", "请换成 .txt 或 .md 文本；表格和图片先另存为文本。")
    for encoding in ("utf-8", "gb18030"):
        text = _strictly(data, encoding)
        if text is not None and (encoding == "utf-8" or _reads_as_chinese(text)):
            return _checked(text)
    return _checked(_guessed(data))


def _strictly(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, ValueError):
        return None


def _reads_as_chinese(text: str) -> bool:
    """Whether a GB18030 reading looks like writing: almost any byte pair is some rare character in that encoding."""
    wide = [c for c in text if ord(c) > 127]
    usual = sum(
        "\u4e00" <= c <= "\u9fff" or "\u3000" <= c <= "\u303f" or "\uff00" <= c <= "\uffef" or c in "“”‘’—…·"
        for c in wide
    )
    return usual >= 0.8 * len(wide)


def _guessed(data: bytes) -> str | None:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:MEGABYTE], cp_isolation=["big5", "big5hkscs", "gb18030", "utf_8"]).best()
    return _strictly(data, best.encoding) if best else None


def _checked(text: str | None) -> str:
    if text is None:
        raise BadFile("文件的文字编码认不出来，或文件已损坏。", _RESAVE)
    odd = sum(unicodedata.category(c) in {"Cc", "Cn", "Co"} and c not in "\t\n\r\f\v" for c in text[:100_000])
    if odd > max(2, len(text[:100_000]) // 50):
        raise BadFile("文件里大半不是文字，可能是二进制文件或已损坏。", _RESAVE)
    if not any(c.isalnum() for c in text):
        raise BadFile("文件是空的，没有可以录入的文字。", "换一个有正文的文件；扫描件要先做文字识别（OCR）。")
    return text.lstrip("\ufeff")


def _plain(data: bytes) -> Parsed:
    return Parsed(tuple(elements(paragraphs(decode(data)))))


def _markdown(data: bytes) -> Parsed:
    return Parsed(tuple(elements(paragraphs(decode(data), markdown=True))))


LOADERS: dict[str, Callable[[bytes], Parsed]] = {
    ".txt": _plain,
    ".md": _markdown,
}


def load(path: Path) -> Loaded:
    """Read one file; every way in which that can fail is a BadFile."""
    suffix = path.suffix.lower()
    if suffix not in LOADERS:
        kinds = "、".join(LOADERS)
        raise BadFile(f"不认识的文件类型：{suffix or '没有扩展名'}。", f"现在能录入 {kinds}；其他格式先另存为文本。")
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise BadFile("这不是普通文件。", "请给出文件的路径；要录入整个文件夹，给出文件夹的路径。")
        if size > LARGEST:
            raise BadFile(
                f"文件太大（{size // MEGABYTE} MB，最多 {LARGEST // MEGABYTE} MB）。", "拆成几个小文件再录入。"
            )
        data = path.read_bytes()
    except FileNotFoundError as exc:
        raise BadFile("找不到这个文件。", "检查路径和文件名；路径里有空格时要加引号。") from exc
    except PermissionError as exc:
        raise BadFile("没有读取这个文件的权限。", "换一个有权限的用户，或把文件复制到自己的文件夹。") from exc
    except (OSError, ValueError) as exc:
        raise BadFile("文件读不出来。", "确认它是普通文件、磁盘正常、没有被别的程序独占。") from exc
    return Loaded(data, load_bytes(data, suffix), suffix)


def load_bytes(data: bytes, suffix: str) -> Parsed:
    """What a file holds whose bytes are at hand."""
    if not data.strip():
        raise BadFile("文件是空的，没有可以录入的文字。", "换一个有正文的文件。")
    return LOADERS[suffix](data)


def find(path: Path) -> Iterator[Path]:
    """The files that a path names: itself, or what a folder holds, sorted; nothing hidden, no link that leads out."""
    try:
        if not path.exists():
            raise BadFile("找不到这个文件或文件夹。", "检查路径和文件名；路径里有空格时要加引号。")
        if not path.is_dir():
            yield path
            return
        if not os.access(path, os.R_OK | os.X_OK):
            raise PermissionError
        found = sorted(_walk(path))
    except PermissionError as exc:
        raise BadFile("没有打开这个文件夹的权限。", "换一个有权限的用户，或把资料复制到自己的文件夹。") from exc
    except (OSError, ValueError) as exc:
        raise BadFile("这个路径打不开。", "检查路径里有没有不能用的字符，或换一个短一些的路径。") from exc
    if not found:
        raise BadFile("文件夹里没有能录入的文件。", f"现在能录入 {'、'.join(LOADERS)}。")
    yield from found


def _walk(folder: Path) -> Iterable[Path]:
    root = folder.resolve()
    for parent, folders, names in os.walk(folder, followlinks=False):
        folders[:] = [f for f in folders if not f.startswith(".")]
        for name in names:
            file = Path(parent) / name
            if name.startswith(".") or file.suffix.lower() not in LOADERS:
                continue
            if file.is_file() and file.resolve().is_relative_to(root):
                yield file
