"""Names in a segment: places, trades, titles and sizes, one or several of a kind, and what stands with them."""

from __future__ import annotations

from collections.abc import Sequence

from tools.conditions import trades
from tools.conditions.predicates import (
    And,
    Either,
    InTrade,
    Located,
    Node,
    Not,
    Or,
    Range,
    Sized,
    Stated,
    Titled,
    Unknown,
    both,
    either,
)  # fmt: skip
from tools.conditions.reading import Context, NotRead, Reading
from tools.conditions.tokens import Token
from tools.conditions.vocabulary import vocabulary
from tools.firm.region import Place

SCALED_WAN = 2000.0
"""规模以上工业企业: a yearly revenue from the main business of 20 million yuan and more (国家统计局, since 2011)."""


def read_things(tokens: Sequence[Token], at: int, reading: Reading, context: Context) -> int:
    """One thing or several of a kind: places, trades, sizes, titles, joined by 、 和 或, or one after the other."""
    kind = kind_of(tokens[at])
    named, joins, end = [tokens[at]], set[str](), at + 1
    while end < len(tokens):
        if kind == "trade" and tokens[end].kind == "trade":
            if not all(trades.is_service(token.value) for token in (named[-1], tokens[end])):
                raise NotRead  # 工业互联网 is neither 工业 nor 互联网
            named, end = [*named, tokens[end]], end + 1
            continue
        joined = (
            tokens[end].kind in {"listing", "either"} and end + 1 < len(tokens) and kind_of(tokens[end + 1]) == kind
        )
        if not joined:
            break
        joins.add("or" if tokens[end].kind == "either" else "comma" if tokens[end].text == "、" else "and")
        named, end = [*named, tokens[end + 1]], end + 2
    if kind == "place":
        reading.places += 1
        if reading.places > 1:
            raise NotRead
    outside = kind == "place" and end < len(tokens) and tokens[end].kind == "besides_end"
    above, end = _and_above(tokens, end) if kind in {"title", "size"} else (None, end)
    nodes = [_thing(token, context, above) for token in named]
    if outside and "内" in named[-1].text:
        raise NotRead  # 浙江省内宁波市外
    if outside:
        reading.parts.append(Not(either(nodes)))
        return end + 1
    reading.parts.append(_titles(nodes, joins, tokens) if kind == "title" and len(nodes) > 1 else either(nodes))
    return end


def kind_of(token: Token) -> str:
    return {"size_part": "size", "here": "place", "national": "place"}.get(token.kind, token.kind)


def _titles(nodes: list[Node], joins: set[str], tokens: Sequence[Token]) -> Node:
    """Several titles: with 或 one of them, with 同时 all; 和, or 、 after 具有, may mean either."""
    if any(token.kind == "all_of" for token in tokens) and "or" not in joins:
        return both(nodes)
    held = any(token.text in {"具有", "具备", "获得", "取得", "拥有"} for token in tokens)
    if "or" in joins or any(token.kind == "one_of" for token in tokens) or ("and" not in joins and not held):
        return either(nodes)
    return Either((either(nodes), both(nodes)))


def _and_above(tokens: Sequence[Token], at: int) -> tuple[str | None, int]:
    """及以上 or 及以下 after the name of a title or size, if it stands there."""
    end = at
    while end < len(tokens) and (
        tokens[end].kind in {"inclusive"} or tokens[end].text in {"称号", "企业", "资质", "规模"}
    ):
        end += 1
    if end < len(tokens) and tokens[end].kind == "after" and tokens[end].value in {"at_least", "at_most"}:
        return str(tokens[end].value), end + 1
    return None, at


def _thing(token: Token, context: Context, above: str | None) -> Node:
    if token.kind == "place":
        readings = token.value if isinstance(token.value, tuple) else (token.value,)
        if context.home is not None and context.home.province is None and context.home.text == token.text:
            readings = (context.home,)
        located = tuple(Located(place, token.text) for place in readings)
        return located[0] if len(located) == 1 else Either(located)
    if token.kind == "national":
        return Located(Place(token.text), token.text)
    if token.kind == "here":
        return _here(token.text, context.home)
    if token.kind == "trade":
        return InTrade(token.value, token.text)
    ladder = vocabulary().data["ladder" if token.kind == "title" else "size_ladder"]
    if token.kind == "title":
        if above is None:
            return Titled(token.value, token.text)
        if above == "at_most" or token.value not in ladder:
            raise NotRead
        rungs, known = ladder[ladder.index(token.value) :], vocabulary().data["titles"]
        own = [title for title in rungs if not set(known[title]["implies"]) & set(rungs)]  # the others have it already
        return either([Titled(title, token.text) for title in own])
    classes = [ladder.index(name) for name in token.value]
    rungs = ladder[min(classes) :] if above == "at_least" else ladder[: max(classes) + 1] if above else token.value
    return Sized(frozenset(rungs), token.text)


def _here(text: str, home: Place | None) -> Node:
    """本市, 本省, 本区 of the one who gives the notice; 本市 of a county may be that county or its city."""
    unread = Unknown(text, f"通知里说的“{text}”是哪里，企业是不是注册在那里？")
    if home is None or home.province is None:
        return unread
    province, city = Place(home.province, home.province), Place(str(home.city), home.province, home.city)
    if "省" in text:
        return Located(province, text)
    if "区" in text or "县" in text:
        return Located(home, text) if home.district else unread
    if "市" in text:
        both_ways = (Located(city, text), Located(home, text))
        return unread if home.city is None else Either(both_ways) if home.district else Located(city, text)
    return Located(home, text)


def high_energy(text: str) -> Node:
    """高耗能行业: the divisions that 国家统计局 counts as such; whether a firm of another one is, it can only say itself."""
    divisions = [InTrade(name, text) for name in vocabulary().data["high_energy_divisions"]]
    return Or((Stated("high_energy", text), *divisions))


def scaled(token: Token, tokens: Sequence[Token]) -> Node:
    """规模以上: of industry its revenue decides; of other trades the lines differ and are not known."""
    text, line = token.text, Range("revenue_wan", f"{token.text}（按年2000万元算）", low=SCALED_WAN)
    own: Node = Not(line) if token.kind == "scaled_below" else line
    industrial = text.endswith("工业") or any(t.kind == "trade" and t.value in {"工业", "制造业"} for t in tokens)
    factory = InTrade("工业", text)
    if industrial:
        return Or((And((factory, own)),))  # one thing, not to be taken apart
    return Or((both([factory, own]), both([Not(factory), Unknown(text, "企业是不是规上企业（在统计局的名录里）？")])))
