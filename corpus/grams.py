"""Character n-grams of many texts at once: counted with arrays, looked up in a vocabulary through hash tables.

An n-gram is held as one number: 21 bits a character, which is exact for n up to 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.text import squeeze

if TYPE_CHECKING:
    import numpy as np
    from scipy.sparse import csr_matrix

SIZES = (1, 2, 3)
_BITS = 21
_TABLE_BITS = 20
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F)
"""Multipliers of the first and the second table; Fibonacci hashing (Knuth, vol. 3, 6.4)."""


class Vocabulary:
    """The columns of n-grams. words: each of one to three characters, in the order of their columns."""

    def __init__(self, words: Sequence[str]) -> None:
        import numpy as np

        self.size = len(words)
        self._keys = np.array([_key(word) for word in words], dtype=np.uint64)
        self._tables: list[np.ndarray] = []
        left = np.arange(self.size)
        for multiplier in _ODD:
            table = np.full(1 << _TABLE_BITS, -1, dtype=np.int32)
            slots = _slots(self._keys[left], multiplier)
            table[slots] = left
            self._tables.append(table)
            left = left[table[slots] != left]
        self._rest = {int(self._keys[at]): int(at) for at in left}

    def columns(self, keys: np.ndarray) -> np.ndarray:
        """The column of each n-gram, -1 where the vocabulary lacks it."""
        import numpy as np

        found = np.full(len(keys), -1, dtype=np.int32)
        for multiplier, table in zip(_ODD, self._tables, strict=True):
            at = table[_slots(keys, multiplier)]
            found = np.where((at >= 0) & (self._keys[at] == keys), at, found)
        for key, column in self._rest.items():
            found[keys == key] = column
        return found

    def counts(self, texts: Sequence[str]) -> csr_matrix:
        """How often each n-gram stands in each text: texts × vocabulary, float32."""
        import numpy as np
        from scipy.sparse import csr_matrix

        rows, keys = grams(texts)
        columns = self.columns(keys)
        known = columns >= 0
        rows, columns = rows[known], columns[known]
        starts = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.bincount(rows, minlength=len(texts)), out=starts[1:])
        shape = (len(texts), self.size)
        matrix = csr_matrix((np.ones(len(columns), dtype=np.float32), columns, starts), shape=shape)
        matrix.sum_duplicates()
        return matrix


def grams(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """The n-grams of texts: the text that each stands in, ascending, and its number."""
    import numpy as np

    squeezed = [squeeze(text) for text in texts]
    codes = np.frombuffer("".join(squeezed).encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64) + 1
    rows = np.repeat(np.arange(len(texts), dtype=np.int32), [len(text) for text in squeezed])
    all_rows, all_keys, keys = [rows], [codes], codes
    for size in SIZES[1:]:
        keys = keys[:-1] | (codes[size - 1 :] << np.uint64(_BITS * (size - 1)))
        inside = rows[: 1 - size] == rows[size - 1 :]
        all_rows.append(rows[: 1 - size][inside])
        all_keys.append(keys[inside])
    together = np.concatenate(all_rows)
    order = np.argsort(together, kind="stable")
    return together[order], np.concatenate(all_keys)[order]


def _key(word: str) -> int:
    return sum((ord(character) + 1) << (_BITS * at) for at, character in enumerate(word))


def _slots(keys: np.ndarray, multiplier: int) -> np.ndarray:
    import numpy as np

    return (keys * np.uint64(multiplier)) >> np.uint64(64 - _TABLE_BITS)
