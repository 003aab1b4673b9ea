"""Numbers that an office program makes are read as it shows them."""

from __future__ import annotations

import datetime as dt

import pytest

from ingest.parsed import Paragraph
from ingest.readers import read
from ingest.readers.numerals import shown as number_shown
from ingest.readers.xlsx_format import shown
from tests.ingest.readers import made_offices as made
from tests.ingest.readers.made_offices import book, everything, saved, tbl, told, word
from tests.ingest.readers.reading import FILES, STYLES, sheet_read, word_lines
from tests.ingest.readers.test_formats import tables_in

# Automatic numbers


def test_a_list_told_to_begin_anew_begins_anew_and_one_that_is_not_goes_on() -> None:
    texts = [("甲", 1), ("乙", 1), ("丙", 2), ("丁", 2), ("戊", 3)]
    lines = word_lines(
        *(made.listed(text, num) for text, num in texts),
        numbering=made.numbering(made.level(0, "%1."), "", made.anew(), ""),
    )
    assert lines == ["1.甲", "2.乙", "1.丙", "2.丁", "3.戊"]


def test_a_list_may_begin_anew_at_another_number_and_look_different() -> None:
    other = (
        f'<w:lvlOverride w:ilvl="0"><w:startOverride w:val="3"/>{made.level(0, "附件%1：", start=3)}</w:lvlOverride>'
    )
    lines = word_lines(
        made.listed("甲"),
        made.listed("乙", 2),
        made.listed("丙", 2),
        numbering=made.numbering(made.level(0, "%1."), "", other),
    )
    assert lines == ["1.甲", "附件3：乙", "附件4：丙"]


@pytest.mark.parametrize("inside", ["cells", "content control"])
def test_items_in_cells_and_controls_are_counted_with_the_others(inside: str) -> None:
    items = made.listed("设备"), made.listed("软件")
    middle = (
        tbl(["类别", "内容"], ["一类", items[0]], ["二类", items[1]]) if inside == "cells" else made.sdt("".join(items))
    )
    whole = everything(
        read(
            word(made.listed("人员"), middle, made.listed("培训"), numbering=made.numbering(made.level(0, "%1、"))),
            ".docx",
        )
    )
    assert all(text in whole for text in ("1、人员", "2、设备", "3、软件", "4、培训"))


def _levels(second: str) -> list[str]:
    return word_lines(
        made.listed("总则"), made.listed("目的", 1, 1), made.listed("范围", 1, 1), made.listed("标准"), made.listed("比例", 1, 1),
        numbering=made.numbering(made.level(0, "第%1章", "chineseCounting") + second),
    )  # fmt: skip


def test_a_level_begins_anew_under_each_one_above_it() -> None:
    assert _levels(made.level(1, "（%2）", "chineseCounting")) == [
        "第一章总则", "（一）目的", "（二）范围", "第二章标准", "（一）比例",
    ]  # fmt: skip


def test_a_level_that_never_begins_anew_goes_on_through_the_chapters() -> None:
    lines = _levels(made.level(1, "第%2条", "chineseCounting", more='<w:lvlRestart w:val="0"/>'))
    assert [line.partition("条")[0] for line in (lines[1], lines[2], lines[4])] == ["第一", "第二", "第三"]


def test_a_level_in_plain_figures_says_the_chapter_in_figures_too() -> None:
    lines = _levels(made.level(1, "%1.%2 ", more="<w:isLgl/>"))
    assert (lines[1], lines[4]) == ("1.1 目的", "2.1 比例")


def test_the_levels_of_styles_are_known_from_the_list() -> None:
    levels = made.level(0, "%1、", "chineseCounting", more='<w:pStyle w:val="Chapter"/>') + made.level(
        1, "（%2）", "chineseCounting", more='<w:pStyle w:val="Part"/>'
    )
    data = word(
        made.p("总则", '<w:pStyle w:val="Chapter"/>'),
        made.p("目的", '<w:pStyle w:val="Part"/>'),
        made.p("说明", '<w:pStyle w:val="Part"/><w:numPr><w:numId w:val="0"/></w:numPr>'),
        styles=STYLES,
        numbering=made.numbering(levels),
    )
    assert read(data, ".docx").elements == (Paragraph("一、总则", 1), Paragraph("（一）目的", 2), Paragraph("说明", 2))


@pytest.mark.parametrize(
    ("number", "kind", "seen"),
    [
        (100, "chineseCountingThousand", "一百"),
        (101, "chineseCountingThousand", "一百零一"),
        (112, "chineseCounting", "一百一十二"),
        (3, "chineseLegalSimplified", "叁"),
        (12, "chineseLegalSimplified", "壹拾贰"),
        (2, "ideographTraditional", "乙"),
        (3, "ideographZodiac", "寅"),
        (7, "decimalZero", "07"),
        (12, "decimalFullWidth", "１２"),
        (27, "lowerLetter", "aa"),
        (4, "ideographEnclosedCircle", "㊃"),
        (45, "upperRoman", "XLV"),
    ],
)
def test_numbers_of_every_kind_that_offices_use_are_as_word_shows_them(number: int, kind: str, seen: str) -> None:
    assert number_shown(number, kind) == seen


# Figures as the sheet shows them


