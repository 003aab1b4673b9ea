"""Layers fitted on labelled texts: logistic regression on the encoder's vector and the runs of characters, measured on what is held out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpus.encoder.kept import narrowed
from corpus.encoder.layers import Layer, Neighbours, mixed
from corpus.encoder.runs import BUCKETS, runs_of

if TYPE_CHECKING:
    import numpy as np

SEED = 20261129
FOLDS = 5


@dataclass(frozen=True)
class Fitted:
    """A layer, and what was said of each example that was held out from it. rows: which examples those are."""

    layer: Layer
    held_out: np.ndarray
    rows: np.ndarray


def features_of(vectors: np.ndarray, texts: Sequence[str]) -> Any:
    """What a layer sees of each text: its vector, then the runs of its characters; a sparse matrix, one text a row."""
    from scipy.sparse import csr_matrix, hstack

    runs = [runs_of(text) for text in texts]
    cells = [(row, bucket, value) for row, found in enumerate(runs) for bucket, value in found.items()]
    rows, buckets, values = zip(*cells, strict=True)
    return hstack([csr_matrix(vectors), csr_matrix((values, (rows, buckets)), (len(texts), BUCKETS))]).tocsr()


def fit(
    features: Any,
    labels: Sequence[str],
    pull: float,
    weights: np.ndarray | None = None,
    folds: int = FOLDS,
    names: Sequence[str] = (),
    held: np.ndarray | None = None,
    vectors: np.ndarray | None = None,
) -> Fitted:
    """A layer fitted on all examples, with the temperature that fits what was said of those held out.

    vectors: of the examples, where the nearest of them are to be heard as well.
    names: the order of the classes; those without an example are never said. held: examples that the encoder was not tuned on,
    by which alone the layer is measured; None: it was tuned on none, and all are held out in folds.
    """
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    classes = tuple(names or sorted(set(labels)))
    known = sorted({classes.index(label) for label in labels})
    of = np.array([known.index(classes.index(label)) for label in labels])
    weights = np.ones(len(of)) if weights is None else weights

    def fitted(rows: Any) -> Any:
        return LogisticRegression(C=pull, max_iter=120, tol=1e-3).fit(features[rows], of[rows], weights[rows])

    def kept_near(rows: np.ndarray) -> Neighbours | None:
        classes_of = np.array([classes.index(label) for label in labels])
        return None if vectors is None else Neighbours(*narrowed(vectors[rows]), classes_of[rows], weights[rows])

    logits = np.full((len(of), len(known)), -20.0)
    near = np.zeros((len(of), len(classes)))
    every = np.arange(len(of))
    for kept, apart in _folds(features, of, folds) if held is None else [(np.setdiff1d(every, held), held)]:
        model = fitted(kept)
        scores = model.decision_function(features[apart])
        logits[np.ix_(apart, model.classes_)] = (
            scores if scores.ndim > 1 else np.stack([-scores / 2, scores / 2], axis=1)
        )
        if vectors is not None and (others := kept_near(kept)):
            near[apart] = [others.shares(vector, len(classes)) for vector in vectors[apart]]
    rows = every if held is None else held
    temperature = min(np.arange(0.3, 4.01, 0.05), key=lambda t: _loss(logits[rows] / t, of[rows]))
    model = fitted(np.arange(len(of)))
    whole, bias = np.zeros((len(classes), features.shape[1])), np.full(len(classes), -50.0)
    two = len(known) == 2  # then one row of weights stands for the difference of both
    whole[known] = np.concatenate([-model.coef_, model.coef_]) / 2 if two else model.coef_
    bias[known] = np.concatenate([-model.intercept_, model.intercept_]) / 2 if two else model.intercept_
    held_out = np.zeros((len(rows), len(classes)))
    held_out[:, known] = softmax(logits[rows] / temperature)
    if vectors is not None:
        held_out = mixed(held_out, near[rows])
    layer = Layer(classes, whole.astype(np.float32), bias.astype(np.float32), float(temperature), kept_near(every))
    return Fitted(layer, held_out, rows)


def _folds(features: Any, of: np.ndarray, folds: int) -> Any:
    """(kept, held out) rows; in each fold all classes, where each has examples enough."""
    from sklearn.model_selection import KFold, StratifiedKFold

    rare = min(Counter(of.tolist()).values())
    made = (StratifiedKFold if rare >= folds else KFold)(folds, shuffle=True, random_state=SEED)
    return made.split(features, of)


def softmax(logits: np.ndarray) -> np.ndarray:
    import numpy as np

    raised = np.exp(logits - logits.max(1, keepdims=True))
    return raised / raised.sum(1, keepdims=True)


def _loss(logits: np.ndarray, of: np.ndarray) -> float:
    import numpy as np

    return float(-np.log(softmax(logits)[np.arange(len(of)), of] + 1e-9).mean())
