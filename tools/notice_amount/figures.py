"""The figures of a text in one measure each."""

from __future__ import annotations

import re
from decimal import Decimal

from core.numbers import Quantity, quantities
from tools.notice_amount.model import Figure, Measure
from tools.notice_amount.sums import exact

_MONTHS = {
    "月": Decimal(1),
    "个月": Decimal(1),
    "年": Decimal(12),
    "季度": Decimal(3),
    "天": Decimal(1) / 30,
    "日": Decimal(1) / 30,
}
_AREA = re.compile(r"^(?:平方米|平方|平米|㎡|平|亩|千瓦时|千瓦|蒸吨|度|吨|公里)")
_ALIKE = {
    "平方": "平方米",
    "平米": "平方米",
    "平": "平方米",
    "㎡": "平方米",
    "名": "人",
    "位": "人",
    "kW": "千瓦",
    "部": "台",
}
_PREFIX = re.compile(
    r"^(?:最高|最多|最低|至多|不得|不|超过|足|满|低于|高于|少于|多于|大于|小于|到|达到|至少|突破|未达)+"
)
_SUFFIX = re.compile(r"(?:[（(]不?含[)）])?(?:以上|以下|以内|及以上|及以下|起)(?:[（(]不?含[)）])?$")
_ROUND = ("约", "大约", "大概", "差不多")


def unit_of(word: str) -> str:
    return _ALIKE.get(word, word)


def figures(text: str) -> list[Figure]:
    """The figures of a text in order; days of the calendar and numbers of documents are left out."""
    found = []
    for q in quantities(text):
        one = _figure(q, text)
        if one is not None:
            found.append(one)
    return found


def _figure(q: Quantity, text: str) -> Figure | None:
    factor, unit, measure = Decimal(1), "", _measure(q)
    if measure is None:
        return None
    if q.kind == "money":
        factor = Decimal(10**4)
    elif measure == "share":
        factor = Decimal("0.01")
    elif measure == "foreign":
        factor, unit = Decimal(10**4), q.unit
    elif measure == "months":
        factor = _MONTHS[q.unit]
    elif measure == "count":
        unit = "人" if q.kind == "people" else q.unit
        after = text[q.end : q.end + 4]
        if q.unit in {"", "个"} and (area := _AREA.match(after)):
            unit = area[0]
        unit = unit_of(unit)
        if not unit:
            return None
    value = _bare(q) * factor
    if measure == "months" and text[q.end :].startswith("半"):
        value += factor / 2
    low = None if q.low in {0.0, float("-inf")} and q.high != 0 else exact(q.low) * factor
    high = None if q.high == float("inf") else exact(q.high) * factor
    sure = q.low == q.high and q.sure and (not q.approximate or q.words.startswith(_ROUND) or "左右" in q.words)
    return Figure(measure, unit, value, low, high, q.words, q.start, q.end, sure, q.kind == "points")


def _bare(q: Quantity) -> Decimal:
    """The number that is told, whatever side of it is meant: 20 for 不足20万元."""
    plain = _SUFFIX.sub("", _PREFIX.sub("", q.words))
    if plain == q.words or q.low == q.high:
        return exact(q.nominal)
    inner = [one for one in quantities(plain) if one.kind == q.kind]
    return exact(inner[0].nominal if len(inner) == 1 else q.nominal)


def _measure(q: Quantity) -> Measure | None:
    if q.kind in {"money", "price"}:
        return "money"
    if q.kind in {"share", "points"}:
        return "share"
    if q.kind == "foreign":
        return "foreign"
    if q.kind == "duration" and q.unit in _MONTHS:
        return "months"
    if q.kind in {"count", "people", "power", "number"}:
        return None if q.unit in {"级", "届", "期", "号", "条款"} else "count"
    return None
