"""One conversation: the way of a question from its words to the answer, as events."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant import acts, asking_back, assessing
from assistant.compose import Composed
from assistant.compute import Computed
from assistant.condense import LONGEST, bare_of_subject, condense
from assistant.engine.contract import Engine
from assistant.findings import Desk, compute_at
from assistant.guard import judge
from assistant.history import Call, History, Turn
from assistant.moved import moved, spelled_out
from assistant.own_documents import about_document, about_title
from assistant.question import read
from assistant.reckonable import reckoned
from assistant.reconsider import Found, LookUp
from assistant.route import KNOWLEDGE, Route, decide, known_of
from assistant.understand.meaning import Understanding
from assistant.understand.understander import Understander
from core.clock import today
from core.cut import one_line
from core.errors import BadQuestion, EngineFailed
from core.numbers import simplified
from core.settings import Settings
from core.spaces import visible_spaces
from core.types import (
    Answer,
    Brief,
    Citation,
    Done,
    Event,
    Hit,
    Notice,
    Piece,
    Source,
    Sources,
    ToolCall,
    ToolResult,
    Wording,
)
from corpus.ledger import Filters
from corpus.retrieve import Retriever
from tools.firm.profile import Profile, extract

if TYPE_CHECKING:
    from assistant.engine.mask import Mask
    from assistant.proposals import Adviser
    from assistant.store.profiles import Profiles

CONTEXT_TURNS = 12
"""How far back a conversation is read."""
CARD = 0.85
"""A card so sure goes before a tool that is half meant, and before a message is turned away."""
CARD_BESIDE = 0.6
"""The same where the message is rather a question for the knowledge."""
HALF_SURE = 0.6
"""Below this confidence a tool is one of several things that may be meant."""
GOES_ON = 0.05
"""By how much surer the answer must be for a question to be taken as going on from the one before."""
SURE = 0.9
"""From this confidence on a question is taken as it stands."""
TOLD, LESS_TOLD = 0.5, 0.1
"""How well what is found with the turn before must answer the question's own words, at least and against what they find alone."""


