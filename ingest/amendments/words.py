"""Words in a text, whatever its blanks and widths, and never a piece of a figure."""

from __future__ import annotations

import re
import unicodedata

NUMERAL = re.compile(r"[\d.,]+")
CHINESE = "零〇一二三四五六七八九十百千万亿两"
_UNIT = re.compile(r"\s*(%|％|个百分点|[万亿]?元|个月|[年月日天家个人倍户项])")


def _folded(text: str) -> tuple[str, list[int]]:
    """A text without blanks and with plain characters, and where each of them stands."""
    kept = [(unicodedata.normalize("NFKC", c), at) for at, c in enumerate(text) if not c.isspace()]
    plain = [
        (f.lower() if len(f) == 1 and not (f.isdigit() and not text[at].isdecimal()) else text[at], at)
        for f, at in kept
    ]
    return "".join(c for c, _ in plain), [at for _, at in plain]


def places(text: str, words: str) -> list[tuple[int, int]]:
    """Where words stand in a text, whatever the blanks; a figure only where it is a whole one: 30 neither in 300 nor in 1.30."""
    plain, where = _folded(text)
    wanted = _folded(words)[0]
    found, at = [], 0
    while wanted and (at := plain.find(wanted, at)) >= 0:
        end = at + len(wanted)
        if _is_whole(plain, at, end):
            found.append((where[at], where[end - 1] + 1))
        at = end
    return found


def _is_whole(text: str, start: int, end: int) -> bool:
    """Whether a stretch cuts no figure."""
    first, last, before, after = text[start], text[end - 1], text[max(0, start - 1) : start], text[end : end + 1]
    if first.isdigit() and (before.isdigit() or (before in {".", ","} and text[start - 2 : start - 1].isdigit())):
        return False
    if last.isdigit() and (after.isdigit() or (after in {".", ","} and text[end + 1 : end + 2].isdigit())):
        return False
    if first in CHINESE and before and before in CHINESE:
        return False
    return not (last in CHINESE and after and after in CHINESE)


def unit_of(text: str, words: str) -> str:
    """The unit that a bare figure has where it stands, so that 30改为45 is told as 30%改为45%."""
    if not NUMERAL.fullmatch(words):
        return ""
    ends = [end for _, end in places(text, words)]
    found = _UNIT.match(text, ends[0]) if ends else None
    return found[1] if found else ""


def reworded(text: str, old: str, new: str) -> str:
    for start, end in reversed(places(text, old)):
        text = text[:start] + new + text[end:]
    return text
