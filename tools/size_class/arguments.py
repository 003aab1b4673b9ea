"""What a message gives the table of sizes to work with."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from core.numbers import quantities
from tools.firm import extraction, industries
from tools.firm.amounts import amounts
from tools.firm.profile import Profile
from tools.firm.roles import is_apart, role_of, span
from tools.size_class.rule import ASKED
from tools.told import Told


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, None where nothing is known."""
    trades = "、".join(match.word for match in industries.several(told.text))
    revenue = _lone_sum(told) if known.revenue_wan is None else known.revenue_wan
    return {"行业": trades or told.industry_of(known), "从业人员": known.employees, "营业收入万元": revenue,
            "资产总额万元": known.assets_wan, "范围": _spans(known)}  # fmt: skip


def facts(told: Told) -> int:
    """How many of the figures that decide are known."""
    known = told.profile
    return sum(value is not None for value in (known.employees, known.revenue_wan, known.assets_wan))


def read_back(told: Told, given: Mapping[str, Any]) -> Iterator[str]:
    """What is said of people counted in parts (男工180女工150, 5个车间每个60人), where no total is told."""
    if "从业人员" in given or "employees" in told.figures.unclear:
        return
    text = extraction.stated(told.text)
    parts = [q.words for q in quantities(text) if q.kind == "people" or (q.kind, q.unit) == ("count", "个")]
    parts += [q.words for q in quantities(text) if q.kind == "number" and text[: q.start].endswith(("工", "员", "人"))]
    if parts:
        said = "、".join(f"“{words}”" for words in dict.fromkeys(parts))
        yield f"人数说的是{said}，我没有自己加起来，也没有算进去；请说一共多少人，例如“280人”。"


def _lone_sum(told: Told) -> float | None:
    """The one sum of a message, where no word says what it is: 餐饮80人1500万算什么型. In 万元."""
    text = extraction.stated(told.text)
    found = [amount for amount in amounts(text) if amount.sure]
    return (
        found[0].value
        if len(found) == 1 and role_of(text, found[0]) is None and not is_apart(text[: found[0].start])
        else None
    )


def _spans(known: Profile) -> dict[str, tuple[float, float | None]]:
    """The ends of the figures that were said roughly, by the arguments that take them; None for no upper end."""
    said = {name: span(words) for name, words in known.said if getattr(known, name) is not None}
    return {
        ASKED[name]: (ends[0], ends[1] if math.isfinite(ends[1]) else None)
        for name, ends in said.items()
        if ends and name in ASKED
    }
