"""In a large space what comes is embedded cheaply, and is found beside what the encoder has embedded."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.types import Passage
from corpus.cheap import Cheap
from corpus.encoder.encoder import built_in
from corpus.vectors import Vectors

CARDS = [
    Passage("a", "plan", "仓库", "仓库账实不符，扫码出入库。", questions=("库存怎么管", "仓库谁管")),
    Passage("b", "plan", "贷款", "银行贷款贴息，省利息。", questions=("贷款贴息怎么办", "利息高吗")),
]
NOTICES = [
    Passage(f"n{n}", "plan", f"通知{n}", f"关于{what}改造补贴的通知，按实际投入给补助。", origin="document", space="user:li")
    for n, what in enumerate(("注塑机", "数控机床", "冷库", "印刷机", "空压机", "窑炉"))
]  # fmt: skip


@pytest.fixture
def cheap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cheap:
    monkeypatch.setattr("corpus.cheap.LARGE", 3)
    return Cheap(tmp_path / "cheap", lambda space: 0, lambda: [*CARDS, *NOTICES])


@pytest.fixture
def store(tmp_path: Path, cheap: Cheap) -> Vectors:
    """Two cards; three notices from when the space was small, and three from when it was large."""
    vectors = Vectors(tmp_path / "chroma", built_in(), cheap=cheap)
    vectors.add(enumerate(CARDS, 1))
    vectors.add(enumerate(NOTICES[:3], 3))
    assert cheap.opened() is None, "it is fitted when it is first needed"
    cheap.size = lambda space: 6
    vectors.add(enumerate(NOTICES[3:], 6))
    return vectors


def test_both_kinds_are_found_together(store: Vectors) -> None:
    found = dict(store.search("印刷机改造补贴", 10, ("public", "user:li")))
    assert found.keys() == store.rows() == set(range(1, 9)) and store.count() == 8
    assert all(-1 <= likeness <= 1 for likeness in found.values())


def test_the_cards_are_never_embedded_cheaply(store: Vectors, cheap: Cheap) -> None:
    store.delete([1])
    cheap.size = lambda space: 99
    store.add([(1, CARDS[0])])
    assert store.search("库存怎么管", 1, ("public",))[0][0] == 1


def test_what_is_deleted_is_gone_from_either(store: Vectors) -> None:
    store.delete([3, 7])
    assert store.rows() == {1, 2, 4, 5, 6, 8}


def test_it_is_fitted_once_and_read_back(store: Vectors, cheap: Cheap) -> None:
    first = cheap.opened()
    again = Cheap(cheap.folder, lambda space: 6, lambda: pytest.fail("fitted again"))
    assert first is not None
    embeddings, scale = again.fitted()
    assert embeddings.embed_query("仓库") == first[0].embed_query("仓库") and scale == first[1]


def test_a_damaged_one_is_fitted_anew(store: Vectors, cheap: Cheap) -> None:
    (cheap.folder / "projection.npy").write_bytes(b"x")
    again = Cheap(cheap.folder, lambda space: 6, lambda: [*CARDS, *NOTICES])
    assert any(again.fitted()[0].embed_query("仓库"))
