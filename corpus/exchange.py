"""Programmes to and from a spreadsheet (.xlsx, .csv): one row a programme, errors by row and column.

A cell that begins like a formula is written as text and read back the same; a real formula is refused.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from corpus.cards import CORPUS, load_cards, load_sources
from corpus.programme_text import LABELS, read_condition, read_tier, replace_rows, write_condition, write_tier
from corpus.rows import COMMON, Programme
from corpus.sheets import Formula, read_sheet, write_sheet
from corpus.tables import load_tables, read_table

COLUMNS: dict[str, str] = {
    "id": "编号", "name": "名称", "level": "级别", "region.province": "省", "region.city": "市", "kind": "类别",
    "giver": "发放方", "doc_no": "文号", "published": "发布时间", "gives": "给什么", "amount_known": "金额查到了",
    "conditions": "条件", "rate": "补助比例", "cap_wan": "封顶万元", "tiers": "分档", "interest": "有贷款条款",
    "interest.points": "贴息百分点", "interest.years": "贴息年数", "interest.loan_cap_wan": "贴息贷款上限万元",
    "interest.cap_wan": "贴息封顶万元", "eligible": "可补", "excluded": "不可补", "valid_from": "开始日", "valid_until": "截止日",
    "validity_note": "有效期说明", "status": "状态", "double_funding": "重复享受", "materials": "材料",
    "materials_note": "材料说明", "steps": "步骤", "ask": "问谁", "note": "备注", "source": "来源编号", "section": "章节",
    "certainty": "把握", "as_of": "查到的日期", "card": "卡片",
}  # fmt: skip
"""field → column; a list has one item a line in its cell."""
LISTS = ("eligible", "excluded", "materials", "steps", "section")
NUMBERS = ("rate", "cap_wan", "interest.points", "interest.years", "interest.loan_cap_wan", "interest.cap_wan")
FLAGS = ("amount_known", "interest")
REQUIRED = (
    "id",
    "name",
    "level",
    "kind",
    "giver",
    "gives",
    "amount_known",
    "ask",
    "source",
    "certainty",
    "as_of",
)
_MEANING = {
    "missing": "这一格不能空", "string_type": "这一格不能空", "string_pattern_mismatch": "日期要写成 2026-11-20 这样",
    "greater_than": "要大于0", "greater_than_equal": "太小了", "less_than_equal": "太大了，比例写 0 到 1 或 0% 到 100%",
    "literal_error": "不是允许的取值",
}  # fmt: skip


@dataclass(frozen=True)
class RowError:
    """What is wrong in one cell; row counts as the spreadsheet shows it, the header being 1."""

    file: str
    row: int
    column: str
    what: str

    def __str__(self) -> str:
        where = f"“{self.column}”" if self.column else ""
        return f"{self.file} 第 {self.row} 行{where}：{self.what}。"


def export_programmes(path: Path, rows: Iterable[Programme] | None = None) -> int:
    """Write programmes (all bundled ones by default) to .xlsx or .csv; the number written. BadFile where it cannot be."""
    table = [_cells(row) for row in (load_tables().programmes if rows is None else rows)]
    write_sheet(path, [list(COLUMNS.values()), *table])
    return len(table)


def import_programmes(path: Path, into: Path) -> list[RowError]:
    """Read programmes from .xlsx or .csv into a programmes.yaml: rows of a known id are replaced, others added.

    Nothing is written where any row is wrong; the errors say which. BadFile where the file itself cannot be read.
    """
    header, *lines = read_sheet(path) or [[]]
    errors = [RowError(path.name, 1, name, "缺少这一列") for name in COLUMNS.values() if name not in header]
    errors += [
        RowError(path.name, 1, str(name)[:20], "没有这一列") for name in header if name and name not in COLUMNS.values()
    ]
    if errors:
        return errors
    known = _Known(into.parent.parent)
    rows: dict[str, Programme] = {}
    for number, cells in enumerate(lines, 2):
        if not any(cell not in (None, "") for cell in cells):
            continue
        by_name = dict(zip(header, cells, strict=False))
        found = _Reader(path.name, number, {field: by_name.get(name) for field, name in COLUMNS.items()})
        row = found.programme(known)
        if row and row.id in rows:
            found.wrong("id", f"“{row.id}”和前面的行重复")
        elif row:
            rows[row.id] = row
        errors += found.errors
    if not rows and not errors:
        return [RowError(path.name, 2, "", "一行政策也没有")]
    if not errors:
        replace_rows(into, rows.values())
        read_table.cache_clear()
    return errors


class _Known:
    """The ids that a row may name."""

    def __init__(self, corpus: Path) -> None:
        whole = corpus if (corpus / "sources.yaml").exists() else CORPUS
        self.sources = {*load_sources(whole), COMMON}
        self.cards = {card.id for card in load_cards(whole)}


class _Reader:
    """Reads the cells of one row, by field, and collects what is wrong."""

    def __init__(self, file: str, number: int, cells: dict[str, Any]) -> None:
        self.file, self.number, self.cells = file, number, cells
        self.errors: list[RowError] = []

    def wrong(self, field: str, what: str) -> None:
        self.errors.append(RowError(self.file, self.number, COLUMNS.get(field, field), what))

    def programme(self, known: _Known) -> Programme | None:
        """The row as a programme; None where anything is wrong."""
        raw: dict[str, Any] = {}
        for field in COLUMNS:
            if isinstance(self.cells[field], Formula):
                self.wrong(field, "是公式，请改成它的值")
                continue
            try:
                raw[field] = self._value(field)
            except ValueError as exc:
                self.wrong(field, str(exc))
        for field in REQUIRED:
            if raw.get(field, "") is None:
                self.wrong(field, "这一格不能空")
        if self.errors:
            return None
        row = self._checked(raw)
        if row is None:
            return None
        if row.source not in known.sources:
            self.wrong("source", f"sources.yaml 里没有“{row.source}”")
        if row.card and row.card not in known.cards:
            self.wrong("card", f"没有“{row.card}”这张卡片")
        if not row.amount_known and (row.rate is not None or row.cap_wan is not None):
            self.wrong("amount_known", "写了比例或封顶，这一格就应当是“是”")
        return None if self.errors else row

    def _value(self, field: str) -> Any:
        cell = _plain(self.cells[field])
        if field in LABELS:
            return _label(field, cell)
        if field in FLAGS:
            return _flag(cell)
        if field in NUMBERS:
            return _number(cell)
        lines = [line for line in (cell or "").split("\n") if line.strip()]
        if field in LISTS:
            return lines
        if field == "conditions":
            return [read_condition(line) for line in lines]
        return [read_tier(line) for line in lines] if field == "tiers" else cell

    def _checked(self, raw: dict[str, Any]) -> Programme | None:
        terms = {name: raw.pop(f"interest.{name}") for name in ("points", "years", "loan_cap_wan", "cap_wan")}
        has_terms = raw["interest"] or any(value is not None for value in terms.values())
        raw["interest"] = terms if has_terms else None
        raw["region"] = {name: raw.pop(f"region.{name}") for name in ("province", "city")}
        try:
            return Programme.model_validate(raw)
        except ValidationError as exc:
            for error in exc.errors():
                field = ".".join(str(part) for part in error["loc"][:2] if isinstance(part, str))
                field = field if field in COLUMNS else str(error["loc"][0])
                own = error["msg"].removeprefix("Value error, ")
                self.wrong(field, own if error["type"] == "value_error" else _MEANING.get(error["type"], "值不合要求"))
            return None


def _plain(cell: Any) -> str | None:
    """A cell as text; dates as 2026-11-20, whole numbers without a point, nothing as None."""
    if isinstance(cell, (datetime, date)):
        return cell.isoformat()[:10]
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    text = "" if cell is None else str(cell).replace("\r\n", "\n")
    return text if text.strip() else None


def _label(field: str, cell: str | None) -> str | None:
    if cell is None:
        return None
    meanings = {label: value for value, label in LABELS[field].items()}
    if cell.strip() not in meanings and cell.strip() not in LABELS[field]:
        raise ValueError(f"只能是{'、'.join(meanings)}，现在是“{cell.strip()[:20]}”")
    return meanings.get(cell.strip(), cell.strip())


def _flag(cell: str | None) -> bool | None:
    words = {"是": True, "否": False, "true": True, "false": False, "1": True, "0": False}
    if cell is None:
        return None
    if cell.strip().lower() not in words:
        raise ValueError(f"要填“是”或“否”，现在是“{cell.strip()[:20]}”")
    return words[cell.strip().lower()]


def _number(cell: str | None) -> float | None:
    if cell is None:
        return None
    found = re.fullmatch(r"\s*(\d+(?:,\d{3})*(?:\.\d+)?)\s*(%|万|万元)?\s*", cell)
    if not found:
        raise ValueError(f"要填数字，现在是“{cell.strip()[:20]}”")
    value = float(found[1].replace(",", ""))
    return value / 100 if found[2] == "%" else value


def _cells(row: Programme) -> list[str | float | None]:
    cells: list[str | float | None] = []
    for field in COLUMNS:
        first, _, second = field.partition(".")
        value = getattr(row, first)
        value = getattr(value, second, None) if second else value
        if field == "interest":
            value = value is not None
        if field in LABELS:
            value = LABELS[field].get(value)
        elif isinstance(value, bool):
            value = "是" if value else "否"
        elif field == "conditions":
            value = "\n".join(write_condition(condition) for condition in value)
        elif field == "tiers":
            value = "\n".join(write_tier(tier) for tier in value)
        elif isinstance(value, tuple):
            value = "\n".join(value)
        cells.append(value)
    return cells
