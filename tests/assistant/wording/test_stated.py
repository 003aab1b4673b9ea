"""What a sentence states that can be checked."""

from __future__ import annotations

import pytest

from assistant.wording.stated import stated


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("二〇二九年上云率达到40%", 2029),
        ("十四五末上云率达到40%", 2025),
        ("“十五五”末做到三级", 2030),
        ("2029年上云率", 2029),
    ],
)
def test_a_year_is_stated_however_it_is_written(text: str, year: int) -> None:
    assert any(s.kind == "figure" and s.value == year and s.unit == "年度" for s in stated(text))


def test_a_length_of_years_states_no_year() -> None:
    assert not [s for s in stated("三年内投入30万元") if s.unit == "年度"]
