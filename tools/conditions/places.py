"""Places in a clause, and whether a firm lies in one."""

from __future__ import annotations

from collections.abc import Iterator

from corpus.places import NAMED, places
from corpus.regions import by_name
from tools.region import Place, bare_name


def places_in(text: str) -> Iterator[tuple[int, int, Place]]:
    """(start, end, place) of each place that a text names and of which it is known which is meant."""
    for found in places(text):
        if not found.certain or found.strength < NAMED:
            continue
        district = found.county if found.county != found.prefecture else None
        rest = text[found.end : found.end + 2]  # 浙江省内 is cut as 浙江 and 省内 where words are cut
        end = found.end + (len(rest) == 2 and rest[0] in "省市区县" and rest[1] in "内域范辖行境")
        yield found.start, end, Place(found.text, found.province, found.prefecture, district or found.zone or None)


def lies_in(firm: Place, wanted: Place) -> bool | None:
    """Whether a firm at a place is in another one; None where its place is not known finely enough."""
    for name in ("province", "city", "district"):
        asked, known = getattr(wanted, name), getattr(firm, name)
        if asked is None:
            continue
        if known is None:
            return None
        if bare_name(known) != bare_name(asked) and known != asked:
            return None if name == "district" and (_is_zone(asked) or _is_zone(known)) else False
    return True


def _is_zone(name: str) -> bool:
    """Whether a name is no county's: a zone is no part of the administrative order, a firm of a county may lie in one."""
    return not any(row.kind == "county" for row in by_name().get(name, ()))
