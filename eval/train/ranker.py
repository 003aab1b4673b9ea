"""Fit the weights of the ranking: `python -m eval.train.ranker [--keep] [FILE…]`; run eval/train/vectors.py before.

Softmax regression over the candidates of each question: of one question of every third card, which is left out of the index
as it is left out of the encoder's training (eval/train/examples.py), and of the question sets of ours. What no part may count
against is bounded. It prints what each part is worth: what is lost in held-out questions without it, with all others fitted anew.
FILEs are question sets that are only measured.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from core.settings import load_settings
from core.types import Hit
from corpus.encoder.encoder import FOLDER, Encoder
from corpus.index import Index
from corpus.ranker import FILE, weights_of, write_weights
from corpus.retrieve import Retriever
from eval.metrics import facts_found
from eval.questions import Qa, bundled_files, read_questions
from eval.train.examples import load_examples, split
from eval.train.left_out import knowledge_without
from eval.train.looking import asked_of

AGAINST = ("near_miss",)
"""Parts whose weight is not above 0; all others' is not below."""
NOT_A_PART = ("margin", "rerank")
RIDGE = 3e-4
FOLDS = 5
DEPTHS = (1, 3, 5, 10)
CANDIDATES = 40
WORTH = 0.001
"""A part is dropped where the mean reciprocal rank of held-out questions falls by no more than this without it."""
LEAST = {"place": 1.0, "source": 2.5, "published": 0.4, "near_miss": -0.5}
"""Parts that count at least so much: what another place or document says is no answer, and few of the questions try it; of two
cards that would do, the one from a document goes first, and the one that says that it does not answer goes last.
"""


@dataclass(frozen=True)
class Ranked:
    """One question's candidates. parts: a row a candidate, a column a part; right: which of them answer; group: of questions."""

    group: str
    parts: np.ndarray
    right: np.ndarray
    facts: np.ndarray | None = None


