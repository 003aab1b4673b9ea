"""A condition held against a firm, three-valued: met, not met, or to be checked, with the fact used and what to ask.

Not met only where a known fact contradicts a part that is necessary and fully understood; met only where every part is
known and holds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal

from tools.conditions import trades
from tools.conditions.firm import Firm, Span
from tools.conditions.own_words import statement_words
from tools.conditions.places import lies_in
from tools.conditions.predicates import (
    And,
    AtLeast,
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
    Used,
)  # fmt: skip
from tools.conditions.vocabulary import vocabulary

State = Literal["met", "not_met", "unknown"]
_SIZES = ("大型", "中型", "小型", "微型")


@dataclass(frozen=True)
class Ask:
    """The question that would settle a part; topic: what it is about, so that the same is asked once.

    understood: whether the part was read, so that an answer can be held against it.
    """

    topic: str
    text: str
    understood: bool = True


@dataclass(frozen=True)
class Finding:
    """What was found of a condition: the facts of the firm that decide, and what would settle it."""

    state: State
    facts: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = field(default=())


def judge(node: Node, firm: Firm) -> Finding:
    """A condition against a firm."""
    if isinstance(node, And):
        return _all([judge(part, firm) for part in node.parts])
    if isinstance(node, Or):
        return _any([judge(part, firm) for part in node.parts])
    if isinstance(node, Not):
        return _opposite(judge(node.part, firm))
    if isinstance(node, AtLeast):
        return _count(node.count, [judge(part, firm) for part in node.parts])
    if isinstance(node, Either):
        return _agreed([judge(part, firm) for part in node.readings])
    return _leaf(node, firm)


def _leaf(node: Node, firm: Firm) -> Finding:
    if isinstance(node, Range):
        return _range(node, firm)
    if isinstance(node, Located):
        return _located(node, firm)
    if isinstance(node, InTrade):
        known = trades.is_of(firm.industry, node.name) if firm.industry else None
        return _found(
            known,
            firm.industry,
            Ask("industry", f"企业做的算不算{node.name}？" if firm.industry else "企业是做什么行业的？"),
        )
    if isinstance(node, Titled):
        label = vocabulary().data["titles"].get(node.title, {}).get("label", node.title)
        return _found(
            firm.holds(node.title),
            _title_words(node.title, label, firm),
            Ask(f"title:{node.title}", f"是不是{label}？"),
        )
    if isinstance(node, Sized):
        return _sized(node, firm)
    if isinstance(node, Used):
        return _used(node, firm)
    if isinstance(node, Stated):
        known, entry = firm.statements.get(node.key), vocabulary().data["statements"][node.key]
        return _found(known, statement_words(node.key, bool(known)), Ask(node.key, str(entry["ask"])))
    return Finding("unknown", (), (Ask(node.text, node.ask, False),) if isinstance(node, Unknown) else ())


def _found(known: bool | None, fact: str, ask: Ask) -> Finding:
    if known is None:
        return Finding("unknown", (), (ask,))
    return Finding("met" if known else "not_met", (fact,) if fact else ())


def _title_words(title: str, label: str, firm: Firm) -> str:
    if firm.holds(title):
        return "、".join(sorted(firm.titles))
    return f"不是{label}"


def _range(node: Range, firm: Firm) -> Finding:
    known = firm.span(node.attribute)
    ask = Ask(node.attribute, _question(node.attribute))
    if known is None:
        return Finding("unknown", (), (ask,))
    low, high = _side(node, known, "low"), _side(node, known, "high")
    if low is False or high is False:
        return Finding("not_met", (known.said,))
    if low and high:
        return Finding("met", (known.said,))
    return Finding("unknown", (known.said,) if node.attribute in firm.figures else (), (ask,))


def _side(node: Range, known: Span, side: Literal["low", "high"]) -> bool | None:
    """Whether all of a span keeps to one end of a range, or none of it does."""
    bound = node.low if side == "low" else node.high
    if bound is None:
        return True
    slack = 1e-9 * max(1.0, abs(bound))
    near, far = (known.low, known.high) if side == "low" else (-known.high, -known.low)
    bound, closed = (bound, node.low_closed) if side == "low" else (-bound, node.high_closed)
    if near >= bound - slack if closed else near > bound + slack:
        return True
    return False if (far < bound - slack if closed else far <= bound + slack) else None


def _question(attribute: str) -> str:
    if attribute == "founded":
        attribute = "age_years"
    return vocabulary().ask("attributes", attribute)


def _located(node: Located, firm: Firm) -> Finding:
    if firm.place is None:
        return Finding("unknown", (), (Ask("place", "企业注册在哪个市、哪个区县？"),))
    known = lies_in(firm.place, node.place)
    where = node.place.district or node.place.city or node.place.province or node.place.text
    return _found(known, f"企业在{firm.place.label}", Ask("place", f"企业是不是注册在{where}？"))


def _sized(node: Sized, firm: Firm) -> Finding:
    ask = Ask("size", "企业有多少人、上一年营业收入多少、做什么行业？（用来算大中小微）")
    if not firm.sizes:
        return Finding("unknown", (), (ask,))
    given = "或".join(size for size in _SIZES if size in firm.sizes)
    given = {"中型或小型或微型": "中小微企业", "小型或微型": "小微企业"}.get(given, given)
    if firm.sizes <= node.classes:
        return Finding("met", (given,))
    return Finding("unknown", (given,), (ask,)) if firm.sizes & node.classes else Finding("not_met", (given,))


def _used(node: Used, firm: Firm) -> Finding:
    ask = Ask("purpose", f"钱是不是用在{'、'.join(sorted(node.purposes))}？")
    if firm.purposes & node.purposes:
        return Finding("met", (firm.purpose,))
    return Finding("not_met", (firm.purpose,)) if firm.purposes == {"流动资金"} else Finding("unknown", (), (ask,))


def _all(parts: Sequence[Finding]) -> Finding:
    for state in ("not_met", "unknown"):
        if chosen := [part for part in parts if part.state == state]:
            told = chosen if state == "not_met" else [*chosen, *(p for p in parts if p.state == "met")]
            return Finding(state, _facts(told), _asks(chosen))
    return Finding("met", _facts(parts))


def _any(parts: Sequence[Finding]) -> Finding:
    for state in ("met", "unknown"):
        if chosen := [part for part in parts if part.state == state]:
            return Finding(state, _facts(chosen), _asks(chosen))
    return Finding("not_met", _facts(parts))


def _opposite(part: Finding) -> Finding:
    turned: dict[State, State] = {"met": "not_met", "not_met": "met", "unknown": "unknown"}
    return Finding(turned[part.state], part.facts, part.asks)


def _count(count: int, parts: Sequence[Finding]) -> Finding:
    met = [part for part in parts if part.state == "met"]
    unknown = [part for part in parts if part.state == "unknown"]
    if len(met) >= count:
        return Finding("met", _facts(met))
    if len(met) + len(unknown) < count:
        return Finding("not_met", _facts([part for part in parts if part.state == "not_met"]))
    return Finding("unknown", _facts(met), _asks(unknown))


def _agreed(parts: Sequence[Finding]) -> Finding:
    states = {part.state for part in parts}
    if len(states) == 1:
        return Finding(states.pop(), _facts(parts), _asks(parts))
    return Finding("unknown", _facts(parts), _asks(parts))


def _facts(parts: Sequence[Finding]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(fact for part in parts for fact in part.facts if fact))


def _asks(parts: Sequence[Finding]) -> tuple[Ask, ...]:
    return tuple(dict.fromkeys(ask for part in parts for ask in part.asks))
