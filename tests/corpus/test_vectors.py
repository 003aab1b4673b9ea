"""The vector store: passages in, nearest passages out, and nothing but our own errors."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core.errors import IndexDamaged
from core.types import Passage
from corpus.embed import NgramEmbeddings
from corpus.vectors import Vectors, embedded_text

PASSAGES = [
    Passage("a", "plan", "仓库", "仓库账实不符，扫码出入库。", questions=("库存怎么管",)),
    Passage("b", "plan", "贷款", "银行贷款贴息，省利息。"),
    Passage("c", "plan", "贷款", "只给我看的贷款贴息办法。", space="user:li"),
]


@pytest.fixture(scope="module")
def embeddings() -> NgramEmbeddings:
    return NgramEmbeddings.fit([embedded_text(p) for p in PASSAGES] * 2)


@pytest.fixture
def store(tmp_path: Path, embeddings: NgramEmbeddings) -> Iterator[Vectors]:
    vectors = Vectors(tmp_path / "chroma", embeddings)
    vectors.add(enumerate(PASSAGES, 1))
    yield vectors
    vectors.close()


def rows(store: Vectors, text: str, *spaces: str) -> list[int]:
    return [row for row, _ in store.search(text, 5, spaces or ("public",))]


def test_the_nearest_passage_comes_first_with_a_likeness_up_to_one(store: Vectors) -> None:
    found = store.search("银行贷款贴息，省利息", 5, ("public",))
    assert [row for row, _ in found] == [2, 1]
    assert 1.01 >= found[0][1] > found[1][1]


def test_a_passage_is_near_to_the_questions_it_answers(store: Vectors) -> None:
    assert rows(store, "库存怎么管")[0] == 1


def test_a_search_sees_only_the_spaces_named(store: Vectors) -> None:
    assert 3 not in rows(store, "贷款贴息办法")
    assert rows(store, "贷款贴息办法", "public", "user:li")[0] == 3
    assert rows(store, "贷款", "user:nobody") == []


def test_adding_twice_keeps_one_and_what_is_deleted_is_gone(store: Vectors) -> None:
    store.add([(2, PASSAGES[1])])
    assert store.rows() == {1, 2, 3}
    store.delete([2, 99])
    assert store.rows() == {1, 3}
    assert 2 not in rows(store, "银行贷款贴息")
    store.delete([])


def test_a_question_without_any_known_character_finds_nothing(store: Vectors) -> None:
    assert store.search("ξψ", 5, ("public",)) == []


def test_what_was_added_is_there_after_reopening(store: Vectors, embeddings: NgramEmbeddings) -> None:
    store.close()
    assert Vectors(store.folder, embeddings).rows() == {1, 2, 3}


def test_a_damaged_folder_is_told_as_our_own_error(tmp_path: Path, embeddings: NgramEmbeddings) -> None:
    folder = tmp_path / "broken"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"garbage" * 2000)
    with pytest.raises(IndexDamaged) as caught:
        Vectors(folder, embeddings)
    assert str(folder) in str(caught.value)


def test_a_search_that_the_store_cannot_do_gives_nothing_instead_of_an_error(store: Vectors) -> None:
    store.embeddings = NgramEmbeddings.fit(["别的文字在这里", "另外一段话"], dimension=1)
    assert store.search("别的文字", 5, ("public",)) == []
