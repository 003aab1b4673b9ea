"""Report files: they open, hold the answer and the figures, and run nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadFile, BadInput
from tools import registry
from tools.outcome import Outcome
from tools.report import files
from tools.report.markdown import blocks_of
from tools.report.pages import Bullets, Grid, Paragraph

ENDINGS = (".docx", ".pdf", ".xlsx")


@pytest.fixture(scope="module")
def roadmap() -> Outcome:
    return registry.run(
        "roadmap", {"行业": "汽车零部件", "从业人员": 280, "当前等级": 2, "预算万元": 300, "地区": "苏州"}
    )


def docx_text(path: Path) -> str:
    from docx import Document

    document = Document(str(path))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(p.text for p in document.paragraphs), *cells])


def xlsx_values(path: Path) -> list[object]:
    from openpyxl import load_workbook

    return [cell.value for sheet in load_workbook(path) for row in sheet for cell in row if cell.value is not None]


@pytest.mark.parametrize("ending", ENDINGS)
def test_a_roadmap_is_written(roadmap: Outcome, ending: str, tmp_path: Path) -> None:
    path = files.write("roadmap", roadmap, tmp_path / f"路线图{ending}")
    assert path.stat().st_size > 20_000


def test_the_word_file_holds_answer_tables_charts_and_sources(roadmap: Outcome, tmp_path: Path) -> None:
    from docx import Document

    path = files.write("roadmap", roadmap, tmp_path / "a.docx")
    text = docx_text(path)
    assert all(word in text for word in ("数字化转型路线图", "这周就做", "任务和先后", "风险", "出处", "苏州"))
    assert all(scenario["name"] in text for scenario in roadmap.data["scenarios"])
    assert "**" not in text
    assert len(Document(str(path)).inline_shapes) == 2


def test_the_workbook_holds_each_table_on_its_own_sheet(roadmap: Outcome, tmp_path: Path) -> None:
    from openpyxl import load_workbook

    book = load_workbook(files.write("roadmap", roadmap, tmp_path / "a.xlsx"))
    assert {"报告", "任务", "场景", "预算", "指标", "风险"} <= set(book.sheetnames)
    months = [row[4].value for row in book["任务"].iter_rows(min_row=2)]
    assert months == [task["months"] for task in roadmap.data["tasks"]]
    assert sum(len(sheet._images) for sheet in book) == 2


def test_what_looks_like_a_formula_stays_text(tmp_path: Path) -> None:
    from openpyxl import load_workbook

    wicked = ["=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", '=HYPERLINK("http://x")']
    table = "\n".join(["| 名称 | 值 |", "| --- | --- |", *[f"| {w.replace('|', '')} | x |" for w in wicked]])
    path = files.write("glossary", Outcome(f"=2+2\n\n{table}"), tmp_path / "a.xlsx")
    cells = [cell for sheet in load_workbook(path) for row in sheet for cell in row if cell.value is not None]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert "=2+2" in [cell.value for cell in cells] and "=1+1" in [cell.value for cell in cells]


@pytest.mark.parametrize("ending", ENDINGS)
def test_marks_and_control_characters_do_no_harm(ending: str, tmp_path: Path) -> None:
    outcome = Outcome("<b>&公司\x07名</b> **粗** " + "长" * 40_000)
    assert files.write("glossary", outcome, tmp_path / f"a{ending}").exists()


def test_a_json_result_is_written_like_the_outcome(roadmap: Outcome, tmp_path: Path) -> None:
    path = files.write("roadmap", roadmap.as_json(), tmp_path / "a.docx")
    assert docx_text(path) == docx_text(files.write("roadmap", roadmap, tmp_path / "b.docx"))


def test_any_other_result_can_be_written(tmp_path: Path) -> None:
    outcome = registry.run("cases", {"行业": "阀门", "工具": "PDM"})
    assert "达沃斯" in docx_text(files.write("glossary", outcome, tmp_path / "a.docx"))


def test_another_ending_is_refused(roadmap: Outcome, tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"\.txt"):
        files.write("roadmap", roadmap, tmp_path / "a.txt")


def test_what_is_not_a_result_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadInput):
        files.write("roadmap", {"data": 3}, tmp_path / "a.docx")


def test_a_place_that_cannot_be_written_is_named(roadmap: Outcome, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadFile):
        files.write("roadmap", roadmap, tmp_path / "file" / "a.xlsx")


def test_markdown_becomes_blocks() -> None:
    blocks = blocks_of("**先做**这个\n\n| a | b |\n| --- | --- |\n| 1 | 2 |\n\n- x\n- y")
    assert isinstance(blocks[0], Paragraph) and blocks[0].parts() == [("先做", True), ("这个", False)]
    assert isinstance(blocks[1], Grid) and blocks[1].rows == (("1", "2"),)
    assert isinstance(blocks[2], Bullets) and len(blocks[2].items) == 2