class Assistant:
    """Answers questions over one index; made by assistant.build."""

    def __init__(
        self,
        settings: Settings,
        retriever: Retriever,
        history: History,
        profile: Profile | None = None,
        engine: Engine | None = None,
        trouble: str = "",
        understander: Understander | None = None,
        not_understood: str = "",
    ) -> None:
        """trouble: why there is no engine although the settings ask for one; said with each answer that it would word.

        understander: reads what a message means; not_understood: why there is none, said with each answer.
        """
        self.settings = settings
        self.retriever = retriever
        self.history = history
        self.profile = profile or Profile()
        self.engine = engine
        self.trouble = trouble
        self.understander = understander
        self.not_understood = not_understood
        self.adviser: Adviser | None = None

    def for_user(self, user: str) -> Assistant:
        """The same assistant for another person: their conversations, profile and private space, and nobody else's."""
        settings = self.settings.model_copy(update={"user": user})
        other = Assistant(
            settings,
            self.retriever,
            self.history.of(user),
            None,
            self.engine,
            self.trouble,
            self.understander,
            self.not_understood,
        )
        other.adviser = self.adviser
        return other

    def ask(
        self,
        question: str,
        session: str | None = None,
        space: str | None = None,
        user: str | None = None,
        document: str | None = None,
        day: date | None = None,
        tell: Callable[[str], None] = lambda line: None,
    ) -> Iterator[Event]:
        """Answer one question. Raises BadQuestion; the last event is Done.

        user: whose conversation, profile and private documents they are, the settings' user where None; space: one space
        more, BadInput where it is another user's; document: the source id of the one ingested document to answer from; day: the
        day for which it is answered, today where None; tell: hears how the message was understood and what was decided.
        """
        if user and user != self.settings.user:
            yield from self.for_user(user).ask(question, session, space, document=document, day=day, tell=tell)
            return
        started = time.perf_counter()
        text, day = self.checked(question), day or today()
        turns = self.history.turns(session, CONTEXT_TURNS)
        if self.not_understood:
            yield Notice(self.not_understood)
        if unreadable(text) and assessing.plain_reply(text, turns) is None:
            yield from self._say(question, session, UNREADABLE, started, refused=True)
            return
        filters = replace(self.filters(space), day=day)
        if document:
            filters = replace(filters, sources=(document,), origin="document")
        known = self._known(session, turns)
        spoken = spelled_out(text, turns, known.region)
        means = self._read(spoken, turns)
        waits = assessing.plain_reply(text, turns) is not None
        if (
            means
            and means.sure
            and means.label in acts.TALK_ONLY
            and not waits
            and not self._answered(means, text, filters, day)
        ):
            tell(means.as_text())
            talked = acts.talk(means)
            yield from self._say(question, session, talked.text, started, talked.refused)
            return
        if means and means.sure and means.label == "meta" and not waits and (said := acts.changed(means.kind, turns)):
            tell(means.as_text())
            yield from self._say(question, session, said.text, started, said.refused, said.citations, turns)
            return
        standalone = moved(spoken, turns, not means or means.goes_on > 0.5) or self._standalone(
            spoken, turns, filters, day, means
        )
        if means and standalone != spoken:
            means = self._read(spoken, turns, standalone)
        asked = read(standalone)
        route = KNOWLEDGE if document else decide(spoken, standalone, turns, known, len(asked.parts), day, means)
        route = route if document else reckoned(text, turns) or route
        sources = self.retriever.index.sources(filters.spaces)
        ledger = self.retriever.index.ledger
        whole = about_document(text, turns, known, ledger, filters.spaces, sources, day, route.tool, document)
        if whole := whole or about_title(text, turns, known, sources, route.tool):
            yield Brief(whole.text, whole.citations)
            summed = Answer(question, whole.text, citations=whole.citations, confidence=1.0, timings_ms=_since(started))
            yield self._done(session, text, summed)
            return
        if route.tool == "note" and (noted := acts.told(text, known)):
            yield from self._say(question, session, noted.text, started)
            return

        desk = Desk(self.retriever, self.settings.passages, filters, sources, day)

        def look_up(standalone: str, route: Route, computed: Computed | None) -> Found:
            return desk.find(standalone, route, computed, known.region, text)

        found = self._heard_both(standalone, route, compute_at(route, text, day), means, look_up)
        if means:
            tell(means.as_text())
        tell(explained(found))
        yield from shown(found)
        if (
            self.engine
            and not document
            and (better := self._reconsidered(text, found, turns, known, look_up, session or "", day, means))
        ):
            found = better
            yield from shown(found)
        composed, hits, standalone = found.composed, found.hits, found.standalone
        tool, call = (found.computed.tool, found.computed.call) if found.computed else (None, None)
        try:
            wording = self._worded(standalone, composed, hits, turns, tool, sources, session or "")
            worded, citations, engine = yield from wording
        except (GeneratorExit, KeyboardInterrupt):
            self._done(session, standalone, Answer(text, composed.text, composed.refused, composed.citations), call)
            raise
        answer = Answer(
            question=question,
            text=worded,
            refused=composed.refused,
            citations=citations,
            tool=tool,
            engine=engine,
            confidence=1.0 if found.computed else found.verdict.confidence,
            suggestions=assessing.suggested(composed.suggestions, turns, call),
            timings_ms=_since(started),
        )
        yield self._done(session, standalone, answer, call)

    def _reconsidered(
        self,
        text: str,
        found: Found,
        turns: Sequence[Turn],
        known: Profile,
        look_up: LookUp,
        owner: str,
        day: date,
        means: Understanding | None = None,
    ) -> Found | None:
        """A better answer where a model sees what the rules did not: a tool, an argument, what a follow-up means."""
        from assistant.proposals import Adviser
        from assistant.reconsider import reconsider

        said = "\n".join([*(turn.question for turn in turns), text])
        mask = self._mask(text, turns)
        if mask and mask.hide(said) != said:
            return None
        if self.adviser is None and self.engine:
            self.adviser = Adviser(self.engine)
        return reconsider(self.adviser, text, found, turns, known, look_up, owner, day, means) if self.adviser else None

    def _worded(
        self,
        question: str,
        composed: Composed,
        hits: Sequence[Hit],
        turns: Sequence[Turn],
        tool: ToolCall | None,
        sources: Mapping[str, Source],
        owner: str,
    ) -> Generator[Event, None, tuple[str, tuple[Citation, ...], str]]:
        """The composed answer in a model's words, sentence by sentence as far as the evidence holds them; else as it is.

        Returns the text, its citations and the name of what worded it.
        """
        as_composed = (composed.text, composed.citations, "extractive")
        if self.engine is None:
            if self.trouble and not composed.refused:
                yield Notice(self.trouble)
            return as_composed
        from assistant.wording.bind import Binder
        from assistant.wording.generate import generate, wordable

        if not wordable(question, composed):
            return as_composed
        mask = self._mask(question, turns)
        if mask and tool:
            return as_composed
        yield Wording(self.engine.name, self.engine.status().leaves_machine)
        binder, told = Binder(composed, hits, tool, sources), list[str]()

        def heard(pieces: Iterator[str]) -> Iterator[str]:
            for piece in pieces:
                told.append(piece)
                yield piece

        try:
            words = generate(question, composed, hits, turns, self.engine, tool, owner, mask)
            for sentence in binder.checked(heard(words)):
                yield Piece(sentence)
        except EngineFailed as exc:
            yield Notice(f"模型没有答成，用的是不靠模型的答案。{exc}")
            return as_composed
        if warning := self.engine.warning():
            yield Notice(warning)
        bound = binder.bound("".join(told))
        return (bound.text, bound.citations, self.engine.name) if bound.worded else as_composed

    def _mask(self, question: str, turns: Sequence[Turn]) -> Mask | None:
        """What hides the firm from an engine on another machine, where there is one and the settings ask for it.

        A computed answer is not sent at all then: what was computed from the firm's figures tells them.
        """
        if self.engine is None or not self.settings.mask_remote or not self.engine.status().leaves_machine:
            return None
        from assistant.engine.mask import Mask

        return Mask(extract(question, known_of(turns, self.profile)))

    def stop(self, session: str) -> None:
        """End the wording of a conversation's present answer, from another thread: what was composed stands."""
        if self.engine and session:
            self.engine.interrupt(session)

    def _read(self, text: str, turns: Sequence[Turn], whole: str = "") -> Understanding | None:
        """What a message means; None where nothing can tell."""
        if self.understander is None:
            return None
        return self.understander.read(text, turns[-1].question if turns else "", whole)

    def _answered(self, means: Understanding, text: str, filters: Filters, day: date) -> bool:
        """Whether a message that would be turned away has a card that answers it for sure."""
        return means.label == "out" and self._confidence(text, text, filters, day) >= CARD

    def _heard_both(
        self, standalone: str, route: Route, computed: Computed | None, means: Understanding | None, look_up: LookUp
    ) -> Found:
        """What a tool or the knowledge gives: a card that answers for sure goes before a tool that is only half meant.

        Where neither is sure, it is asked back what is meant; where nobody can know, it is said so.
        """
        if route.half:
            known = look_up(standalone, KNOWLEDGE, None)
            beside = means is None or means.label != route.tool or means.confidence < HALF_SURE
            answers = not known.composed.refused and known.verdict.confidence >= (CARD_BESIDE if beside else CARD)
            if answers or (not known.composed.refused and (computed is None or "error" in computed.tool.result)):
                return known
        found = look_up(standalone, route, computed)
        if means and not computed and found.verdict.confidence < CARD:
            if means.label == "unknowable" and means.sure:
                return replace(found, composed=asking_back.unknowable(found.composed))
            if found.composed.refused and (asked := asking_back.choices(means)):
                return replace(found, composed=asked)
        return found

    def _standalone(
        self, text: str, turns: Sequence[Turn], filters: Filters, day: date, means: Understanding | None
    ) -> str:
        """The question made complete from the turn before; where it is not clear that it goes on, only if that finds more."""
        condensed = condense(text, turns)
        if condensed == text or len(text) > LONGEST:
            return condensed
        low, high = self.understander.heads.goes_on if self.understander else (0.0, 1.0)
        if bare_of_subject(text) or (means and means.goes_on >= high):
            return condensed
        sure = self._confidence(text, text, filters, day)
        if sure >= SURE or (means and means.goes_on <= low):
            return text
        if self._confidence(condensed, condensed, filters, day) <= sure + GOES_ON:
            return text
        told = self._confidence(condense(text, ()), condensed, filters, day)
        return condensed if told >= max(TOLD, sure - LESS_TOLD) else text

    def _confidence(self, asked: str, looked_up: str, filters: Filters, day: date) -> float:
        """How well what a question finds answers a question, which may be another one."""
        found_with = self.retriever.analyse(looked_up, filters.spaces)
        hits = self.retriever.search(looked_up, 8, filters, found_with)
        query = found_with if asked == looked_up else self.retriever.analyse(asked, filters.spaces)
        return judge(read(asked), query, hits, None, day).confidence

    def _say(
        self,
        question: str,
        session: str | None,
        text: str,
        started: float,
        refused: bool = False,
        citations: tuple[Citation, ...] = (),
        turns: Sequence[Turn] = (),
    ) -> Iterator[Event]:
        """A reply that stands on no search: to a greeting, to facts told, the last answer in another form.

        turns: where the reply keeps to what was spoken of before.
        """
        yield Brief(text, citations)
        answer = Answer(
            question, text, refused, citations, confidence=0.0 if refused else 1.0, timings_ms=_since(started)
        )
        yield self._done(session, turns[-1].standalone if turns else question, answer)

    def _done(self, session: str | None, standalone: str, answer: Answer, call: Call | None = None) -> Done:
        """Keep the turn, and what it tells of the firm where that may be kept."""
        asked = one_line(answer.question)
        turn = Turn(asked, standalone, answer.text, call, answer.refused, answer.engine, answer.citations)
        turn_id = self.history.add(session, turn)
        profiles = self._profiles(session)
        if profiles and profiles.kept().allowed:
            profiles.learn(lambda known: extract(asked, known), "chat", asked)
        return Done(answer, turn_id)

    def _profiles(self, session: str | None) -> Profiles | None:
        """The store's profiles, where the firm was not named by the caller and the conversation is kept at all."""
        if not session or self.profile or not self.history.database:
            return None
        from assistant.store.profiles import Profiles

        return Profiles(self.history.database, self.history.user)

    def _known(self, session: str | None, turns: Sequence[Turn]) -> Profile:
        """What is known of the firm: the kept profile, which has learnt from every turn, else the conversation alone."""
        profiles = self._profiles(session)
        kept = profiles.kept() if profiles else None
        return kept.profile if kept and kept.allowed else known_of(turns, self.profile)

    def allow_profile(self, session: str) -> None:
        """The user agrees that the firm's profile is kept; it begins with what this conversation has told."""
        if profiles := self._profiles(session):
            profiles.allow(True)
            for turn in self.history.turns(session, 1000):
                profiles.learn(lambda known, said=turn.question: extract(said, known), "chat", turn.question)  # type: ignore[misc]

    def answer(
        self,
        question: str,
        session: str | None = None,
        space: str | None = None,
        user: str | None = None,
        day: date | None = None,
    ) -> Answer:
        """The final answer alone."""
        return next(e.answer for e in self.ask(question, session, space, user, day=day) if isinstance(e, Done))

    def filters(self, space: str | None = None, user: str | None = None) -> Filters:
        """The public knowledge, the user's own space, and one named space; BadInput where that is another user's."""
        return Filters(spaces=visible_spaces(user or self.settings.user, space))

    def checked(self, question: str) -> str:
        """The question on one line, in simplified script; BadQuestion where it cannot be asked."""
        text = simplified(one_line(question))
        if not re.search(r"\w", text):
            raise BadQuestion("问题是空的，或只有符号和表情。", "用一句话说说想问什么，例如：我们厂第一步该做什么？")
        if len(text) > self.settings.question_characters:
            limit = self.settings.question_characters
            raise BadQuestion(
                f"问题太长（{len(text)} 字，最多 {limit} 字）。",
                "把要问的事缩成一两句；长材料请存成文件，录进来再问。",
                command="录入：xiangdao ingest 文件",
            )
        if text.count("\ufffd") > len(text) // 10 or sum(c.isprintable() for c in text) < len(text) * 0.8:
            raise BadQuestion("问题里大半是乱码，看不懂。", "检查输入法或文件编码，用中文再问一次。")
        return text


