"""How a passage is told in an answer: whole, in its short form, or, of a long document, by the sentences that answer."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce

from core.cut import joined, mark_end, quoted, sentences
from core.text import bare
from core.types import Hit, Passage
from corpus.query import Query
from corpus.row_names import told

EXCERPT_CHARACTERS = 330
"""How much of a document's passage is told; a list of it stays in one piece."""
LIST_CHARACTERS = 600
"""The longest list of a document that is told in one piece; a longer one ends after a whole item."""
FIRST = 0.25
"""How much it speaks for a sentence that it opens its passage."""


def whole(hit: Hit) -> str:
    """A card as it stands; of a document's passage what answers.

    What looks like one of our citations in it is not shown as one.
    """
    if hit.passage.origin == "card":
        return quoted(hit.passage.text.strip())
    return excerpt(hit.query, told(hit.passage.text), EXCERPT_CHARACTERS)


def brief(passage: Passage, query: Query | None = None, limit: int = 120) -> str:
    """A passage in its short form; "" for a card that has none, which is told whole or not at all."""
    if passage.short or passage.origin == "card":
        return quoted(passage.short)
    return excerpt(query, told(passage.text), limit)


def excerpt(query: Query | None, text: str, limit: int) -> str:
    """The sentences and lists of a text that answer, in their order, within about `limit` characters.

    None is cut, but a list of more than `LIST_CHARACTERS`, which ends after a whole item with an ellipsis. Without a query
    it is the beginning.
    """
    text = quoted(text.strip())
    if len(text) <= limit:
        return text
    parts = units(text)
    order = range(len(parts))
    if query:
        order = sorted(order, key=lambda at: (-query.coverage(bare(parts[at])) - FIRST * (at == 0), at))  # type: ignore[assignment]
    kept: set[int] = set()
    size = 0
    for at in order:
        if not kept or size + len(parts[at]) <= limit:
            kept.add(at)
            size += len(parts[at])
        elif query is None:
            break
    shown = [_shorter(parts[at]) for at in sorted(kept)]
    return "\n".join(shown) if "\n" in text else reduce(joined, shown)


def units(text: str) -> list[str]:
    """The sentences of a text; a list, with the line that opens it, is one unit."""
    found: list[str] = []
    for sentence in sentences(text):
        opened = bool(found) and found[-1].endswith(("：", ":"))
        in_list = bool(found) and mark_end(found[-1].rpartition("\n")[2])
        if mark_end(sentence) and (opened or in_list):
            found[-1] += f"\n{sentence}"
        else:
            found.append(sentence)
    return found


def _shorter(unit: str) -> str:
    """A list that is too long, with as many whole items as fit."""
    lines = unit.split("\n")
    while len(lines) > 2 and len("\n".join(lines)) > LIST_CHARACTERS:
        lines.pop()
    return unit if len(lines) == unit.count("\n") + 1 else "\n".join([*lines, "……"])


def quote(query: Query | None, text: str) -> str:
    """The sentence of a text that answers best, as a citation quotes it."""
    found = sentences(text)
    return max(found, key=lambda s: query.coverage(bare(s)), default=text) if query else next(iter(found), text)


def says_more(text: str, others: Sequence[str]) -> bool:
    """Whether a text says something that none of the others says already."""
    told_now = bare(text)
    grams = {told_now[i : i + 3] for i in range(len(told_now) - 2)}
    return all(_held(grams, bare(other)) < SAME for other in others)


SAME = 0.6
"""From this share of a text's runs of three characters on, another text says the same."""


def _held(grams: set[str], text: str) -> float:
    return sum(gram in text for gram in grams) / len(grams) if grams else 1.0
