"""What a message gives the matrix of sectors to work with."""

from __future__ import annotations

from typing import Any

from tools.firm.kinship import sector_kin
from tools.firm.profile import Profile
from tools.told import Told

SECTORS = ("汽车", "医药", "制药", "通用设备", "汽配", "药")
"""Words for the trades that have a path of their own."""


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """Its arguments by their Chinese names, empty where nothing is known."""
    industry = told.industry_of(known)
    return {
        "行业": (sector_kin(industry).name or industry) if industry else "",
        "环节": told.areas,
        "等级": "、".join(told.levels),
    }


def finds(told: Told, parts: int) -> bool:
    """Whether a trade of the matrix, an area and a level are named, and no two trades."""
    industry = told.industry
    if parts > 1 or not (industry and told.areas and told.levels_named):
        return False
    named = {sector_kin(word).name for word in SECTORS if word in told.text} - {None}
    return sector_kin(industry).name is not None and len(named) < 2
