"""Reranking changes the order of the best passages, keeps the scores with the ranks, and never stands in the way."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from core.errors import NotAvailable
from core.types import Hit, Passage
from corpus.rerank import Reranking


class Reader:
    """A reranker that likes the numbers it is given; scores as many texts as there are numbers."""

    def __init__(self, *scores: float, error: Exception | None = None) -> None:
        self.given, self.error = scores, error
        self.read: list[str] = []

    def open(self) -> None:
        if isinstance(self.error, NotAvailable):
            raise self.error

    def scores(self, question: str, texts: Sequence[str], budget_s: float) -> list[float]:
        self.read = list(texts)
        if self.error:
            raise self.error
        return list(self.given[: len(texts)])


def hits(count: int) -> list[Hit]:
    return [Hit(Passage(str(n), "s", f"题{n}", f"文{n}"), 1 - n / 100) for n in range(count)]


def order(found: Sequence[Hit]) -> list[str]:
    return [h.passage.passage_id for h in found]


def reordered(reader: Reader, count: int, weight: float = 1.0) -> list[Hit]:
    return Reranking(reader, weight).reordered("问", hits(count))  # type: ignore[arg-type]


def test_a_heavy_reranker_decides_the_order() -> None:
    assert order(reordered(Reader(1, 2, 3, 4), 4, weight=1000)) == ["3", "2", "1", "0"]


def test_both_ranks_count_and_equal_sums_keep_the_first_order() -> None:
    assert order(reordered(Reader(3, 1, 2), 3)) == ["0", "1", "2"]
    assert order(reordered(Reader(1, 2, 3), 3)) == ["0", "2", "1"]


def test_scores_stay_with_the_ranks_and_what_the_model_said_is_kept() -> None:
    found = reordered(Reader(1, 2), 2, weight=9)
    assert order(found) == ["1", "0"]
    assert [h.score for h in found] == [h.score for h in hits(2)]
    assert [h.parts["rerank"] for h in found] == [2, 1]


def test_only_the_first_thirty_are_read_and_the_rest_follow_unchanged() -> None:
    reader = Reader(*range(50))
    found = reordered(reader, 40, weight=1000)
    assert len(reader.read) == 30 and reader.read[0] == "题0\n文0"
    assert order(found)[:2] == ["29", "28"] and order(found)[30:] == [str(n) for n in range(30, 40)]


def test_passages_that_the_time_did_not_reach_keep_their_place_after_the_others() -> None:
    assert order(reordered(Reader(1, 2), 4, weight=1000)) == ["1", "0", "2", "3"]


def test_without_weight_nothing_is_read() -> None:
    reader = Reader(1, 2)
    assert order(reordered(reader, 2, weight=0)) == ["0", "1"] and reader.read == []


@pytest.mark.parametrize("error", [NotAvailable("模型打不开。", "重新下载"), RuntimeError("out of memory")])
def test_a_reranker_that_fails_leaves_the_first_order(error: Exception) -> None:
    reranking = Reranking(Reader(1, 2, error=error))  # type: ignore[arg-type]
    assert order(reranking.reordered("问", hits(2))) == ["0", "1"]
    assert ("模型打不开" in reranking.failed) == isinstance(error, NotAvailable)
