"""Damage that is no kill: the vectors, the ledger and the knowledge notice it, mend it, and say so."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

import corpus.index as index_module
from assistant.build import open_index
from core.errors import BadKnowledge
from core.settings import Settings
from core.state import STATE, state_files
from corpus import manifest, seal, soundness
from corpus.cards import CORPUS, load_cards
from corpus.index import Index
from tests.corpus.test_index import built, check_whole, closed, first, opened, small

__all__ = ["built", "closed", "small"]


@pytest.fixture
def reopened(small: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], Index]:
    """Open the damaged folder as the product does, documents brought back."""
    opened(small).ledger.close()
    real = Index
    monkeypatch.setattr(index_module, "Index", lambda settings, **_: real(settings, small / "corpus"))
    return lambda: open_index(Settings(home=small / "home"))


def store_of(small: Path) -> Path:
    return next((small / "home" / "vectors").iterdir())


# ---- vectors


def test_a_sealed_store_is_whole_until_a_bit_of_it_changes(copy_of_home: Path) -> None:
    folder = next((copy_of_home / "vectors").iterdir())
    assert seal.look(folder, thorough=True) == "whole"
    graph = next(folder.rglob(seal._ROWS)).with_name("data_level0.bin")
    data = bytearray(graph.read_bytes())
    data[len(data) // 2] ^= 1
    graph.write_bytes(data)
    assert seal.look(folder) == "damaged"


def test_opening_and_searching_does_not_break_the_seal(small: Path) -> None:
    for _ in range(2):
        index = opened(small)
        assert index.vectors is not None and index.vectors.search("谁管贷款贴息", 3, ("public",))
        assert index.notices == [] and seal.look(store_of(small)) == "whole"


def test_a_store_without_a_seal_is_tried_in_a_child_and_kept(small: Path) -> None:
    name = store_of(small).name
    seal.break_(store_of(small))
    index = opened(small)
    assert store_of(small).name == name and index.notices == [] and seal.look(store_of(small)) == "whole"
    check_whole(index)


def test_a_store_that_ended_two_processes_is_built_anew(small: Path) -> None:
    folder = store_of(small)
    for number in range(seal.TRIES):
        (folder / f"opening-{number}").touch()
    index = opened(small)
    assert store_of(small).name != folder.name and "重建" in index.notices[0]
    check_whole(index)


def file_in_place_of_the_store(folder: Path) -> None:
    shutil.rmtree(folder / "chroma")
    (folder / "chroma").write_text("x", "utf-8")


def file_in_place_of_all_vectors(folder: Path) -> None:
    shutil.rmtree(folder.parent)
    folder.parent.write_text("x", "utf-8")


def collection_dropped(folder: Path) -> None:
    with sqlite3.connect(folder / "chroma" / "chroma.sqlite3") as db:
        db.execute("DELETE FROM embeddings_queue")


@pytest.mark.parametrize("damage", [file_in_place_of_the_store, file_in_place_of_all_vectors, collection_dropped])
def test_what_is_no_sound_store_is_built_anew(small: Path, damage: Callable[[Path], None]) -> None:
    damage(store_of(small))
    index = opened(small)
    check_whole(index)
    assert index.notices and first(index, "谁管贷款贴息") == "sample/card2"


# ---- the ledger


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE passage SET body = replace(body, '三天', '九天') WHERE origin = 'document'",
        "UPDATE passage SET body = '{' WHERE row = 1",
        "UPDATE document SET info = '[' WHERE origin = 'document'",
        "UPDATE meta SET value = 'x' WHERE key = 'generation'",
        "DROP TABLE sound",
        "DELETE FROM passage WHERE origin = 'document'",
    ],
)
def test_a_damaged_row_or_table_is_noticed_and_the_documents_come_back(
    small: Path, reopened: Callable[[], Index], statement: str
) -> None:
    path = small / "home" / "ledger.db"
    with sqlite3.connect(path) as db:
        db.execute(statement)
    db.close()
    assert soundness.damage(path)
    index = reopened()
    assert "移到" in index.notices[0] and list(path.parent.glob("ledger.damaged-*.db"))
    assert "试运行三天" in index.ledger.passages_of(index.ledger.documents(origin="document")[0].document_id)[-1].text
    assert soundness.damage(path) == ""
    assert first(index, "接线以后试运行几天").startswith("doc:")


@pytest.mark.parametrize("left", ["nothing", "an empty file", "a folder"])
def test_a_ledger_that_is_gone_comes_back_from_the_originals(
    small: Path, reopened: Callable[[], Index], left: str
) -> None:
    path = small / "home" / "ledger.db"
    path.unlink()
    if left == "an empty file":
        path.touch()
    elif left == "a folder":
        path.mkdir()
    index = reopened()
    assert "原件" in index.notices[0]
    assert [d.title for d in index.ledger.documents(origin="document")] == ["车间改造手册"]
    assert reopened().notices == []


def test_a_document_without_its_original_is_salvaged_from_the_ledger_set_aside(
    small: Path, reopened: Callable[[], Index]
) -> None:
    shutil.rmtree(small / "home" / "originals")
    with sqlite3.connect(small / "home" / "ledger.db") as db:
        db.execute("DROP TABLE sound")
    db.close()
    index = reopened()
    assert [d.title for d in index.ledger.documents(origin="document")] == ["车间改造手册"]
    assert any("救了出来" in notice for notice in index.notices)


def test_an_older_ledger_put_in_its_place_is_noticed(small: Path, reopened: Callable[[], Index]) -> None:
    path = small / "home" / "ledger.db"
    index = reopened()
    index.ledger.set_meta("generation", "99")
    index.note_sound()
    index.ledger.set_meta("generation", "1")
    index.ledger.close()
    assert soundness.generation_seen(path) == 99
    assert any("原件" in notice for notice in reopened().notices)


# ---- the knowledge


@pytest.mark.parametrize("damage", ["emptied", "deleted", "cut off"])
def test_a_card_file_that_lost_cards_leaves_the_last_good_knowledge_in_use(small: Path, damage: str) -> None:
    manifest.write(small / "corpus")
    opened(small).ledger.close()
    path = small / "corpus" / "cards" / "cards.yaml"
    if damage == "deleted":
        path.unlink()
    else:
        text = path.read_text("utf-8")
        path.write_text("" if damage == "emptied" else text[: text.index("- id: sample/card3")], "utf-8")
    with pytest.raises(BadKnowledge, match=r"cards\.yaml"):
        load_cards(small / "corpus")
    index = opened(small)
    assert first(index, "谁管贷款贴息") == "sample/card2" and index.ledger.passage("sample/card5")
    assert "cards.yaml" in index.notices[0]


def test_the_manifest_names_every_card_file() -> None:
    """After a change on purpose: python -m corpus.manifest"""
    manifest.check(CORPUS)
    named = (CORPUS / "cards" / manifest.FILE).read_text("utf-8")
    cards = CORPUS / "cards"
    assert [p for p in cards.rglob("*.yaml") if f'"{p.relative_to(cards).as_posix()}"' not in named] == []


# ---- the state, declared


def test_every_file_that_a_data_folder_gets_is_a_declared_state(small: Path) -> None:
    opened(small)
    home = small / "home"
    there = {p for p in home.rglob("*") if p.is_file()}
    assert there == set(state_files(home)) and len({kind.name for kind in STATE}) == len(STATE)
