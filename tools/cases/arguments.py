"""What a message gives the search for cases to work with."""

from __future__ import annotations

from typing import Any

from tools.cases.compute import scenario_of
from tools.firm import extraction
from tools.firm.profile import Profile
from tools.told import Told


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, empty where nothing is known."""
    systems = [words for words, rows in extraction.system_words(told.text) if {row.id for row in rows} != {"paper"}]
    return {
        "行业": told.industry_of(known),
        "场景": _scenario(told),
        "工具": "、".join(systems),
        "地区": extraction.place(told.text),
    }


def finds(told: Told, parts: int) -> bool:
    """Whether a trade, a scenario or a system is named."""
    return bool(told.industry or _scenario(told) or extraction.system_words(told.text)) and parts == 1


def _scenario(told: Told) -> str:
    found = scenario_of(told.text)
    return found.name if found else ""