UNREADABLE = "没看懂要问什么。用一句话说说厂里的事，例如：我们厂第一步该做什么？"
_FIGURES_ONLY = re.compile(r"[\d\s+\-*/×÷=.()（）等于几多少是？?]+")


def unreadable(text: str) -> bool:
    """Whether a message is nothing but figures, or the same few characters again and again."""
    return bool(_FIGURES_ONLY.fullmatch(text)) or (len(text) > 20 and len(set(text)) <= max(4, len(text) // 50))


def explained(found: Found) -> str:
    """What was found and what the judge said of it, for people who look how an answer came about."""
    lines = [
        f"去向：{found.route.tool or '资料'}{'（拿不准，资料也听）' if found.route.half else ''} {found.route.arguments or ''}"
    ]
    lines += [f"查到：{hit.score:.2f} {hit.passage.passage_id} {hit.passage.title}" for hit in found.hits[:5]]
    verdict = found.verdict
    lines.append(
        f"判断：{verdict.kind} {verdict.confidence:.2f} {verdict.reason} {'、'.join(verdict.missing)}".rstrip()
    )
    return "\n".join(lines)


def shown(found: Found) -> Iterator[Event]:
    """What is shown of a composed answer."""
    if found.computed:
        yield ToolResult(found.computed.tool)
    yield Sources(found.hits)
    yield Brief(found.composed.text, found.composed.citations)


def _since(started: float) -> dict[str, float]:
    return {"total": (time.perf_counter() - started) * 1000}
