"""Beside the day that a clause sets what is clearly nearer to the question is told."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

import pytest

from assistant.document.clauses import FOUND, Ranked, clauses
from assistant.document.dated import dated
from assistant.document.desk import Desk
from core.types import Passage

TEXT = "领到的券2027年2月26日前有效。\n上一批没有用掉的企业这一批不再发给。"


class Shelf:
    connection = None

    def passages_of(self, document_id: str) -> list[Passage]:
        return [PASSAGE]

    def passage(self, passage_id: str) -> Passage:
        return PASSAGE


class Paper:
    document_id = "doc:public:青石"
    title = "青石市用券通知"
    added_at = "2026-11-30"
    source_id = "青石"

    def __init__(self) -> None:
        self.info = {"deadline": "2027-02-26"}


PASSAGE = Passage("doc:public:青石#0001", "青石", Paper.title, TEXT, section=("二、用券",))


@pytest.mark.parametrize(("dated_one", "other", "both"), [(0.1, 0.4, True), (0.4, 0.1, False), (0.2, 0.2, False)])
def test_the_nearer_clause_stands_beside_the_day(dated_one: float, other: float, both: bool) -> None:
    scores = {"前有效": FOUND + dated_one, "不再发": FOUND + other}
    found = sorted(
        (
            Ranked(clause, score)
            for clause in clauses([PASSAGE])
            for word, score in scores.items()
            if word in clause.text
        ),
        key=lambda one: -one.score,
    )
    desk = Desk(cast(Any, Paper()), cast(Any, Shelf()), {}, date(2026, 11, 30))
    told = dated("left", "券还有几天好用", found, desk, None)
    assert told is not None and "2027年2月26日" in told.text
    assert ("不再发给" in told.text) is both
