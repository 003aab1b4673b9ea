"""How surely a message is better asked back about, or declined, than answered: fitted on questions of users that were read.

What a message was taken for and how well the best passage answers tell it together; neither tells it alone: of a message that
names nothing (它又不行了) some passage always seems to speak.
"""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.understand.meaning import KNOWLEDGE, Understanding
from corpus.encoder.encoder import FOLDER
from tools.spec import specs

if TYPE_CHECKING:
    from assistant.guard import Verdict

FILE = "declining.json"
FORM = 1
"""The form of the file; another one is not read."""
LABELS = ("unclear", "unknowable", "out", "dishonest", "chat", "tell", "distress", "complain", "meta", KNOWLEDGE)
LEAST = 1e-3
"""No probability counts as less."""
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Declining:
    """A logistic model. weights: by feature, and "" for the constant; bound: from which chance on a message is not answered."""

    weights: Mapping[str, float]
    bound: float

    def chance(self, features: Mapping[str, float]) -> float:
        """The chance, 0-1, that a message of these features is not to be answered."""
        value = self.weights.get("", 0.0) + sum(self.weights.get(name, 0.0) * x for name, x in features.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def features(means: Understanding, verdict: Verdict, score: float) -> dict[str, float]:
    """What of a message tells that. score: of the best passage that was found, 0 where none was.

    Its length tells as well, in our sets: their authors wrote what is to be declined in fewer words. Nobody else does.
    """
    shares = dict(((means.label, means.confidence), *means.alternatives))
    told = {label: _log_odds(shares.get(label, 0.0)) for label in LABELS}
    tools = _log_odds(sum(share for label, share in shares.items() if label in specs()))
    return told | {
        "tools": tools,
        "answers": _log_odds(verdict.confidence),
        "refuses": float(verdict.kind == "refuse"),
        "partly": float(verdict.kind == "partly"),
        "goes_on": means.goes_on,
        "score": score,
    }


def _log_odds(share: float) -> float:
    share = min(max(share, LEAST), 1 - LEAST)
    return math.log(share / (1 - share))


@lru_cache(maxsize=4)
def load_declining(path: Path = FOLDER / FILE) -> Declining | None:
    """The fitted model; None where the file is missing, damaged or of another form: then every message is answered as it was judged."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["form"] != FORM:
            raise ValueError("another form")
        return Declining({str(n): float(w) for n, w in raw["weights"].items()}, float(raw["bound"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        log.warning("%s cannot be used: %s", FILE, exc)
        return None


def write_declining(path: Path, made: Declining, told: Mapping[str, object]) -> None:
    """Write the file. told: of what and how it was fitted, for people."""
    weights = {name: round(weight, 4) for name, weight in made.weights.items()}
    raw = {"form": FORM, **told, "bound": made.bound, "weights": weights}
    path.write_text(json.dumps(raw, ensure_ascii=False, indent=1) + "\n", "utf-8")
