"""Whether a firm's trade, as said, is one that a condition names, by the classification of industries."""

from __future__ import annotations

from core.text import squeeze
from corpus.rows import Industry
from tools import industries
from tools.conditions.vocabulary import vocabulary

_WHOLE = {"工业": ("B", "C", "D"), "制造业": ("C",)}


def is_of(said: str, name: str) -> bool | None:
    """Whether what a firm says it does is of a trade; None where that is not settled."""
    firm = industries.find(said, said=True)
    if firm is None:
        return None
    if name in _WHOLE:
        return firm.row is not None and firm.row.code.startswith(_WHOLE[name])
    wanted = industries.find(name, said=True)
    if wanted is None or wanted.generic:
        return None
    if wanted.row is None:
        return firm.row is None and firm.size.id == wanted.size.id if _names_all(name, wanted.size.sector) else None
    if firm.row is None:
        return False
    if firm.generic:
        return None
    if firm.row.code == wanted.row.code:
        return True if _is_division(name, wanted.row) or squeeze(name) in squeeze(said) or _same(firm, wanted) else None
    return None if firm.row.code in vocabulary().data["suppliers"] and wanted.row.code >= "C34" else False


def _same(firm: industries.Match, wanted: industries.Match) -> bool:
    return firm.exact and wanted.exact and firm.subsector == wanted.subsector


def _is_division(name: str, row: Industry) -> bool:
    """Whether a name is that of the whole division: 汽车制造业, 汽车制造."""
    full = row.name.partition("（")[0]
    return squeeze(name) in {squeeze(form) for form in (full, full.removesuffix("业"), full.removesuffix("制造业") + "行业")}


def _names_all(name: str, sector: str) -> bool:
    return True
