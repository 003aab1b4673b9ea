"""Stage 3: a follow-up made complete from the topic; both readings stay where it is not sure that the message goes on.

How a message goes on is learnt (`follows`); what it names is read by the readers of places, levels, years, trades and terms.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import spans
from assistant.history import Turn
from assistant.locality import NATIONWIDE, asked_here, asked_of, locality_of, wider
from assistant.question import QUESTION_WORD
from assistant.question import read as read_question
from assistant.state import Part, State
from assistant.topic import Topic, topic_of
from assistant.understand.meaning import Understanding
from assistant.understand.understander import read_together
from assistant.wording.bind import body_of
from core.cut import shorten
from core.numbers import read_number
from core.text import normalise
from corpus.places import Place, place_named, places
from tools.firm.extraction import clauses

OF_ITS_OWN = 2
"""A message with so many nouns may have a subject of its own, however much it seems to go on."""
LONGEST = 60
"""A longer question stands alone."""
LONGEST_PHRASE = 12
"""Characters of what a message may name by a phrase of its own."""
MOST_WORDS = 6
"""How many words of the question before come along."""
LONGEST_ITEM = 30
"""Characters of a thing of a list that is pointed at."""
_ORDINAL = re.compile(r"第([一二两三四五六七八九十]{1,2}|\d{1,2})(?:个|条|项|种|样|点|步|家|笔)")
_ITEM = re.compile(r"^(\d{1,2})([.、])\s*(.+)$", re.M)
_BULLET = re.compile(r"^- (.+)$", re.M)
_BOLD = re.compile(r"\*\*(.+?)\*\*")
MOST_BEFORE = 3
"""With how many messages before it a message is read together, as in corpus/utterances/asked.yaml."""


def resolve(state: State) -> State:
    """Each part as a question that stands alone, with the other reading where it is not sure which is meant."""
    parts, turns = list[Part](), state.turns
    for part in state.parts:
        done = _resolved(replace(state, turns=turns), part, topic_of(turns))
        parts.append(done)
        turns = (*turns, Turn(done.text, done.whole, ""))
    lines = [f"{part.whole}{f'（或者：{part.instead}）' if part.instead else ''}" for part in parts]
    return state.deciding("接上文", "；".join(lines) + f"\n话题：{state.topic.as_text()}", parts=tuple(parts))


def _resolved(state: State, part: Part, topic: Topic) -> Part:
    text, means, home = normalise(part.text).strip(), part.means, state.known.region
    alone = _here(text, home)
    part = replace(part, whole=alone, spoken=alone)
    if not topic or len(text) > LONGEST or (means and means.follows == "ack"):
        return part
    if pointed := pointed_at(text, state.turns[-1]):
        return replace(part, whole=pointed, base=topic.question)
    base = returned_to(state, text) if means and means.follows == "return" else topic.question
    if around := _around(text, topic, base, home):
        return replace(
            part, whole=asked_of(base, around), spoken=around.spoken if around.certain else around.text, base=base
        )
    slot = bool(means and means.leans and means.follows == "slot") and not _asks_of_a_term(text)
    said = said_before(state.turns)
    context = folded(said) if base == topic.question and said else base
    complete = (swapped_alike(state, text, base) if slot else "") or completed(text, base, slot, context)
    if complete == text:
        return part
    limits = state.desk.limits
    plain = means and means.goes_on < limits.surely and means.confidence >= limits.tool
    subject = spans.subject(text)
    doubted = bool(subject and (plain or len(subject) >= OF_ITS_OWN)) or _asks_of_a_term(text)
    joined = complete == with_subject(text, context)
    part = replace(part, said=read_together(*said, text) if joined else "")
    if _leans(text, means) and not doubted:
        return replace(part, whole=complete, base=base)
    unsure = means is None or means.leans is not False
    return replace(part, instead=complete, base=base) if unsure else part


def pointed_at(text: str, last: Turn) -> str:
    """A message with the thing of the last answer's list that it points at, 第二个怎么报; "" where it points at none."""
    hit = _ORDINAL.search(text)
    at = read_number(hit[1]) if hit else None
    if not hit or at is None or (last.call and last.call.pending):
        return ""
    items = [line[3] for line in _ITEM.finditer(body_of(last.answer)) if line[1]] or _BULLET.findall(last.answer)
    if not 0 < at <= len(items):
        return ""
    item = items[int(at) - 1]
    bold = _BOLD.search(item)
    named = bold[1] if bold else next(iter(clauses(item)), "")
    return f"{text[: hit.start()]}{shorten(named, LONGEST_ITEM)}{text[hit.end() :]}".strip()


def said_before(turns: Sequence[Turn]) -> list[str]:
    """The messages that a follow-up goes on from, in their order: back to the last question that stood alone.

    What was only told before it, and needs nothing before itself either, belongs to it; thanks do not.
    """
    said, asked, topic = list[str](), "", list[Turn]()
    for turn in turns:
        if turn.standalone and (turn.standalone != asked or turn.question == asked):
            topic.append(turn)
            asked = turn.standalone
    for turn in reversed(topic[-MOST_BEFORE:]):
        said.insert(0, turn.question)
        if normalise(turn.standalone) == normalise(turn.question) and QUESTION_WORD.search(turn.question):
            break
    return said


def folded(said: Sequence[str]) -> str:
    """Messages as one, each made complete from those before it."""
    whole = said[0]
    for message in said[1:]:
        whole = completed(message, whole)
    return whole


