"""What a terminal shows of a text: tables drawn, everything else letter for letter, nothing that drives the terminal."""

from __future__ import annotations

import io
import re
from contextlib import redirect_stdout

import pytest

from ui.screen import literal, plain, safe, show_text


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def shown(monkeypatch: pytest.MonkeyPatch, text: str) -> str:
    """What a terminal shows of our Markdown, without its colours."""
    screen = Terminal()
    with redirect_stdout(screen):
        show_text(text)
    return re.sub(r"\x1b\[[\d;]*m", "", screen.getvalue())


def test_a_table_is_drawn_in_a_terminal_and_left_as_text_elsewhere(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    table = "先看这个 [1]\n\n| 阶段 | 做什么 |\n| --- | --- |\n| **评估** | 自测等级 [2] |\n\n出处 [1] 《甲》\n出处 [2] 《乙》"
    drawn = shown(monkeypatch, table)
    assert "|" not in drawn and "---" not in drawn and "**" not in drawn
    lines = [line.rstrip() for line in drawn.splitlines()]
    assert lines[0] == "先看这个 [1]" and lines[-2:] == ["出处 [1] 《甲》", "出处 [2] 《乙》"]
    show_text(table)
    assert "| 评估 | 自测等级 [2] |" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "<b>标签</b> 和 a_b_c、3*4*5、`码`",
        "[点我](http://example.com)",
        "第一行\n第二行",
        "结论是**先做报工。**然后排产",
        "~~删~~ \\ 反斜杠",
    ],
)
def test_a_terminal_shows_what_a_text_says_letter_for_letter(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    lines = [line.rstrip() for line in shown(monkeypatch, text).splitlines()]
    assert "\n".join(lines) == text.replace("**", "")


def test_what_could_drive_the_terminal_is_taken_out(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = "好\x1b]0;改标题\x07\x1b[2J\x9b31m\u202e反\r\x08坏\ud800"
    for text in (safe(evil), plain(evil), shown(monkeypatch, evil)):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800]", text)
    assert literal("") == ""
