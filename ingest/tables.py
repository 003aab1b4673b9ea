"""Tables to passages: every row with its own name and the path of headers above each of its cells."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

from core.cut import glued
from corpus.row_names import SEPARATOR
from ingest.parsed import Table

PATH = "·"
MOST_LABELS = 3
LABEL_CHARACTERS = 30
_MEASURES = (
    r"[百千万亿]{0,2}(?:元|美元|人次?|家|户|个|台|套|项|亩|吨|年|月|天|㎡|平方米|立方米|千瓦时|千瓦|度|公里|米|公斤|千克|克|升|小时|分钟|学时|课时|分|件|份|次|辆|张|箱|瓶|条|双|只|批|单|笔)"
    r"|kWh|kW|MWh|m³|m3|m²|km|kg|t|h|%|％|‰"
)
_UNIT = re.compile(rf"[（(](?:单位[:：]\s*)?({_MEASURES})[)）]$")
_UNIT_LINE = re.compile(
    r"(?P<before>.*?)[（(\s]*(?:金额|计量|货币|数据)?单\s*位\s*[:：]\s*(?:人民币)?\s*"
    r"(?P<unit>[百千万亿]{0,2}(?:元|美元|人|家|户|个|台|套|项|亩|吨|平方米)|%|％)(?:[、，,/]\S{1,6})?\s*[)）]?"
)
_MONEY = "元"
_OTHER_MEASURE = re.compile(
    r"数量|[人家户个台套件项]数|名额|人员|年[限份]|年度?$|时间|日期|[比占]例|占比|比重|[率%％‰]|编号|代码|电话|序|级别?$|期限|面积|[分倍天月]数|得分"
)
"""Columns whose figures are no money, whatever stands above the table."""
_AMOUNT = re.compile(r"金额|资金|[补奖]|贴息|[贷投]|费|款|价|收入|产值|利[润税]|税|合计|小计|总计|元")
_YEARS = re.compile(r"(?:19|20)\d{2}")
_BARE_FIGURE = re.compile(r"[≥≤><～~约+-]?\d[\d,，]*(?:\.\d+)?(?:\s*[-—–~～至]\s*\d[\d,，]*(?:\.\d+)?)?")
_ORDINAL_HEAD = re.compile(r"序\s*号|编\s*号|No\.?|#", re.I)
TOTAL = re.compile(r"\S{0,8}?(?:小\s*计|合\s*计|总\s*计|共\s*计|总\s*数|平\s*均值?)[)）]?[:：]?\S{0,2}")
"""The name of a row that sums up others."""
_ORDINAL = re.compile(r"[（(]?(?:\d{1,5}|[一二三四五六七八九十]{1,3})[）)、.]?")
_FIGURE = re.compile(
    r"[≥≤><～~约近超￥¥$+-]*\s*\d[\d,，.]*\s*(?:[-—–~～至到]\s*\d[\d,，.]*)?\s*(?:%|％|[\u4e00-\u9fff/㎡]{0,6})(?:以[上下内])?"
)


def header_paths(table: Table) -> list[str]:
    """The name of each column: its header cells from the top down, a repeated one given once."""
    heads = table.rows[: table.header_rows]
    width = len(table.rows[0]) if table.rows else 0
    columns = ([row[at].strip() for row in heads] for at in range(width))
    return [PATH.join(name for name, _ in groupby(filter(None, column))) for column in columns]


def unit_line(text: str) -> str:
    """The unit that a line gives for the table below it, 单位：万元; empty where it says anything else."""
    found = _UNIT_LINE.fullmatch(" ".join(text.split()))
    return found["unit"] if found and not found["before"].strip("（( ") else ""


def unit_behind(text: str) -> tuple[str, str]:
    """A table's title without the unit that ends it, and the unit: 补助计划表（单位：万元）."""
    found = _UNIT_LINE.fullmatch(" ".join(text.split()))
    return (found["before"].strip("（( "), found["unit"]) if found else (text, "")


def money_behind(text: str) -> str:
    """The unit of money that ends a title, with or without the word for it: 补助表（万元）; empty where none does."""
    found = _UNIT.search(text)
    unit = found[1] if found else unit_behind(text)[1]
    return unit if unit.endswith(_MONEY) else ""


def row_texts(table: Table) -> list[tuple[str, list[str]]]:
    """Of each row below the header its label, and a line for each of its cells: label | header path | value."""
    names = header_paths(table)
    body = [row for row in table.rows[table.header_rows :] if any(cell.strip() for cell in row)]
    labels = label_columns(names, body)
    units = column_units(table)
    return [_row_text(row, names, labels, units) for row in body]


def column_units(table: Table) -> list[str]:
    """The unit of each column's bare figures: its name's, else the table's where it fits the column; else empty."""
    names = header_paths(table)
    body = table.rows[table.header_rows :]
    return [_column_unit(name, table.unit, [row[at] for row in body]) for at, name in enumerate(names)]


