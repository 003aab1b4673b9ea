import json
from pathlib import Path

import pytest

import assistant.build
from assistant.build import build_assistant
from assistant.chat import Assistant
from core.errors import BadFile
from core.settings import Settings
from core.types import Passage
from corpus.index import Index
from corpus.ledger import Document, now
from eval.command import question_files, run
from eval.questions import SETS
from eval.runner import Runner

SOURCES = """
- {id: plan, title: 赋能行动方案, published: 2024-12-12, kind: policy, status: in_force}
- {id: guide, title: 转型指南, published: 2022-11, kind: guide, status: in_force}
"""
CARDS = """
- id: plan/cloud
  kind: target
  title: 上云率目标
  source: plan
  section: [总体要求]
  text: 到2027年，中小企业上云率要超过40%，这是行动方案给全国定的目标。
  questions: [到2027年中小企业上云率要达到多少, 上云目标是几成, 2027年上云率]
- id: guide/wms
  kind: term
  title: WMS仓库管理系统是什么
  source: guide
  section: [名词解释]
  text: WMS是仓库管理系统，管仓库里货物的存放和移动，帮企业把资源用得合理。
  questions: [WMS是什么, 仓库管理系统管什么, 仓库用什么系统]
- id: guide/lead
  kind: guide
  title: 转型由一把手负责
  source: guide
  section: [推进管理数字化]
  text: 指南要求实行数字化转型“一把手”负责制，由企业一把手牵头抓，并配套考核和激励办法。
  questions: [数字化转型谁来负责, 转型要谁牵头, 一把手负责制是什么]
"""
QUESTIONS = [
    {"id": "1", "question": "到2027年中小企业上云率要达到多少？", "kind": "figure", "sources": ["plan"],
     "evidence": ["中小企业上云率超过40%"], "facts": [["40%"]]},
    {"id": "2", "question": "红烧肉怎么炖才不腻？", "kind": "out_of_domain", "expect": "refuse", "facts": []},
    {"id": "3", "turns": ["数字化转型谁来负责？", "WMS是什么？"], "sources": ["guide"], "facts": [["仓库"]]},
    {"id": "4", "input": "谢谢你，再见", "tool": "none", "args": {}, "near_miss": "roadmap"},
]  # fmt: skip


@pytest.fixture
def small(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Assistant:
    """An assistant over three cards, in a data folder of its own."""
    corpus = tmp_path / "corpus"
    (corpus / "cards").mkdir(parents=True)
    (corpus / "sources.yaml").write_text(SOURCES, encoding="utf-8")
    (corpus / "cards" / "all.yaml").write_text(CARDS, encoding="utf-8")
    monkeypatch.setenv("XIANGDAO_HOME", str(tmp_path / "home"))
    monkeypatch.setattr(assistant.build, "open_index", lambda settings, progress=None: Index(settings, corpus))
    return build_assistant(Settings(home=tmp_path / "home"), remember=False)  # type: ignore[call-arg]


@pytest.fixture
def questions(tmp_path: Path) -> Path:
    path = tmp_path / "small.jsonl"
    path.write_text("\n".join(json.dumps(q, ensure_ascii=False) for q in QUESTIONS), encoding="utf-8")
    return path


def add_original(assistant: Assistant) -> None:
    """Put one original of `plan` into the ledger."""
    passage = Passage("doc:plan#1", "plan", "赋能行动方案", "到2027年，中小企业上云率 超过40%。", "document")
    document = Document("doc:plan", "plan", "document", "public", "赋能行动方案", "x", "plan.txt", 20, now(), {})
    index = assistant.retriever.index
    with index.ledger.transaction() as db:
        index.ledger.put(db, document, [passage])
    index.sync_vectors()


def test_a_small_run_scores_every_sort_of_question(small: Assistant, questions: Path) -> None:
    answered, refused, follow, none = Runner(small).run([questions])
    assert answered.correct and answered.cited == ("plan",) and not answered.searched
    assert refused.refused and refused.correct
    assert follow.correct and follow.turns == 2
    assert none.sort == "tools" and none.tool_called == "none"
    assert 0 < answered.first_ms <= answered.total_ms


def test_recall_is_measured_only_where_originals_are_recorded(small: Assistant, questions: Path) -> None:
    add_original(small)
    answered, refused, *_ = Runner(small).run([questions])
    assert (answered.searched, answered.rank) == (True, 1)
    assert not refused.searched


def test_with_cards_only_no_answer_stands_on_an_original(small: Assistant, questions: Path) -> None:
    add_original(small)
    runner = Runner(small, cards_only=True)
    answer = runner.assistant.answer("到2027年中小企业上云率要达到多少？")
    assert {c.origin for c in answer.citations} == {"card"}
    assert runner.run([questions])[0].rank == 1


def test_the_command_prints_writes_and_compares(
    small: Assistant, questions: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "out"
    assert run([questions], out=out, assistant=small) == 0
    assert "要点召回" in capsys.readouterr().out
    assert run([questions], compare=out / "report.json", assistant=small) == 0
    said = capsys.readouterr()
    assert "变错的题（0）" in said.out and "已测 4/4 题" in said.err


def test_an_unreadable_old_report_is_told_before_anything_is_asked(small: Assistant, tmp_path: Path) -> None:
    with pytest.raises(BadFile):
        run([], compare=tmp_path / "none.json", assistant=small)


def test_without_files_the_bundled_sets_are_run_and_a_folder_stands_for_its_files(tmp_path: Path) -> None:
    assert {p.parent for p in question_files([])} == {SETS}
    assert question_files([SETS]) == sorted(SETS.glob("*.jsonl"))
    with pytest.raises(BadFile):
        question_files([tmp_path])
