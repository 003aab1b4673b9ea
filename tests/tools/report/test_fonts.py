"""The fonts of reports: the bundled ones, embedded, whatever the machine has."""

from __future__ import annotations

import ctypes
from pathlib import Path

import pypdfium2
import pypdfium2.raw as raw
import pytest

from core.errors import NotAvailable
from eval.made_documents import Content, pdf
from tools.outcome import Outcome
from tools.report import files, fonts

SIGNS = "0123456789 ABCxyz ％%≥≤—–·✓✗☐☑〔〕①②③㎡℃×÷→←±“”…№□●"


def text_of(data: bytes) -> str:
    with pypdfium2.PdfDocument(data) as document:
        return "".join(page.get_textpage().get_text_bounded() for page in document)


def names_of_fonts(data: bytes) -> set[str]:
    """The fonts that the text of a PDF is written in, without the mark of a subset; each must be embedded."""
    names = set()
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            for written in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
                font = raw.FPDFTextObj_GetFont(written.raw)
                buffer = ctypes.create_string_buffer(100)
                raw.FPDFFont_GetBaseFontName(font, buffer, 100)
                assert raw.FPDFFont_GetIsEmbedded(font) == 1, buffer.value
                names.add(buffer.value.decode().rpartition("+")[2])
    return names


def test_each_sign_of_the_reports_is_in_one_of_the_fonts() -> None:
    assert fonts.MISSING not in "".join(piece.text for piece in fonts.pieces(SIGNS))
    assert [piece.font for piece in fonts.pieces("三✗3")] == [fonts.CHINESE, fonts.SIGNS, fonts.CHINESE]


def test_what_no_font_has_becomes_a_sign() -> None:
    assert fonts.pieces("好🙂3") == [fonts.Piece(f"好{fonts.MISSING}3", fonts.CHINESE)]
    assert fonts.writable("三✗3") == f"三{fonts.MISSING}3"


@pytest.mark.usefixtures("other_fonts")
def test_digits_and_letters_stand_in_a_pdf_where_a_font_without_them_is_installed(tmp_path: Path) -> None:
    data = files.write("glossary", Outcome(f"数字化{SIGNS}"), tmp_path / "a.pdf").read_bytes()
    assert set(SIGNS) - {" "} <= set(text_of(data))
    assert names_of_fonts(data) <= {"NotoSansSC-Regular", "DejaVuSans"}


@pytest.mark.usefixtures("other_fonts")
def test_made_documents_do_not_depend_on_the_fonts_of_the_machine() -> None:
    data = pdf(Content("2026年通知", ("补贴 30% 以上，ABC 3000 万元。",)))
    assert all(word in text_of(data) for word in ("2026", "30%", "ABC", "3000"))
    assert names_of_fonts(data) == {"NotoSansSC-Regular"}


def test_a_lost_font_is_told_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(NotAvailable):
        fonts.chinese_path()
