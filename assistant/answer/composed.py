"""A finished answer made without a language model."""

from __future__ import annotations

from dataclasses import dataclass

from core.types import Citation, Hit


@dataclass(frozen=True)
class Composed:
    """A finished composed answer. evidence: the hits it stands on, best first. fixed: no model may word it anew."""

    text: str
    citations: tuple[Citation, ...]
    evidence: tuple[Hit, ...]
    refused: bool = False
    suggestions: tuple[str, ...] = ()
    fixed: bool = False