def _column_unit(name: str, unit: str, cells: Sequence[str]) -> str:
    if own := next((found for part in reversed(name.split(PATH)) if (found := _UNIT.search(part))), None):
        return own[1]
    if not unit or _ORDINAL_HEAD.fullmatch(name) or all(is_year(c) for c in cells if c.strip()):
        return ""
    other = bool(_OTHER_MEASURE.search(name))
    if unit.endswith(_MONEY):
        return "" if other and not re.search(r"金额|资金|元", name) else unit
    return "" if _AMOUNT.search(name) and not _OTHER_MEASURE.search(name) else unit


def row_pages(table: Table) -> list[int | None]:
    """The page of each row that row_texts gives."""
    body = enumerate(table.rows[table.header_rows :], table.header_rows)
    return [table.page_of(at) for at, row in body if any(cell.strip() for cell in row)]


def _row_text(
    row: Sequence[str], names: Sequence[str], labels: Sequence[int], units: Sequence[str]
) -> tuple[str, list[str]]:
    label = SEPARATOR.join(dict.fromkeys(row[at].strip() for at in labels if row[at].strip())) or _total(row, names)
    lines = []
    for at, cell in enumerate(row):
        if at in labels or not cell.strip() or (_ORDINAL_HEAD.fullmatch(names[at]) and label):
            continue
        lines.append(SEPARATOR.join(filter(None, (label, names[at], with_unit(cell.strip(), units[at])))))
    return label, lines or [label]


def _total(row: Sequence[str], names: Sequence[str]) -> str:
    """The name of a row that sums up others, where it stands in the place of the row's number."""
    counters = (cell.strip() for cell, name in zip(row, names, strict=True) if _ORDINAL_HEAD.fullmatch(name))
    return next((text for text in counters if TOTAL.fullmatch(text)), "")


def with_unit(cell: str, unit: str) -> str:
    """A bare figure with its column's unit: 40 under 金额（万元） is 40万元."""
    figure, mark, remark = cell.partition("（批注：")
    return f"{figure}{unit}{mark}{remark}" if unit and _BARE_FIGURE.fullmatch(figure) else cell


def label_columns(names: Sequence[str], body: Sequence[Sequence[str]]) -> list[int]:
    """The leading columns that name a row: as few as tell the rows apart, counters left out, figures never."""
    if not names or len(names) < 2:
        return []
    found: list[int] = []
    for at in range(len(names) - 1):
        cells = [row[at].strip() for row in body]
        if _counts(names[at], cells) and len(names) > 2:
            continue
        if found and (_figures(cells) or max(map(len, cells), default=0) > LABEL_CHARACTERS):
            break
        found.append(at)
        if len(found) == MOST_LABELS or len({tuple(row[c].strip() for c in found) for row in body}) == len(body):
            break
    return found


def _counts(name: str, cells: Sequence[str]) -> bool:
    told = [c.strip() for c in cells if c.strip() and not TOTAL.fullmatch(c.strip())]
    return bool(_ORDINAL_HEAD.fullmatch(name)) and all(map(_ORDINAL.fullmatch, told))


def is_figure(text: str) -> bool:
    """Whether a cell is a figure with at most a unit: 40%, 50万元, 3-5月."""
    return bool(_FIGURE.fullmatch(text.strip()))


def is_year(text: str) -> bool:
    """Whether a cell is a year of four figures."""
    return bool(_YEARS.fullmatch(text.strip()))


def amount_of(text: str) -> float | None:
    """The amount that a cell is alone, without a unit: 1,200.5; None where it says anything else."""
    bare = text.strip().replace(",", "")
    whole, _, part = bare.partition(".")
    return float(bare) if whole.isdecimal() and (part.isdecimal() or whole == bare) else None


def _figures(cells: Sequence[str]) -> bool:
    """Whether most of the cells are figures."""
    told = [c for c in cells if c]
    return bool(told) and sum(map(is_figure, told)) > len(told) / 2


def joined(before: Table, after: Table) -> Table | None:
    """One table made of two where the second goes on with the first on the next page; None where it does not.

    It goes on where it repeats the header, or has as many columns and no caption of its own.
    """
    if not before.rows or not after.rows or len(before.rows[0]) != len(after.rows[0]):
        return None
    if before.page is None or after.page is None or after.page - before.pages_end() != 1:
        return None
    heads = before.rows[: before.header_rows]
    repeats = bool(heads) and after.rows[: len(heads)] == heads
    if not repeats and after.caption and after.caption != before.caption:
        return None
    rest = after.rows[len(heads) :] if repeats else after.rows
    rows = _continued(before.rows, rest)
    turns = (*before.turns, (len(before.rows), after.page))
    return replace(before, rows=tuple(rows), last_page=after.pages_end(), turns=turns)


def _continued(before: Sequence[tuple[str, ...]], after: Sequence[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows of both. A first row that begins empty goes on with the last one: with its names, or with its text."""
    rows = list(before)
    for position, row in enumerate(after):
        told = [bool(cell.strip()) for cell in row]
        begins = told.index(True) if any(told) else 0
        if position or not begins or not rows:
            rows.append(row)
        elif all(told[begins:]):
            rows.append((*rows[-1][:begins], *row[begins:]))
        else:
            rows[-1] = tuple(glued(a, b) for a, b in zip(rows[-1], row, strict=True))
    return rows
