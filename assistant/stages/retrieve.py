"""Stage 5: the passages for each part that may speak for the places asked about, and the verdict on them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.compose import without_doubles, without_replaced
from assistant.guard import Verdict, best_first, without_other_firms
from assistant.guard import judge as judge_passages
from assistant.judging.weights import load_weighing
from assistant.locality import (
    Locality,
    asked_here,
    asked_of,
    is_rule,
    locality_of,
    places_of,
    plainly_named,
    scope,
    speaking,
    unplaced,
    wider,
)
from assistant.own_documents import meant
from assistant.question import read as read_question
from assistant.stages.resolve import with_subject
from assistant.state import Desk, Looked, Part, State
from assistant.understand.understander import read_together
from assistant.years import of_years_first, with_years
from core.types import Hit, Source
from corpus.places import Place

OWN_PLACE_LOOK = 3
"""So many of the best passages are looked at for a rule of one place."""
MOST_PLACES = 6
"""How many places are answered side by side."""
OWN_FIRST = 0.75
"""From which share of the best score on a place's own programme goes before a national rule."""
FEWEST = 8
"""So many passages are judged at least."""
MONEY = "政策和补贴"
"""The part of the handbook of practice on support, which depends on the place."""
_GENERAL = frozenset({"programme", "policy", "guide"})
"""Kinds of passages before which a place's own programme goes."""
Keep = Callable[[Hit], bool]


def retrieve(state: State) -> State:
    """Each part with what was found for it."""
    parts = tuple(_part(state, part) for part in state.parts)
    hits = [hit for part in parts if part.looked for hit in part.looked.hits[:5]]
    lines = [f"{hit.score:.2f} {hit.passage.passage_id} {hit.passage.title}" for hit in hits]
    return state.deciding("查到", "\n      ".join(lines) or "没有", parts=parts)


def _part(state: State, part: Part) -> Part:
    """A part looked up; where a tool answers for sure, only what may stand beside it."""
    desk, known = state.desk, state.known.region
    if part.computed and not part.route.half:
        return replace(part, looked=look(desk, part.whole, locality(desk, part.whole, known, state.text)))
    if not part.instead:
        return replace(part, looked=look_up(desk, part.whole, known, state.text, part.said))
    instead = look_up(desk, part.instead, known, state.text, part.said)
    return replace(part, looked=look_up(desk, part.whole, known, state.text), looked_instead=instead)


def look_up(desk: Desk, text: str, known: str | None, words: str, said: str = "") -> Looked:
    """What answers a complete question for the places it is about.

    known: where the firm is; words: what the user said of it all; said: the same with the messages before it.
    """
    about = locality(desk, text, known, words)
    looked = look(desk, text, about, said=said)
    if about.unclear:
        return looked
    if len(about.places) > 1 and not _covers_all(desk, looked):
        return _side_by_side(desk, text, looked)
    if about.places:
        near = _nearer(desk, text, looked)
        return near if near.answered and _of_the_place(desk, near) else _anywhere(desk, text, near, said)
    return replace(looked, placeless=_needs_place(desk, text, looked))


def locality(desk: Desk, text: str, known: str | None, words: str) -> Locality:
    """The places that a question is about; none where one document is asked."""
    return Locality() if desk.document else locality_of(text, known, words)


def look(desk: Desk, text: str, about: Locality, keep: Keep | None = None, said: str = "") -> Looked:
    """Search for a text and judge what may speak for the places asked about. said: its message with those before it."""
    plain = plainly_named(text)
    looked_up = with_years(plain, desk.day)
    asked, query = read_question(plain), desk.retriever.analyse(looked_up, desk.filters.spaces, said)
    count = max(desk.settings.passages, FEWEST)
    found = kept(desk, desk.retriever.search(looked_up, 3 * count, desk.filters, query), plain)
    hits = [hit for hit in speaking(found, about, desk.sources) if keep is None or keep(hit)][:count]
    hits = of_years_first(asked, query, hits, desk.sources, desk.day)
    verdict = _bundled_first(desk, text, hits, judge_passages(asked, query, hits, desk.sources, desk.day))
    if found and about.places and not about.remembered and verdict.kind in {"refuse", "partly"}:
        verdict = _of_place(verdict, about, found[0], desk.sources)
    looked = Looked(asked, query, tuple(best_first(hits, verdict)), verdict, found[0] if found else None, about)
    split = len(asked.parts) > 1 and verdict.kind != "correct" and verdict.reason in {"", "cover"}
    return _by_parts(desk, looked, keep) if split else looked


