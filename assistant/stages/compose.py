"""Stage 7: the answer at once, without a language model, from what stands for each part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from assistant import acts, asking_back
from assistant.answer.composed import Composed
from assistant.cite import reference_list
from assistant.compose import compose as compose_passages
from assistant.compose import nearest_told
from assistant.compute import Computed
from assistant.judging.declining import features
from assistant.locality import asked_here, set_apart, speaking, whose
from assistant.look_alikes import with_standing
from assistant.stages.retrieve import MONEY, kept, own_near, programme_of
from assistant.state import Desk, Found, Looked, Part, State
from assistant.understand.meaning import Understanding
from assistant.wording.bind import body_of
from core.types import Citation, Hit, Source
from corpus.places import Place, of_regions, place_named, places
from corpus.regions import lineage
from tools.outcome import Book
from tools.spec import specs
from tools.subsidy.compute import pilot_known

MOST_OWN = 3
"""How many passages of the user's own documents are told before a matching of support."""
PASSAGES = 8
"""How many passages a part of a question is searched for."""
TALKED = frozenset({"chat", "dishonest", "unclear"})
"""Labels whose reply is better than that nothing was found, where they are half meant; a helpline is named only for what surely is despair."""
_MARK = re.compile(r"\[(\d+)\]")


def compose(state: State) -> State:
    """Each part with its answer, and the answer to all of them."""
    parts = tuple(replace(part, found=found(state.desk, part)) for part in state.parts)
    whole = _standing(joined([part.found for part in parts if part.found], state.desk), state)
    kind = "没有答案" if whole.refused else f"{len(whole.text)} 字"
    return state.deciding("写", kind, parts=parts, composed=whole)


def _standing(composed: Composed, state: State) -> Composed:
    """An answer with what must be said of the uploads that it stands on."""
    told = with_standing(composed.text, composed.citations, state.text, state.desk)
    if told.text == composed.text:
        return composed
    evidence = (*composed.evidence, *told.evidence)
    return replace(
        composed, text=told.text, citations=told.citations, evidence=evidence, fixed=composed.fixed or told.fixed
    )


def found(desk: Desk, part: Part) -> Found:
    """What stands for a part; where neither tool nor knowledge is sure, it is asked back what is meant."""
    looked, means = part.looked, part.means
    assert looked
    computed = _with_own_documents(desk, part.computed) if part.computed else None
    composed = composed_of(desk, part.whole, looked, computed)
    told = looked.verdict.reason == "year"  # what is missing is known
    talked = False
    if means and means.weary and means.sure:
        composed = _said_to_the_weary(composed, means, part.text)
    elif means and not part.computed and not told and looked.verdict.confidence < desk.limits.card:
        if means.half and not means.leans and (means.label == "out" or (composed.refused and means.label in TALKED)):
            composed, talked = _talk(means, part.text), True
        elif means.label == "unknowable" and means.sure:
            composed = asking_back.unknowable(composed)
        elif (
            composed.refused
            and not (_of_where(looked) or _refused_near(desk, looked))
            and (asked := asking_back.choices(means, composed.suggestions))
        ):
            composed = asked
    unsure = looked.verdict.confidence < desk.limits.card and not (part.computed or told or talked or composed.refused)
    if means and unsure and not means.weary and _rather_not(desk, looked, means):
        composed = asking_back.instead(means, composed, part.text, desk.sources)
    hits = composed.evidence if looked.each and looked.answered else looked.hits
    return Found(part.whole, part.route, hits, looked.verdict, composed, computed)


def _rather_not(desk: Desk, looked: Looked, means: Understanding) -> bool:
    """Whether what is told would likelier than not answer something else; never where one document is asked."""
    declining = desk.understander.declining if desk.understander else None
    if declining is None or desk.document:
        return False
    signs = features(means, looked.verdict, looked.hits[0].score if looked.hits else 0.0)
    return declining.chance(signs) >= declining.bound


def _talk(means: Understanding, text: str) -> Composed:
    """What is said to a message that asks nothing of the knowledge."""
    talked = acts.talk(means, text)
    return Composed(talked.text, (), (), refused=talked.refused)


