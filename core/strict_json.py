"""JSON as its standard has it: Python's own reader also takes NaN and Infinity, and makes infinity of 1e999."""

from __future__ import annotations

import json
import math
from typing import Any


def loads(text: str | bytes) -> Any:
    """What a JSON text says. Raises ValueError, also for numbers that are none, and RecursionError."""
    return json.loads(text, parse_constant=_refused, parse_float=_finite)


def _refused(word: str) -> Any:
    raise ValueError(f"{word} is no JSON")


def _finite(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise ValueError(f"{digits[:40]} is too large")
    return number
