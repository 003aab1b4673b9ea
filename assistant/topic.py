"""What a conversation is about, folded from its turns."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from assistant.history import Turn
from tools.firm.profile import Profile, extract


def known_of(turns: Sequence[Turn], profile: Profile | None = None) -> Profile:
    """What the conversation so far has told of the firm, on top of a given profile."""
    known = profile or Profile()
    for turn in turns:
        known = _extracted(turn.question, known)
    return known


_extracted = lru_cache(maxsize=512)(extract)
"""A conversation is gone through again at each of its turns."""
