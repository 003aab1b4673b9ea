"""`xiangdao ingest` on a folder: what it says at the end, the list as a table, its status; how fast it says it goes."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ui.command import xiangdao
from ui import ingest_commands
from ui.ingest_commands import Pace
from ui.screen import _columns, _within


def test_a_folder_is_reported_and_listed_in_a_table(tmp_path: Path) -> None:
    folder = tmp_path / "资料"
    folder.mkdir()
    (folder / "备件.txt").write_text("每周五下班前清点备件，由仓库班长签字。", "utf-8")
    (folder / "坏.txt").write_bytes(b"\x00\x01")
    (folder / "~$备件.docx").write_bytes(b"x")
    table = tmp_path / "结果.csv"
    ran = xiangdao("ingest", folder, "--report", table)
    assert ran.code == 1
    assert "录入 1 份，没录进去 1 份，不用录 1 份" in ran.err and "临时文件（1 份）" in ran.err
    assert "~$备件.docx" not in ran.out and "份/秒" not in ran.err
    rows = table.read_bytes().decode("utf-8-sig").split("\r\n")
    assert rows[0] == "文件,结果,资料编号,段数,说明" and sum("不用录" in row for row in rows) == 1
    again = xiangdao("ingest", folder)
    assert "没有变化 1 份" in again.err


def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("每周五清点备件。", "utf-8")
    for report in (tmp_path / "a.docx", tmp_path / "没有" / "a.csv"):
        ran = xiangdao("ingest", path, "--report", report)
        assert ran.code == 1 and "--report" in ran.err and "已录入" not in ran.out


def test_pace_tells_the_rate_and_what_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter((0.0, 1.0, 10.0))
    monkeypatch.setattr(ingest_commands.time, "monotonic", lambda: next(clock))
    pace = Pace()
    assert (pace.told(0, 1000), pace.told(50, 1000)) == ("", "")
    assert pace.told(100, 1000) == "10.0 份/秒 还要约 2 分钟 "


def test_a_line_of_progress_fits_the_screen() -> None:
    assert _columns("录入 [") == 6 and _within("第1号通知.txt", 8) == "第1号通" and _within("abc", 9) == "abc"
