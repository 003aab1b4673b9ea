"""Which scene a clause tells of is learnt; what is said of one part of the firm tells nothing of the others."""

from __future__ import annotations

from types import MappingProxyType

import pytest

from tools import registry
from tools.firm import scenes
from tools.firm.extraction import practices
from tools.firm.scenes import AREA_SCENES, Scened, scene_told


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ({"warehouse-0": 0.7, "warehouse-1": 0.1, "none": 0.2}, Scened("warehouse", 0, 0)),
        ({"quality-2": 0.4, "quality-3": 0.35, "none": 0.25}, Scened("quality", 2, 3)),
        ({"quality-2": 0.3, "sales-2": 0.3, "none": 0.4}, None),
        ({"none": 0.9, "sales-1": 0.1}, None),
        ({}, None),
    ],
)
def test_a_clause_tells_of_the_scene_that_is_sure_and_of_the_levels_that_are_likely(
    monkeypatch: pytest.MonkeyPatch, shares: dict[str, float], told: Scened | None
) -> None:
    monkeypatch.setattr(scenes, "shares", lambda subject, clause: MappingProxyType(shares))
    scene_told.cache_clear()
    assert scene_told("一句话") == told
    scene_told.cache_clear()


def test_every_scene_is_of_one_area() -> None:
    every = [scene for of in AREA_SCENES.values() for scene in of]
    assert len(every) == len(set(every)) == 16
    assert Scened("warehouse", 0, 0).area == "采购供应"


def test_a_system_of_one_part_of_the_firm_tells_nothing_of_another() -> None:
    args = {"已用系统": ["金蝶"], "经营管理": "财务用金蝶"}
    alone = registry.run("maturity", args).data["readings"]
    whole = registry.run("maturity", {"已用系统": ["金蝶"]}).data["readings"]
    assert {row["id"] for row in alone} < {row["id"] for row in whole}


def test_what_is_asked_tells_of_no_practice() -> None:
    assert practices("我们财务用什么软件好") == {}
