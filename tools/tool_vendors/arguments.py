"""What a message gives the ranking of tools to work with."""

from __future__ import annotations

import re
from typing import Any

from corpus.words import lexicon
from tools.firm.profile import Profile
from tools.told import Told
from tools.tool_vendors.compute import find, vendors


def arguments(told: Told, known: Profile) -> dict[str, Any]:
    """The kinds of tool that are named."""
    rows = [row for part in re.split(r"[和与跟、，,及]|\band\b", told.standalone) for row in find(part)]
    return {"工具": "、".join(dict.fromkeys(row.abbreviation or row.tool for row in rows))}


def finds(told: Told, parts: int) -> bool:
    """Whether a kind of tool is named and no name that is none of its vendors."""
    if not find(told.standalone):
        return False
    return not any(name in told.standalone for name in lexicon().names - vendors())
