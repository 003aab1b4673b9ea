"""Train the layers that read clauses: `python -m eval.train.clauses`; seconds. Measured by five-fold cross-validation."""

from __future__ import annotations

import random
import sys

import numpy as np

from corpus.clauses import FILE, NONE, SUBJECTS, read_as, write_layers
from corpus.encoder.encoder import FOLDER, Encoder
from corpus.examples import examples
from eval.train.logistic import Fitted, features_of, fit

SEED = 20261129
PULL = 6.0
"""Inverse strength of the penalty on weights."""
TOLD_AT = (0.5, 0.6, 0.7, 0.8)


def main() -> int:
    """Train every subject's layer, print how well it does on what it has not seen, and write the file."""
    encoder, layers = Encoder(), {}
    for subject in SUBJECTS:
        said = [(read_as(text), name) for name, texts in examples(subject).items() for text in texts]
        random.Random(SEED).shuffle(said)
        texts, labels = [text for text, _ in said], [name for _, name in said]
        fitted = fit(features_of(encoder.queries(texts), texts), labels, PULL)
        layers[subject] = fitted.layer
        lines = report(fitted, labels)
        print(f"{subject}: {len(said)} clauses, {len(fitted.layer.names)} meanings", *lines, sep="\n  ", flush=True)
    write_layers(FOLDER / FILE, encoder.id, layers)
    return 0


def report(fitted: Fitted, labels: list[str]) -> list[str]:
    """How often what is held out is read right, and from which probability on how surely."""
    names = np.array(fitted.layer.names)
    best, sure = names[fitted.held_out.argmax(1)], fitted.held_out.max(1)
    really = np.array(labels)[fitted.rows]
    lines, something = [f"right {(best == really).mean():.1%}"], (really != NONE).sum()
    for least in TOLD_AT:
        told = (sure >= least) & (best != NONE)
        right = int(((best == really) & told).sum())
        lines.append(f"from {least}: precision {right / max(told.sum(), 1):.1%}, recall {right / something:.1%}")
    return lines


if __name__ == "__main__":
    sys.exit(main())
