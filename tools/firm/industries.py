"""Everyday names of industries: which class, row of the size table, sub-sector and sector path they mean."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from core.cut import shorten
from core.errors import BadInput
from core.numbers import quantities
from core.text import normalise, squeeze
from corpus.clauses import NONE, meaning
from corpus.rows import Industry, LevelDistribution, SizeNotCovered, SizeSector
from corpus.tables import load_tables
from tools.firm.extraction import clauses

GENERIC = "manufacturing"
"""The row for a factory of which no more is known."""
ENGLISH = {
    "wholesale": "批发", "retail": "零售", "restaurant": "餐饮", "hotel": "酒店", "software": "软件公司", "logistics": "货运",
    "construction": "建筑", "garment": "服装", "apparel": "服装", "clothing": "服装", "textile": "纺织",
    "injection mold": "注塑", "injection mould": "注塑", "plastics": "塑料", "machining": "机加工", "hardware": "五金",
    "stamping": "冲压", "auto parts": "汽车零部件", "automotive": "汽车", "pharmaceutical": "医药", "electronics": "电子厂",
    "furniture": "家具", "food processing": "食品加工", "valve": "阀门", "factory": "工厂", "manufactur": "制造业",
}  # fmt: skip
TRADES = "trades"
"""The examples of what people say their firm does."""
SURE, LIKELY = 0.8, 0.6
"""From which probability on a clause tells of a trade though another is named, and where none is."""
_BEFORE = re.compile(
    r"(?:做|是|搞|开|干|从事|办|经营|代理|分销|生产|卖|造|属于|归|一家|[^大国专回]家|行业|领域)(?:了|的|一家|个|一个|点|些|精密|高端|中高端|传统)?$"
)
_AFTER = re.compile(
    r"^(?:加工|制造|生产|类)?(?:有限)?(?:公司|企业|行业|产业|业|厂|工厂|小厂|商|生意|这行|这一行|合作社|老板|集团|车间|代工|贴牌|的(?=$|[,，。;；!！]))"
)
_DEALS_BEFORE = re.compile(r"(?:代理|经销|代销|分销)(?:了|的|些|各种|各类)?$")
_DEALS_AFTER = re.compile(r"^(?:的)?(?:总|区域|品牌)?(?:代理|代销|分销|贸易|销售公司|销售商)")
"""What makes a dealer of the name of an industry: 代理轴承, 医药代理."""
_CUSTOMER = re.compile(r"给$|(?<![作成身])为$")
"""What makes a customer of the name of an industry: 给药店供货的印刷厂."""
_COUNTS = frozenset("有共约一员工职人数从业是，,: ：现总")
"""What may stand between the name of a firm's trade and the number of its people."""
_JOINS = frozenset("又也还兼和与及跟、")
_JOINED = _JOINS | frozenset("同时做搞有开带边一着的外另，, 既业")
"""What may stand between two trades of one firm, and what of it joins them."""
_TRADES = {"批发", "零售", "经销"}
"""Trades that keep the first word: 经销建材."""
_LAST_OF_ALL = {"厂", "加工", "车间", "工业"}


@dataclass(frozen=True)
class Match:
    """What an everyday name of an industry means.

    row is None outside industry (工业); exact: the sub-sector was named, not only near. start: where in the text.
    """

    word: str
    row: Industry | None
    size: SizeSector | SizeNotCovered
    subsector: str | None = None
    exact: bool = False
    start: int = 0

    @property
    def generic(self) -> bool:
        """Only that it is a factory is known."""
        return self.row is not None and self.row.id == GENERIC

    @property
    def name(self) -> str:
        return (self.row.name if self.row else self.size.sector).partition("（")[0]

    @property
    def size_name(self) -> str:
        """The row of the size table, short: 工业, 批发业."""
        return self.size.sector.partition("（")[0]

    @property
    def caict(self) -> str | None:
        return self.row.caict if self.row else None

    @property
    def label(self) -> str:
        """As said, with the official name: 注塑（橡胶和塑料制品业）."""
        return self.name if self.generic or self.word in self.name else f"{self.word}（{self.name}）"

    @property
    def peers(self) -> LevelDistribution | None:
        """The surveyed firms nearest to this industry."""
        wanted = (self.row.distribution if self.row else None) or self.size.id
        return next((d for d in load_tables().distributions if d.id == wanted), None)


@dataclass(frozen=True)
class _Name:
    text: str
    row: Industry | None
    size: SizeSector | SizeNotCovered
    weak: bool

    @property
    def generic(self) -> bool:
        return self.row is not None and self.row.id == GENERIC


