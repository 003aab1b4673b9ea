"""Programmes taken out as a spreadsheet and brought back from the command line."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from corpus.cards import CORPUS
from tests.ui.command import assert_one_sentence, xiangdao


@pytest.fixture
def knowledge(tmp_path: Path) -> Path:
    """A corpus folder of the test's own; its programmes.yaml."""
    corpus = tmp_path / "corpus"
    for name in ("cards", "data"):
        shutil.copytree(CORPUS / name, corpus / name)
    shutil.copy(CORPUS / "sources.yaml", corpus)
    return corpus / "data" / "programmes.yaml"


def test_programmes_go_out_and_come_back_changed(knowledge: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "政策.csv"
    ran = xiangdao("docs", "programmes", "export", sheet)
    assert ran.code == 0 and re.search(r"已导出 \d+ 项政策", ran.out)
    text = sheet.read_text(encoding="utf-8-sig")
    name = "中小企业数字化转型城市试点"
    assert name in text
    sheet.write_text(text.replace(name, "改过的名字", 1), encoding="utf-8-sig")
    assert xiangdao("docs", "programmes", "import", sheet, "--into", knowledge).code == 0
    assert "改过的名字" in knowledge.read_text(encoding="utf-8")


def test_a_sheet_with_faults_is_told_cell_by_cell_and_nothing_is_written(knowledge: Path, tmp_path: Path) -> None:
    sheet, before = tmp_path / "政策.csv", knowledge.read_bytes()
    xiangdao("docs", "programmes", "export", sheet)
    text = sheet.read_text(encoding="utf-8-sig")
    sheet.write_text(text.replace(",补助,", ",礼物,", 1).replace("官方全文", "听说", 1), encoding="utf-8-sig")
    ran = xiangdao("docs", "programmes", "import", sheet, "--into", knowledge)
    assert ran.code == 1 and len(ran.out.splitlines()) == 2
    assert all(re.match(r"政策\.csv 第 \d+ 行“.+”：", line) for line in ran.out.splitlines())
    assert "2 处" in ran.err and knowledge.read_bytes() == before


def test_a_sheet_or_a_file_that_cannot_be_used_is_one_sentence(knowledge: Path, tmp_path: Path) -> None:
    bad = tmp_path / "坏.xlsx"
    bad.write_bytes(b"no workbook")
    assert_one_sentence(xiangdao("docs", "programmes", "import", bad, "--into", knowledge), "不是能读的表格")
    assert_one_sentence(xiangdao("docs", "programmes", "import", tmp_path / "没有.csv", "--into", knowledge), "打不开")
    assert_one_sentence(xiangdao("docs", "programmes", "export", tmp_path / "政策.doc"), ".xlsx 和 .csv")
    assert_one_sentence(xiangdao("docs", "programmes", "export", tmp_path / "没有" / "政策.csv"), "写不进去")
    for into, words in (
        (tmp_path / "没有" / "a.yaml", "找不到文件夹"),
        (tmp_path / "a.txt", ".yaml"),
    ):
        assert_one_sentence(xiangdao("docs", "programmes", "import", bad, "--into", into), words)
    good = tmp_path / "好.csv"
    xiangdao("docs", "programmes", "export", good)
    assert_one_sentence(xiangdao("docs", "programmes", "import", good, "--into", "/proc/a.yaml"), "写不进去")
