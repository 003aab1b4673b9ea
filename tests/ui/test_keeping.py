"""What is kept of conversations can be taken out and deleted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.history import History, Turn
from ui.terminal import main


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> History:
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path))
    history = History(tmp_path / "conversations.db")
    history.add("a", Turn("我们做注塑，60人", "我们做注塑，60人", "我记下的"))
    history.add("b", Turn("MES是什么", "MES是什么", "制造执行系统 [1]"))
    return history


def test_export_gives_every_conversation_with_what_it_tells_of_the_firm(
    kept: History, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["export"]) == 0
    first, second = json.loads(capsys.readouterr().out)["conversations"]
    assert first["profile"]["employees"] == 60 and first["turns"][0]["question"] == "我们做注塑，60人"
    assert second["session"] == "b" and second["profile"] == {}


def test_export_writes_a_file(kept: History, tmp_path: Path) -> None:
    assert main(["export", "-o", str(tmp_path / "out.json")]) == 0
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))["conversations"]) == 2


def test_forget_asks_first_and_then_leaves_nothing(kept: History, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget"]) == 1 and kept.sessions() == ["a", "b"]
    assert "2 个对话" in capsys.readouterr().err
    assert main(["forget", "--yes"]) == 0 and kept.sessions() == []


def test_forget_can_take_one_conversation(kept: History) -> None:
    assert main(["forget", "--session", "a", "--yes"]) == 0
    assert kept.sessions() == ["b"]


def test_there_may_be_nothing_to_export_or_forget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path))
    assert main(["forget", "--yes"]) == 0 and main(["export"]) == 0
    assert "没有可删的对话" in capsys.readouterr().out
