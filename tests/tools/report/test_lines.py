"""Where lines and columns are divided."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tools.report.lines import lines, units
from tools.report.widths import columns, shares, word_columns

TEXTS = st.text(alphabet="补贴3000万元，。（）〔〕1.5%-~abcXYZ /—至", max_size=80)


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("最多1234.56万元", "1234.56"),
        ("贴1.5%、最长2年", "1.5%、"),
        ("到2026-12-31止", "2026-12-31"),
        ("文号〔2024〕239号", "〔2024〕"),
        ("降了-5.2%", "-5.2%"),
        ("在1500~2500之间", "1500~2500"),
        ("用MES+ERP打通", "MES+ERP"),
    ],
)
def test_a_number_with_its_signs_is_one_unit(text: str, whole: str) -> None:
    assert whole in units(text)


@given(TEXTS, st.integers(1, 30))
def test_lines_joined_are_the_text_again_and_fit(text: str, width: int) -> None:
    divided = lines(text, width, len)
    assert "".join(divided) == text
    assert all(len(line.rstrip()) <= width for line in divided)


@given(TEXTS, st.integers(12, 30))
def test_a_number_that_fits_a_line_is_never_divided(text: str, width: int) -> None:
    divided = lines(text + "，98765.43", width, len)
    assert any("98765.43" in line for line in divided)


@given(st.lists(st.lists(st.text(alphabet="补贴3万a ", max_size=200), min_size=3, max_size=3), min_size=1, max_size=4))
def test_columns_share_the_whole_width(rows: list[list[str]]) -> None:
    parts = shares(rows, 120)
    assert sum(parts) == pytest.approx(1) and min(parts) > 0


def test_a_column_is_no_narrower_than_its_longest_number() -> None:
    rows = [["名称", "开始"], ["很长的文字" * 40, "2026-11-29"]]
    assert shares(rows, 100)[1] * 100 >= word_columns("2026-11-29") > 10
    assert columns("补3") == 3
