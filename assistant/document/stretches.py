"""The stretches of a clause that set a day each: of "申请截止7月20日，银行汇总7月28日" two."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from assistant.document.clauses import Clause
from assistant.document.days import last_of

_NAME = re.compile(r"[^：:，,；;。]{1,24}[：:]")
"""What a row, an item of a list or a step is called."""


def stretches(clause: Clause, published: date | None, from_day: date | None = None) -> list[Clause]:
    """A clause by its stretches that set a day, each under the name of the whole; the clause itself where it sets one, none where none.

    published: the day of the notice, for a year that is left out; from_day: what days are counted from.
    """
    found = list(_cut(clause.text, published, from_day))
    if len(found) < 2:
        return [clause] * len(found)
    name = _NAME.match(clause.text)
    lead = name[0] if name and not last_of(name[0], published, from_day) else ""
    return [replace(clause, text=text if text.startswith(lead) else f"{lead}{text}") for text in found]


def _cut(text: str, published: date | None, from_day: date | None) -> Iterator[str]:
    """Pieces that set a day each, with what stands before and sets none; what stands behind, up to a strong stop, too."""
    held = ""
    dated = False
    for part in re.split(r"(?<=[；;。，,])", text):
        if dated and (re.search(r"[；;。]\s*$", held) or last_of(part, published, from_day)):
            yield held.strip()
            held, dated = "", False
        held += part
        dated = dated or last_of(part, published, from_day) is not None
    if dated:
        yield held.strip()
