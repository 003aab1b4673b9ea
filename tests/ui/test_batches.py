"""Whole folders sent by a browser: kept as one batch, handed in as one job, every file that was chosen accounted for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.errors import BadInput, XiangdaoError
from core.settings import Settings
from corpus.index import Index
from ingest.jobs import Jobs
from tests.ingest.conftest import corpus  # noqa: F401
from ui import batches as module
from ui.batches import Batches, shown_path

BATCH = "0123456789abcdef" * 2
TEXT = "每周五下班前清点备件，由仓库班长签字。".encode()


@pytest.fixture
def batches(tmp_path: Path) -> Batches:
    return Batches(tmp_path / "incoming-batches")


def send(batches: Batches, name: str, data: bytes = TEXT, number: str = BATCH) -> str:
    """What is told of a file that is not taken; empty where it is."""

    async def stream() -> AsyncIterator[bytes]:
        yield data

    try:
        asyncio.run(batches.receive(number, name, stream()))
    except XiangdaoError as exc:
        return str(exc)
    return ""


def test_a_folder_becomes_one_job_that_tells_of_every_file(batches: Batches, tmp_path: Path, corpus: Path) -> None:  # noqa: F811
    jobs = Jobs(Index(Settings(home=tmp_path), corpus=corpus))
    assert not send(batches, "资料/一/备件.txt") and not send(batches, "资料/二/备件.txt", TEXT + "另附。".encode())
    assert "隐藏" in send(batches, "资料/.DS_Store", b"") and "隐藏" in send(batches, "资料/.git/a.txt")
    assert "临时" in send(batches, "资料/~$备件.docx") and "不认识" in send(batches, "资料/x.exe", b"")
    assert "空的" in send(batches, "资料/空.txt", b"")
    assert batches.hand_in(BATCH, jobs, "我的", "li") == (2, 5)
    (job,) = jobs.jobs("li")
    assert [t.name for t in jobs.tasks(job.job_id, "li", "queued")] == ["资料/一/备件.txt", "资料/二/备件.txt"]
    assert jobs.work() and jobs.report(job.job_id, "li").counts == {"added": 2, "failed": 2, "skipped": 3}
    assert not list((tmp_path / "inbox").iterdir()) and not list((tmp_path / "incoming-batches").iterdir())
    with pytest.raises(BadInput):
        batches.hand_in(BATCH, jobs, "我的", "li")


def test_a_batch_has_an_end(batches: Batches, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 2)
    assert not send(batches, "1.txt") and not send(batches, "2.txt")
    assert "最多" in send(batches, "3.txt")
    monkeypatch.setattr(module, "BATCHES", 1)
    assert "太多" in send(batches, "1.txt", number="f" * 32)


@pytest.mark.parametrize("number", ["", "../../x", "0" * 31, "g" * 32])
def test_a_number_that_is_none_is_refused(batches: Batches, number: str, tmp_path: Path) -> None:
    assert "编号" in send(batches, "a.txt", number=number)
    assert not list(tmp_path.rglob("a.txt"))


@pytest.mark.parametrize("name", ["../../跑出去.txt", "/etc/跑出去.txt", "C:\\a\\跑出去.txt", "a/../../跑出去.txt"])
def test_a_path_leads_nowhere_else(batches: Batches, name: str, tmp_path: Path) -> None:
    send(batches, name)
    assert all(p.is_relative_to(tmp_path / "incoming-batches") for p in tmp_path.rglob("跑出去.txt"))


def test_a_path_is_shown_without_marks_that_turn_it() -> None:
    assert shown_path("夹\\a\u202etxt.exe\n") == "夹/a_txt.exe_" and len(shown_path("长" * 999)) == 300
