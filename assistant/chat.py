"""One conversation: the way of a question from its words to the answer, as events.

The stages stand in `assistant/stages`, one module each; every one takes a state and gives the next.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from assistant.engine.contract import Engine
from assistant.history import Call, History, Turn
from assistant.stages.cite import cite, since
from assistant.stages.compose import compose
from assistant.stages.compute import compute
from assistant.stages.judge import judge
from assistant.stages.read import checked, read
from assistant.stages.resolve import resolve
from assistant.stages.retrieve import retrieve
from assistant.stages.understand import understand
from assistant.stages.word import mask_of, word
from assistant.state import Desk, State
from assistant.topic import known_of, topic_of
from assistant.understand.understander import Understander
from core.clock import today
from core.cut import one_line
from core.settings import Settings
from core.spaces import visible_spaces
from core.types import Answer, Brief, Done, Event, Notice, Sources, ToolResult, Wording
from corpus.ledger import Filters
from corpus.retrieve import Retriever
from tools.firm.profile import Profile, extract

if TYPE_CHECKING:
    from assistant.document.worked.proposer import Proposer
    from assistant.proposals import Adviser
    from assistant.store.profiles import Profiles

CONTEXT_TURNS = 12
"""How far back a conversation is read."""
STAGES = (read, understand, resolve, compute, retrieve, judge, compose)
"""The way of a question to the answer that needs no language model; one that ends with a whole reply goes no further."""


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
        self.proposer: Proposer | None = None

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
        other.adviser, other.proposer = self.adviser, self.proposer
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
        watch: Callable[[State], None] = lambda state: None,
    ) -> Iterator[Event]:
        """Answer one question. Raises BadQuestion; the last event is Done.

        user: whose conversation, profile and private documents they are, the settings' user where None; space: one space
        more, BadInput where it is another user's; document: the source id of the one ingested document to answer from, or its
        document id where others of that name may be kept elsewhere; day: the day for which it is answered, today where None;
        tell: hears what every stage decided; watch: sees the state after each.
        """
        if user and user != self.settings.user:
            yield from self.for_user(user).ask(
                question, session, space, document=document, day=day, tell=tell, watch=watch
            )
            return
        started = time.perf_counter()
        state = self._begun(question, session, space, document, day or today())
        for stage in STAGES:
            state = stage(state)
            watch(state)
            tell(f"{state.decided[-1].stage}：{state.decided[-1].text}")
            if stage is read:
                yield from map(Notice, [*([self.not_understood] if self.not_understood else []), *self.history.told()])
            if state.said:
                yield Brief(state.said.text, state.said.citations)
                state = yield from self._worked_out(state, started)
                yield self._done(state, _replied(state, started))
                return
        yield from shown(state)
        if better := self._reconsidered(state):
            state = better
            yield from shown(state)
        try:
            text, citations, engine = yield from word(state, self.engine, self.trouble, self.profile)
        except (GeneratorExit, KeyboardInterrupt):
            assert state.composed
            stands = state.composed
            self._done(state, Answer(state.text, stands.text, stands.refused, stands.citations))
            raise
        state = cite(state, text, citations, engine, started)
        assert state.answer
        done = self._done(state, state.answer)
        if self.history.trouble:
            yield Notice(f"{self.history.trouble}这次的问答只记到程序关掉为止。")
        yield done

    def _begun(self, question: str, session: str | None, space: str | None, document: str | None, day: date) -> State:
        """The state before the first stage. Raises BadInput where the space is another user's."""
        turns = tuple(self.history.turns(session, CONTEXT_TURNS))
        filters = replace(self.filters(space), day=day)
        sources = self.retriever.index.sources(filters.spaces)
        if document:
            filters = self._only(document, filters)
        desk = Desk(self.settings, self.retriever, filters, sources, day, self.understander)
        return State(question, desk, session, turns, self._known(session, turns), topic_of(turns))

    def _only(self, document: str, filters: Filters) -> Filters:
        """Filters that leave one document: by its document id the very one, by its source id those of that name."""
        found = self.retriever.index.ledger.document(document)
        if found is None or found.space not in filters.spaces:
            return replace(filters, sources=(document,), origin="document")
        return replace(filters, sources=(found.source_id,), origin="document", spaces=(found.space,))

    def _reconsidered(self, state: State) -> State | None:
        """A better answer where a model sees what was not understood: a tool, an argument, what a follow-up means."""
        if self.engine is None or state.desk.document:
            return None
        from assistant.proposals import Adviser
        from assistant.stages.reconsider import reconsider

        said = "\n".join([*(turn.question for turn in state.turns), state.text])
        mask = mask_of(self.engine, self.settings.mask_remote, state.text, state.turns, self.profile)
        if mask and mask.hide(said) != said:
            return None
        self.adviser = self.adviser or Adviser(self.engine)
        return reconsider(state, self.adviser)

    def _worked_out(self, state: State, started: float) -> Generator[Event, None, State]:
        """The state with what a notice pays, where only a model could put the sum together; as it was where none could."""
        if self.engine is None or not state.said or not state.said.unsettled:
            return state
        from assistant.document.worked.proposer import Proposer
        from assistant.stages.work_out import work_out

        self.proposer = self.proposer or Proposer(self.engine, self.settings.home)
        if self.proposer.failed or mask_of(self.engine, self.settings.mask_remote, "", (), self.profile):
            return state  # the lines of a document of one's own are not sent where figures are masked
        try:
            yield Wording(self.engine.name, self.engine.status().leaves_machine)
            better = work_out(state, self.proposer)
        except (GeneratorExit, KeyboardInterrupt):
            self._done(state, _replied(state, started))
            raise
        if better and better.said:
            yield Brief(better.said.text, better.said.citations)
        return better or state

    def stop(self, session: str) -> None:
        """End the wording of a conversation's present answer, from another thread: what was composed stands."""
        if self.engine and session:
            self.engine.interrupt(session)

    def _done(self, state: State, answer: Answer) -> Done:
        """Keep the turn, and what it tells of the firm where that may be kept."""
        asked = one_line(answer.question)
        call: Call | None = state.computed.call if state.computed else None
        turn = Turn(asked, state.standalone, answer.text, call, answer.refused, answer.engine, answer.citations)
        turn_id = self.history.add(state.session, turn)
        profiles = self._profiles(state.session)
        if profiles and profiles.kept().allowed:
            profiles.learn(lambda known: extract(asked, known), "chat", asked)
        return Done(answer, turn_id)

    def _profiles(self, session: str | None) -> Profiles | None:
        """The store's profiles, where the firm was not named by the caller and the conversation is kept at all."""
        if not session or self.profile or not self.history.database or self.history.trouble:
            return None
        from assistant.store.profiles import Profiles

        return Profiles(self.history.database, self.history.user)

    def _known(self, session: str | None, turns: tuple[Turn, ...]) -> Profile:
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
        return checked(question, self.settings.question_characters)


def _replied(state: State, started: float) -> Answer:
    """A whole reply as an answer."""
    said = state.said
    assert said
    sure = 0.0 if said.refused else 1.0
    return Answer(state.question, said.text, said.refused, said.citations, confidence=sure, timings_ms=since(started))


def shown(state: State) -> Iterator[Event]:
    """What is shown of a composed answer."""
    assert state.composed
    for part in state.parts:
        if part.found and part.found.computed:
            yield ToolResult(part.found.computed.tool)
    yield Sources(state.hits)
    yield Brief(state.composed.text, state.composed.citations)
