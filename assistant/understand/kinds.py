"""Finer kinds of messages, read by the shipped heads where nothing but the text is at hand: what is asked for, in which form."""

from __future__ import annotations

from functools import lru_cache

from assistant.understand.heads import shipped
from core.errors import NotAvailable
from core.text import normalise
from corpus.encoder.encoder import built_in
from corpus.encoder.layers import Layer
from corpus.encoder.runs import runs_of

REMEMBERED = 512


@lru_cache(maxsize=REMEMBERED)
def shares(layer: str, text: str) -> dict[str, float]:
    """The calibrated probability of each kind of a layer, not to be written to; none where the model cannot be used."""
    try:
        vector = built_in().meaning(text := normalise(text).strip())
    except NotAvailable:
        return {}
    found = _layers().get(layer)
    return dict(zip(found.names, map(float, found.probabilities(vector, runs_of(text))), strict=True)) if found else {}


def kind(layer: str, text: str, least: float = 0.0) -> str:
    """The likeliest kind; "" where none is at least so likely or the model cannot be used."""
    by_kind = shares(layer, text)
    best = max(by_kind, key=by_kind.__getitem__, default="")
    return best if best and by_kind[best] >= least else ""


@lru_cache(maxsize=1)
def _layers() -> dict[str, Layer]:
    try:
        return shipped(built_in().meaning_id).layers
    except NotAvailable:
        return {}
