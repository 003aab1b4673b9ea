"""Traditional script: told by its characters, turned into simplified script by OpenCC."""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from opencc import OpenCC

_KEPT_WIDE = frozenset("，。；：？！（）")
"""Punctuation that keeps its full width: “30，900万” is two figures, “30,900万” is one."""
_NUMERALS = str.maketrans(
    {
        "壹": "一", "弌": "一", "貳": "二", "贰": "二", "弍": "二", "貮": "二", "兩": "两", "叁": "三", "參": "三", "叄": "三", "肆": "四", "伍": "五", "陸": "六",
        "陆": "六", "柒": "七", "捌": "八", "玖": "九", "拾": "十", "佰": "百", "仟": "千", "萬": "万", "億": "亿", "幾": "几", "個": "个", "餘": "余", "來": "来",
        "圓": "元", "圆": "元", "塊": "块", "員": "员", "點": "点", "職": "职", "號": "号", "臺": "台", "份": "份", "噸": "吨", "開": "开", "過": "过", "約": "约",
        "將": "将", "數": "数", "間": "间", "應": "应", "營": "营", "錢": "钱", "負": "负", "頭": "头", "歲": "岁", "條": "条", "單": "单", "雙": "双", "輛": "辆",
        "張": "张", "幣": "币", "歐": "欧", "鎊": "镑", "場": "场", "廠": "厂", "層": "层", "倍": "倍", "Ｏ": "〇", "○": "〇", "Ο": "〇", "−": "-", "－": "-",
        "–": "-", "～": "~", "〜": "~", "∼": "~", "￥": "¥", "﹪": "%", "•": "·", "\u00a0": " ", "\u2009": " ", "\u202f": " ", "\u3000": " ", "\u2007": " ",
    }
)  # fmt: skip
"""How figures and what counts them are written otherwise: contracts' capitals, traditional script, wide signs."""


@lru_cache(maxsize=8192)
def _folded(character: str) -> str:
    if character in _KEPT_WIDE:
        return character
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character


def fold(text: str) -> str:
    """A text with its figures in one way of writing, each character in its place: ３仟萬圓 → 3千万元."""
    return "".join(c if c < "\x7f" else _folded(c) for c in text.translate(_NUMERALS))


@lru_cache(maxsize=8192)
def is_traditional(character: str) -> bool:
    """Whether a character is written in traditional script only: it stands in Big5 and not in GB 2312."""
    if character < "\u4e00" or character > "\u9fff":
        return False
    try:
        character.encode("gb2312")
    except UnicodeEncodeError:
        try:
            character.encode("big5")
        except UnicodeEncodeError:
            return False
        return True
    return False


def simplified(text: str) -> str:
    """The text in simplified script; one without traditional characters is given back as it is."""
    if not any(map(is_traditional, text)):
        return text
    return _converter().convert(text)


@cache
def _converter() -> OpenCC:
    from opencc import OpenCC

    return OpenCC("t2s")
