"""Where a firm is, as a tool's argument gives it: province, city and district; and whether its city is a pilot."""

from __future__ import annotations

import re
from dataclasses import dataclass

from core.errors import BadInput
from core.text import squeeze
from corpus.places import place_named, places
from corpus.regions import MUNICIPALITIES
from corpus.rows import PilotCity
from corpus.tables import load_tables

_NOWHERE = {"全国", "国内", "本地", "本市", "我市", "我们市", "当地", "不限"}
_TOWN = re.compile(r"([\u4e00-\u9fff]{2,4}?)(?:镇|乡|街道)?")
_DISTRICT = re.compile(r"(?:经济开发区|高新区|新区|区|县|镇|市|省)$")


@dataclass(frozen=True)
class Place:
    """Names without 省, 市, 区; None is not known. `text` is what the user wrote."""

    text: str
    province: str | None = None
    city: str | None = None
    district: str | None = None

    @property
    def label(self) -> str:
        """City with district, else what is known, else the words."""
        if self.city and self.district:
            return self.district if self.district.startswith(self.city) else f"{self.city}{self.district}"
        return self.city or self.district or self.province or self.text


def find_place(text: str | None) -> Place | None:
    """The place that a text names; None for no place, a Place without province where it is not known which is meant.

    BadInput where province and city contradict each other.
    """
    said = squeeze(text or "").replace("中国", "")
    if not said or said in _NOWHERE:
        return None
    whole = place_named(said)
    found = (whole,) if whole else places(said)
    if not found:
        return Place(str(text).strip(), district=bare_name(said) or None)
    first = found[0]
    if not first.certain:
        return Place(str(text).strip(), first.province, first.prefecture)
    if len(found) > 1 and not said[first.end : found[1].start] and found[1].certain:
        raise BadInput(f"{found[1].label}在{found[1].province}，不在{first.label}，请核对地区。")
    left = said[first.end :] if len(found) == 1 and not whole else ""
    town = _TOWN.fullmatch(left)
    district = first.county if first.county != first.prefecture else None
    return Place(
        str(text).strip(), first.province, first.prefecture, district or (town[1] if town else first.zone) or None
    )


def bare_name(name: str) -> str:
    """A place name without 新区, 区, 县, 市, 省: 浦东新区 → 浦东."""
    bare = _DISTRICT.sub("", name)
    return bare if len(bare) > 1 else ""


def pilot_city(place: Place) -> PilotCity | None:
    """The place's row in the list of pilot cities that were seen; the list is not complete."""
    for row in load_tables().pilot_cities:
        name = bare_name(row.city)
        whole = name in MUNICIPALITIES or not row.city.startswith(tuple(MUNICIPALITIES))
        if name == place.city if whole else name == f"{place.city}{place.district}":
            return row
    return None


def batch_name(city: PilotCity) -> str:
    """第一批, or nothing where the batch is not known."""
    return f"第{'一二三'[city.batch - 1]}批" if city.batch else ""
