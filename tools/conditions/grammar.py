"""One segment of a clause, a row of tokens, as a condition; a segment that is not read to its last token is not read at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from tools.conditions import bounds
from tools.conditions.changes import changed
from tools.conditions.predicates import (
    Either,
    Node,
    Not,
    Or,
    Range,
    Sized,
    Stated,
    Unknown,
    both,
    either,
)  # fmt: skip
from tools.conditions.reading import Context, NotRead, Reading, text_of
from tools.conditions.things import high_energy, kind_of, read_things, scaled
from tools.conditions.tokens import Day, Token
from tools.conditions.vocabulary import vocabulary

_LISTED = {"place", "trade", "size", "title"}
_QUIET = {
    "glue", "last_year", "comma", "colon", "inclusive", "document", "sheet", "before_project", "all_of",
    "registered", "registered_at", "after_project", "shifts", "both", "listing",
}  # fmt: skip
"""Words that say nothing of their own once the rest is read."""


def read_segment(tokens: Sequence[Token], context: Context) -> tuple[Node | None, Context]:
    """The condition of a segment (None where it holds only connecting words), and the context for the next one.

    NotRead where a token is left over.
    """
    tokens, head = _head(changed(tokens))
    reading = Reading(attribute=context.attribute)
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
        elif token.kind == "dated":
            at = _dated(tokens, at, reading)
        elif token.kind == "date":
            at = _date(tokens, at, reading, context)
        elif kind_of(token) in _LISTED:
            at = read_things(tokens, at, reading, context)
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
    words = text_of(tail)
    return (tokens[:cut], Unknown(words, f"企业是不是{words}？")) if words.endswith(heads) else (tokens, None)


def _first(node: Node) -> Node:
    if isinstance(node, Or):
        return _first(node.parts[0])
    return node.readings[0] if isinstance(node, Either) else node


def _attribute(tokens: Sequence[Token], at: int, reading: Reading, again: bool) -> int:
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
    reading.registered |= name == "age_years"
    if name == "operating_years" and not any(t.kind == "quantity" for t in tokens[at:]):
        reading.parts.append(Stated("operating", tokens[at].text))
        return at + 1
    return at + 1


def _share(tokens: Sequence[Token], at: int, whole: int, reading: Reading) -> int:
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
        reading.parts.append(bounds.ranged(str(reading.attribute), found[0], text_of(tokens[at : end + 1])))
        return end + found[2] - 1
    return end


def _quantity(tokens: Sequence[Token], at: int, reading: Reading, context: Context) -> int:
    """A figure with its limit, on the attribute spoken of."""
    if mirror := bounds.mirrored(tokens, at):
        found, place = mirror
        name = str(tokens[place].value)
        if not bounds.fits(name, found.unit):
            raise NotRead
        reading.parts.append(bounds.ranged(name, found, text_of(tokens[at : place + 1])))
        return place
    hit = bounds.limit(tokens, at)
    if hit is None:
        return _exact(tokens, at, reading, context)
    found, start, end = hit
    attribute = _measured(found.unit, reading, context)
    reading.parts.append(bounds.ranged(attribute, found, text_of(tokens[start:end])))
    return end


def _exact(tokens: Sequence[Token], at: int, reading: Reading, context: Context) -> int:
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


def _measured(unit: str | None, reading: Reading, context: Context) -> str:
    """The attribute that a figure belongs to; NotRead where there is none of its unit."""
    if unit == "years" and reading.registered and reading.attribute in {None, "age_years", context.attribute}:
        return "age_years"
    default = {"people": "employees", "level": "level"}
    if reading.attribute is None and unit in default:
        reading.attribute = default[unit]
    if reading.attribute == "export_wan" and unit == "usd":
        reading.attribute = "export_usd_wan"
    if reading.attribute is None or not bounds.fits(reading.attribute, unit):
        raise NotRead
    if context.after_project:
        if reading.attribute not in {"level", "spend_wan"}:
            raise NotRead
        return "level_after" if reading.attribute == "level" else reading.attribute
    return reading.attribute


def _date(tokens: Sequence[Token], at: int, reading: Reading, context: Context) -> int:
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
        reading.parts.append(_founded(day, side == "until", closed, text_of(tokens[at : end + 1])))
        return end + 1
    if day.month is None and day.year == context.day.year - 1:
        return end
    raise NotRead


def _dated(tokens: Sequence[Token], at: int, reading: Reading) -> int:
    """成立时间早于2024年1月1日, 不晚于: before or after a day, which counts where it is 不."""
    following = tokens[at + 1] if at + 1 < len(tokens) else None
    if following is None or following.kind != "date" or not reading.registered:
        raise NotRead
    text = tokens[at].text
    before = text in {"早于", "不晚于", "不迟于"}
    reading.parts.append(_founded(following.value, before, text.startswith("不"), text + following.text))
    return at + 2


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


def _other(tokens: Sequence[Token], at: int, reading: Reading) -> int:
    token = tokens[at]
    if reading.negated and reading.parts and token.kind == "glue" and token.text.endswith("的"):
        reading.parts, reading.negated = [Not(both(reading.parts))], False  # 未获得小巨人称号的|专精特新企业
    if token.kind == "statement":
        if reading.shifted and vocabulary().data["statements"][token.value].get("of_last_year"):
            raise NotRead  # 连续两年亏损 is not 上年度亏损
        reading.parts.append(Stated(token.value, token.text))
    elif token.kind == "high_energy":
        reading.parts.append(high_energy(token.text))
    elif token.kind in {"scaled", "scaled_below"}:
        reading.parts.append(scaled(token, tokens))
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
