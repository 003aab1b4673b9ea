"""What is missing is named as a phrase of the question that the asker would recognise, or not at all."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.gap import LONGEST, gap
from core.types import Answer


@pytest.mark.parametrize(
    ("question", "phrase"),
    [
        ("我爸的注塑机联网要多少钱", "注塑机联网的价格"), ("注塑机联网的价格是多少", "注塑机联网的价格"), ("我们厂的MES年费是多少", "MES年费"),
        ("宁波海曙“数改贷”的年利率是多少？", "宁波海曙“数改贷”的年利率"), ("2028年中小企业上云率的目标是多少？", "2028年中小企业上云率的目标"),
        ("五轴加工中心现在什么价位，值不值得换？", "五轴加工中心的价位"), ("联想百应的董事长是谁？", "联想百应的董事长"),
        ("特种设备的检验费用是多少", "特种设备的检验费用"), ("三菱FX5U的以太网模块多少钱", "三菱FX5U的以太网模块的价格"),
        ("灯塔工厂的申报条件是什么", "灯塔工厂的申报条件"), ("食品SC证的办理时间是多久", "食品SC证的办理时间"),
        ("上市公司的数字化投入平均是多少", "上市公司的数字化投入"), ("阿里云RDS的月租是多少", "阿里云RDS的月租"),
        ("AGV小车国产的一台多少钱？", "AGV小车国产的价格"), ("玩具厂的检测费用是多少", "玩具厂的检测费用"),
        ("钛方科技去年的营业收入和净利润是多少？", "钛方科技去年的营业收入和净利润"),
    ],
)  # fmt: skip
def test_what_is_asked_for_is_named_in_the_words_of_the_question(question: str, phrase: str) -> None:
    assert gap(question, "价格" if "钱" in question else "") == phrase


@pytest.mark.parametrize(
    "question",
    ["我们厂现状怎么样", "先花哪笔钱好", "先花多少合适", "我老婆说上ERP没用，多少人后悔", "俺村的合作社能不能拿到电商补助，给多少", "韶音科技一年在研发上花多少钱？",
     "中小企业被勒索病毒攻击后平均损失多少钱？", "上一套WMS加RFID，小仓库总共要花多少钱？", "服务商跑路的项目占多少？", "中望CAD和AutoCAD的授权费差多少？",
     "鄞州区“数字贷”一家企业最高能贷多少？", "试点城市绩效考核倒数第一是谁？", "叉车证的复审周期是几年", "欧盟数字产品护照的实施时间是什么时候", "现状是什么",
     "越南政府怎么补贴小企业上云？", "做视觉质检要标多少张图片才够训练？", "这个咋弄啊到底", "它贵不贵", "红烧肉怎么炖才不腻？", "", "？", "多少"],
)  # fmt: skip
def test_where_the_words_are_no_name_nothing_is_named(question: str) -> None:
    assert gap(question, "价格" if "钱" in question else "") == ""


@given(st.text(alphabet="我爸先花现状的厂注塑机联网价格多少钱是什么MES，。？ 1"))
def test_a_phrase_is_a_stretch_of_the_question_and_short(question: str) -> None:
    phrase = gap(question)
    assert phrase in question and len(phrase) <= LONGEST


ODD = (
    "我爸的注塑机联网要多少钱", "我们厂现状怎么样，多少家这样", "先花哪笔钱好，花多少", "致景科技什么时候上市？", "我家超市自助收银机要多少钱", "食品厂，超市要求一物一码能追溯，小厂怎么弄最省",
    "软件企业退税的税率是多少", "童装厂打版太费版师，有没有省人的做法？", "金蝶云星空怎么反结账？", "我们厂明年该不该裁人，裁多少合适？",
)  # fmt: skip


@pytest.mark.parametrize("question", ODD)
def test_a_refusal_never_names_a_scrap_of_the_question(ask: Callable[[str], Answer], question: str) -> None:
    answer = ask(question)
    first = answer.text.splitlines()[0]
    assert "没有关于" not in first and "您没说是哪里" not in first and "的的" not in first
    if named := re.search("没有“(.+)”这一项", first):
        assert len(named[1]) >= 4 and not named[1].startswith(("我", "先"))


def test_where_nothing_was_said_of_the_place_it_is_asked(ask: Callable[[str], Answer]) -> None:
    assert "您没说是哪里" in ask("我们市2026年改造补贴几号截止？").text.splitlines()[0]
    assert "您没说是哪里" not in ask("我在佛山，我们市2026年改造补贴几号截止？").text


def test_an_english_question_is_refused_in_english(ask: Callable[[str], Answer]) -> None:
    assert ask("How do I bake a chocolate cake?").text.startswith("**Not found.**")
