"""What is found for a question: passages that may speak for the places asked about, the verdict on them, and the answer."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from assistant.arguments import at_each
from assistant.cite import reference_list
from assistant.compose import Composed, compose, nearest_told, without_doubles, without_replaced
from assistant.compute import Computed, compute
from assistant.guard import Verdict, judge, without_other_firms
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
    whose,
    wider,
)
from assistant.question import Question, read
from assistant.reconsider import Found
from assistant.route import MOST_ASKED, Route
from assistant.wording.bind import body_of
from assistant.years import of_years_first, with_years
from core.types import Citation, Hit, Source
from corpus.ledger import Filters
from corpus.place_roles import counted
from corpus.places import Place, listed, of_regions, place_named, places
from corpus.query import Query
from corpus.regions import lineage
from corpus.retrieve import Retriever
from tools.outcome import Book
from tools.subsidy.compute import pilot_known

OWN_PLACE_LOOK = 3
"""So many of the best passages are looked at for a rule of one place."""
MOST_OWN = 3
"""How many passages of the user's own documents are told before a matching of support."""
MOST_PLACES = 6
"""How many places are answered side by side."""
OWN_FIRST = 0.75
"""From which share of the best score on a place's own programme goes before a national rule."""
_GENERAL = frozenset({"programme", "policy", "guide"})
"""Kinds of passages before which a place's own programme goes."""
_MARK = re.compile(r"\[(\d+)\]")


@dataclass(frozen=True)
class Looked:
    """One look into the index. raw: the best passage of all, also where it may not speak for the places asked about."""

    asked: Question
    query: Query
    hits: tuple[Hit, ...]
    verdict: Verdict
    raw: Hit | None
    about: Locality

    @property
    def answered(self) -> bool:
        return self.verdict.kind != "refuse"


