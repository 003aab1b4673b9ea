"""What a clause says of a firm, by layers trained on labelled clauses: its trade, what a sum of money is, how far a part of it is.

The examples stand in corpus/utterances/<subject>.yaml, meaning → clauses; eval/train/clauses.py makes the file from them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from core.arrays import UNREADABLE
from core.errors import NotAvailable
from core.text import normalise
from corpus.encoder.encoder import FOLDER, built_in
from corpus.encoder.layers import Layer, arrays_of, layer_of
from corpus.encoder.runs import runs_of

SUBJECTS = ("trades", "sums", "scenes")
FILE = "clauses.npz"
FORM = 2
"""The form of the file; another one is not read."""
NONE = "none"
"""The meaning of clauses that say nothing of the subject."""
REMEMBERED = 2048
log = logging.getLogger(__name__)


def meaning(subject: str, clause: str) -> tuple[str, float]:
    """The likeliest meaning of a clause, and its probability; ("", 0.0) where the model cannot be used."""
    return max(shares(subject, clause).items(), key=lambda one: one[1], default=("", 0.0))


@lru_cache(maxsize=REMEMBERED)
def shares(subject: str, clause: str) -> Mapping[str, float]:
    """The probability of each meaning of a clause; none where the model cannot be used."""
    try:
        layer = load_layers(FOLDER / FILE, built_in().id).get(subject)
        text = read_as(clause)
        found = layer.probabilities(built_in().query(text), runs_of(text)) if layer else ()
    except NotAvailable:
        return MappingProxyType({})
    return MappingProxyType(dict(zip(layer.names, map(float, found), strict=True)) if layer else {})


def read_as(clause: str) -> str:
    """A clause as the encoder reads it."""
    return normalise(clause).strip()


@lru_cache(maxsize=2)
def load_layers(path: Path, encoder: str) -> dict[str, Layer]:
    """The layers of a file by subject; none where it is missing, damaged or of another encoder."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["form"]) != FORM or str(kept["encoder"]) != encoder:
                raise ValueError("another form or encoder")
            return {str(subject): layer_of(kept, str(subject)) for subject in kept["subjects"]}
    except UNREADABLE as exc:
        log.warning("%s cannot be used: %s", path.name, exc)
        return {}


def write_layers(path: Path, encoder: str, layers: dict[str, Layer]) -> None:
    """Write the file, whole or not at all."""
    import numpy as np

    kept: dict[str, object] = {"form": FORM, "encoder": encoder, "subjects": list(layers)}
    for subject, layer in layers.items():
        kept |= arrays_of(subject, layer)
    made = path.with_name(f"{path.name}.part")
    with made.open("wb") as file:
        np.savez_compressed(file, **{name: np.asarray(value) for name, value in kept.items()})  # type: ignore[arg-type]
    made.replace(path)
