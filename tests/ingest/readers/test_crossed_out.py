"""What people cross out or hide instead of deleting it: part of a cell, a style's text, runs and shapes of slides."""

from __future__ import annotations

import pytest
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from pptx import Presentation
from pptx.util import Inches

from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, saved, told, word


def test_what_is_crossed_out_in_a_part_of_a_cell_is_left_out_and_told() -> None:
    crossed = CellRichText(TextBlock(InlineFont(strike=True), "20万元"), TextBlock(InlineFont(), "30万元"))
    whole = CellRichText("最高", TextBlock(InlineFont(b=True), "10万元"))
    data = saved(book([["档次", "奖励"], ["甲", crossed], ["乙", whole]]))
    assert told(data, ".xlsx") == ["甲 | 奖励 | 30万元", "乙 | 奖励 | 最高10万元"]
    assert any("1 处划掉" in note for note in read(data, ".xlsx").notes)


@pytest.mark.parametrize("mark", ["strike", "dstrike"])
@pytest.mark.parametrize("kind", ["character", "paragraph"])
def test_what_a_style_crosses_out_is_left_out_and_told(mark: str, kind: str) -> None:
    style = f'<w:style w:type="{kind}" w:styleId="old"><w:rPr><w:{mark}/></w:rPr></w:style>'
    styles = f"<w:styles {made.SPACES}>{style}</w:styles>"
    old = {
        "character": made.p(made.r("20万元", '<w:rStyle w:val="old"/>') + made.r("30万元")),
        "paragraph": made.p("20万元", '<w:pStyle w:val="old"/>') + made.p("30万元"),
    }[kind]
    parsed = read(word(old, styles=styles), ".docx")
    assert everything(parsed).strip() == "30万元"
    assert any("1 处划掉" in note for note in parsed.notes)


def test_what_a_style_crosses_out_and_a_run_does_not_is_read() -> None:
    style = '<w:style w:type="paragraph" w:styleId="old"><w:rPr><w:strike/></w:rPr></w:style>'
    kept = made.p(made.r("30万元", '<w:strike w:val="0"/>'), '<w:pStyle w:val="old"/>')
    parsed = read(word(kept, styles=f"<w:styles {made.SPACES}>{style}</w:styles>"), ".docx")
    assert everything(parsed) == "30万元" and not parsed.notes


def test_what_is_crossed_out_or_hidden_on_a_slide_is_left_out_and_told() -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "奖励标准"
    table = slide.shapes.add_table(2, 2, 0, Inches(4), Inches(4), Inches(1)).table
    for at, text in enumerate(["档次", "万元", "甲档"]):
        table.cell(at // 2, at % 2).text = text
    box = slide.shapes.add_textbox(0, Inches(2), Inches(5), Inches(1))
    for frame in (box.text_frame, table.cell(1, 1).text_frame):
        for text, strike in (("99", "sngStrike"), ("30", "noStrike")):
            run = frame.paragraphs[0].add_run()
            run.text = text
            run._r.get_or_add_rPr().set("strike", strike)
    draft = slide.shapes.add_textbox(0, Inches(3), Inches(5), Inches(1))
    draft.text_frame.text = "内部稿500万元"
    draft._element.nvSpPr.cNvPr.set("hidden", "1")
    parsed = read(saved(deck), ".pptx")
    assert everything(parsed).split() == ["奖励标准", "30", "档次", "|", "万元", "甲档", "|", "30"]
    assert any("1 处隐藏" in note for note in parsed.notes) and any("2 处划掉" in note for note in parsed.notes)