def main(arguments: Sequence[str] | None = None) -> int:
    """Gather, fit, print, and write the file."""
    parser = argparse.ArgumentParser(prog="python -m eval.train.ranker", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--keep", action="store_true", help="measure only, do not write the weights")
    args = parser.parse_args(arguments)
    names, rows = gathered([*bundled_files(), *args.files])
    sets = {"cards", "asked", *(path.stem for path in bundled_files())}
    table = Table.of([row for row in rows if row.group in sets])
    kept = _worth_keeping(names, table)
    columns = [names.index(name) for name in kept]
    rows = [replace(row, parts=row.parts[:, columns]) for row in rows]
    fitting = [row for row in rows if row.group in sets]
    weights = dict(zip(kept, map(float, fit(kept, Table.of(fitting)).round(2)), strict=True))
    for line in (str(weights), *report(kept, rows, fitting)):
        print(line, flush=True)
    if not args.keep:
        write_weights(FOLDER / FILE, weights_of(weights), {"questions": len(fitting), "encoder": Encoder().id})
    return 0


def gathered(files: Sequence[Path]) -> tuple[list[str], list[Ranked]]:
    """The candidates of every question, from an index of the cards without the held-out questions."""
    _, held = split(load_examples())
    with tempfile.TemporaryDirectory() as folder:
        corpus = knowledge_without({text for text, _ in (*held.pairs, *held.asked)}, Path(folder) / "corpus")
        retriever = Retriever(Index(load_settings().model_copy(update={"home": Path(folder) / "home"}), corpus))
        cards = [card.id for card in load_examples().cards]
        rows, names = [], list[str]()
        for question, at in held.pairs:
            hits = retriever.search(question, CANDIDATES)
            names = names or sorted(hits[0].parts.keys() - {*NOT_A_PART})
            rows.append(_of_card(names, hits, cards[at]))
        for text, at in held.asked:
            query = asked_of(retriever, text)
            rows.append(_of_card(names, retriever.search(query.text, CANDIDATES, query=query), cards[at], "asked"))
        for path in files:
            asked = [row for row in read_questions(path) if isinstance(row, Qa) and row.facts and len(row.turns) == 1]
            rows += [_of_facts(names, retriever.search(q.question, CANDIDATES), q, path.stem) for q in asked]
    return names, rows


def _matrix(names: Sequence[str], hits: Sequence[Hit]) -> np.ndarray:
    return np.array([[hit.parts.get(name, 0.0) for name in names] for hit in hits], dtype=np.float64)


def _of_card(names: Sequence[str], hits: Sequence[Hit], card: str, group: str = "cards") -> Ranked:
    return Ranked(group, _matrix(names, hits), np.array([hit.passage.passage_id == card for hit in hits]))


def _of_facts(names: Sequence[str], hits: Sequence[Hit], question: Qa, group: str) -> Ranked:
    """The candidates that hold most of the facts asked for count as right."""
    facts = np.array([facts_found(question.facts, hit.passage.text) for hit in hits])
    shares = facts.mean(axis=1)
    best = shares.max(initial=0.0)
    return Ranked(group, _matrix(names, hits), (shares == best) & (best >= 0.5), facts)


@dataclass(frozen=True)
class Table:
    """Many questions at once. parts: (questions, candidates, parts), rows of 0 where a question has fewer; right, there: masks."""

    parts: np.ndarray
    right: np.ndarray
    there: np.ndarray

    @classmethod
    def of(cls, rows: Sequence[Ranked]) -> Table:
        shape = (len(rows), CANDIDATES)
        parts = np.zeros((*shape, rows[0].parts.shape[1]))
        right, there = np.zeros(shape, dtype=bool), np.zeros(shape, dtype=bool)
        for at, row in enumerate(rows):
            count = len(row.parts)
            parts[at, :count], right[at, :count], there[at, :count] = row.parts, row.right, True
        return cls(parts, right, there)

    def only(self, questions: Any) -> Table:
        return Table(self.parts[questions], self.right[questions], self.there[questions])

    def without(self, column: int) -> Table:
        return Table(np.delete(self.parts, column, axis=2), self.right, self.there)

    def scores(self, weights: np.ndarray) -> np.ndarray:
        return np.where(self.there, self.parts @ weights, -np.inf)


def fit(names: Sequence[str], table: Table) -> np.ndarray:
    """The weights by part: the most likely ones, with a little ridge."""
    from scipy.optimize import minimize

    usable = table.only(table.right.any(axis=1))
    bounds = [(None, LEAST.get(name, 0)) if name in AGAINST else (LEAST.get(name, 0), None) for name in names]

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        """Minus the log of how likely a right candidate is the first, in the mean; and its slope."""
        scores = usable.scores(weights)
        chance = np.exp(scores - scores.max(axis=1, keepdims=True))
        right = chance * usable.right
        all_, own = chance.sum(axis=1, keepdims=True), right.sum(axis=1, keepdims=True)
        slope = np.einsum("qc,qcp->p", chance / all_ - right / own, usable.parts) / len(own)
        return float(np.log(all_ / own).mean()) + RIDGE * float(weights @ weights) / 2, slope + RIDGE * weights

    found: Any = minimize(
        loss, np.array([LEAST.get(name, 0.0) for name in names]), jac=True, bounds=bounds, method="L-BFGS-B"
    )
    return found.x


def _worth_keeping(names: list[str], table: Table) -> list[str]:
    """Drop part after part without which held-out questions are ranked no worse; the names that are left."""
    value = _held_out(names, table)
    print(f"with all: mean reciprocal rank {value:.4f}", flush=True)
    while True:
        tried = {n: _held_out([o for o in names if o != n], table.without(at)) for at, n in enumerate(names)}
        told = sorted(tried.items(), key=lambda pair: -pair[1])
        print("  without " + "  ".join(f"{n} {other - value:+.4f}" for n, other in told), flush=True)
        name, other = next(pair for pair in told if pair[0] not in LEAST)
        if value - other > WORTH:
            return names
        print(f"dropped {name}", flush=True)
        at = names.index(name)
        names, table, value = [n for n in names if n != name], table.without(at), max(other, value)


def _held_out(names: Sequence[str], table: Table) -> float:
    """The mean reciprocal rank of the first right one, each fold with weights fitted on the others."""
    ranks = []
    for part, weights in _folds(names, table):
        own = table.only(part)
        scores = own.scores(weights)
        best = np.where(own.right, scores, -np.inf).max(axis=1, keepdims=True)
        ranks.append(np.where(own.right.any(axis=1), 1 / np.maximum((scores >= best).sum(axis=1), 1), 0.0))
    return float(np.concatenate(ranks).mean())


def _folds(names: Sequence[str], table: Table) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """For each fold the positions of its questions, and the weights fitted on the others."""
    fold = np.random.default_rng(7).integers(0, FOLDS, len(table.right))
    for part in range(FOLDS):
        yield np.flatnonzero(fold == part), fit(names, table.only(np.flatnonzero(fold != part)))


def report(names: Sequence[str], rows: Sequence[Ranked], fitting: Sequence[Ranked]) -> list[str]:
    """Recall by group: of what was fitted on by cross-validation, of the rest with the weights fitted on all."""
    table, weights = Table.of(fitting), fit(names, Table.of(fitting))
    scored = [(fitting[at], w) for part, w in _folds(names, table) for at in part]
    scored += [(row, weights) for row in rows if not any(row is own for own in fitting)]
    lines = []
    for group in dict.fromkeys(row.group for row, _ in scored):
        own = [pair for pair in scored if pair[0].group == group]
        shares = [np.mean([_found(row, weights, depth) for row, weights in own]) for depth in DEPTHS]
        lines.append(
            f"{group} ({len(own)}): " + "  ".join(f"@{d} {s:.3f}" for d, s in zip(DEPTHS, shares, strict=True))
        )
    return lines


def _found(row: Ranked, weights: np.ndarray, depth: int) -> float:
    """The share of the facts in the first passages; for a card's question whether the card is among them."""
    best = np.argsort(-(row.parts @ weights), kind="stable")[:depth]
    if row.facts is None:
        return float(row.right[best].any())
    return float(row.facts[best].any(axis=0).mean())


if __name__ == "__main__":
    sys.exit(main())
