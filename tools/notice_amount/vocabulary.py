"""The words of amount rules and of questions after an amount (words.yaml), as the reader looks them up."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

import yaml


@cache
def data() -> dict[str, Any]:
    """The whole of words.yaml."""
    loaded: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "words.yaml").read_text("utf-8"))
    return loaded


@cache
def group(name: str) -> tuple[str, ...]:
    """The words of a group, the longest first."""
    return tuple(sorted((str(word) for word in data()[name]), key=len, reverse=True))


@cache
def any_of(name: str) -> re.Pattern[str]:
    """A pattern for one word of a group."""
    return re.compile("|".join(map(re.escape, group(name))))


def has(text: str, name: str) -> bool:
    """Whether a word of a group stands in a text."""
    return any(word in text for word in group(name))


@cache
def concepts() -> tuple[tuple[str, str], ...]:
    """(word, concept) of what money is spent on, the longest word first."""
    rows = [(str(word).lower(), str(concept)) for concept, words in data()["objects"].items() for word in words]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))
