"""OFD: the same pages read as from the PDF beside them, in whichever way they are written; what is none is refused."""

from __future__ import annotations

import io
import random
import re
import time
import zipfile
from collections.abc import Callable

import pytest

from core.errors import BadFile
from eval.fuzz_documents import mutated
from eval.made_documents import Content, Grid
from ingest.parsed import Attachment, Paragraph, Parsed, Table
from ingest.readers import read
from ingest.readers.package import TOTAL
from ingest.sandbox import Sandbox
from tests.ingest.readers.made_ofd import Page, Stroke, Style, Words, ofd, pdf, typeset, zipped
from tests.ingest.readers.test_formats import NOTICE, lines_in, tables_in

SENTENCE = "样例企业应当在每年三月底以前提交改造方案，由所在地主管部门组织专家评审并公示。"
ROWS = (("序号", "企业", "金额"), *((str(n), f"样例{n}厂", f"{n * 7}.5万元") for n in range(1, 60)))
CONTENTS = {
    "notice": NOTICE,
    "pages": Content("样例办法", tuple(f"第{n}点，{SENTENCE}" for n in range(40)), "样例公报"),
    "latin": Content(
        "MES 和 ERP 的补助标准",
        (
            "对采购 MES、ERP 的企业，按 GB/T 33190-2016 验收，每家最多 1,234.5 万元（含 20% 的设备费），见 Guide to SME digitalization, Vol. 3。",
        )
        * 3,
    ),
    "table": Content("样例清单", (Grid("表1 项目", ROWS),), "样例公报"),
}
STYLES = {
    "plain": Style(),
    "runs": Style(run=True),
    "scaled": Style(scaled=True, absolute=True),
    "single": Style(single=True, space="http://www.ofdspec.org"),
    "joined": Style(joined=True),
    "template": Style(template=True, blocks=True),
    "composed": Style(composed=True, boxes=True, shared=True),
}
LETTER = typeset(Content("关于样例的通知", (SENTENCE,)))


def replaced(name: str, old: str, new: str) -> Callable[[str, str], str]:
    """A change of one part, in which `old` must stand."""

    def change(part: str, text: str) -> str:
        if part != name:
            return text
        assert old in text
        return text.replace(old, new, 1)

    return change


def read_letter(change: Callable[[str, str], str], pages: list[Page] = LETTER) -> Parsed:
    return read(ofd(pages, change=change), ".ofd")


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("content", CONTENTS)
def test_is_read_like_the_pdf_of_the_same_pages(content: str, style: str) -> None:
    pages = typeset(CONTENTS[content])
    told: list[tuple[int, int]] = []
    found = read(ofd(pages, STYLES[style]), ".ofd", told=lambda done, total: told.append((done, total)))
    assert found.elements == read(pdf(pages), ".pdf").elements
    assert found.pages == len(pages) and not found.notes
    assert told == [(n, len(pages)) for n in range(1, len(pages) + 1)]


def test_two_columns_are_read_like_those_of_the_pdf() -> None:
    text = tuple(
        f"第{n}点要求样例企业在规定期限以内完成软件和设备的改造，并提交验收材料供主管部门核对。" for n in range(40)
    )
    pages = typeset(Content("样例办法", text), columns=2)
    assert read(ofd(pages), ".ofd").elements == read(pdf(pages), ".pdf").elements


def test_wrapped_lines_are_joined_and_running_heads_and_page_numbers_left_out() -> None:
    content = CONTENTS["pages"]
    found = read(ofd(typeset(content), STYLES["template"]), ".ofd").elements
    assert lines_in(found) == ["样例办法", *content.body]
    assert [e.page for e in found][::20] == [1, 2, 4]


def test_a_ruled_table_keeps_its_rows_and_its_merged_cells() -> None:
    found = read(ofd(typeset(NOTICE), STYLES["composed"]), ".ofd").elements
    (table,) = tables_in(found)
    assert "表1 补助标准" in lines_in(found) and table.header_rows == 2
    assert table.rows[3] == ("小微企业", "三级", "45%", "80万元")
    parts = tables_in(read(ofd(typeset(CONTENTS["table"])), ".ofd").elements)
    assert tuple(row for part in parts for row in part.rows) == ROWS


def test_a_letterhead_in_a_template_is_read_once_with_its_page() -> None:
    pages = [
        [Words(150.0, 60.0, 30.0, "样例市工业局文件", head=True), Stroke(74, 75, 520, 75), *page] for page in LETTER
    ]
    assert lines_in(read(ofd(pages, Style(template=True)), ".ofd").elements)[0] == "样例市工业局文件"


