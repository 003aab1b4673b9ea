"""Damage that is no kill: the vectors, the ledger and the knowledge notice it, mend it, and say so."""

from __future__ import annotations

import random
import shutil
import sqlite3
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import corpus.index as index_module
from assistant.build import open_index
from core.errors import BadKnowledge
from core.settings import Settings
from core.state import STATE, missed, note, shipped_files, state_files
from corpus import dense, manifest, regions, seal, shipped, soundness, spare, tables
from corpus.cards import CORPUS, load_cards
from corpus.clauses import load_layers, write_layers
from corpus.dense import WORDS_MEANWHILE
from corpus.encoder.layers import Layer
from corpus.index import Index
from corpus.words import Lexicon, lexicon
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


@pytest.fixture
def broken(small: Path, monkeypatch: pytest.MonkeyPatch) -> Index:
    """An index over damaged vectors, with more documents than are embedded anew while somebody waits."""
    graph = next(store_of(small).rglob("chroma.sqlite3"))
    graph.write_bytes(graph.read_bytes()[:5000])
    monkeypatch.setattr(dense, "AT_ONCE", 0)
    return opened(small)


def test_while_many_vectors_are_made_anew_the_words_answer_and_a_notice_says_so(broken: Index) -> None:
    assert broken.vectors is None and WORDS_MEANWHILE in broken.notices and broken.switching
    assert first(broken, "谁管贷款贴息") == "sample/card2"
    found: list[str] = []
    assert broken.rebuild_vectors(progress=lambda *_: found.append(first(broken, "谁管贷款贴息")))
    assert set(found) == {"sample/card2"}, "while they are made, too"
    assert broken.vectors is not None and broken.vectors.search("谁管贷款贴息", 3, ("public",)) and not broken.switching
    check_whole(broken)


def test_vectors_are_made_anew_by_a_process_in_the_background(broken: Index, small: Path) -> None:
    assert "后台" in broken.switch_in_background() and broken.background is not None
    assert first(broken, "谁管贷款贴息") == "sample/card2"
    broken.background.wait(120)
    assert broken.vectors is not None and broken.vectors.search("谁管贷款贴息", 3, ("public",)) and not broken.switching
    assert opened(small).notices == []


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
    assert any("cards.yaml" in notice for notice in index.notices)


def test_a_list_of_sources_that_is_gone_leaves_the_last_good_knowledge_in_use(small: Path) -> None:
    manifest.write(small / "corpus")
    opened(small).ledger.close()
    (small / "corpus" / "sources.yaml").unlink()
    index = opened(small)
    assert first(index, "谁管贷款贴息") == "sample/card2" and "sources.yaml" in index.notices[0]


@pytest.mark.parametrize("name", ["own_questions.npz", "card_vectors.npz"])
def test_a_folder_in_the_place_of_what_can_be_made_again_makes_way(small: Path, name: str) -> None:
    for each in ("own_questions.npz", name):
        (small / "home" / each).unlink(missing_ok=True)
    (small / "home" / name).mkdir()
    index = opened(small)
    assert index.own_questions is not None and (small / "home" / name).is_file()


def test_the_manifest_names_every_file_as_it_is() -> None:
    """After a change on purpose: python -m corpus.manifest"""
    manifest.check(CORPUS)
    there = {p.relative_to(CORPUS).as_posix() for p in shipped_files(CORPUS)} - {manifest.FILE}
    assert there == manifest.wanted(CORPUS).keys()
    assert [name for name in there if not manifest.is_as_shipped(CORPUS, name)] == []


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the tables and the lexicon in the place of the package's own, looked at once by a sound start."""
    folder, home = tmp_path / "package", tmp_path / "home"
    for name in (manifest.DATA, manifest.LEXICON):
        shutil.copytree(CORPUS / name, folder / name, ignore=shutil.ignore_patterns("*.py", "__pycache__"))
    manifest.write(folder)
    monkeypatch.setenv("XIANGDAO_HOME", str(home))
    monkeypatch.setattr(spare, "CORPUS", folder)
    assert shipped.look(folder, home).sentence == ""
    return folder


