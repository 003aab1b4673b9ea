"""The tables of pages: which hold data and which only place things, their header and their spans."""

from __future__ import annotations

from typing import Any

LONGEST_SPAN = 6
"""Digits of a colspan that is read as a number."""


def is_layout(table: Any) -> bool:
    """Whether a table only places things: others inside it, long texts with headings, one column."""
    if any(t is not table for t in table.iter("table")):
        return True
    rows = [[c for c in row if c.tag in {"td", "th"}] for row in table.iter("tr")]
    if max((sum(span(c, "colspan") for c in row) for row in rows), default=0) < 2:
        return True
    paragraphs = max((sum(1 for _ in cell.iter("p")) for row in rows for cell in row), default=0)
    return len(rows) <= 2 and paragraphs > 5


def marked_head(table: Any) -> int:
    """How many rows the page marks as naming the columns."""
    heads = table.findall("thead/tr")
    if heads:
        return len(heads)
    count = 0
    for row in table.iter("tr"):
        cells = [c.tag for c in row if c.tag in {"td", "th"}]
        if not cells or "td" in cells:
            break
        count += 1
    return count


def span(cell: Any, name: str) -> int:
    value = cell.get(name, "1")
    return min(max(int(value), 1), 100) if value.isdecimal() and len(value) <= LONGEST_SPAN else 1
