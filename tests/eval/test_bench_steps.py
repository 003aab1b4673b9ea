"""What any short steps come to is held against what is right."""

from __future__ import annotations

from decimal import Decimal

from eval.bench_steps import reached

LINES = ["一、标准", "买冷藏车的，按车价的10%补助，最高15万元；", "| 冷库 | 奖励（万元） |", "| 金牌冷库 | 20 |"]
ASKED = [{"q": "买冷藏车花了200万，能补多少", "value": 150000}, {"q": "买冷藏车能补多少", "value": None}]


def test_the_right_amount_is_reached_and_no_other_let_pass() -> None:
    first, second = reached({"title": "通知", "lines": LINES, "asked": ASKED})
    assert first.passed == {Decimal(150000)} and first.right and not first.wrong
    assert not second.passed and not second.right and not second.wrong
