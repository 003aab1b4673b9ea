"""A font with Chinese characters: from XIANGDAO_FONT, from the machine, or from the wheel zhplot.

XIANGDAO_FONT: path of a .ttf, .ttc or .otf file; "none" does without a font, as on a machine that has none.
"""

from __future__ import annotations

import importlib.util
import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from core.errors import BadInput

VARIABLE = "XIANGDAO_FONT"
KNOWN = (
    "msyh", "simhei", "deng", "simsun", "pingfang", "stheiti medium", "stheiti", "hiragino sans gb", "notosanssc",
    "notosanscjksc", "notosanscjk-regular", "sourcehansanssc", "sourcehansanscn", "wqy-microhei", "wqy-zenhei",
    "droidsansfallback", "lxgwwenkai", "arialuni", "uming", "ukai",
)  # fmt: skip
"""Beginnings of file names, in lower case, best first: Windows, macOS, Linux."""
_SAMPLE = "数字化评估补贴级，。（）"
NO_FONT = "这台电脑没有找到中文字体，图里用编号代替文字，对照见图下的表；装一个中文字体（或用环境变量 XIANGDAO_FONT 指定）后重新导出即可。"


@dataclass(frozen=True)
class Font:
    """A font file; embeds: whether it has TrueType outlines, which reportlab can embed in a PDF."""

    path: Path
    embeds: bool


def chinese_font(embeddable: bool = False) -> Font | None:
    """The first usable font; None without one. BadInput where XIANGDAO_FONT names no usable file.

    embeddable: only a font that a PDF can carry.
    """
    font = _font(os.environ.get(VARIABLE, ""), embeddable)
    return font if font is None or font.embeds or not embeddable else None


@cache
def _font(given: str, embeddable: bool) -> Font | None:
    if given == "none":
        return None
    if given:
        path = Path(given).expanduser()
        if not _has_chinese(path):
            raise BadInput(f"{VARIABLE} 指的字体不能用：{given[:80]}。", "换成含中文的 .ttf、.ttc 或 .otf 文件的路径。")
        return Font(path, _embeds(path))
    fonts = (Font(path, _embeds(path)) for path in [*_installed(), *_from_wheel()] if _has_chinese(path))
    return next((font for font in fonts if font.embeds or not embeddable), None)


def _installed() -> list[Path]:
    """Known fonts of the machine, the best first."""
    from matplotlib import font_manager

    found = [Path(p) for p in font_manager.findSystemFonts()]
    ranked = [(n, path) for path in found for n, name in enumerate(KNOWN) if path.name.lower().startswith(name)]
    return [path for _, path in sorted(ranked)]


def _from_wheel() -> list[Path]:
    """The Noto Sans SC that the wheel zhplot carries (OFL); the package itself is not imported."""
    spec = importlib.util.find_spec("zhplot")
    roots = spec.submodule_search_locations if spec else None
    return sorted(Path(next(iter(roots))).glob("fonts/*.ttf")) if roots else []


def _has_chinese(path: Path) -> bool:
    from matplotlib.ft2font import FT2Font

    try:
        font = FT2Font(str(path))
    except (OSError, RuntimeError, ValueError):
        return False
    return all(font.get_char_index(ord(c)) for c in _SAMPLE)


def _embeds(path: Path) -> bool:
    """Whether reportlab can read it: TrueType outlines, which fonts with PostScript outlines lack."""
    from reportlab.pdfbase.ttfonts import TTFError, TTFontFile

    try:
        TTFontFile(str(path))
    except (TTFError, OSError, ValueError, KeyError):
        return False
    return True
