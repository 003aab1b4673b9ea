"""The level from a score and scenes that a firm had from a test: read, held against the rules, never more than is known."""

import pytest

from core.errors import BadInput
from tools import registry
from tools.maturity.scored import Scored, outcome, read_scored


@pytest.mark.parametrize(
    ("said", "known"),
    [
        ("评测出来72分，9个场景到三级，其中约束性6个", Scored(72, 9, 3, 6)), ("得了四十五分，三级场景7个", Scored(45, 7, 3)), ("我们厂38.25分", Scored(38.25)),
        ("81分，10个场景四级，6个约束性场景", Scored(81, 10, 4, 6)),
    ],
)  # fmt: skip
def test_a_score_is_read_with_its_scenes(said: str, known: Scored) -> None:
    assert read_scored(said) == known


@pytest.mark.parametrize(
    "said",
    [
        "我们十分需要补贴",
        "工资一分没涨",
        "百分之六十",
        "分公司3家",
        "第3分厂",
        "上午40分钟",
        "满分100分",
        "二级40分、三级60分",
        "5分厂一起",
    ],
)
def test_what_is_no_score_of_ones_own_is_not_read(said: str) -> None:
    assert read_scored(said) is None


@pytest.mark.parametrize(
    ("known", "low", "high"),
    [
        (Scored(72, 9, 3, 6), 3, 3), (Scored(72, 7, 3, 6), 2, 2), (Scored(72, 9, 3, 4), 2, 2), (Scored(59.9, 9, 3, 6), 2, 2), (Scored(60, 8, 3, 5), 3, 3),
        (Scored(19.9, 16, 4, 8), 0, 0), (Scored(39.9), 0, 1), (Scored(85), 0, 4), (Scored(85, 10, 3, 6), 3, 4), (Scored(85, 10, 4, 6), 4, 4), (Scored(45, 5, 2, 3), 0, 1),
    ],
)  # fmt: skip
def test_the_level_is_as_high_as_score_and_scenes_allow(known: Scored, low: int, high: int) -> None:
    data = outcome(known).data
    assert (data["level_low"], data["level_high"]) == (low, high)


def test_what_lacks_for_the_next_level_is_told_and_open_scenes_are_asked_for() -> None:
    text = registry.run("maturity", {"得分": 52.5, "场景数": 7, "场景等级": 3, "约束性场景数": 5}).text
    assert text.startswith("**二级（规范级）**") and "差7.5分、差1个场景" in text
    assert "还要看场景" in registry.run("maturity", {"得分": 61}).text


def test_a_score_above_the_full_one_is_refused() -> None:
    with pytest.raises(BadInput):
        outcome(Scored(120))
