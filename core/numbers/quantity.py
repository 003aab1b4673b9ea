"""A quantity as it stands in a text."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Quantity:
    """A figure of a text with what it measures. low, high: equal where one value is said; high is inf for 300人以上.

    kind: money (万元), foreign (万 of `unit`), price (元, for one piece or one month), people, share (%), points (百分点), times (倍),
    power (kW), duration (in `unit`), date, count (of `unit`), number (without unit).
    approximate: said roughly (三十来人, 不到300). sure: False where the words may mean another value or another thing.
    unusual: written in a way that is easily read wrong, so that it is repeated back. marked: money with 元 or a currency sign.
    """

    start: int
    end: int
    words: str
    low: float
    high: float
    nominal: float
    kind: str = "number"
    unit: str = ""
    approximate: bool = False
    sure: bool = True
    unusual: bool = False
    marked: bool = False

    @property
    def ranged(self) -> bool:
        """Whether two ends were said: 290~310人, 三四十人."""
        return self.low != self.high and math.isfinite(self.high)

    @property
    def exact(self) -> bool:
        return self.low == self.high and self.sure and not self.approximate
