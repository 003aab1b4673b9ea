"""The weighing of a passage: read from one file, by what the passage is seen by, and by its words where that cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.judging.weights import FILE, SIGHTS, WORDS_ONLY, Weighing, load_weighing, sight_of, write_weighing
from corpus.encoder.encoder import FOLDER

MADE = Weighing({sight: {"one": float(at), "passage": 1.0} for at, sight in enumerate(SIGHTS)}, partly=0.2, looked_at=2)


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    write_weighing(tmp_path / FILE, MADE, {"questions": 3})
    assert load_weighing(tmp_path / FILE) == MADE


@pytest.mark.parametrize(
    ("features", "sight"),
    [
        ({"one": 1.0, "asked": 0.9, "dense": 0.8, "said": 1.0}, "conversation"),
        ({"one": 1.0, "asked": 0.9, "dense": 0.8, "said": 0.0}, "questions"),
        ({"one": 1.0, "asked": 0.9, "dense": 0.8}, "questions"),
        ({"one": 1.0, "dense": 0.8}, "meaning"),
        ({"one": 1.0}, "words"),
    ],
)
def test_a_passage_is_weighed_by_what_it_is_seen_by(features: dict[str, float], sight: str) -> None:
    assert sight_of(features) == sight
    assert MADE.chance(features) == Weighing({sight: MADE.weights[sight]}).chance(features)


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"form": 99}', '{"form": 1, "weights": {"words": {}}}'])
def test_without_a_usable_file_the_words_decide(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE).write_text(content, "utf-8")
    for weighing in (load_weighing(tmp_path / FILE), load_weighing(tmp_path / "missing.json")):
        assert weighing == Weighing(dict.fromkeys(SIGHTS, WORDS_ONLY))
        covered, hardly = {"one": 1.0, "passage": 0.9}, {"one": 1.0, "passage": 0.3}
        assert weighing.chance(covered) > weighing.answer > weighing.partly > weighing.chance(hardly)
        assert weighing.chance({**covered, "year": 1.0}) < weighing.answer


def test_what_speaks_against_an_answer_never_counts_for_it_in_the_file_that_ships() -> None:
    for linear in load_weighing(FOLDER / FILE).weights.values():
        assert linear["passage"] > 0
        assert all(linear.get(name, 0.0) <= 0 for name in ("near_miss", "year", "name", "value", "lost", "unknown"))
