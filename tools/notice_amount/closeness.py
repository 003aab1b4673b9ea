"""How near in meaning a piece of a question and a piece of a notice are: by the words both have, and by their vectors."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

from core.text import bare
from tools.notice_amount.likeness import with_aliases
from tools.notice_amount.tiers import tiers

if TYPE_CHECKING:
    from corpus.encoder.encoder import Encoder

_LATIN = re.compile(r"[a-z]{2,}|\d?[a-z]+\d?")
_SPOKEN = str.maketrans({"臺": "台"})


def graded(text: str) -> str:
    """The giver's or the list's level in the words that tell tiers: 市里的名单 as 市级."""
    text = re.sub(r"([2-5])[Aa](?![A-Za-z])", lambda match: "A" * int(match[1]) + "级", text)
    return re.sub(
        r"国家(?=[里上那的名目认]|$)", "国家级", re.sub(r"(?<!城)([省市区县])(?:里|上|那边|局|厅)", r"\1级", text)
    )


@lru_cache(maxsize=16384)
def marks_of(text: str) -> frozenset[str]:
    """What of a text can be the same elsewhere: pairs of characters, Latin words, tiers."""
    plain = with_aliases(graded(bare(text).translate(_SPOKEN)).lower())
    found = {f"{d}={value}" for d, values in tiers(plain).items() for value in values}
    found |= set(_LATIN.findall(plain))
    for run in re.split(r"[^\u4e00-\u9fff]+", plain):
        found |= {run[n : n + 2] for n in range(len(run) - 1)}
    return frozenset(found)


class Closeness:
    """texts: the pieces of the notice, over which it is counted what is rare."""

    def __init__(self, texts: Sequence[str], encoder: Encoder | None = None) -> None:
        self._encoder = encoder
        counts = Counter(mark for text in texts for mark in marks_of(text))
        self._rare = {mark: math.log(1 + len(texts) / count) for mark, count in counts.items()}

    def words(self, question: str, text: str) -> float:
        """The weight of what both have."""
        return sum(self._rare.get(mark, 0.0) for mark in marks_of(question) & marks_of(text))

    def weight(self, mark: str) -> float:
        return self._rare.get(mark, 1.0)

    def share(self, question: str, text: str) -> float:
        """The part of a text's weight that the question has as well."""
        own = marks_of(text)
        whole = sum(self._rare.get(mark, 1.0) for mark in own)
        return self.words(question, text) / whole if whole else 0.0

    def meaning(self, question: str, texts: Sequence[str]) -> list[float]:
        """The likeness of the vectors; zeros without a model."""
        if self._encoder is None or not texts:
            return [0.0] * len(texts)
        query = self._encoder.queries([question])[0]
        return [float(one) for one in self._encoder.vectors(list(texts)) @ query]
