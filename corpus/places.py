"""The one reader of places: which places a text names, where they stand in it, and what they lie in.

Names of places are a regular language over the regions table. A short name that is also a word (大同, 平安, 合作) counts only
with its suffix, after the place that it lies in, or where a place is spoken of; 市 in 超市 and 区 in 园区 belong to no name. A
name within a firm's or a product's (宁波银行, 金华火腿) is read as a weaker place.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from core.figures import held_spans
from core.numbers.script import simplified
from corpus import spare
from corpus.regions import (
    ALONE,
    IN_CONTEXT,
    MUNICIPALITIES,
    WITH_PARENT,
    WITH_SUFFIX,
    Region,
    by_english,
    by_name,
    lies_in,
    lineage,
)
from corpus.words import LEXICON, lexicon

INSIDE_A_NAME, NAMED, STATED = 1, 2, 3
"""How plainly a place is named: within a firm's or a product's name; by its bare name; with its suffix or as a place."""

_HAN = re.compile(r"[\u3400-\u9fff]+")
_LATIN = re.compile(r"[A-Za-z][A-Za-z'’]*(?:[ -][A-Za-z][A-Za-z'’]*)*")
_ENGLISH_SUFFIX = re.compile(r" (?:city|province|district|county|prefecture)\b", re.I)
_JOINT = re.compile(r"[\s·・,，/|\\>—-]{0,3}|的|省内的?|下面?的?|所?辖的?")
_LISTED = re.compile(r"\s*(?:[、,，/和与跟及或]|还有|以及|还是)\s*")
_SUFFIX = re.compile(r"(?:特别行政区|自治区|自治州|自治县|地区|[省市县区州盟旗])")
_ZONE = re.compile(
    r"(?:国家级|省级)?(?:经济技术开发区|经济开发区|经开区|高新技术产业开发区|高新技术开发区|高新区|综合保税区|综保区|保税区"
    r"|自由贸易试验区|自贸试验区|自贸区|工业园区?|产业园区?|开发区|新区|新城)"
)
_PLACED = re.compile(
    r"(?:在|位于|坐落于|来自|坐标|地处|落户于?|落在|搬[到去]|迁[到去]|(?:我们?|咱们?|俺们?|厂子?|公司)是?)$"
)
_SPOKEN_OF = re.compile(
    r"(?:的?(?:数字化|技改|技术改造|改造)?(?:补贴|补助|奖补|贴息|试点|政策)|(?:最[高多]|能)?补|这边|这里|这儿|那边|那里|当地|本地|老板|(?:的|这边的|当地的?)?(?:中小微?|小微|制造业?|工业|生产)?(?:企业|工厂|公司|厂家|厂商|厂子|厂))"
)
_ROAD = re.compile(r"[东西南北中]?(?:路(?![灯线径况演由透桥])|大道|大街|街道办?)\d*号?")
_ORGANISATION = re.compile(
    r"(?:银行|证券|大学|学院|商学院|研究院|交易所|晚报|日报)|[\u4e00-\u9fffA-Za-z0-9（）()]{1,16}?(?:有限责任公司|有限公司|股份公司|股份|集团|研究院|银行|证券)"
)
_AROUND = re.compile(
    r"[\s，。！？!?、,.~～]|[呢吗啊呀的]$|^(?:那|请问|换成|如果是?|要是|我们?|咱们?|是|在|厂子?|公司)+"
)


@dataclass(frozen=True)
class Place:
    """A place that a text names, from `start` to `end`.

    regions: what it may be, likeliest first; more than one where the text does not tell them apart (鼓楼区). strength:
    INSIDE_A_NAME, NAMED or STATED. zone: a zone of the region that the table does not list: 高新区.
    """

    text: str
    start: int
    end: int
    regions: tuple[Region, ...]
    strength: int = STATED
    zone: str = ""

    @property
    def certain(self) -> bool:
        """Whether it is known which region is meant."""
        return len(self.regions) == 1

    @property
    def region(self) -> Region:
        """The region, or the likeliest one."""
        return self.regions[0]

    @property
    def name(self) -> str:
        """The full official name: 佛山市."""
        return self.region.name

    @property
    def code(self) -> str:
        return self.region.code

    @property
    def kind(self) -> str:
        return self.region.kind

    @property
    def province(self) -> str | None:
        """The province as people say it, where all that it may be lie in one: 广东."""
        return self._common("province")

    @property
    def prefecture(self) -> str | None:
        """The city: 佛山; a municipality is its own, and so is a county-level city that its province governs (济源)."""
        cities = {_city(region) for region in self.regions}
        return cities.pop() if len(cities) == 1 else None

    @property
    def county(self) -> str | None:
        """The county, district or zone as people say it: 昆山, 南海, 松山湖."""
        return self._common("zone") or self._common("county")

    @property
    def label(self) -> str:
        """As it is said back: 广东, 佛山, 佛山南海, 佛山高新区, 鼓楼区."""
        if not self.certain:
            return self.text
        city, district = self.prefecture or self.province or "", self.county or ""
        return f"{district if district.startswith(city) else city + district}{self.zone}" or self.text

    @property
    def spoken(self) -> str:
        """As people say it where nothing else tells which it is: 佛山, 昆山, 南京鼓楼."""
        name = self.region.spoken
        return name if len(by_name().get(name, ())) == 1 or self.kind != "county" else self.label

    def within(self, other: Place | Region) -> bool:
        """Whether it surely is the other place or lies in it."""
        outer = other.regions if isinstance(other, Place) else (other,)
        return all(any(lies_in(each, around) for around in outer) for each in self.regions)

    def _common(self, kind: str) -> str | None:
        names = {next((at.spoken for at in lineage(region) if at.kind == kind), None) for region in self.regions}
        return names.pop() if len(names) == 1 else None


def _city(region: Region) -> str | None:
    line = tuple(lineage(region))
    for at in line:
        if at.kind == "prefecture" or (at.kind == "province" and at.spoken in MUNICIPALITIES):
            return at.spoken
    return next((at.spoken for at in line if at.kind == "county"), None)


def places(text: str, near: Place | None = None) -> tuple[Place, ...]:
    """The places that a text names, in its order. near: a place known before, which tells 鼓楼区 from 鼓楼区."""
    found = _places(text)
    if near is None or not near.certain:
        return found
    return tuple(_told_apart(place, near.regions) for place in found)


@lru_cache(maxsize=2048)
def _places(text: str) -> tuple[Place, ...]:
    found = _Reading(text).read()
    known = [place.region for place in found if place.certain]
    return tuple(_told_apart(place, known) for place in found)


def listed(text: str) -> tuple[Place, ...]:
    """The places that a text names one after the other, as a list: 佛山和宁波, 宁波、苏州还有嘉兴; none where it lists none."""
    found = [p for p in places(text) if p.strength > INSIDE_A_NAME]
    runs: list[list[Place]] = []
    for place in found:
        if runs and joins_a_list(text[runs[-1][-1].end : place.start]):
            runs[-1].append(place)
        else:
            runs.append([place])
    longest = max(runs, key=len, default=[])
    return tuple(longest) if len(longest) > 1 else ()


def joins_a_list(between: str) -> bool:
    """Whether what stands between two places makes them a list: 和, 、, 还有."""
    between = _folded(between)
    return bool(_LISTED.fullmatch(between)) and not set(between) & set(",，")


def of_regions(codes_or_names: Sequence[str]) -> tuple[Place, ...]:
    """The places of a card's or a row's list of regions; names that are none are left out."""
    found = (place_named(name) for name in codes_or_names)
    return tuple(place for place in found if place)


def place_named(name: str) -> Place | None:
    """The place that a text is the name of and nothing else, also where it is a word as well: 平安, 佛山市南海区."""
    bare = _folded(name).strip()
    if rows := by_name().get(bare) or by_english().get(bare.lower()):
        return Place(name, 0, len(name), _outermost(rows))
    found = places(name)
    whole = len(found) == 1 and found[0].start == 0 and found[0].end >= len(name.rstrip())
    return found[0] if whole else None


def _told_apart(place: Place, known: Sequence[Region]) -> Place:
    """The place with those of its meanings that lie in, or around, a region known from elsewhere."""
    if place.certain:
        return place
    for wider in (False, True):  # what lies in the same city counts before what lies in the same province
        around = [at for region in known for at in lineage(region) if wider or at.kind != "province"]
        kept = tuple(r for r in place.regions if any(lies_in(r, at) for at in around))
        if kept:
            return replace(place, regions=kept)
    return place


@dataclass(frozen=True)
class _Named:
    """A name of the table at its place in a text. whole: with its suffix, or a name that needs none."""

    start: int
    end: int
    regions: tuple[Region, ...]
    whole: bool


class _Reading:
    """One text being read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.folded = _folded(text)
        self._edges: set[int] | None = None
        self._figures: list[tuple[int, int]] | None = None
        self._words: dict[int, int] = {}

    def read(self) -> tuple[Place, ...]:
        out: list[Place] = []
        for place in sorted((*self._chinese(), *self._english()), key=lambda p: p.start):
            if out and place.start < out[-1].end:
                continue
            out.append(place)
        return tuple(out)

    def _chinese(self) -> Iterator[Place]:
        for run in _HAN.finditer(self.folded):
            if any(self.folded[at : at + 2] in _starts() for at in range(run.start(), run.end() - 1)):
                break
        else:
            return
        at, last = 0, list[Place]()
        while at < len(self.folded) - 1:
            place = self._at(at, last[-1] if last else None)
            if place is None:
                at += 1
                continue
            if last and place.start == last[-1].start:
                last[-1] = place
            else:
                last.append(place)
            at = place.end
        yield from last

    def _at(self, at: int, before: Place | None) -> Place | None:
        """The place that begins here; where it goes on from the one before (浙江省宁波市), both as one.

        No name begins inside a figure: 三成都是 speaks of 30 %, not of 成都.
        """
        if self.folded[at : at + 2] not in _starts():
            return None
        if self._figures is None:
            self._figures = held_spans(self.folded)
        if any(start < at < end for start, end in self._figures):
            return None
        for named in self._names(at):
            joined = before is not None and before.end <= at and _JOINT.fullmatch(self.folded[before.end : at])
            inner = _inner(named.regions, before.regions) if joined and before else ()
            if before and inner:
                inner = inner if named.whole else _outermost(inner)  # 湖南长沙 is the city, not the county of its name
                return self._with_zone(
                    Place(
                        self.text[before.start : named.end],
                        before.start,
                        named.end,
                        inner,
                        max(before.strength, STATED if named.whole else NAMED),
                    )
                )
            regions = _outermost(named.regions) if not named.whole else named.regions
            strength = self._strength(named, regions, before)
            if strength:
                return self._with_zone(Place(self.text[at : named.end], at, named.end, regions, strength))
        return None

    def _names(self, at: int) -> Iterator[_Named]:
        """The names that begin here and end where a word ends, the longest first."""
        for name in _starts().get(self.folded[at : at + 2], ()):
            if not self.folded.startswith(name, at):
                continue
            rows, end = by_name()[name], at + len(name)
            whole = tuple(r for r in rows if name != r.short)
            short = tuple(r for r in rows if name == r.short)
            if whole and self._ends_well(at, end, whole=True):
                yield _Named(at, end, whole, True)
            if short and (suffix := _SUFFIX.match(self.folded, end)) and self._ends_well(at, suffix.end(), whole=True):
                # a suffix that is not the place's own: 萧山市 of before, 广西省; not 合作区, 大城市
                fits = tuple(r for r in short if r.name.endswith(suffix[0][-1]) or r.needs == ALONE)
                if fits and not by_name().get(name + suffix[0]):
                    yield _Named(at, suffix.end(), fits, True)
            if short and self._ends_well(at, end, whole=False):
                yield _Named(at, end, short, all(r.name == r.short for r in short))

    def _strength(self, named: _Named, regions: Sequence[Region], before: Place | None) -> int:
        """How plainly a name is a place's; 0 where it is none."""
        needs = min(region.needs for region in regions)
        start, end, folded = named.start, named.end, self.folded
        follows = before is not None and bool(_LISTED.fullmatch(folded[before.end : start]))
        if _ROAD.match(folded, end) and not named.whole:
            return 0
        if needs == WITH_PARENT:
            return 0
        if not self._starts_well(start, before) and not (named.whole and needs <= IN_CONTEXT):
            return 0
        if self._in_a_name(start, end):
            return INSIDE_A_NAME if needs == ALONE or named.whole else 0
        if named.whole:
            return STATED
        if _PLACED.search(folded, max(0, start - 5), start) or _PLACED.search(folded[max(0, start - 5) : start]):
            return STATED if needs < WITH_SUFFIX else 0
        if needs == ALONE:
            return NAMED
        if needs == IN_CONTEXT and (follows or _SPOKEN_OF.match(folded, end) or self._alone(start, end)):
            return STATED
        return 0

    def _alone(self, start: int, end: int) -> bool:
        """Whether a text says no more than a name: 大同呢？"""
        rest = self.folded[:start] + "\0" + self.folded[end:]
        while (less := _AROUND.sub("", rest)) != rest:
            rest = less
        return rest == "\0"

    def _in_a_name(self, start: int, end: int) -> bool:
        """Whether a name is the beginning of a firm's, a school's or a product's."""
        if _ORGANISATION.match(self.folded, end) and not _ZONE.match(self.folded, end):
            return True
        return any(self.folded.startswith(name, start) for name in _compounds().get(self.folded[start : start + 2], ()))

    def _with_zone(self, place: Place) -> Place:
        """The place with a zone of it that no table lists: 佛山高新区."""
        zone = _ZONE.match(self.folded, place.end)
        if not zone or not self._ends_well(place.start, zone.end(), whole=True):
            return place
        return replace(place, text=self.text[place.start : zone.end()], end=zone.end(), zone=zone[0], strength=STATED)

    def _starts_well(self, start: int, before: Place | None) -> bool:
        return start in self._cut() or (before is not None and before.end == start)

    def _ends_well(self, start: int, end: int, whole: bool) -> bool:
        """Whether a name ends where a word does, or is the beginning of a longer word: 北京 of 北京市委, not 大理 of 大理石."""
        if end in self._cut():
            return True
        word = max((at for at in self._words if at < end), default=0)
        if word > start:
            return False
        rest = self.folded[end : self._words[word]]
        return whole or len(rest) > 1 or rest in "人话省市县区州"

    def _cut(self) -> set[int]:
        """Where words begin and end. The segmenter is not asked where a text is a name and little else."""
        if self._edges is None:
            self._edges = {0, len(self.folded)}
            for run in _HAN.finditer(self.folded):
                at = run.start()
                self._edges |= {at, run.end()}
                for word in lexicon().jieba.cut(run[0], False):
                    self._words[at] = at + len(word)
                    at += len(word)
                    self._edges.add(at)
        return self._edges

    def _english(self) -> Iterator[Place]:
        for run in _LATIN.finditer(self.text):
            words = [*re.finditer(r"[A-Za-z'’]+", run[0])]
            at = 0
            while at < len(words):
                for size in range(min(3, len(words) - at), 0, -1):
                    start, end = words[at].start(), words[at + size - 1].end()
                    rows = by_english().get(run[0][start:end].lower().replace("’", "'").replace("-", " "))
                    if rows:
                        begin, stop = run.start() + start, run.start() + end
                        suffix = _ENGLISH_SUFFIX.match(self.text, stop)
                        stop = suffix.end() if suffix else stop
                        yield Place(self.text[begin:stop], begin, stop, rows, STATED if suffix else NAMED)
                        at += size - 1
                        break
                at += 1


