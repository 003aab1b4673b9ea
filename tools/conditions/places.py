"""Places in a clause, and whether a firm lies in one."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

from corpus.tables import load_tables
from tools.region import MUNICIPALITIES, Place, bare_name

_ZONES = ("高新区", "开发区", "经开区", "保税区", "新区", "自贸区", "产业园", "园区")
"""Zones that are no part of the administrative order: a firm of a district may lie in one."""
_ENDS = "区县市旗"


def places_in(text: str) -> Iterator[tuple[int, int, Place]]:
    """(start, end, place) of each place that a text names, the longest at each start; 浙江省宁波市余姚市 is one."""
    at = 0
    while at < len(text):
        hit = _at(text, at)
        if hit is None:
            at += 1
            continue
        end, place = hit
        while (more := _at(text, end)) and _within(more[1], place):
            end, place = more
        end, place = _district(text, end, place)
        yield at, end, place
        at = end


def lies_in(firm: Place, wanted: Place) -> bool | None:
    """Whether a firm at a place is in another one; None where its place is not known finely enough."""
    for name in ("province", "city", "district"):
        asked, known = getattr(wanted, name), getattr(firm, name)
        if asked is None:
            continue
        if known is None:
            return None
        if bare_name(known) != bare_name(asked) and known != asked:
            zone = name == "district" and (asked.endswith(_ZONES) or known.endswith(_ZONES))
            return None if zone else False
    return True


def _within(inner: Place, outer: Place) -> bool:
    return inner.province == outer.province and (outer.city is None or (inner.city == outer.city and not outer.district))


def _district(text: str, end: int, place: Place) -> tuple[int, Place]:
    """A district written after its city that the table does not hold: 宁波市奉化区."""
    if place.city is None or place.district is not None:
        return end, place
    if end < len(text) and (text[end] in "或和及与等、" or _at(text, end) or _at(text, end + 1)):
        return end, place
    for size in (2, 3, 4):
        name = text[end : end + size]
        if len(name) == size and name[-1] in _ENDS and all("\u4e00" <= c <= "\u9fff" for c in name):
            if name[:-1] in {"市", "全", "本", "各", "辖"} or name.startswith(("市", "辖", "内", "范", "各", "行", "全")):
                return end, place
            return end + size, Place(text, place.province, place.city, bare_name(name) or name)
    return end, place


def _at(text: str, at: int) -> tuple[int, Place] | None:
    if at >= len(text):
        return None
    for size in range(12, 1, -1):
        name = text[at : at + size]
        if len(name) == size and name in _names():
            return at + size, _names()[name]
    return None


@cache
def _names() -> dict[str, Place]:
    found: dict[str, Place] = {}
    for row in load_tables().provinces:
        for county, city in row.counties.items():
            bare = bare_name(county) or county
            place = Place(county, row.province, city, bare)
            forms = (county, *(bare + end for end in _ENDS)) if len(bare) > 1 else (county,)
            found |= {form: place for form in forms if form not in found}
        for city in row.cities:
            place = Place(city, row.province, city)
            found |= {form: place for form in (city, f"{city}市")}
        province = Place(row.province, row.province, row.province if row.province in MUNICIPALITIES else None)
        found |= {form: province for form in (row.province, row.full, f"{row.province}省")}
    return found
