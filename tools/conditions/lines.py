"""Lines that differ from one kind of firm to another: tables of them, and one of its own beside the general one."""

from __future__ import annotations

from collections.abc import Sequence

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
    Titled,
    Unknown,
    both,
)  # fmt: skip


def cases(parts: list[Node]) -> Node | None:
    """工业企业…2000万元以上，软件企业…500万元以上: each kind of firm has its own line; None where it is no such table."""
    own = [case for case in map(case_of, parts) if case is not None]
    aged = [case for case in own if any(line.attribute == "age_years" for line in _ranges(case[1]))]
    own = [case for case in own if aged != [case] or not isinstance(case[0], Located)]  # 在…注册满2年 is one demand
    if len(own) < 2 or len({subject for subject, _ in own}) < 2:
        return None
    if _two_ends([line for _, line in own]):
        return None
    if len(own) != len(parts) or len({type(subject) for subject, _ in own}) != 1:
        return Unknown("；".join(words_of(part) for part in parts))
    none = And((*(Not(subject) for subject, _ in own), Unknown("", "企业属于通知里列的哪一类？")))
    return Or((*(And((subject, line)) for subject, line in own), none))


def _two_ends(lines: Sequence[Node]) -> bool:
    """Whether two lines are the ends of one range: 100万美元以上、1000万美元以下."""
    low, high = (
        [r for line in lines for r in _ranges(line) if (r.low if side else r.high) is not None] for side in (1, 0)
    )
    return (
        len(lines) == 2 and len(low) == len(high) == 1 and low[0] != high[0] and low[0].attribute == high[0].attribute
    )


def case_of(part: Node) -> tuple[Node, Node] | None:
    """A kind of firm with the figures asked of it."""
    if not isinstance(part, And):
        return None
    subjects = [p for p in part.parts if isinstance(p, (InTrade, Located, Sized, Titled, Or))]
    lines = [p for p in part.parts if isinstance(p, Range)]
    if len(subjects) != 1 or not lines or len(subjects) + len(lines) != len(part.parts):
        return None
    return subjects[0], both([*lines])


def own_lines(parts: Sequence[Node]) -> Node | None:
    """…2000万元以上，软件企业500万元以上: the second line is instead of the first; None where no such line stands there.

    A line on the other end (…，软件企业5亿元以下) may be instead or beside: decided where both readings agree.
    """
    lines = [part for at, part in enumerate(parts) if at and _own_line(part) and _lined(parts[:at], part)]
    if not lines:
        return None
    general: Node = both([part for part in parts if part not in lines])
    sides = {_side(one) for part in parts for one in _ranges(part) if part not in lines}
    beside = [line for line in lines if any(_side(one) not in sides for one in _ranges(line))]
    for line in lines:
        assert isinstance(line, And)
        general = overridden(general, line)
    return Either((both(parts), general)) if beside else general


def _own_line(part: Node) -> bool:
    """Whether a kind of firm comes first and its line after it: 软件企业500万元以上, not 500万元以上的软件企业."""
    return case_of(part) is not None and isinstance(part, And) and not isinstance(part.parts[0], Range)


def _ranges(part: Node) -> list[Range]:
    return [one for one in (part.parts if isinstance(part, And) else (part,)) if isinstance(one, Range)]


def _side(line: Range) -> tuple[str, bool]:
    return line.attribute, line.low is not None


def _lined(before: Sequence[Node], case: Node) -> bool:
    """Whether a line for some firms is on a figure that a line before it is on."""
    own = {line.attribute for line in _ranges(case)}
    return any(line.attribute in own for part in before for line in _ranges(part))


def overridden(node: Node, line: And) -> Node:
    """A line of its own for one kind of firm in place of the general one on the same figure."""
    subject, own = line.parts[0], line.parts[-1]
    if isinstance(own, (InTrade, Located, Sized, Titled)):
        subject, own = own, subject
    if isinstance(node, And):
        return And(tuple(overridden(part, line) for part in node.parts))
    if isinstance(node, Range) and isinstance(own, Range) and node.attribute == own.attribute:
        return Or((And((subject, own)), And((Not(subject), node))))
    return node


def has_line(node: Node) -> bool:
    if isinstance(node, (And, Or, AtLeast)):
        return any(has_line(part) for part in node.parts)
    return isinstance(node, (Range, Either))


def words_of(node: Node) -> str:
    """The words that a condition was read from, as far as they are kept."""
    parts: tuple[Node, ...] = getattr(node, "parts", ()) or getattr(node, "readings", ())
    return str(getattr(node, "text", "")) or "、".join(dict.fromkeys(words_of(part) for part in parts))