def _said_to_the_weary(composed: Composed, means: Understanding, text: str) -> Composed:
    """An answer with a word for somebody who is worn out before it; that word alone where nothing answers."""
    if composed.refused:
        return Composed(acts.talk(means, text).text, (), ())
    return replace(composed, text=f"{acts.FELT}\n\n{composed.text}")


def _of_where(looked: Looked) -> bool:
    """Whether what is missing is the place or of a place, which is told better than by choices."""
    return bool(looked.verdict.reason == "place" or looked.placeless or looked.about.unclear)


def _refused_near(desk: Desk, looked: Looked) -> bool:
    """Whether nothing answers for sure and the own programme of the one place asked about is near."""
    places = looked.about.places
    return looked.verdict.kind == "refuse" and len(places) == 1 and own_near(desk, looked, places[0])


def joined(each: Sequence[Found], desk: Desk) -> Composed:
    """The answers to the parts of a message, one under the other, with one list of sources."""
    if len(each) == 1:
        return each[0].composed
    texts, citations, evidence = list[str](), list[Citation](), list[Hit]()
    for one in each:
        by = len(citations)
        texts.append(_MARK.sub(lambda mark, by=by: f"[{int(mark[1]) + by}]", body_of(one.composed.text)))  # type: ignore[misc]
        citations += [replace(c, n=c.n + by) for c in one.composed.citations]
        evidence += one.composed.evidence
    text = "\n\n".join(texts) + (f"\n\n出处 {reference_list(citations, desk.sources)}" if citations else "")
    suggestions = tuple(dict.fromkeys(s for one in each for s in one.composed.suggestions))[:3]
    refused = all(one.composed.refused for one in each)
    return Composed(text, tuple(citations), tuple(evidence), refused, suggestions, fixed=True)


def composed_of(desk: Desk, standalone: str, looked: Looked, computed: Computed | None) -> Composed:
    """The answer to a complete question from what was found and computed."""
    if computed:
        return _composed(desk, looked, computed)
    if looked.about.unclear:
        return _which(looked.about.unclear)
    if looked.each:
        return _side_by_side(desk, looked)
    place = looked.about.places[0] if looked.about.places else None
    missed = place is not None and (looked.verdict.reason == "place" or _refused_near(desk, looked))
    if place and missed and (near := _gap_of(desk, place, looked)):
        text = f"**没查到您问的这一条。**{place.label}的情况，查到的是：\n{near.text}"
        return replace(near, text=f"{text}\n\n出处 {reference_list(near.citations, desk.sources)}")
    if looked.placeless:
        return _where(asked_here(standalone))
    return _composed(desk, looked)


def _composed(desk: Desk, looked: Looked, computed: Computed | None = None, start: int = 0) -> Composed:
    def search(part: str, named: tuple[str, ...]) -> list[Hit]:
        narrowed = replace(desk.filters, sources=desk.filters.sources or named)
        hits = kept(desk, desk.retriever.search(part, PASSAGES, narrowed), looked.asked.text)
        return speaking(hits, looked.about, desk.sources)

    lead = ""
    if looked.answered and looked.hits and len(looked.about.places) == 1:
        lead = whose(looked.hits[0], looked.about.places[0], looked.about, desk.sources)
    composed = compose_passages(
        looked.asked, looked.query, looked.hits, looked.verdict, desk.sources, search, computed, desk.day, lead, start,
        looked.parts,
    )  # fmt: skip
    apart = "" if composed.refused or computed else set_apart(composed.evidence, looked.about)
    return replace(composed, text=f"> 先说明：{apart}\n{composed.text}") if apart else composed


