"""The runs of one to three characters of a message, as numbers: what the encoder's vector leaves out of the very words."""

from __future__ import annotations

import math
import zlib
from collections import Counter

BUCKETS = 8192
"""Into how many numbers runs are counted; a run's number is its CRC-32, the same on every machine."""
LONGEST = 3
WEIGHT = 1.0
"""How much all runs together count beside the encoder's vector, whose length is 1."""
SIGN = 1 << 31


def runs_of(text: str) -> dict[int, float]:
    """Bucket → value of a message's runs of characters, of length WEIGHT together; lower case, spaces as they stand."""
    said = text.lower()
    counts = Counter(said[at : at + size] for size in range(1, LONGEST + 1) for at in range(len(said) - size + 1))
    found: dict[int, float] = {}
    for run, count in counts.items():
        code = zlib.crc32(run.encode("utf-8", "replace"))
        bucket = code % BUCKETS
        found[bucket] = found.get(bucket, 0.0) + (count if code & SIGN else -count)
    length = math.sqrt(sum(value * value for value in found.values()))
    return {bucket: WEIGHT * value / length for bucket, value in found.items()} if length else {}