@pytest.mark.parametrize(
    ("offsets", "text"),
    [
        ('DeltaX="g 3 5"', "一二三四"),
        ('DeltaX="5"', "一二三四"),
        ("", "一二三四"),
        ('DeltaX="5 5 5 5 5 5 5"', "一二三四"),
        ('DeltaX="g 99999999999 5"', "一二三四"),
        ('DeltaX="g 1 5 -5 g 1 5" DeltaY="g 1 0 9 0"', "一二\n三四"),
        ('DeltaX="5 -5 5" DeltaY="0 9"', "一二\n三四"),
        ('DeltaY="9"', "一\n二\n三\n四"),
        ('DeltaX="g x 5 nan"', "一二三四"),
    ],
)
def test_offsets_are_understood_as_they_are_written(offsets: str, text: str) -> None:
    change = replaced(
        "Doc_0/Pages/Page_0/Content.xml",
        "</o:Layer>",
        f'<o:TextObject Boundary="20 200 90 90" Size="5"><o:TextCode X="0" Y="5" {offsets}>一二三四</o:TextCode></o:TextObject></o:Layer>',
    )
    lines = lines_in(read_letter(change).elements)
    assert "".join(lines[2:]) == text.replace("\n", "")
    assert len(lines[2:]) in {1, len(text.split("\n"))}


def objects(more: str, pages: list[Page] = LETTER) -> Parsed:
    """A letter with more objects on its first page."""
    return read_letter(replaced("Doc_0/Pages/Page_0/Content.xml", "</o:Layer>", more + "</o:Layer>"), pages)


def words(text: str, attributes: str = "") -> str:
    return (
        f'<o:TextObject Boundary="30 150 100 8" Size="5" {attributes}>'
        f'<o:TextCode X="0" Y="6" DeltaX="g 20 5">{text}</o:TextCode></o:TextObject>'
    )


def test_figures_in_a_font_of_equal_widths_stay_whole() -> None:
    more = '<o:TextObject Boundary="30 150 100 8" Size="5"><o:TextCode X="0" Y="6" DeltaX="g 7 3">¥510.68 万</o:TextCode></o:TextObject>'
    assert lines_in(objects(more).elements)[-1].startswith("¥510.68")


def test_letters_drawn_twice_to_be_bold_count_once() -> None:
    assert (
        lines_in(objects(words("加粗的字") + words("加粗的字").replace("30 150", "30.1 150")).elements)[-1]
        == "加粗的字"
    )


def test_letters_drawn_as_outlines_make_no_table() -> None:
    box = "M 0 0 L 40 0 L 40 40 L 0 40 C M 0 20 L 40 20 M 20 0 L 20 40"
    more = f'<o:PathObject Boundary="30 145 40 40"><o:AbbreviatedData>{{}}</o:AbbreviatedData></o:PathObject>{words("正文里的字")}'
    assert tables_in(objects(more.format(f"{box} M 0 0 B 1 1 2 2 3 3")).elements) == []
    assert tables_in(objects(more.format(f"{box} {'M 1 1 L 3 4 ' * 3}")).elements) == []


def test_what_stands_askew_or_outside_the_page_is_left_out() -> None:
    askew = words("斜着的水印", 'CTM="0.7 0.7 -0.7 0.7 0 0"') + words("竖着的字", 'CharDirection="90"')
    outside = words("页外的字").replace("30 150", "-300 150")
    flat = words("压扁的字", 'CTM="0 0 0 0.3528 0 0"') + words("翻过来的字", 'CTM="1 0 0 -1 0 0"')
    assert objects(askew + outside + flat).elements == read(ofd(LETTER), ".ofd").elements


def test_hidden_text_is_left_out_and_told() -> None:
    found = objects(words("看不见的字", 'Visible="false"'))
    assert "看不见的字" not in "".join(lines_in(found.elements))
    assert found.notes == ("文中 1 处隐藏文字没有录入。",)


def test_pictures_are_counted_and_told() -> None:
    more = '<o:ImageObject Boundary="10 200 20 20" ResourceID="{}"/>'
    assert objects(more.format(5) * 2 + more.format(6)).notes == ("文中 2 张图片里的文字没有录入。",)