def _gap_of(desk: Desk, place: Place, looked: Looked, start: int = 0) -> Composed | None:
    """What is known of a place's support where a question about it has no answer; None where nothing is."""
    if own := [hit for hit in looked.hits if programme_of(desk, hit, place)][:2]:
        return nearest_told(own, looked.query, desk.sources, desk.day, start)
    if not any(hit.passage.kind == "programme" or hit.passage.section[:1] == (MONEY,) for hit in looked.hits):
        return None
    book = Book()
    known = pilot_known(place.label, book)
    by = {c.n: replace(c, n=start + c.n) for c in book.rows}
    text = _MARK.sub(lambda mark: f"[{by[int(mark[1])].n}]", known)
    return Composed(text, tuple(by.values()), (), refused=True) if known else None


def _with_own_documents(desk: Desk, computed: Computed) -> Computed:
    """A matching of support for a place of which the user's own documents tell, with what they say of it first."""
    place = (
        place_named(str(computed.tool.arguments.get("地区", "")))
        if specs()[computed.tool.name].of_places == "each"
        else None
    )
    if place is None or computed.tool.result.get("data", {}).get("covered") is not False:
        return computed
    ledger = desk.retriever.index.ledger
    ids = [d.document_id for d in ledger.documents(desk.filters.spaces, "document")]
    named = [d for d in ids if (s := desk.sources.get(d)) and _tells_of(s, place)]
    if not named:
        return computed
    names = tuple(dict.fromkeys(desk.sources[d].id for d in named))
    narrowed = replace(desk.filters, sources=names, origin="document")
    asked = f"{place.spoken}按实际支出的比例给予补助，最高不超过多少万元，申报条件和申报期"
    hits = [h for h in desk.retriever.search(asked, PASSAGES, narrowed) if any(map(str.isdigit, h.passage.text))]
    if not hits:
        return computed
    own = nearest_told(hits[:MOST_OWN], hits[0].query, desk.sources, desk.day, len(computed.citations))
    titles = "、".join(f"《{desk.sources[d].title}》" for d in named)
    lead = f"**您录入的{titles}写到了{place.label}**，您的数要照它核对，它写的是：\n{own.text}"
    rest = computed.text.replace(f"未收录{place.label}的补贴文件", f"自带资料没有{place.label}的补贴文件")
    return replace(computed, text=f"{lead}\n\n{rest}", citations=(*computed.citations, *own.citations))


def _side_by_side(desk: Desk, looked: Looked) -> Composed:
    """Each place's own answer, one under the other; 没查到 for those of which nothing is known.

    No model words it anew: it might give one place's figure to the other.
    """
    if not looked.answered:
        return _composed(desk, looked)
    parts, citations, hits = list[str](), list[Citation](), list[Hit]()
    for place, one in looked.each:
        if not one.answered:
            known = _gap_of(desk, place, one, len(citations))
            told = f"您问的没查到，查到的是：\n{known.text}" if known else "没查到。别处的规定不能照搬。"
            parts.append(f"**{place.label}**：{told}")
            citations += known.citations if known else ()
            continue
        composed = _composed(desk, one, start=len(citations))
        parts.append(f"**{place.label}**：{body_of(composed.text).strip()}")
        citations += composed.citations
        hits += composed.evidence
    text = "\n\n".join(parts) + f"\n\n出处 {reference_list(citations, desk.sources)}"
    return Composed(text, tuple(citations), tuple(hits), fixed=True)


def _tells_of(source: Source, place: Place) -> bool:
    """Whether a document is of a place, by its region or its title."""
    return any(place.within(o) for o in (*of_regions(source.region.split("、")), *places(source.title)))


def _which(place: Place) -> Composed:
    """Asks which of several places of one name is meant."""
    around = list(dict.fromkeys(outer[0].spoken for r in place.regions if (outer := [*lineage(r)][1:])))
    names = "、".join(f"{name}的" for name in around)
    text = f"叫“{place.text}”的地方不止一处：{names}。您说的是哪一个？带上市名再说一次，我按那里的查。"
    return Composed(text, (), (), refused=True)


def _where(here: str) -> Composed:
    """Asks where the firm is."""
    said = f"“{here}”的规定各地不同" if here else "这项规定各地不同"
    return Composed(f"**没查到。**您没说是哪里，{said}；说出城市名我再查，或把通知发给我。", (), (), refused=True)
