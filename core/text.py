"""Text normalisation."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from core.radicals import with_characters

_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\u00ad\ufff9-\ufffb]")
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_CJK = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\u3000-\u303f\uff01-\uff65“”‘’—…"
_SAID = frozenset("零〇一二两三四五六七八九十百千万亿")
_SPACE_IN_CHINESE = re.compile(rf"(?<=([{_CJK}]))[ \t\u3000]+(?=([{_CJK}]))")
_KEEP_FULL = {"，", "。", "；", "：", "？", "！", "（", "）", "、", "“", "”", "《", "》", "—", "…", "·"}
_FOLDABLE = re.compile(rf"[^\x00-\x7f\u4e00-\u9fff{''.join(sorted(_KEEP_FULL))}]")
"""Characters that folding may change; the rest, nearly all of a Chinese text, is not looked at one by one."""


def normalise(text: str) -> str:
    """Fold compatibility characters (radicals, full-width letters) and drop invisible ones.

    Chinese punctuation keeps its full width; white space between Chinese characters goes.
    """
    text = with_characters(_INVISIBLE.sub("", text))
    text = _FOLDABLE.sub(lambda match: _fold(match[0]), text)
    text = _CONTROL.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _SPACE_IN_CHINESE.sub(_gap, text)


def _gap(space: re.Match[str]) -> str:
    """Nothing, but a blank between two numerals (三 五家), which would else be one number."""
    return " " if {space[1], space[2]} <= _SAID else ""


@lru_cache(maxsize=4096)
def _fold(c: str) -> str:
    """A character's compatible form; ①, ², ½ and ㎡ stay, because their digits would join the number beside them."""
    plain = unicodedata.normalize("NFKC", c)
    joins = plain[:1].isdecimal() or plain[-1:].isdecimal()
    return c if joins and not c.isdecimal() else plain


def squeeze(text: str) -> str:
    """Normalise, lower the case and drop all white space: for comparing, never for showing or reading figures. Short texts are asked for again and remembered."""
    return _remembered(text) if len(text) <= 500 else _squeezed(text)


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()


_remembered = lru_cache(maxsize=4096)(_squeezed)


def bare(text: str) -> str:
    """Squeezed, and without quotation marks: for looking words up in a text (“一把手”负责制)."""
    return re.sub(r"[“”‘’「」『』\"]+", "", squeeze(text))