@pytest.mark.parametrize(
    ("value", "pattern", "seen"),
    [
        (36, '0"万元"', "36万元"),
        (28, '"最高"0"万元"', "最高28万元"),
        (25800, '0.0,"千元"', "25.8千元"),
        (360000, '0!.0,"万元"', "36.0万元"),
        (1250000, '0!.0000"万元"', "125.0000万元"),
        (3_200_000, '0.0,,"百万元"', "3.2百万元"),
        (0.35, "0%", "35%"),
        (-0.05, "0.0%;(0.0%)", "(5.0%)"),
        (0, '0"万元";-0"万元";"不补"', "不补"),
        (12, '[<10]"少于十家";0"家"', "12家"),
        (6, '[<10]"少于十家";0"家"', "少于十家"),
        (20000, '[>=10000]0!.0,"万元";0"元"', "2.0万元"),
        (800, '[>=10000]0!.0,"万元";0"元"', "800元"),
        (50, "[红色]0", "50"),
        (45, 'General"元"', "45元"),
        (45, 'G/通用格式"元"', "45元"),
        (1234567.5, "[$¥-804]#,##0.00", "¥1234567.50"),
        (-300, "#,##0_);(#,##0)", "(300)"),
        (7, "000", "007"),
        ("上云", '@"类"', "上云类"),
        ("上云", '0"万元"', "上云"),
        (3, '"第"0"批"', "第3批"),
        (0.5, "# ?/?", "0.5"),
        (1.5e7, "0.00E+00", "15000000"),
        (dt.datetime(2026, 11, 20), "yyyy/m/d", "2026-11-20"),
        (dt.datetime(2026, 11, 20), 'm"月"d"日"', "2026-11-20"),
        (dt.datetime(2026, 11, 1), 'yyyy"年"m"月"', "2026年11月"),
        (dt.datetime(2026, 1, 1), 'yyyy"年"', "2026年"),
        (dt.timedelta(hours=26, minutes=30), "[h]:mm", "26:30"),
        (True, "General", "是"),
    ],
)
def test_a_figure_is_read_as_its_format_shows_it(value: object, pattern: str, seen: str) -> None:
    assert shown(value, pattern) == seen


def test_a_format_s_unit_reaches_the_answer_of_a_row() -> None:
    made_book = book([["企业", "补助"], ["云杉厂", 25.8], ["雪松厂", 31]])
    for row in (2, 3):
        made_book.active.cell(row, 2).number_format = '0.0"万元"'
    assert told(saved(made_book), ".xlsx") == ["云杉厂 | 补助 | 25.8万元", "雪松厂 | 补助 | 31.0万元"]


# Formulas that nobody computed


def test_formulas_without_values_are_computed_across_sheets_and_shown_in_their_format() -> None:
    made_book = book(
        [["项目", "单价", "数量", "补助"], ["网关", 1200, 5, "=B2*C2*比例!B1"], ["平台", 30000, 1, "=IF(B3>20000,B3*比例!B1,0)"],
         ["合计", None, None, "=SUM(D2:D3)"]],
        [["比例", 0.4]], names=["测算", "比例"],
    )  # fmt: skip
    made_book["测算"]["D4"].number_format = '0"元"'
    parsed = read(saved(made_book), ".xlsx")
    column = [row[-1] for row in tables_in(parsed.elements)[0].rows]
    assert column == ["补助", "2400", "12000", "14400元"] and not parsed.notes


@pytest.mark.parametrize(
    ("formula", "seen"),
    [
        ('=A2&"等"&B2&"家"', "云杉厂等3家"),
        ("=ROUND(B2/7,2)", "0.43"),
        ("=VLOOKUP(A3,A2:B3,2,FALSE)", "8"),
        ('=IFERROR(1/0,"另定")', "另定"),
        ("=MAX(B2:B3)-MIN(B2:B3)", "5"),
        ('=SUMIF(A2:A3,"云杉厂",B2:B3)', "3"),
        ('=TEXT(B2,"0.0")&"万元"', "3.0万元"),
    ],
)
def test_usual_formulas_are_computed(formula: str, seen: str) -> None:
    parsed = sheet_read([["企业", "家数", "说明"], ["云杉厂", 3, formula], ["雪松厂", 8, "无"]])
    assert tables_in(parsed.elements)[0].rows[1][2] == seen


@pytest.mark.parametrize(
    "formula", ["=[1]外部!A1", "=TODAY()", "=INDIRECT(A2)", "=NOSUCH(B2)", "=1/0", "=VLOOKUP(9,A2:B3,2,FALSE)"]
)
def test_a_formula_without_a_result_is_told_and_makes_up_nothing(formula: str) -> None:
    parsed = sheet_read([["企业", "家数", "说明"], ["云杉厂", 3, formula], ["雪松厂", 8, "无"]])
    assert tables_in(parsed.elements)[0].rows[1] == ("云杉厂", "3", "")
    assert any("公式" in note and "1 个" in note for note in parsed.notes)


@pytest.mark.parametrize("formula", ['=DISPIMG("ID_0A1B",1)', '=_xlfn.DISPIMG("ID_0A1B",1)'])
def test_pictures_in_cells_are_told_and_are_no_text(formula: str) -> None:
    parsed = sheet_read([["设备", "照片"], ["机床", formula], ["铣床", formula], ["台账", "见附页"]])
    assert "DISPIMG" not in everything(parsed) and any("2 张图片" in note for note in parsed.notes)
    assert "机床" in everything(parsed)


def test_embedded_objects_of_a_workbook_and_of_a_document_are_told() -> None:
    import zipfile
    from io import BytesIO

    with zipfile.ZipFile(BytesIO(FILES[".xlsx"]())) as file:
        parts = [*((i.filename, file.read(i)) for i in file.infolist()), ("xl/embeddings/oleObject1.bin", b"x")]
    document = word(made.p(made.r("见附表。") + "<w:r><w:object/></w:r>"))
    for data, suffix in ((made.packed(parts), ".xlsx"), (document, ".docx")):
        assert any("1 个对象" in note for note in read(data, suffix).notes)
