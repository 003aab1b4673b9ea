"""What a reader of a document does not see is left out, and told."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from ingest.parsed import Paragraph
from ingest.readers import read
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, page, saved, tbl, word
from tests.ingest.readers.reading import PLACES, STYLES, deck, word_lines
from tests.ingest.readers.test_formats import lines_in, tables_in

# Hidden text of Word


@pytest.mark.parametrize("place", PLACES)
def test_hidden_text_is_left_out_and_told(place: str) -> None:
    parsed = read(PLACES[place](made.r("补助20万元。") + made.r("内部测算90万元。", "<w:vanish/>")), ".docx")
    assert "补助20万元。" in everything(parsed) and "90万元" not in everything(parsed)
    assert any("1 处隐藏文字" in note for note in parsed.notes)


@pytest.mark.parametrize("mark", ["<w:strike/>", "<w:dstrike/>"])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_crossed_out_in_word_is_left_out_and_told(place: str, mark: str) -> None:
    runs = made.r("补助") + made.r("50万元", mark) + made.r("30万元", '<w:strike w:val="0"/>')
    parsed = read(PLACES[place](runs), ".docx")
    assert "补助30万元" in everything(parsed) and any("1 处划掉" in note for note in parsed.notes)


def test_what_is_crossed_out_in_a_sheet_is_left_out_and_told() -> None:
    from openpyxl.styles import Font

    made_book = book([["档次", "奖励"], ["甲", "50万元"], ["乙", "20万元"], ["丙", "10万元"]])
    made_book.active["B2"].font = Font(strike=True)
    parsed = read(saved(made_book), ".xlsx")
    assert "50万元" not in everything(parsed) and "20万元" in everything(parsed)
    assert any("1 处划掉" in note for note in parsed.notes)


@pytest.mark.parametrize(
    "old", ["<del>50万元</del>", "<s>50万元</s>", "<span style='text-decoration:line-through'>50<b>万元</b></span>"]
)
def test_what_is_crossed_out_on_a_page_is_left_out_and_told(old: str) -> None:
    parsed = read(page(f"<p>最高补助{old}30万元。</p>"), ".html")
    assert lines_in(parsed.elements) == ["最高补助30万元。"] and parsed.notes == ("网页里 1 处划掉的文字没有录入。",)


@pytest.mark.parametrize("style", ["Secret", "Deeper"])
def test_text_that_its_style_hides_is_left_out(style: str) -> None:
    hidden = made.r("底价70万元。", f'<w:rStyle w:val="{style}"/>')
    seen = made.r("公开招标。", f'<w:rStyle w:val="{style}"/><w:vanish w:val="0"/>')
    parsed = read(word(made.p(hidden + seen), styles=STYLES), ".docx")
    assert lines_in(parsed.elements) == ["公开招标。"] and parsed.notes


def test_a_paragraph_that_its_style_hides_is_left_out() -> None:
    parsed = read(
        word(made.p("补助20万元。"), made.p("内部测算90万元。", '<w:pStyle w:val="Drafted"/>'), styles=STYLES), ".docx"
    )
    assert lines_in(parsed.elements) == ["补助20万元。"] and any("隐藏" in note for note in parsed.notes)


def test_a_hidden_row_of_a_word_table_is_left_out_and_told() -> None:
    data = word(tbl(["档次", "奖励"], made.tr(["旧档", "90万元"], "<w:hidden/>"), ["新档", "60万元"]))
    parsed = read(data, ".docx")
    assert "90万元" not in everything(parsed) and "新档 | 60万元" in everything(parsed)
    assert any("隐藏" in note for note in parsed.notes)


def test_a_hidden_item_is_not_counted() -> None:
    hidden = made.p(made.r("内部测算", "<w:vanish/>"), '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    lines = word_lines(
        made.listed("营业执照"), hidden, made.listed("合同"), numbering=made.numbering(made.level(0, "%1."))
    )
    assert lines == ["1.营业执照", "2.合同"]


def test_a_name_merged_downwards_stays_where_its_first_row_is_hidden() -> None:
    begins, goes_on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    data = word(
        tbl(
            ["片区", "企业", "金额"],
            [made.tc("江北", begins), "云杉厂", "12万元"],
            [made.tc("", goes_on), "雪松厂", "9万元"],
            made.tr([made.tc("江南", begins), "旧厂", "99万元"], "<w:hidden/>"),
            [made.tc("", goes_on), "油松厂", "7万元"],
        )
    )
    (found,) = tables_in(read(data, ".docx").elements)
    assert found.rows[-1] == ("江南", "油松厂", "7万元") and "99万元" not in str(found.rows)


# Hidden sheets, rows, columns, slides


def test_hidden_rows_columns_and_sheets_are_left_out_and_told() -> None:
    made_book = book(
        [["档次", "内部估算", "奖励"], ["旧档", "1", "70万元"], ["新档", "2", "45万元"]], [["档次", "奖励"], ["甲", "300万元"]],
        names=["标准", "测算"],
    )  # fmt: skip
    made_book["标准"].row_dimensions[2].hidden = True
    made_book["标准"].column_dimensions["B"].hidden = True
    made_book["测算"].sheet_state = "veryHidden"
    parsed = read(saved(made_book), ".xlsx")
    (found,) = tables_in(parsed.elements)
    assert found.rows == (("档次", "奖励"), ("新档", "45万元"))
    assert any("1 行、1 列" in note for note in parsed.notes) and any("“测算”" in note for note in parsed.notes)


def test_a_merged_name_over_hidden_rows_and_columns_still_names_what_is_seen() -> None:
    made_book = book(
        [
            ["类别", "标准", None, None],
            [None, "比例", "内部", "限额"],
            ["上云", "30%", "x", "6万元"],
            [None, "20%", "x", "4万元"],
        ]
    )
    sheet = made_book.active
    for area in ("A1:A2", "B1:D1", "A3:A4"):
        sheet.merge_cells(area)
    sheet.column_dimensions["C"].hidden = True
    sheet.row_dimensions[3].hidden = True
    (found,) = tables_in(read(saved(made_book), ".xlsx").elements)
    assert found.rows == (("类别", "标准", "标准"), ("类别", "比例", "限额"), ("上云", "20%", "4万元"))


@pytest.mark.parametrize("name", ["奖励标准（草稿）", "奖励标准 (2)", "备份", "奖励标准副本"])
def test_a_sheet_that_is_called_a_draft_is_left_out_and_told(name: str) -> None:
    made_book = book(
        [["档次", "奖励"], ["甲", "45万元"]], [["档次", "奖励"], ["甲", "300万元"]], names=["奖励标准", name]
    )
    parsed = read(saved(made_book), ".xlsx")
    assert "300万元" not in everything(parsed) and any(name in note for note in parsed.notes)


@pytest.mark.parametrize("names", [("说明", "附件（1）", "附件（2）"), ("总表", "数据备份", "作废文件清单")])
def test_a_sheet_that_only_sounds_like_a_copy_is_read(names: Sequence[str]) -> None:
    sheets = [[["档次", "奖励"], ["甲", f"{at}1万元"], ["乙", f"{at}2万元"]] for at in range(3)]
    parsed = read(saved(book(*sheets, names=names)), ".xlsx")
    assert len(tables_in(parsed.elements)) == 3 and not parsed.notes


def test_a_workbook_whose_only_sheet_is_called_a_draft_is_read() -> None:
    assert "45万元" in everything(read(saved(book([["档次", "奖励"], ["甲", "45万元"]], names=["草稿"])), ".xlsx"))


def test_cells_whose_format_shows_nothing_are_told() -> None:
    made_book = book([["企业", "金额"], ["云杉厂", 12], ["雪松厂", 9]])
    made_book.active["B2"].number_format = ";;;"
    parsed = read(saved(made_book), ".xlsx")
    assert "12" not in everything(parsed) and any("1 个格子" in note for note in parsed.notes)


def test_rows_that_a_filter_hides_are_told() -> None:
    made_book = book([["企业", "金额"], *([f"样例{n}厂", n] for n in range(1, 6))])
    made_book.active.auto_filter.ref = "A1:B6"
    for row in (3, 4):
        made_book.active.row_dimensions[row].hidden = True
    assert any("2 行" in note for note in read(saved(made_book), ".xlsx").notes)


@pytest.mark.parametrize(
    "text",
    [
        "须在年内完成投产",
        "张三:\n须在年内完成投产",
        "[Threaded comment]\n\nYour version of Excel allows you to read this threaded comment; however, any edits to it will get "
        "removed.\n\nComment:\n    须在年内完成投产",
        "[线程批注]\n\n你的Excel版本可读取此线程批注；但如果在更新版本的Excel中打开文件，则对批注所作的任何改动都将被删除。\n\n注释:\n    须在年内完成投产",
    ],
    ids=["plain", "signed", "threaded", "threaded in Chinese"],
)
def test_a_comment_stands_behind_its_cell_without_the_program_s_own_words(text: str) -> None:
    from openpyxl.comments import Comment

    made_book = book([["档次", "奖励"], ["甲", "45万元"], ["乙", "20万元"]])
    made_book.active["B2"].comment = Comment(text, "张三")
    (found,) = tables_in(read(saved(made_book), ".xlsx").elements)
    assert found.rows[1][1] == "45万元（批注：须在年内完成投产）"


def test_a_text_box_on_a_sheet_is_read() -> None:
    assert "咨询电话：5550137" in everything(read(_with_box(), ".xlsx"))


def _with_box() -> bytes:
    """A workbook with a shape that holds text, which openpyxl cannot write."""
    import zipfile
    from io import BytesIO

    data = saved(book([["档次", "奖励"], ["甲", "45万元"], ["乙", "20万元"]]))
    main, office = (
        "http://schemas.openxmlformats.org/drawingml/2006",
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    )
    shape = (
        f'<xdr:wsDr xmlns:xdr="{main}/spreadsheetDrawing" xmlns:a="{main}/main"><xdr:twoCellAnchor><xdr:sp><xdr:txBody><a:bodyPr/>'
        "<a:p><a:r><a:t>咨询电话：</a:t></a:r><a:r><a:t>5550137</a:t></a:r></a:p></xdr:txBody></xdr:sp><xdr:clientData/>"
        "</xdr:twoCellAnchor></xdr:wsDr>"
    )
    relations = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{office}/drawing" Target="../drawings/drawing1.xml"/></Relationships>'
    )
    with zipfile.ZipFile(BytesIO(data)) as file:
        parts = {i.filename: file.read(i) for i in file.infolist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(
        "</worksheet>", f'<drawing xmlns:r="{office}" r:id="rId1"/></worksheet>'
    ).encode()
    parts["xl/drawings/drawing1.xml"] = shape.encode()
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = relations.encode()
    return made.packed(parts.items())


def test_a_hidden_slide_is_left_out_and_told() -> None:
    shown_slides = deck(("补贴怎么领", "三月申报。"), ("内部讨论", "准备降到10万元。"), ("联系我们", "电话5550126"))
    shown_slides.slides[1]._element.set("show", "0")
    parsed = read(saved(shown_slides), ".pptx")
    whole = everything(parsed)
    assert "10万元" not in whole and "电话5550126" in whole
    assert any("隐藏" in note and "1 张" in note for note in parsed.notes)
    assert [e.page for e in parsed.elements if isinstance(e, Paragraph) and e.text == "联系我们"] == [3]


def test_the_texts_of_a_diagram_on_a_slide_are_read() -> None:
    assert "先评测" in everything(read(_with_diagram("先评测", "再申报"), ".pptx"))


def _with_diagram(*texts: str) -> bytes:
    """A slide with SmartArt, whose texts stand in a part of their own."""
    from lxml import etree
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    shown_slides = deck(("补贴怎么领", "看图"))
    slide = shown_slides.slides[0]
    spaces = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    points = "".join(f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in texts)
    blob = f"<dgm:dataModel {spaces}><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>".encode()
    kind = "application/vnd.openxmlformats-officedocument.drawingml.diagramData+xml"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    part = Part(PackURI("/ppt/diagrams/data1.xml"), kind, slide.part.package, blob)
    told_by = slide.part.relate_to(part, f"{office}/diagramData")
    frame = (
        f'<p:graphicFrame {spaces} xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="{office}"><p:nvGraphicFramePr>'
        '<p:cNvPr id="9" name="d"/><p:cNvGraphicFramePr/><p:nvPr/></p:nvGraphicFramePr><p:xfrm><a:off x="0" y="0"/><a:ext cx="9" cy="9"/></p:xfrm>'
        '<a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/diagram">'
        f'<dgm:relIds r:dm="{told_by}"/></a:graphicData></a:graphic></p:graphicFrame>'
    )
    slide.shapes._spTree.append(etree.fromstring(frame))
    return saved(shown_slides)