def test_a_page_that_is_a_picture_is_told_and_a_file_of_such_is_refused() -> None:
    picture = '<o:ImageObject Boundary="0 0 210 297" ResourceID="5"/>'
    change = replaced("Doc_0/Pages/Page_1/Content.xml", "</o:Layer>", picture + "</o:Layer>")
    found = read(ofd([*LETTER, []], change=change), ".ofd")
    assert found.notes[0].startswith("第 2 页（共 1 页）是图片")
    with pytest.raises(BadFile, match="扫描件") as error:
        read(ofd([[]], change=replaced("Doc_0/Pages/Page_0/Content.xml", "</o:Layer>", picture + "</o:Layer>")), ".ofd")
    assert "PDF" in error.value.hint


def test_characters_that_only_the_font_knows_are_left_out() -> None:
    assert lines_in(objects(words("\ue001项目\ue002")).elements)[-1] == "项目"
    with pytest.raises(BadFile, match="没有取得出来的文字"):
        read(ofd([[Words(74.0, 100.0, 10.0, "\ue001" * 30)]]), ".ofd")


ANNOTATED = replaced(
    "Doc_0/Document.xml", "</o:Document>", "<o:Annotations>Annots/Annotations.xml</o:Annotations></o:Document>"
)


def annotated(kind: str) -> Parsed:
    parts = {
        "Doc_0/Annots/Annotations.xml": '<o:Annotations xmlns:o="x"><o:Page PageID="1"><o:FileLoc>Page_0/Annotation.xml</o:FileLoc></o:Page></o:Annotations>',
        "Doc_0/Annots/Page_0/Annotation.xml": f'<o:PageAnnot xmlns:o="x"><o:Annot {kind}><o:Appearance Boundary="0 0 9 9">{words("样例市工业局印")}</o:Appearance></o:Annot></o:PageAnnot>',
    }
    return read(with_parts(ofd(LETTER, change=ANNOTATED), parts), ".ofd")


def with_parts(data: bytes, parts: dict[str, str]) -> bytes:
    with zipfile.ZipFile(io.BytesIO(data)) as file:
        return zipped({name: file.read(name) for name in file.namelist()} | parts)


@pytest.mark.parametrize("kind", ['Type="Stamp"', 'Type="Watermark"', 'Type="Stamp" Subtype="SignatureInFile"'])
def test_the_text_of_a_stamp_is_never_read(kind: str) -> None:
    found = annotated(kind)
    assert found.elements == read(ofd(LETTER), ".ofd").elements and not found.notes


def test_remarks_are_left_out_and_told() -> None:
    found = annotated('Type="Stamp" Subtype="FreeText"')
    assert found.elements == read(ofd(LETTER), ".ofd").elements
    assert found.notes == ("文中 1 处批注没有录入。",)


def test_attachments_are_named_and_the_data_of_invoices_is_not() -> None:
    listed = (
        '<o:Attachments xmlns:o="x"><o:Attachment ID="1" Name="申请表"><o:FileLoc>/Doc_0/Res/a.docx</o:FileLoc></o:Attachment>'
        '<o:Attachment ID="2" Name="original_invoice" Visible="false"><o:FileLoc>i.xml</o:FileLoc></o:Attachment></o:Attachments>'
    )
    change = replaced(
        "Doc_0/Document.xml", "</o:Document>", "<o:Attachments>Attachs/Attachments.xml</o:Attachments></o:Document>"
    )
    data = with_parts(ofd(LETTER, change=change), {"Doc_0/Attachs/Attachments.xml": listed})
    assert read(data, ".ofd").attachments == (Attachment("申请表.docx"),)


def test_title_author_and_outline_are_those_of_the_file() -> None:
    def change(name: str, part: str) -> str:
        part = part.replace("<o:DocID>1</o:DocID>", "<o:Title>关于样例的通知</o:Title><o:Author>样例市</o:Author>")
        return part.replace(
            "</o:Document>", '<o:Outlines><o:OutlineElem Title="关于样例的通知"/></o:Outlines></o:Document>'
        )

    found = read_letter(change)
    assert (found.title, found.author) == ("关于样例的通知", "样例市")
    assert found.elements[0] == Paragraph("关于样例的通知", 1, 1)


