"""The page's server and the browser, once for all tests of the page."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.ui.web.browser import CHROMIUM, FLAGS, Server, Tab, opened, serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext


@pytest.fixture(scope="session")
def server(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    folder = tmp_path_factory.mktemp("web") / "home"
    shutil.copytree(home, folder)
    with serving(folder) as running:
        yield running


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    # By module: while it runs, its event loop would keep other tests from asyncio.run.
    api = pytest.importorskip("playwright.sync_api", reason="缺 playwright：python3 start.py test 会装")
    if not CHROMIUM or not Path(CHROMIUM).exists():
        pytest.skip("缺 chromium 浏览器（装上它，或用 XIANGDAO_CHROMIUM 指明位置）")
    with api.sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield started
        started.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser of its own, with a user of its own."""
    made = browser.new_context(locale="en-US")
    made.add_cookies([{"name": "xiangdao_user", "value": f"u-{uuid.uuid4().hex}", "url": "http://127.0.0.1/"}])
    yield made
    made.close()


@pytest.fixture
def laptop(context: BrowserContext, server: Server) -> Iterator[Tab]:
    with opened(context, server.url, 1366, 768) as tab:
        yield tab


@pytest.fixture
def phone(context: BrowserContext, server: Server) -> Iterator[Tab]:
    with opened(context, server.url, 390, 844) as tab:
        yield tab
