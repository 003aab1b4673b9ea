"""Trying weights: what stands in the first passages is counted fact by fact."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import Hit, Passage
from eval.questions import Qa
from eval.weigh import main, recalls


def hit(text: str) -> Hit:
    return Hit(Passage(text, "s", "", text), 0.5)


def test_facts_in_the_first_passages_are_counted_at_each_depth() -> None:
    rows = [
        (Qa("1", ("问",), facts=(("40%",), ("上云率", "上云比例"))), [hit("无关"), hit("到2027年上云比例超过40%")]),
        (Qa("2", ("问",), facts=(("75%",), ("1:1",))), [hit("数控化率75%")]),
    ]
    assert recalls(rows) == [0.25, 0.75, 0.75]


def test_with_the_built_in_vectors_alone_there_is_nothing_to_try(
    home: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("XIANGDAO_HOME", str(home))
    (tmp_path / "q.jsonl").write_text(
        '{"id": "1", "question": "上云率", "facts": [["40%"]], "kind": "figure"}\n', "utf-8"
    )
    assert main([str(tmp_path / "q.jsonl")]) == 0
    assert "没有要试的权重" in capsys.readouterr().out
