"""The examples of questions over tables: what is wrong with a file is told, and those that ship are sound."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import BadKnowledge
from corpus.table_questions import OPERATIONS, load_asked_table, question_files, table_question_faults

SOUND = """
title: 维修记录
columns: [设备, 费用（元）]
rows:
  - [车床, 100]
  - [铣床, 200]
asked:
  - {q: 车床花了多少, op: cell, column: 费用（元）, where: [[设备, "=", 车床]]}
"""


def corpus_of(folder: Path, text: str) -> Path:
    kept = folder / "utterances" / "tables"
    kept.mkdir(parents=True)
    (kept / "one.yaml").write_text(text, "utf-8")
    return folder


def test_the_examples_that_ship_are_sound_and_hold_every_operation() -> None:
    assert list(table_question_faults()) == []
    assert {one.op for path in question_files() for one in load_asked_table(path).asked} == set(OPERATIONS)


def test_a_sound_file_has_no_faults(tmp_path: Path) -> None:
    assert list(table_question_faults(corpus_of(tmp_path, SOUND))) == []


@pytest.mark.parametrize(
    ("part", "other", "said"),
    [
        ("[铣床, 200]", "[铣床]", "第 2 行有 1 格"),
        ("column: 费用（元）", "column: 价钱", "价钱 表里没有"),
        (", column: 费用（元）", "", "要写 column"),
        ('"=", 车床', '"=", 刨床', "刨床 不在列 设备 里"),
        ("op: cell", "op: guess", "op 不对"),
    ],
)
def test_a_fault_is_told_with_its_question(tmp_path: Path, part: str, other: str, said: str) -> None:
    faults = "".join(table_question_faults(corpus_of(tmp_path, SOUND.replace(part, other))))
    assert said in faults


def test_a_file_that_is_no_yaml_is_told(tmp_path: Path) -> None:
    folder = corpus_of(tmp_path, "[")
    with pytest.raises(BadKnowledge):
        load_asked_table(folder / "utterances" / "tables" / "one.yaml")
