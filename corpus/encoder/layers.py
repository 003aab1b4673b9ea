"""Logistic layers on the encoder's vectors, with the labelled examples nearest to them; kept as arrays and read with numpy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

NEAREST, SHARPNESS, SHARE = 20, 0.03, 0.5
"""So many of the nearest examples are heard, each e times less for so much less likeness; how much they count beside the layer."""
BLOCK = 256
"""So many examples are made floats of at a time: all of them would stay in memory."""


@dataclass(frozen=True)
class Neighbours:
    """The labelled examples themselves, for what a boundary does not follow: vectors with 8 bits a number (examples, dimensions),
    the scale of each, the class it is of, and how much it counts.
    """

    vectors: np.ndarray
    scales: np.ndarray
    classes: np.ndarray
    weights: np.ndarray

    def shares(self, vector: np.ndarray, count: int) -> np.ndarray:
        """What the NEAREST examples say, by likeness; shape (count,), their sum 1."""
        import numpy as np

        unit = (vector / max(float(np.linalg.norm(vector)), 1e-9)).astype(np.float32)
        blocks = (self.vectors[at : at + BLOCK].astype(np.float32) @ unit for at in range(0, len(self.vectors), BLOCK))
        likeness = np.concatenate([*blocks]) * self.scales
        nearest = np.argpartition(-likeness, min(NEAREST, len(likeness) - 1))[:NEAREST]
        counts = np.exp((likeness[nearest] - likeness[nearest].max()) / SHARPNESS) * self.weights[nearest]
        return np.bincount(self.classes[nearest], counts, count) / counts.sum()


@dataclass(frozen=True)
class Layer:
    """One multinomial logistic layer: names of its classes, weights (classes, features of the vector and then of the runs), and the temperature.

    near: the examples it was fitted on, which then say half of it.
    """

    names: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float
    near: Neighbours | None = None

    def probabilities(self, vector: np.ndarray, runs: Mapping[int, float]) -> np.ndarray:
        """Calibrated probabilities of the classes, shape (classes,), of an encoder's vector and the runs of characters beside it."""
        import numpy as np

        dense = len(vector)
        logits = self.weights[:, :dense] @ vector + self.bias
        if runs:
            logits = logits + self.weights[:, [dense + at for at in runs]] @ np.fromiter(runs.values(), np.float32)
        logits = logits / self.temperature
        raised = np.exp(logits - logits.max())
        linear: np.ndarray = raised / raised.sum()
        return mixed(linear, self.near.shares(vector, len(linear))) if self.near else linear


def mixed(linear: np.ndarray, near: np.ndarray) -> np.ndarray:
    """What the layer and the nearest examples say together."""
    return (1 - SHARE) * linear + SHARE * near


def layer_of(kept: Mapping[str, np.ndarray], name: str) -> Layer:
    """A layer from a file's arrays. Raises ValueError or KeyError where they are not those of a layer."""
    import numpy as np

    layer = Layer(
        tuple(str(each) for each in kept[f"{name}.names"]),
        kept[f"{name}.weights"].astype(np.float32),
        kept[f"{name}.bias"].astype(np.float32),
        float(kept[f"{name}.temperature"]),
        _neighbours(kept, name),
    )
    if layer.weights.shape[0] != len(layer.names) or not np.isfinite(layer.weights).all():
        raise ValueError("layer and names differ")
    return layer


def _neighbours(kept: Mapping[str, np.ndarray], name: str) -> Neighbours | None:
    """The examples of a layer, where it keeps them. Raises ValueError where they are not of its classes."""
    import numpy as np

    if f"{name}.near" not in kept:
        return None
    vectors, classes = kept[f"{name}.near"], kept[f"{name}.near.classes"].astype(np.int64)
    if not len(vectors) or len(vectors) != len(classes) or classes.max() >= len(kept[f"{name}.names"]):
        raise ValueError("examples of other classes")
    scales, weights = (kept[f"{name}.near.{part}"].astype(np.float32) for part in ("scales", "weights"))
    return Neighbours(vectors, scales, classes, weights)


def arrays_of(name: str, layer: Layer) -> dict[str, object]:
    """The arrays by which a file keeps a layer."""
    import numpy as np

    kept: dict[str, object] = {
        f"{name}.names": list(layer.names), f"{name}.weights": layer.weights.astype(np.float16),
        f"{name}.bias": layer.bias.astype(np.float32), f"{name}.temperature": layer.temperature,
    }  # fmt: skip
    if near := layer.near:
        kept |= {
            f"{name}.near": near.vectors, f"{name}.near.scales": near.scales,
            f"{name}.near.classes": near.classes.astype(np.uint8), f"{name}.near.weights": near.weights.astype(np.float16),
        }  # fmt: skip
    return kept
