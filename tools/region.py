"""Where a firm is: province, city and district, from the way people write places."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from core.errors import BadInput
from core.text import squeeze
from corpus.rows import PilotCity
from corpus.tables import load_tables

_NOWHERE = {"全国", "中国", "国内", "本地", "本市", "我市", "我们市", "当地", "不限"}
_FILLER = re.compile(r"[我在的们厂司企业做是]|[^\u4e00-\u9fff]")
_SUFFIX = re.compile(r"^(?:特别行政区|壮族自治区|回族自治区|维吾尔自治区|自治区|自治州|地区|省|市)")
_DISTRICT = re.compile(r"(?:经济开发区|高新区|新区|区|县|镇|市|省)$")
MUNICIPALITIES = frozenset({"北京", "天津", "上海", "重庆"})


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
            return f"{self.city}{self.district}"
        return self.city or self.district or self.province or self.text


def find_place(text: str | None) -> Place | None:
    """The place that a text names; None for no place, a Place without province where it is not known.

    BadInput where province and city contradict each other.
    """
    bare = re.sub(r"[\s,，/·\-—]|中国", "", squeeze(text or ""))
    if not bare or bare in _NOWHERE:
        return None
    if bare in _cities():
        return Place(str(text).strip(), _cities()[bare], bare)
    province, rest = _take(bare, _provinces())
    city, after = _take(rest, _cities())
    if city and province and _cities()[city] != province:
        if province not in MUNICIPALITIES and not re.search(f"{city}[区县]", rest):
            raise BadInput(f"{city}在{_cities()[city]}，不在{province}，请核对地区。")
        city, after = None, rest
    district, left = _take(after, _districts())
    if district and not city and province in (None, _cities().get(_districts()[district])):
        city = _districts()[district]
    city = city or (province if province in MUNICIPALITIES else None)
    province = province or (_cities().get(city) if city else None)
    left = "" if district or (province and (_FILLER.search(left) or len(left) > 8)) else bare_name(left)
    return Place(str(text).strip(), province, city, bare_name(district) if district else left or None)


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


def _take(text: str, names: dict[str, str]) -> tuple[str | None, str]:
    """The first of the names in a text (the longest of those that start there), and the text without it."""
    found = sorted((text.find(name), -len(name), name) for name in names if name in text)
    if not found:
        return None, text
    at, _, name = found[0]
    return name, text[:at] + _SUFFIX.sub("", text[at + len(name) :])


@cache
def _provinces() -> dict[str, str]:
    return {row.province: row.province for row in load_tables().provinces}


@cache
def _cities() -> dict[str, str]:
    """City → province; a municipality is its own city."""
    return {city: row.province for row in load_tables().provinces for city in row.cities}


@cache
def _districts() -> dict[str, str]:
    """District or county → city, with and without its last character: 滨海新区, 滨海."""
    named = {name: city for row in load_tables().provinces for name, city in row.counties.items()}
    short = {bare_name(name): city for name, city in named.items() if bare_name(name)}
    return {name: city for name, city in {**short, **named}.items() if name not in _cities()}
