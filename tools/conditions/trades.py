"""Whether a firm's trade, as said, is one that a condition names, by the classification of industries."""

from __future__ import annotations

from core.text import squeeze
from tools.conditions.vocabulary import vocabulary
from tools.firm import industries

_WHOLE = {"工业": ("B", "C", "D"), "制造业": ("C",)}


def is_of(said: str, name: str) -> bool | None:
    """Whether what a firm says it does is of a trade; None where that is not settled."""
    firm = industries.find(said, said=True)
    if firm is None:
        return None
    if name in _WHOLE:
        return firm.row is not None and firm.row.code.startswith(_WHOLE[name])
    wanted = industries.find(name, said=True)
    if (code := _division(name, wanted)) is not None:
        return firm.row is not None and (None if firm.generic else firm.row.code == code)
    if wanted is None or wanted.generic:
        return None
    named = squeeze(name) in squeeze(said)
    if wanted.row is None:
        return _of_service(firm, wanted, name) if not named else firm.row is None or None
    if firm.row is None:
        return None if named else False
    if firm.generic:
        return None
    if firm.row.code == wanted.row.code:
        return True if named or _same(firm, wanted) else None
    return None if firm.row.code in vocabulary().data["suppliers"] and wanted.row.code >= "C34" else False


def is_service(name: str) -> bool:
    """Whether a name is that of a trade outside industry: 批发, 零售."""
    found = industries.find(name, said=True)
    return found is not None and found.row is None


def _of_service(firm: industries.Match, wanted: industries.Match, name: str) -> bool | None:
    """A trade outside industry: its whole sector by name, or a part of it, which other firms may do beside their own."""
    sector = wanted.size_name
    whole = squeeze(name) in {squeeze(form) for form in (sector, sector.removesuffix("业"))}
    same = firm.row is None and firm.size.id == wanted.size.id
    if whole:
        return same
    short = next((name.removesuffix(end) for end in ("企业", "行业", "业") if name.endswith(end)), name)
    return False if not same and short in vocabulary().data["plain_trades"] else None


def _same(firm: industries.Match, wanted: industries.Match) -> bool:
    return firm.exact and wanted.exact and firm.subsector == wanted.subsector


def _division(name: str, wanted: industries.Match | None) -> str | None:
    """The code of the division that a name stands for as a whole: 汽车制造业, 电子信息制造业."""
    for code, names in vocabulary().data["divisions"].items():
        if name in names:
            return str(code)
    if wanted is None or wanted.row is None:
        return None
    full = wanted.row.name.partition("（")[0]
    forms = {full, full.removesuffix("业"), full.removesuffix("制造业") + "行业"}
    return wanted.row.code if squeeze(name) in {squeeze(form) for form in forms} else None