def emptied(path: Path) -> None:
    path.write_bytes(b"")


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def overwritten(path: Path) -> None:
    path.write_bytes(bytes(range(256)) * (path.stat().st_size // 256 + 1))


def folder_in_its_place(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize("damage", [Path.unlink, emptied, cut_off, overwritten, folder_in_its_place])
def test_a_damaged_table_is_read_from_the_last_sound_copy_and_told(
    package: Path, damage: Callable[[Path], None]
) -> None:
    damage(package / "data" / "glossary.yaml")
    damage(package / "data" / "regions.tsv")
    assert tables.read_table(package / "data" / "glossary.yaml") == tables.load_tables().glossary
    assert spare.read(package / "data" / "regions.tsv", regions.read)["440600"].name == "佛山市"
    told = shipped.look(package, package.parent / "home").sentence
    assert "glossary.yaml、regions.tsv；先用上一次的" in told


@pytest.mark.parametrize("damage", [Path.unlink, emptied, cut_off, overwritten, folder_in_its_place])
def test_a_damaged_lexicon_is_read_from_the_last_sound_copy(package: Path, damage: Callable[[Path], None]) -> None:
    for name in ("synonyms.yaml", "names.txt", "stopwords.txt"):
        damage(package / "lexicon" / name)
    found, whole = Lexicon(package / "lexicon"), lexicon()
    assert (found.words, found.stopwords, found.same) == (whole.words, whole.stopwords, whole.same)


def test_without_a_copy_a_damaged_table_is_an_error_in_a_sentence(package: Path) -> None:
    shutil.rmtree(package.parent / "home")
    overwritten(package / "data" / "survey.yaml")
    with pytest.raises(BadKnowledge, match=r"survey\.yaml"):
        tables.read_table(package / "data" / "survey.yaml")
    assert "survey.yaml 管的部分暂时不做" in shipped.look(package, package.parent / "home").sentence


@pytest.mark.parametrize("damage", [Path.unlink, emptied, overwritten])
def test_a_manifest_that_is_gone_is_told_and_all_is_read(package: Path, damage: Callable[[Path], None]) -> None:
    damage(package / manifest.FILE)
    assert "清单" in shipped.look(package, package.parent / "home").sentence
    assert tables.read_table(package / "data" / "systems.yaml")


def test_a_table_that_somebody_corrected_is_used_and_told_by_doctor_alone(package: Path) -> None:
    path = package / "data" / "systems.yaml"
    path.write_text(path.read_text("utf-8") + "# 改过\n", "utf-8")
    standing = shipped.look(package, package.parent / "home", thorough=True)
    assert standing.sentence == "" and standing.changed == ("data/systems.yaml",)


def test_a_file_of_arrays_that_is_damaged_anywhere_is_left_aside(tmp_path: Path) -> None:
    path, chance = tmp_path / "clauses.npz", random.Random(5)
    weights = np.arange(240, dtype=np.float32).reshape(2, 120)
    layer = Layer(("a", "b"), weights, np.zeros(2, np.float32), 1.0)
    write_layers(path, "ours/1", {"trades": layer})
    whole = path.read_bytes()
    for number in range(400):
        data = bytearray(whole)
        for _ in range(chance.choice((1, 8, 200))):
            data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
        damaged = tmp_path / f"{number}.npz"
        damaged.write_bytes(data)
        read = load_layers(damaged, "ours/1").get("trades")
        assert read is None or np.array_equal(read.weights, weights)


# ---- the state, declared


def test_every_file_that_a_data_folder_gets_is_a_declared_state(small: Path) -> None:
    opened(small)
    home = small / "home"
    there = {p for p in home.rglob("*") if p.is_file()}
    assert there == set(state_files(home)) and len({kind.name for kind in STATE}) == len(STATE)


@pytest.mark.parametrize("name", ["conversations.db", "bots.db", "config.toml", "heads.npz"])
@pytest.mark.parametrize("damage", [Path.unlink, emptied, folder_in_its_place])
def test_what_nothing_can_be_made_again_from_is_missed_once(
    tmp_path: Path, name: str, damage: Callable[[Path], None]
) -> None:
    (tmp_path / name).write_text("something", "utf-8")
    assert missed(tmp_path) == []
    damage(tmp_path / name)
    told = missed(tmp_path)
    assert len(told) == 1 and name in told[0] and missed(tmp_path) == told
    note(tmp_path)
    assert missed(tmp_path) == []


def test_settings_that_somebody_else_changed_are_told_and_ones_own_change_is_not(tmp_path: Path) -> None:
    path = tmp_path / "config.toml"
    path.write_text("passages = 5\n", "utf-8")
    missed(tmp_path)
    path.write_text("passages = 7\n", "utf-8")
    assert "config.toml" in missed(tmp_path)[0]
    note(tmp_path)
    path.write_text("passages = 9\n", "utf-8")
    note(tmp_path)
    assert missed(tmp_path) == []
