import json
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.errors import BadFile
from core.settings import Settings
from core.types import Passage
from corpus.ledger import Document, now
from eval.command import question_files, run
from eval.questions import SETS
from eval.runner import Runner

QUESTIONS = [
    {"id": "1", "question": "政府到2027年打算让多少小企业上云？", "kind": "figure", "sources": ["action_plan_2025_2027"],
     "evidence": ["中小企业上云率超过40%"], "facts": [["40%"]]},
    {"id": "2", "question": "红烧肉怎么炖才不腻？", "kind": "out_of_domain", "expect": "refuse", "facts": []},
    {"id": "3", "turns": ["WMS是什么意思？", "那APS呢？"], "sources": ["guide_2022"], "facts": [["排程", "排产"]]},
    {"id": "4", "input": "谢谢你，再见", "tool": "none", "args": {}, "near_miss": "roadmap"},
]  # fmt: skip


@pytest.fixture(scope="module")
def cards(home: Path) -> Assistant:
    """An assistant over the bundled cards."""
    return build_assistant(Settings(home=home), remember=False)


@pytest.fixture
def originals(copy_of_home: Path) -> Assistant:
    """An assistant over the bundled cards and one passage of an original."""
    assistant = build_assistant(Settings(home=copy_of_home), remember=False)
    plan, text = "action_plan_2025_2027", "到2027年，中小企业上云率 超过40%。"
    passage = Passage(f"doc:{plan}#1", plan, "专项行动方案", text, "document")
    document = Document(f"doc:{plan}", plan, "document", "public", "专项行动方案", "x", "plan.txt", 20, now(), {})
    index = assistant.retriever.index
    with index.ledger.transaction() as db:
        index.ledger.put(db, document, [passage])
    index.sync_vectors()
    return assistant


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "small.jsonl"
    path.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in QUESTIONS), encoding="utf-8")
    return path


def test_a_small_run_scores_every_sort_of_question(cards: Assistant, questions: Path) -> None:
    answered, refused, follow, none = Runner(cards).run([questions])
    assert answered.correct and set(answered.cited) == {"action_plan_2025_2027"} and not answered.searched
    assert refused.refused and refused.correct
    assert follow.correct and follow.turns == 2
    assert none.sort == "tools" and none.tool_called == "none"
    assert 0 < answered.first_ms <= answered.total_ms


def test_recall_is_measured_only_where_originals_are_recorded(originals: Assistant, questions: Path) -> None:
    answered, refused, *_ = Runner(originals).run([questions])
    assert (answered.searched, answered.rank) == (True, 1)
    assert not refused.searched


def test_with_cards_only_no_answer_stands_on_an_original(originals: Assistant, questions: Path) -> None:
    runner = Runner(originals, cards_only=True)
    answer = runner.assistant.answer("政府到2027年打算让多少小企业上云？")
    assert {c.origin for c in answer.citations} == {"card"}
    assert runner.run([questions])[0].rank == 1


def test_a_conversation_is_forgotten_after_it_was_scored(cards: Assistant, questions: Path) -> None:
    Runner(cards).run([questions])
    assert not any(cards.history._memory.values())


def test_the_command_prints_writes_and_compares(
    cards: Assistant, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run([questions], out=out, assistant=cards) == 0
    assert "要点召回" in capsys.readouterr().out
    assert run([questions], compare=out / "report.json", assistant=cards) == 0
    said = capsys.readouterr()
    assert "变错的题（0）" in said.out and "已测 4/4 题" in said.err


def test_an_unreadable_old_report_is_told_before_anything_is_asked(cards: Assistant, tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        run([], compare=tmp_path / "none.json", assistant=cards)


def test_without_files_the_bundled_sets_are_run_and_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    assert {p.parent for p in question_files([])} == {SETS}
    assert question_files([SETS]) == sorted(SETS.glob("*.jsonl"))
    with pytest.raises(BadFile):
        question_files([tmp_path])
