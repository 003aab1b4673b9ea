"""What a message gives the list of terms to work with."""

from __future__ import annotations

from typing import Any

from tools.firm.profile import Profile
from tools.glossary.compute import exact
from tools.told import Told


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """The term that is named."""
    term = exact(told.standalone)
    return {"术语": term.term if term else ""}


def finds(told: Told, parts: int) -> bool:
    """Whether a term is named and nothing else."""
    return parts == 1 and exact(told.standalone) is not None
