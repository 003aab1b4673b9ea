"""An answer as it comes to a terminal: the composed one first, then a model's."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from core.types import Answer, Brief, Done, Event, Notice, Wording
from ui.screen import show_events


def events(last: str = "上云率要超过40%。", *between: Event) -> Iterator[Event]:
    yield Brief("超过40%。", ())
    yield Wording("local")
    yield from between
    yield Done(Answer("问", last, False, suggestions=("接着问",)))


def test_a_file_gets_the_last_answer_alone(capsys: pytest.CaptureFixture[str]) -> None:
    show_events(events())
    assert capsys.readouterr().out == "上云率要超过40%。\n\n您可能还想问：接着问\n"


def test_a_terminal_gets_the_composed_answer_at_once_and_the_worded_one_after(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show_events(events())
    said = capsys.readouterr()
    assert said.out.index("超过40%") < said.out.index("模型整理后") < said.out.index("上云率要超过40%")
    assert "已经可以用" in said.err


def test_an_answer_that_a_model_did_not_change_is_not_repeated(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
    show_events(events("超过40%。", Notice("模型没有答成。")))
    said = capsys.readouterr()
    assert said.out.count("超过40%") == 1 and "接着问" in said.out and "模型没有答成" in said.err


def test_ctrl_c_while_a_model_words_it_keeps_the_composed_answer(capsys: pytest.CaptureFixture[str]) -> None:
    def stopped() -> Iterator[Event]:
        yield Brief("超过40%。", ())
        yield Wording("local")
        raise KeyboardInterrupt

    show_events(stopped())
    assert "超过40%" in capsys.readouterr().out


def test_ctrl_c_before_there_is_an_answer_goes_on_up() -> None:
    def stopped() -> Iterator[Event]:
        raise KeyboardInterrupt
        yield

    with pytest.raises(KeyboardInterrupt):
        show_events(stopped())