@dataclass(frozen=True)
class Desk:
    """Where one question is looked up: the index, what of it may be read, and the day."""

    retriever: Retriever
    passages: int
    filters: Filters
    sources: Mapping[str, Source]
    day: date

    def find(
        self,
        standalone: str,
        route: Route,
        computed: Computed | None,
        known: str | None = None,
        words: str | None = None,
    ) -> Found:
        """The answer to a question. known: where the firm is, as far as it has been told; words: what the user said of it all."""
        about = Locality() if self.filters.sources else locality_of(standalone, known, words)
        looked = self._look(standalone, about)
        if computed:
            computed = self._with_own_documents(computed)
            return self._found(standalone, route, looked, self._composed(looked, computed), computed)
        if about.unclear:
            return self._found(standalone, route, looked, _which(about.unclear))
        if len(about.places) > 1 and not self._covers_all(looked):
            return self._side_by_side(standalone, route, looked)
        if about.places:
            looked = self._nearer(standalone, looked)
            if looked.verdict.reason == "place" and (near := self._gap_of(place := about.places[0], looked)):
                text = f"**没查到您问的这一条。**{place.label}的情况，查到的是：\n{near.text}"
                text += f"\n\n出处 {reference_list(near.citations, self.sources)}"
                return self._found(standalone, route, looked, replace(near, text=text))
        elif self._needs_place(standalone, looked):
            return self._found(standalone, route, looked, _where(asked_here(standalone)))
        return self._found(standalone, route, looked, self._composed(looked))

    def _found(
        self, standalone: str, route: Route, looked: Looked, composed: Composed, computed: Computed | None = None
    ) -> Found:
        return Found(standalone, route, looked.hits, looked.verdict, composed, computed)

    def _look(self, text: str, about: Locality, keep: Callable[[Hit], bool] | None = None) -> Looked:
        """Search for a text and judge what may speak for the places asked about."""
        plain = plainly_named(text)
        looked_up = with_years(plain, self.day)
        asked, query = read(plain), self.retriever.analyse(looked_up, self.filters.spaces)
        count = max(self.passages, 8)
        found = self._kept(self.retriever.search(looked_up, 3 * count, self.filters, query), plain)
        hits = [hit for hit in speaking(found, about, self.sources) if keep is None or keep(hit)][:count]
        hits = of_years_first(asked, query, hits, self.sources, self.day)
        verdict = judge(asked, query, hits, self.sources, self.day)
        if found and about.places and not about.remembered and verdict.kind == "refuse":
            verdict = _of_place(verdict, about, found[0], self.sources)
        return Looked(asked, query, tuple(hits), verdict, found[0] if found else None, about)

    def _kept(self, hits: Sequence[Hit], text: str) -> list[Hit]:
        return without_other_firms(without_replaced(without_doubles(hits), self.sources, text), text)

    def _composed(self, looked: Looked, computed: Computed | None = None, start: int = 0) -> Composed:
        def search(part: str, named: tuple[str, ...]) -> list[Hit]:
            narrowed = replace(self.filters, sources=self.filters.sources or named)
            found = self._kept(self.retriever.search(part, 8, narrowed), looked.asked.text)
            return speaking(found, looked.about, self.sources)

        lead = ""
        if looked.answered and looked.hits and len(looked.about.places) == 1:
            lead = whose(looked.hits[0], looked.about.places[0], looked.about, self.sources)
        return compose(
            looked.asked,
            looked.query,
            looked.hits,
            looked.verdict,
            self.sources,
            search,
            computed,
            self.day,
            lead,
            start,
        )

    def _nearer(self, standalone: str, looked: Looked) -> Looked:
        """The look that answers for the one place asked about: its own passages, else those of the places around it."""
        place = looked.about.places[0]
        if looked.about.remembered:
            if not (looked.raw and is_rule(looked.raw.passage, self.sources)) and not asked_here(standalone):
                return looked
            text = asked_of(standalone, place)
        elif looked.answered:
            return self._own_first(looked, place) if len(looked.about.places) == 1 else looked
        else:
            text = standalone
        for outer in (place, *wider(place)) if looked.about.remembered else wider(place):
            own = self._look(
                asked_of(text, outer),
                looked.about,
                lambda hit, outer=outer: (
                    hit.passage.kind != "case" and scope(hit.passage, outer, self.sources) in {"own", "mixed"}
                ),  # type: ignore[misc]
            )
            if own.answered:
                return own
        other = looked.raw and is_rule(looked.raw.passage, self.sources)
        if looked.about.remembered and (other or not looked.answered):
            return replace(looked, verdict=Verdict("refuse", looked.verdict.confidence, (place.label,), "place"))
        return looked

    def _own_first(self, looked: Looked, place: Place) -> Looked:
        """The place's own programme before a national rule that is hardly nearer to the question."""
        best = looked.hits[0]
        if scope(best.passage, place, self.sources) != "national" or best.passage.kind not in _GENERAL:
            return looked
        own = self._look(looked.asked.text, looked.about, lambda hit: self._programme_of(hit, place)).hits[:1]
        if not own or own[0].score < OWN_FIRST * best.score:
            return looked
        return replace(
            looked, hits=(*own, *(h for h in looked.hits if h.passage.passage_id != own[0].passage.passage_id))
        )

    def _programme_of(self, hit: Hit, place: Place) -> bool:
        return hit.passage.kind == "programme" and scope(hit.passage, place, self.sources) == "own"

    def _gap_of(self, place: Place, looked: Looked, start: int = 0) -> Composed | None:
        """What is known of a place's support where a question about it has no answer; None where nothing is."""
        if not any(hit.passage.kind == "programme" for hit in looked.hits):
            return None
        if own := [hit for hit in looked.hits if self._programme_of(hit, place)][:2]:
            return nearest_told(own, looked.query, self.sources, self.day, start)
        book = Book()
        known = pilot_known(place.label, book)
        by = {c.n: replace(c, n=start + c.n) for c in book.rows}
        text = _MARK.sub(lambda mark: f"[{by[int(mark[1])].n}]", known)
        return Composed(text, tuple(by.values()), (), refused=True) if known else None

    def _with_own_documents(self, computed: Computed) -> Computed:
        """A matching of support for a place of which the user's own documents tell, with what they say of it first."""
        place = place_named(str(computed.tool.arguments.get("地区", ""))) if computed.tool.name == "subsidy" else None
        if place is None or computed.tool.result.get("data", {}).get("covered") is not False:
            return computed
        ledger = self.retriever.index.ledger
        ids = [d.document_id for d in ledger.documents(self.filters.spaces, "document")]
        named = [d for d in ids if (s := self.sources.get(d)) and _tells_of(s, place)]
        if not named:
            return computed
        names = tuple(dict.fromkeys(self.sources[d].id for d in named))
        narrowed = replace(self.filters, sources=names, origin="document")
        asked = f"{place.spoken}按实际支出的比例给予补助，最高不超过多少万元，申报条件和申报期"
        hits = [h for h in self.retriever.search(asked, 8, narrowed) if any(map(str.isdigit, h.passage.text))]
        if not hits:
            return computed
        own = nearest_told(hits[:MOST_OWN], hits[0].query, self.sources, self.day, len(computed.citations))
        titles = "、".join(f"《{self.sources[d].title}》" for d in named)
        lead = f"**您录入的{titles}写到了{place.label}**，您的数要照它核对，它写的是：\n{own.text}"
        rest = computed.text.replace(f"未收录{place.label}的补贴文件", f"自带资料没有{place.label}的补贴文件")
        return replace(computed, text=f"{lead}\n\n{rest}", citations=(*computed.citations, *own.citations))

    def _covers_all(self, looked: Looked) -> bool:
        """Whether the best passage answers for all the places asked about at once."""
        if not looked.answered or not looked.hits or looked.hits[0].passage.kind == "case":
            return False
        own = places_of(looked.hits[0].passage, self.sources)
        return all(any(o.within(place) for o in own) for place in looked.about.places)

    def _needs_place(self, standalone: str, looked: Looked) -> bool:
        """Whether an answer depends on a place that is not known.

        It does where the best passage is a rule of one place; and where the question speaks of the asker's own city
        and rules of single places are among the best passages, whichever of them is first.
        """
        if self.filters.sources or not looked.hits:
            return False
        if asked_here(standalone):
            return any(self._one_place_s_rule(hit) for hit in looked.hits[:OWN_PLACE_LOOK])
        return looked.answered and self._one_place_s_rule(looked.hits[0])

    def _one_place_s_rule(self, hit: Hit) -> bool:
        passage = hit.passage
        return (
            passage.origin == "card" and is_rule(passage, self.sources) and len(places_of(passage, self.sources)) == 1
        )

    def _side_by_side(self, standalone: str, route: Route, looked: Looked) -> Found:
        """Each place's own answer, one under the other; 没查到 for those of which nothing is known.

        No model words it anew: it might give one place's figure to the other.
        """
        parts, citations, hits = list[str](), list[Citation](), list[Hit]()
        answered: list[Looked] = []
        for place in looked.about.places[:MOST_PLACES]:
            one = self._nearer(text := asked_of(standalone, place), self._look(text, looked.about.only(place)))
            if not one.answered:
                known = self._gap_of(place, one, len(citations))
                told = f"您问的没查到，查到的是：\n{known.text}" if known else "没查到。别处的规定不能照搬。"
                parts.append(f"**{place.label}**：{told}")
                citations += known.citations if known else ()
                continue
            composed = self._composed(one, start=len(citations))
            parts.append(f"**{place.label}**：{body_of(composed.text).strip()}")
            citations += composed.citations
            hits += composed.evidence
            answered.append(one)
        if not answered:
            return self._found(standalone, route, looked, self._composed(replace(looked, verdict=_none(looked))))
        text = "\n\n".join(parts) + f"\n\n出处 {reference_list(citations, self.sources)}"
        best = replace(answered[0], hits=tuple(hits))
        return self._found(standalone, route, best, Composed(text, tuple(citations), tuple(hits), fixed=True))


