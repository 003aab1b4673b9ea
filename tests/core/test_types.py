"""The values that travel between the layers, and their shape in JSON."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError

import pytest

from core.types import Answer, Citation, Passage, ToolCall

CITATION = Citation(1, "plan", "行动方案", "一、总体要求", "plan/cloud", "超过40%", "card", "full")


def test_an_answer_in_json_has_the_fields_of_the_command_line() -> None:
    answer = Answer("上云率？", "**40%** [1]", citations=(CITATION,), confidence=0.98765, timings_ms={"total": 12.345})
    assert answer.as_json("q1") == {
        "id": "q1",
        "question": "上云率？",
        "answer": "**40%** [1]",
        "refused": False,
        "citations": [
            {"n": 1, "source_id": "plan", "title": "行动方案", "section": "一、总体要求", "passage_id": "plan/cloud",
             "quote": "超过40%", "origin": "card", "certainty": "full"}
        ],
        "tool": None,
        "engine": "extractive",
        "confidence": 0.988,
        "suggestions": [],
        "timings_ms": {"total": 12.3},
    }  # fmt: skip


def test_a_tool_that_ran_is_named_with_its_arguments_and_result() -> None:
    call = ToolCall("size_class", {"从业人员": 280}, {"text": "小型"})
    raw = Answer("算中型吗", "小型", tool=call).as_json()
    assert raw["tool"] == {"name": "size_class", "arguments": {"从业人员": 280}, "result": {"text": "小型"}}
    assert raw["id"] is None
    assert json.loads(json.dumps(raw, ensure_ascii=False)) == raw


def test_what_was_found_cannot_be_changed_afterwards() -> None:
    passage = Passage("a", "plan", "标题", "正文")
    with pytest.raises(FrozenInstanceError):
        passage.text = "别的"  # type: ignore[misc]