def _inner(inner: Sequence[Region], outer: Sequence[Region]) -> tuple[Region, ...]:
    """Those of some regions that lie in one of others."""
    return tuple(r for r in inner if any(r.code != o.code and lies_in(r, o) for o in outer))


def _outermost(rows: Sequence[Region]) -> tuple[Region, ...]:
    """What a short name means by itself: the province or city of that name before a county of it, what needs least first."""
    first = rows[0]
    if first.kind == "province" or (first.kind == "prefecture" and first.needs == ALONE):
        return (first,)
    least = min(region.needs for region in rows)
    kept = [region for region in rows if region.needs == least]
    return tuple(r for r in kept if not any(r is not o and lies_in(r, o) for o in kept))


@cache
def _starts() -> Mapping[str, tuple[str, ...]]:
    """The names that begin with each two characters, the longest first."""
    found: dict[str, list[str]] = {}
    for name in by_name():
        found.setdefault(name[:2], []).append(name)
    return {key: tuple(sorted(names, key=len, reverse=True)) for key, names in found.items()}


@cache
def _compounds() -> Mapping[str, tuple[str, ...]]:
    """Names of firms and products that begin with a place's name, by their first two characters."""
    listed = {*spare.read(LEXICON / "place_compounds.txt", lambda path: path.read_text("utf-8")).split()}
    found: dict[str, list[str]] = {}
    for name in (*listed, *(lexicon().names - by_name().keys())):
        rest = next((name[len(p) :] for p in _starts().get(name[:2], ()) if name.startswith(p)), "")
        if name in listed or (len(rest) > 1 and not any(map(rest.startswith, _starts().get(rest[:2], ())))):
            found.setdefault(name[:2], []).append(name)
    return {key: tuple(names) for key, names in found.items()}


_FOLDED = str.maketrans({"　": " "})


def _folded(text: str) -> str:
    """The text in plain and simplified characters, none added or lost, so that spans hold: 龍巖 → 龙岩."""
    text = text.translate(_FOLDED)
    if text.isascii():
        return text
    plain = "".join(c if "\u4e00" <= c <= "\u9fff" or c.isascii() else _one(c) for c in text)
    simple = simplified(plain)
    return simple if len(simple) == len(plain) else plain


def _one(character: str) -> str:
    plain = unicodedata.normalize("NFKC", character)
    return plain if len(plain) == 1 else character
