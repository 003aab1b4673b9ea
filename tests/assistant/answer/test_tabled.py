"""An answer as a table has the columns that its own words have, and no figure is changed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer.tabled import table_of


@pytest.mark.parametrize(
    ("points", "rows"),
    [
        (["小：产品小巧轻便", "快：响应快"], ["| 小 | 产品小巧轻便 |", "| 快 | 响应快 |"]),
        (["小于1%的占40.3%；1%-2%的占50.4%"], None),
        (["原材料占63%；电子信息占68%"], ["| 原材料 | 63% |", "| 电子信息 | 68% |"]),
        (["先评估。再选一个点试。"], ["| 1 | 先评估。 |", "| 2 | 再选一个点试。 |"]),
    ],
)
def test_rows_have_a_name_where_the_words_give_one(points: list[str], rows: list[str] | None) -> None:
    told = table_of(points).split("\n")
    assert told[1] == "| --- | --- |"
    if rows:
        assert told[2:] == rows


def test_each_row_keeps_its_citation_and_no_bar_breaks_it() -> None:
    assert table_of(["甲：1|2"], ["[1]"]).split("\n")[2] == "| 甲 | 1／2 [1] |"


@given(st.lists(st.text(alphabet="甲乙丙：；。3.85%1万占—-", min_size=1, max_size=40), min_size=1, max_size=6))
def test_every_figure_stands_in_the_table_as_it_stood(points: list[str]) -> None:
    points = [f"甲{point}" for point in points]  # what begins with a number may be a list mark
    head, _, *rows = table_of(points).split("\n")
    told = [row.split("|", 2)[2] if "序号" in head else row for row in rows]
    assert [c for c in "".join(points) if c.isdigit()] == [c for c in "".join(told) if c.isdigit()]
