"""All cutting, shortening, splitting, joining and unmarking of text: the one place, so that no figure is ever changed.

A cut never falls inside a figure (core/figures.py) or between it and what binds to it (≥30人, 2000万元（含）以上); a list
mark is no part of a number (the 3. of 3.85%); two texts that are joined never make one number of two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache

from core.figures import held_spans, numerals
from core.text import normalise

SENTENCE_ENDS = "。！？!?；;\n"
LONGEST_ENCLOSED = 300
"""A quotation or a bracket longer than this is split inside as any text."""
_MARGIN = 60
"""Characters looked at beyond a cut: longer than a figure gets."""
_PAIRS = {"（": "）", "(": ")", "《": "》", "“": "”", "「": "」", "『": "』", "〔": "〕", "【": "】", "[": "]"}
_CLOSERS = frozenset(_PAIRS.values()) | {"’"}
_GOES_ON = frozenset("，,、；;：:。的")
_WESTERN = frozenset("!?;")
_MARK = re.compile(
    r"\s*(?:(?P<number>\d{1,3}\s?(?:[.．、](?!\d)|[)）])|[（(]\d{1,3}[）)]|[①-⑳]"
    r"|[（(][一二三四五六七八九十]{1,3}[）)]|[一二三四五六七八九十]{1,3}、(?![一二三四五六七八九十]))"
    r"|[-*+–—](?=\s)|[•●■◆▪·◦])\s*"
)
_LIKE_CITATION = re.compile(r"\[(\d+)\]")
_FAR_APART = re.compile(r"[\n\t\v\f]+|\s{2,}")


def sentences(text: str) -> list[str]:
    """Split into sentences at Chinese and Western ends and at line ends; ends stay attached.

    Not inside brackets or quotation marks, and not at the mark that ends a quotation where the sentence goes on.
    """
    return [part.strip() for part in split_after(text, SENTENCE_ENDS) if part.strip()]


def split_after(text: str, ends: str, enclosed: bool = True) -> list[str]:
    """The text in parts that each end with one of `ends`; joined they are the text again.

    enclosed: what stands in brackets or quotation marks stays in one part. No part begins or ends inside a figure.
    """
    closed = _Spans(_enclosed(text) if enclosed else [])
    held = _Spans([] if not set(ends) & set(",，、: \t") else held_spans(text))
    parts, start = list[str](), 0
    for at in _ends(text, frozenset(ends)):
        if at > start and at not in closed and at not in held:
            parts.append(text[start:at])
            start = at
    return [*parts, text[start:]] if start < len(text) or not parts else parts


def _ends(text: str, ends: frozenset[str]) -> Iterator[int]:
    """The places after an end, its repetitions and the closing marks that follow."""
    at = 0
    while at < len(text):
        c = text[at]
        at += 1
        if c not in ends:
            continue
        while at < len(text) and text[at] in ends and text[at] != "\n" and c != "\n":
            at += 1
        closing = at
        while closing < len(text) and text[closing] in _CLOSERS and c not in "\n":
            closing += 1
        after = text[closing : closing + 1]
        if c in _WESTERN and after and after.isascii() and not after.isspace():
            continue
        if closing > at and after and after in _GOES_ON:
            continue
        yield closing
        at = closing


def _enclosed(text: str) -> list[tuple[int, int]]:
    """Where pairs of brackets and quotation marks stand in one line, outermost ones; unpaired ones count for nothing."""
    found, stack, awaited = list[tuple[int, int]](), list[tuple[str, int]](), Counter[str]()
    for at, c in enumerate(text):
        if c in _PAIRS:
            stack.append((_PAIRS[c], at))
            awaited[_PAIRS[c]] += 1
        elif c == "\n":
            stack.clear()
            awaited.clear()
        elif awaited[c]:
            closer, start = stack.pop()
            awaited[closer] -= 1
            while closer != c:
                closer, start = stack.pop()
                awaited[closer] -= 1
            if at - start <= LONGEST_ENCLOSED:
                found.append((start, at + 1))
    return found


class _Spans:
    """The places strictly inside any of some stretches; asked thousands of times of a long text, hence merged and sorted."""

    def __init__(self, spans: Sequence[tuple[int, int]]) -> None:
        self._starts, self._ends = list[int](), list[int]()
        for start, end in sorted(spans):
            if self._ends and start < self._ends[-1]:
                self._ends[-1] = max(self._ends[-1], end)
            else:
                self._starts.append(start)
                self._ends.append(end)

    def __contains__(self, at: int) -> bool:
        before = bisect_left(self._starts, at)
        return before > 0 and at < self._ends[before - 1]


def _inside(at: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start < at < end for start, end in spans)


def cut_before(text: str, limit: int) -> int:
    """The last place at or before `limit` where the text may be cut; 0 where a figure begins the text and goes further."""
    if limit >= len(text):
        return len(text)
    at, spans = max(0, limit), held_spans(text[: limit + _MARGIN])
    while at and (inside := [start for start, end in spans if start < at < end]):
        at = min(inside)
    return at


def beginning(text: str, limit: int) -> str:
    """The first characters of a text, at most `limit`, without a piece of a figure at their end."""
    return text[: cut_before(text, limit)]


def shorten(text: str, limit: int) -> str:
    """Cut at a sentence or comma before `limit` characters, with an ellipsis where something was cut."""
    if len(text) <= limit:
        return text
    head = text[: cut_before(text, limit)]
    spans = held_spans(text[: limit + _MARGIN])
    for ends in ("。！？；\n", "，、,;"):
        at = max((n for n, c in enumerate(head) if c in ends and not _inside(n + 1, spans)), default=-1)
        if at > limit * 0.5:
            return head[: at + 1].rstrip("，、,;；\n") + ("" if head[at] in "。！？" else "…")
    return head.rstrip() + "…"


def shorten_middle(text: str, head: int, tail: int) -> str:
    """The beginning and the end of a name with an ellipsis between, where it is longer than both."""
    if len(text) <= head + tail + 1:
        return text
    start = len(text) - tail
    for begins, ends in held_spans(text):
        if begins < start < ends:
            start = ends
    return f"{text[: cut_before(text, head)]}…{text[start:]}"


def chunks(text: str, size: int) -> list[str]:
    """The text in parts of at most `size` characters; joined they are the text again. Only a figure longer than that is cut."""
    parts = []
    while len(text) > size:
        at = cut_before(text, size) or size
        parts.append(text[:at])
        text = text[at:]
    return [*parts, text] if text or not parts else parts


def mark_end(line: str, numbered: bool = False) -> int:
    """Where the list mark that a line begins with ends: 0 where there is none. The 3. of 3.85% is none, nor the - of -5%.

    numbered: only a mark that counts (1. （二） ③), not a dash or a dot.
    """
    found = _MARK.match(line)
    return found.end() if found and found.end() < len(line) and (found["number"] or not numbered) else 0


def unmarked(line: str) -> str:
    """A line without its list mark."""
    return line[mark_end(line) :]


def quoted(text: str) -> str:
    """Text from elsewhere in which nothing looks like one of our citations: [3] becomes ［3］."""
    return _LIKE_CITATION.sub(r"［\1］", text)


def joined(left: str, right: str, gaps: Sequence[str] = ("", " ", "；")) -> str:
    """Two texts as one, with the first of `gaps` between them that makes no figure of a piece of each."""
    before, after = left[-_MARGIN:], right[:_MARGIN]
    for gap in gaps:
        start, end = len(before), len(before) + len(gap)
        across = any(begins < start and ends > end for begins, ends in held_spans(before + gap + after))
        if not across and _same_numerals(before, gap, after):
            return left + gap + right
    return left + gaps[-1] + right


def _same_numerals(before: str, gap: str, after: str) -> bool:
    return numerals(before + gap + after) == [*numerals(before), *numerals(after)]


def glued(left: str, right: str) -> str:
    """Two lines of one wrapped paragraph as one: a blank only between Latin words, and the line end between two numbers.

    A unit on the next line joins its number, for there the layout broke the line.
    """
    latin = left[-1:].isascii() and right[:1].isascii() and left[-1:].isalnum() and right[:1].isalnum()
    before, after = left[-_MARGIN:], right[:_MARGIN]
    for gap in (" ",) if latin else ("", " "):
        if _same_numerals(before, gap, after):
            return left + gap + right
    return f"{left}\n{right}"


def unbroken(text: str) -> str:
    """All white space as single blanks; what stood on two lines or far apart never becomes one number."""
    line = ""
    for part in _FAR_APART.split(text):
        if part := part.strip():
            line = joined(line, part, (" ", "，")) if line else part
    return line


@lru_cache(maxsize=1024)
def one_line(text: str) -> str:
    """A text normalised, on one line."""
    return unbroken(normalise(text))
