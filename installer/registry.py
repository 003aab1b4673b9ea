"""A package registry by its simple API (PEP 503, 691, 700): what files a pin has, and one of them on the disk."""

from __future__ import annotations

import errno
import hashlib
import json
import shutil
import urllib.error
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, replace
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urljoin

from packaging.requirements import Requirement
from packaging.tags import Tag
from packaging.utils import (
    InvalidSdistFilename,
    InvalidWheelFilename,
    canonicalize_name,
    parse_sdist_filename,
    parse_wheel_filename,
)
from packaging.version import Version

from core.errors import BadInput, DiskFull, NotAvailable

DEFAULT_INDEX = "https://pypi.org/simple"
ACCEPT = "application/vnd.pypi.simple.v1+json, text/html;q=0.5"
TIMEOUT_S = 60
TRIES = 3


@dataclass(frozen=True)
class File:
    """One file of a registry; size_bytes is 0 where the registry's page does not tell it, sha256 empty likewise."""

    name: str
    url: str
    sha256: str
    size_bytes: int = 0


@dataclass(frozen=True)
class Found:
    """What a registry has for a pin: the wheel that fits, else the source distribution."""

    pin: str
    wheel: File | None
    source: File | None


def look_up(pin: Requirement, index: str, tags: Sequence[Tag]) -> Found:
    """Find the files of an exact pin; raises NotAvailable."""
    files = [] if (page := _page(pin.name, index)) is None else page
    (version,) = [Version(part.version) for part in pin.specifier]
    rank = {tag: place for place, tag in enumerate(tags)}
    wheels: list[tuple[int, File]] = []
    source: File | None = None
    for file in files:
        if _is_source_of(file.name, pin.name, version):
            source = file
        elif (place := _place(file.name, pin.name, version, rank)) is not None:
            wheels.append((place, file))
    best = min(wheels, key=lambda entry: entry[0])[1] if wheels else None
    return Found(f"{pin.name}=={version}", best, source)


def _place(name: str, project: str, version: Version, rank: dict[Tag, int]) -> int | None:
    """How well a wheel of this name fits, 0 best; None where it does not."""
    try:
        its_project, its_version, _, its_tags = parse_wheel_filename(name)
    except InvalidWheelFilename:
        return None
    if (its_project, its_version) != (canonicalize_name(project), version):
        return None
    return min((rank[tag] for tag in its_tags if tag in rank), default=None)


def _is_source_of(name: str, project: str, version: Version) -> bool:
    try:
        return parse_sdist_filename(name) == (canonicalize_name(project), version)
    except InvalidSdistFilename:
        return False


def _page(project: str, index: str) -> list[File] | None:
    """The files that the registry lists for a project; None where it does not know the project."""
    url = f"{index.rstrip('/')}/{canonicalize_name(project)}/"
    request = urllib.request.Request(url, headers={"Accept": ACCEPT})
    for tried in range(TRIES):
        try:
            with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
                body = answer.read()
                kind = answer.headers.get_content_type()
            return _from_json(body, url) if kind.endswith("json") else _from_html(body, url)
        except urllib.error.HTTPError as error:
            if error.code == 404:
                return None
            if tried == TRIES - 1:
                raise unreachable(index) from error
        except (OSError, ValueError) as error:
            if tried == TRIES - 1:
                raise unreachable(index) from error
    return None


def _from_json(body: bytes, page_url: str) -> list[File]:
    listed: list[dict[str, Any]] = json.loads(body)["files"]
    return [
        File(
            entry["filename"],
            urljoin(page_url, entry["url"]),
            entry["hashes"].get("sha256", ""),
            entry.get("size") or 0,
        )
        for entry in listed
    ]


def _from_html(body: bytes, page_url: str) -> list[File]:
    """What older mirrors send: links whose fragment is the hash; they tell no sizes."""
    links = _Links()
    links.feed(body.decode("utf-8", errors="replace"))
    files = []
    for link in links.found:
        url, fragment = urldefrag(urljoin(page_url, link))
        sha256 = fragment.removeprefix("sha256=") if fragment.startswith("sha256=") else ""
        files.append(File(unquote(url.rsplit("/", 1)[-1]), url, sha256))
    return files


class _Links(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found += [value for name, value in attrs if tag == "a" and name == "href" and value]


def with_size(file: File) -> File:
    """The same with its size in bytes; asked for where the registry's page does not tell it. Raises NotAvailable."""
    if file.size_bytes:
        return file
    request = urllib.request.Request(file.url, method="HEAD")
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            return replace(file, size_bytes=int(answer.headers.get("Content-Length") or 0))
    except OSError as error:
        raise unreachable(file.url) from error


def download(file: File, folder: Path) -> Path:
    """Put a file into a folder, checked; one that lies there already is kept. Raises NotAvailable, BadInput, DiskFull."""
    place = folder / file.name
    if place.is_file() and digest(place) == file.sha256:
        return place
    draft = folder / f"{file.name}.part"
    for tried in range(TRIES):
        try:
            with urllib.request.urlopen(file.url, timeout=TIMEOUT_S) as answer, draft.open("wb") as written:
                shutil.copyfileobj(answer, written, 1 << 20)
                if written.tell() < int(answer.headers.get("Content-Length") or 0):
                    raise ConnectionError("it broke off")
            break
        except OSError as error:
            draft.unlink(missing_ok=True)
            if error.errno == errno.ENOSPC:
                raise disk_full() from error
            if isinstance(error, PermissionError):
                raise not_writable(folder) from error
            if tried == TRIES - 1:
                raise unreachable(file.url) from error
    if digest(draft) != file.sha256:
        draft.unlink()
        hint = "可能是下载时断了，或镜像上的文件被换过；再试一次，仍不成功就换一个镜像（PIP_INDEX_URL）。"
        raise BadInput(f"下载的 {file.name} 和登记的校验值不符，已经删掉。", hint)
    draft.replace(place)
    return place


def digest(path: Path) -> str:
    with path.open("rb") as opened:
        digest = hashlib.sha256()
        while block := opened.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def unreachable(place: str) -> NotAvailable:
    return NotAvailable(
        f"连不上 {place}。", "请检查网络，或用 PIP_INDEX_URL 换一个镜像，再运行同一条命令；下过的不会再下。"
    )


def disk_full() -> DiskFull:
    return DiskFull("磁盘空间不够。", "请清理磁盘，或用 --out 指到别的盘，再运行同一条命令；下过的不会再下。")


def not_writable(folder: Path) -> BadInput:
    return BadInput(f"没有写入 {folder} 的权限。", "请用 --out 指定一个自己有权限的文件夹，再试。")
