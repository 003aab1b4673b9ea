"""One file over HTTP: resumed where it broke off, checked, and only then given its name.

Nothing here runs unless the user asked for a download.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from assistant.engine.catalogue import Model, ModelFile
from assistant.engine.hashes import By, Fetched, listed_hash, told_hash
from assistant.engine.weights import check_file
from core.disk import full, is_full
from core.errors import BadFile, BadInput, NotAvailable, XiangdaoError

if TYPE_CHECKING:
    import httpx

Progress = Callable[[int], None]
"""Called with the bytes of the file that are there."""
MIRRORS = {
    "modelscope": ("魔搭", "https://modelscope.cn/models/{repository}/resolve/master/{path}"),
    "huggingface": ("Hugging Face", "https://huggingface.co/{repository}/resolve/{revision}/{path}"),
    "hf-mirror": ("hf-mirror", "https://hf-mirror.com/{repository}/resolve/{revision}/{path}"),
}
READ_TIMEOUT_S = 30.0
RETRIES = 4
"""How often in a row a connection may break without a byte more."""
CONTINUED = "已下载的部分留着；清理磁盘，或选一个小一点的模型，再下载一次，会接着继续。"
_CONTINUE = "检查网络后再下载一次，会接着已下载的部分继续；也可以换来源。"
_MIRROR = "换来源：--mirror huggingface"
_LOGIN = "在浏览器里登录上网；公司用代理的，把代理的用户名和密码也写上。"
_PROXY = "代理写在环境变量里：HTTPS_PROXY=http://用户名:密码@代理地址:端口；换来源：--mirror huggingface"
_STICK = f"{_MIRROR}；从 U 盘：--from 文件夹"


class SourceFailed(NotAvailable):
    """A source does not give the file, or not now; another one may."""


class _Broken(Exception):
    """The connection ended before the file did; asking again may help."""


class _Useless(Exception):
    """The part on disk cannot be continued; it has to start over."""


def url_of(model: Model, file: ModelFile, mirror: str) -> str:
    """Where a mirror has a file. mirror: a name of MIRRORS, or the URL of a server laid out like the model folder."""
    path = quote(file.path)
    if mirror in MIRRORS:
        repository = model.repositories.get("modelscope" if mirror == "modelscope" else "huggingface")
        if repository is None:
            raise SourceFailed(
                f"{mirror} 上没有 {model.name}。",
                "换一个来源，或用本地文件。",
                command=f"{_MIRROR}；用本地文件：--from 文件夹",
            )
        return MIRRORS[mirror][1].format(repository=repository, revision=model.revision or "main", path=path)
    if urlsplit(mirror).scheme in {"http", "https"} and urlsplit(mirror).hostname:
        return f"{mirror.rstrip('/')}/{model.name}/{path}"
    raise BadInput(f"不认识的下载来源：{mirror[:80]}。", f"可选 {'、'.join(MIRRORS)}，或一个 http(s):// 开头的网址。")


def mirror_name(mirror: str) -> str:
    """How a mirror is called in a sentence."""
    return MIRRORS[mirror][0] if mirror in MIRRORS else urlsplit(mirror).hostname or mirror


def fetch(
    url: str,
    target: Path,
    file: ModelFile,
    progress: Progress = lambda done: None,
    pause: Callable[[float], None] = time.sleep,
    listing: str = "",
) -> Fetched:
    """Bring a URL to `target`. What was downloaded stays in `<target>.part` until it is whole and checked.

    listing: where the server tells its files' hashes, asked where the catalogue knows none. A hash that comes with the
    file (Hugging Face's X-Linked-Etag) is compared as well.
    """
    part = target.with_name(f"{target.name}.part")
    by: By = "catalogue" if file.sha256 else "size"
    if by == "size" and (told := listed_hash(listing, file.path)):
        file, by = file.model_copy(update={"sha256": told}), "server"
    with writing(target, lambda: max(file.bytes - _size(part), 0)):
        target.parent.mkdir(parents=True, exist_ok=True)
        resumed = _size(part) > 0
        told = _fill(url, part, file, progress, pause)
        try:
            found = _checked(part, file, told)
        except BadFile:
            if not resumed:
                raise
            told = _fill(url, part, file, progress, pause)
            found = _checked(part, file, told)
        part.replace(target)
        forget(part)
    return Fetched(found, "server" if told and by == "size" else by)


@contextmanager
def writing(target: Path, missing: Callable[[], int] = lambda: 0) -> Iterator[None]:
    """Translate what may go wrong on the disk while a model file is written. missing: the bytes that are still to come."""
    try:
        yield
    except OSError as exc:
        if is_full(exc):
            raise full(target.parent, missing(), CONTINUED) from exc
        raise BadInput(
            f"模型文件夹写不进去：{target.parent}。",
            "改它的权限，或把环境变量 XIANGDAO_HOME 指到一个能写的文件夹。",
        ) from exc


def forget(part: Path) -> None:
    """Remove an unfinished file and what was noted about it."""
    part.unlink(missing_ok=True)
    _note(part).unlink(missing_ok=True)


def _checked(part: Path, file: ModelFile, told: str) -> str:
    """The sha256 of a part that is whole; one that is not is forgotten. told: by the server, where the catalogue knows none."""
    try:
        return check_file(part, file if file.sha256 or not told else file.model_copy(update={"sha256": told}))
    except BadFile:
        forget(part)
        raise


def _fill(url: str, part: Path, file: ModelFile, progress: Progress, pause: Callable[[float], None]) -> str:
    """Download until the file is whole; connections that break are taken up again. The hash that the server told, or nothing."""
    import httpx

    idle = 0
    headers = {"User-Agent": "xiangdao", "Accept-Encoding": "identity"}
    with httpx.Client(follow_redirects=True, timeout=READ_TIMEOUT_S, headers=headers) as client:
        while True:
            before = _size(part)
            try:
                return _take(client, url, part, file, progress)
            except _Useless:
                forget(part)
                idle += 1
            except httpx.ProxyError as exc:
                raise SourceFailed(f"代理不让连：{str(exc)[:60]}。", _LOGIN, command=_PROXY) from exc
            except (_Broken, httpx.TransportError) as exc:
                if isinstance(exc, httpx.UnsupportedProtocol):
                    raise BadInput(f"网址不对：{url[:120]}。", "检查来源的写法。", command=_MIRROR) from exc
                idle = 0 if _size(part) > before else idle + 1
                if idle >= RETRIES:
                    raise _given_up(url, part, file, str(exc) if isinstance(exc, _Broken) else "") from exc
            except (httpx.InvalidURL, httpx.TooManyRedirects) as exc:
                raise SourceFailed(f"下载地址用不了：{url[:120]}。", "换一个来源。", command=_MIRROR) from exc
            if idle >= RETRIES:
                raise _given_up(url, part, file)
            pause(min(2.0**idle / 2, 8.0))


def _given_up(url: str, part: Path, file: ModelFile, why: str = "") -> XiangdaoError:
    done, host = _size(part), urlsplit(url).hostname or url
    if not done:
        said = why or f"连不上 {host}"
        return SourceFailed(
            f"{said}，一点也没下到。",
            "检查网络或代理；也可以换来源，或在能上网的电脑上下好，用 U 盘拷来。",
            command=_STICK,
        )
    share = f"（{100 * done // file.bytes}%）" if file.bytes > done else ""
    return SourceFailed(
        f"下载断了：{why or f'{host} 那边连接中断'}，已下载 {done / 1e6:.1f} MB{share}。", _CONTINUE, command=_MIRROR
    )


def _take(client: httpx.Client, url: str, part: Path, file: ModelFile, progress: Progress) -> str:
    """One request; its bytes go to the end of the part. The hash that the server told, or nothing."""
    if _size(part) == file.bytes and file.sha256:
        return ""
    offset, headers = _continued(part, file, url)
    with client.stream("GET", url, headers=headers) as answer:
        if answer.status_code == 416:
            if offset and _range_total(answer) == offset:
                return told_hash(answer)
            raise _Useless
        _refuse(answer, url, file)
        first = _range_start(answer)
        if offset and first != offset:
            if first:
                raise _Useless
            offset = 0
        total = _total(answer, offset)
        if total is not None and not file.approximate and total != file.bytes:
            raise BadFile(
                f"{mirror_host(answer)} 上的 {part.stem} 有 {total} 字节，目录里记的是 {file.bytes} 字节，不是同一个文件。",
                "换一个来源，或等向导更新模型目录。",
                command=_MIRROR,
            )
        _remember(part, url, answer.headers.get("etag", ""))
        _write(answer, part, offset, progress)
        whole = total if file.approximate else file.bytes
        if whole is not None and _size(part) < whole:
            raise _Broken
        return told_hash(answer)


def mirror_host(answer: httpx.Response) -> str:
    """The server that gave an answer."""
    return answer.url.host or "服务器"


def _write(answer: httpx.Response, part: Path, offset: int, progress: Progress) -> None:
    encoded = answer.headers.get("content-encoding", "identity") != "identity"
    checked = offset > 0
    with part.open("ab" if offset else "wb") as out:
        for block in answer.iter_bytes() if encoded else answer.iter_raw():
            out.write(block)
            offset += len(block)
            if not checked and offset >= 4 and part.name.endswith(".gguf.part"):
                checked = True
                out.flush()
                _must_be_gguf(part)
            progress(offset)


def _must_be_gguf(part: Path) -> None:
    """Stop at the first bytes where a page or an archive comes instead of a model."""
    with part.open("rb") as file:
        if file.read(4) == b"GGUF":
            return
    forget(part)
    raise BadFile(
        f"收到的不是 GGUF 模型文件（{part.stem}），多半是一个网页。",
        "要登录的网络先登录；或换一个来源。",
        command=_MIRROR,
    )


def _refuse(answer: httpx.Response, url: str, file: ModelFile) -> None:
    """Translate what a server answers instead of the file."""
    status, host = answer.status_code, mirror_host(answer)
    if status in {200, 206}:
        if answer.url.scheme == "http" and urlsplit(url).scheme == "https":
            raise SourceFailed(f"{host} 转到了不加密的地址，没有下载。", "换一个来源。", command=_MIRROR)
        return
    if status in {407, 511}:
        raise SourceFailed(f"上网要先登录（{status}），没有下到 {file.path}。", _LOGIN, command=_PROXY)
    if status in {408, 425, 429} or status >= 500:
        raise _Broken(f"{host} 现在忙或出了故障（{status}）")
    if status in {404, 410}:
        raise SourceFailed(
            f"{host} 上没有 {file.path}（{status}）。",
            "换一个来源，或用本地文件。",
            command=f"{_MIRROR}；用本地文件：--from 文件夹",
        )
    if status in {401, 403}:
        raise SourceFailed(
            f"{host} 不让下载 {file.path}（{status}）。", "检查代理设置，或换一个来源。", command=_MIRROR
        )
    raise SourceFailed(f"{host} 给了看不懂的回答（{status}）。", "过一会儿再试，或换一个来源。", command=_MIRROR)


def _continued(part: Path, file: ModelFile, url: str) -> tuple[int, dict[str, str]]:
    """(offset, headers): continue a part whose whole has a known hash, or that came from this URL in this version."""
    size = _size(part)
    if size == 0:
        return 0, {}
    if not file.approximate and size > file.bytes:
        raise _Useless
    if file.sha256:
        return size, {"Range": f"bytes={size}-"}
    noted = _note(part).read_text("utf-8").split("\n") if _note(part).is_file() else []
    if len(noted) == 2 and noted[0] == url and noted[1].startswith('"'):
        return size, {"Range": f"bytes={size}-", "If-Range": noted[1]}
    return 0, {}


def _note(part: Path) -> Path:
    """The file beside a part that names its URL and version."""
    return part.with_name(f"{part.name}.from")


def _remember(part: Path, url: str, etag: str) -> None:
    _note(part).write_text(f"{url}\n{etag}", encoding="utf-8")


def _range_start(answer: httpx.Response) -> int:
    """Where an answer's bytes start. Some servers send a Content-Range with status 200, so the header decides."""
    found = re.match(r"bytes (\d+)-", answer.headers.get("content-range", ""))
    return int(found[1]) if found else 0


def _range_total(answer: httpx.Response) -> int | None:
    found = re.search(r"/(\d+)$", answer.headers.get("content-range", ""))
    return int(found[1]) if found else None


def _total(answer: httpx.Response, offset: int) -> int | None:
    """The size of the whole file in bytes, where the answer tells."""
    length = answer.headers.get("content-length", "")
    if answer.headers.get("content-encoding", "identity") != "identity":
        return None
    return _range_total(answer) or (offset + int(length) if length.isdecimal() else None)


def _size(path: Path) -> int:
    try:
        return path.stat().st_size
    except OSError:
        return 0
