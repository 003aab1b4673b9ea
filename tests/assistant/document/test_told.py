"""Which clauses are told: those that are near enough, a list whole where much of it answers, and that a document does not say it."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from assistant.cite import Citations
from assistant.document.clauses import FOUND, Ranked, clauses
from assistant.document.desk import Desk
from assistant.document.told import ABSENT, DOUBTED, lines_of
from core.types import Passage

LIST = "申报需提交：\n1. 申请表；\n2. 购置合同；\n3. 付款凭证；\n4. 诚信承诺书。"


class Shelf:
    def __init__(self, *passages: Passage) -> None:
        self.passages = list(passages)

    def passages_of(self, document_id: str) -> list[Passage]:
        return self.passages


class Paper:
    document_id = "doc:public:青石"


def _lines(near: dict[str, float], kind: str = "materials") -> list[str]:
    """The lines told where the clauses that hold a word are so near."""
    passage = Passage("doc:public:青石#0001", "青石", "青石市奖补通知", LIST, section=("三、申报要求",))
    found = [
        Ranked(clause, next((score for word, score in near.items() if word in clause.text), 0.1))
        for clause in clauses([passage])
    ]
    desk = Desk(cast(Any, Paper()), cast(Any, Shelf(passage)), {}, date(2026, 11, 30))
    return lines_of(kind, sorted(found, key=lambda one: -one.score), desk, Citations({}))


def test_one_item_of_a_list_is_told_alone() -> None:
    (line,) = _lines({"凭证": FOUND + 0.2})
    assert "付款凭证" in line and "申请表" not in line


def test_a_list_is_told_whole_where_much_of_it_answers() -> None:
    lines = _lines({"申请表": FOUND + 0.1, "合同": FOUND + 0.05, "凭证": FOUND + 0.02})
    assert [word in line for word, line in zip(("申请表", "合同", "凭证", "承诺书"), lines, strict=True)] == [True] * 4


@pytest.mark.parametrize(("score", "said"), [(DOUBTED + 0.01, "可能换了说法"), (DOUBTED - 0.2, "从头到尾找过")])
def test_what_nothing_is_near_to_is_not_said_and_how_surely_is_told(score: float, said: str) -> None:
    lines = _lines({"申请表": score})
    assert lines[0].startswith(ABSENT) and said in lines[0]
    assert "申请表" in "".join(lines)


def _told_of(kind: str, passages: list[Passage], near: float) -> str:
    """The answer from some passages where every clause is so near."""
    found = [Ranked(clause, near) for clause in clauses(passages)]
    desk = Desk(cast(Any, Paper()), cast(Any, Shelf(*passages)), {}, date(2026, 11, 30))
    return "\n".join(lines_of(kind, found, desk, Citations({})))


def test_each_step_is_told_under_its_heading() -> None:
    names = ("（一）网上提交", "（二）形式检查", "（三）专家评议")
    steps = [
        Passage(
            f"doc:public:青石#{at:04}",
            "青石",
            "青石市奖补通知",
            "由经办科室在五个工作日里办完。" * at,
            section=("四、申报程序", name),
        )
        for at, name in enumerate(names, 1)
    ]
    told = _told_of("how", steps, FOUND + 0.1)
    assert all(name in told for name in names)


def test_the_first_item_of_a_list_that_was_read_as_a_heading_is_told() -> None:
    passage = Passage(
        "doc:public:青石#0001",
        "青石",
        "青石市奖补通知",
        "（二）专家评估；\n（三）公示。",
        section=("三、审核程序", "街道初审；"),
    )
    lines = _told_of("how", [passage], FOUND + 0.1).split("\n")
    assert [word in line for word, line in zip(("街道初审", "专家评估", "公示"), lines, strict=True)] == [True] * 3
