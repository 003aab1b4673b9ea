"""What the scorer of questions over tables holds for the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.tables.query import Condition, Query
from corpus.table_questions import load_asked_table
from eval.asked_tables import meant, result, same, typed
from tests.assistant.tables.made import SUBSIDIES

AREA, MONEY = 2, 5
EAST = Condition(AREA, "=", ("东湖区",))


@pytest.mark.parametrize(
    ("said", "truth", "is_same"),
    [
        (Query("count", (EAST,)), Query("list", (EAST,)), True),
        (Query("sum", (EAST,), MONEY), Query("sum", (EAST,), 4), False),
        (Query("row", (EAST,)), Query("cell", (EAST,), MONEY), True),
        (Query("cell", (EAST,), 4), Query("cell", (EAST,), MONEY), False),
        (Query("most", (), MONEY), Query("most", (), MONEY, n=2), True),
        (Query("absent"), Query("count"), False),
    ],
)
def test_results_are_held_against_each_other_not_words(said: Query, truth: Query, is_same: bool) -> None:
    assert same(result(said, SUBSIDIES), result(truth, SUBSIDIES)) is is_same


def test_a_question_of_a_file_is_read_in_the_units_of_its_column(tmp_path: Path) -> None:
    path = tmp_path / "a_1.yaml"
    path.write_text(
        "title: 表\ncolumns: [企业, 补助（万元）, 日期]\nrows:\n  - [甲厂, 30, 2025-07-01]\n  - [乙厂, 80, 2025-09-01]\n"
        'asked:\n  - {q: 五十万以上的几家, op: count, where: [["补助（万元）", ">=", 50], [日期, after, 2025-07-01]]}\n',
        "utf-8",
    )
    asked = load_asked_table(path)
    table = typed(asked)
    assert result(meant(asked.asked[0], asked, table), table) == ("rows", frozenset({1}))