@cache
def _names() -> dict[str, _Name]:
    """Every name, squeezed; the industry table wins over the aliases of the size table."""
    tables = load_tables()
    sizes = {size.id: size for size in tables.size_sectors}
    found: dict[str, _Name] = {}
    for row in tables.industries:
        full = row.name.partition("（")[0]
        for alias in (full, full.removesuffix("业"), *row.aliases, *row.weak):
            found.setdefault(squeeze(alias), _Name(squeeze(alias), row, sizes[row.size_sector], alias in row.weak))
    others: list[SizeSector | SizeNotCovered] = [s for s in tables.size_sectors if s.id != "industry"]
    for size in [*others, *tables.size_not_covered]:
        full = size.sector.partition("（")[0]
        for alias in (full, full.removesuffix("业"), *size.aliases):
            weak = not alias.endswith(("公司", "店", "行业", "业", "学校", "医院", "商"))
            found.setdefault(squeeze(alias), _Name(squeeze(alias), None, size, weak))
    retail = sizes["retail"]
    found.setdefault("店", _Name("店", None, retail, True))
    for english, chinese in ENGLISH.items():
        known = found[squeeze(chinese)]
        found[english] = _Name(english, known.row, known.size, False)
    return found


@cache
def _pattern() -> re.Pattern[str]:
    names = sorted(_names(), key=len, reverse=True)
    return re.compile("|".join(re.escape(name).replace(r"\ ", r"\s*") for name in names))


_FORMAL_ENDS = ("制造业", "制造", "制品业", "制品", "加工业", "加工", "行业", "产业", "业")
"""What official wording adds to the name of an industry."""


def named_at(text: str, start: int) -> str:
    """The longest name of an industry that starts at a place of a text, with its formal ending; empty where none does."""
    hit = _pattern().match(text, start)
    if hit is None or len(hit[0]) < 2:
        return ""
    end = hit.end()
    tail = next((word for word in _FORMAL_ENDS if text.startswith(word, end) and not hit[0].endswith("业")), "")
    return text[start : end + len(tail)]


def _chains(text: str) -> Iterator[tuple[int, int, list[_Name]]]:
    """Runs of adjacent names, as 塑料模具; the last one is what the firm does."""
    start, end, chain = 0, -1, list[_Name]()
    for hit in _pattern().finditer(text):
        name = _names()[re.sub(r"\s+", " ", hit.group())]
        if hit.start() != end:
            if chain:
                yield start, end, chain
            start, chain = hit.start(), []
        end, chain = hit.end(), [*chain, name]
    if chain:
        yield start, end, chain


def _head(chain: list[_Name]) -> _Name:
    """The last name of a run that says more than 厂 or 加工."""
    specific = [name for name in chain if not name.generic]
    if specific and specific[0].text in _TRADES:
        return specific[0]
    if len(specific) > 1 and specific[-1].text == "店" and specific[-2].row is None:
        return specific[-2]
    return (specific or chain)[-1]


def _dealer(text: str, start: int, end: int) -> _Name | None:
    """The trade, where what the name of an industry stands for is dealt in and not made."""
    if _DEALS_BEFORE.search(text[:start]) or _DEALS_AFTER.match(text[end:]):
        return _names()["批发"]
    shop = text[:start].endswith("卖") and "店" in text and "厂" not in text
    return _names()["零售"] if shop else None


def _rank(text: str, start: int, end: int, chain: list[_Name], said: bool) -> int:
    """0 not an industry here; else the higher, the surer. said: the text is the name of an industry, nothing else."""
    head = _head(chain)
    if head.generic or _CUSTOMER.search(text[:start]):
        return 1
    if head.text == "店" and len(chain) == 1:
        return 0
    shop = len(chain) > 1 and chain[-1].text == "店"
    follows = shop or any(name.generic for name in chain) or bool(_AFTER.match(text[end:])) or head.text.endswith("厂")
    follows = follows or _counts_its_people(text, end)
    context = follows or bool(_BEFORE.search(text[max(0, start - 8) : start]))
    if head.weak and not context and not said and all(name.weak for name in chain):
        return 0
    return 4 if context and not head.weak else 3 if context else 2


def _counts_its_people(text: str, end: int) -> bool:
    """Whether a name that ends here is the subject of a number of people: 诊所15人, 银行有300名员工."""
    found = next((q for q in quantities(text) if q.start >= end), None)
    return bool(found and found.kind == "people" and _COUNTS.issuperset(text[end : found.start]))


def several(text: str) -> list[Match]:
    """The trades of one firm that fall under different rows of the size table; empty unless two are named in one breath.

    又做制造又做批发, 批发加工厂 are two; what is dealt with or who is supplied (食品批发, 给超市供货的食品厂) is none of the firm's own.
    """
    text = normalise(text).lower()
    found: list[tuple[int, int, Match]] = []
    for start, end, chain in _chains(text):
        head, word = _head(chain), text[start:end]
        if _CUSTOMER.search(text[:start]):
            continue
        found.append((start, end, Match(_shown(word), head.row, head.size, None, False, start)))
        if head.text in _TRADES and (made := next((name for name in chain[1:] if name.generic), None)):
            found[-1] = (start, start, Match(head.text, None, head.size, None, False, start))
            found.append((start, end, Match(made.text, made.row, made.size, None, False, start)))
    for (_, end, first), (start, _, second) in pairwise(found):
        joined = start <= end or (_JOINED.issuperset(text[end:start]) and _JOINS & set(text[end:start]))
        if joined and first.size.id != second.size.id:
            return [first, second]
    return []


