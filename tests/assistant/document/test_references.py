"""Clauses that name others by number, held to what those are called."""

import pytest

from assistant.document.clauses import clauses
from assistant.document.references import named_in, names_of
from core.types import Passage


def passage(text: str, *section: str) -> Passage:
    return Passage(f"d#{text[:6]}", "d", "青石县通知", text, "document", section=section)


ARTICLES = [passage("第一条（适用范围）　本县企业。\n第二条（留工补贴）　每人300元。\n第三条（招工补贴）　每人500元。")]
ITEMS = [passage("（第一项）认证补助。按60%补。"), passage("（第二项）标准奖励。10万元。")]
HEADED = [
    passage("按20%补。", "二、补什么", "（一）换机器"),
    passage("按30%补。", "二、补什么", "（二）买软件"),
    passage("交一份。", "三、材料", "（一）申请表"),
]


@pytest.mark.parametrize(
    ("passages", "clause", "means"),
    [
        (ARTICLES, "第二条至第三条可以叠加。", "留工补贴、招工补贴"),
        (ARTICLES, "第二、三条可以叠加。", "留工补贴、招工补贴"),
        (ARTICLES, "第二条（留工补贴）　每人300元。", ""),
        (ITEMS, "第一项、第二项：10月8日截止。", "认证补助、标准奖励"),
        (HEADED, "申报第二项的，12月1日截止。", "买软件"),
        (HEADED, "按第九项办。", ""),
        (HEADED, "2026年第二批开始了。", ""),
    ],
)
def test_what_is_named_by_number_is_known_by_its_name(passages: list[Passage], clause: str, means: str) -> None:
    assert named_in(clause, names_of(passages)) == means


def test_what_follows_in_an_article_stands_under_its_name() -> None:
    found = clauses([passage("第七条（时间节点）　备案到12月15日。申领到次年3月15日。")])
    assert [clause.whole for clause in found] == [
        "第七条（时间节点）　备案到12月15日。",
        "时间节点 申领到次年3月15日。",
    ]
