"""The labelled messages and turns: read, whole, and every fault told in a sentence that says where."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from corpus.cards import CORPUS
from corpus.utterances import ACTS, load_kinds, load_turns, load_utterances, utterance_faults
from tools.spec import specs

TOOLS = tuple(specs())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A copy of the utterances."""
    shutil.copytree(CORPUS / "utterances", tmp_path / "utterances")
    return tmp_path


def test_every_label_has_its_messages_and_none_stands_twice() -> None:
    kinds = load_utterances()
    assert {kind.label for kind in kinds} == {*TOOLS, *ACTS}
    assert not list(utterance_faults(tools=TOOLS))
    assert all(len(kind.examples) >= 250 for kind in kinds if kind.label in TOOLS)


def test_the_kinds_that_a_tool_can_tell_of_its_last_result_have_examples() -> None:
    details = load_kinds()["detail"]
    assert {kind for spec in specs().values() for kind in spec.parts} <= details.keys()


def test_every_way_of_going_on_has_its_turns() -> None:
    counts = Counter(turn.follows for turn in load_turns())
    assert len(counts) == 9 and min(counts.values()) >= 90


@pytest.mark.parametrize(
    ("name", "old", "new", "told"),
    [
        ("chat", "label: chat", "label: chats", "没有叫 chats 的工具"),
        ("chat", "examples:", "examplez:", "字段 examples 不对：缺少这个字段"),
        ("meta", "examples:\n", "examples:\n  - 搞这个国家给不给钱啊\n", "写了两次：subsidy 和 meta"),
        ("complain", "- label: complain", "label: complain", "complain.yaml"),
    ],
)
def test_a_fault_of_a_file_is_told_with_its_place(corpus: Path, name: str, old: str, new: str, told: str) -> None:
    path = corpus / "utterances" / "messages" / f"{name}.yaml"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    assert any(told in fault for fault in utterance_faults(corpus, TOOLS)), list(utterance_faults(corpus, TOOLS))


def test_a_label_that_is_missing_or_has_too_few_is_told(corpus: Path) -> None:
    messages = corpus / "utterances" / "messages"
    (messages / "distress.yaml").unlink()
    (messages / "tell.yaml").write_text(
        "- label: tell\n  means: 只说情况\n  examples: [我们做阀门, 三十个人]\n", "utf-8"
    )
    found = "\n".join(utterance_faults(corpus, TOOLS))
    assert "少了 distress 的说法" in found and "tell 只有 2 句" in found


def test_the_same_turn_after_the_same_words_is_told_once(corpus: Path) -> None:
    path = corpus / "utterances" / "turns.yaml"
    first = path.read_text("utf-8").split("\n- before:")[0]
    path.write_text(path.read_text("utf-8") + first + "\n", "utf-8")
    assert any("连同前文写了两次" in fault for fault in utterance_faults(corpus, TOOLS))


@pytest.mark.parametrize(
    ("name", "row", "told"),
    [
        ("asked", "- card: nowhere/none\n  before: [我们做五金]\n  turn: 那要多少钱\n", "写的卡片 nowhere/none 没有"),
        ("asked", "- card: a/b\n  turn: 要多少钱\n- card: a/b\n  turn: 要多少钱\n", "写了两次"),
        ("asked", "- card: a/b\n  turns: 要多少钱\n", "asked.yaml 第 1 行起"),
        ("looked", "- message: 要多少钱\n  not_by: [nowhere/none]\n", "写的卡片 nowhere/none 没有"),
    ],
)
def test_a_row_that_names_a_card_that_is_not_there_or_stands_twice_is_told(
    corpus: Path, name: str, row: str, told: str
) -> None:
    (corpus / "utterances" / f"{name}.yaml").write_text(row, "utf-8")
    assert any(told in fault for fault in utterance_faults(corpus, TOOLS, {"a/b"}))
