"""Clauses × firms, each cell labelled by hand by another author: y met, n not met, ? to be checked, * either, - no condition."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tools.conditions.firm import Firm, Span
from tools.conditions.judge import judge
from tools.conditions.parse import parse
from tools.conditions.sizes import possible_sizes
from tools.conditions.vocabulary import vocabulary
from tools.firm.region import Place

HERE = Path(__file__).parent
DAY = date(2026, 11, 29)
MARKS = {"met": "y", "not_met": "n", "unknown": "?"}
FIGURES = {
    "employees": "employees", "revenue_wan": "revenue_wan", "assets_wan": "assets_wan", "invest_wan": "spend_wan",
    "loan_wan": "loan_wan", "level": "level", "target_level": "level_after", "rd_percent": "rd_wan/revenue_wan",
}  # fmt: skip
LADDER = {"小巨人", "专精特新", "创新型中小企业"}


def firm_of(row: dict[str, Any]) -> Firm:
    figures = {FIGURES[key]: Span(row[key], row[key], f"{row[key]}") for key in FIGURES if key in row}
    where = row.get("place")
    since = date.fromisoformat(row["founded"]) if "founded" in row else None
    titles = frozenset(str(vocabulary().words[name].value) for name in row.get("titles", ()))
    small = frozenset({"中型", "小型", "微型"}) if titles & LADDER else frozenset[str]()
    return Firm(
        DAY,
        place=Place("", where.get("province"), where.get("city"), where.get("county")) if where else None,
        industry=row.get("industry", ""),
        figures=figures,
        founded=(since, since) if since else None,
        sizes=possible_sizes(row.get("industry", ""), figures, small),
        titles=titles,
        titles_complete=row.get("titles_complete", False),
    )


FIRMS = [firm_of(row) for row in json.loads((HERE / "profiles.json").read_text("utf-8"))]
ROWS = [json.loads(line) for line in (HERE / "clauses.jsonl").read_text("utf-8").splitlines()]


@pytest.mark.parametrize("row", ROWS, ids=[row["id"] for row in ROWS])
def test_every_cell_is_as_labelled(row: dict[str, str]) -> None:
    node = parse(row["clause"], DAY)
    got = "".join(MARKS[judge(node, firm).state] for firm in FIRMS)
    wanted = "".join(
        mark if cell == "*" else "?" if cell == "-" else cell for cell, mark in zip(row["cells"], got, strict=True)
    )
    assert got == wanted, f"{row['clause']}\n{node}"
