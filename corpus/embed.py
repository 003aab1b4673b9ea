"""The built-in embeddings: character n-grams, TF-IDF-weighted and reduced by a truncated SVD fitted on the index.

They need no download. Fitted on whole cards, text and questions together, they learn which everyday words go with which
official ones. Follows latent semantic analysis (Deerwester et al. 1990) with the randomised range finder of
Halko, Martinsson and Tropp (2011).
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from core.text import squeeze
from corpus.grams import SIZES, Vocabulary

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

DIMENSION = 256
FEATURES = 30_000


def ngrams(text: str) -> Counter[str]:
    """Counts of the character n-grams of a text."""
    text = squeeze(text)
    return Counter(text[i : i + n] for n in SIZES for i in range(len(text) - n + 1))


class NgramEmbeddings(Embeddings):
    """Unit vectors of `dimension` floats; fit once, then save and load."""

    def __init__(self, vocabulary: dict[str, int], idf: np.ndarray, projection: np.ndarray) -> None:
        self._vocabulary = vocabulary
        self._grams = Vocabulary(list(vocabulary))
        self._idf = idf
        self._projection = projection
        self.dimension = int(projection.shape[1])
        digest = hashlib.sha256("".join(vocabulary).encode() + projection[:64].tobytes()).hexdigest()[:12]
        self.id = f"ngram-svd/{digest}"

    @classmethod
    def fit(cls, texts: Sequence[str], dimension: int = DIMENSION, features: int = FEATURES) -> NgramEmbeddings:
        """Learn vocabulary, weights and projection from texts (at least two)."""
        import numpy as np

        frequency: Counter[str] = Counter()
        for text in texts:  # one at a time: the counts of all of them together take hundreds of megabytes
            frequency.update(ngrams(text).keys())
        kept = [g for g, n in frequency.most_common(features) if n > 1] or list(frequency)
        vocabulary = {g: i for i, g in enumerate(kept)}
        idf = np.log((1 + len(texts)) / (1 + np.array([frequency[g] for g in kept], dtype=np.float32))) + 1
        matrix = _weighed(Vocabulary(kept).counts(texts), idf)
        size = max(1, min(dimension, min(matrix.shape) - 1))
        rng = np.random.default_rng(7)
        sample = matrix @ rng.standard_normal((matrix.shape[1], size + 16)).astype(np.float32)
        for _ in range(3):
            sample = matrix @ (matrix.T @ np.linalg.qr(sample)[0])
        basis = np.linalg.qr(sample)[0]
        right = np.linalg.svd(np.asarray((matrix.T @ basis).T), full_matrices=False)[2]
        return cls(vocabulary, idf.astype(np.float32), np.ascontiguousarray(right[:size].T.astype(np.float32)))

    def vectors(self, texts: Sequence[str]) -> np.ndarray:
        """One unit vector a row, shape (len(texts), dimension), float32."""
        import numpy as np

        dense = np.asarray(_weighed(self._grams.counts(texts), self._idf) @ self._projection)
        norms = np.linalg.norm(dense, axis=1, keepdims=True)
        return (dense / np.where(norms == 0, 1, norms)).astype(np.float32)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.vectors(texts).tolist() if texts else []

    def embed_query(self, text: str) -> list[float]:
        return self.embed_documents([text])[0]

    def save(self, folder: Path) -> None:
        import numpy as np

        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / "projection.npy", self._projection)
        np.save(folder / "idf.npy", self._idf)
        (folder / "vocabulary.json").write_text(json.dumps(list(self._vocabulary), ensure_ascii=False), "utf-8")

    @classmethod
    def load(cls, folder: Path) -> NgramEmbeddings:
        import numpy as np

        words = json.loads((folder / "vocabulary.json").read_text("utf-8"))
        projection = np.load(folder / "projection.npy", mmap_mode="r")  # a question needs few of its rows
        return cls({w: i for i, w in enumerate(words)}, np.load(folder / "idf.npy"), projection)


def _weighed(counts: csr_matrix, idf: np.ndarray) -> csr_matrix:
    """TF-IDF rows of unit length of a matrix of counts."""
    import numpy as np

    weights = (1 + np.log(counts.data)) * idf[counts.indices]
    rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
    norms = np.sqrt(np.bincount(rows, weights.astype(np.float64) ** 2, counts.shape[0]))
    norms[norms == 0] = 1
    counts.data = (weights / norms[rows]).astype(np.float32)
    return counts
