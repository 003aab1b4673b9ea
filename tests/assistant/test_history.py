"""What is remembered of a conversation: on disk across processes, or only in memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.history import Call, History, Turn

TURNS = [
    Turn("我厂280人", "我厂280人", "记下了"),
    Turn("算中型吗", "我厂280人，算中型吗", "小型", Call("size_class", {"从业人员": 280}, ("营业收入万元",), 1, "")),
]


@pytest.fixture(params=["memory", "disk"])
def history(request: pytest.FixtureRequest, tmp_path: Path) -> History:
    return History(tmp_path / "new folder" / "conversations.db" if request.param == "disk" else None)


def test_turns_come_back_in_order_with_the_tool_that_ran(history: History) -> None:
    for turn in TURNS:
        history.add("a", turn)
    assert history.turns("a") == TURNS
    assert history.turns("a", 1) == TURNS[1:]
    assert history.turns("b") == history.turns(None) == []


def test_a_forgotten_session_is_gone_and_the_others_stay(history: History) -> None:
    history.add("a", TURNS[0])
    history.add("b", TURNS[1])
    history.forget("a")
    history.forget("never was")
    assert history.turns("a") == [] and history.turns("b") == TURNS[1:]


def test_quotes_and_signs_in_a_session_name_are_only_characters(history: History) -> None:
    history.add("a'; DROP TABLE turn; --", TURNS[0])
    history.add("b", TURNS[0])
    assert history.turns("a'; DROP TABLE turn; --") == history.turns("b") == TURNS[:1]


def test_another_process_reads_what_was_kept_on_disk(tmp_path: Path) -> None:
    History(tmp_path / "conversations.db").add("a", TURNS[1])
    assert History(tmp_path / "conversations.db").turns("a") == TURNS[1:]


def test_a_session_knows_the_document_that_it_is_about_until_it_is_about_none(history: History) -> None:
    history.keep_document("a", "doc:user:li:通知")
    assert history.document("a") == ""  # nothing was said yet: there is no conversation
    history.add("a", TURNS[0], "看看《通知》")
    history.add("b", TURNS[0])
    history.keep_document("a", "doc:user:li:通知")
    assert (history.document("a"), history.document("b")) == ("doc:user:li:通知", "")
    history.keep_document("a", "")
    assert history.document("a") == ""


def test_a_title_given_with_the_first_turn_stands_in_the_list(tmp_path: Path) -> None:
    history = History(tmp_path / "conversations.db")
    history.add("a", TURNS[0], "看看《通知》")
    history.add("a", TURNS[1], "不是第一句")
    assert [talk.title for talk in history.talks()] == ["看看《通知》"]


def test_a_forgotten_session_knows_no_document(history: History) -> None:
    history.add("a", TURNS[0])
    history.keep_document("a", "doc:user:li:通知")
    history.forget("a")
    assert history.document("a") == ""
