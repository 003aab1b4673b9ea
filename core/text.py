"""Text normalisation, sentences and everyday Chinese numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_KANGXI_EXTRA = str.maketrans(
    {"⺠": "民", "⻓": "长", "⻋": "车", "⻔": "门", "⻅": "见", "⻛": "风", "⻚": "页", "⻢": "马"}
)
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3000-\u303f\uff01-\uff65“”‘’—…"
_SPACE_IN_CHINESE = re.compile(rf"(?<=[{_CJK}])[ \t\u3000]+(?=[{_CJK}])")
_KEEP_FULL = {"，", "。", "；", "：", "？", "！", "（", "）", "、", "“", "”", "《", "》", "—", "…", "·"}
_FOLDABLE = re.compile(rf"[^\x00-\x7f\u4e00-\u9fff{''.join(sorted(_KEEP_FULL))}]")
"""Characters that folding may change; the rest, nearly all of a Chinese text, is not looked at one by one."""
_SENTENCE_END = re.compile(r"(?<=[。！？!?；;])(?![”’」』）)\]])|(?<=[。！？!?；;][”’」』）)\]])|\n+")


def normalise(text: str) -> str:
    """Fold compatibility characters (Kangxi radicals, full-width letters) and drop invisible ones.

    Chinese punctuation keeps its full width; white space between Chinese characters goes.
    """
    text = _INVISIBLE.sub("", text).translate(_KANGXI_EXTRA)
    text = _FOLDABLE.sub(lambda match: unicodedata.normalize("NFKC", match[0]), text)
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACE_IN_CHINESE.sub("", text)


def one_line(text: str) -> str:
    """Normalise and collapse all white space into single spaces."""
    return re.sub(r"\s+", " ", normalise(text)).strip()


def squeeze(text: str) -> str:
    """Normalise, lower the case and drop all white space: for comparing. Short texts are asked for again and remembered."""
    return _remembered(text) if len(text) <= 500 else _squeezed(text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


_remembered = lru_cache(maxsize=4096)(_squeezed)


def bare(text: str) -> str:
    """Squeezed, and without quotation marks: for looking words up in a text (“一把手”负责制)."""
    return re.sub(r"[“”‘’「」『』\"]+", "", squeeze(text))


def sentences(text: str) -> list[str]:
    """Split into sentences at Chinese and Western ends and at line ends; ends stay attached."""
    return [part.strip() for part in _SENTENCE_END.split(text) if part and part.strip()]


def shorten(text: str, limit: int) -> str:
    """Cut at a sentence or comma before `limit` characters, with an ellipsis where something was cut."""
    if len(text) <= limit:
        return text
    head = text[:limit]
    for ends in ("。！？；\n", "，、,;"):
        at = max(head.rfind(c) for c in ends)
        if at > limit * 0.5:
            return head[: at + 1].rstrip("，、,;；\n") + ("" if head[at] in "。！？" else "…")
    return head.rstrip() + "…"


_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "俩": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_NUMBER = r"(?:\d+(?:,\d{3})*(?:\.\d+)?|[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?)"


def chinese_number(text: str) -> float | None:
    """Read a number written with digits or in Chinese: 280, 1,900, 三千, 两百五, 一万二, 六千二百万, 1.9.

    A trailing digit after a unit counts in the next lower unit, as in speech: 两百五 = 250, 一万二 = 12000.
    """
    text = text.replace(",", "").strip()
    if re.fullmatch(r"\d+(?:\.\d+)?", text):
        return float(text)
    whole, _, fraction = text.partition("点")
    for word, scale in (("亿", 1e8), ("万", 1e4)):
        if word in whole:
            head, _, tail = whole.partition(word)
            high = chinese_number(head) if head else 1.0
            if high is None:
                return None
            if tail and len(tail) == 1 and tail in _DIGITS:
                return high * scale + _DIGITS[tail] * scale / 10
            low = chinese_number(tail.lstrip("零")) if tail else 0.0
            return None if low is None else high * scale + low
    total, digit, last_unit = 0.0, None, 1
    for c in whole:
        if c in _DIGITS:
            digit = _DIGITS[c] if digit is None else digit * 10 + _DIGITS[c]
            if c in "零〇":
                last_unit = 1
        elif c in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[c]
            digit, last_unit = None, _UNITS[c]
        else:
            return None
    if digit is not None:
        total += digit * last_unit / 10 if last_unit >= 100 and digit < 10 else digit
    if fraction:
        if any(c not in _DIGITS for c in fraction):
            return None
        total += sum(_DIGITS[c] * 10 ** -(i + 1) for i, c in enumerate(fraction))
    return total if whole else None
