"""Cosines of any embedder on the scale of the built-in one.

The weights of the ranking and of the confidence were fitted with the built-in embedder. Sentence models put even unrelated
texts at cosines of 0.3 to 0.7, others spread differently; so a straight line is laid through two points: what a question
has with the card that answers it, and what it has with other cards. It needs no judged questions, only the cards' own.
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
Scale = tuple[float, float]
"""(factor, offset): likeness = factor * cosine + offset."""
SAME: Scale = (1.0, 0.0)


def pairs(cards: Sequence[Passage], limit: int = PAIRS) -> list[tuple[str, Passage]]:
    """One question of each of up to `limit` cards, taken out of the card."""
    asked = [card for card in cards if card.questions]
    chosen = asked[:: max(1, -(-len(asked) // limit))]
    return [(card.questions[0], replace(card, questions=card.questions[1:])) for card in chosen]


def fitted(embeddings: Embeddings, reference: Embeddings, questions: Sequence[str], texts: Sequence[str]) -> Scale:
    """The scale on which the embedder's mean cosines, with the right text and with others, are the reference's."""
    found = cosines(embeddings, questions, texts)
    own, other = levels(found)
    if told_apart(found) < LEAST or own <= other:
        return 0.0, 0.0
    wanted_own, wanted_other = levels(cosines(reference, questions, texts))
    factor = max(0.0, wanted_own - wanted_other) / (own - other)
    return factor, wanted_other - factor * other


def cosines(embeddings: Embeddings, questions: Sequence[str], texts: Sequence[str]) -> np.ndarray:
    """A row a question, a column a text; the diagonal holds what belongs together."""
    import numpy as np

    asked = np.array([embeddings.embed_query(q) for q in questions], dtype=np.float32)
    return _unit(asked) @ _unit(np.array(embeddings.embed_documents(list(texts)), dtype=np.float32)).T


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
