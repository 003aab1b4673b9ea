"""Answers as Telegram takes them."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from bots.telegram_text import LIMIT, flat, html, pieces
from core.cut import unmarked
from core.figures import figure_keys
from eval.bot_api import visible
from tests.written import answers, told


def shown(piece: str) -> str:
    return visible(html(piece), True)


def test_bold_lists_headings_and_sources_become_telegrams() -> None:
    text = "## 结论\n**超过40%。** 全国 [1]。\n\n- 一条\n\n出处 [1] 《方案》\n[2] 《报告》"
    assert html(flat(text)) == (
        "<b>结论</b>\n<b>超过40%。</b> 全国 [1]。\n\n• 一条\n<blockquote expandable>出处 [1] 《方案》\n[2] 《报告》</blockquote>"
    )


def test_each_row_of_a_table_becomes_a_line_with_the_heads_of_its_columns() -> None:
    table = "前\n\n| | 汽车 | 医药 |\n| --- | --- | --- |\n| 共同点 | MES | 同左 |\n| 不同 | | UDI |\n\n后"
    assert flat(table) == "前\n\n• **共同点** — 汽车：MES；医药：同左\n• **不同** — 医药：UDI\n\n后"


def test_a_quotation_is_one() -> None:
    assert html("> 一\n> 二\n三") == "<blockquote>一\n二</blockquote>\n三"


def test_what_comes_from_outside_is_escaped_and_loses_what_turns_the_reading_direction() -> None:
    assert html(flat("<b>&amp; \u202e<script>")) == "&lt;b&gt;&amp;amp; &lt;script&gt;"


def test_a_long_answer_is_cut_at_paragraphs() -> None:
    paragraphs = [f"第{n}段。" + "字" * 900 for n in range(12)]
    found = pieces("\n\n".join(paragraphs))
    assert len(found) == 3
    assert "\n\n".join(found) == "\n\n".join(paragraphs)
    assert all(len(visible(html(piece), True)) <= LIMIT for piece in found)


def test_a_line_that_is_longer_than_a_message_is_cut_at_sentences() -> None:
    line = "**" + "这一句有十个字左右吧。" * 1000 + "**"
    found = pieces(line)
    assert "".join(piece.replace("\n", "") for piece in found) == line.replace("**", "")
    assert all(piece.endswith("。") for piece in found)


@given(st.text(max_size=9000) | st.text(alphabet="ab*`<>&|#- \n出处[1]>。😀\ud800", max_size=6000))
def test_any_text_becomes_messages_that_telegram_takes(text: str) -> None:
    found = pieces(text)
    assert found
    for piece in found:
        shown(piece)


@given(answers(), st.integers(60, 400))
def test_every_figure_comes_through_however_small_the_messages(markdown: str, limit: int) -> None:
    lines = [line for piece in pieces(markdown, limit) for line in shown(piece).replace("•", "-").split("\n")]
    assert sorted(key for line in lines for key in figure_keys(unmarked(line))) == told(markdown)


def test_a_figure_with_a_sign_is_no_quotation() -> None:
    assert html(">30%的企业\n> 注意：3家") == "&gt;30%的企业\n<blockquote>注意：3家</blockquote>"


@given(answers())
def test_a_table_keeps_the_figures_of_its_cells(markdown: str) -> None:
    cells = [line.replace("|", "") for line in markdown.split("\n") if line.strip()]
    table = "\n".join(["| 名称 | 数 |", "| --- | --- |", *(f"| 甲{at} | {cell} |" for at, cell in enumerate(cells))])
    got = Counter(key for line in shown(pieces(table)[0]).split("\n") for key in figure_keys(line))
    assert not Counter(key for cell in cells for key in figure_keys(cell.replace("**", ""))) - got
