"""Answers from a document that another one changed, extended or ended: by what is in force, and by which it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from assistant.build import build_assistant
from assistant.chat import Assistant
from core.settings import Settings
from ingest.pipeline import Ingestor

Taken = Callable[..., Assistant]
DAY = date(2026, 11, 29)
NAME = "样例市智能改造专项资金管理办法"
RULES = f"""样例市工业和信息化局关于印发《{NAME}》的通知
样工信规〔2024〕3号

各有关单位：

现将办法印发给你们。

样例市工业和信息化局
2024年3月1日

{NAME}

第一章 支持标准

第三条 对智能改造项目的设备投入，按不超过30%给予补助，单个企业最高不超过50万元。

第四条 对首台套智能装备，每台另奖励8万元。

第二章 项目管理

第八条 智能改造项目验收后应当连续运行三年，期间不得转让设备。

第十条 本办法自2024年4月1日起施行，有效期至2029年3月31日。
"""


def amending(body: str, title: str = f"关于修改《{NAME}》的通知") -> str:
    return (
        f"样例市工业和信息化局{title}\n样工信规〔2026〕5号\n\n各有关单位：\n\n经研究，对《{NAME}》（样工信规〔2024〕3号）决定如下：\n\n"
        f"{body}\n\n样例市工业和信息化局\n2026年1月10日\n"
    )


@pytest.fixture
def taken(copy_of_home: Path, tmp_path: Path) -> Taken:
    """An assistant whose index holds the given texts, each as a file of its own, taken in in their order."""

    def take_in(space: str = "public", **texts: str) -> Assistant:
        guide = build_assistant(Settings(home=copy_of_home), remember=False)
        for name, text in texts.items():
            (tmp_path / f"{name}.txt").write_text(text, "utf-8")
            (outcome,) = Ingestor(guide.retriever.index).ingest([tmp_path / f"{name}.txt"], space=space)
            assert outcome.status == "added", outcome.message
        return guide

    return take_in


@pytest.mark.parametrize("order", [("资金办法", "改办法"), ("改办法", "资金办法")])
def test_the_new_figure_is_told_with_the_document_that_set_it(taken: Taken, order: tuple[str, str]) -> None:
    texts = {"资金办法": RULES, "改办法": amending("第三条中的30修改为45。")}
    text = taken(**{name: texts[name] for name in order}).answer("样例市智能改造设备投入按多少补助", day=DAY).text
    assert "45%" in text and "50万元" in text
    assert (
        f"> 第三条已由《样例市工业和信息化局关于修改〈{NAME}〉的通知》（样工信规〔2026〕5号，2026-01-10）修改：30%改为45%。"
        in text
    )
    assert "按不超过30%" not in text


def test_what_is_told_of_a_change_is_of_what_the_answer_shows(taken: Taken) -> None:
    guide = taken(资金办法=RULES, 改办法=amending("一、第三条中的30修改为45。\n\n二、第八条中的“三年”修改为“五年”。"))
    text = guide.answer("样例市智能改造项目验收后要连续运行几年", day=DAY).text
    assert "连续运行五年" in text and "三年改为五年" in text and "30%改为45%" not in text


def test_a_clause_taken_out_is_told_as_gone_before_its_words(taken: Taken) -> None:
    text = (
        taken(资金办法=RULES, 改办法=amending("删去第四条。")).answer("样例市首台套智能装备每台奖励多少", day=DAY).text
    )
    first, _, rest = text.partition("\n")
    assert first.startswith("> 先说明：第四条已由《") and first.endswith("删去，下面是原来的规定，不再执行。")
    assert "8万元" not in first and "8万元" in rest and "已经过期" not in text


def test_what_could_not_be_done_is_told_beside_the_old_words(taken: Taken) -> None:
    text = (
        taken(资金办法=RULES, 改办法=amending("第三条作相应调整。"))
        .answer("样例市智能改造设备投入按多少补助", day=DAY)
        .text
    )
    assert "按不超过30%" in text and "这一条是否改动要看修改文件" in text


def test_a_document_that_was_ended_says_so_first_and_by_which(taken: Taken) -> None:
    guide = taken(资金办法=RULES, 废止=amending("请遵照执行。", f"关于停止执行《{NAME}》的通知"))
    first = guide.answer("样例市智能改造设备投入按多少补助", day=DAY).text.split("\n")[0]
    assert (
        first.startswith("> 先说明：")
        and f"关于停止执行〈{NAME}〉的通知》（样工信规〔2026〕5号，2026-01-10）宣布停止执行" in first
    )


def test_a_document_that_was_extended_is_over_no_longer(taken: Taken) -> None:
    guide = taken(
        资金办法=RULES.replace("2029年3月31日", "2026年3月31日"),
        延长=amending("该办法有效期延长至2028年12月31日。", f"关于延长《{NAME}》有效期的通知"),
    )
    answer = guide.answer("样例市智能改造设备投入按多少补助", day=DAY)
    assert "30%" in answer.text and "过期" not in answer.text
    assert "过期" in guide.answer("样例市智能改造设备投入按多少补助", day=date(2029, 1, 1)).text


def test_the_summary_of_a_changed_document_says_what_changed(taken: Taken) -> None:
    guide = taken(资金办法=RULES, 改办法=amending("一、第三条中的30修改为45。\n\n二、删去第四条。"))
    text = guide.answer(f"总结一下关于印发《{NAME}》的通知", day=DAY).text
    assert "45%" in text and "8万元" not in text and "第三条已由《" in text


def test_a_card_whose_source_a_document_ends_says_so_and_only_where_that_document_is_seen(taken: Taken) -> None:
    question = "政府到2027年打算让多少小企业上云"
    body = "《中小企业数字化赋能专项行动方案（2025—2027年）》（工信部联企业〔2024〕239号）停止执行。"
    guide = taken(space="team-a", 停止=amending(body, "关于停止执行部分文件的通知"))
    assert "您录入的" not in guide.answer(question, day=DAY).text
    text = guide.answer(question, space="team-a", day=DAY).text
    first = text.split("\n")[0]
    assert (
        first.startswith("> 先说明：您录入的《样例市工业和信息化局关于停止执行部分文件的通知》")
        and "说它已停止执行" in first
    )
    assert "40%" in text
