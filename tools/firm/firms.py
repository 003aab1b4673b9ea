"""Several firms told in one message, each with its own trade and figures: 甲厂做汽配300人营收3亿，乙厂做服装15人营收200万."""

from __future__ import annotations

import re
from typing import Any

from core.text import normalise
from tools.firm import industries
from tools.firm.roles import own_amounts, read_roles

_PARTS = re.compile(r"[，,。；;、]|和|与|跟|另")
_FIELDS = {"employees": "从业人员", "revenue_wan": "营业收入万元"}
MOST = 5


def read_firms(text: str) -> list[dict[str, Any]]:
    """Trade, people and revenue of each firm, as the tool for sizes takes them; empty unless two or more are told in full.

    Two years of one firm, or figures of which one holds for a reason, are one firm.
    """
    text = normalise(text)
    if not {"employees", "revenue_wan"} & read_roles(text).unclear.keys():
        return []
    groups: list[dict[str, Any]] = []
    starts: list[int] = []
    end = 0
    for name, amount in own_amounts(text):
        if name not in _FIELDS or not amount.sure or amount.low != amount.high:
            continue
        if not groups or _FIELDS[name] in groups[-1]:
            cut = _PARTS.search(text, end, amount.start) if groups else None
            starts.append(cut.end() if cut else end)
            groups.append({})
        groups[-1][_FIELDS[name]] = amount.value
        end = amount.end
    if not 2 <= len(groups) <= MOST or any(len(group) < len(_FIELDS) for group in groups):
        return []
    whole = industries.find(text)
    for group, start, stop in zip(groups, starts, [*starts[1:], len(text)], strict=True):
        match = industries.find(text[start:stop]) or whole
        group["行业"] = match.word if match else ""
    return groups