def test_locations_are_found_however_they_are_written() -> None:
    whole = read(ofd(LETTER), ".ofd").elements
    for old, new in (
        ("Pages/Page_0/Content.xml", "/Doc_0/Pages/Page_0/Content.xml"),
        ("Pages/Page_0/Content.xml", "Doc_0/Pages/Page_0/Content.xml"),
        ("Pages/Page_0/Content.xml", "./Pages\\page_0\\CONTENT.xml"),
        ("Pages/Page_0/Content.xml", "../Doc_0/Pages/Page_0/Content.xml"),
        ("Pages/Page_0/Content.xml", "Res/../Pages/Page_1/../Page_0/Content.xml"),
    ):
        assert read_letter(replaced("Doc_0/Document.xml", old, new)).elements == whole


def test_a_broken_page_is_told_and_the_others_are_read() -> None:
    pages = typeset(CONTENTS["pages"])
    found = read(ofd(pages, change=replaced("Doc_0/Pages/Page_1/Content.xml", "</o:Page>", "")), ".ofd")
    assert found.notes[0].startswith("第 2 页（共 1 页）") and {e.page for e in found.elements} == {1, 3, 4}


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04",
        b"%PDF-1.7",
        ofd(LETTER)[:-300],
        zipped({"word/document.xml": "<w/>", "[Content_Types].xml": "<t/>"}),
        zipped({"OFD.xml": "<OFD/>"}),
        zipped({"OFD.xml": "<OFD><DocBody><DocRoot>../../etc/passwd</DocRoot></DocBody></OFD>"}),
        zipped({"OFD.xml": "not xml"}),
    ],
)
def test_what_is_none_is_refused_in_a_sentence(data: bytes) -> None:
    with pytest.raises(BadFile, match=r"已损坏，或不是真正的 OFD 文件"):
        read(data, ".ofd")


def test_a_file_with_a_password_says_so() -> None:
    flagged = bytearray(ofd(LETTER))
    for start in [m.start() for m in re.finditer(b"PK\x01\x02", bytes(flagged))]:
        flagged[start + 8] |= 1
    for data in (bytes(flagged), with_parts(ofd(LETTER), {"Encryptions.xml": "<Encryptions/>"})):
        with pytest.raises(BadFile, match="密码") as error:
            read(data, ".ofd")
        assert error.value.hint


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(BadFile, match="压缩炸弹"):
        read(zipped({"OFD.xml": "<OFD/>", "a": " " * (TOTAL // 10)}), ".ofd")


def test_composed_objects_within_each_other_come_to_an_end() -> None:
    units = "".join(
        f'<o:CompositeGraphicUnit ID="{n}"><o:Content>{f"<o:CompositeObject ResourceID={chr(34)}{n - 1}{chr(34)}/>" * 100}</o:Content></o:CompositeGraphicUnit>'
        for n in range(1, 9)
    )
    change = replaced(
        "Doc_0/PublicRes.xml", "</o:Res>", f"<o:CompositeGraphicUnits>{units}</o:CompositeGraphicUnits></o:Res>"
    )
    data = with_parts(
        ofd(LETTER, change=change),
        {
            "Doc_0/Pages/Page_0/Content.xml": '<o:Page xmlns:o="x"><o:Content><o:CompositeObject ResourceID="8"/></o:Content></o:Page>'
        },
    )
    started = time.monotonic()
    with pytest.raises(BadFile):
        read(data, ".ofd")
    assert time.monotonic() - started < 5


def test_entities_are_not_resolved() -> None:
    def change(name: str, part: str) -> str:
        if "Page_0" not in name:
            return part
        head = '<!DOCTYPE p [<!ENTITY e SYSTEM "file:///etc/hostname"><!ENTITY a "啊啊啊">]>'
        return part.replace("<o:Page ", head + "<o:Page ", 1).replace("</o:Layer>", words("前&e;&a;后") + "</o:Layer>")

    assert lines_in(read_letter(change).elements)[-1] == "前"


def test_mutated_files_are_read_or_refused_and_nothing_else() -> None:
    chance = random.Random(33190)
    whole = ofd(typeset(NOTICE), STYLES["template"])
    outcomes = {"read": 0, "refused": 0}
    started = time.monotonic()
    for _ in range(200):
        try:
            read(mutated(whole, chance) or b"\x00", ".ofd")
            outcomes["read"] += 1
        except BadFile as exc:
            assert exc.message.endswith(("。", "）。")) and exc.hint
            outcomes["refused"] += 1
    assert min(outcomes.values()) > 10
    assert time.monotonic() - started < 5


def test_is_read_in_the_parser_s_process() -> None:
    sandbox = Sandbox()
    try:
        assert isinstance(sandbox.parse(ofd(typeset(NOTICE)), ".ofd").elements[4], (Paragraph, Table))
    finally:
        sandbox.close()
