"""A question in its parts, in time that grows with its length."""

from __future__ import annotations

import pytest

from assistant.question import parts_of


@pytest.mark.parametrize("mark", ["，", "、", "？", "吗，", "几、", "和"])
def test_twenty_thousand_separators_are_read_at_once(mark: str) -> None:
    assert len(parts_of(mark * 20_000)) >= 1


def test_two_questions_in_one_are_two_and_a_condition_stays_with_its_question() -> None:
    assert parts_of("补贴最多多少，贴息怎么申请") == ("补贴最多多少", "贴息怎么申请")
    assert parts_of("我们厂在佛山，有设备，补贴最多多少") == ("我们厂在佛山，有设备，补贴最多多少",)