def _asks_of_a_term(text: str) -> bool:
    """Whether a message may ask what a term is that it names: nothing of the turn before is needed for that."""
    asks = spans.has_rest(text) or read_question(text).form == "definition"
    return asks and bool(spans.of_kind(text, spans.TERM))


def _leans(text: str, means: Understanding | None) -> bool:
    """Whether a message surely goes on from what was said: by its meaning, or because it says nothing of its own."""
    if means and means.leans:
        return True
    return not spans.substance(text, longest=1) or (
        not spans.has_rest(text) and (means is None or means.leans is not False)
    )


def completed(text: str, base: str, swap: bool = False, context: str = "") -> str:
    """A follow-up as a whole question. base: the one that it goes on from; swap: whether it surely asks the same of another thing.

    One that only names things asks the same about them; any other takes along what was spoken of before it. context: that, where
    it is more than the base.
    """
    if spans.names_only(text) or (swap and _names_what_stands_in(text, base)):
        return swapped(text, base)
    return with_subject(text, context or base)


def swapped(text: str, base: str) -> str:
    """A question about the things that a message names instead of those of their kinds that it named."""
    for kind in dict.fromkeys(span.kind for span in spans.spans(text)):
        named = "和".join(dict.fromkeys(span.text for span in spans.of_kind(text, kind)))
        if kind == spans.PLACE:
            base = asked_of(base, *places(text))
            continue
        before = spans.of_kind(base, kind)
        if not before:
            base = f"{named}{base}"
            continue
        at = before[-1]
        base = f"{base[: at.start]}{named}{base[at.end :]}"
    return base


def swapped_alike(state: State, text: str, base: str) -> str:
    """A question about what a short message says instead of what is nearest to it in meaning; "" where nothing stands for it.

    For what no reader of kinds knows: 那上云率呢 after a question about another rate.
    """
    reader, said = state.desk.understander, spans.phrases(text)
    if reader is None or not said or spans.names_only(text):
        return ""
    new = max(said, key=len)
    rest = text.replace(new, "", 1)
    if len(new) > LONGEST_PHRASE or sum(map(str.isalnum, rest)) > spans.PARTICLES or new in base:
        return ""
    before = spans.phrases(base)
    if not before:
        return ""
    near = [float(reader.encoder.query(phrase) @ reader.encoder.query(new)) for phrase in before]
    best = max(range(len(near)), key=near.__getitem__)
    return base.replace(before[best], new, 1) if near[best] >= state.desk.limits.alike else ""


def _names_what_stands_in(text: str, base: str) -> bool:
    """Whether what a message names is of kinds that the question before names, and nothing else in it is new."""
    kinds, before = {span.kind for span in spans.spans(text)}, {span.kind for span in spans.spans(base)}
    named = "".join(span.text for span in spans.spans(text)).lower()
    return bool(kinds & (before | {spans.PLACE})) and all(w in named or w in base.lower() for w in spans.subject(text))


def with_subject(text: str, base: str) -> str:
    """A message with the words of the question before that it leaves out; what it names itself stands instead of its kind."""
    kinds = {span.kind for span in spans.spans(text)}
    instead = {spans.PLACE, spans.ABROAD} if kinds & {spans.PLACE, spans.ABROAD} else set()
    dropped = [span for span in spans.spans(base) if span.kind in kinds | instead]
    rest, at = "", 0
    for span in dropped:
        rest, at = f"{rest}{base[at : span.start]}，", span.end
    low = text.lower()
    words = [word for word in spans.subject(rest + base[at:]) if word not in low]
    return " ".join([*dict.fromkeys(words[:MOST_WORDS]), text]) if words else text


def returned_to(state: State, text: str) -> str:
    """The earlier question nearest in meaning to a message that goes back to one."""
    asked = list(dict.fromkeys(turn.standalone for turn in state.turns if turn.standalone))
    reader = state.desk.understander
    if reader is None or len(asked) < 2:
        return asked[-1]
    return max(asked, key=lambda question: float(reader.encoder.query(question) @ reader.encoder.query(text)))


def _around(text: str, topic: Topic, base: str, home: str | None) -> Place | None:
    """The place that a message names by what it is around the one spoken of: 省里的呢; None where it says anything else."""
    named = [span for span in spans.spans(text) if span.kind in spans.AROUND]
    if not named or len(named) < len(spans.spans(text)) or spans.has_rest(text):
        return None
    if named[0].kind == "nation":
        return Place(NATIONWIDE, 0, len(NATIONWIDE), ())
    spoken_of = [*_named(base), *_places_of([topic.of(spans.PLACE), home or ""])]
    around = (each for at in spoken_of if at.certain for each in (*wider(at), at))
    return next((each for each in around if each.kind == named[0].kind), None)


def _named(base: str) -> list[Place]:
    return [place for span in spans.of_kind(base, spans.PLACE) if (place := place_named(span.text))]


def _places_of(names: Sequence[str]) -> list[Place]:
    return [place for name in names if name and (place := place_named(name))]


def _here(text: str, home: str | None) -> str:
    """A message with the place of the firm where it says 我们市 or 省里 and names no place."""
    here = asked_here(text)
    own = locality_of(text, home).places if here and home else ()
    return text.replace(here, own[0].spoken, 1) if own and not places(text) else text
