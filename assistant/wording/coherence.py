"""Whether the figures of one sentence go together: ranges, figures said twice, comparisons."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from assistant.wording.ground import Ground
from assistant.wording.stated import FIGURE, Stated, same_unit, stated, without_dates
from core.numbers import read_number
from core.text import normalise

_AGAIN = re.compile(
    r"(\d[\d.]*\s*[万亿]{0,2}(?:元|家|个|人|户))\s*[（(](?:即|也就是)?\s*(\d[\d.]*\s*[万亿]{0,2}(?:元|家|个|人|户))[)）]"
)
_COMPARED = re.compile(
    r"(\d[\d.]*)\s*(%|[万亿]?元|[万亿]?家|[万亿]?个|人|倍|级|天|小时)[^。；;\d]{0,40}(?:比|较)[^。；;，,\d]{0,20}?(\d[\d.]*)\s*\2[^\d，,。；;]{0,3}?"
    r"(?P<more>高|多|大|长|快)?(?P<less>低|少|小|短|慢)?(?=[出些了得。；;，,]|$)"
)  # fmt: skip


def incoherent(sentence: str, grounds: Sequence[Ground]) -> bool:
    """Whether figures that each stand in the evidence say something together that it does not."""
    text = without_dates(normalise(sentence))
    return (
        any(not _held(pair, grounds) for pair in (*_ranges(text), *_said_twice(text)))
        or any(low > high for low, high in _bounds(text))
        or any(_contradicted(m) for m in _COMPARED.finditer(text))
    )


def _ranges(text: str) -> Iterator[tuple[float, float]]:
    """The ends of each range but of years, which are often told from two places of a text."""
    for low, high, unit in _ends(text):
        if unit != "年" and not (1900 <= low <= 2100 and 1900 <= high <= 2100):
            yield low, high


def _bounds(text: str) -> Iterator[tuple[float, float]]:
    for low, high, unit in _ends(text):
        if unit not in {"月", "日"}:
            yield low, high


def _ends(text: str) -> Iterator[tuple[float, float, str]]:
    for m in FIGURE.finditer(text):
        if m["to"] and m["n"][0].isdigit() and m["to"][0].isdigit():
            low, high = read_number(m["n"]), read_number(m["to"])
            if low is not None and high is not None:
                yield low, high, m["unit"] or ""


def _said_twice(text: str) -> Iterator[tuple[float, float]]:
    """Amounts with another wording of them in brackets that differ: 100000万元（1亿元）."""
    for m in _AGAIN.finditer(text):
        first, again = (next((s for s in stated(part) if s.kind == "figure"), None) for part in m.groups())
        if first and again and same_unit(first.unit, again.unit) and first.value != again.value:
            yield float(first.value), float(again.value)


def _held(pair: tuple[float, float], grounds: Sequence[Ground]) -> bool:
    """Whether two figures stand next to each other somewhere in the evidence, whatever their scale (1–3万元)."""
    return any(
        _scaled(a, pair[0]) and _scaled(b, pair[1])
        for g in grounds
        for a, b in pairwise([s for s in g.stated if s.kind == "figure"])
    )


def _scaled(held: Stated, value: float) -> bool:
    return any(abs(float(held.value) - value * scale) <= 1e-9 * max(1.0, value) for scale in (1, 1e3, 1e4, 1e8))


def _contradicted(m: re.Match[str]) -> bool:
    """29% … 比 46% 高 cannot be."""
    first, second = float(m[1].rstrip(".")), float(m[3].rstrip("."))
    return bool((m["more"] and first < second) or (m["less"] and first > second))
