"""Items of real users: how points, the right tool and declining are counted."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.types import Answer, ToolCall
from eval.intervals import interval
from eval.needs import counted, need_figures
from eval.outcome import Outcome, Reply, score
from eval.questions import Need, bundled_files, read_questions
from eval.report import build_report, render


def scored(row: Need, text: str, **answer: Any) -> Outcome:
    return score(row, Reply(Answer(row.question, text, **answer), 10, 20), "needs")


ASKED = Need("n1", ("第一步干啥",), "answer", (("报工",), ("库存", "仓库")))
COMPUTED = Need("n2", ("我们算几级",), "maturity", (("一级",),))
DECLINED = Need("n3", ("明年还补不补",), "refuse", (("说不准", "没查到"),), about="unknowable")
OUTSIDE = Need("n4", ("做个红烧肉",), "refuse", (("帮不上",),), about="outside")


def test_points_count_only_where_the_question_was_not_declined() -> None:
    assert need_figures([scored(ASKED, "先管报工")])["points"] == 0.5
    assert need_figures([scored(ASKED, "先管报工和仓库", refused=True)])["points"] == 0
    assert need_figures([scored(ASKED, "先管报工和仓库", refused=True)])["declined_wrongly"] == 1


def test_the_tool_that_was_wanted_must_run_and_none_for_other_questions() -> None:
    ran = ToolCall("maturity", {}, {})
    found = need_figures([scored(COMPUTED, "一级", tool=ran), scored(ASKED, "报工", tool=ran)])
    assert (found["computing_tool"], found["taken_for_tool"]) == (1, 1)


def test_to_ask_back_for_what_a_tool_lacks_counts_as_asking_back() -> None:
    asked_back = scored(DECLINED, "还差人数", tool=ToolCall("size_class", {}, {"error": "还差人数"}))
    assert asked_back.declined and need_figures([asked_back])["declined_rightly"] == 1
    assert need_figures([scored(OUTSIDE, "先放糖")])["out_of_domain"] == 0
    assert need_figures([scored(OUTSIDE, "这个帮不上", refused=True)])["out_of_domain"] == 1


def test_nothing_to_count_is_no_figure() -> None:
    assert need_figures([])["points"] is None
    assert interval([]) is None


@pytest.mark.parametrize(("values", "low", "high"), [([1.0] * 30, 1, 1), ([0.0, 1.0] * 50, 0.39, 0.61)])
def test_an_interval_holds_the_mean_and_is_wider_the_fewer_questions_there_are(
    values: list[float], low: float, high: float
) -> None:
    found = interval(values)
    assert found is not None and low <= found[0] <= sum(values) / len(values) <= found[1] <= high
    few = interval([0.0, 1.0] * 5)
    assert few is not None and few[1] - few[0] >= found[1] - found[0]


def test_the_report_tells_them_by_intent_and_by_what_was_to_be_done_with_an_interval() -> None:
    report = build_report([scored(ASKED, "报工"), scored(COMPUTED, "一级"), scored(DECLINED, "说不准", refused=True)])
    assert set(report["groups"]["intent"]) == {"knowledge", "maturity", "unknowable"}
    assert set(report["groups"]["act"]) == {"answer", "maturity", "refuse"}
    assert report["intervals"]["points"][0] <= report["overall"]["points"] <= report["intervals"]["points"][1]
    assert "95% 区间" in render(report) and "按意图" in render(report)


def test_the_bundled_needs_hold_points_a_criterion_and_all_that_may_be_expected() -> None:
    rows = [r for path in bundled_files() for r in read_questions(path) if isinstance(r, Need)]
    assert len(rows) >= 240 and all(r.criterion and r.must for r in rows)
    assert {"answer", "refuse", "clarify", "subsidy", "size_class"} <= {r.expect for r in rows}
    assert sum(len(r.turns) > 1 for r in rows) >= 50


def test_a_line_with_points_is_read_as_a_need(tmp_path: Path) -> None:
    path = tmp_path / "n.jsonl"
    path.write_text('{"id": 1, "question": "咋弄", "expect": "tool", "tool": "roadmap", "must": [["先"]]}', "utf-8")
    (row,) = read_questions(path)
    assert isinstance(row, Need) and row.wanted_tool == "roadmap"
    assert counted([scored(row, "先", tool=ToolCall("roadmap", {}, {}))])["computing_tool"] == [1.0]
