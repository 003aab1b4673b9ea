"""What a clause says of a firm, by layers trained on labelled clauses: its trade.

The examples stand in corpus/utterances/<subject>.yaml, meaning → clauses; eval/train/clauses.py makes the file from them.
"""

from __future__ import annotations

import logging
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.errors import NotAvailable
from core.text import normalise
from corpus.encoder.encoder import FOLDER, built_in

if TYPE_CHECKING:
    import numpy as np

SUBJECTS = ("trades", "sums", "pains")
FILE = "clauses.npz"
FORM = 1
"""The form of the file; another one is not read."""
NONE = "none"
"""The meaning of clauses that say nothing of the subject."""
REMEMBERED = 2048
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class ClauseLayer:
    """A multinomial logistic layer on the encoder's vector of length 1. weights: (meanings, dimensions), already tempered."""

    names: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray

    def shares(self, vector: np.ndarray) -> np.ndarray:
        """The probability of each meaning, shape (meanings,)."""
        import numpy as np

        logits = self.weights @ (vector / max(float(np.linalg.norm(vector)), 1e-9)) + self.bias
        raised: np.ndarray = np.exp(logits - logits.max())
        return raised / raised.sum()


@lru_cache(maxsize=REMEMBERED)
def meaning(subject: str, clause: str) -> tuple[str, float]:
    """The likeliest meaning of a clause, and its probability; ("", 0.0) where the model cannot be used."""
    try:
        layer = load_layers(FOLDER / FILE, built_in().id).get(subject)
        shares = layer.shares(built_in().query(read_as(clause))) if layer else None
    except NotAvailable:
        return "", 0.0
    if layer is None or shares is None:
        return "", 0.0
    best = int(shares.argmax())
    return layer.names[best], float(shares[best])


def read_as(clause: str) -> str:
    """A clause as the encoder reads it."""
    return normalise(clause).strip()


@lru_cache(maxsize=2)
def load_layers(path: Path, encoder: str) -> dict[str, ClauseLayer]:
    """The layers of a file by subject; none where it is missing, damaged or of another encoder."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["form"]) != FORM or str(kept["encoder"]) != encoder:
                raise ValueError("another form or encoder")
            return {
                str(subject): ClauseLayer(
                    tuple(map(str, kept[f"{subject}.names"])),
                    kept[f"{subject}.weights"].astype(np.float32),
                    kept[f"{subject}.bias"].astype(np.float32),
                )
                for subject in kept["subjects"]
            }
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as exc:
        log.warning("%s cannot be used: %s", path.name, exc)
        return {}


def write_layers(path: Path, encoder: str, layers: dict[str, ClauseLayer]) -> None:
    """Write the file, whole or not at all."""
    import numpy as np

    kept: dict[str, object] = {"form": FORM, "encoder": encoder, "subjects": list(layers)}
    for subject, layer in layers.items():
        kept |= {
            f"{subject}.names": list(layer.names), f"{subject}.weights": layer.weights.astype(np.float16),
            f"{subject}.bias": layer.bias.astype(np.float32),
        }  # fmt: skip
    made = path.with_name(f"{path.name}.part")
    with made.open("wb") as file:
        np.savez_compressed(file, **{name: np.asarray(value) for name, value in kept.items()})  # type: ignore[arg-type]
    made.replace(path)