def find(text: str, said: bool = False) -> Match | None:
    """The industry that a text speaks of; None where it names none.

    said: the whole text is meant as an industry, so that weak names count without a context.
    """
    ranked = _ranked(normalise(text).lower(), said)
    return ranked[0] if ranked else None


def spoken(text: str) -> Match | None:
    """The industry that a message names for the firm; of several the one that a clause surely tells of: 卖文具, 义乌批发的."""
    ranked = _ranked(normalise(text).lower(), False)
    if len({match.size.id for match in ranked}) < 2:
        return ranked[0] if ranked else None
    surely = {learnt.size.id for share, name in _learnt_of(text) if share >= SURE and (learnt := _learnt(name))}
    return next((match for match in ranked if match.size.id in surely), ranked[0])


def _ranked(text: str, said: bool) -> list[Match]:
    """What a text names, the likeliest first."""
    found: list[tuple[tuple[int, int, int], Match]] = []
    for start, end, chain in _chains(text):
        rank = _rank(text, start, end, chain, said)
        if not rank:
            continue
        head, word = _head(chain), text[start:end]
        if head.row and not head.generic:
            head = _dealer(text, start, end) or head
        subsector, exact = _subsector(word, head.row) if head.row else (None, False)
        key = (rank, 0 if head.text in _LAST_OF_ALL else 1, len(head.text))
        found.append((key, Match(_shown(word), head.row, head.size, subsector, exact, start)))
    return [match for _, match in sorted(found, key=lambda one: one[0], reverse=True)]


def told(text: str) -> Match | None:
    """The trade that a message tells of: by its clauses' meaning where that is sure, else by name, else by meaning again."""
    share, name = max(_learnt_of(text), default=(0.0, ""))
    if share >= SURE and (learnt := _learnt(name)):
        return learnt
    named = find(text)
    return named if share < LIKELY or (named and not named.generic) else _learnt(name) or named


def _learnt_of(text: str) -> list[tuple[float, str]]:
    """(probability, row) of each clause that may tell of a trade."""
    read = (meaning(TRADES, clause) for clause in clauses(text))
    return [(share, name) for name, share in read if name and name != NONE]


def _learnt(name: str) -> Match | None:
    """What the name of a row of the industries, or of the size table, stands for; None where there is none of that name."""
    tables = load_tables()
    others: list[SizeSector | SizeNotCovered] = [*tables.size_sectors, *tables.size_not_covered]
    sizes = {size.id: size for size in others}
    row = next((row for row in tables.industries if row.id == name), None)
    size = sizes.get(row.size_sector if row else name)
    if size is None:
        return None
    word = (row.name if row else size.sector).partition("（")[0]
    return Match(word, row, size, row.subsectors[0] if row and row.subsectors else None)


def _shown(word: str) -> str:
    """English names in Chinese, Latin abbreviations in capitals."""
    word = ENGLISH.get(word, word)
    return re.sub(r"[a-z]+", lambda hit: hit.group().upper(), word)


def _subsector(word: str, row: Industry) -> tuple[str | None, bool]:
    """The sub-sector named last in a word, else the nearest one of the industry; and whether it was named."""
    hits = [(at + size, size, name) for alias, size, name in _subsector_names() if (at := word.rfind(alias)) >= 0]
    if hits:
        return max(hits)[2], True
    return (row.subsectors[0] if row.subsectors else None), False


@cache
def _subsector_names() -> list[tuple[str, int, str]]:
    """Each name of a sub-sector as it is looked for, its length as written, and the sub-sector's own name."""
    rows = load_tables().subsectors
    named = [(alias, row.name) for row in rows for alias in (row.name, row.official_name, *row.aliases)]
    return [(squeeze(alias), len(alias), name) for alias, name in named]


def nearest(name: str, count: int = 3) -> list[str]:
    """The known names most like an unknown one."""
    from rapidfuzz import fuzz, process

    names = [text for text in _names() if len(text) > 1 and text not in ENGLISH]
    found = process.extract(squeeze(name)[:40], names, scorer=fuzz.ratio, limit=count * 3, score_cutoff=34)
    shown: dict[str, str] = {}
    for text, _, _ in found:
        known = _names()[text]
        shown.setdefault(known.row.id if known.row else known.size.id, _shown(text))
    return list(shown.values())[:count]


def industry(name: str) -> Match:
    """The industry that an argument names; BadInput offers the nearest where it is unknown."""
    found = find(name, said=True)
    if found is None:
        near = nearest(name)
        shown = shorten(name.strip(), 20)
        offer = f"是不是{'、'.join(near)}？" if near else "换个说法，例如注塑、五金、服装、食品、批发、软件。"
        raise BadInput(f"没认出“{shown}”是什么行业。", offer)
    return found
