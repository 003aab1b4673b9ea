"""Vectors kept by the text that they were made of: those of the bundled cards as they ship, others as they were made here.

A text that has not changed since is not embedded again, so that the first start needs no model for a thousand cards.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from core.arrays import UNREADABLE, put

if TYPE_CHECKING:
    import numpy as np

FORM = 1
"""The form of the file; another one is not read."""
LARGEST = 127
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Kept:
    """Vectors of one encoder with 8 bits a number. hashes: of the texts, ascending; scales: of the vectors' rows."""

    encoder: str
    hashes: np.ndarray
    numbers: np.ndarray
    scales: np.ndarray

    @classmethod
    def of(cls, encoder: str, texts: Sequence[str], vectors: np.ndarray) -> Kept:
        """What is to be kept of texts and their vectors, one a row."""
        import numpy as np

        hashes, first = np.unique(hashes_of(texts), return_index=True)
        return cls(encoder, hashes, *narrowed(vectors[first]))

    def find(self, hashes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Which of the texts with these hashes are kept, as their positions; and their vectors, one a row."""
        import numpy as np

        rows = np.searchsorted(self.hashes, hashes)
        rows[rows == len(self.hashes)] = 0
        known = np.flatnonzero(self.hashes[rows] == hashes) if len(self.hashes) else np.zeros(0, dtype=np.int64)
        return known, self.numbers[rows[known]] * self.scales[rows[known]][:, None]


def narrowed(vectors: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Vectors, one a row, with 8 bits a number, and the scale of each row."""
    import numpy as np

    scales = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / LARGEST
    return np.round(vectors / scales[:, None]).astype(np.int8), scales


def hashes_of(texts: Sequence[str]) -> np.ndarray:
    """A number for each text; two different ones of a hundred thousand share one once in four thousand million times."""
    import numpy as np

    digests = (hashlib.blake2b(text.encode("utf-8", "replace"), digest_size=8).digest() for text in texts)
    return np.fromiter((int.from_bytes(digest, "little") for digest in digests), dtype=np.uint64, count=len(texts))


def read_kept(path: Path, encoder: str) -> Kept | None:
    """The vectors of a file; None where it is missing, damaged or another encoder's: they can be made again."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as file:
            if int(file["form"]) != FORM or str(file["encoder"]) != encoder:
                return None
            kept = Kept(encoder, file["hashes"], file["numbers"], file["scales"])
        if not len(kept.hashes) == len(kept.numbers) == len(kept.scales):
            raise ValueError("rows are missing")
    except UNREADABLE as exc:
        log.warning("%s cannot be used: %s", path.name, exc)
        return None
    return kept


def write_kept(path: Path, kept: Kept) -> None:
    """Write the file, whole or not at all."""
    import numpy as np

    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_name(f"{path.name}.part")
    with made.open("wb") as file:
        np.savez(
            file, form=FORM, encoder=kept.encoder, hashes=kept.hashes, numbers=kept.numbers, scales=kept.scales
        )  # fmt: skip
    put(made, path)
