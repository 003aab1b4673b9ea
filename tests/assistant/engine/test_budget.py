"""What a model is given to read follows how fast it reads."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.budget import UNMEASURED, Reading, fitting, shared


def test_only_what_was_not_read_before_counts() -> None:
    reading = Reading()
    reading.saw("规则" * 100, 2.0)
    assert reading.speed == pytest.approx(100.0)
    reading.saw("规则" * 100 + "问题" * 100, 1.0)
    assert reading.speed == pytest.approx(0.6 * 100 + 0.4 * 200)


def test_a_short_reading_tells_nothing() -> None:
    reading = Reading()
    reading.saw("你好", 5.0)
    assert reading.speed == UNMEASURED and not reading.measured


def test_after_a_restart_everything_is_read_again() -> None:
    reading = Reading()
    reading.saw("规则" * 100, 2.0)
    assert reading.unread("规则" * 100) == 0
    reading.forgot()
    assert reading.unread("规则" * 100) == 200


def test_a_slow_machine_gets_fewer_passages_than_a_fast_one() -> None:
    slow, fast = Reading(speed=50.0), Reading(speed=2000.0)
    assert slow.room("", 8, 4096, 400) == 360
    assert fast.room("", 8, 4096, 400) == 3696
    lengths = [200] * 8
    assert fitting(lengths, slow.room("", 8, 4096, 400)) == 1
    assert fitting(lengths, fast.room("", 8, 4096, 400)) == 8


def test_the_best_passage_goes_in_whatever_the_room() -> None:
    assert fitting([500, 100], 0) == 1
    assert fitting([500, 100], 0, least=0) == 0


@given(st.text("ab", max_size=30), st.text("ab", max_size=30))
def test_the_shared_beginning_is_the_longest(a: str, b: str) -> None:
    count = shared(a, b)
    assert a[:count] == b[:count] and (count == min(len(a), len(b)) or a[count] != b[count])
