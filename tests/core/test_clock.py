"""The one clock."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest

from core.clock import VARIABLE, today
from core.errors import BadInput

ROOT = Path(__file__).parent.parent.parent
PACKAGES = ("core", "corpus", "ingest", "tools", "assistant", "ui", "bots")


def test_today_is_the_computers_day_or_the_one_that_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(VARIABLE, raising=False)
    assert today() == date.today()
    monkeypatch.setenv(VARIABLE, "2027-01-05")
    assert today() == date(2027, 1, 5)


def test_a_day_that_is_none_is_refused_with_what_to_write(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, "明天")
    with pytest.raises(BadInput, match="不是日期"):
        today()


def test_no_module_beside_the_clock_asks_the_computer_for_the_day() -> None:
    asks = re.compile(r"date\.today\(|datetime\.today\(")
    found = [p for package in PACKAGES for p in (ROOT / package).rglob("*.py") if asks.search(p.read_text("utf-8"))]
    assert [p.relative_to(ROOT).as_posix() for p in found] == ["core/clock.py"]
