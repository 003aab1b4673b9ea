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
    (person,) = json.loads(capsys.readouterr().out)["people"]
    first, second = person["conversations"]
    assert first["told"]["employees"] == 60 and first["turns"][0]["question"] == "我们做注塑，60人"
    assert second["session"] == "b" and second["told"] == {}


def test_export_writes_a_file(kept: History, tmp_path: Path) -> None:
    assert main(["export", "-o", str(tmp_path / "out.json")]) == 0
    assert len(json.loads((tmp_path / "out.json").read_text("utf-8"))["people"][0]["conversations"]) == 2


def test_forget_asks_first_and_then_leaves_nothing(kept: History, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget"]) == 1 and kept.sessions() == ["a", "b"]
    assert "2 个对话" in capsys.readouterr().err
    assert main(["forget", "--yes"]) == 0 and kept.sessions() == []


def test_forget_can_take_one_conversation(kept: History) -> None:
    assert main(["forget", "--session", "a", "--yes"]) == 0
    assert kept.sessions() == ["b"]


def test_forgetting_a_conversation_that_is_not_there_says_so_and_fails(
    kept: History, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["forget", "--session", "c", "--yes"]) == 1 and kept.sessions() == ["a", "b"]
    assert "没有编号为 c 的对话" in capsys.readouterr().err


def test_there_may_be_nothing_to_export_or_forget(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path))
    assert main(["forget", "--session", "a", "--yes"]) == 1
    assert main(["forget", "--yes"]) == 0 and main(["export"]) == 0
    assert "不用删" in capsys.readouterr().out


def test_one_user_neither_exports_nor_deletes_what_is_another_s(
    kept: History, capsys: pytest.CaptureFixture[str]
) -> None:
    other = kept.of("xiao.li")
    other.add("a", Turn("小李的问题", "小李的问题", "……"))
    assert main(["export"]) == 0 and "小李" not in capsys.readouterr().out
    assert main(["export", "--user", "xiao.li"]) == 0
    said = capsys.readouterr().out
    assert "小李的问题" in said and "注塑" not in said
    assert main(["forget", "--yes"]) == 0
    assert kept.sessions() == [] and other.sessions() == ["a"]
    assert main(["forget", "--all-users", "--yes"]) == 0
    assert other.sessions() == []


def test_the_profile_is_kept_only_when_allowed_shown_with_its_words_corrected_and_forgotten(
    kept: History, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["profile", "show"]) == 0 and "没有保存企业档案" in capsys.readouterr().out
    assert main(["profile", "set", "从业人员", "80"]) == 1 and "还没有同意" in capsys.readouterr().err
    assert main(["profile", "allow"]) == 0
    assert main(["profile", "set", "从业人员", "80"]) == 0 and main(["profile", "set", "行业", "注塑"]) == 0
    assert main(["profile", "set", "老板", "张三"]) == 1 and main(["profile", "set", "从业人员", "许多"]) == 1
    capsys.readouterr()
    assert main(["profile", "show"]) == 0
    said = capsys.readouterr().out
    assert "一共多少人 80" in said and "还不知道：企业名称" in said
    assert main(["profile", "set", "从业人员", ""]) == 0 and main(["profile", "forget"]) == 0
    capsys.readouterr()
    main(["profile", "show"])
    assert "没有保存企业档案" in capsys.readouterr().out
