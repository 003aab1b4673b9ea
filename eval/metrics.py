"""The scoring rules: matching of facts and evidence, ratios, ranks, percentiles, calibration.

Source of the rules: the question files' README, section 计分. A ratio over nothing is None, never 0.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from core.text import normalise

Facts = Sequence[Sequence[str]]
BINS = 10
_DASHES = re.compile(r"[\u2010-\u2015\u2212\u301c~\-]+")
_REFERENCES = ("\n\n出处 ", "\n\nSource ")


def fold_fact(text: str) -> str:
    """A text as facts are matched in it.

    No thousands commas, half width, lower case, no white space, no bold marks, one kind of dash.
    """
    text = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", text)
    text = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text).lower()).replace("**", "")
    return re.sub(r"(?<=[\d%])[至到](?=\d)", "-", _DASHES.sub("-", text))


def has_fact(wording: str, folded: str) -> bool:
    """Whether a folded text holds a wording; a number's ends must not run on, so that 51 is not found in 51.2%."""
    wanted = fold_fact(wording)
    if not wanted:
        return False
    pattern = re.escape(wanted)
    if wanted[0].isdigit():
        pattern = r"(?<![\d.])" + pattern
    if wanted[-1].isdigit():
        pattern += r"(?!\.?\d|[%万亿])"
    return re.search(pattern, folded) is not None


def facts_found(facts: Facts, answer: str) -> tuple[bool, ...]:
    """For each point, whether any of its wordings stands in the answer."""
    folded = fold_fact(answer)
    return tuple(any(has_fact(wording, folded) for wording in wordings) for wordings in facts)


def fold_evidence(text: str) -> str:
    """A text as evidence is looked for in it: folded as ingestion folds it, without any white space."""
    return re.sub(r"\s+", "", normalise(text)).replace("**", "")


def evidence_rank(evidence: Sequence[str], texts: Sequence[str], every: bool) -> int | None:
    """The smallest k so that the first k texts hold the evidence (any piece, or every piece); None where they don't.

    A piece must stand whole in one text; with `every`, pieces may stand in different texts.
    """
    folded = [fold_evidence(t) for t in texts]
    ranks = [next((n for n, t in enumerate(folded, 1) if fold_evidence(piece) in t), None) for piece in evidence]
    found = [r for r in ranks if r is not None]
    if not found or (every and len(found) < len(ranks)):
        return None
    return max(found) if every else min(found)


def recall_at(k: int, ranks: Sequence[int | None]) -> float | None:
    """Share of questions whose evidence stands in the first k texts."""
    return ratio(sum(r is not None and r <= k for r in ranks), len(ranks))


def ratio(part: float, whole: float) -> float | None:
    """part / whole; None where there is nothing to divide by."""
    return part / whole if whole else None


def answer_body(text: str) -> str:
    """An answer without the block of references that follows it."""
    at = max(text.rfind(mark) for mark in _REFERENCES)
    return text[:at] if at >= 0 else text


def percentile(values: Iterable[float], share: float) -> float | None:
    """The value below which `share` (0-1) of the values lie, interpolated between neighbours."""
    ordered = sorted(values)
    if not ordered:
        return None
    at = (len(ordered) - 1) * share
    low = int(at)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (at - low)


@dataclass(frozen=True)
class Bin:
    """One row of the reliability table: answers whose confidence lies in [low, high)."""

    low: float
    high: float
    count: int
    confidence: float
    correct: float


def reliability(pairs: Iterable[tuple[float, bool]], bins: int = BINS) -> list[Bin]:
    """(confidence, correct) by confidence; empty bins are left out."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, correct in pairs:
        rows[min(int(confidence * bins), bins - 1)].append((confidence, correct))
    return [
        Bin(n / bins, (n + 1) / bins, len(row), sum(c for c, _ in row) / len(row), sum(ok for _, ok in row) / len(row))
        for n, row in enumerate(rows)
        if row
    ]


def brier(pairs: Sequence[tuple[float, bool]]) -> float | None:
    """Mean squared distance of confidence from the outcome (Brier, 1950); 0 is best, always saying 0.5 gives 0.25."""
    return ratio(sum((confidence - correct) ** 2 for confidence, correct in pairs), len(pairs))
