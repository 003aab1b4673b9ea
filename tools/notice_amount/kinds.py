"""What the columns of a table give: labels, rates, sums, caps, ranges, terms; and the sum of a cell."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from core.numbers import quantities
from corpus.typed_tables import TypedTable
from tools.notice_amount.columns import AMOUNT, CAP, NOTHING_DUE, NUMBER, RATE
from tools.notice_amount.segment import marks
from tools.notice_amount.sums import exact, is_sum, yuan
from tools.notice_amount.tiers import tiers

DASH = frozenset({"", "-", "—", "——", "/", "无"})
_NOTE = re.compile(r"备注|说明|要求|条件|加分")
_COUNT = re.compile(r"张数|数量|次数|台数|人数|个数")
_OF_BASE = re.compile(r"投入|投资|支出|费用|营收|收入|产值|合同|利息|余额|贷款|规模|金额|区间|档")


def cells_of(table: TypedTable, at: int) -> list[str]:
    return [row[at] for row in table.rows if row[at] not in DASH]


def kind_of(table: TypedTable, at: int) -> str:
    """What a column gives: label, rate, amount, cap, mixed (30%，最高300万元), bracket, note, count or nothing."""
    name, cells = table.names[at], cells_of(table, at)
    if not cells:
        return ""
    if re.fullmatch(r"序\s*号|编\s*号|No\.?", name):
        return ""
    if special := _special(table, at, name, cells):
        return special
    if at in table.labels and not all(value_in(table, at, cell) is not None for cell in cells):
        return "bracket" if _OF_BASE.search(name) and any(_is_bracket(c + table.units[at]) for c in cells) else "label"
    if _NOTE.search(name):
        return "note"
    if _COUNT.search(name):
        return "count"
    shares = sum(bool(re.fullmatch(r"\d+(?:\.\d+)?[%％]", cell)) for cell in cells)
    if shares == len(cells):
        return "cap_rate" if CAP.search(name) else "rate" if RATE.search(name) else ""
    if all(
        value_in(table, at, cell) is not None
        or (NUMBER.fullmatch(cell) and not table.units[at] and (AMOUNT.search(name) or CAP.search(name)))
        for cell in cells
    ):
        if CAP.search(name) or ("面额" in name and _has_rate(table, at)):
            return "cap"
        return "amount" if AMOUNT.search(name) or tiers(name) else ""
    if _OF_BASE.search(name) and sum(_is_bracket(c + table.units[at]) for c in cells) * 2 > len(cells):
        return "bracket"
    if re.fullmatch(r"(?:修改|调整)[前后]\S{0,2}", name):
        return "mixed"
    if sum(
        value_in(table, at, c) is not None
        or any(m.role in {"rate", "fixed", "cap", "loose_rate", "loose_sum"} for m in marks(c))
        for c in cells
    ) * 2 >= len(cells):
        return (
            "limits"
            if CAP.search(name) and _has_rate(table, at)
            else "mixed"
            if (
                RATE.search(name)
                or AMOUNT.search(name)
                or CAP.search(name)
                or tiers(name)
                or re.search(r"修改|调整|现行|原", name)
            )
            else "note"
        )
    return "label"


def _special(table: TypedTable, at: int, name: str, cells: Sequence[str]) -> str:
    """least (门槛), term (最长期限): columns that say for whom or how long a row's amount is."""
    if re.search(r"门槛|下限|起点", name) and all(value_in(table, at, cell) is not None for cell in cells):
        return "least"
    if re.search(r"期限|年限|月数", name) and all(months_in(cell) is not None for cell in cells):
        return "term"
    return ""


def months_in(cell: str) -> Decimal | None:
    rows = [q for q in quantities(cell) if q.kind == "duration" and q.unit in {"年", "月"}]
    return exact(rows[0].nominal) * (12 if rows[0].unit == "年" else 1) if len(rows) == 1 else None


def _has_rate(table: TypedTable, at: int) -> bool:
    """Whether another column than a limit gives what is paid."""
    return any(re.search(r"[%％]|每", cell) for n in range(len(table.names)) if n != at for cell in cells_of(table, n))


def _is_bracket(cell: str) -> bool:
    return any(is_sum(q) and (q.ranged or q.approximate) for q in quantities(cell))


def value_in(table: TypedTable, at: int, cell: str) -> Decimal | None:
    """A cell's sum in 元, 0 where it says that nothing is given; None where it is no single sum, or its unit is not known."""
    if NOTHING_DUE.fullmatch(cell):
        return Decimal(0)
    text = cell.replace("，", ",").strip()
    unit = table.units[at]
    if NUMBER.fullmatch(text):
        if not unit.endswith("元") or unit.endswith("美元"):
            return None
        text += unit
    rows = quantities(text)
    if len(rows) != 1 or not is_sum(rows[0]) or rows[0].ranged:
        return None
    rest = text[: rows[0].start] + text[rows[0].end :]
    return yuan(rows[0]) if len(rest) <= 4 or re.fullmatch(r"每?[^，。]{0,4}/?[台套人个月年次张]?", rest) else None