def _bundled_first(desk: Desk, text: str, hits: Sequence[Hit], verdict: Verdict) -> Verdict:
    """The verdict on the first card that answers, where an upload that the question does not name stands before it.

    One of a place of its own stays: bundled knowledge of the whole country does not speak for that.
    """
    if verdict.kind != "answer" or desk.document or hits[verdict.best].passage.origin == "card":
        return verdict
    upload = hits[verdict.best].passage
    sure = load_weighing().answer
    card = next((at for at, c in enumerate(verdict.chances) if hits[at].passage.origin == "card" and c >= sure), None)
    if card is None or upload.region not in {"", "全国", hits[card].passage.region}:
        return verdict
    document = desk.retriever.index.ledger.document(upload.passage_id.rpartition("#")[0])
    if document and meant(text, (), [document], fits=False):
        return verdict
    return replace(verdict, best=card, confidence=verdict.chances[card], absent=())


def _by_parts(desk: Desk, looked: Looked, keep: Keep | None) -> Looked:
    """A look with what answers each of the things asked; that goes first where the message as a whole has no answer.

    What a document of the user's own answers is left to it.
    """
    parts = [part for part in looked.asked.parts if part != looked.asked.text]
    each = [_part_of(desk, part, parts[0] if at else "", looked.about, keep) for at, part in enumerate(parts)]
    told = [one for one in each if one.verdict.kind == "answer"]
    firsts = {one.hits[0].passage.passage_id: one.hits[0] for one in told}
    if not told or (looked.answered and looked.hits[0].passage.origin == "document"):
        return looked
    if looked.answered or len(told) < len(each):
        return replace(looked, parts=tuple(firsts.values())) if looked.answered else looked
    others = (hit for hit in looked.hits if hit.passage.passage_id not in firsts)
    verdict = replace(min((one.verdict for one in told), key=lambda verdict: verdict.confidence), best=0)
    return replace(looked, hits=(*firsts.values(), *others), verdict=verdict, parts=tuple(firsts.values()))


def _part_of(desk: Desk, part: str, first: str, about: Locality, keep: Keep | None) -> Looked:
    """A look at one of the things asked; by its own words, or with those of the first one where these answer surer."""
    alone = look(desk, part, about, keep)
    if not first or (alone.answered and alone.verdict.confidence >= desk.limits.alone):
        return alone
    with_first = look(desk, with_subject(part, first), about, keep, read_together(first, part))
    return with_first if with_first.verdict.confidence > alone.verdict.confidence else alone


def kept(desk: Desk, hits: Sequence[Hit], text: str) -> list[Hit]:
    """The hits without doubles, replaced versions and other firms' rows."""
    return without_other_firms(without_replaced(without_doubles(hits), desk.sources, text), text)


def confidence(desk: Desk, asked: str, looked_up: str) -> float:
    """How well what a text finds answers a question, which may be another one."""
    found_with = desk.retriever.analyse(looked_up, desk.filters.spaces)
    hits = desk.retriever.search(looked_up, FEWEST, desk.filters, found_with)
    query = found_with if asked == looked_up else desk.retriever.analyse(asked, desk.filters.spaces)
    return judge_passages(read_question(asked), query, hits, None, desk.day).confidence


def _nearer(desk: Desk, standalone: str, looked: Looked) -> Looked:
    """The look that answers for the one place asked about: its own passages, else those of the places around it."""
    place = looked.about.places[0]
    if looked.about.remembered:
        if not (looked.raw and is_rule(looked.raw.passage, desk.sources)) and not asked_here(standalone):
            return looked
        text = asked_of(standalone, place)
    elif looked.answered:
        return _own_first(desk, looked, place) if len(looked.about.places) == 1 else looked
    elif own_near(desk, looked, place):
        return looked
    else:
        text = standalone
    for outer in (place, *wider(place)) if looked.about.remembered else wider(place):
        own = look(desk, asked_of(text, outer), looked.about, _of(desk, outer))
        if own.answered:
            return own
    other = looked.raw and is_rule(looked.raw.passage, desk.sources)
    if looked.about.remembered and (other or not looked.answered):
        return replace(looked, verdict=Verdict("refuse", looked.verdict.confidence, (place.label,), "place"))
    return looked


def _anywhere(desk: Desk, standalone: str, looked: Looked, said: str) -> Looked:
    """The look that answers a question that only tells where the firm is, by what is done the same way everywhere.

    It must answer surer than what speaks of the place, which has the place's name for it.
    """
    text = unplaced(standalone)
    if text == standalone or not text.strip() or own_near(desk, looked, looked.about.places[0]):
        return looked
    free = look(desk, text, Locality(), lambda hit: _of_practice(desk, hit), said)
    least = looked.verdict.confidence + desk.limits.surer if looked.answered else 0.0
    better = free.answered and free.verdict.confidence > least
    return replace(free, about=looked.about) if better else looked


