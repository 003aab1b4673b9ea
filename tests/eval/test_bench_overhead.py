"""The comparison of engines with the same engines bare: what it counts, and what it refuses to count."""

from __future__ import annotations

import pytest

from core.errors import XiangdaoError
from eval.bench_overhead import LEAST_CHARACTERS, Clock, Told, prompt_of, report


def test_the_ratios_are_medians_of_the_rounds_and_not_of_the_sides() -> None:
    pairs = [
        (Told(1.0, 10.0), Told(1.0, 10.0)),
        (Told(2.2, 30.0), Told(2.0, 40.0)),
        (Told(9.0, 50.0), Told(4.5, 20.0)),
    ]
    first, rate = report("one", pairs)
    assert "首字 2.200 秒，直接用 2.000 秒；比值 1.100" in first
    assert "写出 30.0 词元/秒，直接用 20.0；比值 1.000" in rate


def test_no_prompt_begins_as_another_does() -> None:
    beginnings = {prompt_of(seed)[:12] for seed in range(8)}
    assert len(beginnings) == 8


def test_an_answer_that_stopped_short_is_not_counted() -> None:
    clock = Clock()
    clock.heard("short")
    with pytest.raises(XiangdaoError, match="停得太早"):
        clock.told()


def test_the_first_piece_with_text_in_it_is_the_first() -> None:
    clock = Clock()
    for piece in ("", "a" * LEAST_CHARACTERS, "b"):
        clock.heard(piece)
    told = clock.told()
    assert told.first_s > 0 and told.rate > 0
