"""Answers about documents held against what they must and must not hold."""

from __future__ import annotations

from pathlib import Path

from eval.asked_documents import ALL, ask_all, figures, judged

NOTICE = """# 样例县经济和信息化局关于申报上云补助的通知

一、补助标准
按上云费用的30%给予补助，最高10万元。

二、申报时间
2026年12月20日截止。

三、申报材料
1. 营业执照；
2. 上云合同和发票。
"""
QUESTIONS = (
    '{"file": "a.md", "id": "1", "kind": "deadline", "question": "什么时候截止", "must": [["12月20日", "2026-12-20"]], "must_not": ["12月1日"], "truth": ""}',
    '{"file": "a.md", "id": "2", "kind": "amount", "question": "我们上云花了20万，能补多少", "must": [["6万"]], "must_not": ["能补10万"], "truth": ""}',
    '{"file": "a.md", "id": "3", "kind": "absent", "question": "要不要专家答辩", "must": [["绝不会有的话"]], "truth": ""}',
)


def test_a_set_is_asked_and_counted_by_kind(copy_of_home: Path, tmp_path: Path) -> None:
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a.md").write_text(NOTICE, "utf-8")
    (tmp_path / "questions.jsonl").write_text("\n".join(QUESTIONS), "utf-8")
    asked = list(ask_all(tmp_path, copy_of_home))
    told = figures(asked)
    assert told["deadline"] == told["amount"] == (1, 1, 0), [one.answer for one in asked]
    assert told["absent"] == (0, 1, 0) and told[ALL] == (2, 3, 0)


def test_what_stands_in_the_list_of_sources_does_not_count_and_marks_do_not_matter() -> None:
    question = {"must": [["1,557万元"]], "must_not": ["88万"]}
    assert judged(question, "合计 **1557万元**。\n\n出处 [1] 《88万元的表》").right
    assert judged(question, "合计 1557万元，最多的88万元。").wrong == ("88万",)
