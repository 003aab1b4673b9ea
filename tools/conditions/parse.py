"""A clause of a notice as a condition: sentences, lists of alternatives, brackets, exceptions, preferences.

What is not fully understood stays in the tree as Unknown, so that the clause can hold only where a person checks it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from core.text import normalise
from tools.conditions.grammar import Context, NotRead, read_segment, unread
from tools.conditions.predicates import (
    And, AtLeast, Either, InTrade, Located, Node, Not, Or, Range, Sized, Soft, Titled, Unknown, both, either,
)  # fmt: skip
from tools.conditions.tokens import DOCUMENT, Token, tokens
from tools.region import Place

_MARKER = re.compile(r"(?:^|(?<=[：:；;。\s]))[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[）)]|[.．、](?!\d))\s*|[①-⑳]\s*")
_DOCUMENT = re.compile(r"《[^》]{2,60}》(?:\s*[（(][^（()）]{2,40}?号[）)])?")
_QUOTES = str.maketrans("", "", "“”‘’「」『』\"'")
_COUNTS = {"一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5}
_SEVERAL = re.compile(r"(?:至少|任意?|其中)\s*(?:具备|满足|符合)?\s*([一二两三四五1-5])\s*[项条个]|([一二两三四五1-5])\s*[项条个](?:及)?以上")
_WHOLE = {"但", "除", "其中", "放宽", "例外", "不受", "可不", "不适用", "视同", "否则", "如", "若"}
"""Words that change what was said before them."""


@lru_cache(maxsize=1024)
def parse(clause: str, day: date, home: Place | None = None) -> Node:
    """The condition that a clause sets. home: where the one who gives the notice is, for 本市.

    A clause that sets none (优先支持…) is Soft; one that is not understood is Unknown.
    """
    text = _DOCUMENT.sub(DOCUMENT, normalise(clause).translate(_QUOTES)).strip().rstrip("；;。，, ")
    context = Context(day, home)
    opening, colon, rest = text.partition("：")
    if colon and len(opening) <= 40 and (listed := _listed(opening, rest, context)):
        return listed
    parts = [_sentence(tokens(_MARKER.sub("", one)), context) for one in re.split(r"[。；;\n]", text) if one.strip()]
    kept = [part for part in parts if part is not None] or [Unknown(clause)]
    if any(isinstance(p, Unknown) and _changes(p.text) for p in kept) and len(kept) > 1:
        return Unknown(text, f"“{text}”这一条符合吗？")
    hard = [part for part in kept if not isinstance(part, Soft)]
    return both(hard) if hard else kept[0]


def _changes(text: str) -> bool:
    return any(token.text in _WHOLE for token in tokens(text))


def _listed(opening: str, rest: str, context: Context) -> Node | None:
    """条件之一：…；… as alternatives, 下列条件：…；… as all of them; None where the opening says neither."""
    head = tokens(opening)
    several = _SEVERAL.search(opening)
    one_of = any(token.kind == "one_of" for token in head)
    if not one_of and not several and not opening.endswith(("条件", "要求", "情形", "规定")):
        return None
    pieces = [piece for piece in re.split(r"[；;。\n]", _MARKER.sub("；", rest)) if piece.strip()]
    if len(pieces) == 1:
        pieces = [piece for piece in re.split(r"[，,、；]", pieces[0]) if piece.strip()]
    nodes = [_sentence(tokens(piece), context) or Unknown(piece) for piece in pieces]
    if several and (count := _COUNTS[several[1] or several[2]]) > 1:
        return AtLeast(count, tuple(nodes))
    return either(nodes) if one_of or several else both(nodes)


def _sentence(found: list[Token], context: Context) -> Node | None:
    """A sentence: its brackets, what is only preferred, then its segments joined."""
    found = [token for token in found if token.kind != "stop"]
    soft = next((at for at, token in enumerate(found) if token.kind == "soft"), None)
    preferred: list[Node] = []
    if soft is not None:
        start = max((at + 1 for at in range(soft) if found[at].kind == "comma"), default=0)
        preferred, found = [Soft(_text(found[start:]))], found[:start]
    flat, aside = _brackets(found, context)
    parts = _segments(flat, replace(context, after_project=any(t.kind == "after_project" for t in flat)))
    if parts is None:
        return preferred[0] if preferred and not aside else both(aside) if aside else None
    return _joined(parts, aside)


def _joined(main: Node, aside: list[Node]) -> Node:
    return both([main, *aside]) if aside else main


def _text(found: Sequence[Token]) -> str:
    return "".join(token.text for token in found)


def _brackets(found: list[Token], context: Context) -> tuple[list[Token], list[Node]]:
    """The tokens outside of brackets, and what those in brackets ask for beside."""
    flat: list[Token] = []
    aside: list[Node] = []
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
        inner = [token for token in found[at + 1 : end] if token.kind not in {"open", "close"}]
        _bracket(inner, flat, aside, context)
        at = end
    return flat, aside


def _bracket(inner: list[Token], flat: list[Token], aside: list[Node], context: Context) -> None:
    """What stands in one pair of brackets: whether an end counts, an exception, a short name, or a condition."""
    kinds = [token.kind for token in inner]
    if not inner or _text(inner).startswith(("以下简称", "下同", "简称")):
        return
    if kinds[0] in {"inclusive", "without"} and set(kinds[1:]) <= {"quantity"} and flat:
        flat.append(Token("inclusive" if kinds[0] == "inclusive" else "exclusive", _text(inner)))
        return
    try:
        node, _ = read_segment(inner, context)
    except NotRead:
        node = unread(inner)
    if node is not None:
        aside.append(node)


def _segments(flat: list[Token], context: Context) -> Node | None:
    """Segments between commas, 、 and 且 are all asked for; 或 makes alternatives; 但, 其中 and the like are not understood."""
    if any(token.kind == "hazards" for token in flat):
        return unread(flat)
    rows = _rows(flat)
    parts: list[Node] = []
    alternatives: list[int] = []
    for join, row in rows:
        try:
            node, context = read_segment(row, context)
        except NotRead:
            node = unread(row)
        if node is None:
            continue
        if join == "either" and parts:
            alternatives.append(len(parts))
        parts.append(node)
    if not parts:
        return None
    cases = _cases(parts)
    if cases is not None:
        return cases
    return _alternatives(parts, alternatives)


def _rows(flat: list[Token]) -> list[tuple[str, list[Token]]]:
    """Segments with what joins each to the one before: a comma, 且, or 或."""
    rows: list[tuple[str, list[Token]]] = [("", [])]
    for at, token in enumerate(flat):
        parts_things = token.kind in {"listing", "either"} and _joins_things(flat, at)
        if token.kind in {"comma", "both", "either", "listing"} and not parts_things:
            if rows[-1][1]:
                rows.append((token.kind, []))
            elif token.kind == "either":
                rows[-1] = ("either", [])
            continue
        rows[-1][1].append(token)
    return [row for row in rows if row[1]]


def _joins_things(flat: list[Token], at: int) -> bool:
    """Whether 、 or 或 stands between two names of one kind."""
    if at == 0 or at + 1 >= len(flat):
        return False
    kinds = [{"size_part": "size", "here": "place"}.get(flat[n].kind, flat[n].kind) for n in (at - 1, at + 1)]
    return kinds[0] == kinds[1] and kinds[0] in {"place", "trade", "size", "title"}


def _alternatives(parts: list[Node], alternatives: list[int]) -> Node:
    """A或B; where more stands before it, the sentence has two readings and is decided only where they agree."""
    if not alternatives:
        return both(parts)
    if alternatives == list(range(1, len(parts))):
        return either(parts)
    first = alternatives[0]
    if alternatives == list(range(first, len(parts))):
        near = both([*parts[: first - 1], either(parts[first - 1 :])])
        far = either([both(parts[:first]), *parts[first:]])
        return Either((near, far))
    return Unknown("；".join(_words(part) for part in parts), "")


def _words(node: Node) -> str:
    return str(getattr(node, "text", ""))


def _cases(parts: list[Node]) -> Node | None:
    """工业企业…2000万元以上，服务业企业…500万元以上: each kind of firm has its own line; None where it is no such table."""
    split = [_case(part) for part in parts]
    own = [case for case in split if case is not None]
    if len(own) < 2 or len({case[0] for case in own}) < 2:
        return None
    if len(own) != len(parts) or len({type(case[0]) for case in own}) != 1:
        return Unknown("；".join(_words(part) for part in parts), "")
    rows: list[Node] = [And((subject, line)) for subject, line in own]
    none = [Not(subject) for subject, _ in own]
    return Or((*rows, And((*none, Unknown("不在所列的类别里", "企业属于通知里列的哪一类？")))))


def _case(part: Node) -> tuple[Node, Node] | None:
    """A kind of firm with the figures asked of it."""
    if not isinstance(part, And):
        return None
    subjects = [p for p in part.parts if isinstance(p, (InTrade, Located, Sized, Titled, Or))]
    lines = [p for p in part.parts if isinstance(p, Range)]
    if len(subjects) != 1 or not lines or len(subjects) + len(lines) != len(part.parts):
        return None
    return subjects[0], both([*lines])
