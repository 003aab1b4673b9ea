"""The fitted weights: read from one file, and the words alone where that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.encoder.encoder import FOLDER
from corpus.ranker import FILE, PLAIN, load_weights, weights_of, write_weights


def test_a_passage_with_all_that_speaks_for_it_scores_one() -> None:
    weights = load_weights(FOLDER / FILE)
    assert weights.score({name: 1.0 for name, weight in weights.parts if weight > 0}) == pytest.approx(1, abs=0.01)
    assert weights.score({}) == 0


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    weights = weights_of({"window": 2.0, "near_miss": -1.0})
    write_weights(tmp_path / FILE, weights, {"questions": 3})
    assert load_weights(tmp_path / FILE) == weights and weights.total == 2.0


def test_without_some_parts_scores_are_as_high_as_before() -> None:
    weights = weights_of({"window": 2.0, "dense": 3.0, "near_miss": -1.0}).without("dense", "near_miss")
    assert weights.parts == (("window", 2.0),) and weights.score({"window": 1.0}) == 1.0


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": 99, "weights": {}, "total": 1}', '{"form": 1}'])
def test_without_a_usable_file_the_words_decide(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    assert load_weights(tmp_path / FILE) == weights_of(PLAIN) == load_weights(tmp_path / "missing.json")
