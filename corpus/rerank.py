"""The best passages put in the order of a cross-encoder, as far as the time allows.

The order changes, the scores do not: the confidence was fitted on scores without a reranker. The score of each rank stays
with the rank.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.errors import NotAvailable
from core.types import Hit
from corpus.sentence import Reranker

log = logging.getLogger(__name__)
FIRST = 30
"""How many of the best are read again."""
RANK_K = 10
"""As in the fusion of the lists: how fast a rank loses weight."""


@dataclass
class Reranking:
    """weight: how much the cross-encoder's rank counts beside the first one; budget_s: seconds for one search."""

    reranker: Reranker
    weight: float = 1.0
    budget_s: float = 2.0
    failed: str = ""

    def open(self) -> None:
        """Load the weights now; what is wrong with them is kept in `failed`."""
        try:
            self.reranker.open()
        except NotAvailable as exc:
            log.warning("no reranking: %s", exc)
            self.failed = f"{exc.message}这次不重排。{exc.hint}"

    def reordered(self, question: str, hits: list[Hit]) -> list[Hit]:
        """The hits by both ranks together; as they were where the model cannot be used."""
        if self.failed or not self.weight or len(hits) < 2:
            return hits
        self.open()
        if self.failed:
            return hits
        head = hits[:FIRST]
        try:
            scores = self.reranker.scores(question, [_read(h) for h in head], self.budget_s)
        except Exception as exc:  # torch raises its own, such as for memory; the first order stands
            log.warning("reranking failed: %s", exc)
            return hits
        return [*_merged(head[: len(scores)], scores, self.weight), *hits[len(scores) :]]


def _merged(hits: Sequence[Hit], scores: Sequence[float], weight: float) -> list[Hit]:
    """Both orders fused by reciprocal rank; equal sums keep the first order."""
    by_model = sorted(range(len(hits)), key=lambda at: (-scores[at], at))
    rank = {at: place for place, at in enumerate(by_model)}
    fused = {at: 1 / (RANK_K + at) + weight / (RANK_K + rank[at]) for at in range(len(hits))}
    order = sorted(fused, key=lambda at: (-fused[at], at))
    return [
        replace(hits[at], score=hits[place].score, parts={**hits[at].parts, "rerank": scores[at]})
        for place, at in enumerate(order)
    ]


def _read(hit: Hit) -> str:
    """What the model reads of a passage: what it is about, and its text."""
    return f"{hit.passage.title}\n{hit.passage.text}"
