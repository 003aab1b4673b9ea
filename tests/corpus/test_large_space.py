"""In a large space the rare words are looked for, in a small one all; both find the passage that is meant."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import Passage
from corpus import fulltext
from corpus.fulltext import Filters
from corpus.ledger import Document, Ledger, now

COMMON = "中小企业数字化改造补助"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """Forty passages of the same words, one with a rare one."""
    ledger = Ledger(tmp_path / "ledger.db")
    passages = [
        Passage(f"p{n}", "s", "标题", COMMON + ("，含首付保函。" if n == 23 else "。"), origin="document", region="四川" if n % 2 else "")
        for n in range(40)
    ]  # fmt: skip
    with ledger.transaction() as db:
        ledger.put(db, Document("d", "s", "document", "public", "标题", "", "", 1, now(), {}), passages)
    return ledger


def found(ledger: Ledger, *tokens: str, filters: Filters | None = None) -> list[int]:
    return [row for row, _ in ledger.match(tokens, 50, filters or Filters())]


def test_a_small_space_is_searched_for_every_word(ledger: Ledger) -> None:
    assert len(found(ledger, "补助", "保函")) == 40


def test_a_large_space_is_searched_for_the_rare_words_as_far_as_the_budget_goes(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "SMALL", 10)
    monkeypatch.setattr(fulltext, "POSTINGS", 20)
    assert found(ledger, "补助", "保函") == [24]
    monkeypatch.setattr(fulltext, "POSTINGS", 41)
    assert found(ledger, "补助", "保函")[0] == 24 and len(found(ledger, "补助", "保函")) == 40


def test_where_all_words_are_common_the_rarest_is_looked_for_all_the_same(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(fulltext, "SMALL", 10)
    monkeypatch.setattr(fulltext, "POSTINGS", 1)
    assert len(found(ledger, "补助", "改造")) == 40
    assert found(ledger, "没有这个词") == []


def test_filters_hold_in_a_large_space_as_well(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fulltext, "SMALL", 10)
    assert found(ledger, "保函", filters=Filters(region="四川")) == [24]
    assert found(ledger, "保函", filters=Filters(region="福建")) == []
    assert found(ledger, "保函", filters=Filters(origin="card")) == []
    assert found(ledger, "保函", filters=Filters(spaces=("user:li",))) == []
