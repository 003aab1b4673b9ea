"""Cosines of any embedder on one scale, so that weights and confidence fitted with one mean the same with another.

Sentence models put even unrelated texts at cosines of 0.3 to 0.9, each its own way. So a straight line is laid through two
points: what a question has with the text that answers it, and what it has with others. It needs no judged questions, only the
cards' own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from langchain_core.embeddings import Embeddings

from core.types import Passage

if TYPE_CHECKING:
    import numpy as np

PAIRS = 200
LEAST = 0.6
"""A model that puts the right card before another one less often than this tells nothing; by chance it is 0.5."""
OWN, OTHER = 0.6, 0.0
"""The likeness of a question with the text that answers it, and with another one, in the mean."""
Scale = tuple[float, float]
"""(factor, offset): likeness = factor * cosine + offset."""
SAME: Scale = (1.0, 0.0)


def on(scale: Scale, cosine: float) -> float:
    """The likeness that a cosine stands for, -1 to 1."""
    return min(1.0, max(-1.0, scale[0] * cosine + scale[1]))


def pairs(cards: Sequence[Passage], limit: int = PAIRS) -> list[tuple[str, Passage]]:
    """One question of each of up to `limit` cards, taken out of the card."""
    asked = [card for card in cards if card.questions]
    chosen = asked[:: max(1, -(-len(asked) // limit))]
    return [(card.questions[0], replace(card, questions=card.questions[1:])) for card in chosen]


def fitted(cosines: np.ndarray) -> Scale | None:
    """The scale on which the mean cosines, with the right text and with others, are OWN and OTHER; None where they tell nothing."""
    own, other = levels(cosines)
    if len(cosines) < 2 or told_apart(cosines) < LEAST or own <= other:
        return None
    factor = (OWN - OTHER) / (own - other)
    return factor, OTHER - factor * other


def cosines(embeddings: Embeddings, questions: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """A row a question, a column a text; the diagonal holds what belongs together."""
    import numpy as np

    several = getattr(embeddings, "queries", None)
    asked = several(questions) if several else [embeddings.embed_query(q) for q in questions]
    vectors = np.array(embeddings.embed_documents(list(texts)), dtype=np.float32)
    return _unit(np.array(asked, dtype=np.float32)) @ _unit(vectors).T


def levels(cosines: np.ndarray) -> tuple[float, float]:
    """Mean cosine of a question with its own text, and with all others."""
    own, count = float(cosines.trace()), len(cosines)
    return own / max(count, 1), (float(cosines.sum()) - own) / max(count * (count - 1), 1)


def told_apart(cosines: np.ndarray) -> float:
    """How often a question lies nearer to its own text than to another one, 0-1; by chance 0.5."""
    own, count = cosines.diagonal()[:, None], len(cosines)
    return float((own > cosines).sum()) / max(count * (count - 1), 1)


def _unit(rows: np.ndarray) -> np.ndarray:
    import numpy as np

    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(norms == 0, 1, norms)
