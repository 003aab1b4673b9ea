"""A watched folder: new and changed files are handed in once they have stopped changing."""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from corpus.index import Index
from ingest.jobs import Jobs
from ingest.watch import Watcher


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "收件箱"
    path.mkdir()
    return path


@pytest.fixture
def watcher(index: Index, folder: Path) -> Watcher:
    return Watcher(Jobs(index), [folder], "public", "li")


def put(path: Path, text: str, at: int = 1) -> None:
    path.write_text(text, "utf-8")
    os.utime(path, ns=(at * 10**9, at * 10**9))


def handed_in(watcher: Watcher, job_id: str | None) -> list[str]:
    return [task.name for task in watcher._jobs.tasks(job_id, "li")] if job_id else []


def test_a_file_is_handed_in_once_it_has_stopped_changing(watcher: Watcher, folder: Path) -> None:
    put(folder / "通知.txt", "还在写")
    assert watcher.scan() is None
    put(folder / "通知.txt", "还在写，写完了。", at=2)
    assert watcher.scan() is None
    assert handed_in(watcher, watcher.scan()) == ["通知.txt"]
    assert watcher.scan() is None


def test_a_changed_file_comes_again_and_an_unchanged_one_does_not_after_a_restart(
    watcher: Watcher, folder: Path, index: Index
) -> None:
    for name in ("甲.txt", "乙.txt"):
        put(folder / name, f"{name}的正文。")
    watcher.scan()
    assert handed_in(watcher, watcher.scan()) == ["乙.txt", "甲.txt"]
    put(folder / "甲.txt", "改过的正文。", at=9)
    again = Watcher(Jobs(index), [folder], "public", "li")
    again.scan()
    assert handed_in(again, again.scan()) == ["甲.txt"]


def test_hidden_files_other_kinds_and_links_that_lead_out_are_left_alone(
    watcher: Watcher, folder: Path, tmp_path: Path
) -> None:
    (tmp_path / "外面.txt").write_text("不该录。", "utf-8")
    (folder / "链接.txt").symlink_to(tmp_path / "外面.txt")
    for name in (".隐藏.txt", "~$草稿.txt", "图.xyz"):
        put(folder / name, "不该录。")
    watcher.scan()
    assert watcher.scan() is None


def test_watching_goes_on_until_it_is_ended(watcher: Watcher, folder: Path) -> None:
    put(folder / "通知.txt", "每月一号盘库。")
    ending = threading.Event()
    seen = []
    for job_id in watcher.run(ending, each_s=0.01):
        seen.append(job_id)
        ending.set()
    assert len(seen) == 1
