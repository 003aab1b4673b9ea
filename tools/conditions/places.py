"""Places in a clause, and whether a firm lies in one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from corpus.places import NAMED, places
from corpus.regions import by_name
from tools.firm.region import Place, bare_name

_LISTED_NOWHERE = re.compile(
    r"(?:(?<=[在于是为属地及和、])|^)([^\W\d_在于是为属地及和本我各该全省县区市州级内外的城超门集股夜菜都每其此这那]{2,3})([市县])"
    r"(?=$|[^\u4e00-\u9fff]|[内行境范辖域注登纳依工缴从经企的设])"
)
"""A city or county by its suffix that the regions table does not have."""


def places_in(text: str) -> Iterator[tuple[int, int, Place | tuple[Place, ...]]]:
    """(start, end, place) of each place that a text names and of which it is known which is meant.

    Two readings where a county is written as a city of its own, which the table does not have: 云溪市 is not 岳阳云溪区.
    """
    taken: set[int] = set()
    for start, end, place in _listed(text):
        taken |= {*range(start, end)}
        name = text[start:end].rstrip("市县")
        suffix = text[start + len(name) : start + len(name) + 1]
        other = is_unlisted(f"{name}{suffix}") and place.district == name
        end = max(end, start + len(name) + 1) if other else end
        yield start, end, (place, unlisted(name, suffix)) if other else place
    for found in _LISTED_NOWHERE.finditer(text):
        if not taken & {*range(found.start(), found.end())}:
            yield found.start(), found.end(), unlisted(found[1], found[2])


def is_unlisted(name: str) -> bool:
    """Whether a name ends as that of a city or county, and no city or county has it: 云溪市 where there is 云溪区."""
    return name.endswith(("市", "县")) and not any(row.name == name for row in by_name().get(name[:-1], ()))


def unlisted(name: str, suffix: str) -> Place:
    """A place that no table has: a city, or a county of a city that is not known."""
    return Place(f"{name}{suffix}", city=name) if suffix == "市" else Place(f"{name}{suffix}", district=f"{name}县")


def _listed(text: str) -> Iterator[tuple[int, int, Place]]:
    for found in places(text):
        if not found.certain or found.strength < NAMED:
            continue
        district = found.county if found.county != found.prefecture else None
        rest = text[found.end : found.end + 2]  # 浙江省内 is cut as 浙江 and 省内 where words are cut
        end = found.end + (len(rest) == 2 and rest[0] in "省市区县" and rest[1] in "内域范辖行境")
        yield found.start, end, Place(found.text, found.province, found.prefecture, district or found.zone or None)


def lies_in(firm: Place, wanted: Place) -> bool | None:
    """Whether a firm at a place is in another one; None where its place is not known finely enough."""
    if firm.province is None and firm.text == wanted.text:
        return True
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
