"""What a message gives the assessment to work with."""

from __future__ import annotations

from typing import Any

from tools.firm.profile import Profile
from tools.firm.scenes import AREA_SCENES
from tools.told import Told


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, None where nothing is known."""
    done = dict(known.practices)
    return {"行业": told.industry_of(known), "已用系统": list(known.systems), "从业人员": known.employees,
            **{area: done.get(area) for area in AREA_SCENES}}  # fmt: skip


def facts(told: Told) -> int:
    """How many systems and practices the message tells."""
    return len(told.now.systems) + len(told.now.practices)
