"""A clause of a notice as a condition: its sentences and lists of alternatives.

What is not fully understood stays in the tree as Unknown, so that the clause can hold only where a person checks it.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from functools import lru_cache

from core.text import normalise
from tools.conditions.lines import own_lines
from tools.conditions.predicates import AtLeast, Node, Not, Soft, Unknown, both, either
from tools.conditions.reading import Context
from tools.conditions.sentence import read_sentence, turned
from tools.conditions.tokens import DOCUMENT, tokens
from tools.firm.region import Place

_MARKER = re.compile(
    r"(?:^|(?<=[：:；;。\s]))[（(]?(?:[一二三四五六七八九十]{1,3}|\d{1,2})(?:[）)]|[.．、](?!\d))\s*|[①-⑳]\s*"
)
_DOCUMENT = re.compile(r"《[^》]{2,60}》(?:\s*[（(][^（()）]{2,40}?号[）)])?")
_QUOTES = str.maketrans("", "", "“”‘’「」『』\"'")
_ENDS = re.compile(r"[。；;\n]")
_CHANGES = {"但", "放宽", "例外", "不受", "可不", "不适用", "视同", "否则"}
"""Words that change what the sentences before them ask for."""
OPENING_CHARACTERS = 40
CLAUSE_CHARACTERS = 600
"""A longer text is no clause of a notice."""


@lru_cache(maxsize=1024)
def parse(clause: str, day: date, home: Place | None = None) -> Node:
    """The condition that a clause sets. home: where the one who gives the notice is, for 本市.

    A clause that sets none (优先支持…) is Soft; one that is not understood is Unknown.
    """
    text = _DOCUMENT.sub(DOCUMENT, normalise(clause).translate(_QUOTES)).strip().rstrip("；;。，, ")
    if "贴息" in text and "贷款" not in text:
        text = text.replace("单笔", "单笔贷款")  # interest is paid on loans alone
    whole = Unknown(text, f"“{text}”这一条符合吗？" if text else "")
    if not text or len(text) > CLAUSE_CHARACTERS:
        return whole
    context = Context(day, home)
    opening, colon, rest = text.replace(":", "：").partition("：")
    if colon and len(opening) <= OPENING_CHARACTERS and (listed := _listed(opening, rest, context)):
        return listed
    parts = []
    for one in filter(str.strip, _ENDS.split(text)):
        found = tokens(_MARKER.sub("", one))
        parts.append(read_sentence(found, context))
        spoken_of = [str(token.value) for token in found if token.kind == "attribute"]
        context = replace(context, attribute=spoken_of[-1] if spoken_of else context.attribute)
    kept = [part for part in parts if part is not None] or [whole]
    if len(kept) > 1 and any(isinstance(part, Unknown) and _changes(part.text) for part in kept):
        return whole
    hard = [part for part in kept if not isinstance(part, Soft)]
    return (own_lines(hard) or both(hard)) if hard else kept[0]


def _changes(text: str) -> bool:
    return any(token.text in _CHANGES for token in tokens(text))


def refuses(heading: str) -> bool:
    """Whether what stands under a heading is what is refused, each item by itself: 二、不予支持的情形."""
    count, _, refused = _asked(heading)
    return refused and count < 2 and not _changes(normalise(heading))


def refuses_firms(clause: str) -> bool:
    """Whether a clause refuses those whom it describes: 投入低于…的不予支持, not 超出部分不予支持."""
    found = [token for token in tokens(normalise(clause)) if token.kind not in {"stop", "comma"}]
    if len(found) < 2 or found[-1].kind not in {"refused_after", "refused_before"} or "部分" in clause:
        return False
    return any(token.kind in {"quantity", "trade", "size", "title", "statement"} for token in found)


def belongs_together(opening: str) -> bool:
    """Whether the items after an opening line are one condition: one or some of them are enough, or they are refused."""
    count, one_of, refused = _asked(opening)
    return bool(count) or one_of or refused


def _asked(opening: str) -> tuple[int, bool, bool]:
    """How many of the items have to hold, whether one is enough, and whether they are refused."""
    head = tokens(normalise(opening))
    counts = [token.value.value for token in head if token.kind == "quantity" and token.value.unit == "count"]
    kinds = {token.kind for token in head}
    return (
        int(counts[0]) if len(counts) == 1 else 0,
        "one_of" in kinds,
        bool(kinds & {"refused_after", "refused_before"}),
    )


def _listed(opening: str, rest: str, context: Context) -> Node | None:
    """条件之一：…；… as alternatives, 下列条件：…；… as all of them; None where the opening says neither."""
    count, one_of, refused = _asked(opening)
    if not (count or one_of or refused or opening.endswith(("条件", "要求", "情形", "规定", "条件的"))):
        return None
    pieces = [piece for piece in _ENDS.split(_MARKER.sub("；", rest)) if piece.strip()]
    if len(pieces) == 1:
        pieces = [piece for piece in re.split(r"[，,、]", pieces[0]) if piece.strip()]
    nodes = [read_sentence(tokens(piece), context) or Unknown(piece) for piece in pieces]
    if refused:
        nodes = [turned(node) for node in nodes]
        return Not(AtLeast(count, tuple(nodes)) if count > 1 else either(nodes))
    if count > 1:
        return AtLeast(count, tuple(nodes))
    return either(nodes) if one_of or count else both(nodes)
