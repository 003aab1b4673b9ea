"""The trained heads: the layers that read messages, with the thresholds fitted on them, kept in one .npz."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, fields
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.understand.limits import Limits
from core.arrays import UNREADABLE
from core.errors import NotAvailable
from corpus.encoder.encoder import FOLDER
from corpus.encoder.layers import Layer, arrays_of, layer_of

if TYPE_CHECKING:
    pass

FILE = "heads.npz"
SHIPPED = FOLDER / FILE
FORM = 3
"""The form of the file; another one is not read."""


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
            layers = {str(name): layer_of(kept, str(name)) for name in kept["layers"]}
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
    except UNREADABLE as exc:
        raise NotAvailable("理解用的文件缺了或坏了，这次只按字词查。", command="重新学一遍：xiangdao train") from exc


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
        kept |= arrays_of(name, layer)
    path.parent.mkdir(parents=True, exist_ok=True)
    made = path.with_suffix(".part")
    with made.open("wb") as file:
        np.savez_compressed(file, **{name: np.asarray(value) for name, value in kept.items()})  # type: ignore[arg-type]
    made.replace(path)
