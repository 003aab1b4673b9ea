"""How reports are laid out: first page, last page, numbering, sheets, fonts and titles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from openpyxl import load_workbook

from tests.tools.report.reading import docx_text, pdf_text, xlsx_text
from tools import registry
from tools.outcome import Outcome
from tools.report import files
from tools.report.contents import title_of
from tools.report.pages import Grid, Heading, Pages, Paragraph
from tools.report.summary import LINES, summary_of

DAY = date(2026, 11, 29)
FIRM = "宁波甲乙注塑有限公司"
CALLS = {
    "subsidy": {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000, "地区": "广东中山", "投入万元": 300},
    "roadmap": {"行业": "汽车零部件", "从业人员": 280, "当前等级": 2, "预算万元": 300, "地区": "苏州"},
    "maturity": {"行业": "注塑", "已用系统": ["金蝶ERP"], "生产制造": "纸质"},
    "size_class": {"行业": "注塑", "从业人员": 280, "营业收入万元": 19000},
    "cases": {"行业": "服装"},
    "benchmark": {"行业": "注塑", "营业收入万元": 5000, "投入万元": 40},
}


@pytest.fixture(scope="module")
def outcomes() -> dict[str, Outcome]:
    return {tool: registry.run(tool, arguments, DAY) for tool, arguments in CALLS.items()}


@pytest.fixture(scope="module")
def written(outcomes: dict[str, Outcome], tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("reports")
    for tool, outcome in outcomes.items():
        for ending in ("pdf", "docx", "xlsx"):
            files.write(tool, outcome, folder / f"{tool}.{ending}", firm=FIRM, day=DAY)
    return folder


def squeezed(text: str) -> str:
    return "".join(text.split())


@pytest.mark.parametrize("tool", CALLS)
def test_each_format_opens_with_the_same_summary(outcomes: dict[str, Outcome], written: Path, tool: str) -> None:
    with pypdfium2.PdfDocument((written / f"{tool}.pdf").read_bytes()) as document:
        first_page = squeezed(document[0].get_textpage().get_text_bounded())
    table = Document(str(written / f"{tool}.docx")).tables[0]
    word = [[cell.text for cell in row.cells] for row in table.rows]
    sheet = load_workbook(written / f"{tool}.xlsx").worksheets[0]
    rows = [[str(cell) for cell in row] for row in sheet.iter_rows(min_row=3, values_only=True)]
    assert sheet.title == "概要" and word == rows == summary_of(tool, outcomes[tool]).grid().texts()
    assert [row[0] for row in word[1:]] == list(LINES.values())
    assert all(squeezed(cell) in first_page for row in word for cell in row)


def test_the_summary_of_a_support_match_tells_amount_end_and_office(outcomes: dict[str, Outcome]) -> None:
    summary = summary_of("subsidy", outcomes["subsidy"])
    shown = [p for p in outcomes["subsidy"].data["programmes"] if p["id"] in outcomes["subsidy"].data["shown"]]
    assert shown
    for programme in shown:
        assert programme["name"] in summary.much and programme["status"]["text"] in summary.until
        assert programme["ask"] in summary.ask
    assert summary.week


def test_the_summary_of_a_roadmap_tells_the_budget_the_last_day_and_this_week(outcomes: dict[str, Outcome]) -> None:
    data = outcomes["roadmap"].data
    summary = summary_of("roadmap", outcomes["roadmap"])
    assert "300万元" in summary.much and max(task["until"] for task in data["tasks"]) in summary.until
    assert data["this_week"].rstrip("。") in summary.week


def test_an_amount_of_a_programme_that_is_over_is_headed_by_its_standing() -> None:
    from tools.report.summary import amount_of

    over = {"group": "over", "amount": "最多30万元", "gives": "", "status": {"text": "申报已结束"}}
    assert amount_of(over) == "申报已结束；原来最多30万元"


@pytest.mark.parametrize("tool", CALLS)
def test_titles_name_the_firm_and_the_tool(written: Path, tool: str) -> None:
    title = f"{FIRM}：{title_of(tool)}"
    assert title in squeezed(pdf_text(written / f"{tool}.pdf"))
    properties = Document(str(written / f"{tool}.docx")).core_properties
    assert properties.title == title and properties.author and properties.language == "zh-CN"
    assert docx_text(written / f"{tool}.docx").startswith(title)
    assert load_workbook(written / f"{tool}.xlsx").properties.title == title and title in xlsx_text(
        written / f"{tool}.xlsx"
    )


def test_a_report_without_a_known_firm_has_the_tool_as_its_title(outcomes: dict[str, Outcome], tmp_path: Path) -> None:
    path = files.write("cases", outcomes["cases"], tmp_path / "a.docx", day=DAY)
    assert Document(str(path)).paragraphs[0].text == title_of("cases")


@pytest.mark.parametrize("tool", CALLS)
def test_no_page_of_a_pdf_is_nearly_empty(written: Path, tool: str) -> None:
    with pypdfium2.PdfDocument((written / f"{tool}.pdf").read_bytes()) as document:
        for number, page in enumerate(document):
            lowest = min(found.get_bounds()[1] for found in page.get_objects() if found.get_bounds()[1] > 40)
            assert page.get_height() - lowest > 170, f"page {number + 1} of {len(document)}"


def test_every_style_of_a_word_file_has_a_chinese_font(written: Path) -> None:
    document = Document(str(written / "roadmap.docx"))
    used = {p.style.name for p in document.paragraphs} | {"Normal", "Footer"}
    for name in used:
        fonts = document.styles[name].element.rPr.rFonts
        assert fonts.get(qn("w:eastAsia")) and fonts.get(qn("w:eastAsiaTheme")) is None, name


@pytest.mark.parametrize("tool", CALLS)
def test_each_sheet_is_printed_one_page_across(written: Path, tool: str) -> None:
    for sheet in load_workbook(written / f"{tool}.xlsx"):
        assert sheet.page_setup.orientation == "landscape" and sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage and sheet.page_setup.fitToWidth == 1
        assert sheet.page_setup.fitToHeight == (1 if sheet._images else 0)
        assert "&P" in sheet.oddFooter.right.text
        widths = sum(dimension.width for dimension in sheet.column_dimensions.values())
        assert widths <= 160, "smaller than four fifths would be hard to read"
        assert all(cell.alignment.wrap_text for row in sheet for cell in row if isinstance(cell.value, str))


def test_a_support_match_has_one_row_a_programme(outcomes: dict[str, Outcome], written: Path) -> None:
    sheet = load_workbook(written / "subsidy.xlsx")["补贴"]
    names = [row[0] for row in sheet.iter_rows(min_row=2, values_only=True)]
    near = [p for p in outcomes["subsidy"].data["programmes"] if p["group"] != "elsewhere"]
    assert sorted(names) == sorted(p["name"] for p in near)
    assert sheet.print_title_rows == "$1:$1" and sheet.freeze_panes == "A2"


def test_names_of_sheets_fit_and_differ(tmp_path: Path) -> None:
    long = "哪些/困难?*[最]大" * 6
    grids = [Grid(name, ("a",), (("1",),)) for name in (long, long, "表A", "表a", "报告", "''", "")]
    path = files.save(Pages("x", "y", (Heading("h"), *grids)), tmp_path / "a.xlsx")
    names = load_workbook(path).sheetnames
    assert len(names) == len({name.casefold() for name in names}) == len(grids) + 1
    assert all(1 <= len(name) <= 31 and not set(name) & set("[]:*?/\\'") for name in names)


def test_a_text_longer_than_a_cell_goes_on_in_the_next_row(tmp_path: Path) -> None:
    text = "".join(f"第{n}条，补{n}万元；" for n in range(6000))
    path = files.save(Pages("x", "y", (Paragraph(text), Grid("表", ("a", "b"), ((text, 1.5),)))), tmp_path / "a.xlsx")
    for sheet in load_workbook(path):
        written = "".join(str(row[0]) for row in sheet.iter_rows(values_only=True) if row[0])
        assert text in written and max(len(str(row[0])) for row in sheet.iter_rows(values_only=True)) <= 32_767
