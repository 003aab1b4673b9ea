"""What the doctor recommends, from a machine and a measurement."""

from __future__ import annotations

import pytest

from assistant.engine.advice import advise, context_for, next_smaller, passages_within
from assistant.engine.catalogue import by_name
from assistant.engine.trial import Trial
from tests.assistant.engine.test_machine import GB, like

SMALL, LARGE = by_name("qwen3-0.6b"), by_name("qwen3-4b")


def test_without_a_model_the_largest_that_fits_is_named_and_nothing_is_said_of_speed() -> None:
    advice = advise(like(), None, 8.0)
    assert advice.model and advice.model.name == "qwen3-1.7b"
    assert advice.passages is None and "2.8 GB" in advice.reasons[0]


def test_where_nothing_fits_it_says_so() -> None:
    advice = advise(like(available_bytes=GB // 2), None, 8.0)
    assert advice.model is None and "内存不够" in advice.reasons[0]


@pytest.mark.parametrize(("prefill", "count"), [(110.0, 1), (200.0, 3), (30.0, 0), (5000.0, 8)])
def test_passages_follow_from_the_reading_speed(prefill: float, count: int) -> None:
    assert passages_within(prefill, 8.0) == count


def test_a_model_that_is_too_slow_gives_way_to_a_smaller_one() -> None:
    assert LARGE
    slow = advise(like(), Trial(True, prefill=20.0, decode=2.0), 8.0, LARGE)
    assert slow.model and slow.model.size_bytes < LARGE.size_bytes and "偏慢" in slow.reasons[-1]
    quick = advise(like(), Trial(True, prefill=400.0, decode=20.0), 8.0, LARGE)
    assert quick.model == LARGE and quick.passages == 8


def test_nothing_is_smaller_than_the_smallest() -> None:
    assert SMALL and next_smaller(SMALL, like()) is None


def test_the_context_shrinks_with_the_memory() -> None:
    assert context_for(SMALL, like()) == 8192
    assert context_for(SMALL, like(available_bytes=int(1.6 * GB))) == 2048
