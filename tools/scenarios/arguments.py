"""What a message gives the list of scenarios to work with."""

from __future__ import annotations

from typing import Any

from tools.firm.profile import Profile
from tools.told import Told


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, empty where nothing is known."""
    return {"行业": told.industry_of(known), "环节": told.areas, "从业人员": known.employees}


def finds(told: Told, parts: int) -> bool:
    """Whether a trade is named."""
    return bool(told.industry) and parts == 1
