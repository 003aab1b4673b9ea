"""Pages that are pictures: recognised where that is installed, told about where it is not."""

from __future__ import annotations

import importlib.util

import pytest

from core.errors import NotAvailable
from eval.made_documents import Content, Grid, pdf, picture, scanned
from ingest.parsed import Paragraph, Table
from ingest.readers import ocr, read

TEXT = "样例市对完成数字化改造的中小企业给予补助，比例为核定投资的百分之四十，最高五十万元。"
NOTICE = Content("样例市补助办法", (TEXT, Grid("表1 标准", (("等级", "比例"), ("二级", "40%"), ("三级", "50%")))))


def test_a_scan_says_that_recognition_must_be_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    found = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "rapidocr" else found(name, *a))
    with pytest.raises(NotAvailable, match="扫描件") as error:
        read(scanned(pdf(NOTICE)), ".pdf")
    assert "setup ocr" in error.value.terminal_hint


def test_the_text_and_the_tables_of_a_scan_are_read() -> None:
    parsed = read(scanned(pdf(NOTICE)), ".pdf")
    assert any(isinstance(e, Paragraph) and e.text == TEXT for e in parsed.elements)
    (table,) = [e for e in parsed.elements if isinstance(e, Table)]
    assert table.rows == (("等级", "比例"), ("二级", "40%"), ("三级", "50%"))
    assert "识别" in parsed.notes[0]


def test_a_picture_is_read() -> None:
    parsed = read(picture(pdf(Content("样例市补助办法", (TEXT,))), dots=150), ".png")
    assert any(isinstance(e, Paragraph) and e.text == TEXT for e in parsed.elements)


def test_half_wide_punctuation_beside_chinese_is_made_wide() -> None:
    assert ocr.widened("(一)比例:40%(含),a(b)") == "（一）比例：40%（含），a(b)"
