"""What a question asks of a table, learnt from the examples in corpus/utterances/tables in about a minute.

`python -m eval.train.tables` writes the file that ships; with --apart it leaves each author out in turn and tells how many
questions of theirs are right.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.tables import columns, marks
from assistant.tables.bounding import bound_features
from assistant.tables.cells import candidates
from assistant.tables.learnt import CELL, COLUMNS, OPERATION, ROLE, SHIPPED, STATE, TRUST, Learnt, write
from assistant.tables.limits import spelled
from assistant.tables.marks import Marked, marked
from assistant.tables.query import Query
from assistant.tables.read import COUNTED, MAY_COUNT, reader
from assistant.tables.sight import sight
from assistant.tables.states import STATE_FEATURES, states
from assistant.tables.table import Table
from core.text import bare
from corpus.encoder.layers import Layer
from corpus.table_questions import Question, load_asked_table, question_files
from corpus.words import lexicon
from eval.asked_tables import DAY, meant, result, same, typed
from eval.train.logistic import features_of, fit

if TYPE_CHECKING:
    import numpy as np

    from corpus.encoder.encoder import Encoder

PULL = 24.0
LEAST_REFUSED = 20
LEAST_TABLES = 3
"""A word that the questions over so many tables have is of none of them."""
_COLUMN_FOR = {
    "sum": "figure", "average": "figure", "most": "figure", "least": "figure", "share": "figure", "difference": "figure", "compare": "figure",
    "group_most": "figure", "group_least": "figure", "group_each": "figure", "group_average_most": "figure",
    "first": "day", "last": "day", "cell": "any",
}  # fmt: skip
Say = Callable[[str], None]


@dataclass(frozen=True)
class Example:
    """A question with its table and what it means."""

    table: Table
    question: Question
    truth: Query


@lru_cache(maxsize=128)
def _of_file(path: Path) -> tuple[Example, ...]:
    asked = load_asked_table(path)
    table = typed(asked)
    return tuple(Example(table, one, meant(one, asked, table)) for one in asked.asked)


def examples(paths: Sequence[Path]) -> list[Example]:
    """Every question of these files."""
    return [one for path in paths for one in _of_file(path)]


def train(paths: Sequence[Path], encoder: Encoder, say: Say = print) -> Learnt:
    """Everything that is learnt from the questions of these files, and how far it is to be trusted: by what it makes of questions
    that it has not seen.
    """
    learnt = fitted(paths, encoder, say)
    return replace(learnt, weights={**learnt.weights, TRUST: _trust(paths, encoder)})


def _trust(paths: Sequence[Path], encoder: Encoder) -> np.ndarray:
    import numpy as np

    rows, right = [], []
    apart = list(by_author(paths))
    for own, others in (
        [(own, others) for _, own, others in apart]
        if len(apart) > 1
        else [(paths[::2], paths[1::2]), (paths[1::2], paths[::2])]
    ):
        learnt = fitted(others, encoder, lambda _: None)
        for one in examples(own):
            asked = reader(one.question.q, one.table, DAY, learnt, encoder)
            said = asked.query()
            if asked.doubts:
                rows.append(asked.doubted(said))
                right.append(same(result(said, one.table), result(one.truth, one.table)))
    return _logistic(np.array(rows), np.array(right))


def fitted(paths: Sequence[Path], encoder: Encoder, say: Say = print) -> Learnt:
    """All but how far it is to be trusted."""

    found = examples(paths)
    weights: dict[str, np.ndarray] = {CELL: _cells(found)}
    layers: dict[str, Layer] = {ROLE: role} if (role := _roles(found)) else {}
    learnt = Learnt(encoder.meaning_id, layers, weights, frozenset())
    read = [marked(one.question.q, one.table, DAY, learnt) for one in found]
    learnt = replace(learnt, common=_common(paths, found, read))
    weights |= {name: _columns(name, found, read, encoder) for name in COLUMNS if name != "bound"}
    weights["bound"] = _bounds(found, read, encoder)
    weights[STATE] = _states(found, read, encoder, learnt)
    layers[OPERATION] = operation_layer(found, read, encoder, learnt, say)
    say(f"{len(found)} 个问题，{len(paths)} 张表。")
    return learnt


def operation_layer(
    found: Sequence[Example], read: Sequence[Marked], encoder: Encoder, learnt: Learnt, say: Say
) -> Layer:
    """The layer of the operations, on the questions with signs for what they give."""
    import numpy as np

    seen = [sight(one, example.table, encoder, learnt) for one, example in zip(read, found, strict=True)]
    texts = [one.text for one in seen]
    vectors = np.stack([one.vector for one in seen])
    labels = [_label(one.truth) for one in found]
    layer = fit(features_of(vectors, texts), labels, PULL, folds=3)
    said = np.array(layer.layer.names)[layer.held_out.argmax(1)]
    say(f"操作：{(said == np.array(labels)).mean():.1%} 对（没用来学的问题）。")
    return layer.layer


def _label(truth: Query) -> str:
    return truth.operation + (COUNTED if truth.operation in MAY_COUNT and truth.column is None else "")


def _common(paths: Sequence[Path], found: Sequence[Example], read: Sequence[Marked]) -> frozenset[str]:
    """The words that the questions over several tables have beside what they give of them."""
    tables: dict[str, set[int]] = defaultdict(set)
    for one, asked in zip(found, read, strict=True):
        for word in lexicon().cut(asked.rest()):
            tables[word].add(id(one.table))
    return frozenset(word for word, own in tables.items() if len(own) >= LEAST_TABLES)


# ---- cells


def _given(one: Example) -> tuple[set[tuple[int, str]], set[tuple[int, str]]]:
    """The cells that a question means: those that rows have, those that they have not."""
    chosen, refused = set[tuple[int, str]](), set[tuple[int, str]]()
    for condition in one.truth.where:
        at = condition.column
        for value in condition.values:
            if condition.relation == "has":
                chosen |= {(at, cell) for cell in one.table.distinct[at] if str(value) in cell}
            elif condition.relation in {"=", "in", "!="} and isinstance(value, str):
                (refused if condition.relation == "!=" else chosen).add((at, value))
    return chosen, refused


def _cells(found: Sequence[Example]) -> np.ndarray:
    import numpy as np

    rows, labels = [], []
    for one in found:
        chosen, refused = _given(one)
        for each in candidates(spelled(bare(one.question.q)), one.table):
            rows.append(each.features)
            labels.append((each.column, each.value) in chosen | refused)
    return _logistic(np.array(rows), np.array(labels))


def _logistic(rows: np.ndarray, labels: np.ndarray) -> np.ndarray:
    import numpy as np
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=1.0, max_iter=2000).fit(rows, labels)
    return np.append(model.coef_[0], model.intercept_[0]).astype(np.float32)


def _roles(found: Sequence[Example]) -> Layer | None:
    """What tells a cell that is meant from one that is left out; None where there are too few of the latter."""
    import numpy as np

    texts, labels = [], []
    for one in found:
        chosen, refused = _given(one)
        asked = spelled(bare(one.question.q))
        for each in candidates(asked, one.table):
            if (each.column, each.value) in chosen | refused:
                texts.append(marks.around(asked, each.start, each.end))
                labels.append("refused" if (each.column, each.value) in refused else "chosen")
    if labels.count("refused") < LEAST_REFUSED:
        return None
    return fit(features_of(np.zeros((len(texts), 0)), texts), labels, 100.0, folds=3).layer


# ---- columns: which of several, so that what speaks for each is weighed against the others


def _choice(groups: Sequence[tuple[np.ndarray, int]], pull: float = 0.004) -> np.ndarray:
    """Weights by which the right row of each group has the highest score: a conditional logistic regression."""
    import numpy as np
    from scipy.optimize import minimize

    width = groups[0][0].shape[1]
    rows = np.concatenate([rows for rows, _ in groups])
    starts = np.cumsum([0, *(len(rows) for rows, _ in groups[:-1])])
    right = starts + np.array([at for _, at in groups])
    sizes = np.array([len(rows) for rows, _ in groups])

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        score = rows @ weights
        top = np.repeat(np.maximum.reduceat(score, starts), sizes)
        raised = np.exp(score - top)
        whole = np.repeat(np.add.reduceat(raised, starts), sizes)
        share = raised / whole
        value = -np.log(share[right] + 1e-12).mean() + pull * (weights @ weights) / 2
        share[right] -= 1
        return float(value), rows.T @ share / len(groups) + pull * weights

    best = minimize(loss, np.zeros(width), jac=True, method="L-BFGS-B")
    return np.append(best.x, 0.0).astype(np.float32)


def fit_for(name: str, table: Table) -> list[int]:
    """The columns that may be looked for so."""
    every = list(range(len(table.typed.names)))
    return {"figure": table.numeric, "day": table.dated, "any": every, "group": table.grouping}[name]


def _columns(name: str, found: Sequence[Example], read: Sequence[Marked], encoder: Encoder) -> np.ndarray:
    groups = []
    for one, asked in zip(found, read, strict=True):
        if name == "group":
            right = one.truth.by
        else:
            right = one.truth.column if _COLUMN_FOR.get(one.truth.operation) == name else None
        among = fit_for(name, one.table)
        if right is None or right not in among:
            continue
        rows = columns.features(asked.rest(), one.table, encoder)[among]
        groups.append((rows, among.index(right)))
    return _choice(groups)


def _bounds(found: Sequence[Example], read: Sequence[Marked], encoder: Encoder) -> np.ndarray:
    """Which column a bound is of: by what stands around it, its unit, and whether it lies among the column's figures."""
    groups = []
    for one, asked in zip(found, read, strict=True):
        for bound in asked.bounds:
            among, rows, values = bound_features(asked, bound, one.table, encoder)
            right = [
                at
                for at, column in enumerate(among)
                for each in one.truth.where
                if each.column == column and values[at] in each.values
            ]
            if len(right) == 1:
                groups.append((rows, right[0]))
    return _choice(groups)


