"""A table made ready to be read: units that stand in its title, its names or its row labels are put to its figures."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from core.text import squeeze
from core.types import Passage
from corpus.typed_tables import TypedTable
from tools.notice_amount.tiers import tiers

AMOUNT = re.compile(r"奖励|补助|补贴|资助|标准|额度|面额|奖金|金额|贴息|支持|定额|奖补")
CAP = re.compile(r"上限|最高|限额|封顶|不超过")
RATE = re.compile(r"比例|比率|率$|标准|奖励|补助|补贴|贴息|资助")
NUMBER = re.compile(r"-?\d[\d,，]*(?:\.\d+)?")
NOTHING_DUE = re.compile(r"不奖励?|不再?补助?|不予\S{1,4}|不享受")
_UNIT = re.compile(r"单位\s*[：:]\s*(万元|亿元|元)")
_NAMED = re.compile(r"[（(]\s*(万元|亿元|元)(?:/([^（()）或]{1,8}))?\s*[)）]")
_BARE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)(?=[，,；;、。]|$)")
_OTHER = re.compile(r"序\s*号|编\s*号|张数|数量|次数|台数|人数|个数|课时|期限|年限|时间|日期|比例|名次|年龄|电话")
_MONEY = frozenset({"元", "万元", "亿元"})


def completed(table: TypedTable, passages: Sequence[Passage]) -> TypedTable:
    """The table with the units that its columns lack."""
    whole = _unit_of(table, passages)
    units = [_unit(table, at, whole) for at in range(len(table.names))]
    rows = tuple(
        tuple(_cell(cell, units[at], row) if at not in table.labels or at else cell for at, cell in enumerate(row))
        for row in table.rows
    )
    return replace(table, units=tuple(units), rows=rows)


def _unit(table: TypedTable, at: int, whole: str) -> str:
    name = table.names[at]
    if _OTHER.search(name):
        return ""
    if found := _NAMED.search(name):
        return found[1]
    own = table.units[at]
    return own if own else whole if CAP.search(name) or AMOUNT.search(name) or tiers(name) else ""


def _unit_of(table: TypedTable, passages: Sequence[Passage]) -> str:
    """The one unit of money of a table: that of its columns, else the one that stands with its title or beside it."""
    told = {unit for unit in table.units if unit in _MONEY}
    if told:
        return told.pop() if len(told) == 1 else ""
    if found := _UNIT.search(table.title):
        return found[1]
    if not table.rows:
        return ""
    first = squeeze("|".join(table.names[1:]))
    places = [n for n, passage in enumerate(passages) if first and first in squeeze(passage.text)]
    for place in places[:1]:
        texts = [passages[place].text, passages[place - 1].text if place else ""]
        below = next((p.text for p in passages[place + 1 :] if " | " not in p.text), "")
        near = {m[1] for text in texts for m in _UNIT.finditer(text)} or {
            m[1] for m in [_UNIT.match(below.strip())] if m
        }
        if len(near) == 1:
            return near.pop()
    return ""


def _cell(cell: str, unit: str, row: Sequence[str]) -> str:
    """A cell with the unit of its column, or of its row's label, at the figures that have none."""
    text = re.sub(r"个百分$", "个百分点", cell.strip())
    if NUMBER.fullmatch(text):
        if not unit and row and (found := _NAMED.search(row[0])):
            return f"{text}{found[1]}"
        return text
    if unit in _MONEY and not text.endswith("%") and any(c.isdigit() for c in text):
        return _BARE.sub(rf"\g<1>{unit}", text)
    return text


def each_in(name: str) -> tuple[str, ...]:
    """For one of what the figures of a column are, by its name: 补贴标准（元/人·月）."""
    found = _NAMED.search(name)
    if not found or not found[2] or "或" in found[2]:
        return ()
    return tuple(part for part in re.split(r"[·・/、每]", found[2]) if part and part not in {"年", "次", "年度"})
