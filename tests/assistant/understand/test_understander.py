"""What the layers say of a message is put together by their labels' names."""

from __future__ import annotations

from typing import Any

import numpy as np

from assistant.understand.heads import Heads
from assistant.understand.understander import Understander
from corpus.encoder.layers import Layer
from corpus.encoder.runs import BUCKETS

DENSE = 4
TOGETHER = 2 * DENSE
"""The message with those before it, and alone."""


class OneVector:
    """An encoder for which every text is the same."""

    id = "double"

    def meaning(self, text: str) -> np.ndarray:
        return np.ones(DENSE, np.float32)


def layer(shares: dict[str, float], dense: int = DENSE) -> Layer:
    """A layer that says the same of everything."""
    weights = np.zeros((len(shares), dense + BUCKETS), np.float32)
    return Layer(tuple(shares), weights, np.log(np.array(list(shares.values()), np.float32)), 1.0)


def test_a_label_has_the_same_share_whatever_the_order_in_which_the_layers_name_it() -> None:
    layers = {
        "message": layer({"benchmark": 0.1, "knowledge": 0.3, "subsidy": 0.6}),
        "intent": layer({"subsidy": 0.6, "benchmark": 0.1, "knowledge": 0.3}, TOGETHER),
        "turn": layer({"slot": 0.9, "alone": 0.1}, TOGETHER),
    }
    bars = dict.fromkeys(layers["message"].names, 0.5)
    encoder: Any = OneVector()
    means = Understander(encoder, Heads("double", layers, bars, bars, (0.3, 0.7), (0.3, 0.15))).read(
        "佛山呢", "能补多少"
    )
    assert means.label == "subsidy" and round(means.confidence, 2) == 0.6
    assert round(means.of("benchmark"), 2) == 0.1
