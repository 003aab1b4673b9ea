"""Words that hold only on the day of writing are refused in what is stored."""

from __future__ import annotations

import pytest

from corpus.check import check
from corpus.dated import relative_fields, relative_words

REFUSED = [
    "今天（2026-11-20）已经过了",
    "截至目前没有查到",
    "目前写的是研究探索",
    "今年还在申报",
    "明年的办法还没出",
    "下个月底截止",
    "下月起执行",
    "本月内报",
    "还有32天",
    "离截止只剩一个多月",
    "政策仍有效",
    "到2026年11月还有效",
    "第三批还在期内",
    "现在按到期处理",
    "现在还有没有没查到",
    "现在有什么政策",
    "现在能用的是2024年版",
    "现在不能照它准备",
    "合肥（已到期）",
    "方案现已经到期",
    "试点期已过",
    "第三批申报窗口已经过了",
    "马上问中山市工业和信息化局",
    "赶紧问还收不收",
    "近期将公布名单",
    "即将截止",
    "是眼下最值得问的一批",
    "如今小批量订单多",
    "至今没有第二批",
    "当前最普遍的是仓库透明化",
]
KEPT = [
    "有效期到2026-12-31",
    "截至2026-11-20没有查到",
    "试点期约到2025年底",
    "第三批试点期大约到2027年",
    "2022年的平台试点已经结束",
    "到2026-11-20第三批申报窗口已关",
    "出现在案例里不等于推荐",
    "这个词首次出现在2024年的报告里",
    "先记下现在的不良率",
    "和我现在的系统接得上吗",
    "现在数字化到什么程度",
    "计划未来两年加强管控",
    "近三年研发费用",
    "上年与前年相比的人均营业收入",
    "三个月内见效",
    "上个系统用了十年",
    "碰到突发情况马上反应",
    "只剩财务在用",
    "有没有过期",
    "18个月以上",
]


@pytest.mark.parametrize("text", REFUSED)
def test_words_of_the_day_of_writing_are_found(text: str) -> None:
    assert relative_words(text)


@pytest.mark.parametrize("text", KEPT)
def test_absolute_dates_and_the_readers_own_present_stay(text: str) -> None:
    assert not relative_words(text)


def test_what_people_ask_may_say_today() -> None:
    assert list(relative_fields({"question": "去年和今年比怎么样", "note": "今年"})) == [("note", "今年")]


def test_no_card_row_or_source_is_relative_to_the_day_of_writing() -> None:
    assert not [error for error in check().errors if "只在写的那天" in error]
