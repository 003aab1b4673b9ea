"""The size classes that a firm may be of, as far as its industry, figures and words tell."""

from __future__ import annotations

from collections.abc import Mapping

from corpus.rows import SizeSector
from corpus.tables import load_tables
from tools.conditions.firm import Span
from tools.firm import industries
from tools.size_class.rule import CLASSES, classify

_INDICATORS = ("employees", "revenue_wan", "assets_wan")


def possible_sizes(industry: str, figures: Mapping[str, Span], said: frozenset[str] = frozenset()) -> frozenset[str]:
    """Classes that figures and words leave, empty where nothing is known or where they contradict each other.

    An industry that is not known may be any: what is possible in one of them is possible.
    Source: 统计上大中小微型企业划分办法（2017）.
    """
    given = {name: figures[name] for name in _INDICATORS if name in figures}
    if not given:
        return said
    found = industries.find(industry, said=True) if industry else None
    if industry and (found is None or not isinstance(found.size, SizeSector)):
        return said
    sectors = [found.size] if found and isinstance(found.size, SizeSector) else load_tables().size_sectors
    left = frozenset().union(*(_of_sector(sector, given) for sector in sectors))
    if len(left) == len(CLASSES):
        return said
    return left & said if said else left


def _of_sector(sector: SizeSector, given: Mapping[str, Span]) -> frozenset[str]:
    best = classify(sector, {name: span.high for name, span in given.items()}).best
    worst = classify(sector, {name: span.low for name, span in given.items()}).worst
    return frozenset(CLASSES[best : worst + 1])
