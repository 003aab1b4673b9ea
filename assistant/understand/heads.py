"""The trained heads: logistic layers on the encoder's vectors and the labelled examples nearest to them, kept in one .npz and read with numpy alone."""

from __future__ import annotations

import zipfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.understand.limits import Limits
from core.errors import NotAvailable
from corpus.encoder.encoder import FOLDER

if TYPE_CHECKING:
    import numpy as np

FILE = "heads.npz"
SHIPPED = FOLDER / FILE
FORM = 3
"""The form of the file; another one is not read."""
NEAREST, SHARPNESS, SHARE = 20, 0.03, 0.5
"""So many of the nearest examples are heard, each e times less for so much less likeness; how much they count beside the layer."""


BLOCK = 2048
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


@dataclass(frozen=True)
class Heads:
    """The layers by name, and by label the confidence from which it stands alone (sure) and from which it may be meant (half).

    goes_on: between which probabilities it is unsure whether a message leans on the turn before. meant: from which probability a
    tool may be meant though another label is surer, and from which a look-up that has a row for what is named.
    """

    encoder: str
    layers: dict[str, Layer]
    sure: dict[str, float]
    half: dict[str, float]
    goes_on: tuple[float, float]
    meant: tuple[float, float]
    limits: Limits = field(default_factory=Limits)


@lru_cache(maxsize=2)
def shipped(encoder: str) -> Heads:
    """The heads in the package, read once for the whole process. Raises NotAvailable as load_heads does."""
    return load_heads(SHIPPED, encoder)


def load_heads(path: Path, encoder: str) -> Heads:
    """The heads of a file made for this encoder; NotAvailable where it is missing, damaged or another encoder's."""
    import numpy as np

    try:
        with np.load(path, allow_pickle=False) as kept:
            if int(kept["form"]) != FORM:
                raise ValueError("another form")
            if str(kept["encoder"]) != encoder:
                raise NotAvailable(
                    "理解用的文件和语义模型不是一套，这次只按字词查。", command="重新学一遍：xiangdao train"
                )
            layers = {
                str(name): Layer(
                    tuple(str(each) for each in kept[f"{name}.names"]),
                    kept[f"{name}.weights"].astype(np.float32),
                    kept[f"{name}.bias"].astype(np.float32),
                    float(kept[f"{name}.temperature"]),
                    _neighbours(kept, str(name)),
                )
                for name in kept["layers"]
            }
            for layer in layers.values():
                if layer.weights.shape[0] != len(layer.names) or not np.isfinite(layer.weights).all():
                    raise ValueError("layer and names differ")
            names = layers["message"].names
            if "intent" in layers and not set(names) <= set(layers["intent"].names):
                raise ValueError("labels differ")
            sure = dict(zip(names, map(float, kept["sure"]), strict=True))
            half = dict(zip(names, map(float, kept["half"]), strict=True))
            low, high = map(float, kept["goes_on"])
            tool, row = map(float, kept["meant"])
            limits = Limits(
                **{f.name: float(kept[f"limit.{f.name}"]) for f in fields(Limits) if f"limit.{f.name}" in kept}
            )
            return Heads(encoder, layers, sure, half, (low, high), (tool, row), limits)
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as exc:
        raise NotAvailable("理解用的文件缺了或坏了，这次只按字词查。", command="重新学一遍：xiangdao train") from exc


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


def write_heads(path: Path, heads: Heads) -> None:
    """Write the heads, whole or not at all."""
    import numpy as np

    names = heads.layers["message"].names
    kept: dict[str, object] = {
        "form": FORM, "encoder": heads.encoder, "layers": list(heads.layers), "goes_on": heads.goes_on, "meant": heads.meant,
        "sure": [heads.sure[name] for name in names], "half": [heads.half[name] for name in names],
    }  # fmt: skip
    kept |= {f"limit.{name}": value for name, value in asdict(heads.limits).items()}
    for name, layer in heads.layers.items():
        kept |= {
            f"{name}.names": list(layer.names), f"{name}.weights": layer.weights.astype(np.float16),
            f"{name}.bias": layer.bias.astype(np.float32), f"{name}.temperature": layer.temperature,
        }  # fmt: skip
        if near := layer.near:
            kept |= {
                f"{name}.near": near.vectors, f"{name}.near.scales": near.scales,
                f"{name}.near.classes": near.classes.astype(np.uint8), f"{name}.near.weights": near.weights.astype(np.float16),
            }  # fmt: skip
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".part")
    with made.open("wb") as file:
        np.savez_compressed(file, **{name: np.asarray(value) for name, value in kept.items()})  # type: ignore[arg-type]
    made.replace(path)
