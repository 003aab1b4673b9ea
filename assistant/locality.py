"""Which places an answer is for, and which passages may speak for them.

The rule: a passage speaks for the place that it is of; for places that lie in that one, said as such; a national one for
every place, said as such; a passage of another place for none. Of a passage that tells of several places, only what it
tells of the place asked about, or of none in particular, is shown.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from assistant.cite import source_of
from core.cut import sentences, split_after
from core.types import Hit, Passage, Source
from corpus.place_roles import DENIED, EXCEPT, set_aside
from corpus.places import INSIDE_A_NAME, Place, of_regions, place_named, places
from corpus.regions import Region, by_name, lineage
from corpus.tables import load_tables

Scope = Literal["own", "inside", "around", "national", "mixed", "elsewhere"]
NATIONWIDE = "全国"
HERE_KINDS = {"省": "province", "市": "prefecture"}
"""What 省里 and 我们市 mean of the place where the firm is."""
_RULES = frozenset({"programme", "policy", "target", "task", "caveat", "statistic", "organisation"})
"""Kinds of passages that hold for somewhere: whose they are is said with them."""


_HERE = re.compile(
    r"(?:我们?|咱们?)(?:省|市|县|区|镇|这里|这边|这儿)|本(?:省|市|县|区)|省里|县里|(?<![城超都门上])市里|(?<![园厂社小片地校])区里"
)
_CHAIN = re.compile(r"(?:[^\W\d_各本我全市县区省于的]{2,4}?(?:省|市|县|区|州))+")
_PART = re.compile(r"[^\W\d_]{2,4}?(?:省|市|县|区|州)")
_LIST = re.compile(r"\x02(?:(?:[、,，/和与跟及或]|还有|以及|还是)*\x03)+")


@dataclass(frozen=True)
class Locality:
    """The places that a question is about.

    remembered: none is named now, it is where the firm is; carried: named not now, but by what the question goes on from; excluded:
    places of which nothing is asked: 除了中山还有哪些.
    """

    places: tuple[Place, ...] = ()
    remembered: bool = False
    carried: bool = False
    excluded: tuple[Place, ...] = ()

    @property
    def unclear(self) -> Place | None:
        """A place named of which it is not known which one is meant."""
        return next((place for place in self.places if not place.certain), None)

    def only(self, place: Place) -> Locality:
        return replace(self, places=(place,))


def locality_of(question: str, known: str | None = None, words: str | None = None) -> Locality:
    """The places a question names, else the one known; a firm's or product's name (宁波银行) names none.

    known: where the firm is, as its profile has it; it also tells places of one name apart. words: what the user said, where
    the question was made complete from the turn before.
    """
    own = place_named(known) if known else None
    named: list[Place] = []
    for place in places(question, own):
        again = any({r.code for r in place.regions} == {r.code for r in other.regions} for other in named)
        if place.strength > INSIDE_A_NAME and not again:
            named.append(place)
    aside = set_aside(question)
    excluded = tuple(each.place for each in aside if each.role == EXCEPT)
    denied = [*excluded, *(each.place for each in aside if each.word == DENIED)]
    named = [p for p in named if not any(p.within(other) for other in denied)]
    named = [p for p in named if not any(p.within(each.place) for each in aside)] or named
    smallest = [p for p in named if not any(o is not p and o.within(p) for o in named)]
    if smallest:
        carried = words is not None and not places(words)
        told = carried and own is not None and all(p.within(own) and own.within(p) for p in smallest)
        return Locality(tuple(smallest), remembered=told, carried=carried, excluded=excluded)
    if excluded:
        return Locality(excluded=excluded)
    if own is None or not own.certain or NATIONWIDE in question:
        return Locality()
    here = asked_here(question)
    meant = next((p for p in wider(own) for which, kind in HERE_KINDS.items() if which in here and p.kind == kind), own)
    return Locality((meant,), True)


def places_of(passage: Passage, sources: Mapping[str, Source]) -> tuple[Place, ...]:
    """The places that a passage is of, the smallest where it names those around them too; none for a national one."""
    source = source_of(sources, passage.passage_id, passage.source_id)
    return _smallest(passage.region or (source.region if source else ""))


@lru_cache(maxsize=1024)
def _smallest(region: str) -> tuple[Place, ...]:
    found = of_regions([part for part in region.split("、") if part and part != NATIONWIDE])
    return tuple(p for p in found if not any(o is not p and o.within(p) for o in found))


def scope(passage: Passage, place: Place, sources: Mapping[str, Source]) -> Scope:
    """How a passage stands to a place."""
    own = places_of(passage, sources)
    related = [o for o in own if place.within(o) or o.within(place)]
    if not own:
        return "national"
    if not related:
        return "elsewhere"
    if len(related) < len(own):
        return "mixed"
    if any(o.within(place) and place.within(o) for o in related):
        return "own"
    if any(place.within(o) for o in related):
        return "around"
    return "elsewhere" if place.kind == "province" else "inside"


def speaking(hits: Sequence[Hit], about: Locality, sources: Mapping[str, Source]) -> list[Hit]:
    """The hits that may speak for the places asked about, each with no more than what may be said of them.

    What happened in one firm of a province is no answer for another city of it. Where the place is only remembered, what is
    no rule of a place stays (a case is told as the firm's that it is), and so do the user's own documents.
    """
    kept = []
    for hit in hits:
        passage = hit.passage
        own_places = places_of(passage, sources) if about.excluded else ()
        if own_places and all(any(own.within(place) for place in about.excluded) for own in own_places):
            continue
        scopes = {scope(passage, place, sources) for place in about.places}
        own = {"own", "inside"} if passage.kind == "case" else {"own", "inside", "around"}
        if passage.origin == "document":
            own -= {"inside"}  # a district's notice is not its city's
            if about.places and not about.remembered and _of_another(passage, about.places, sources):
                continue
        free = about.remembered and (passage.origin == "document" or not is_rule(passage, sources))
        if not scopes or (free and passage.kind != "guide") or scopes & own:
            kept.append(hit)
        elif (free or scopes & {"mixed", "national"}) and (text := _told_of(passage, about.places)):
            kept.append(hit if text == passage.text else replace(hit, passage=replace(passage, text=text, short="")))
    return kept


def _of_another(passage: Passage, asked: Sequence[Place], sources: Mapping[str, Source]) -> bool:
    """Whether a document is of a place that no table has, and that is none of those asked about: 云溪市 is not 云溪区."""
    source = source_of(sources, passage.passage_id, passage.source_id)
    own = leading_place(source.issuer or source.title) if source else ""
    if not own or places_of(passage, sources) or any(row.name == own for row in by_name().get(own, ())):
        return False
    return not any(place.text in {own, own[:-1]} for place in asked)


def leading_place(text: str) -> str:
    """The place that a title or an issuer begins with, the smallest, with its suffix, in no table or in one; else empty."""
    found = _CHAIN.match(text)
    return _PART.findall(found[0])[-1] if found else ""


def is_rule(passage: Passage, sources: Mapping[str, Source]) -> bool:
    """Whether a passage says what holds in some place, rather than what happened there."""
    source = source_of(sources, passage.passage_id, passage.source_id)
    local = bool(source and source.kind in {"policy", "notice"} and source.region != NATIONWIDE)
    return local or passage.kind == "programme" or (passage.kind in _RULES and bool(places_of(passage, sources)))


def _holds(passage: Passage, sources: Mapping[str, Source]) -> bool:
    """Whether a national passage says what holds, rather than what a word means or how a thing is done."""
    source = source_of(sources, passage.passage_id, passage.source_id)
    return passage.kind in _RULES or bool(source and source.kind in {"policy", "notice"})


def _told_of(passage: Passage, asked: Sequence[Place]) -> str:
    """A passage's text without what it tells of other places only."""
    lines = []
    for line in passage.text.split("\n"):
        told, kept = True, ""
        for sentence in sentences(line):
            text, told = _part_of(sentence, asked, told)
            kept += text
        if kept != line.strip() and kept[-1:] in "：:":
            kept = kept[: max(map(kept.rfind, "。；！？")) + 1]  # what it announced went
        if kept:
            lines.append(kept[:-1] + "。" if kept != line.strip() and kept[-1] in "、，；,;" else kept)
    return "\n".join(lines)


def _part_of(sentence: str, asked: Sequence[Place], told: bool) -> tuple[str, bool]:
    """What a sentence tells of the places asked about, and whether what comes next, naming none, goes with it.

    A figure belongs to the places listed just before it: 中山（到2026年）、佛山、江门等（到2027年）. told: whether what came
    before was of them.
    """
    named = [p for p in places(sentence) if p.strength > INSIDE_A_NAME]
    kept, group, at = "", "", 0
    pieces = split_after(sentence, "、，；：;")
    for number, piece in enumerate(pieces):
        group += piece
        if number + 1 < len(pieces) and not any(c.isdigit() for c in piece) and piece[-1] not in "：；:;":
            continue
        end = at + len(group)
        here = [p for p in named if at <= p.start < end]
        told = any(p.within(a) or a.within(p) for p in here for a in asked) if here else told
        kept += group if told else ""
        group, at = "", end
    return kept, told


def wider(place: Place) -> list[Place]:
    """The places around a place, the nearest first."""
    return [_as_place(region) for region in list(lineage(place.region))[1:]]


def _as_place(region: Region) -> Place:
    return Place(region.spoken, 0, len(region.spoken), (region,))


def asked_of(question: str, *asked: Place) -> str:
    """A question asked of other places: instead of those it names, of 我们市, or before it."""
    instead = "和".join(place.spoken if place.certain else place.text for place in asked)
    named = [p for p in places(question) if p.strength > INSIDE_A_NAME]
    if not named:
        here = asked_here(question) or (NATIONWIDE if question.startswith(NATIONWIDE) else "")
        return question.replace(here, instead, 1) if here else f"{instead}{question}"
    out, at = "", 0
    for other in named:
        out += question[at : other.start] + ("\x02" if other is named[0] else "\x03")
        at = other.end
    text = _LIST.sub("\x02", out + question[at:]).replace("\x03", "")
    return text.replace("\x02", instead)


def asked_here(question: str) -> str:
    """The words by which a question speaks of where the asker is: 我们市, 本县."""
    here = _HERE.search(question)
    return here[0] if here else ""


def plainly_named(question: str) -> str:
    """The question with its places as people say them, which is how passages have them: 广东省佛山市 → 佛山, Foshan → 佛山."""
    out, at = "", 0
    for place in places(question):
        if place.certain and place.strength > INSIDE_A_NAME and not place.zone:
            out, at = out + question[at : place.start] + place.spoken, place.end
    return out + question[at:]


def unplaced(question: str) -> str:
    """The question without the places that it names: where the firm is may be told without anything depending on it."""
    out, at = "", 0
    for place in places(question):
        if place.strength > INSIDE_A_NAME and place.start >= at:
            out, at = out + question[at : place.start], place.end
    return out + question[at:]


def whose(lead: Hit, place: Place, about: Locality, sources: Mapping[str, Source]) -> str:
    """What is said of whose rule an answer is; empty where it is the place's own."""
    passage, name = lead.passage, place.label
    match scope(passage, place, sources):
        case "own":
            return f"按{name}算。" if (about.remembered or about.carried) and is_rule(passage, sources) else ""
        case "mixed":
            related = [o for o in places_of(passage, sources) if place.within(o) or o.within(place)]
            around = "" if any(o.within(place) for o in related) else "、".join(o.name for o in related)
            return f"{name}自己的没有查到，这里说的是{around}。" if around else ""
        case "elsewhere" if is_rule(passage, sources):
            others = "、".join(o.name for o in places_of(passage, sources))
            return f"这是{others}的规定，厂子在{name}的，要看{name}自己的。"
        case "around":
            outer = next(o for o in places_of(passage, sources) if place.within(o))
            if _has_programme(place) and not place.county:
                return f"这是{outer.name}的规定；{name}自己的办法另有收录，可以接着问“{name}补多少”。"
            return f"{name}自己的没有查到，这是{outer.name}的规定。"
        case "inside":
            inner = next(o for o in places_of(passage, sources) if o.within(place))
            return f"这是{inner.label}的，不是{place.name}都这样。"
        case "national" if _holds(passage, sources) and not about.remembered:
            if passage.kind != "statistic" and _has_programme(place):
                return f"这是全国的规定，不是{name}自己的；{name}有自己的办法，问“{name}补多少”就能看到。"
            return (
                f"{name}自己的没有查到，这是全国的规定。"
                if passage.kind != "statistic"
                else f"这是全国的数，{name}自己的没有查到。"
            )
    return ""


def set_apart(told: Sequence[Hit], about: Locality) -> str:
    """What is said first where an answer names a place of which nothing was asked; empty where it names none."""
    named = [p for hit in told for p in places(hit.passage.text)] if about.excluded else []
    found = [place.label for place in about.excluded if any(p.within(place) for p in named)]
    return f"您问的是{'、'.join(found)}以外的，里面提到的{'、'.join(found)}不算。" if found else ""


def _has_programme(place: Place) -> bool:
    """Whether the knowledge holds a programme of the place's own city."""
    return any(row.region.city and row.region.city == place.prefecture for row in load_tables().programmes)
