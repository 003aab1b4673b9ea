"""Levels and the finish of a project as they are written and said."""

from datetime import date

import pytest

from core.text import normalise
from tools.firm.aims import finish_said, levels_said, target_said

DAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("said", "levels"),
    [
        ("三级", [(3, 3)]), ("贰级", [(2, 2)]), ("Ⅱ级", [(2, 2)]), ("Ⅳ级", [(4, 4)]), ("冲L4", [(4, 4)]), ("level 2", [(2, 2)]), ("2级", [(2, 2)]), ("规范级", [(2, 2)]),
        ("二三级", [(2, 3)]), ("2-3级", [(2, 3)]), ("一级到二级", [(1, 2)]), ("一级供应商", []), ("等保二级", []), ("三级市场", []), ("五级", []), ("ML3", []), ("地级市", []),
    ],
)  # fmt: skip
def test_levels_are_read_in_any_writing(said: str, levels: list[tuple[int, int]]) -> None:
    assert [(s.low, s.high) for s in levels_said(normalise(said))] == levels


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("中山，投40万，四级", "四级"), ("做到叁级", "三级"), ("二级或三级", "二级到三级"), ("二级还是三级都行", "二级到三级"), ("从二级升到四级", "四级"), ("现在二级，想做三级", "三级"),
        ("从一级到三级", "三级"), ("投50万", None), ("我们目前三级", None), ("给一级供应商配套", None),
    ],
)  # fmt: skip
def test_the_level_aimed_at_is_told_from_the_present_one(said: str, target: str | None) -> None:
    assert target_said(normalise(said)) == target


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        ("2025年6月完工", "2025-06-01", "2025-06-30"), ("2025-11-08验收", "2025-11-08", "2025-11-08"), ("2024竣工的项目", "2024-01-01", "2024-12-31"),
        ("完工时间是2025年9月12日", "2025-09-12", "2025-09-12"), ("明年5月才能完成", "2027-05-01", "2027-05-31"), ("去年做完的", "2025-01-01", "2025-12-31"),
    ],
)  # fmt: skip
def test_the_finish_of_a_project_is_read(said: str, first: str, last: str) -> None:
    found = finish_said(normalise(said), DAY)
    assert found and (found[0].isoformat(), found[1].isoformat()) == (first, last)


@pytest.mark.parametrize("said", ["2025年6月开工", "2024年营收3000万", "还没完工", "2023年成立，已经完成评测"])
def test_other_dates_are_no_finish(said: str) -> None:
    assert finish_said(normalise(said), DAY) is None
