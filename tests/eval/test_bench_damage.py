"""The bench of damage: what it damages, what it counts as lost, and a damaged folder opened by a process of its own."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from core.state import STATE, kind_of
from eval.bench_damage import Try, differing, shown
from eval.damaged_place import made
from eval.damages import DAMAGES, as_folder, cut, empty, flip, gone, overwrite, own_


@pytest.mark.parametrize("damage", [flip, cut, empty, gone, overwrite, as_folder])
def test_a_damage_changes_its_file_and_no_file_that_shares_its_bytes(tmp_path: Path, damage: object) -> None:
    path, other = tmp_path / "one", tmp_path / "other"
    path.write_bytes(bytes(range(256)) * 64)
    other.hardlink_to(path)
    own_(path)
    assert callable(damage) and damage in DAMAGES
    damage(path, random.Random(3))
    assert not path.is_file() or path.read_bytes() != other.read_bytes()
    assert other.read_bytes() == bytes(range(256)) * 64


def test_what_is_gone_changed_or_answered_otherwise_is_lost() -> None:
    before = {"kept": {"a": 1, "b": 2, "c": 3}, "answers": {"q": "x"}}
    found = {"kept": {"a": 1, "b": 3, "d": 4}, "answers": {"q": "y"}}
    assert list(differing(before, found)) == ["b", "c", "q"]


def test_a_loss_of_which_nothing_was_said_is_counted_as_silent() -> None:
    found = [
        Try(0, "home/ledger.db", "flip"),
        Try(1, "home/bots.db", "cut", lost=("mailbox",), notices=("坏了",)),
        Try(2, "program/corpus/data/survey.yaml", "flip", lost=("q",), told=False),
        Try(3, "home/vectors/x", "gone", code=-11),
    ]
    said = shown(found)
    assert "tries 4: whole again 1" in said and "silently 1" in said and "crashes 1" in said
    assert "'tables': 1" in said and "'mailbox': 1" in said


def test_a_folder_with_many_damages_at_once_opens_answers_and_tells_each(tmp_path: Path) -> None:
    place = made(tmp_path / "built", documents=1)
    code, before = place.looked("ask")
    assert code == 0 and isinstance(before, dict) and before["notices"] == [] and before["dense"]
    corpus, chance = place.program / "corpus", random.Random(1)
    gone(corpus / "lexicon" / "synonyms.yaml", chance)
    cut(corpus / "data" / "size_classes.yaml", chance)
    empty(corpus / "cards" / "cards.yaml", chance)
    overwrite(place.home / "own_questions.npz", chance)
    empty(next(place.home.rglob("chroma.sqlite3")), chance)
    gone(place.home / "bots.db", chance)
    code, found = place.looked("ask")
    assert code == 0 and isinstance(found, dict), found
    assert list(differing(before, found)) == ["mailbox"]
    place.close()
    told = "".join(found["notices"])
    assert all(name in told for name in ("synonyms.yaml", "size_classes.yaml", "向量索引", "bots.db"))


def test_each_kind_of_state_is_told_apart() -> None:
    names = ("ledger.db-wal", "vectors/a/chroma/chroma.sqlite3", "originals/1.md", "conversations.db", "bots.db-wal",
             "config.toml", "heads.npz", "knowledge/data/survey.yaml", "vectors.lock")  # fmt: skip
    kinds = [kind_of(name) for name in names]
    assert len(set(kinds)) == len(kinds) and set(kinds) <= {kind.name for kind in STATE}