def _tells_of(source: Source, place: Place) -> bool:
    """Whether a document is of a place, by its region or its title."""
    return any(place.within(o) for o in (*of_regions(source.region.split("、")), *places(source.title)))


def _none(looked: Looked) -> Verdict:
    names = tuple(place.label for place in looked.about.places)
    return Verdict("refuse", looked.verdict.confidence, names, "place")


def _of_place(verdict: Verdict, about: Locality, raw: Hit, sources: Mapping[str, Source]) -> Verdict:
    """A refusal that is due to the place: what was found is another's, or the place stands in nothing that was found."""
    names = tuple(place.label for place in about.places)
    spoken = {place.region.spoken for place in about.places}
    elsewhere = all(scope(raw.passage, place, sources) == "elsewhere" for place in about.places)
    if elsewhere or (verdict.reason in {"name", "cover"} and set(verdict.missing) & spoken):
        return replace(verdict, missing=names, reason="place")
    return verdict


def _which(place: Place) -> Composed:
    """Asks which of several places of one name is meant."""
    around = list(dict.fromkeys(outer[0].spoken for r in place.regions if (outer := [*lineage(r)][1:])))
    names = "、".join(f"{name}的" for name in around)
    return Composed(
        f"叫“{place.text}”的地方不止一处：{names}。您说的是哪一个？带上市名再说一次，我按那里的查。",
        (),
        (),
        refused=True,
    )


def _where(here: str) -> Composed:
    """Asks where the firm is."""
    said = f"“{here}”的规定各地不同" if here else "这项规定各地不同"
    return Composed(f"**没查到。**您没说是哪里，{said}；说出城市名我再查，或把通知发给我。", (), (), refused=True)


def compute_at(route: Route, text: str, day: date) -> Computed | None:
    """Run the tool that a message calls for; for each place where the firm is or may be, where the tool goes by the place."""
    asked = _asked_at(route, text)
    if route.tool != "subsidy" or len(asked) < 2:
        return compute(route, day) if route.tool else None
    told = replace(route, said=(), asked=MOST_ASKED)
    done = [
        (place, one)
        for place, given in list(at_each(text, asked, route.arguments).items())[:MOST_PLACES]
        if (one := compute(replace(told, arguments=given | {"地区": place}), day))
    ]
    if not done:
        return None
    citations, parts = list[Citation](), list[str]()
    for place, one in done:
        by = len(citations)
        parts.append(f"**{place}**\n\n" + _MARK.sub(lambda mark, by=by: f"[{int(mark[1]) + by}]", one.text))  # type: ignore[misc]
        citations += [replace(c, n=c.n + by) for c in one.citations]
    last = done[-1][1]
    lasting = {**last.call.arguments, "地区": "、".join(asked)}
    return replace(
        last,
        text="\n\n".join((*parts, *route.said)),
        citations=tuple(citations),
        call=replace(last.call, arguments=lasting),
    )


def _asked_at(route: Route, text: str) -> tuple[str, ...]:
    """The places for which a tool is to reckon: those that count in the message, else those that its argument lists."""
    said = tuple(each.place.label for each in counted(text))
    return said or tuple(place.label for place in listed(str(route.arguments.get("地区", ""))))
