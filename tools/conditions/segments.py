"""The segments of a sentence joined: all of them, alternatives, kinds of firm in a row, a subject and what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

from tools.conditions.grammar import read_segment
from tools.conditions.lines import cases, has_line, own_lines, words_of
from tools.conditions.predicates import (
    And,
    Either,
    InTrade,
    Located,
    Node,
    Not,
    Or,
    Sized,
    Titled,
    Unknown,
    both,
    either,
)  # fmt: skip
from tools.conditions.reading import Context, NotRead, text_of, unread
from tools.conditions.tokens import Token

_SUBJECT_ENDS = ("的", "的企业", "的单位", "的公司", "的申报企业")
_THINGS = {"place", "trade", "size", "title"}


def read_segments(flat: list[Token], context: Context) -> Node | None:
    """Segments between commas, 、 and 且 are all asked for; 或 makes alternatives; 但, 其中 and the like are not understood."""
    if any(token.kind == "hazards" for token in flat):
        return unread(flat)
    return join_segments(flat, context, strict=False)


def join_segments(flat: list[Token], context: Context, strict: bool) -> Node | None:
    read: list[_Read] = []
    for join, row in _rows(flat):
        try:
            node, context = read_segment(row, context)
        except NotRead:
            if strict:
                raise
            node = unread(row)
        if node is not None:
            thing = _is_thing(node) and not any(t.kind.startswith("registered") for t in row)
            subject = text_of(row).endswith(_SUBJECT_ENDS) or [t.kind for t in row] == ["title"]
            read.append(_Read(join, node, thing, subject))
    read = _enumerated(read)
    if not read:
        return None
    parts = [one.node for one in read]
    return (
        cases(parts)
        or own_lines(parts)
        or _conditional(read)
        or _alternatives(parts, [n for n, one in enumerate(read) if n and one.join == "either"])
    )


@dataclass(frozen=True)
class _Read:
    """A segment that was read: what joins it to the one before; thing: it names no more than a kind of firm.

    subject: it ends as the subject of what follows does: …的企业.
    """

    join: str
    node: Node
    thing: bool
    subject: bool = False


def _is_thing(node: Node) -> bool:
    if isinstance(node, (Or, And, Either)):
        return all(_is_thing(part) for part in (node.readings if isinstance(node, Either) else node.parts))
    return isinstance(node, (InTrade, Titled, Sized, Located))


def _enumerated(read: list[_Read]) -> list[_Read]:
    """Kinds of firms with 、 between them may be alternatives: one that is not understood makes the whole row so."""
    chains: list[list[_Read]] = []
    for one in read:
        if one.join == "listing" and chains:
            chains[-1].append(one)
        else:
            chains.append([one])
    out: list[_Read] = []
    for chain in chains:
        nodes = [one.node for one in chain]
        if len(chain) == 1 or not any(one.thing for one in chain):
            out += chain
        elif any(isinstance(node, Unknown) for node in nodes):
            words = "、".join(words_of(node) for node in nodes)
            out.append(_Read(chain[0].join, Unknown(words, f"“{words}”这一条符合吗？"), False))
        elif all(one.thing for one in chain):
            out.append(_Read(chain[0].join, Either((both(nodes), either(nodes))), True))
        else:
            out += chain
    return out


def _rows(flat: list[Token]) -> list[tuple[str, list[Token]]]:
    """Segments with what joins each to the one before: a comma, 、, 且, or 或."""
    rows: list[tuple[str, list[Token]]] = [("", [])]
    for at, token in enumerate(flat):
        inside = token.kind in {"listing", "either"} and _joins_things(flat, at)
        if token.kind in {"comma", "both", "either", "listing"} and not inside:
            if rows[-1][1]:
                rows.append((token.kind, []))
            elif token.kind == "either":
                rows[-1] = ("either", [])
            if token.text.startswith("同时") or token.text.startswith("且同时"):
                rows[-1][1].append(replace(token, kind="all_of"))
            continue
        rows[-1][1].append(token)
    return [row for row in rows if any(token.kind != "all_of" for token in row[1])]


def _joins_things(flat: list[Token], at: int) -> bool:
    """Whether 、 or 或 stands between two names of one kind, or two levels."""
    if at == 0 or at + 1 >= len(flat):
        return False
    kinds = [{"size_part": "size", "here": "place"}.get(flat[n].kind, flat[n].kind) for n in (at - 1, at + 1)]
    levels = all(flat[n].kind == "quantity" and flat[n].value.unit == "level" for n in (at - 1, at + 1))
    return levels or (kinds[0] == kinds[1] and kinds[0] in _THINGS)


def _conditional(read: list[_Read]) -> Node | None:
    """营业收入…的企业，研发…: asked of all, or only of those whom the first part describes; decided where both agree."""
    first, rest = read[0], read[1:]
    led = first.subject and (has_line(first.node) or isinstance(first.node, Titled))
    if not led or not any(has_line(one.node) for one in rest) or any(one.join == "either" for one in read):
        return None
    asked = both([one.node for one in rest])
    return Either((And((first.node, asked)), Or((Not(first.node), asked))))


def _pair(left: Node, right: Node) -> Node:
    """A或B; what only one of them names beside a line (…的工业企业) may belong to both: decided where both readings agree."""
    shared = [*_own_things(left), *_own_things(right)]
    if not shared:
        return Or((left, right))
    bare = Or((_less(left, shared), _less(right, shared)))
    return Either((Or((left, right)), And((*shared, bare))))


def _own_things(node: Node) -> list[Node]:
    """The kinds of firm that a segment names beside something else."""
    if not isinstance(node, And):
        return []
    flat = [p for part in node.parts for p in (part.parts if isinstance(part, And) else (part,))]
    things = [part for part in flat if _is_thing(part) or (isinstance(part, Unknown) and part.ask.startswith("通知里"))]
    return things if len(things) < len(flat) else things[:1]


def _less(node: Node, things: list[Node]) -> Node:
    if not isinstance(node, And):
        return node
    flat = [p for part in node.parts for p in (part.parts if isinstance(part, And) else (part,))]
    left = [part for part in flat if part not in things]
    return both(left) if left else node


def _alternatives(parts: list[Node], alternatives: list[int]) -> Node:
    """A或B; where more stands before it, the sentence has two readings and is decided only where they agree."""
    if not alternatives:
        return both(parts)
    if alternatives == [1] and len(parts) == 2:
        return _pair(*parts)
    if alternatives == list(range(1, len(parts))):
        return either(parts)
    first = alternatives[0]
    if alternatives == list(range(first, len(parts))):
        near = both([*parts[: first - 1], either(parts[first - 1 :])])
        return Either((near, either([both(parts[:first]), *parts[first:]])))
    return Unknown("；".join(words_of(part) for part in parts))
