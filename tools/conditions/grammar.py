"""One segment of a clause, a row of tokens, as a condition; a segment that is not read to its last token is not read at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tools.conditions import bounds, trades
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
from tools.conditions.tokens import Day, Token
from tools.conditions.vocabulary import vocabulary
from tools.region import Place

SCALED_WAN = 2000.0
"""规模以上工业企业: a yearly revenue from the main business of 20 million yuan and more (国家统计局, since 2011)."""
_LISTED = {"place", "trade", "size", "title"}
_QUIET = {
    "glue", "last_year", "comma", "colon", "inclusive", "document", "sheet", "before_project", "all_of",
    "registered", "registered_at", "after_project", "shifts", "both", "listing",
}  # fmt: skip
"""Words that say nothing of their own once the rest is read."""


@dataclass(frozen=True)
class Context:
    """What a clause is read in: the day, the place of the one who gives the notice, and what was said before in the sentence."""

    day: date
    home: Place | None = None
    attribute: str | None = None
    after_project: bool = False


@dataclass
class _Reading:
    """What has been read of a segment so far."""

    parts: list[Node] = field(default_factory=list)
    attribute: str | None = None
    registered: bool = False
    negated: bool = False
    shifted: bool = False
    places: int = 0


class NotRead(Exception):
    """A segment holds something that the grammar does not know."""


def read_segment(tokens: Sequence[Token], context: Context) -> tuple[Node | None, Context]:
    """The condition of a segment (None where it holds only connecting words), and the context for the next one.

    NotRead where a token is left over.
    """
    tokens, head = _head(tokens)
    reading = _Reading(attribute=context.attribute)
    own_attribute = False
    reading.registered = any(t.kind in {"registered", "registered_at"} for t in tokens)
    if any(t.kind in {"document", "sheet"} for t in tokens) and not any(t.kind == "size" for t in tokens):
        raise NotRead
    reading.shifted = any(t.kind == "shifts" for t in tokens)
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token.kind == "attribute":
            at, own_attribute = _attribute(tokens, at, reading, own_attribute), True
        elif token.kind == "quantity":
            at = _quantity(tokens, at, reading, context)
        elif token.kind == "date":
            at = _date(tokens, at, reading, context)
        elif _kind(token) in _LISTED:
            at = _listed(tokens, at, reading, context)
        else:
            at = _other(tokens, at, reading)
    if own_attribute and not any(isinstance(_first(part), Range) for part in reading.parts):
        raise NotRead
    if reading.shifted and any(isinstance(_first(part), Range) for part in reading.parts):
        raise NotRead
    if reading.registered and not reading.parts:
        raise NotRead
    following = replace(context, attribute=reading.attribute)
    if not reading.parts:
        return None, following
    if head is not None:
        reading.parts.append(head)
    node = both(reading.parts)
    return (Not(node) if reading.negated else node), following


def _head(tokens: Sequence[Token]) -> tuple[Sequence[Token], Unknown | None]:
    """A segment without the kind of firm that it ends in, where that is none the grammar knows: …以下的个体经营户."""
    heads = tuple(vocabulary().data["heads"])
    cut = next((n + 1 for n in range(len(tokens) - 1, -1, -1) if tokens[n].text.endswith("的")), None)
    tail = tokens[cut:] if cut else []
    if not any(t.kind == "other" for t in tail) or any(t.kind not in {"other", "glue"} for t in tail):
        return tokens, None
    words = _text(tail)
    return (tokens[:cut], Unknown(words, f"企业是不是{words}？")) if words.endswith(heads) else (tokens, None)


def _first(node: Node) -> Node:
    if isinstance(node, Or):
        return _first(node.parts[0])
    return node.readings[0] if isinstance(node, Either) else node


def _attribute(tokens: Sequence[Token], at: int, reading: _Reading, again: bool) -> int:
    """An attribute, or the share of one in another: 研发费用占营业收入的比例, 研发费用不低于营业收入的3%."""
    name = tokens[at].value
    whole = at + 1
    while whole < len(tokens) and tokens[whole].kind in {"share_of", "glue", "last_year", "before"}:
        whole += 1
    joined = tokens[at + 1 : whole]
    if (
        whole < len(tokens)
        and tokens[whole].kind == "attribute"
        and any(t.kind in {"share_of", "before"} for t in joined)
    ):
        reading.attribute = f"{name}/{tokens[whole].value}"
        if any(t.kind == "share_of" for t in joined) and any(t.kind == "before" for t in joined):
            raise NotRead
        return _share(tokens, at, whole, reading)
    if again:
        raise NotRead
    if joined and any(t.kind == "share_of" for t in joined):
        raise NotRead
    reading.attribute = name
    if name == "operating_years" and not any(t.kind == "quantity" for t in tokens[at:]):
        reading.parts.append(Stated("operating", tokens[at].text))
        return at + 1
    return at + 1


def _share(tokens: Sequence[Token], at: int, whole: int, reading: _Reading) -> int:
    """The share's limit, written after it, or before its whole: 不低于营业收入的3%."""
    end = whole + 1
    while end < len(tokens) and tokens[end].kind in {"glue", "shares", "last_year"}:
        end += 1
    early = [t for t in tokens[at + 1 : whole] if t.kind == "before"]
    if early:
        if end >= len(tokens) or tokens[end].kind != "quantity":
            raise NotRead
        row = [early[-1], *tokens[end:]]
        found = bounds.limit(row, 1)
        if found is None or found[0].unit != "percent":
            raise NotRead
        reading.parts.append(bounds.ranged(str(reading.attribute), found[0], _text(tokens[at : end + 1])))
        return end + found[2] - 1
    return end


