"""One sentence of a clause: what is only preferred, brackets, refusals and exceptions, then its segments joined."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from tools.conditions.grammar import read_segment
from tools.conditions.lines import case_of, has_line, overridden
from tools.conditions.predicates import (
    And,
    AtLeast,
    Either,
    Node,
    Not,
    Or,
    Range,
    Soft,
    Unknown,
    both,
)  # fmt: skip
from tools.conditions.reading import Context, NotRead, text_of, unread
from tools.conditions.segments import join_segments, read_segments
from tools.conditions.tokens import Token

_THINGS = {"place", "trade", "size", "title"}
_LINKS = {"hazards", "glue", "comma", "both"}
_SHORT_NAMES = ("以下简称", "下同", "简称", "以下称", "即")


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
        node = overridden(node, line) if node else None
    for one in aside.left_out:
        node = _without(node, one)
    parts = [part for part in (node, *aside.parts) if part is not None]
    return both(parts) if parts else preferred


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
    elif case_of(node) and isinstance(node, And):
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
    if flat and flat[-1].kind == "except_after" and (examples := _examples(flat[:-1], context)):
        return Not(examples)
    if flat and flat[-1].kind == "except_after" and (cut := _last_comma(flat, len(flat))):
        left_out = _strict(_bare(flat[cut:-1]), context) or unread(flat[cut:-1])
        return _without(read_segments(flat[: cut - 1], context), left_out)
    return read_segments(flat, context)


def _refused(flat: list[Token], at: int, context: Context) -> Node | None:
    """…不予受理: those whom the rest describes are refused."""
    rest = [*flat[:at], *flat[at + 1 :]]
    if examples := _examples(rest, context):
        return Not(examples)
    node = _excepting([t for t in rest if t.kind != "comma" or t is not rest[-1]], context)
    if node is None:
        return unread(flat)
    if isinstance(node, And) and _enumerates(rest):
        return Not(turned(Or(node.parts)))
    if isinstance(node, And) and any(token.kind == "comma" for token in rest):
        return Either((Not(node), And((*node.parts[:-1], Not(node.parts[-1])))))
    return Not(turned(node))


def _enumerates(found: Sequence[Token]) -> bool:
    """Whether what stands between commas are several kinds of firms: X企业、Y企业，以及Z企业."""
    commas = [at for at, token in enumerate(found[:-1]) if token.kind == "comma"]
    return bool(commas) and found[commas[-1] + 1].kind in {"listing", "either"}


def _examples(flat: list[Token], context: Context) -> Node | None:
    """水泥、平板玻璃等产能过剩行业: the trades named, and the others that are meant; None where it is no such list."""
    cut = next((n for n, token in enumerate(flat) if token.text.startswith("等")), 0)
    tail = [token for token in flat[cut:] if token.kind != "comma"]
    if not cut or not any(token.kind == "other" for token in tail) or any(token.kind == "quantity" for token in tail):
        return None
    pieces: list[list[Token]] = [[]]
    for token in flat[:cut]:
        if token.kind in {"listing", "either"}:
            pieces.append([])
        else:
            pieces[-1].append(token)
    if not any(token.kind == "trade" for piece in pieces for token in piece):
        return None
    named = [_strict(piece, context) or unread(piece) for piece in pieces if piece]
    words = text_of(tail).removeprefix("等")
    return turned(Or((*named, Unknown(words, f"企业属不属于{words}？"))))


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
    return _eased(read_segments(flat[: cut - 1], context), subject, flat)


def _relaxed(flat: list[Token], at: int, context: Context) -> Node | None:
    """…，其中某类企业放宽到1000万元: a lower line for some."""
    cut = _last_comma(flat, at)
    if not cut:
        return unread(flat)
    base = flat[: cut - 1]
    attribute = next((str(t.value) for t in reversed(base) if t.kind == "attribute"), None)
    line = _strict(flat[at + 1 :], replace(context, attribute=attribute))
    subject = _strict(_bare(flat[cut:at]), context) or unread(flat[cut:at])
    return _eased(read_segments(base, context), And((subject, line or unread(flat[at:]))), flat)


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
        rest = read_segments([*flat[:at], *flat[end + 1 :]], context)
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
    return Either((excluded, Or((base, left_out)))) if has_line(base) else excluded


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
        node = join_segments(found, context, strict=True)
    except NotRead:
        return None
    return node
