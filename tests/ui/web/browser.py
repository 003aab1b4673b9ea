"""A server of the page and tabs in a real browser (Debian's chromium); nothing may leave this machine."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, Page, Request

ROOT = Path(__file__).parents[3]
CHROMIUM = os.environ.get("XIANGDAO_CHROMIUM") or next(
    filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None
)
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]


@dataclass
class Server:
    url: str
    process: subprocess.Popen[bytes]
    log: Path
    home: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def port(self) -> int:
        return urlsplit(self.url).port or 0


@dataclass
class Tab:
    page: Page
    elsewhere: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def ask(self, question: str) -> None:
        """Type a question, send it and wait for its answer."""
        number = self.page.locator(".exchange").count() + 1
        self.page.fill("#box textarea", question)
        self.page.press("#box textarea", "Enter")
        self.answered(number)

    def answered(self, number: int) -> None:
        finished = f'#live .exchange[data-number="{number}"]:not([data-state="working"])'
        self.page.wait_for_selector(finished, timeout=30_000)
        self.page.wait_for_selector("#send", state="visible")

    def go(self, path: str) -> Page:
        """Open one of the pages by its path and wait until it is there."""
        with self.arriving():
            self.page.evaluate("path => { location.hash = path }", path)
        return self.page

    def press(self, selector: str) -> Page:
        """Click on what sends a form or leads to a page, and wait for what comes."""
        with self.arriving():
            self.page.click(selector)
        return self.page

    @contextmanager
    def arriving(self) -> Iterator[None]:
        """Wait, after what the block does, until another page has arrived than stands there now."""
        number = "document.querySelector('#view .shown')?.dataset.number"
        before = self.page.evaluate(number)
        yield
        self.page.wait_for_function(f"before => {number} !== (before ?? undefined)", arg=before)
        self.page.wait_for_selector("#view .page")


@contextmanager
def serving(home: Path, port: int = 0) -> Iterator[Server]:
    """The page's server over a data folder, in a process of its own."""
    log = home / "server.log"
    env = {**os.environ, "XIANGDAO_HOME": str(home), "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    env |= {"XIANGDAO_ENGINE": "extractive", "XIANGDAO_PORT": str(port)}
    with log.open("w", encoding="utf-8") as out:
        command = [sys.executable, str(Path(__file__).with_name("server.py"))]
        process = subprocess.Popen(command, env=env, cwd=home, stdout=out, stderr=out)
    try:
        deadline = time.monotonic() + 120
        while not (ready := re.search(r"http://127\.0\.0\.1:\d+/", log.read_text(encoding="utf-8"))):
            assert process.poll() is None and time.monotonic() < deadline, log.read_text(encoding="utf-8")
            time.sleep(0.05)
        yield Server(ready[0], process, log, home)
    finally:
        process.terminate()
        process.wait(10)


@contextmanager
def opened(
    context: BrowserContext, url: str, width: int = 1366, height: int = 768, quiet: bool = True
) -> Iterator[Tab]:
    """A tab on the page; closing it checks that it asked no other host, showed no dialog and raised nothing.

    quiet: False for a test that takes the server away, which the browser reports as errors.
    """
    tab = Tab(context.new_page())

    def note(request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            tab.elsewhere.append(request.url)

    tab.page.on("request", note)
    tab.page.set_viewport_size({"width": width, "height": height})
    tab.page.on("pageerror", lambda error: tab.faults.append(str(error)))
    if quiet:
        tab.page.on("dialog", lambda dialog: (tab.faults.append(dialog.message), dialog.dismiss()))
        tab.page.on("console", lambda line: tab.faults.append(line.text) if line.type == "error" else None)
    tab.page.goto(url)
    tab.page.wait_for_selector(".ready #box textarea", state="attached")
    yield tab
    assert not tab.elsewhere, tab.elsewhere
    assert not (quiet and tab.faults), tab.faults
    tab.page.close()


def overflow(page: Page) -> int:
    """Pixels by which the page is wider than its window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))
