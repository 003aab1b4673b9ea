"""JSON as its standard has it."""

from __future__ import annotations

import pytest

from core.strict_json import loads


@pytest.mark.parametrize("text", ["NaN", '{"a": Infinity}', "[-Infinity]", "1e999", '{"a": -1e999}'])
def test_numbers_that_are_none_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        loads(text)


def test_everything_else_is_read() -> None:
    assert loads('{"a": [1, 2.5, -1e3, null, true]}') == {"a": [1, 2.5, -1000.0, None, True]}
