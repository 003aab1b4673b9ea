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
_UNIT = re.compile(
    r"[（(](?:单位[:：]\s*)?([百千万亿]{0,2}(?:元|美元|人|家|户|个|台|套|项|亩|吨|年|月|天|㎡|平方米)|%|％)[)）]$"
)
_BARE_FIGURE = re.compile(r"[≥≤><～~约+-]?\d[\d,，]*(?:\.\d+)?(?:\s*[-—–~～至]\s*\d[\d,，]*(?:\.\d+)?)?")
_ORDINAL_HEAD = re.compile(r"序\s*号|编\s*号|No\.?|#", re.I)
_ORDINAL = re.compile(r"[（(]?(?:\d{1,4}|[一二三四五六七八九十]{1,3})[）)、.]?")
_FIGURE = re.compile(
    r"[≥≤><～~约近超￥¥$+-]*\s*\d[\d,，.]*\s*(?:[-—–~～至到]\s*\d[\d,，.]*)?\s*(?:%|％|[\u4e00-\u9fff/㎡]{0,6})(?:以[上下内])?"
)


def header_paths(table: Table) -> list[str]:
    """The name of each column: its header cells from the top down, a repeated one given once."""
    heads = table.rows[: table.header_rows]
    width = len(table.rows[0]) if table.rows else 0
    columns = ([row[at].strip() for row in heads] for at in range(width))
    return [PATH.join(name for name, _ in groupby(filter(None, column))) for column in columns]


def row_texts(table: Table) -> list[tuple[str, list[str]]]:
    """Of each row below the header its label, and a line for each of its cells: label | header path | value."""
    names = header_paths(table)
    body = [row for row in table.rows[table.header_rows :] if any(cell.strip() for cell in row)]
    labels = label_columns(names, body)
    return [_row_text(row, names, labels) for row in body]


def row_pages(table: Table) -> list[int | None]:
    """The page of each row that row_texts gives."""
    body = enumerate(table.rows[table.header_rows :], table.header_rows)
    return [table.page_of(at) for at, row in body if any(cell.strip() for cell in row)]


def _row_text(row: Sequence[str], names: Sequence[str], labels: Sequence[int]) -> tuple[str, list[str]]:
    label = SEPARATOR.join(dict.fromkeys(row[at].strip() for at in labels if row[at].strip()))
    lines = []
    for at, cell in enumerate(row):
        if at in labels or not cell.strip() or (_ORDINAL_HEAD.fullmatch(names[at]) and label):
            continue
        lines.append(SEPARATOR.join(filter(None, (label, names[at], with_unit(cell.strip(), names[at])))))
    return label, lines or [label]


def with_unit(cell: str, name: str) -> str:
    """A bare figure with the unit that its column's name gives in brackets: 40 under 金额（万元） is 40万元."""
    unit = _UNIT.search(name)
    return cell + unit[1] if unit and _BARE_FIGURE.fullmatch(cell) else cell


def label_columns(names: Sequence[str], body: Sequence[Sequence[str]]) -> list[int]:
    """The leading columns that name a row: as few as tell the rows apart, counters left out, figures never."""
    if not names or len(names) < 2:
        return []
    start = 1 if _counts(names[0], [row[0] for row in body]) and len(names) > 2 else 0
    found: list[int] = []
    for at in range(start, min(len(names) - 1, start + MOST_LABELS)):
        cells = [row[at].strip() for row in body]
        if found and (_figures(cells) or max(map(len, cells), default=0) > LABEL_CHARACTERS):
            break
        found.append(at)
        if len({tuple(row[c].strip() for c in found) for row in body}) == len(body):
            break
    return found


def _counts(name: str, cells: Sequence[str]) -> bool:
    return bool(_ORDINAL_HEAD.fullmatch(name)) and all(_ORDINAL.fullmatch(c.strip()) or not c.strip() for c in cells)


def is_figure(text: str) -> bool:
    """Whether a cell is a figure with at most a unit: 40%, 50万元, 3-5月."""
    return bool(_FIGURE.fullmatch(text.strip()))


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
