"""Web addresses: never inward, whatever name or redirect leads there; size, time and kind."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from core.errors import BadFile
from eval.made_documents import Content, pdf
from ingest import load, web

PAGE = "<html><body><article><p>补助比例百分之四十，最高五十万元。</p></article></body></html>".encode()


class Site(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        if self.path == "/away":
            self.send_response(302)
            self.send_header("Location", "http://169.254.169.254/latest/meta-data")
            self.end_headers()
            return
        if self.path == "/round":
            self.send_response(302)
            self.send_header("Location", "/round")
            self.end_headers()
            return
        if self.path == "/drip":
            self.send_response(200)
            self.end_headers()
            with suppress(OSError):
                for _ in range(100):
                    self.wfile.write(b"12345678")
                    time.sleep(0.1)
            return
        body, kind = {
            "/tz.html": (PAGE, "text/html; charset=utf-8"),
            "/large": (b"0" * 5000, "text/plain"),
            "/file": (pdf(Content("样例办法", ("正文。",))), "application/octet-stream"),
        }.get(self.path, (b"", ""))
        self.send_response(200 if body else 404)
        self.send_header("Content-Type", kind)
        self.send_header("X-Host", self.headers["Host"])
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture
def site(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A site on this machine that counts as public under its name, and no other address does."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    real = web.checked_address
    monkeypatch.setattr(
        web, "checked_address", lambda host, port: "127.0.0.1" if host == "site.example" else real(host, port)
    )
    yield f"http://site.example:{server.server_port}"
    server.shutdown()
    server.server_close()


def test_a_page_and_a_file_are_fetched(site: str) -> None:
    page = load.load(f"{site}/tz.html")
    assert (page.data, page.suffix, page.name) == (PAGE, ".html", "site.example_tz.html")
    assert load.load(f"{site}/file").suffix == ".pdf"


def test_a_redirect_inward_is_refused(site: str) -> None:
    with pytest.raises(BadFile, match="内部网络"):
        web.fetch(f"{site}/away", 10_000)


def test_a_site_that_drips_is_given_up_in_time_and_its_next_pages_are_not_waited_for(
    site: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "_slow", web.SlowHosts())
    for _ in range(web.SLOW_TIMES):
        with pytest.raises(BadFile, match="没有传完"):
            web.fetch(f"{site}/drip", 10_000, total_s=0.3)
    with pytest.raises(BadFile, match="没有再试"):
        web.fetch(f"{site}/tz.html", 10_000)
    web.SlowHosts().check("other.example")


def test_redirects_without_end_size_and_absence_are_told(site: str) -> None:
    for path, said in (("/round", "跳转"), ("/large", "太大"), ("/none", "404")):
        with pytest.raises(BadFile, match=said):
            web.fetch(site + path, 1000)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "10.1.2.3", "192.168.1.1", "172.16.0.9", "169.254.169.254", "0.0.0.0", "100.64.1.1", "224.0.0.1", "255.255.255.255",
        "::1", "::", "fe80::1%eth0", "fc00::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::a00:1", "2002:7f00:1::", "ff02::1", "not an address",
    ],
)  # fmt: skip
def test_inward_addresses_are_not_public(address: str) -> None:
    assert not web.is_public(address)


@pytest.mark.parametrize("address", ["1.1.1.1", "114.114.114.114", "2400:3200::1", "::ffff:1.1.1.1"])
def test_the_open_internet_is(address: str) -> None:
    assert web.is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://[::1]/",
        "http://10.0.0.1:8080/x",
        "http://2130706433/",
        "http://0x7f.1/",
    ],
)
def test_addresses_of_this_machine_are_refused_however_they_are_written(address: str) -> None:
    with pytest.raises(BadFile):
        web.fetch(address, 1000)


@pytest.mark.parametrize(
    "address",
    ["file:///etc/passwd", "ftp://example.com/x", "http://", "http://a:b@example.com/", "http://[/", "http://x:99999/"],
)
def test_other_kinds_of_addresses_are_refused(address: str) -> None:
    with pytest.raises(BadFile):
        web.fetch(address, 1000)


def test_a_name_with_one_inward_address_among_others_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def found(*_: Any, **__: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (a, 80)) for a in ("1.1.1.1", "10.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", found)
    with pytest.raises(BadFile, match="内部网络"):
        web.checked_address("site.example", 80)


def test_an_address_gives_a_file_name() -> None:
    assert web.name_of("https://www.example.gov.cn/art/2026/tz_1.html") == "example.gov.cn_tz_1.html"
    assert web.name_of("https://example.com/") == "example.com.html"
    assert web.is_address("https://example.com") and not web.is_address("C:/资料") and not web.is_address("资料")
