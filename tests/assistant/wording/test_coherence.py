"""Figures that each stand in the evidence may still say something together that it does not."""

from __future__ import annotations

import pytest

from assistant.wording.coherence import incoherent
from assistant.wording.ground import Ground
from assistant.wording.stated import agrees, stated

GROUNDS = [
    Ground("占比0%到10%得0分；10%到20%得2分；60%到100%得7.5分。"),
    Ground("营业收入1亿元（10000万元）及以上；补助每年1—3万元；政策到2026-12-31。中型46%，微型51%，比中型高。"),
]


@pytest.mark.parametrize(
    "wrong",
    [
        "占比10%到100%得2分。",
        "占比60%到20%得7.5分。",
        "营业收入10000万元（3万元）及以上。",
        "微型占46%，比中型的51%高。",
        "中型51%，比微型的46%低。",
    ],
)
def test_figures_that_do_not_go_together_are_found(wrong: str) -> None:
    assert incoherent(wrong, GROUNDS)


@pytest.mark.parametrize(
    "right",
    [
        "占比10%到20%得2分，60%到100%得7.5分。",
        "营业收入1亿元（10000万元）及以上。",
        "每年补助1到3万元。",
        "微型占51%，比中型的46%高。",
        "政策到2026-12-31，2024年到2027年分三批。",
    ],
)
def test_figures_that_go_together_are_left_alone(right: str) -> None:
    assert not incoherent(right, GROUNDS)


@pytest.mark.parametrize(
    ("said", "held", "same"),
    [
        ("36个百分点", "36氪调研", False),
        ("36%", "36%", True),
        ("80%", "80/20划分", True),
        ("规模以下工业企业", "规模以上工业企业", False),
    ],
)
def test_percentage_points_and_the_scope_of_a_figure_are_not_interchangeable(said: str, held: str, same: bool) -> None:
    assert any(agrees(a, b) for a in stated(said) for b in stated(held)) is same
