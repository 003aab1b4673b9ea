"""Pages as their makers save them lose nothing silently."""

from __future__ import annotations

import pytest

from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import everything, page
from tests.ingest.readers.reading import ROWS
from tests.ingest.readers.test_formats import lines_in, tables_in

LONG = "云溪市对完成智能化改造的企业给予补助，比例不超过设备和软件投资的百分之三十，最高六十万元。"


@pytest.mark.parametrize("around", ["<div class='xxgk'>{}</div>", "{}", "<form>{}</form>"])
def test_a_page_that_is_one_table_is_read(around: str) -> None:
    data = page(around.format(made.html_table(ROWS)), "<title>补助名单</title>")
    parsed = read(data, ".html")
    assert [t.rows for t in tables_in(parsed.elements)] == [tuple(map(tuple, ROWS))] and parsed.title == "补助名单"


def test_a_page_laid_out_in_tables_gives_its_text_and_its_table() -> None:
    menu = "".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(8))
    body = f"<table><tr><td>{menu}</td><td><p>{LONG}</p>{made.html_table(ROWS)}<p>{LONG}</p></td></tr></table>"
    parsed = read(page(body), ".html")
    assert lines_in(parsed.elements).count(LONG) == 2 and len(tables_in(parsed.elements)) == 1
    assert "栏目3" not in everything(parsed)


def test_a_text_beside_a_menu_in_a_table_is_paragraphs() -> None:
    menu = "<br>".join(f"<a href='/{n}'>栏目{n}</a>" for n in range(3))
    parsed = read(page(f"<table><tr><td>{menu}</td><td><p>{LONG}</p><p>{LONG}</p></td></tr></table>"), ".html")
    assert lines_in(parsed.elements).count(LONG) == 2 and not tables_in(parsed.elements)


def test_a_table_with_a_long_note_in_a_cell_is_read_whole() -> None:
    body = f"<p>公示</p>{made.html_table([*ROWS, ['油松厂', '2', LONG * 3]])}<p>联系人：赵六</p>"
    whole = everything(read(page(body), ".html"))
    assert "云杉厂 | 3 | 36" in whole and LONG in whole


def test_what_an_unknown_layout_lost_is_told() -> None:
    side = "".join(f"<p>第{n}条 {LONG}</p>" for n in range(12))
    body = f"<div class='article-content'>{''.join(f'<p>{LONG}</p>' for _ in range(8))}</div><div class='box7'>{side}</div>"
    parsed = read(page(body), ".html")
    assert "第7条" in everything(parsed) or any(
        note.startswith("网页里导航、侧栏等 ") and note.endswith(" 字没有录入。") for note in parsed.notes
    )


def test_a_page_of_links_alone_tells_that_they_are_left_out() -> None:
    links = "".join(f"<li><a href='/{n}.html'>关于印发第{n}号样例政策实施细则的通知</a></li>" for n in range(30))
    parsed = read(page(f"<h1>政策文件目录</h1><ul>{links}</ul>"), ".html")
    assert "第7号" in everything(parsed) or any(note.startswith("网页里链接上的 ") for note in parsed.notes)


def test_an_ordinary_page_tells_nothing() -> None:
    menu = "".join(f"<li><a href='/{n}'>栏目第{n}号的名称</a></li>" for n in range(60))
    body = f"<ul>{menu}</ul><div class='article-content'>{''.join(f'<p>{LONG}</p>' for _ in range(8))}</div><div class='footer'>版权所有</div>"
    assert not read(page(body), ".html").notes


OFFICE_HEAD = (
    "<meta name=Generator content='Microsoft Word 15'><!--[if gte mso 9]><xml><w:WordDocument><w:View>Print</w:View>"
    "</w:WordDocument></xml><![endif]--><style><!-- p.MsoNormal {mso-style-parent:''; font-family:宋体} --></style>"
)


def test_a_page_saved_from_word_reads_as_it_looks() -> None:
    body = (
        "<div class=WordSection1><p class=MsoTitle><b>云溪市奖补通知</b><o:p></o:p></p><p class=MsoNormal><o:p>&nbsp;</o:p></p>"
        "<p class=MsoListParagraph style='mso-list:l0 level1 lfo1'><![if !supportLists]><span style='mso-list:Ignore'>1、<span>&nbsp;&nbsp;"
        f"</span></span><![endif]>营业执照<o:p></o:p></p><p class=MsoNormal>{LONG}\n<span style='display:none;mso-hide:all'>内部测算九十万元"
        "</span><o:p></o:p></p><!--[if supportFields]><span>TOC</span><![endif]--><table class=MsoNormalTable>"
        + "".join(
            "<tr>" + "".join(f"<td><p class=MsoNormal>{c}<o:p></o:p></p></td>" for c in row) + "</tr>" for row in ROWS
        )
        + "</table></div>"
    )
    parsed = read(page(body, OFFICE_HEAD), ".html")
    whole = everything(parsed)
    assert [t.rows for t in tables_in(parsed.elements)] == [tuple(map(tuple, ROWS))]
    assert "1、 营业执照" in whole.replace("1、营业执照", "1、 营业执照") and LONG in lines_in(parsed.elements)
    assert not any(text in whole for text in ("九十", "mso", "endif", "supportLists", "TOC", "Print"))


def test_notes_of_a_page_saved_from_word_are_read_and_its_comments_told() -> None:
    body = (
        "<div class=WordSection1><p>给予补贴<a style='mso-footnote-id:ftn1' href='#_ftn1'>[1]</a>。</p></div>"
        "<div style='mso-element:footnote-list'><div style='mso-element:footnote'><p>[1] 上限九万元。</p></div></div>"
        "<div style='mso-element:comment-list'><div style='mso-element:comment'><p>金额待定</p></div></div>"
    )
    parsed = read(page(body, OFFICE_HEAD), ".html")
    assert "上限九万元" in everything(parsed) and "待定" not in everything(parsed)
    assert parsed.notes == ("网页里 1 条批注没有录入。",)


def test_a_table_saved_from_excel_as_a_page_reads_as_it_looks() -> None:
    rows = "".join("<tr height=19>" + "".join(f"<td class=xl65 x:num>{c}</td>" for c in row) + "</tr>" for row in ROWS)
    hidden = "<tr height=0 style='display:none'><td>旧厂</td><td>1</td><td>99</td></tr>"
    body = f"<table border=0 style='border-collapse:collapse'><colgroup><col width=72 style='mso-width-source:userset'></colgroup>{rows}{hidden}</table>"
    parsed = read(page(body, OFFICE_HEAD), ".html")
    assert [t.rows for t in tables_in(parsed.elements)] == [tuple(map(tuple, ROWS))]
