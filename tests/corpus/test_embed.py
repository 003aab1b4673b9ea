"""The built-in embeddings: vectors of length one, learnt from the passages, the same after saving."""

from __future__ import annotations

from pathlib import Path

import pytest

from corpus.embed import NgramEmbeddings, ngrams

TEXTS = [f"{a}{b}" for a in ("机器自己排产，高级计划与排程。", "仓库账实不符，扫码出入库。", "银行贷款贴息，省利息。")
         for b in ("小厂先做这个。", "老板最关心。", "车间主任说好用。", "要多少钱。")]  # fmt: skip


@pytest.fixture(scope="module")
def embeddings() -> NgramEmbeddings:
    return NgramEmbeddings.fit(TEXTS, dimension=8)


def cosine(one: list[float], other: list[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


def test_every_vector_has_length_one_and_the_dimension_told(embeddings: NgramEmbeddings) -> None:
    for vector in embeddings.embed_documents(TEXTS):
        assert len(vector) == embeddings.dimension == 8
        assert cosine(vector, vector) == pytest.approx(1, abs=1e-5)


def test_a_question_lies_nearest_to_the_text_about_the_same_thing(embeddings: NgramEmbeddings) -> None:
    stock, loan = embeddings.embed_documents(["仓库账实不符，扫码出入库。", "银行贷款贴息，省利息。"])
    asked = embeddings.embed_query("仓库的账对不上，能扫码吗")
    assert cosine(asked, stock) > cosine(asked, loan) + 0.2


def test_words_that_stand_together_are_near_without_sharing_a_character(embeddings: NgramEmbeddings) -> None:
    everyday, formal, other = (embeddings.embed_query(t) for t in ("机器自己", "高级计划", "银行贷款"))
    assert cosine(everyday, formal) > cosine(everyday, other) + 0.2


def test_a_text_of_unknown_characters_has_no_direction(embeddings: NgramEmbeddings) -> None:
    assert not any(embeddings.embed_query("ξψ"))
    assert not any(embeddings.embed_query(""))
    assert embeddings.embed_documents([]) == []


def test_what_is_saved_is_read_back_with_the_same_id_and_vectors(embeddings: NgramEmbeddings, tmp_path: Path) -> None:
    embeddings.save(tmp_path / "embedder")
    again = NgramEmbeddings.load(tmp_path / "embedder")
    assert (again.id, again.dimension) == (embeddings.id, embeddings.dimension)
    assert again.embed_query("仓库贷款") == embeddings.embed_query("仓库贷款")


def test_the_same_texts_give_the_same_embedder_and_others_another() -> None:
    assert NgramEmbeddings.fit(TEXTS, 8).id == NgramEmbeddings.fit(TEXTS, 8).id
    assert NgramEmbeddings.fit(TEXTS, 8).id != NgramEmbeddings.fit(TEXTS[1:], 8).id


def test_two_short_texts_are_enough_to_fit() -> None:
    small = NgramEmbeddings.fit(["上云", "贷款"])
    assert 1 <= small.dimension <= 256
    assert any(small.embed_query("上云"))


def test_width_case_and_spaces_make_no_difference(embeddings: NgramEmbeddings) -> None:
    assert ngrams("ＥＲＰ 系统") == ngrams("erp系统")
    assert embeddings.embed_query("仓库 账实") == embeddings.embed_query("仓库账实")
