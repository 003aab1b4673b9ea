"""What every kind of embeddings keeps to: the encoder in the package, a sentence model, and n-grams for large spaces."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from corpus.embed import NgramEmbeddings
from corpus.embedder import id_of
from corpus.encoder.encoder import built_in
from corpus.sentence import SentenceEmbeddings
from tests.corpus.test_embed import TEXTS
from tests.engine_doubles.light_encoder import light
from tests.engine_doubles.tiny_sentence import embedding_model


def encoder(folder: Path) -> Any:
    return built_in()


def sentence_model(folder: Path) -> Any:
    embedding_model(folder / "tiny")
    return SentenceEmbeddings(folder / "tiny")


def ngrams(folder: Path) -> Any:
    return NgramEmbeddings.fit(TEXTS, dimension=8)


@pytest.fixture(params=[encoder, sentence_model, ngrams], ids=lambda make: make.__name__)
def embeddings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr("corpus.sentence._loaded", light)
    return request.param(tmp_path)


class TestEmbeddings:
    def test_a_vector_has_length_one_and_the_dimension_told(self, embeddings: Any) -> None:
        vectors = embeddings.vectors(TEXTS[:3])
        assert vectors.shape == (3, embeddings.dimension) and vectors.dtype == np.float32
        assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-3)

    def test_langchains_methods_give_the_same(self, embeddings: Any) -> None:
        assert np.array(embeddings.embed_documents(TEXTS[:2])) == pytest.approx(embeddings.vectors(TEXTS[:2]), abs=1e-5)
        assert len(embeddings.embed_query(TEXTS[0])) == embeddings.dimension

    def test_texts_of_any_length_in_any_order_give_a_row_each(self, embeddings: Any) -> None:
        texts = [TEXTS[0] * 40, TEXTS[1], TEXTS[2] * 5]
        turned = embeddings.vectors(texts[::-1])[::-1]
        assert turned == pytest.approx(embeddings.vectors(texts), abs=2e-2)

    def test_nothing_to_embed_gives_nothing(self, embeddings: Any) -> None:
        assert embeddings.embed_documents([]) == []

    @pytest.mark.parametrize("text", ["", " ", "😀" * 300, "a\x00b"])
    def test_odd_texts_are_no_error(self, embeddings: Any, text: str) -> None:
        assert np.isfinite(embeddings.embed_query(text)).all()

    def test_it_is_recorded_by_a_name_of_its_own(self, embeddings: Any) -> None:
        assert id_of(embeddings).endswith(f" {embeddings.dimension}") and len(embeddings.id) > 5
