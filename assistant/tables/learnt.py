"""What is learnt from the examples of questions over tables: layers and weights, in a small file of their own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from core.arrays import UNREADABLE
from core.errors import NotAvailable
from corpus.encoder.encoder import FOLDER, built_in
from corpus.encoder.layers import Layer, arrays_of, layer_of

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

FILE = "tables.npz"
SHIPPED = FOLDER / FILE
FORM = 1
OPERATION, ROLE, CELL, STATE, TRUST = "operation", "role", "cell", "state", "trust"
COLUMNS = ("figure", "day", "any", "group", "bound")
"""For what a column is looked for: to be reckoned with, of days, to be told, to put rows together by, to be bounded."""


@dataclass(frozen=True)
class Learnt:
    """encoder: what the vectors are of; layers: of operations and of the role of a cell; weights: of what speaks for a cell, a state,
    a column, the constant last; common: words that questions over any table have.
    """

    encoder: str
    layers: Mapping[str, Layer]
    weights: Mapping[str, np.ndarray]
    common: frozenset[str]

    def score(self, name: str, features: np.ndarray) -> np.ndarray:
        """How much speaks for each row of features."""
        weights = self.weights[name]
        score: np.ndarray = features @ weights[:-1] + weights[-1]
        return score


def write(path: Path, learnt: Learnt) -> None:
    """Write it, whole or not at all."""
    import numpy as np

    kept: dict[str, object] = {
        "form": FORM,
        "encoder": learnt.encoder,
        "layers": list(learnt.layers),
        "common": sorted(learnt.common),
    }
    for name, layer in learnt.layers.items():
        kept |= arrays_of(name, layer)
    kept |= {f"weights.{name}": weights.astype(np.float32) for name, weights in learnt.weights.items()}
    made = path.with_suffix(".part")
    with made.open("wb") as file:
        np.savez_compressed(file, **{name: np.asarray(value) for name, value in kept.items()})  # type: ignore[arg-type]
    made.replace(path)


def load(path: Path, encoder: str) -> Learnt:
    """What a file holds for this encoder; NotAvailable where it is missing, damaged or another encoder's."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["form"]) != FORM or str(kept["encoder"]) != encoder:
                raise ValueError("another form or encoder")
            layers = {str(name): layer_of(kept, str(name)) for name in kept["layers"]}
            prefix = "weights."
            weights = {name[len(prefix) :]: kept[name] for name in kept.files if name.startswith(prefix)}
            return Learnt(encoder, layers, weights, frozenset(map(str, kept["common"])))
    except UNREADABLE as exc:
        raise NotAvailable(
            "读懂表格问题用的文件缺了或坏了。", "重新安装本程序。", command="详情：xiangdao doctor"
        ) from exc


@lru_cache(maxsize=1)
def shipped() -> tuple[Learnt, Encoder]:
    """What ships with the package, with its encoder, read once. Raises NotAvailable."""
    encoder = built_in()
    return load(SHIPPED, encoder.meaning_id), encoder
