"""Fits the weights of the confidence (assistant/guard.py, MODEL) on question files: `python -m eval.calibrate FILE…`.

A logistic model whose signs are fixed beforehand, so that no feature may count against what it stands for. It prints how many
unanswerable questions are refused at each rate of false refusals (ten-fold cross-validation) and the weights, with the
intercept moved so that 0.5 is the cut for the wanted rate.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from assistant.build import build_assistant
from assistant.chat import Assistant
from assistant.guard import features, signs
from assistant.question import read
from eval.questions import Qa, Unanswerable, bundled_files, read_questions

POSITIVE = ("score", "passage", "dense", "concepts", "named", "focus", "held", "claims")
NEGATIVE = ("lost", "unknown", "year", "name", "value")
RIDGE = 0.0005
FOLDS = 10
RATES = (0.02, 0.03, 0.04, 0.05, 0.08)


def main(arguments: Sequence[str] | None = None) -> int:
    """Read, fit, print."""
    parser = argparse.ArgumentParser(prog="python -m eval.calibrate", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rate", type=float, default=0.03, help="wanted rate of false refusals")
    args = parser.parse_args(arguments)
    names, rows, answerable = examples(build_assistant(remember=False), args.files or bundled_files())
    for line in fitted(names, rows, answerable, args.rate):
        print(line)
    return 0


def examples(assistant: Assistant, files: Sequence[Path]) -> tuple[list[str], Any, Any]:
    """(feature names, matrix questions × features, whether each has an answer) of all single-turn questions."""
    import numpy as np

    rows, labels, names = [], [], list[str]()
    for row in (row for path in files for row in read_questions(path)):
        if len(row.turns) > 1 or not isinstance(row, (Qa, Unanswerable)):
            continue
        query = assistant.retriever.analyse(row.question)
        hits = assistant.retriever.search(row.question, 8, assistant.filters(None), query)
        if hits and query.concepts:
            question = read(row.question)
            found = features(question, query, hits, signs(question, query, hits))
            names = list(found)
            rows.append(list(found.values()))
            labels.append(isinstance(row, Qa) or row.expect != "refuse")
    return names, np.array(rows), np.array(labels)


def fitted(names: Sequence[str], rows: Any, answerable: Any, rate: float) -> list[str]:
    """The report: refusals at each rate of false refusals, then the weights for the wanted rate."""
    import numpy as np

    fold = np.random.RandomState(0).randint(0, FOLDS, len(rows))
    values = np.zeros(len(rows))
    for part in range(FOLDS):
        weights = _fit(names, rows[fold != part], answerable[fold != part])
        values[fold == part] = rows[fold == part] @ weights
    yes, no = values[answerable], values[~answerable]
    lines = [f"有答案 {len(yes)} 题，没有答案 {len(no)} 题"]
    lines += [f"误拒 {r:.0%} 时拒对 {(no < np.quantile(yes, r)).mean():.1%}" for r in RATES]
    weights = _fit(names, rows, answerable)
    weights[names.index("one")] -= np.quantile(yes, rate)
    return [*lines, "{" + ", ".join(f'"{n}": {w:.2f}' for n, w in zip(names, weights, strict=True)) + "}"]


def _fit(names: Sequence[str], rows: Any, answerable: Any) -> Any:
    import numpy as np
    from scipy.optimize import minimize

    def loss(weights: Any) -> tuple[float, Any]:
        value = rows @ weights
        penalty = np.where(np.array(names) == "one", 0.0, weights)
        chance = 1 / (1 + np.exp(-value))
        total = np.logaddexp(0, np.where(answerable, -value, value)).mean() + RIDGE * (penalty**2).sum() / 2
        return float(total), rows.T @ (chance - answerable) / len(rows) + RIDGE * penalty

    bounds = [(0, None) if n in POSITIVE else (None, 0) if n in NEGATIVE else (None, None) for n in names]
    return minimize(loss, np.zeros(len(names)), jac=True, bounds=bounds, method="L-BFGS-B").x


if __name__ == "__main__":
    sys.exit(main())
