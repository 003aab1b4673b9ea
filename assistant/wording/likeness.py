"""How much one text says of what another says: by its words, by its stretches of characters, and by the built-in encoder."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from assistant.wording.ground import content
from core.text import squeeze
from corpus.words import lexicon

if TYPE_CHECKING:
    import numpy as np

STRETCH = 4
"""From how many characters on what two texts have in common is more than words of the trade."""
MOST_MATCHED = 3
"""How many sentences may together say what one says."""
_SIGNS = re.compile(r"[^\w%]")


@lru_cache(maxsize=4096)
def words_of(text: str) -> Mapping[str, float]:
    """The words of a text that say something, each with its weight."""
    return content(text)


@lru_cache(maxsize=4096)
def plain(text: str) -> str:
    """A text's letters, characters and digits alone."""
    return _SIGNS.sub("", squeeze(text))


def weight(text: str) -> float:
    """How much a text says: the weights of its words."""
    return sum(words_of(text).values())


def share(text: str, held: str) -> float:
    """The weighted share, 0-1, of the words of a text that stand in another, or a synonym, or most of their pairs; 1 where it has none."""
    words, held = words_of(text), plain(held)
    total = sum(words.values())
    return sum(w * _stands(word, held) for word, w in words.items()) / total if total else 1.0


def _stands(word: str, held: str) -> float:
    word = plain(word)
    if word in held or any(plain(other) in held for other in lexicon().same.get(word, ())):
        return 1.0
    pairs = [word[i : i + 2] for i in range(len(word) - 1)] if len(word) > 2 and not word.isascii() else []
    return sum(pair in held for pair in pairs) / len(pairs) if pairs else 0.0


def run(text: str, held: str, size: int = STRETCH) -> float:
    """The share, 0-1, of a text's characters that lie in stretches of so many which another text has too."""
    text, held = plain(text), plain(held)
    if len(text) <= size:
        return float(text in held)
    covered = bytearray(len(text))
    for at in range(len(text) - size + 1):
        if text[at : at + size] in held:
            covered[at : at + size] = b"\1" * size
    return sum(covered) / len(text)


def longest_run(text: str, held: str) -> int:
    """How long the longest stretch of characters is that two texts have in common."""
    text, held = plain(text), plain(held)
    best, start = 0, 0
    for end in range(1, len(text) + 1):
        while end - start > best and text[start:end] not in held:
            start += 1
        best = max(best, end - start if text[start:end] in held else 0)
    return best


def nearest(text: str, others: Sequence[str]) -> list[str]:
    """The few of some texts that together hold most of the words of one, best first; at least one where there are any.

    A list may be told item by item, so that each of its items counts as one more.
    """
    chosen: list[str] = []
    held, best = "", 0.0
    most = MOST_MATCHED + sum(map(text.count, "、；，"))
    while len(chosen) < most and best < 1.0:
        left = [other for other in others if other not in chosen]
        rated = max(((share(text, held + other), run(text, held + other), other) for other in left), default=None)
        if rated is None or (chosen and rated[0] <= best):
            break
        best = rated[0]
        chosen.append(rated[2])
        held += f"{rated[2]}\n"
    return chosen


def alike(text: str, others: Sequence[str]) -> float | None:
    """The highest cosine of a text with one of some others, or with the nearest of them together; None without the built-in encoder."""
    if not others:
        return 0.0
    together = "".join(nearest(text, others))
    vectors = [_vector(one) for one in (text, *dict.fromkeys((together, *others)))]
    if vectors[0] is None:
        return None
    return max(float(vectors[0] @ other) for other in vectors[1:] if other is not None)


@lru_cache(maxsize=512)
def _vector(text: str) -> np.ndarray | None:
    from core.errors import NotAvailable
    from corpus.encoder.encoder import built_in

    try:
        vector: np.ndarray = built_in().vectors([text])[0]
        return vector
    except NotAvailable:
        return None
