"""The fonts of charts and PDF files: always the same two, whatever the machine has installed.

Chinese, digits, Latin letters and punctuation come from Noto Sans SC (OFL), which the wheel zhplot carries; signs that it
lacks (✗ ☐ ☑) from DejaVu Sans, which Matplotlib carries. Fonts of the machine are never asked: some that have Chinese
characters (Droid Sans Fallback) have neither digits nor Latin letters.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from core.errors import NotAvailable

CHINESE, SIGNS = "Xiangdao-Chinese", "Xiangdao-Signs"
"""Names under which reportlab knows the two."""
MISSING = "〓"
"""Printers' sign for a character that is not in the case."""


@dataclass(frozen=True)
class Piece:
    """Text that one font can write; font is its name."""

    text: str
    font: str


def chinese_path() -> Path:
    """The file of the Chinese font; NotAvailable where the wheel that carries it is gone. The wheel is not imported."""
    spec = importlib.util.find_spec("zhplot")
    roots = list(spec.submodule_search_locations or ()) if spec else []
    path = Path(roots[0]) / "fonts" / "NotoSansSC-Regular.ttf" if roots else None
    if path is None or not path.is_file():
        raise NotAvailable(
            "随包带的中文字体不见了，报告和图画不出来。", "要重新安装一次。", command="运行：python3 start.py"
        )
    return path


def signs_path() -> Path:
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def properties() -> Any:
    """The Chinese font for Matplotlib."""
    from matplotlib.font_manager import FontProperties

    return FontProperties(fname=str(chinese_path()))


@cache
def register() -> str:
    """Make both known to reportlab, which embeds the characters that are used, and give the Chinese one's name."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name, path in ((CHINESE, chinese_path()), (SIGNS, signs_path())):
        pdfmetrics.registerFont(TTFont(name, str(path)))
        pdfmetrics.registerFontFamily(name, normal=name, bold=name, italic=name, boldItalic=name)
    return CHINESE


@cache
def _characters(path: Path) -> frozenset[int]:
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(path)).get_charmap())


def pieces(text: str) -> list[Piece]:
    """The text by the font that has its characters; what neither has becomes one sign."""
    chinese, signs = _characters(chinese_path()), _characters(signs_path())
    out: list[Piece] = []
    for character in text:
        code = ord(character)
        font = SIGNS if code not in chinese and code in signs else CHINESE
        written = character if code in chinese or code in signs or character.isspace() else MISSING
        if out and out[-1].font == font:
            out[-1] = Piece(out[-1].text + written, font)
        else:
            out.append(Piece(written, font))
    return out


@cache
def width_em(character: str) -> float:
    """How wide a character is written, in sizes of the font."""
    from reportlab.pdfbase.pdfmetrics import stringWidth

    register()
    return sum(float(stringWidth(piece.text, piece.font, 1)) for piece in pieces(character))


def writable(text: str) -> str:
    """The text with what the Chinese font lacks as a sign, for labels of charts."""
    have = _characters(chinese_path())
    return "".join(c if ord(c) in have or c.isspace() else MISSING for c in text)
