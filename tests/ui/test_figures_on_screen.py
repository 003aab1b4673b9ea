"""Every figure of an answer comes through to the page and to the terminal as it is, in order and none joined with another."""

from __future__ import annotations

import html
import io
import re
from contextlib import redirect_stdout

import pytest
from hypothesis import given

from core.cut import unmarked
from core.figures import figure_keys, figures
from tests.written import FIGURES, answers, told
from ui.screen import show_text
from ui.web_html import answer_html


def on_page(markdown: str) -> str:
    text = answer_html.__wrapped__(markdown, (), 1)
    return html.unescape(re.sub(r"<[^>]+>", "", re.sub(r"</(?:p|li|h\d|td|th)>|<br ?/?>", "\n", text)))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def in_terminal(markdown: str) -> str:
    screen = Terminal()
    with redirect_stdout(screen):
        show_text(markdown)
    return re.sub(r"\x1b\[[\d;]*m", "", screen.getvalue()).replace("•", "- ")


def shown(text: str) -> list[str]:
    lines = (re.sub(r"^[\s▌]*", "", line) for line in text.split("\n"))
    return sorted(key for line in lines for key in figure_keys(unmarked(line)))


@given(answers())
def test_the_page_shows_every_figure(markdown: str) -> None:
    assert shown(on_page(markdown)) == told(markdown)


@given(answers())
def test_the_terminal_shows_every_figure(markdown: str) -> None:
    assert shown(in_terminal(markdown)) == told(markdown)


@pytest.mark.parametrize("written", FIGURES)
@pytest.mark.parametrize("before", range(68, 82))
def test_no_figure_is_broken_at_the_end_of_a_terminals_line(written: str, before: int) -> None:
    lines = in_terminal("字" * (before // 2) + "a" * (before % 2) + f"达到{written}，" + "字" * 50).split("\n")
    assert any(f.text == written for line in lines for f in figures(line)) or written not in {
        f.text for f in figures(written)
    }


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("300*400*500mm", "300*400*500mm"), (">30%的企业", ">30%的企业"), ("2024. 年底前", "2024. 年底前"),
        ("&#50;家", "&#50;家"), ("\\-5%", "\\-5%"),
    ],
)  # fmt: skip
def test_what_means_more_in_markdown_is_shown_as_it_is(markdown: str, text: str) -> None:
    assert on_page(markdown).strip() == text


def test_the_items_of_a_list_keep_their_numbers() -> None:
    assert re.findall(r'<li value="(\d+)">', answer_html.__wrapped__("1. 甲\n4. 乙", (), 1)) == ["1", "4"]
    assert "4. 乙" in in_terminal("1. 甲\n4. 乙")
