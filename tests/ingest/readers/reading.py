"""What the tests of files from offices read them with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from ingest.parsed import Parsed
from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, saved, tbl, word
from tests.ingest.readers.test_formats import lines_in

Place = Callable[[str], bytes]
PLACES: dict[str, Place] = {
    "paragraph": lambda runs: word(made.p(runs)),
    "cell": lambda runs: word(tbl(["项目", "内容"], ["标准", made.p(runs)], ["部门", "工信局"])),
    "nested table": lambda runs: word(tbl(["项目", "内容"], ["标准", tbl(["甲", made.p(runs)], ["乙", "另定"])])),
    "list": lambda runs: word(
        made.p(runs, '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>'),
        numbering=made.numbering(made.level(0, "%1.")),
    ),
    "text box": lambda runs: word(made.p(made.text_box(made.p(runs)))),
    "footnote": lambda runs: word(made.p(made.r("正文") + made.note(2)), footnotes=made.notes({2: made.p(runs)})),
    "content control": lambda runs: word(made.sdt(made.p(runs))),
    "link": lambda runs: word(made.p(f'<w:hyperlink w:anchor="a">{runs}</w:hyperlink>')),
}
STYLES = f"""<w:styles {made.SPACES}>
<w:style w:type="character" w:styleId="Secret"><w:name w:val="Secret"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="character" w:styleId="Deeper"><w:name w:val="Deeper"/><w:basedOn w:val="Secret"/></w:style>
<w:style w:type="paragraph" w:styleId="Drafted"><w:name w:val="Drafted"/><w:rPr><w:vanish/></w:rPr></w:style>
<w:style w:type="paragraph" w:styleId="Chapter"><w:name w:val="heading 1"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr>
<w:outlineLvl w:val="0"/></w:pPr></w:style>
<w:style w:type="paragraph" w:styleId="Part"><w:name w:val="heading 2"/><w:basedOn w:val="Chapter"/><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr><w:outlineLvl w:val="1"/></w:pPr></w:style>
</w:styles>"""
ROWS = [["企业", "户数", "补助金额"], ["云杉厂", "3", "36"], ["雪松厂", "5", "21.5"]]


def word_lines(*blocks: str, **parts: str) -> list[str]:
    return lines_in(read(word(*blocks, **parts), ".docx").elements)


def sheet_read(rows: Sequence[Sequence[Any]]) -> Parsed:
    return read(saved(book(rows)), ".xlsx")


def deck(*slides: Sequence[str]) -> Any:
    from pptx import Presentation

    shown_slides = Presentation()
    for title, text in slides:
        slide = shown_slides.slides.add_slide(shown_slides.slide_layouts[1])
        slide.shapes.title.text, slide.placeholders[1].text = title, text
    return shown_slides


FILES: dict[str, Callable[[], bytes]] = {
    ".docx": lambda: word(made.p("云杉厂"), tbl(["企业", "金额"], ["云杉厂", "8万元"], ["雪松厂", "5万元"])),
    ".xlsx": lambda: saved(book([["企业", "金额"], ["云杉厂", "8万元"], ["雪松厂", "5万元"]])),
    ".pptx": lambda: saved(deck(("云杉厂", "8万元"))),
}
