"""Pages of the open web, fetched only because a command named them.

http and https only; every address that a name stands for must be public, on every hop, and the connection is made to the
address that was checked. Limits: size after unpacking, time, redirects.
"""

from __future__ import annotations

import ipaddress
import re
import socket
import threading
import time
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotInTime  # before Python 3.11 another than the built-in
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote, urljoin, urlsplit

from core.errors import BadFile
from ingest.readers import CONVERTED

if TYPE_CHECKING:
    import httpx

TOTAL_S = 60.0
CONNECT_S = 10.0
HOPS = 5
SLOW_TIMES = 2
SLOW_S = 600.0
LONGEST = 2000
NAME_CHARACTERS = 60
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")
_KINDS = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "application/pdf": ".pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": ".pptx",
    "application/ofd": ".ofd",
    "application/msword": ".doc",
    "application/vnd.ms-excel": ".xls",
    "application/vnd.ms-powerpoint": ".ppt",
    "application/rtf": ".rtf",
    "text/rtf": ".rtf",
    "text/csv": ".csv",
    "image/png": ".png",
    "image/jpeg": ".jpg",
}
_SAVE = "在浏览器里打开它，把网页或附件存到本机再录入。"


@dataclass(frozen=True)
class Page:
    """What an address gave. address: where it was found after redirects; name: a file name for it."""

    data: bytes
    suffix: str
    name: str
    address: str


def is_address(text: str) -> bool:
    """Whether a command's argument is an address and no path."""
    return bool(_ADDRESS.match(text))


def fetch(address: str, largest: int, total_s: float = TOTAL_S) -> Page:
    """Get one page of at most `largest` bytes within `total_s` seconds; every way in which that fails is a BadFile."""
    host = _parts(address)[0]
    _slow.check(host)
    given: Future[Page] = Future()

    def get() -> None:
        try:
            given.set_result(_got(address, largest, time.monotonic() + total_s))
        except Exception as exc:
            given.set_exception(exc)

    threading.Thread(target=get, name="fetch", daemon=True).start()
    try:
        return given.result(total_s)
    except NotInTime as exc:  # a site that sends a byte now and then outlasts every limit on the single read
        _slow.note(host)
        raise _too_slow(total_s) from exc


class SlowHosts:
    """Hosts whose pages did not come in time: the next ones are not waited for, so that a list of them holds nobody up."""

    def __init__(self) -> None:
        self._noted: dict[str, list[float]] = {}

    def note(self, host: str) -> None:
        """A page of this host did not come in time."""
        self._noted.setdefault(host, []).append(time.monotonic())

    def check(self, host: str) -> None:
        """BadFile where that has happened often of late."""
        late = [at for at in self._noted.get(host, ()) if time.monotonic() - at < SLOW_S]
        self._noted[host] = late
        if len(late) >= SLOW_TIMES:
            raise BadFile(f"{host[:80]} 前几个网页都传得太慢，这个没有再试。", f"过一会儿再试；或{_SAVE}")


_slow = SlowHosts()


def _got(address: str, largest: int, ends: float) -> Page:
    """The page, after its redirects. ends: when the thread gives up, which who waits for it has done by then."""
    import httpx

    try:
        with httpx.Client(timeout=httpx.Timeout(20.0, connect=CONNECT_S), follow_redirects=False) as client:
            for _ in range(HOPS + 1):
                found = _once(client, address, largest, ends)
                if isinstance(found, Page):
                    return found
                address = found
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as exc:
        raise BadFile("网页打不开：连不上，或对方没有回应。", f"检查网址和网络；或{_SAVE}") from exc
    raise BadFile("网页一再跳转到别处，没有取到。", _SAVE)


def _too_slow(total_s: float) -> BadFile:
    return BadFile(f"网页 {total_s:.0f} 秒还没有传完，已停止。", _SAVE)


