"""What a message gives the plan to work with."""

from __future__ import annotations

from typing import Any

from tools.firm.profile import Profile
from tools.told import Told, level_name


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, None where nothing is known."""
    return {"行业": told.industry_of(known), "从业人员": known.employees, "当前等级": level_name(known.level),
            "目标等级": told.target(known), "周期年": told.years, "预算万元": known.budget_wan,
            "产品复杂度": known.complexity, "地区": told.place(known), "痛点": "、".join(known.pains), "无IT人员": known.no_it_staff,
            "问花费": told.value == "价格" or None}  # fmt: skip
