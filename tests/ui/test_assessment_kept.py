"""Assessments kept by earlier versions: their answers, what was passed over and their results are still read."""

from __future__ import annotations

from typing import Any

from ui.pages import render
from ui.pages.maturity import _answers, _completed

OLD_GAP = {
    "level": 2, "points": 7.5, "scenes": 3, "constraint_scenes": 1, "effort": 4,
    "steps": [{"key": "scene-sales", "name": "营销管理", "from": "一级", "to": "二级：用系统", "effort": 2, "points": 0.0, "evidence": [], "is_result": False}],
}  # fmt: skip


class Kept:
    """An assessment as it was kept."""

    def __init__(self, arguments: dict[str, Any]) -> None:
        self.id, self.version, self.finished, self.arguments = 1, 2, True, arguments


def test_answers_by_letter_and_questions_passed_over_are_read_back() -> None:
    found = _answers(Kept({"答案": {"scene-production": "C", "item-network": ["B", "C"]}, "_skipped": ["scene-sales"]}))
    assert found.scenes["production"].low == 2 and found.items["network"] == ("shopfloor", "application")
    assert found.skipped == ("scene-sales",)


def test_a_result_kept_earlier_is_shown() -> None:
    data: dict[str, Any] = {
        "answered": 31, "total": 31, "complete": True, "level_low": 1, "level_high": 1, "score_low": 32.5, "score_high": 32.5,
        "industry": None, "gap": OLD_GAP, "progress": None, "notes": [], "next_question": None,
    }  # fmt: skip
    html = render.page(
        "maturity_result.html", id=1, found=Kept({"行业": "注塑"}), data=_completed(data), charts=[], text="", steps=(),
        peers=[], rule=None,
    )  # fmt: skip
    assert "32.5 分" in html and "还差7.5分、3个" in html and "营销管理" in html
