from pathlib import Path
from typing import Any

import pytest

from core.errors import BadFile
from core.types import Answer, Citation, ToolCall
from eval.outcome import Outcome, Reply, score
from eval.questions import Qa, Row, ToolCase, Unanswerable
from eval.report import build_report, compare, figures, load_report, render, write_report


def scored(row: Row, text: str, **answer: Any) -> Outcome:
    """The outcome of a hand-made reply."""
    reply = Reply(Answer(row.question, text, **answer), first_ms=10, total_ms=20)
    return score(row, reply, "f")


def cite(*source_ids: str) -> tuple[Citation, ...]:
    return tuple(Citation(n, s, s, "", f"p{n}", "") for n, s in enumerate(source_ids, 1))


QA = Qa("q1", ("几成？",), "figure", "formal", ("plan",), (), (("四成", "40%"), ("2027",)))
REFUSE = Unanswerable("u1", ("价格？",), "refuse", "in_domain_unanswerable")
PREMISE = Unanswerable("u2", ("说是九成吧？",), "correct_premise", "false_premise", facts=(("75%",),))
TOOL = ToolCase("t1", ("80人算小型吗",), "size_class", {"从业人员": 80, "行业": "工业"})
NONE = ToolCase("t2", ("谢谢",), "none", {}, "roadmap")


def outcomes() -> list[Outcome]:
    call = ToolCall("size_class", {"employees": 80, "industry": "零售"}, {})
    return [
        scored(QA, "到2027年40%[1]", citations=cite("plan", "other", "plan"), confidence=0.9),
        scored(REFUSE, "没查到", refused=True, confidence=0.1),
        scored(PREMISE, "不是，75%", confidence=0.8),
        scored(TOOL, "小型", tool=call),
        scored(NONE, "不客气", tool=call),
    ]


def test_figures_follow_the_scoring_rules() -> None:
    f = figures(outcomes())
    assert (f["fact_recall"], f["complete"], f["cited"], f["false_refusal"]) == (1, 1, 1, 0)
    assert f["citation_precision"] == 0.5
    assert (f["refusal_accuracy"], f["refused_rightly"], f["premise_correction"]) == (1, 1, 1)
    assert (f["tool_accuracy"], f["tool_false_alarm"], f["argument_recall"]) == (0.5, 1, 0.5)
    assert f["brier"] == pytest.approx((0.01 + 0.01 + 0.04) / 3)
    assert f["recall@5"] is None and f["tool_follow_up"] is None


def test_a_refused_question_that_has_an_answer_is_a_false_refusal_and_not_correct() -> None:
    outcome = scored(QA, "没查到，相近的：2027年四成", refused=True)
    assert outcome.facts == (True, True) and not outcome.correct and "误拒" in outcome.faults


def test_an_answer_to_a_question_to_be_refused_and_an_uncorrected_premise_are_faults() -> None:
    assert scored(REFUSE, "五万元").faults == ("该拒答没拒",)
    assert not scored(PREMISE, "75%，但是不说", refused=True).correct


def test_the_citation_of_another_document_is_a_fault_that_is_named() -> None:
    assert "other" in "".join(scored(QA, "2027年四成", citations=cite("other")).faults)


def test_groups_hold_a_question_under_each_of_its_documents() -> None:
    both = Qa("q2", ("x？",), "list", "typo", ("plan", "guide"), (), (("甲",),))
    report = build_report([scored(QA, "无"), scored(both, "甲")])
    documents = report["groups"]["document"]
    assert documents["plan"]["questions"] == 2 and documents["guide"]["questions"] == 1
    assert documents["guide"]["fact_recall"] == 1 and report["groups"]["style"]["typo"]["complete"] == 1


def test_the_text_shows_the_figures_and_as_many_misses_as_asked() -> None:
    text = render(build_report([scored(QA, "无"), scored(REFUSE, "五万元")], {"题库": "f"}), misses=1)
    assert "要点召回" in text and "`q1`" in text and "`u1`" not in text and "题库：f" in text


def test_a_written_report_is_read_again(tmp_path: Path) -> None:
    report = build_report(outcomes())
    as_json, as_text = write_report(report, tmp_path / "new")
    assert load_report(as_json)["overall"] == report["overall"]
    assert as_text.read_text("utf-8").startswith("# 评测报告")


def test_a_file_that_is_no_report_is_an_error(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    for text in ("{", "[]", '{"schema": 99}'):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(BadFile):
            load_report(path)


def test_comparing_tells_what_turned_right_and_what_turned_wrong() -> None:
    old = build_report([scored(QA, "无", confidence=0.9), scored(REFUSE, "没查到", refused=True)])
    new = build_report([scored(QA, "2027年40%", confidence=0.9), scored(REFUSE, "五万元")])
    text = compare(old, new)
    right, _, wrong = text.partition("变错的题")
    assert "变对的题（1）" in right and "`q1`" in right and "（1）" in wrong and "`u1`" in wrong
    assert "+100.0 点 好" in text and "-100.0 点 差" in text


def test_comparing_different_sets_says_so() -> None:
    old, new = build_report([scored(QA, "无")]), build_report([scored(QA, "无"), scored(REFUSE, "无")])
    assert "不全相同" in compare(old, new)
