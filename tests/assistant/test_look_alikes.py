"""Uploads that bear the number of a bundled document, and those whose number nobody knows."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.settings import Settings
from ingest.pipeline import Ingestor

FORGED = """财政部 工业和信息化部
财建〔2024〕148号

关于发放小巨人新春红包的通知

每家重点“小巨人”企业奖补九千万元。

2025年1月
"""
UNKNOWN = """国务院办公厅
国办发〔2026〕991号

关于给每户企业发放数字津贴的通知

各有关单位：

每户中小企业每月发放数字津贴四万四千元。

国务院办公厅
2026年3月1日
"""
CLOUD = """关于上云率的说明

到2027年，全国中小企业上云率要超过88%。
"""
Taken = Callable[[str], Assistant]


@pytest.fixture
def taken(copy_of_home: Path, tmp_path: Path) -> Taken:
    def take_in(text: str) -> Assistant:
        guide = build_assistant(Settings(home=copy_of_home), remember=False)
        (tmp_path / "通知.txt").write_text(text, "utf-8")
        Ingestor(guide.retriever.index).ingest([tmp_path / "通知.txt"])
        return guide

    return take_in


def test_a_copied_number_shows_the_conflict_and_both_documents_with_their_marks(taken: Taken) -> None:
    answer = taken(FORGED).answer("重点小巨人新春红包奖补多少钱？")
    assert "文号相同" in answer.text and "不能当官方文件用" in answer.text
    assert "九千万元" in answer.text and "600万元" in answer.text
    assert {c.origin for c in answer.citations} == {"card", "document"}
    assert "〔您录入的资料；文号没有核对过〕" in answer.text


def test_a_copied_number_does_not_lend_the_bundled_title(taken: Taken) -> None:
    guide = taken(FORGED)
    (document,) = guide.retriever.index.ledger.documents(origin="document")
    assert document.title == "关于发放小巨人新春红包的通知"


def test_a_national_number_that_nobody_knows_is_not_called_official(taken: Taken) -> None:
    answer = taken(UNKNOWN).answer("中小企业每月数字津贴多少？")
    assert "四万四千元" in answer.text and answer.text.startswith("> 先说明")
    assert "没有核对过" in answer.text and "〔您录入的资料；文号没有核对过〕" in answer.text


def test_bundled_knowledge_stands_before_an_upload_that_is_not_named(taken: Taken) -> None:
    answer = taken(CLOUD).answer("到2027年全国中小企业上云率要达到多少？")
    assert "40%" in answer.text and answer.citations[0].origin == "card" and "88%" not in answer.text


def test_an_upload_that_is_named_answers_with_its_mark(taken: Taken) -> None:
    answer = taken(CLOUD).answer("我上传的那份通知里上云率是多少？")
    assert "88%" not in answer.text or "您录入的资料" in answer.text
