"""How sure a ratio over few questions is: percentile bootstrap over the questions (Efron, 1979)."""

from __future__ import annotations

import random
from collections.abc import Sequence

DRAWS = 1000
SEED = 7
SHARE = 0.95


def interval(values: Sequence[float], share: float = SHARE) -> tuple[float, float] | None:
    """Between which means `share` of the drawn samples lie; None without values. values: one a question, 0-1."""
    if not values:
        return None
    draw, size = random.Random(SEED), len(values)
    means = sorted(sum(draw.choices(values, k=size)) / size for _ in range(DRAWS))
    outside = (1 - share) / 2
    return means[round(outside * (DRAWS - 1))], means[round((1 - outside) * (DRAWS - 1))]
