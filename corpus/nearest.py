"""What a clause means by the labelled examples nearest to it: files of corpus/utterances that anybody may extend.

Nothing is trained: a new example counts at the next start. The vectors of those in the package ship with the cards'.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from core.errors import NotAvailable
from core.text import normalise
from corpus.encoder.encoder import built_in
from corpus.examples import examples

if TYPE_CHECKING:
    import numpy as np

SUBJECTS = ("trades", "pains")
"""The files that are read so."""
NONE = "none"
"""The meaning of clauses that say nothing of the subject."""
NEAREST, SHARPNESS = 12, 0.03
"""So many of the nearest examples are heard, each e times less for so much less likeness."""
REMEMBERED = 2048


@lru_cache(maxsize=REMEMBERED)
def meaning(subject: str, clause: str) -> tuple[str, float]:
    """The likeliest meaning, and its share of what the nearest examples say, 0-1; ("", 0.0) where the encoder cannot be used."""
    import numpy as np

    clause = normalise(clause).strip()
    try:
        names, classes, vectors = _read(subject)
        vector = built_in().query(clause)
    except NotAvailable:
        return "", 0.0
    likeness = vectors @ vector / max(float(np.linalg.norm(vector)), 1e-9)
    nearest = np.argsort(-likeness)[:NEAREST]
    shares = np.bincount(classes[nearest], np.exp((likeness[nearest] - likeness[nearest[0]]) / SHARPNESS), len(names))
    best = int(shares.argmax())
    return names[best], float(shares[best] / shares.sum())


def texts(subject: str) -> list[str]:
    """The examples of a subject as the encoder reads them."""
    return [normalise(text).strip() for said in examples(subject).values() for text in said]


@lru_cache(maxsize=len(SUBJECTS))
def _read(subject: str) -> tuple[tuple[str, ...], np.ndarray, np.ndarray]:
    """The meanings, of each example its meaning's place, and the examples' vectors of length 1."""
    import numpy as np

    said = examples(subject)
    classes = np.array([at for at, texts in enumerate(said.values()) for _ in texts])
    vectors = built_in().queries(texts(subject))
    return tuple(said), classes, vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
