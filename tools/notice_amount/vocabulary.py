"""The words of amount rules and of questions after an amount (words.yaml), as the readers look them up."""

from __future__ import annotations

import re
from collections.abc import Iterable
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
def any_of(*names: str) -> str:
    """A pattern for one word of the groups."""
    words = by_length(word for name in names for word in group(name))
    return f"(?:{'|'.join(map(re.escape, words))})"


def by_length(words: Iterable[str]) -> list[str]:
    return sorted(set(words), key=lambda word: (-len(word), word))


def has(text: str, name: str) -> bool:
    """Whether a word of a group stands in a text."""
    return any(word in text for word in group(name))


def refuses(text: str) -> bool:
    """Whether a text says that something does not count or is not given; 不含税 says so of nothing."""
    return has(re.sub(r"不含(?:增值)?税|[（(]不含[)）]", "", text), "refuses")


def last(text: str, name: str) -> str:
    """The word of a group that stands last in a text, the longest where several end there; empty if none does."""
    found = [(text.rfind(word) + len(word), len(word), word) for word in group(name) if word in text]
    return max(found)[2] if found else ""


@cache
def concepts() -> tuple[tuple[str, str, str], ...]:
    """(word, kind, concept) of what money is spent on (object) or is the sum of (deal), the longest word first."""
    rows = [
        (str(word).lower(), kind[:-1], str(concept))
        for kind in ("objects", "deals")
        for concept, words in data()[kind].items()
        for word in words
    ]
    return tuple(sorted(rows, key=lambda row: -len(row[0])))