# ---- states: cells that a question means by other words


def _states(found: Sequence[Example], read: Sequence[Marked], encoder: Encoder, learnt: Learnt) -> np.ndarray:
    import numpy as np

    groups = []
    for one, asked in zip(found, read, strict=True):
        chosen, refused = _given(one)
        for at, ways, rows in states(asked, one.table, encoder):
            right = [k for k, (cell, left_out) in enumerate(ways, 1) if (at, cell) in (refused if left_out else chosen)]
            if len(right) <= 1:
                none = np.zeros((1, STATE_FEATURES), dtype=np.float32)
                none[0, 0] = 1
                groups.append((np.concatenate([none, rows]), right[0] if right else 0))
    return _choice(groups, 0.005)


def by_author(paths: Sequence[Path]) -> Iterator[tuple[str, list[Path], list[Path]]]:
    """Each author's files with those of the others; a file's name begins with its author's."""
    authors = sorted({path.name.split("_")[0] for path in paths})
    for author in authors:
        own = [path for path in paths if path.name.split("_")[0] == author]
        yield author, own, [path for path in paths if path not in own]


def main() -> None:
    from corpus.encoder.encoder import built_in
    from eval.asked_tables import report, scored

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--apart", action="store_true", help="leave each author out in turn, write nothing")
    args = parser.parse_args()
    encoder, paths = built_in(), question_files()
    if not args.apart:
        write(SHIPPED, train(paths, encoder))
        print(f"已写入 {SHIPPED}")
        return
    for author, own, others in by_author(paths):
        learnt = train(others, encoder)
        print(f"\n{author}：")
        report(list(scored(own, learnt=(learnt, encoder))))


if __name__ == "__main__":
    main()