def _once(client: httpx.Client, address: str, largest: int, ends: float) -> Page | str:
    """One request: the page, or the address it sends to."""
    import httpx

    host, port, scheme = _parts(address)
    checked = checked_address(host, port)
    url = httpx.URL(address)
    request = client.build_request(
        "GET",
        url.copy_with(host=checked, port=port, fragment=None),
        headers={
            "Host": url.netloc.decode("ascii"),
            "User-Agent": "Mozilla/5.0 (compatible; xiangdao)",
            "Accept": "text/html,application/pdf,*/*;q=0.5",
            "Accept-Language": "zh-CN,zh;q=0.9",
        },
        extensions={"sni_hostname": url.raw_host.decode("ascii")} if scheme == "https" else None,
    )
    response = client.send(request, stream=True)
    try:
        if response.has_redirect_location:
            return urljoin(address, response.headers["location"])
        if response.status_code != 200:
            raise BadFile(f"网页打不开（对方回复 {response.status_code}）。", f"检查网址；或{_SAVE}")
        data = _body(response, largest, ends)
    finally:
        response.close()
    suffix = suffix_of(data, response.headers.get("content-type", ""), address)
    return Page(data, suffix, name_of(address, suffix), address)


def _parts(address: str) -> tuple[str, int, str]:
    """Host, port and scheme of an address; BadFile where it is not one of the open web."""
    try:
        parts = urlsplit(address)
        host, port = parts.hostname or "", parts.port
    except ValueError as exc:
        raise BadFile("网址写得不对。", "从浏览器的地址栏整个复制过来。") from exc
    if parts.scheme not in {"http", "https"}:
        raise BadFile("只能录入 http 和 https 开头的网址。", "本机的文件请直接给出路径。")
    if not host or len(address) > LONGEST or parts.username is not None:
        raise BadFile("网址写得不对。", "从浏览器的地址栏整个复制过来；不要带用户名和密码。")
    return host, port or (443 if parts.scheme == "https" else 80), parts.scheme


def checked_address(host: str, port: int) -> str:
    """The address to connect to for a host; BadFile unless every address it stands for is public."""
    try:
        found = {str(info[4][0]) for info in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)}
    except (OSError, UnicodeError) as exc:
        raise BadFile(f"找不到这个网站：{host[:80]}。", "检查网址和网络。") from exc
    if not found or not all(map(is_public, found)):
        raise BadFile("这个网址指向本机或内部网络，不能录入。", "内网的资料请存成文件再录入。")
    return sorted(found, key=lambda a: (":" in a, a))[0]


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open internet, also where it is wrapped in another."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in ipaddress.ip_network("64:ff9b::/96"):
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            ip = inner
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


def _body(response: httpx.Response, largest: int, ends: float) -> bytes:
    parts: list[bytes] = []
    size = 0
    for chunk in response.iter_bytes():  # as it comes: pieces of a fixed size would wait for a site that drips
        size += len(chunk)
        if size > largest:
            raise BadFile(f"网页或文件太大（最多 {largest // 1024**2} MB），没有录入。", _SAVE)
        if time.monotonic() > ends:
            raise _too_slow(TOTAL_S)
        parts.append(chunk)
    return b"".join(parts)


def suffix_of(data: bytes, content_type: str, address: str) -> str:
    """What kind of file was sent: by its first bytes, else as the server says, else by its name; .html where unsure."""
    if data.startswith(b"%PDF-"):
        return ".pdf"
    if data.startswith(b"\x89PNG"):
        return ".png"
    if data.startswith(b"\xff\xd8\xff"):
        return ".jpg"
    named = PurePosixPath(unquote(urlsplit(address).path)).suffix.lower()
    if data.startswith(b"PK\x03\x04"):
        return _KINDS.get(content_type.partition(";")[0].strip().lower()) or named or ".zip"
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _KINDS and (kind, named) != ("text/plain", ".csv"):
        return _KINDS[kind]
    return named if named in {".txt", ".md", ".csv", ".ofd", ".rar", *CONVERTED} else ".html"


def name_of(address: str, suffix: str = ".html") -> str:
    """A file name for what stands at an address."""
    parts = urlsplit(address)
    stem = PurePosixPath(unquote(parts.path)).stem
    host = (parts.hostname or "").removeprefix("www.")
    return f"{host}_{stem}"[:NAME_CHARACTERS].rstrip("_") + suffix
