"""A follow-up that only names a place: the question before it, asked of that place and otherwise unchanged."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.history import Turn
from assistant.locality import HERE_KINDS, NATIONWIDE, asked_here, asked_of, locality_of, wider
from corpus.places import INSIDE_A_NAME, Place, place_named, places
from corpus.words import lexicon

_AROUND = re.compile(
    r"(?:那|那么|我们?|在|换成|如果是?)*(?P<which>省|市|全国|国家)(?:里|级|内|上)?(?:的|一级|层面)?(?:规定|政策)?呢?[？?]?"
)
"""A place named by what it is around the one spoken of: 那省里呢, 市里的呢, 全国的呢."""


def spelled_out(text: str, turns: Sequence[Turn], known: str | None = None) -> str:
    """A message that names a place by what it is around the one spoken of, with its name: 那省里呢 → 广东呢.

    known: where the firm is, as its profile has it; 我们市 and 省里 in a longer message are of that one.
    """
    around = _AROUND.fullmatch(text)
    if not turns or not around:
        here = asked_here(text)
        own = locality_of(text, known).places if here and known else ()
        return text.replace(here, own[0].spoken, 1) if own and not places(text) else text
    if around["which"] not in HERE_KINDS:
        return f"{NATIONWIDE}呢"
    asked = turns[-1].call.arguments.get("地区") if turns[-1].call else None
    spoken_of = [p for p in places(turns[-1].standalone) if p.strength > INSIDE_A_NAME]
    spoken_of += [p for name in (asked, known) if name and (p := place_named(str(name)))]
    around_them = (each for at in spoken_of if at.certain for each in (*wider(at), at))
    place = next((each for each in around_them if each.kind == HERE_KINDS[around["which"]]), None)
    return f"{place.spoken}呢" if place else text


def moved(text: str, turns: Sequence[Turn], goes_on: bool = True) -> str | None:
    """The question of the turn before asked of the places that a message names, where it says nothing else; else None.

    goes_on: whether the message leans on the turn before.
    """
    if not turns:
        return None
    before = turns[-1].standalone
    if text == f"{NATIONWIDE}呢":
        return asked_of(before, Place(NATIONWIDE, 0, len(NATIONWIDE), ()))
    named = only_places(text)
    local = turns[-1].refused or asked_here(before) or places(before)
    return asked_of(before, *named) if named and (local or goes_on) else None


def only_places(text: str) -> tuple[Place, ...]:
    """The places of a message that says nothing else: 佛山呢, 那宁波和苏州呢; none where it says more."""
    named = tuple(p for p in places(text) if p.strength > INSIDE_A_NAME)
    if not named:
        return ()
    rest, at = "", 0
    for place in named:
        rest, at = f"{rest}{text[at : place.start]}，", place.end
    words = lexicon()
    own = (
        w
        for w, pos in words.tagged(rest + text[at:])
        if w not in words.stopwords and pos[0] in "nvjelbm" and len(w) > 1
    )
    return () if any(own) else named
