"""The 60 cells, and what is said to a sector that has none."""

from __future__ import annotations

import pytest

from core.errors import BadInput
from tools import registry
from tools.sector_path.compute import AREAS, read_area, read_levels


def cells(arguments: dict[str, object]) -> list[tuple[str, int]]:
    return [(cell["area"], cell["level"]) for cell in registry.run("sector_path", arguments).data["cells"]]


def test_one_area_at_one_level_is_one_cell() -> None:
    outcome = registry.run("sector_path", {"行业": "汽车", "环节": "生产", "等级": "四级"})
    assert outcome.data["sector"] == "汽车制造业"
    assert [(c["area"], c["level"]) for c in outcome.data["cells"]] == [("生产制造", 4)]
    assert "孪生工厂" in outcome.text
    assert outcome.certainty == "full"


@pytest.mark.parametrize("sector", ["汽车", "医药", "通用设备"])
def test_all_twenty_cells_of_a_sector_come_in_order(sector: str) -> None:
    assert cells({"行业": sector}) == [(area, level) for area in AREAS for level in (1, 2, 3, 4)]


@pytest.mark.parametrize(
    ("said", "levels"),
    [
        ("", (1, 2, 3, 4)),
        ("L3", (3,)),
        ("集成级", (3,)),
        ("二级到三级", (2, 3)),
        ("三级以上", (3, 4)),
        ("2级以下", (1, 2)),
    ],
)
def test_levels_are_read_as_they_are_said(said: str, levels: tuple[int, ...]) -> None:
    assert read_levels(said) == levels


@pytest.mark.parametrize(
    ("said", "area"), [("车间", "生产制造"), ("买料", "采购供应"), ("画图", "研发设计"), ("售后", "产品服务")]
)
def test_everyday_words_name_an_area(said: str, area: str) -> None:
    assert read_area(said) == area


def test_a_sector_without_a_path_is_told_so_and_given_the_nearest() -> None:
    outcome = registry.run("sector_path", {"行业": "注塑", "环节": "生产", "等级": "三级"})
    assert outcome.text.startswith("**没有“注塑”的路径**")
    assert outcome.data["covered"] is False and outcome.data["sector"] == "通用设备制造业"
    assert outcome.certainty == "own"


def test_a_sector_far_from_all_three_gets_no_cells() -> None:
    outcome = registry.run("sector_path", {"行业": "服装"})
    assert outcome.data["cells"] == [] and "不硬套" in outcome.text


@pytest.mark.parametrize(
    "arguments", [{"行业": "汽车", "等级": "五级"}, {"行业": "汽车", "环节": "食堂"}, {"行业": "asdf"}, {}]
)
def test_what_is_not_understood_is_one_clear_sentence(arguments: dict[str, object]) -> None:
    with pytest.raises(BadInput) as refused:
        registry.run("sector_path", arguments)
    assert "\n" not in refused.value.message and refused.value.message.endswith("。")


def test_every_cell_is_cited() -> None:
    outcome = registry.run("sector_path", {"行业": "做药的"})
    known = {citation.n for citation in outcome.citations}
    assert all(cell["n"] in known and f"[{cell['n']}]" in outcome.text for cell in outcome.data["cells"])
