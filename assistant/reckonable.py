"""Messages whose own figures settle where they go: a score of a test to the rules of levels, several firms to the table of sizes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.assessing import TOOL
from assistant.history import Turn
from assistant.route import Route
from core.text import normalise
from tools.firm.extraction import title_named
from tools.firm.firms import read_firms
from tools.maturity.scored import read_scored

_LEVEL = re.compile(r"[几哪一二三四1-4]\s*一?级")
_AGAIN = re.compile(
    r"(?:那|离|到|我们?|够|得|算|是|还)*(?:[一二三四1-4]级)?(?:还|得|算|是|要|差)*(?:几|多少|哪)(?:分|一?级)(?:呢|啊|了)?[？?]?"
)
"""Asks for the level, or for the points lacking, of the score told before."""
SCORE = "得分"
_SIZE = re.compile(r"[什几哪啥大中小微]么?型|规模")


def reckoned(text: str, turns: Sequence[Turn]) -> Route | None:
    """The tool for a message that asks for the sizes of several firms, tells a score with its scenes or asks for its level, or goes on from it."""
    text = normalise(text).strip()
    if _SIZE.search(text) and (firms := read_firms(text)):
        return Route("size_class", {"各家": firms})
    found = read_scored(text)
    if found and not title_named(text) and (found.scenes is not None or _LEVEL.search(text)):
        return Route(TOOL, found.arguments())
    if found is None and _AGAIN.fullmatch(text):
        calls = [turn.call for turn in reversed(turns) if turn.call and SCORE in turn.call.arguments]
        return Route(TOOL, calls[0].arguments) if calls else None
    return None
