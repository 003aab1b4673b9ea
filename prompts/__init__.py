"""Every prompt as a file, loaded by name."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path

_SLOT = re.compile(r"\{\{(\w+)\}\}")


@lru_cache
def load(name: str) -> str:
    """The text of one prompt file, without the line end that closes it."""
    return (Path(__file__).parent / f"{name}.md").read_text("utf-8").rstrip("\n")


def fill(name: str, **values: str) -> str:
    """A prompt with its {{slots}} filled in one pass, so that a value which looks like a slot stays text."""
    return _SLOT.sub(lambda slot: values[slot[1]], load(name))
