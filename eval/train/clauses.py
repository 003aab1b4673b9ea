"""Train the layers that read clauses: `python -m eval.train.clauses`; seconds. Measured by five-fold cross-validation."""

from __future__ import annotations

import random
import sys
from collections.abc import Sequence

import numpy as np

from corpus.clauses import FILE, NONE, SUBJECTS, ClauseLayer, read_as, write_layers
from corpus.encoder.encoder import FOLDER, Encoder
from corpus.examples import examples

SEED = 20261129
FOLDS = 5
PULL = 30.0
"""Inverse strength of the penalty on weights."""
TOLD_AT = (0.5, 0.6, 0.7, 0.8)


def main() -> int:
    """Train every subject's layer, print how well it does on what it has not seen, and write the file."""
    encoder, layers = Encoder(), {}
    for subject in SUBJECTS:
        said = [(read_as(text), name) for name, texts in examples(subject).items() for text in texts]
        random.Random(SEED).shuffle(said)
        layers[subject], lines = trained(encoder.queries([text for text, _ in said]), [name for _, name in said])
        print(f"{subject}: {len(said)} clauses, {len(layers[subject].names)} meanings", *lines, sep="\n  ", flush=True)
    write_layers(FOLDER / FILE, encoder.id, layers)
    return 0


def trained(vectors: np.ndarray, labels: Sequence[str]) -> tuple[ClauseLayer, list[str]]:
    """A layer for vectors, one a row, with their labels, tempered by what was said of those held out; and how well it does."""
    from sklearn.linear_model import LogisticRegression

    names = tuple(sorted(set(labels)))
    of = np.array([names.index(label) for label in labels])
    vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    fold, logits = np.arange(len(of)) % FOLDS, np.full((len(of), len(names)), -20.0)
    for part in range(FOLDS):
        kept = fold != part
        model = LogisticRegression(C=PULL, max_iter=200).fit(vectors[kept], of[kept])
        logits[np.ix_(~kept, model.classes_)] = vectors[~kept] @ model.coef_.T + model.intercept_
    rows = np.arange(len(of))
    temperature = min(np.arange(0.3, 3.01, 0.05), key=lambda t: -np.log(_softmax(logits / t)[rows, of] + 1e-9).mean())
    model = LogisticRegression(C=PULL, max_iter=200).fit(vectors, of)
    layer = ClauseLayer(names, model.coef_ / temperature, model.intercept_ / temperature)
    return layer, _report(_softmax(logits / temperature), of, names)


def _report(shares: np.ndarray, of: np.ndarray, names: Sequence[str]) -> list[str]:
    best, sure = shares.argmax(1), shares.max(1)
    lines = [f"right {(best == of).mean():.1%}"]
    something = of != (names.index(NONE) if NONE in names else -1)
    for least in TOLD_AT:
        told = (sure >= least) & (np.array(names)[best] != NONE)
        right = (best == of) & told
        lines.append(
            f"from {least}: precision {right.sum() / max(told.sum(), 1):.1%}, recall {right.sum() / something.sum():.1%}"
        )
    return lines


def _softmax(logits: np.ndarray) -> np.ndarray:
    raised = np.exp(logits - logits.max(1, keepdims=True))
    return np.asarray(raised / raised.sum(1, keepdims=True))


if __name__ == "__main__":
    sys.exit(main())
