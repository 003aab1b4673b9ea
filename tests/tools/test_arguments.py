from datetime import date
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from tools.arguments import Day, Level, Words


@pytest.mark.parametrize(
    ("said", "level"),
    [
        (3, 3),
        ("3", 3),
        ("三级", 3),
        ("L3", 3),
        ("集成级", 3),
        ("三级（集成级）", 3),
        ("初始级", 1),
        ("2.0", 2),
        (4.0, 4),
    ],
)
def test_a_level_is_read_as_it_is_said(said: Any, level: int) -> None:
    assert TypeAdapter(Level).validate_python(said) == level


@pytest.mark.parametrize("said", [0, 5, "五级", "", True, None, "2.5", "高"])
def test_other_levels_are_refused(said: Any) -> None:
    with pytest.raises(ValidationError, match="只有一级、二级、三级、四级"):
        TypeAdapter(Level).validate_python(said)


@pytest.mark.parametrize("said", ["2026-11-20", "2026/11/20", "2026年11月20日", "2026.11.20", date(2026, 11, 20)])
def test_a_day_is_read_as_it_is_written(said: Any) -> None:
    assert TypeAdapter(Day).validate_python(said) == date(2026, 11, 20)


@pytest.mark.parametrize("said", ["2026-02-30", "明天", 20261120, "1999-01-01", "9" * 5000])
def test_no_day_is_refused(said: Any) -> None:
    with pytest.raises(ValidationError, match="2026-11-20 这样"):
        TypeAdapter(Day).validate_python(said)


def test_a_list_of_words_becomes_one_text() -> None:
    assert TypeAdapter(Words).validate_python(["小微", "试点企业"]) == "小微、试点企业"
