"""One sentence of a clause: what is only preferred, brackets, refusals and exceptions, then its segments joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.conditions.grammar import Context, NotRead, read_segment, unread
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
    Soft,
    Titled,
    Unknown,
    both,
    either,
)  # fmt: skip
from tools.conditions.tokens import Token

_THINGS = {"place", "trade", "size", "title"}
_LINKS = {"hazards", "glue", "comma", "both"}
_SUBJECT_ENDS = ("的", "的企业", "的单位", "的公司", "的申报企业")
_SHORT_NAMES = ("以下简称", "下同", "简称", "以下称")


@dataclass
class _Aside:
    """What brackets hold beside the sentence: more conditions, firms left out, other lines for some kinds of firm."""

    parts: list[Node] = field(default_factory=list)
    left_out: list[Node] = field(default_factory=list)
    lines: list[And] = field(default_factory=list)
    changes: bool = False


def read_sentence(found: Sequence[Token], context: Context) -> Node | None:
    """The condition of a sentence; None where it says nothing, Soft where it only prefers."""
    found = [token for token in found if token.kind != "stop"]
    soft = next((at for at, token in enumerate(found) if token.kind == "soft"), None)
    preferred: Node | None = None
    if soft is not None:
        start = max((at + 1 for at in range(soft) if found[at].kind == "comma"), default=0)
        preferred, found = Soft(text_of(found[start:])), found[:start]
    flat, aside = _brackets(found, context)
    if aside.changes:
        return unread(flat)
    node = _excepting(flat, replace(context, after_project=any(t.kind == "after_project" for t in flat)))
    for line in aside.lines:
        node = _overridden(node, line) if node else None
    for one in aside.left_out:
        node = _without(node, one)
    parts = [part for part in (node, *aside.parts) if part is not None]
    return both(parts) if parts else preferred


def text_of(found: Sequence[Token]) -> str:
    return "".join(token.text for token in found)


# ---- brackets


def _brackets(found: list[Token], context: Context) -> tuple[list[Token], _Aside]:
    """The tokens outside of brackets, and what those in brackets hold."""
    flat: list[Token] = []
    aside = _Aside()
    at = 0
    while at < len(found):
        if found[at].kind != "open":
            flat.append(found[at])
            at += 1
            continue
        depth, end = 1, at + 1
        while end < len(found) and depth:
            depth += {"open": 1, "close": -1}.get(found[end].kind, 0)
            end += 1
        _bracket([t for t in found[at + 1 : end] if t.kind not in {"open", "close"}], flat, aside, context)
        at = end
    return [token for token in flat if token.kind != "close"], aside


def _bracket(inner: list[Token], flat: list[Token], aside: _Aside, context: Context) -> None:
    """What one pair of brackets says: whether an end counts, a short name, who is meant, who is left out, or a condition."""
    kinds = [token.kind for token in inner]
    if not inner or text_of(inner).startswith(_SHORT_NAMES) or set(kinds) <= {"level_names"} or "soft" in kinds:
        return
    if kinds[0] in {"inclusive", "without"} and set(kinds[1:]) <= {"quantity"}:
        flat.append(Token("inclusive" if kinds[0] == "inclusive" else "exclusive", text_of(inner)))
        return
    if _is_list(inner) and (start := _defined(flat)) is not None:
        flat[start:] = [replace(t, kind="either") if t.kind == "listing" else t for t in inner if t.text != "等"]
        return
    attribute = next((str(t.value) for t in reversed(flat) if t.kind == "attribute"), None)
    left_out = kinds[-1] == "except_after"
    try:
        node, _ = read_segment(inner[:-1] if left_out else inner, replace(context, attribute=attribute))
    except NotRead:
        node = unread(inner)
        aside.changes |= "hazards" in kinds or left_out
    if node is None:
        return
    if left_out:
        aside.left_out.append(node)
    elif _case(node) and isinstance(node, And):
        aside.lines.append(node)
    else:
        aside.parts.append(node)


def _is_list(inner: list[Token]) -> bool:
    """Whether brackets hold nothing but several names of one kind."""
    named = [t.kind for t in inner if t.kind not in {"listing", "either", "glue"}]
    return len(named) > 1 and len(set(named)) == 1 and named[0] in _THINGS


def _defined(flat: list[Token]) -> int | None:
    """Where the name starts that a list in brackets spells out: 长三角地区（上海、江苏…）; None where there is none."""
    for at in range(len(flat) - 1, max(-1, len(flat) - 4), -1):
        if flat[at].kind == "other":
            return at
        if flat[at].kind not in {"glue", "size"}:
            return None
    return None


# ---- refusals and exceptions


def _excepting(flat: list[Token], context: Context) -> Node | None:
    """A sentence without brackets, its refusals, exceptions and eased lines."""
    for kind, read in (
        ("refused_after", _refused), ("refused_before", _refused), ("exempt_after", _exempt), ("relaxed_to", _relaxed),
    ):  # fmt: skip
        at = next((n for n, token in enumerate(flat) if token.kind == kind), None)
        if at is not None:
            return read(flat, at, context)
    if (at := next((n for n, t in enumerate(flat) if t.text == "除"), None)) is not None:
        return _besides(flat, at, context)
    if flat and flat[-1].kind == "except_after" and (cut := _last_comma(flat, len(flat))):
        left_out = _strict(_bare(flat[cut:-1]), context) or unread(flat[cut:-1])
        return _without(_segments(flat[: cut - 1], context), left_out)
    return _segments(flat, context)


def _refused(flat: list[Token], at: int, context: Context) -> Node | None:
    """…不予受理: those whom the rest describes are refused."""
    rest = [*flat[:at], *flat[at + 1 :]]
    node = _excepting([t for t in rest if t.kind != "comma" or t is not rest[-1]], context)
    if node is None:
        return unread(flat)
    if isinstance(node, And) and any(token.kind == "comma" for token in rest):
        return Either((Not(node), And((*node.parts[:-1], Not(node.parts[-1])))))
    return Not(turned(node))


def turned(node: Node) -> Node:
    """What is not understood among what is refused, asked for as what must not be."""
    if isinstance(node, Unknown):
        return replace(node, ask=f"有没有这种情况：{node.text}？")
    return replace(node, parts=tuple(map(turned, node.parts))) if isinstance(node, (And, Or, AtLeast)) else node


def _exempt(flat: list[Token], at: int, context: Context) -> Node | None:
    """…，专精特新企业不受此限: the line before holds for the others only."""
    cut = _last_comma(flat, at)
    if not cut or at != len(flat) - 1:
        return unread(flat)
    subject = _strict(_bare(flat[cut:at]), context) or unread(flat[cut:at])
    return _eased(_segments(flat[: cut - 1], context), subject, flat)


def _relaxed(flat: list[Token], at: int, context: Context) -> Node | None:
    """…，其中某类企业放宽到1000万元: a lower line for some."""
    cut = _last_comma(flat, at)
    if not cut:
        return unread(flat)
    base = flat[: cut - 1]
    attribute = next((str(t.value) for t in reversed(base) if t.kind == "attribute"), None)
    line = _strict(flat[at + 1 :], replace(context, attribute=attribute))
    subject = _strict(_bare(flat[cut:at]), context) or unread(flat[cut:at])
    return _eased(_segments(base, context), And((subject, line or unread(flat[at:]))), flat)


def _eased(base: Node | None, other: Node, flat: list[Token]) -> Node:
    """The last thing asked, or the easier one instead; of several things only where it does not matter which is eased."""
    if base is None or isinstance(base, Unknown):
        return unread(flat)
    if isinstance(base, And):
        return Either((And((*base.parts[:-1], Or((base.parts[-1], other)))), Or((base, other))))
    return Or((base, other))


def _besides(flat: list[Token], at: int, context: Context) -> Node | None:
    """除X外的Y leaves X out; 除X外，Y要… asks nothing of X."""
    end = next((n for n in range(at, len(flat)) if flat[n].kind == "besides_end" or flat[n].text == "外"), None)
    subject = _strict(flat[at + 1 : end], context) if end is not None else None
    if end is None or subject is None:
        return unread(flat)
    comma = end + 1 < len(flat) and flat[end + 1].kind == "comma"
    if not comma:
        rest = _segments([*flat[:at], *flat[end + 1 :]], context)
        return And((rest, Not(subject))) if rest and not isinstance(rest, Unknown) else unread(flat)
    rest = _strict([t for t in flat[end + 2 :] if t.text != "其他"], context)
    return Or((subject, rest)) if not flat[:at] and rest and _only_lines(rest) else unread(flat)


def _only_lines(node: Node) -> bool:
    parts = node.parts if isinstance(node, (And, Or)) else (node,)
    return all(isinstance(part, (Range, Either)) for part in parts)


def _without(base: Node | None, left_out: Node) -> Node:
    """Firms left out of a group; after a line it may also mean that the line is not for them: decided where both agree."""
    if base is None:
        return Not(left_out)
    excluded = And((base, Not(left_out)))
    return Either((excluded, Or((base, left_out)))) if _has_line(base) else excluded


def _has_line(node: Node) -> bool:
    if isinstance(node, (And, Or, AtLeast)):
        return any(_has_line(part) for part in node.parts)
    return isinstance(node, (Range, Either))


def _bare(found: list[Token]) -> list[Token]:
    """A subject without the words that lead to it: 但对…的."""
    start = next((n for n, token in enumerate(found) if token.kind not in _LINKS), len(found))
    return found[start:]


def _last_comma(flat: list[Token], before: int) -> int | None:
    """The place after the last comma before a place."""
    return next((n + 1 for n in range(before - 1, -1, -1) if flat[n].kind == "comma"), None)


def _strict(found: list[Token], context: Context) -> Node | None:
    """What some tokens ask for where all of them are understood, else None."""
    if not found or any(token.kind == "hazards" for token in found):
        return None
    try:
        node = _joined(found, context, strict=True)
    except NotRead:
        return None
    return node


# ---- segments


def _segments(flat: list[Token], context: Context) -> Node | None:
    """Segments between commas, 、 and 且 are all asked for; 或 makes alternatives; 但, 其中 and the like are not understood."""
    if any(token.kind == "hazards" for token in flat):
        return unread(flat)
    return _joined(flat, context, strict=False)


def _joined(flat: list[Token], context: Context, strict: bool) -> Node | None:
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
        _cases(parts)
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
    led = first.subject and (_has_line(first.node) or isinstance(first.node, Titled))
    if not led or not any(_has_line(one.node) for one in rest) or any(one.join == "either" for one in read):
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


def words_of(node: Node) -> str:
    """The words that a condition was read from, as far as they are kept."""
    parts: tuple[Node, ...] = getattr(node, "parts", ()) or getattr(node, "readings", ())
    return str(getattr(node, "text", "")) or "、".join(dict.fromkeys(words_of(part) for part in parts))


# ---- tables of lines


def _cases(parts: list[Node]) -> Node | None:
    """工业企业…2000万元以上，软件企业…500万元以上: each kind of firm has its own line; None where it is no such table."""
    own = [case for case in map(_case, parts) if case is not None]
    if len(own) < 2 or len({subject for subject, _ in own}) < 2:
        return None
    if len(own) != len(parts) or len({type(subject) for subject, _ in own}) != 1:
        return Unknown("；".join(words_of(part) for part in parts))
    none = And((*(Not(subject) for subject, _ in own), Unknown("", "企业属于通知里列的哪一类？")))
    return Or((*(And((subject, line)) for subject, line in own), none))


def _case(part: Node) -> tuple[Node, Node] | None:
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
        general = _overridden(general, line)
    return Either((both(parts), general)) if beside else general


def _own_line(part: Node) -> bool:
    """Whether a kind of firm comes first and its line after it: 软件企业500万元以上, not 500万元以上的软件企业."""
    return _case(part) is not None and isinstance(part, And) and not isinstance(part.parts[0], Range)


def _ranges(part: Node) -> list[Range]:
    return [one for one in (part.parts if isinstance(part, And) else (part,)) if isinstance(one, Range)]


def _side(line: Range) -> tuple[str, bool]:
    return line.attribute, line.low is not None


def _lined(before: Sequence[Node], case: Node) -> bool:
    """Whether a line for some firms is on a figure that a line before it is on."""
    own = {line.attribute for line in _ranges(case)}
    return any(line.attribute in own for part in before for line in _ranges(part))


def _overridden(node: Node, line: And) -> Node:
    """A line of its own for one kind of firm in place of the general one on the same figure."""
    subject, own = line.parts[0], line.parts[-1]
    if isinstance(own, (InTrade, Located, Sized, Titled)):
        subject, own = own, subject
    if isinstance(node, And):
        return And(tuple(_overridden(part, line) for part in node.parts))
    if isinstance(node, Range) and isinstance(own, Range) and node.attribute == own.attribute:
        return Or((And((subject, own)), And((Not(subject), node))))
    return node
