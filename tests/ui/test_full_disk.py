"""Wherever the user has something written, a full disk is one sentence, leaves nothing half done, and all goes well afterwards."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
from collections import namedtuple
from collections.abc import AsyncIterator, Iterator
from concurrent.futures import Future
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.routing import Route
from starlette.testclient import TestClient

from core.errors import DiskFull
from core.settings import Settings
from corpus.index import Index
from ingest.jobs import Jobs
from tests.ingest.conftest import corpus  # noqa: F401
from tests.limits import files_of_at_most
from tests.ui.command import Ran, xiangdao
from ui.batches import Batches
from ui.model_commands import write_setting
from ui.uploads import Uploads
from ui.web_server import receiving

LONG = "每周五下班前清点备件，由仓库班长签字。".encode() * 1000
BATCH = "0123456789abcdef" * 2
SIZE = ["tool", "size_class", "--args", '{"行业": "注塑", "从业人员": 280, "营业收入万元": 19000}']


@pytest.fixture
def use(copy_of_home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XIANGDAO_HOME", str(copy_of_home))
    return copy_of_home


async def pieces() -> AsyncIterator[bytes]:
    yield LONG[:1000]
    yield LONG[1000:]


def told(ran: Ran, folder: Path) -> bool:
    """Whether a full disk was told in one sentence that says where."""
    first = ran.err.strip().splitlines()[-2]
    return ran.code == 1 and "写不下去" in first and str(folder) in first and "意料之外" not in ran.err


# ---- what the browser sends


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[TestClient]:
    """Who sends files to the page."""
    site: Future[Any] = Future()
    site.set_result(SimpleNamespace(uploads=Uploads(tmp_path / "incoming"), batches=Batches(tmp_path / "batches")))
    with TestClient(Starlette(routes=[Route("/upload", receiving(site), methods=["POST"])])) as client:
        yield client


def left(tmp_path: Path) -> list[str]:
    return [path.name for path in tmp_path.rglob("*") if path.is_file()]


@pytest.mark.parametrize("asked", [{}, {"batch": BATCH}])
def test_an_upload_without_room_is_told_and_comes_in_when_there_is(
    browser: TestClient, tmp_path: Path, asked: dict[str, str]
) -> None:
    def send() -> Any:
        return browser.post("/upload", params={"name": "备件.txt", **asked}, content=LONG)

    with files_of_at_most(1000):
        refused = send()
    assert refused.status_code == 422 and "文件写不下去" in refused.text and left(tmp_path) == []
    assert send().status_code == 200 and left(tmp_path) == ["备件.txt"]


def test_an_upload_that_would_not_fit_is_not_begun_and_it_is_said_how_much_is_missing(
    browser: TestClient, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage(10**9, 10**9, 2 * 2**20))
    refused = browser.post("/upload", params={"name": "备件.txt"}, content=b"x" * 3 * 2**20)
    assert refused.status_code == 422 and left(tmp_path) == []
    assert "磁盘满了" in refused.text and str(tmp_path) in refused.text and "还要再腾出约 3.0 MB" in refused.text


def test_a_batch_that_cannot_be_queued_is_kept_and_handed_in_later(tmp_path: Path, corpus: Path) -> None:  # noqa: F811
    batches, jobs = Batches(tmp_path / "incoming-batches"), Jobs(Index(Settings(home=tmp_path), corpus=corpus))
    asyncio.run(batches.receive(BATCH, "资料/备件.txt", pieces()))
    with files_of_at_most(1000), pytest.raises(DiskFull):
        batches.hand_in(BATCH, jobs, "我的", "li")
    assert jobs.jobs("li") == [] and not list((tmp_path / "inbox").glob("*"))
    assert batches.hand_in(BATCH, jobs, "我的", "li") == (1, 0)
    (job,) = jobs.jobs("li")
    assert jobs.work() and jobs.report(job.job_id, "li").counts == {"added": 1}


# ---- what a command writes


@pytest.mark.parametrize("ending", ["docx", "pdf", "xlsx"])
def test_a_report_without_room_leaves_the_old_one_as_it_was(use: Path, tmp_path: Path, ending: str) -> None:
    path = tmp_path / "out" / f"a.{ending}"
    assert xiangdao(*SIZE, "--out", path).code == 0
    before = path.read_bytes()
    with files_of_at_most(2000):
        ran = xiangdao(*SIZE, "--out", path)
    assert ran.code == 1 and "文件写不下去" in ran.err and "意料之外" not in ran.err
    assert path.read_bytes() == before and list(path.parent.iterdir()) == [path]


def test_an_export_without_room_leaves_nothing_half_done(use: Path, tmp_path: Path) -> None:
    for question in ("APS是啥？", "WMS是什么意思"):
        xiangdao("ask", question, "--session", "a")
    path = tmp_path / "out" / "export.json"
    path.parent.mkdir()
    with files_of_at_most(500):
        ran = xiangdao("export", "-o", path)
    assert told(ran, path.parent) and not list(path.parent.iterdir())
    assert xiangdao("export", "-o", path).code == 0 and len(json.loads(path.read_text("utf-8"))["people"]) == 1


def test_of_a_batch_without_room_the_whole_lines_stay(use: Path, tmp_path: Path) -> None:
    asked, out = tmp_path / "q.jsonl", tmp_path / "a.jsonl"
    asked.write_text("\n".join(json.dumps({"id": n, "question": "WMS是什么意思"}) for n in range(3)), "utf-8")
    assert xiangdao("batch", asked, "-o", out).code == 0
    whole = out.read_bytes()
    with files_of_at_most(len(whole) // 2):
        ran = xiangdao("batch", asked, "-o", out)
    assert told(ran, tmp_path) and "写完的几行留着" in ran.err
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == [0]


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_sheet_of_programmes_without_room_leaves_nothing_half_done(use: Path, tmp_path: Path, name: str) -> None:
    path = tmp_path / "out" / name
    path.parent.mkdir()
    with files_of_at_most(2000):
        ran = xiangdao("docs", "programmes", "export", path)
    assert ran.code == 1 and "文件写不下去" in ran.err and not list(path.parent.iterdir())


def test_a_setting_without_room_leaves_the_others_as_they_were(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text('user = "li"\n', "utf-8")
    with files_of_at_most(10), pytest.raises(DiskFull):
        write_setting(path, "model", "tiny")
    assert path.read_text("utf-8") == 'user = "li"\n' and left(tmp_path) == ["config.toml"]


# ---- rights


@pytest.mark.skipif(os.name != "posix", reason="Windows has other rights")
def test_what_a_command_writes_for_the_user_has_her_rights_and_the_data_folder_stays_private(
    use: Path, tmp_path: Path
) -> None:
    asked = tmp_path / "q.jsonl"
    asked.write_text('{"id": 1, "question": "WMS是什么意思"}', "utf-8")
    before = os.umask(0o022)
    try:
        xiangdao("ask", "APS是啥？", "--session", "a")
        xiangdao("batch", asked, "-o", tmp_path / "a.jsonl")
        xiangdao("export", "-o", tmp_path / "b.json")
        xiangdao(*SIZE, "--out", tmp_path / "new" / "c.docx")
        xiangdao("docs", "programmes", "export", tmp_path / "d.csv")
    finally:
        os.umask(before)
    made = [tmp_path / name for name in ("a.jsonl", "b.json", "new/c.docx", "d.csv")]
    assert [path.stat().st_mode & 0o777 for path in made] == [0o644] * 4
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o755
    assert (use / "conversations.db").stat().st_mode & 0o077 == 0