def _quantity(tokens: Sequence[Token], at: int, reading: _Reading, context: Context) -> int:
    """A figure with its limit, on the attribute spoken of."""
    if mirror := bounds.mirrored(tokens, at):
        found, place = mirror
        name = str(tokens[place].value)
        if not bounds.fits(name, found.unit):
            raise NotRead
        reading.parts.append(bounds.ranged(name, found, _text(tokens[at : place + 1])))
        return place
    hit = bounds.limit(tokens, at)
    if hit is None:
        return _exact(tokens, at, reading, context)
    found, start, end = hit
    attribute = _measured(found.unit, reading, context)
    reading.parts.append(bounds.ranged(attribute, found, _text(tokens[start:end])))
    return end


def _exact(tokens: Sequence[Token], at: int, reading: _Reading, context: Context) -> int:
    """A level without a limit is that level itself, or one of several: 数字化水平为一级或二级."""
    if tokens[at].value.unit != "level" or reading.attribute not in {"level", "level_after"}:
        raise NotRead
    attribute, levels, end = _measured("level", reading, context), [tokens[at]], at + 1
    while end + 1 < len(tokens) and tokens[end].kind in {"listing", "either"} and tokens[end + 1].kind == "quantity":
        levels, end = [*levels, tokens[end + 1]], end + 2
    if any(token.value.unit != "level" for token in levels) or (end < len(tokens) and tokens[end].kind == "after"):
        raise NotRead
    reading.parts.append(either([Range(attribute, t.text, t.value.value, t.value.value) for t in levels]))
    return end


def _measured(unit: str | None, reading: _Reading, context: Context) -> str:
    """The attribute that a figure belongs to; NotRead where there is none of its unit."""
    if unit == "years" and reading.registered and reading.attribute in {None, "age_years", context.attribute}:
        return "age_years"
    default = {"people": "employees", "level": "level"}
    if reading.attribute is None and unit in default:
        reading.attribute = default[unit]
    if reading.attribute is None or not bounds.fits(reading.attribute, unit):
        raise NotRead
    if context.after_project:
        if reading.attribute not in {"level", "spend_wan"}:
            raise NotRead
        return "level_after" if reading.attribute == "level" else reading.attribute
    return reading.attribute


def _date(tokens: Sequence[Token], at: int, reading: _Reading, context: Context) -> int:
    """A year that is the last one, or the day before or after which a firm is to be registered."""
    day: Day = tokens[at].value
    end = at + 1
    closed: bool | None = None
    while end < len(tokens) and tokens[end].kind in {"inclusive", "exclusive"}:
        closed, end = tokens[end].kind == "inclusive", end + 1
    side = tokens[end].kind if end < len(tokens) else ""
    if side in {"until", "since"} or (side == "after" and tokens[end].value == "at_least"):
        if not reading.registered:
            raise NotRead
        reading.parts.append(_founded(day, side == "until", closed, _text(tokens[at : end + 1])))
        return end + 1
    if day.month is None and day.year == context.day.year - 1:
        return end
    raise NotRead