def _of_the_place(desk: Desk, looked: Looked) -> bool:
    """Whether what was found is sure enough that the place that a question names is what it is about, or is a document of one's own."""
    sure = looked.verdict.kind != "answer" or looked.verdict.confidence >= desk.limits.card_first
    return sure or looked.hits[0].passage.origin == "document"


def _of_practice(desk: Desk, hit: Hit) -> bool:
    """Whether a passage is advice that holds wherever the firm is: no rule, no case, nothing on support."""
    passage = hit.passage
    return passage.certainty == "practice" and passage.section[:1] != (MONEY,) and not places_of(passage, desk.sources)


def _of(desk: Desk, place: Place) -> Keep:
    """Whether a passage tells of a place and is no case."""
    return lambda hit: hit.passage.kind != "case" and scope(hit.passage, place, desk.sources) in {"own", "mixed"}


def _own_first(desk: Desk, looked: Looked, place: Place) -> Looked:
    """The place's own programme before a national rule that is hardly nearer to the question."""
    best = looked.hits[0]
    if scope(best.passage, place, desk.sources) != "national" or best.passage.kind not in _GENERAL:
        return looked
    own = look(desk, looked.asked.text, looked.about, lambda hit: programme_of(desk, hit, place)).hits[:1]
    if not own or own[0].score < OWN_FIRST * best.score:
        return looked
    first = own[0].passage.passage_id
    return replace(looked, hits=(*own, *(h for h in looked.hits if h.passage.passage_id != first)))


def own_near(desk: Desk, looked: Looked, place: Place) -> bool:
    """Whether a place's own programme is the best that was found, though it does not answer for sure."""
    if not looked.hits or not programme_of(desk, looked.hits[0], place):
        return False
    return looked.verdict.reason in {"cover", "slot"}


def programme_of(desk: Desk, hit: Hit, place: Place) -> bool:
    """Whether a passage tells of a place's own programme, or is of a document that the user has of it."""
    tells = hit.passage.kind == "programme" or hit.passage.origin == "document"
    return tells and scope(hit.passage, place, desk.sources) == "own"


def _covers_all(desk: Desk, looked: Looked) -> bool:
    """Whether the best passage answers for all the places asked about at once."""
    if not looked.answered or not looked.hits or looked.hits[0].passage.kind == "case":
        return False
    own = places_of(looked.hits[0].passage, desk.sources)
    return all(any(o.within(place) for o in own) for place in looked.about.places)


def _needs_place(desk: Desk, standalone: str, looked: Looked) -> bool:
    """Whether an answer depends on a place that is not known.

    It does where the best passage is a rule of one place; and where the question speaks of the asker's own city and nothing
    answers, or rules of single places are among the best passages, whichever of them is first.
    """
    if desk.document or not looked.hits:
        return False
    if asked_here(standalone):
        return not looked.answered or any(_one_place_s_rule(desk, hit) for hit in looked.hits[:OWN_PLACE_LOOK])
    return looked.answered and _one_place_s_rule(desk, looked.hits[0])


def _one_place_s_rule(desk: Desk, hit: Hit) -> bool:
    passage = hit.passage
    rule = passage.origin == "card" and is_rule(passage, desk.sources)
    return rule and len(places_of(passage, desk.sources)) == 1


def _side_by_side(desk: Desk, standalone: str, looked: Looked) -> Looked:
    """Each place's own look; a verdict that none is known where none of them answers."""
    each = []
    for place in looked.about.places[:MOST_PLACES]:
        text = asked_of(standalone, place)
        each.append((place, _nearer(desk, text, look(desk, text, looked.about.only(place)))))
    answered = [one for _, one in each if one.answered]
    if answered:
        return replace(looked, hits=answered[0].hits, verdict=answered[0].verdict, each=tuple(each))
    names = tuple(place.label for place in looked.about.places)
    none = Verdict("refuse", looked.verdict.confidence, names, "place")
    return replace(looked, verdict=none, each=tuple(each))


def _of_place(verdict: Verdict, about: Locality, raw: Hit, sources: Mapping[str, Source]) -> Verdict:
    """A refusal that is due to the place: what was found is another's, or the place stands in nothing that was found."""
    names = tuple(place.label for place in about.places)
    spoken = {place.region.spoken for place in about.places}
    elsewhere = all(scope(raw.passage, place, sources) == "elsewhere" for place in about.places)
    if elsewhere or (verdict.reason in {"name", "cover"} and set(verdict.missing) & spoken):
        return replace(verdict, kind="refuse", missing=names, reason="place")
    return verdict
