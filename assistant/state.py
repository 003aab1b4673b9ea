"""The state of one question on its way: what each stage decided stands in it, and nothing is changed in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from assistant.answer.composed import Composed
from assistant.compute import Computed
from assistant.guard import Verdict
from assistant.history import Turn
from assistant.locality import Locality
from assistant.question import Question
from assistant.route import KNOWLEDGE, Route
from assistant.topic import Topic
from assistant.understand.limits import Limits
from assistant.understand.meaning import Understanding
from assistant.understand.understander import Understander
from core.settings import Settings
from core.types import Answer, Citation, Hit, Source
from corpus.ledger import Filters
from corpus.places import Place
from corpus.query import Query
from corpus.retrieve import Retriever
from tools.firm.profile import Profile


@dataclass(frozen=True)
class Desk:
    """What a question is answered with: the index and what of it may be read, what reads messages, and the day."""

    settings: Settings
    retriever: Retriever
    filters: Filters
    sources: Mapping[str, Source]
    day: date
    understander: Understander | None = None

    @property
    def document(self) -> str | None:
        """The source id of the one ingested document that may be answered from; None for all."""
        return self.filters.sources[0] if self.filters.sources else None

    @property
    def limits(self) -> Limits:
        """The limits of confidence that were fitted with what reads messages."""
        return self.understander.heads.limits if self.understander else Limits()


@dataclass(frozen=True)
class Looked:
    """What was found for a text and how it was judged.

    raw: the best passage of all, also where it may not speak for the places asked about. each: place → what was found for it
    where several are asked about. placeless: it depends on a place that is not known. parts: of a message that asks several things,
    the best passage for each that has an answer.
    """

    asked: Question
    query: Query
    hits: tuple[Hit, ...]
    verdict: Verdict
    raw: Hit | None
    about: Locality
    each: tuple[tuple[Place, Looked], ...] = ()
    placeless: bool = False
    parts: tuple[Hit, ...] = ()

    @property
    def answered(self) -> bool:
        """Whether what was found answers."""
        return self.verdict.kind in {"answer", "correct"}

    @property
    def told(self) -> bool:
        """Whether an answer can be told from it without asking back."""
        if self.about.unclear or self.placeless:
            return False
        return any(one.answered for _, one in self.each) if self.each else self.answered


@dataclass(frozen=True)
class Found:
    """What stands for a question: the passages, the verdict on them, the tool's result if one ran, and the answer."""

    standalone: str
    route: Route
    hits: tuple[Hit, ...]
    verdict: Verdict
    composed: Composed
    computed: Computed | None = None


@dataclass(frozen=True)
class Part:
    """One question of a message.

    spoken: its words with the places it names by what they are around; whole: made complete from the conversation; instead: the
    other reading, where it is not sure which; base: the question that it goes on from, "" where it goes on from none; said: the
    message with those before it, where the reading that goes on from them is no sentence of its own. looked, looked_instead: what
    either reading finds; found: what stands in the end.
    """

    text: str
    whole: str
    spoken: str = ""
    instead: str = ""
    base: str = ""
    said: str = ""
    means: Understanding | None = None
    route: Route = KNOWLEDGE
    computed: Computed | None = None
    looked: Looked | None = None
    looked_instead: Looked | None = None
    found: Found | None = None


@dataclass(frozen=True)
class Reply:
    """A whole answer that needs no search. about: the question that the conversation stays with, None for the message itself.

    unsettled: the id of the document that pays what could not be worked out; empty where nothing is open.
    """

    text: str
    refused: bool = False
    citations: tuple[Citation, ...] = ()
    about: str | None = None
    unsettled: str = ""


@dataclass(frozen=True)
class Decision:
    """What one stage decided, in words for people who look how an answer came about."""

    stage: str
    text: str


@dataclass(frozen=True)
class State:
    """One question on its way. known: what has been told of the firm before it; said: an answer that stands without the stages left."""

    question: str
    desk: Desk = field(repr=False, compare=False)
    session: str | None = None
    turns: tuple[Turn, ...] = ()
    known: Profile = field(default_factory=Profile)
    topic: Topic = field(default_factory=Topic)
    text: str = ""
    means: Understanding | None = None
    parts: tuple[Part, ...] = ()
    said: Reply | None = None
    composed: Composed | None = None
    answer: Answer | None = None
    decided: tuple[Decision, ...] = ()

    def deciding(self, stage: str, text: str, /, **changes: object) -> State:
        """The next state, with what a stage decided in words."""
        return replace(self, decided=(*self.decided, Decision(stage, text)), **changes)  # type: ignore[arg-type]

    @property
    def found(self) -> Found:
        """What stands for the first part."""
        first = self.parts[0].found
        assert first
        return first

    @property
    def computed(self) -> Computed | None:
        """What the first tool that ran computed."""
        return next((part.found.computed for part in self.parts if part.found and part.found.computed), None)

    @property
    def hits(self) -> tuple[Hit, ...]:
        """The passages found for all parts, each once."""
        by_id: dict[str, Hit] = {}
        for hit in (hit for part in self.parts if part.found for hit in part.found.hits):
            by_id.setdefault(hit.passage.passage_id, hit)
        return tuple(by_id.values())

    @property
    def standalone(self) -> str:
        """The complete question that the conversation goes on from."""
        if self.said:
            return self.text if self.said.about is None else self.said.about
        return "".join(part.found.standalone if part.found else part.whole for part in self.parts)