def _founded(day: Day, before: bool, closed: bool | None, text: str) -> Node:
    """Registered before or after a day; where it is not said whether the day itself counts, both readings.

    2023年以前 is before that year; 2023年（含）以前 takes the whole of it in.
    """
    first = date(day.year, day.month or 1, day.day or 1)
    if day.day is not None:
        low = high = float(first.toordinal())
        ends = (True, False) if closed is None else (closed,)
    elif day.month is not None:
        raise NotRead
    else:
        low, high = float(first.toordinal()), float(date(day.year, 12, 31).toordinal())
        if before:
            return Range("founded", text, high=high) if closed else Range("founded", text, high=low, high_closed=False)
        ends = (True, False) if closed is None else (closed,)
    if before:
        return _readings([Range("founded", text, high=high, high_closed=c) for c in ends])
    return _readings([Range("founded", text, low=low if c else high, low_closed=c) for c in ends])


def _readings(nodes: list[Node]) -> Node:
    return nodes[0] if len(nodes) == 1 else Either(tuple(nodes))


def _listed(tokens: Sequence[Token], at: int, reading: _Reading, context: Context) -> int:
    """One thing or several of a kind: places, trades, sizes, titles, joined by 、 和 或, or one after the other."""
    kind = _kind(tokens[at])
    named, joins, end = [tokens[at]], set[str](), at + 1
    while end < len(tokens):
        if kind == "trade" and tokens[end].kind == "trade":
            if not all(trades.is_service(token.value) for token in (named[-1], tokens[end])):
                raise NotRead  # 工业互联网 is neither 工业 nor 互联网
            named, end = [*named, tokens[end]], end + 1
            continue
        joined = tokens[end].kind in {"listing", "either"} and end + 1 < len(tokens) and _kind(tokens[end + 1]) == kind
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


def _kind(token: Token) -> str:
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
        return Located(token.value, token.text)
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


def _other(tokens: Sequence[Token], at: int, reading: _Reading) -> int:
    token = tokens[at]
    if reading.negated and reading.parts and token.kind == "glue" and token.text.endswith("的"):
        reading.parts, reading.negated = [Not(both(reading.parts))], False  # 未获得小巨人称号的|专精特新企业
    if token.kind == "statement":
        reading.parts.append(Stated(token.value, token.text))
    elif token.kind in {"scaled", "scaled_below"}:
        reading.parts.append(_scaled(token, tokens))
    elif token.kind == "without":
        if reading.parts:
            raise NotRead
        reading.negated = True
    elif token.kind == "one_of":
        if not any(isinstance(part, (Or, Sized)) for part in reading.parts):
            raise NotRead
    elif token.kind == "except_after":
        reading.negated = True
    elif token.kind == "before":
        following = tokens[at + 1].kind if at + 1 < len(tokens) else ""
        if following != "quantity":
            raise NotRead
    elif token.kind not in _QUIET:
        raise NotRead
    return at + 1


def _scaled(token: Token, tokens: Sequence[Token]) -> Node:
    """规模以上: of industry its revenue decides; of other trades the lines differ and are not known."""
    text, line = token.text, Range("revenue_wan", f"{token.text}（按年2000万元算）", low=SCALED_WAN)
    own: Node = Not(line) if token.kind == "scaled_below" else line
    industrial = text.endswith("工业") or any(t.kind == "trade" and t.value in {"工业", "制造业"} for t in tokens)
    factory = InTrade("工业", text)
    if industrial:
        return Or((And((factory, own)),))  # one thing, not to be taken apart
    return Or((both([factory, own]), both([Not(factory), Unknown(text, "企业是不是规上企业（在统计局的名录里）？")])))


def _text(tokens: Sequence[Token]) -> str:
    return "".join(token.text for token in tokens)


def unread(tokens: Sequence[Token]) -> Unknown:
    """A segment that is not understood, with the question of a statement or attribute that it speaks of."""
    text = _text(tokens)
    known = vocabulary()
    for token in tokens:
        if token.kind == "statement":
            return Unknown(text, known.ask("statements", token.value))
    return Unknown(text, f"“{text}”这一条符合吗？")
