"""The fitted weighing of the features: made by eval/train/judge.py, kept in one file beside the ranker's, never in code."""

from __future__ import annotations

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from corpus.encoder.encoder import FOLDER

FILE = "judge.json"
FORM = 2
"""The form of the file; another one is not read."""
SIGHTS = ("conversation", "questions", "meaning", "words")
"""What a passage can be seen by, best first: its own questions beside its vector, in a conversation or not; its vector; its words alone."""
LIMITS = ("answer", "partly", "correct", "own", "like", "nearer", "nearly_all", "found")
WORDS_ONLY = {"one": -4.0, "passage": 7.0, "year": -4.0, "name": -3.0}
"""Where the file cannot be read, what of the question's words a passage holds decides."""
log = logging.getLogger(__name__)
Linear = Mapping[str, float]


@dataclass(frozen=True)
class Weighing:
    """For each sight the weights by feature of a logistic model whose chance is `answer` where an answer begins.

    partly, correct: from which chances on what is near is told, and a wrong premise is corrected. own: how sure it is that a
    card answers a question that stands among its own, or is so much `like` one of them, by so much `nearer` than to any that it does
    not answer, and has nearly_all of its words in it. found: from which share on a word counts as found in a passage. looked_at: how
    many of the first hits are weighed.
    """

    weights: Mapping[str, Linear]
    answer: float = 0.5
    partly: float = 0.4
    correct: float = 0.3
    own: float = 0.95
    like: float = 0.95
    nearer: float = 0.05
    nearly_all: float = 0.9
    found: float = 0.45
    looked_at: int = 3

    def chance(self, features: Mapping[str, float]) -> float:
        """The chance, 0-1, that a passage of these features answers."""
        linear = self.weights[sight_of(features)]
        value = sum(weight * features.get(name, 0.0) for name, weight in linear.items())
        return 1 / (1 + math.exp(-max(-60.0, min(60.0, value))))


def sight_of(features: Mapping[str, float]) -> str:
    """By what a passage of these features is seen."""
    if "asked" in features:
        return "conversation" if features.get("said") else "questions"
    return "meaning" if "dense" in features else "words"


@lru_cache(maxsize=4)
def load_weighing(path: Path = FOLDER / FILE) -> Weighing:
    """The fitted weighing; a plain one where the file is missing, damaged or of another form."""
    try:
        raw = json.loads(path.read_text("utf-8"))
        if raw["form"] != FORM:
            raise ValueError("another form")
        weights = {sight: {str(n): float(w) for n, w in raw["weights"][sight].items()} for sight in SIGHTS}
        limits = {name: float(raw["limits"][name]) for name in LIMITS}
        return Weighing(weights, **limits, looked_at=int(raw["looked_at"]))
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as exc:
        log.warning("%s cannot be used: %s", FILE, exc)
        return Weighing(dict.fromkeys(SIGHTS, WORDS_ONLY))


def write_weighing(path: Path, weighing: Weighing, told: Mapping[str, object]) -> None:
    """Write the file. told: of what and how it was fitted, for people."""
    raw = {
        "form": FORM, **told, "looked_at": weighing.looked_at,
        "limits": {name: getattr(weighing, name) for name in LIMITS},
        "weights": {sight: dict(linear) for sight, linear in weighing.weights.items()},
    }  # fmt: skip
    path.write_text(json.dumps(raw, ensure_ascii=False, indent=1) + "\n", "utf-8")
