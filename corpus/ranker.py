"""The weights of the ranking: fitted by eval/train/ranker.py and kept in one file beside the encoder, never in code."""

from __future__ import annotations

import json
import logging
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.encoder.encoder import FOLDER

FILE = "ranker.json"
FORM = 1
"""The form of the file; another one is not read."""
PLAIN = {"wide": 1.0, "window": 3.0, "passage": 1.0, "title": 1.0}
"""Where the file cannot be read the words alone decide."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Weights:
    """How much each part of a hit counts, by name; total: what a passage gets that has all of what speaks for it."""

    parts: tuple[tuple[str, float], ...]
    total: float

    def score(self, parts: dict[str, float]) -> float:
        return sum([weight * parts.get(name, 0.0) for name, weight in self.parts]) / self.total

    def times(self, factor: float, *names: str) -> Weights:
        """The same with some parts' weights multiplied."""
        return Weights(tuple((n, w * factor if n in names else w) for n, w in self.parts), self.total)

    def without(self, *names: str) -> Weights:
        """The same without some parts, scores as high as before."""
        left = {name: weight for name, weight in self.parts if name not in names}
        return weights_of(left, self.total * _for(left) / (_for(dict(self.parts)) or 1.0))


def weights_of(parts: dict[str, float], total: float = 0.0) -> Weights:
    """Weights by part. total: the divisor of the scores; 0: their sum, of those that count for a passage."""
    return Weights(tuple(parts.items()), total or _for(parts) or 1.0)


def _for(parts: dict[str, float]) -> float:
    """What the parts that count for a passage add up to."""
    return sum(weight for weight in parts.values() if weight > 0)


@lru_cache(maxsize=4)
def load_weights(path: Path = FOLDER / FILE) -> Weights:
    """The fitted weights; plain ones where the file is missing, damaged or of another form."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["form"] != FORM:
            raise ValueError("another form")
        return weights_of({str(n): float(w) for n, w in raw["weights"].items()}, float(raw["total"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        log.warning("%s cannot be used: %s", FILE, exc)
        return weights_of(PLAIN)


def write_weights(path: Path, weights: Weights, told: dict[str, object]) -> None:
    """Write the file. told: of what and how it was fitted, for people."""
    raw = {"form": FORM, **told, "total": round(weights.total, 3), "weights": dict(weights.parts)}
    path.write_text(json.dumps(raw, ensure_ascii=False, indent=1) + "\n", "utf-8")
